# Makes the made-up answers of learners.csv and visitors.csv and R's values for them beside this script:
#   cd tests/analysis/r && Rscript measures.R
# Needs coin, exactRankTests, jsonlite, MASS, psych, survey and vcd (Debian: r-cran-coin and so on). R writes missing as NA.

suppressPackageStartupMessages({library(coin); library(survey)})
set.seed(20261123)

# --- data -------------------------------------------------------------------------------------------------------------
n <- 64
session <- sort(sample(sprintf("S%d", 1:8), n, TRUE))
lift <- setNames(rnorm(8, 0.6, 0.5), sprintf("S%d", 1:8))[session]
likert <- function(mu) pmin(5, pmax(1, round(mu + rnorm(length(mu)))))
learners <- data.frame(
  who = sprintf("%02d", 1:n), session = session, region = ifelse(session %in% c("S1", "S2", "S3", "S4"), "north", "south"),
  sex = sample(c("F", "M"), n, TRUE)
)
base <- rnorm(n, 2.8, 0.7)
for (wave in c("before", "after", "followup")) {
  gain <- switch(wave, before = 0, after = lift, followup = 0.5 * lift)
  learners[[paste0("likert_", wave)]] <- likert(base + gain)
  learners[[paste0("score_", wave)]] <- pmin(10, pmax(0, round(5 + base / 2 + 2 * gain + rnorm(n))))
  learners[[paste0("knows_", wave)]] <- as.integer(base + 1.5 * gain + rnorm(n, 0, 0.8) > 3.2)
}
trait <- rnorm(n)
for (i in 1:6) learners[[paste0("i", i)]] <- pmin(6, pmax(1, round(3.5 + (if (i == 3) -1 else 1) * trait * (0.5 + i / 10) + rnorm(n))))
for (i in 1:4) learners[[paste0("k", i)]] <- as.integer(trait + rnorm(n) > (i - 2.5) / 2)
learners$coder1 <- likert(3 + trait)
learners$coder2 <- ifelse(runif(n) < 0.6, learners$coder1, likert(3 + trait))
learners$likert_after[c(5, 17)] <- NA
learners$score_after[c(5, 20)] <- NA
learners$i2[9] <- NA
m <- c(31, 38)
visitors <- data.frame(
  wave = rep(c("baseline", "endline"), m), sex = sample(c("F", "M"), sum(m), TRUE),
  likert = likert(rep(c(2.7, 3.3), m)), score = pmin(10, pmax(0, round(rnorm(sum(m), rep(c(4.5, 5.6), m), rep(c(2, 1.4), m))))),
  heard = sample(0:3, sum(m), TRUE)
)
visitors$knows <- as.integer(runif(sum(m)) < 0.25 + 0.15 * visitors$heard)
write.csv(learners, "learners.csv", row.names = FALSE, quote = FALSE)
write.csv(visitors, "visitors.csv", row.names = FALSE, quote = FALSE)

