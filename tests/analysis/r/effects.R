# R's intervals of standardised effects for learners.csv, visitors.csv and a few made-up answers, into effects.json:
#   cd tests/analysis/r && Rscript effects.R
# Needs effectsize and jsonlite (Debian: r-cran-effectsize, r-cran-jsonlite).

options(warn = -1) # pt() warns that 1e-12 may not be reached
hedges <- function(df) exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
noncentrality <- function(t, df, level = 0.95) sapply(c(1 + level, 1 - level) / 2, function(p)
  uniroot(function(d) pt(t, df, d) - p, t + c(-1, 1) * 8 * sqrt(1 + t^2 / (2 * df)), tol = 1e-13)$root)

# --- the same people --------------------------------------------------------------------------------------------------
without <- function(d, i) { d <- d[-i]; r <- rank(abs(d)); (sum(r[d > 0]) - sum(r[d < 0])) / sum(r) }
jackknife <- function(d, level = 0.95) { # every person left out in turn, on Fisher's scale
  d <- d[d != 0]; m <- length(d); r <- without(c(d, 0), m + 1)
  left <- sapply(seq_along(d), function(i) without(d, i))
  se <- sqrt((m - 1) / m * sum((left - mean(left))^2))
  tanh(atanh(r) + c(-1, 1) * qt((1 + level) / 2, m - 1) * se / (1 - r^2))
}
paired <- function(before, after, level = 0.95) {
  whole <- !is.na(before) & !is.na(after); x <- after[whole]; y <- before[whole]; d <- x - y; n <- length(d)
  z <- noncentrality(mean(d) / sd(d) * sqrt(n), n - 1, level) / sqrt(n)
  # Algina and Keselman (2003): multiplier sqrt(2(s1^2 + s2^2 - 2 s12)/(n(s1^2 + s2^2))) of the noncentrality limits
  av <- noncentrality(mean(d) / sd(d) * sqrt(n), n - 1, level) *
    sqrt(2 * (var(x) + var(y) - 2 * cov(x, y)) / (n * (var(x) + var(y))))
  package <- effectsize::cohens_d(x, y, paired = TRUE, ci = level)
  list(n = n, d_z = z, g_z = z * hedges(n - 1), d_av = av, g_av = av * hedges(n - 1),
       d_z_effectsize = c(package$CI_low, package$CI_high), rank_biserial = jackknife(d, level))
}

# --- separate samples -------------------------------------------------------------------------------------------------
samples <- function(y, z, level = 0.95) {
  n <- c(length(y), length(z)); df <- sum(n) - 2; unit <- sqrt(sum(1 / n))
  t <- t.test(y, z, var.equal = TRUE)$statistic[[1]]
  package <- effectsize::cohens_d(y, z, ci = level)
  list(hedges_g = noncentrality(t, df, level) * unit * hedges(df),
       d_effectsize = c(package$CI_low, package$CI_high), factor = hedges(df))
}
h <- function(x1, n1, x2, n2, level = 0.95) {
  made <- effectsize::cohens_h(matrix(c(x1, n1 - x1, x2, n2 - x2), 2), ci = level)
  list(counts = c(x1, n1, x2, n2), level = level, value = made$Cohens_h, interval = pmax(-pi, pmin(pi, c(made$CI_low, made$CI_high)))) # h itself lies within pi
}

learners <- read.csv("learners.csv"); visitors <- read.csv("visitors.csv"); late <- visitors$wave == "endline"
eight <- list(before = c(2, 5, 3, 4, 4, 6, 1, 3), after = c(4, 5, 6, 4, 7, 6, 3, 2))
grid <- expand.grid(t = c(-4, -0.5, 0, 1.5, 5, 12), df = c(1, 2, 7, 63, 500), ncp = c(-5, 0, 0.3, 6, 15))
grid$p <- mapply(pt, grid$t, grid$df, grid$ncp)
values <- list(
  score = with(learners, paired(score_before, score_after)), likert = with(learners, paired(likert_before, likert_after)),
  score_90 = with(learners, paired(score_before, score_after, 0.9)), eight = do.call(paired, eight), answers = eight,
  visitors_score = with(visitors, samples(score[late], score[!late])),
  visitors_likert = with(visitors, samples(likert[late], likert[!late])),
  h = list(h(26, 44, 9, 31), h(5, 56, 1, 29), h(3, 5, 2, 40, 0.99), h(12, 12, 1, 9)),
  noncentral_t = as.list(grid)
)
jsonlite::write_json(values, "effects.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
