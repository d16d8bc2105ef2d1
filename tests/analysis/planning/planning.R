# Sample sizes and powers of planned studies, by R's own functions or by formulas written anew, into planning.json:
#   cd tests/analysis/planning && Rscript planning.R
# Needs jsonlite and pwr (Debian: r-cran-jsonlite, r-cran-pwr).

library(pwr)
z <- qnorm(0.975)
zb <- qnorm(0.8)
tight <- .Machine$double.eps^0.6
root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-12, maxiter = 10000)$root

# --- two separate samples ---------------------------------------------------------------------------------------------
prop <- function(...) power.prop.test(..., tol = tight)
one_sided <- function(f, ...) f(h = ES.h(0.5, 0.4), sig.level = 0.025, alternative = "greater", ...)$power
two <- list(
  n_90 = prop(p1 = 0.50, p2 = 0.75, power = 0.90)$n,
  power_50 = prop(n = 50, p1 = 0.50, p2 = 0.75)$power,
  n_fall = prop(p1 = 0.42, p2 = 0.30, power = 0.80)$n,
  n_strict_level = prop(p1 = 0.10, p2 = 0.18, power = 0.85, sig.level = 0.01)$n,
  change_200 = prop(n = 200, p1 = 0.40, power = 0.80)$p2 - 0.40,
  unpooled = (z + zb)^2 * (0.4 * 0.6 + 0.5 * 0.5) / 0.1^2,
  # one-sided, since pwr would count findings on the wrong side too
  arcsine = root(function(n) one_sided(pwr.2p.test, n = n) - 0.80, 10, 1e4),
  arcsine_power = one_sided(pwr.2p2n.test, n1 = 150, n2 = 300)
)
n <- prop(p1 = 0.40, p2 = 0.50, power = 0.80)$n
two$pooled <- n
two$continuity <- n / 4 * (1 + sqrt(1 + 4 / (n * 0.1)))^2
# twice as many later: pooled null, own alternative; Fleiss, Levin & Paik's correction for unequal samples
r <- 2; p <- (0.4 + r * 0.5) / (1 + r)
m <- (z * sqrt((r + 1) * p * (1 - p)) + zb * sqrt(r * 0.24 + 0.25))^2 / (r * 0.01)
two$ratio <- m
two$ratio_continuity <- m / 4 * (1 + sqrt(1 + 2 * (r + 1) / (m * r * 0.1)))^2
two$gap_45 <- 2 * root(function(d) pnorm((sqrt(45) * 2 * d - z * sqrt(0.5)) / sqrt(2 * (0.25 - d^2))) - 0.8, 0.01, 0.4)

# --- pairs ------------------------------------------------------------------------------------------------------------
connor <- function(n, psi, d) pnorm((sqrt(n) * d - z * sqrt(psi)) / sqrt(psi - d^2))
miettinen <- function(n, psi, d) pnorm((sqrt(n * psi) * d - z * psi) / sqrt(psi^2 - d^2 * (3 + psi) / 4))
pairs <- list(
  connor_30 = root(function(n) connor(n, 0.3, 0.1) - 0.8, 10, 1e4),
  connor_40 = root(function(n) connor(n, 0.4, 0.1) - 0.8, 10, 1e4),
  miettinen_30 = root(function(n) miettinen(n, 0.3, 0.1) - 0.8, 10, 1e4),
  change_150 = root(function(d) connor(150, 0.3, d) - 0.8, 0.01, 0.29),
  discordant = 0.5 * 0.4 + 0.6 * 0.5 - 2 * 0.4 * sqrt(0.25 * 0.24)
)

# --- retention --------------------------------------------------------------------------------------------------------
# variances under the null by maximising the expected log-likelihood numerically, not by the closed forms
best <- function(f, low, high) {
  at <- optimise(f, c(low, high), maximum = TRUE, tol = 1e-12)$maximum
  root(function(x) (f(x + 1e-6) - f(x - 1e-6)), max(low, at - 1e-3), min(high, at + 1e-3))
}
fm_null <- function(p, later, margin, r) {
  likelihood <- function(x) { # x: the earlier share, the later one is x - margin
    p * log(x) + (1 - p) * log(1 - x) + r * (later * log(x - margin) + (1 - later) * log(1 - x + margin))
  }
  x <- best(likelihood, margin + 1e-4, 1 - 1e-4)
  x * (1 - x) + (x - margin) * (1 - x + margin) / r
}
fm <- function(p, margin, d = 0, r = 1) {
  alt <- p * (1 - p) + (p + d) * (1 - p - d) / r
  ((z * sqrt(fm_null(p, p + d, margin, r)) + zb * sqrt(alt)) / (d + margin))^2
}
tango_null <- function(psi, d, margin) {
  b <- (psi - d) / 2; c <- (psi + d) / 2 # to no, to yes; under the null to yes = to no - margin
  likelihood <- function(x) b * log(x) + c * log(x - margin) + (1 - psi) * log(1 - 2 * x + margin)
  x <- best(likelihood, margin + 1e-6, (1 + margin) / 2 - 1e-6)
  2 * x - margin - margin^2
}
nam <- function(psi, margin, d = 0) ((z * sqrt(tango_null(psi, d, margin)) + zb * sqrt(psi - d^2)) / (d + margin))^2
retention <- list(
  samples = fm(0.80, 0.10), samples_loss = fm(0.70, 0.15, -0.03), samples_ratio = fm(0.80, 0.10, 0.01, 2),
  pairs = nam(0.20, 0.10), pairs_loss = nam(0.25, 0.15, -0.02),
  margin_120 = root(function(m) nam(0.20, m) - 120, 0.06, 0.3)
)

