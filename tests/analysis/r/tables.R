# R's intervals and tests of two-by-two tables, ordinary ones and those that break software, into tables.json:
#   cd tests/analysis/r && Rscript tables.R
# Needs jsonlite (Debian: r-cran-jsonlite). Score intervals are made by maximising the likelihood, not by closed forms.

z <- qnorm(0.975)
tail_of <- function(statistic) pchisq(statistic, 1, lower.tail = FALSE)
wald_limits <- function(d, se) d + c(-1, 1) * z * se
inside <- function(limits) pmax(-1, pmin(1, limits))
undefined <- function(value) if (length(value) == 1 && !is.finite(value)) NULL else value

# the supposed differences at which a score statistic, which falls with them, is z and -z; -1 and 1 where it never is
score_limits <- function(statistic, d, step = 1e-10) {
  crossing <- function(level, low, high) {
    f <- function(delta) statistic(delta) - level
    if (f(low) < 0) return(low)
    if (f(high) > 0) return(high)
    uniroot(f, c(low, high), tol = 1e-13, maxiter = 1000)$root
  }
  c(if (d <= -1) -1 else crossing(z, -1 + step, d - step * (d > -1)), if (d >= 1) 1 else crossing(-z, d + step * (d < 1), 1 - step))
}
best <- function(f, low, high) { # maximum, then Newton's method on differences
  at <- optimise(f, c(low, high), maximum = TRUE, tol = 1e-12)$maximum
  for (i in 1:20) {
    h <- min(1e-5, (at - low) / 4, (high - at) / 4); if (h < 1e-9) break
    slope <- (f(at + h) - f(at - h)) / (2 * h); bend <- (f(at + h) - 2 * f(at) + f(at - h)) / h^2
    if (!is.finite(slope / bend) || bend >= 0) break
    to <- at - slope / bend; if (to <= low || to >= high || abs(to - at) < 1e-12) break
    at <- to
  }
  at
}
log0 <- function(count, p) if (count == 0) 0 else count * log(p)

# --- pairs: yes_yes, yes_no, no_yes, no_no ------------------------------------------------------------------------------
tango <- function(b, c, n) function(delta) { # b to no, c to yes; to yes = to no + delta
  likelihood <- function(q) log0(b, q) + log0(c, q + delta) + log0(n - b - c, 1 - 2 * q - delta)
  q <- best(likelihood, max(0, -delta), (1 - delta) / 2)
  (c - b - n * delta) / sqrt(n * (2 * q + delta * (1 - delta)))
}
newcombe_pairs <- function(a, b, c, d, corrected) {
  n <- a + b + c + d; wilson <- function(x) prop.test(x, n, correct = FALSE)$conf.int[1:2]
  before <- (a + b) / n; after <- (a + c) / n; w1 <- wilson(a + b); w2 <- wilson(a + c)
  top <- a * d - b * c; if (corrected && top > 0) top <- max(top - n / 2, 0)
  bottom <- sqrt((a + b) * (c + d) * (a + c) * (b + d)); phi <- if (bottom == 0) 0 else top / bottom
  root <- function(u, v) sqrt(u^2 - 2 * phi * u * v + v^2)
  inside(after - before + c(-root(after - w2[1], w1[2] - before), root(w2[2] - after, before - w1[1])))
}
plain <- function(a, b, c, d) { n <- a + b + c + d; c((c - b) / n, sqrt(b + c - (b - c)^2 / n) / n) }
of_pairs <- function(a, b, c, d) {
  n <- a + b + c + d; difference <- (c - b) / n; less <- min(b, c); half <- plain(a + 0.5, b + 0.5, c + 0.5, d + 0.5)
  up <- (c + 1) / (n + 2); down <- (b + 1) / (n + 2)
  odds <- if (b + c > 0) binom.test(c, b + c)$conf.int[1:2] else c(0, 1)
  statistic <- tango(b, c, n); ni <- statistic(-0.1)
  list(
    table = c(a, b, c, d), difference = difference, se = plain(a, b, c, d)[2],
    newcombe10 = newcombe_pairs(a, b, c, d, TRUE), newcombe8 = newcombe_pairs(a, b, c, d, FALSE),
    tango = score_limits(statistic, difference), wald = wald_limits(difference, plain(a, b, c, d)[2]),
    agresti_min = inside(wald_limits(half[1], half[2])),
    bonett_price = inside(wald_limits(up - down, sqrt((up + down - (up - down)^2) / (n + 2)))),
    mcnemar_exact = if (b + c > 0) binom.test(c, b + c)$p.value else 1,
    mcnemar_midp = if (b + c == 0) 1 else if (b == c) 1 - dbinom(b, b + c, 0.5) / 2 else 2 * pbinom(less, b + c, 0.5) - dbinom(less, b + c, 0.5),
    mcnemar = undefined(suppressWarnings(mcnemar.test(matrix(c(a, c, b, d), 2), correct = FALSE)$p.value)),
    mcnemar_corrected = undefined(suppressWarnings(mcnemar.test(matrix(c(a, c, b, d), 2))$p.value)),
    odds_ratio = undefined(c / b), odds_limits = sapply(odds / (1 - odds), function(o) if (is.finite(o)) o else NA),
    noninferiority = c(ni, pnorm(ni, lower.tail = FALSE))
  )
}