# --- the same people --------------------------------------------------------------------------------------------------
hedges <- function(df) exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
ranks_of <- function(before, after) {
  whole <- !is.na(before) & !is.na(after); d <- (after - before)[whole]; moved <- d[d != 0]
  asymptotic <- function(zeros) wilcoxsign_test(after[whole] ~ before[whole], distribution = "asymptotic", zero.method = zeros)
  up <- sum(rank(abs(moved))[moved > 0]); down <- sum(rank(abs(moved))[moved < 0])
  pratt_ranks <- rank(abs(d))[d != 0]
  pratt_exact <- exactRankTests::perm.test(pratt_ranks * sign(moved) * 2, exact = TRUE)$p.value
  list(
    n = sum(whole), up = up, down = down,
    exact = exactRankTests::wilcox.exact(moved)$p.value, pratt_exact = pratt_exact,
    asymptotic = wilcox.test(d, exact = FALSE, correct = FALSE)$p.value,
    corrected = wilcox.test(d, exact = FALSE, correct = TRUE)$p.value,
    z = statistic(asymptotic("Wilcoxon"))[[1]], z_pratt = statistic(asymptotic("Pratt"))[[1]],
    rank_biserial = (up - down) / (up + down), sign = binom.test(sum(d > 0), sum(d != 0))$p.value,
    stuart_maxwell = local({
      f <- factor(c(before[whole], after[whole])); k <- length(before[whole])
      test <- mh_test(table(f[1:k], f[k + 1:k])); c(statistic(test)[[1]], pvalue(test)[[1]])
    })
  )
}
means_of <- function(before, after) {
  whole <- !is.na(before) & !is.na(after); x <- after[whole]; y <- before[whole]; d <- x - y; k <- length(d)
  test <- t.test(x, y, paired = TRUE)
  av <- mean(d) / sqrt((var(x) + var(y)) / 2)
  list(n = k, difference = mean(d), se = sd(d) / sqrt(k), p = test$p.value, interval = test$conf.int[1:2],
       statistic = test$statistic[[1]],
       d_z = mean(d) / sd(d), d_av = av, g_z = mean(d) / sd(d) * hedges(k - 1), g_av = av * hedges(k - 1))
}
clustered <- function(d, session, strata = NULL) {
  design <- svydesign(ids = ~session, strata = strata, weights = ~1, data = data.frame(d, session), nest = TRUE)
  m <- svymean(~d, design); df <- degf(design); reach <- qt(0.975, df) * SE(m)[1]
  list(difference = coef(m)[[1]], se = SE(m)[1], df = df, interval = coef(m)[[1]] + c(-1, 1) * reach,
       p = 2 * pt(-abs(coef(m)[[1]] / SE(m)[1]), df))
}
binary_clusters <- function(before, after, session) {
  d <- after - before; e <- tapply(d, session, sum); size <- tapply(d, session, length); k <- length(e)
  obuchowski <- sum(e)^2 / (k / (k - 1) * sum(e^2)); durkalski <- sum(e / size)^2 / sum((e / size)^2)
  flips <- as.matrix(expand.grid(rep(list(c(-1, 1)), k))) %*% e
  list(obuchowski = obuchowski, durkalski = durkalski, sign_flip = mean(abs(flips) >= abs(sum(e)) - 1e-9))
}
fixed_strata <- function(d, session) {
  design <- svydesign(ids = ~1, strata = ~session, weights = ~1, data = data.frame(d, session))
  m <- svymean(~d, design); c(coef(m)[[1]], SE(m)[1], degf(design))
}
few <- learners$session %in% c("S1", "S2", "S3")

# --- separate samples -------------------------------------------------------------------------------------------------
late <- visitors$wave == "endline"
samples_of <- function(x) {
  y <- x[late]; z <- x[!late]; k1 <- length(y); k2 <- length(z)
  factor_wave <- factor(ifelse(late, 0, 1))
  pooled <- sqrt(((k1 - 1) * var(y) + (k2 - 1) * var(z)) / (k1 + k2 - 2))
  exact <- pvalue(coin::wilcox_test(x ~ factor_wave, distribution = "exact"))
  polr <- MASS::polr(factor(x) ~ late, Hess = TRUE, control = list(reltol = 1e-14))
  w <- t.test(y, z)
  r <- rank(c(y, z)); r1 <- r[1:k1] - rank(y); r2 <- r[-(1:k1)] - rank(z)
  p <- (mean(r[1:k1]) - mean(r[-(1:k1)])) / (k1 + k2) + 0.5
  v <- c(var(r1) / k2^2 / k1, var(r2) / k1^2 / k2); df <- sum(v)^2 / (v[1]^2 / (k1 - 1) + v[2]^2 / (k2 - 1))
  list(
    u = suppressWarnings(wilcox.test(y, z, exact = FALSE)$statistic[[1]]),
    asymptotic = wilcox.test(y, z, exact = FALSE, correct = FALSE)$p.value,
    corrected = wilcox.test(y, z, exact = FALSE)$p.value, exact = as.numeric(exact),
    superiority = p, bm_p = 2 * pt(-abs((p - 0.5) / sqrt(sum(v))), df), bm_interval = p + c(-1, 1) * qt(0.975, df) * sqrt(sum(v)),
    log_odds = coef(polr)[[1]], log_odds_se = sqrt(vcov(polr)[1, 1]),
    welch = c(w$p.value, w$parameter[[1]], w$conf.int[1:2]), hedges_g = (mean(y) - mean(z)) / pooled * hedges(k1 + k2 - 2)
  )
}
counts <- table(visitors$heard, visitors$knows)

# --- scales -----------------------------------------------------------------------------------------------------------
items <- learners[, paste0("i", 1:6)]; items$i3 <- 7 - items$i3; items <- items[complete.cases(items), ]
a <- psych::alpha(items, warnings = FALSE)
factor1 <- psych::fa(items, 1, fm = "minres")$loadings[, 1]
feldt <- function(a, n, k, level = 0.95) 1 - (1 - a) * qf(c(1 - (1 - level) / 2, (1 - level) / 2), n - 1, (n - 1) * (k - 1))
quiz <- learners[, paste0("k", 1:4)]
kr20 <- { p <- colMeans(quiz); s <- apply(quiz, 1, sum); k <- 4; pv <- mean((s - mean(s))^2); k / (k - 1) * (1 - sum(p * (1 - p)) / pv) }
pairs_of_codes <- learners[, c("coder1", "coder2")]
kappa <- function(weights) {
  found <- vcd::Kappa(table(factor(pairs_of_codes[[1]], 1:5), factor(pairs_of_codes[[2]], 1:5)), weights = weights)
  list(plain = unname(found$Unweighted), weighted = unname(found$Weighted))
}
kappas <- list(linear = kappa("Equal-Spacing"), quadratic = kappa("Fleiss-Cohen"))
limits_of <- function(found) found[1] + c(-1, 1) * qnorm(0.975) * found[2]

