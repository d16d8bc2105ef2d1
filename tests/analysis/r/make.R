# Makes the made-up answers and the values of R beside this script (base R only, 4.2 or later):
#   cd tests/analysis/r && Rscript make.R
# people.csv: one row a person, before and after; passers_by.csv: separate samples. R writes missing answers as NA.

set.seed(20261122)

newcombe_paired <- function(a, b, c, d, corrected, z = qnorm(0.975)) {
  n <- a + b + c + d
  wilson <- function(x) prop.test(x, n, correct = FALSE)$conf.int[1:2]
  before <- (a + b) / n; after <- (a + c) / n
  w1 <- wilson(a + b); w2 <- wilson(a + c)
  top <- a * d - b * c
  if (corrected && top > 0) top <- max(top - n / 2, 0)
  bottom <- sqrt((a + b) * (c + d) * (a + c) * (b + d))
  phi <- if (bottom == 0) 0 else top / bottom
  root <- function(u, v) sqrt(u^2 - 2 * phi * u * v + v^2)
  difference <- after - before
  c(difference - root(after - w2[1], w1[2] - before), difference + root(w2[2] - after, before - w1[1]))
}

newcombe_samples <- function(x1, n1, x2, n2) {
  w1 <- prop.test(x1, n1, correct = FALSE)$conf.int; w2 <- prop.test(x2, n2, correct = FALSE)$conf.int
  p1 <- x1 / n1; p2 <- x2 / n2
  c(p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2), p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2))
}

boschloo_two_sided <- function(x1, n1, x2, n2) {
  fisher <- function(i, j) fisher.test(matrix(c(i, n1 - i, j, n2 - j), 2))$p.value
  p <- outer(0:n1, 0:n2, Vectorize(fisher))
  extreme <- p <= fisher(x1, x2) * (1 + 1e-7)
  chance <- function(q) sum(outer(dbinom(0:n1, n1, q), dbinom(0:n2, n2, q))[extreme])
  grid <- seq(0.0005, 0.9995, by = 0.0005)
  near <- grid[which.max(sapply(grid, chance))]
  optimize(chance, c(near - 0.0005, near + 0.0005), maximum = TRUE, tol = 1e-12)$objective
}

of_pairs <- function(before, after) {
  whole <- !is.na(before) & !is.na(after)
  t <- table(factor(before[whole], 1:0), factor(after[whole], 1:0))
  a <- t[1, 1]; b <- t[1, 2]; c <- t[2, 1]; d <- t[2, 2]
  odds <- binom.test(c, b + c)$conf.int
  less <- min(b, c)
  midp <- if (b == c) 1 - dbinom(b, b + c, 0.5) / 2 else 2 * pbinom(less, b + c, 0.5) - dbinom(less, b + c, 0.5)
  list(
    answered_before = sum(!is.na(before)), answered_after = sum(!is.na(after)),
    yes_yes = a, yes_no = b, no_yes = c, no_no = d,
    newcombe10 = newcombe_paired(a, b, c, d, TRUE), newcombe8 = newcombe_paired(a, b, c, d, FALSE),
    mcnemar_midp = midp, mcnemar_exact = binom.test(c, b + c)$p.value,
    mcnemar = mcnemar.test(t, correct = FALSE)$p.value,
    odds_ratio = c / b, odds_ratio_limits = odds / (1 - odds),
    wilson_before = prop.test(sum(before, na.rm = TRUE), sum(!is.na(before)), correct = FALSE)$conf.int[1:2]
  )
}

of_samples <- function(earlier, later) {
  x2 <- sum(earlier, na.rm = TRUE); n2 <- sum(!is.na(earlier)); x1 <- sum(later, na.rm = TRUE); n1 <- sum(!is.na(later))
  t <- matrix(c(x1, n1 - x1, x2, n2 - x2), 2)
  pearson <- suppressWarnings(chisq.test(t, correct = FALSE))
  list(
    x_from = x2, n_from = n2, x_to = x1, n_to = n1, newcombe = newcombe_samples(x1, n1, x2, n2),
    smallest_expected = min(pearson$expected), chi2 = pearson$p.value,
    chi2_n_minus_1 = pchisq(pearson$statistic[[1]] * (n1 + n2 - 1) / (n1 + n2), 1, lower.tail = FALSE),
    fisher = fisher.test(t)$p.value, boschloo = boschloo_two_sided(x1, n1, x2, n2),
    cohens_h = 2 * asin(sqrt(x1 / n1)) - 2 * asin(sqrt(x2 / n2))
  )
}

json <- function(value) {
  if (is.list(value)) {
    return(paste0("{", paste0('"', names(value), '": ', sapply(value, json), collapse = ",\n"), "}"))
  }
  shown <- ifelse(is.finite(value), sprintf("%.17g", value), "null")
  if (length(shown) == 1) shown else paste0("[", paste(shown, collapse = ", "), "]")
}

answer <- function(n, share) { x <- rbinom(n, 1, share); x[runif(n) < 0.07] <- NA; x }
after <- function(before, gain, loss) {
  n <- length(before)
  changed <- ifelse(is.na(before), rbinom(n, 1, 0.5), ifelse(before == 1, 1 - rbinom(n, 1, loss), rbinom(n, 1, gain)))
  changed[runif(n) < 0.07] <- NA
  changed
}
n <- 48
people <- data.frame(who = sprintf("%02d", 1:n), sex = sample(c("F", "M", NA), n, TRUE, c(0.5, 0.4, 0.1)))
for (item in list(list("hotline", 0.3, 0.6, 0.1), list("employ", 0.5, 0.2, 0.2), list("report", 0.7, 0.1, 0.5))) {
  people[[paste0(item[[1]], "_before")]] <- answer(n, item[[2]])
  people[[paste0(item[[1]], "_after")]] <- after(people[[paste0(item[[1]], "_before")]], item[[3]], item[[4]])
}
passers_by <- data.frame(
  wave = rep(c("baseline", "endline"), c(31, 44)),
  hotline = c(answer(31, 0.3), answer(44, 0.6)), seldom = c(answer(31, 0.03), answer(44, 0.12)),
  signs = c(answer(31, 0.5), answer(44, 0.5))
)
write.csv(people, "people.csv", row.names = FALSE, quote = 1:2)
write.csv(passers_by, "passers_by.csv", row.names = FALSE, quote = 1)

items <- c("hotline", "employ", "report")
pairs <- lapply(setNames(items, items), function(i) of_pairs(people[[paste0(i, "_before")]], people[[paste0(i, "_after")]]))
first <- passers_by$wave == "baseline"
asked <- c("hotline", "seldom", "signs")
samples <- lapply(setNames(asked, asked), function(i) of_samples(passers_by[[i]][first], passers_by[[i]][!first]))
p <- c(0.001, 0.2, 0.013, 0.013, NA, 0.04)
families <- list(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
tables <- list(c(4, 11, 0, 12), c(7, 15, 12, 15), c(3, 4, 1, 5), c(5, 30, 0, 21), c(1, 9, 8, 9))
names(tables) <- sapply(tables, paste, collapse = " ")
exact <- lapply(tables, function(t) list(
  boschloo = boschloo_two_sided(t[1], t[2], t[3], t[4]),
  fisher = fisher.test(matrix(c(t[1], t[2] - t[1], t[3], t[4] - t[3]), 2))$p.value
))
writeLines(json(list(r = list(major = as.numeric(R.version$major), minor = as.numeric(R.version$minor)),
                     pairs = pairs, samples = samples, families = families, exact = exact)), "values.json")
