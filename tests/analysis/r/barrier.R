# R's values for doers and non-doers of made-up determinants, into barrier.json beside this script:
#   cd tests/analysis/r && Rscript barrier.R
# Needs jsonlite (Debian: r-cran-jsonlite). The delta method is done by numerical derivatives, not by our formula.

z <- qnorm(0.975)
risk <- function(d, n, P) { # probability of doing it among those who mention a determinant, over those who do not
  among <- P * d / (P * d + (1 - P) * n)
  others <- P * (1 - d) / (P * (1 - d) + (1 - P) * (1 - n))
  among / others
}
one <- function(x1, n1, x2, n2, P) {
  table <- matrix(c(x1, n1 - x1, x2, n2 - x2), 2)
  more <- if (any(table == 0)) 0.5 else 0
  a <- table + more
  d <- a[1, 1] / sum(a[, 1]); n <- a[1, 2] / sum(a[, 2]); h <- 1e-5
  slopes <- c(log(risk(d + h, n, P)) - log(risk(d - h, n, P)), log(risk(d, n + h, P)) - log(risk(d, n - h, P))) / (2 * h)
  se <- sqrt(sum(slopes^2 * c(d * (1 - d) / n1, n * (1 - n) / n2)))
  value <- risk(d, n, P)
  chi <- suppressWarnings(chisq.test(table, correct = FALSE))
  N <- sum(table)
  list(
    x1 = x1, n1 = n1, x2 = x2, n2 = n2,
    odds_ratio = a[1, 1] * a[2, 2] / (a[1, 2] * a[2, 1]),
    odds_low = exp(log(a[1, 1] * a[2, 2] / (a[1, 2] * a[2, 1])) - z * sqrt(sum(1 / a))),
    risk = value, low = value * exp(-z * se), high = value * exp(z * se),
    p = if (min(chi$expected) < 1) fisher.test(table)$p.value else pchisq(chi$statistic[[1]] * (N - 1) / N, 1, lower.tail = FALSE)
  )
}
prevalence <- 0.15
rows <- list(
  one(31, 48, 20, 52, prevalence), one(11, 48, 27, 52, prevalence), one(24, 48, 26, 52, prevalence),
  one(9, 48, 0, 52, prevalence), one(1, 48, 0, 52, prevalence), one(48, 48, 41, 52, prevalence)
)
p <- vapply(rows, function(row) row$p, 0)
jsonlite::write_json(
  list(prevalence = prevalence, rows = rows, bh = p.adjust(p, "BH"), holm = p.adjust(p, "holm")),
  "barrier.json", auto_unbox = TRUE, digits = NA, pretty = TRUE
)