# --- difference in differences ----------------------------------------------------------------------------------------
v <- function(p) p * (1 - p)
did <- list(
  samples = (z + zb)^2 * (v(0.4) + v(0.6) + (v(0.35) + v(0.4)) / 0.5) / 0.15^2,
  pairs = (z + zb)^2 * (0.3 - 0.2^2 + 0.2 - 0.05^2) / 0.15^2
)

# --- groups -----------------------------------------------------------------------------------------------------------
deff <- function(m, icc, cv = 0, r = 0) 1 + ((1 + cv^2) * m - 1) * icc - (1 + cv^2) * m * icc * r
s0 <- sqrt(2 * v(0.45)); s1 <- sqrt(v(0.4) + v(0.5))
t_power <- function(n, k, df, ...) {
  ncp <- sqrt(n / deff(n / k, ...)) * 0.1 / s1
  1 - pt(qt(0.975, df) * s0 / s1, df, ncp = ncp)
}
single <- ((z * s0 + zb * s1) / 0.1)^2
groups <- list(
  deff_60 = deff(60, 0.15), # 385 interviews are worth 39
  size_20 = root(function(k) t_power(20 * k, k, 2 * (k - 1), icc = 0.05, cv = 0.4) - 0.8, 3, 1e4),
  count_30 = root(function(m) t_power(30 * m, 30, 29, icc = 0.02, r = 0.6) - 0.8, 1, 1e4),
  power_new = t_power(600, 30, 58, icc = 0.03),
  # Hemming, Girling, Sitch, Marsh & Lilford 2011: people of each of k groups, without t; groups needed: above n times ICC
  hemming = single * (1 - 0.02) / (25 - single * 0.02),
  hemming_least = floor(single * 0.05) + 1,
  pairs_t = local({
    ncp <- function(k) sqrt(25 * k / deff(25, 0.04)) * 0.1 / sqrt(0.3 - 0.01)
    root(function(k) 1 - pt(qt(0.975, k - 1) * sqrt(0.3) / sqrt(0.29), k - 1, ncp = ncp(k)) - 0.8, 3, 1e3)
  }),
  # two arms in uneven groups that are visited twice, half as many of them without the activity
  did = local({
    spread <- sqrt(v(0.4) + v(0.6) + (v(0.35) + v(0.4)) / 0.5)
    ncp <- function(k) sqrt(15 * k / deff(15, 0.03, 0.3, 0.5)) * 0.15 / spread
    df <- function(k) k - 1 + 0.5 * k - 1
    root(function(k) 1 - pt(qt(0.975, df(k)), df(k), ncp = ncp(k)) - 0.8, 5, 1e3)
  }),
  # separate samples against a margin, new groups at the follow-up
  retention = local({
    null <- sqrt(fm_null(0.8, 0.8, 0.1, 1)); alt <- sqrt(2 * v(0.8))
    ncp <- function(k) sqrt(12 * k / deff(12, 0.02)) * 0.1 / alt
    root(function(k) 1 - pt(qt(0.975, 2 * (k - 1)) * null / alt, 2 * (k - 1), ncp = ncp(k)) - 0.8, 5, 1e3)
  })
)

# --- precision and finite populations ---------------------------------------------------------------------------------
n0 <- z^2 * 0.25 / 0.05^2
precision <- list(
  infinite = n0, finite = n0 / (1 + (n0 - 1) / 2500),
  groups = root(function(k) qt(0.975, k - 1) * sqrt(0.25 * deff(20, 0.05) / (20 * k)) - 0.05, 3, 1e3),
  two_finite = single / (1 + (single - 1) / 1000)
)
# people to approach: nine in ten answer, four in five of those are found again, two in three matched
losses <- list(linked = ceiling(ceiling(pairs$connor_30) / (0.9 * 0.8 * 2 / 3)), separate = ceiling(ceiling(single) / 0.9))

jsonlite::write_json(
  list(two = two, pairs = pairs, retention = retention, did = did, groups = groups, precision = precision, losses = losses),
  "planning.json", auto_unbox = TRUE, digits = NA, pretty = TRUE
)