# --- two samples: yes and people later, yes and people earlier ----------------------------------------------------------
score <- function(x1, n1, x2, n2, unbiased) function(delta) {
  likelihood <- function(p) log0(x1, p + delta) + log0(n1 - x1, 1 - p - delta) + log0(x2, p) + log0(n2 - x2, 1 - p)
  p <- best(likelihood, max(0, -delta), min(1, 1 - delta)); q <- p + delta
  v <- (q * (1 - q) / n1 + p * (1 - p) / n2) * (if (unbiased) (n1 + n2) / (n1 + n2 - 1) else 1)
  (x1 / n1 - x2 / n2 - delta) / sqrt(v)
}
unconditional <- function(x1, n1, x2, n2, order) { # the supremum over the common share; small values of order are extreme
  extreme <- outer(0:n1, 0:n2, Vectorize(order)); extreme <- extreme <= order(x1, x2) + 1e-7 * abs(order(x1, x2))
  chance <- function(q) sum(outer(dbinom(0:n1, n1, q), dbinom(0:n2, n2, q))[extreme])
  grid <- seq(0.0005, 0.9995, by = 0.0005); near <- grid[which.max(sapply(grid, chance))]
  min(1, optimize(chance, near + c(-0.0005, 0.0005), maximum = TRUE, tol = 1e-12)$objective)
}
newcombe_samples <- function(x1, n1, x2, n2) {
  w1 <- prop.test(x1, n1, correct = FALSE)$conf.int; w2 <- prop.test(x2, n2, correct = FALSE)$conf.int; p1 <- x1 / n1; p2 <- x2 / n2
  c(p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2), p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2))
}
of_samples <- function(x1, n1, x2, n2) {
  t <- matrix(c(x1, n1 - x1, x2, n2 - x2), 2); N <- n1 + n2; d <- x1 / n1 - x2 / n2; varied <- x1 + x2 > 0 && x1 + x2 < N
  se <- sqrt(x1 * (n1 - x1) / n1^3 + x2 * (n2 - x2) / n2^3); p1 <- (x1 + 1) / (n1 + 2); p2 <- (x2 + 1) / (n2 + 2)
  fisher <- function(i, j) fisher.test(matrix(c(i, n1 - i, j, n2 - j), 2))$p.value
  pooled <- function(i, j) { p <- (i + j) / N; if (p %in% 0:1) 0 else -abs(i / n1 - j / n2) / sqrt(p * (1 - p) * (1 / n1 + 1 / n2)) }
  like <- dhyper(max(0, x1 + x2 - n2):min(n1, x1 + x2), n1, n2, x1 + x2); seen <- dhyper(x1, n1, n2, x1 + x2)
  chi <- function(correct) if (varied) suppressWarnings(chisq.test(t, correct = correct)) else list(statistic = NA, p.value = NA)
  rr <- x1 / n1 / (x2 / n2); or <- t[1, 1] * t[2, 2] / (t[1, 2] * t[2, 1]); conditional <- fisher.test(t)
  logs <- function(value, variance) if (is.finite(variance) && is.finite(value)) value * exp(c(-1, 1) * z * sqrt(variance)) else NULL
  list(
    table = c(x1, n1, x2, n2), difference = d, se = se,
    wilson = prop.test(x1, n1, correct = FALSE)$conf.int[1:2], clopper_pearson = binom.test(x1, n1)$conf.int[1:2],
    newcombe = inside(newcombe_samples(x1, n1, x2, n2)), wald = wald_limits(d, se),
    miettinen_nurminen = score_limits(score(x1, n1, x2, n2, TRUE), d), mee = score_limits(score(x1, n1, x2, n2, FALSE), d),
    agresti_caffo = inside(wald_limits(p1 - p2, sqrt(p1 * (1 - p1) / (n1 + 2) + p2 * (1 - p2) / (n2 + 2)))),
    chi2 = undefined(chi(FALSE)$p.value), chi2_yates = undefined(chi(TRUE)$p.value),
    chi2_n_minus_1 = undefined(tail_of(chi(FALSE)$statistic[[1]] * (N - 1) / N)),
    fisher = conditional$p.value, fisher_midp = sum(like[like <= seen * (1 + 1e-7)]) - sum(like[abs(like / seen - 1) < 1e-7]) / 2,
    boschloo = unconditional(x1, n1, x2, n2, fisher), barnard = unconditional(x1, n1, x2, n2, pooled),
    risk_ratio = undefined(rr), risk_limits = logs(rr, 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2),
    odds_ratio = undefined(or), odds_limits = logs(or, sum(1 / t)),
    conditional = if (varied) undefined(conditional$estimate[[1]]) else NULL, # R says 0 where nothing varies
    conditional_limits = sapply(conditional$conf.int[1:2], function(o) if (is.finite(o)) o else NA)
  )
}

learners <- read.csv("learners.csv"); whole <- complete.cases(learners[c("likert_before", "likert_after")])
top <- function(x) factor(x[whole] >= 4, c(TRUE, FALSE)); boxes <- table(top(learners$likert_before), top(learners$likert_after))
pairs <- list(
  c(31, 7, 41, 29), c(2, 1, 4, 1), c(10, 0, 0, 12), c(9, 0, 0, 0), c(0, 0, 15, 0), c(12, 0, 7, 9), c(5, 9, 0, 3), c(20, 6, 6, 20),
  as.vector(t(boxes))
)
samples <- list(
  c(26, 44, 9, 31), c(5, 56, 0, 29), c(0, 9, 0, 7), c(8, 8, 5, 5), c(3, 8, 0, 8), c(12, 12, 1, 9), c(9, 9, 0, 6), c(1, 40, 3, 35)
)
values <- list(pairs = lapply(pairs, function(t) do.call(of_pairs, as.list(t))), samples = lapply(samples, function(t) do.call(of_samples, as.list(t))))
jsonlite::write_json(values, "tables.json", digits = NA, auto_unbox = TRUE, pretty = TRUE, null = "null", na = "null")