p <- c(0.001, 0.2, 0.013, 0.013, NA, 0.04)
values <- list(
  ranks = ranks_of(learners$likert_before, learners$likert_after),
  small_ranks = ranks_of(learners$likert_before[1:9], learners$likert_followup[1:9]),
  means = means_of(learners$score_before, learners$score_after),
  sessions = clustered(learners$knows_after - learners$knows_before, learners$session),
  sessions_in_regions = clustered(learners$knows_after - learners$knows_before, learners$session, learners$region),
  binary_clusters = binary_clusters(learners$knows_before, learners$knows_after, learners$session),
  fixed_strata = fixed_strata((learners$knows_after - learners$knows_before)[few], learners$session[few]),
  cochran_q = local({
    long <- data.frame(y = factor(c(learners$knows_before, learners$knows_after, learners$knows_followup)),
                       wave = factor(rep(1:3, each = n)), who = factor(rep(learners$who, 3)))
    test <- mh_test(y ~ wave | who, data = long); c(statistic(test)[[1]], pvalue(test)[[1]])
  }),
  likert = samples_of(visitors$likert), score = samples_of(visitors$score),
  trend = with(prop.trend.test(counts[, 2], rowSums(counts), 0:3), c(statistic[[1]], p.value)),
  families = lapply(c(hochberg = "hochberg", bonferroni = "bonferroni", by = "BY"), function(how) p.adjust(p, how)),
  p = p,
  alpha = list(n = nrow(items), alpha = a$total$raw_alpha, interval = feldt(a$total$raw_alpha, nrow(items), 6),
               item_total = a$item.stats$r.drop, dropped = a$alpha.drop$raw_alpha,
               loadings = as.numeric(factor1), omega = sum(factor1)^2 / (sum(factor1)^2 + sum(1 - factor1^2))),
  kr20 = kr20,
  kappa = list(plain = kappas$linear$plain[1], plain_interval = limits_of(kappas$linear$plain),
               linear = kappas$linear$weighted[1], linear_interval = limits_of(kappas$linear$weighted),
               quadratic = kappas$quadratic$weighted[1], quadratic_interval = limits_of(kappas$quadratic$weighted))
)
writeLines(jsonlite::toJSON(values, digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE), "measures.json")

# --- shares and parts by session, and the wired rows -------------------------------------------------------------------
design <- svydesign(ids = ~session, weights = ~1, data = transform(learners, change = knows_after - knows_before))
share <- svyciprop(~knows_after, design, method = "logit", df = degf(design))
fitted <- svyglm(change ~ sex, design)
part <- regTermTest(fitted, ~sex, method = "Wald")
q_of <- function(d, v) { w <- 1 / v; sum(w * (d - sum(w * d) / sum(w))^2) }
smoothed <- sapply(split(learners, learners$sex), function(l) {
  n <- nrow(l) + 2; up <- (sum(l$knows_after > l$knows_before) + 1) / n; down <- (sum(l$knows_after < l$knows_before) + 1) / n
  c(up - down, (up + down - (up - down)^2) / n)
})
added <- sapply(split(visitors, visitors$sex), function(l) {
  p <- tapply(l$knows, l$wave, function(x) (sum(x) + 1) / (length(x) + 2)); n <- table(l$wave) + 2
  c(p[["endline"]] - p[["baseline"]], sum(p * (1 - p) / n))
})
scored <- sapply(split(learners, learners$sex), function(l) {
  d <- na.omit(l$score_after - l$score_before); c(mean(d), var(d) / length(d))
})
rows <- list(
  share = list(estimate = share[[1]], interval = as.numeric(confint(share)), se = SE(svymean(~knows_after, design))[1]),
  parts_by_session = list(f = part$Ftest[1], df = part$df, df_between = part$ddf, p = part$p[1]),
  q_pairs = q_of(smoothed[1, ], smoothed[2, ]), q_samples = q_of(added[1, ], added[2, ]), q_scores = q_of(scored[1, ], scored[2, ]),
  composition = suppressWarnings(chisq.test(table(visitors$wave, visitors$sex), correct = FALSE)$p.value)
)
writeLines(jsonlite::toJSON(rows, digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE), "rows.json")
