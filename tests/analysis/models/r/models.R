# Makes the made-up answers of villages.csv and panel.csv and R's values for them beside this script:
#   cd tests/analysis/models/r && Rscript models.R
# Needs clubSandwich, geepack, jsonlite, lme4 and sandwich (Debian: r-cran-clubsandwich and so on).

suppressPackageStartupMessages({library(clubSandwich); library(geepack); library(lme4)})
set.seed(20261124)

# --- data -------------------------------------------------------------------------------------------------------------
size <- c(6, 14, 9, 21, 7, 12, 17, 8, 11, 5, 19)
village <- rep(sprintf("V%02d", 1:11), size)
treated <- as.integer(village %in% c("V01", "V02", "V04", "V07", "V09"))
level <- setNames(rnorm(11, 0, 0.6), unique(village))[village]
n <- length(village)
age <- round(runif(n, 18, 60))
own <- rnorm(n, 0, 0.8)
people <- data.frame(person = sprintf("P%03d", 1:n), village, treated, age)
long <- do.call(rbind, lapply(0:1, function(later) {
  mu <- -0.6 + level + own + 0.3 * later + 0.7 * later * treated + (age - 40) / 50
  data.frame(people, later, knows = as.integer(runif(n) < plogis(mu)), score = pmin(10, pmax(0, round(5 + 1.5 * mu + rnorm(n)))))
}))
long <- long[!(long$later == 1 & runif(2 * n) < 0.1), ]
persons <- 90
wave <- rep(c("before", "after", "later"), each = persons)
panel <- data.frame(person = rep(sprintf("Q%02d", 1:persons), 3), wave, educated = rep(rbinom(persons, 1, 0.4), 3))
panel$knows <- as.integer(runif(3 * persons) < plogis(rep(rnorm(persons, 0, 1.3), 3) + c(before = -0.8, after = 0.7, later = 0.1)[wave] + 0.5 * panel$educated))
panel$weight <- round(1 + panel$educated * 0.6 + runif(3 * persons) * 0.5, 3)
panel <- panel[!(panel$wave != "before" & runif(3 * persons) < 0.2 - 0.1 * panel$educated), ]
panel$wave <- factor(panel$wave, c("before", "after", "later"))
write.csv(long, "villages.csv", row.names = FALSE, quote = FALSE)
write.csv(panel, "panel.csv", row.names = FALSE, quote = FALSE)

# --- few clusters -----------------------------------------------------------------------------------------------------
judged <- function(fit, at) sapply(c("CR0", "CR1", "CR1S", "CR2", "CR3"), function(kind) {
  made <- coef_test(fit, vcov = vcovCR(fit, cluster = long$village, type = kind), test = "Satterthwaite")[at, ]
  list(value = made$beta, se = made$SE, df = made$df_Satt, p = made$p_Satt)
}, simplify = FALSE)
linear <- lm(knows ~ treated * later, long)
with_age <- lm(score ~ treated * later + age, long)
logit <- glm(knows ~ treated * later, binomial, long, epsilon = 1e-14)
logit_age <- glm(knows ~ treated * later + age, binomial, long, epsilon = 1e-14)
did <- list(
  linear = judged(linear, "treated:later"), with_age = judged(with_age, "treated:later"),
  logit = judged(logit, "treated:later"), logit_age = judged(logit_age, "treated:later"),
  interval = unlist(conf_int(linear, vcov = "CR2", cluster = long$village)[4, c("CI_L", "CI_U")])
)
means <- aggregate(knows ~ village + later + treated, long, mean)
change <- with(means, knows[later == 1] - knows[later == 0])
arm <- with(means, treated[later == 0])
welch <- t.test(change[arm == 1], change[arm == 0])
did$cluster_means <- list(value = mean(change[arm == 1]) - mean(change[arm == 0]), se = welch$stderr, df = unname(welch$parameter), p = welch$p.value)

wide <- merge(long[long$later == 0, ], long[long$later == 1, c("person", "knows", "score")], by = "person", suffixes = c("", "_after"))
wide$gain <- wide$score_after - wide$score
hc2 <- function(fit, cluster) {
  made <- coef_test(fit, vcov = vcovCR(fit, cluster = cluster, type = "CR2"), test = "Satterthwaite")["treated", ]
  list(value = made$beta, se = made$SE, df = made$df_Satt, p = made$p_Satt)
}
did$changes <- hc2(lm(gain ~ treated, wide), wide$person)
did$changes_clustered <- hc2(lm(gain ~ treated, wide), wide$village)
did$hc2_se <- sqrt(sandwich::vcovHC(lm(gain ~ treated, wide), "HC2")["treated", "treated"])
did$ancova <- hc2(lm(score_after ~ treated + score, wide), wide$person)
did$ancova_clustered <- hc2(lm(score_after ~ treated + score + age, wide), wide$village)

# --- resampling: every way, by loops ----------------------------------------------------------------------------------
difference <- function(treated) {
  m <- tapply(long$knows, list(treated, long$later), mean)
  (m["1", "1"] - m["1", "0"]) - (m["0", "1"] - m["0", "0"])
}
villages <- sort(unique(long$village))
ways <- combn(villages, 5)
exchanged <- apply(ways, 2, function(chosen) difference(as.integer(long$village %in% chosen)))
permutation <- list(statistic = difference(long$treated), p = mean(abs(exchanged) >= abs(difference(long$treated)) - 1e-9), ways = ncol(ways))
t_of <- function(y, rows) {
  fit <- lm(y ~ treated * later, long[rows, ])
  coef(fit)[4] / sqrt(vcovCR(fit, cluster = long$village[rows], type = "CR1")[4, 4])
}
boot <- function(rows, values) {
  null <- lm(knows ~ treated + later, long[rows, ]); g <- sort(unique(long$village[rows]))
  signs <- as.matrix(expand.grid(rep(list(values), length(g))))
  seen <- t_of(long$knows[rows], rows)
  found <- apply(signs, 1, function(v) t_of(fitted(null) + v[match(long$village[rows], g)] * resid(null), rows))
  list(statistic = unname(seen), p = mean(abs(found) >= abs(seen) * (1 - 1e-9)), ways = nrow(signs))
}
some <- long$village %in% c("V01", "V02", "V03", "V04", "V05", "V06", "V08", "V09")
four <- long$village %in% c("V02", "V03", "V04", "V06")
wild <- list(rademacher = boot(some, c(-1, 1)), webb = boot(four, c(-sqrt(c(0.5, 1, 1.5)), sqrt(c(0.5, 1, 1.5)))))

# --- panel ------------------------------------------------------------------------------------------------------------
panel$id <- as.integer(factor(panel$person))
panel <- panel[order(panel$id), ]
gee <- function(corstr, weights = NULL) {
  data <- panel; data$w <- if (is.null(weights)) 1 else weights
  fit <- suppressWarnings(geeglm(knows ~ wave + educated, binomial, data, id = id, corstr = corstr, weights = w, control = geese.control(epsilon = 1e-12)))
  list(coef = unname(coef(fit)), se = unname(sqrt(diag(vcov(fit)))), alpha = if (corstr == "exchangeable") unname(fit$geese$alpha) else 0)
}
panel_gee <- list(exchangeable = gee("exchangeable"), independence = gee("independence"), weighted = gee("independence", panel$weight))
# Mancl & DeRouen by hand, from the exchangeable fit
x <- model.matrix(knows ~ wave + educated, panel); fit <- panel_gee$exchangeable
mu <- drop(plogis(x %*% fit$coef)); bread <- matrix(0, 4, 4); parts <- list()
for (i in unique(panel$id)) {
  r <- panel$id == i; m <- sum(r); a <- mu[r] * (1 - mu[r])
  v <- diag(sqrt(a), m) %*% (diag(1 - fit$alpha, m) + fit$alpha) %*% diag(sqrt(a), m); d <- a * x[r, , drop = FALSE]
  bread <- bread + t(d) %*% solve(v) %*% d; parts[[i]] <- list(d = d, v = v, e = panel$knows[r] - mu[r])
}
meat <- Reduce(`+`, lapply(parts, function(p) {
  h <- p$d %*% solve(bread) %*% t(p$d) %*% solve(p$v); s <- t(p$d) %*% solve(p$v) %*% solve(diag(nrow(h)) - h, p$e); s %*% t(s)
}))
panel_gee$mancl_derouen_se <- sqrt(diag(solve(bread) %*% meat %*% solve(bread)))
mixed <- sapply(c(1, 7, 15), function(nodes) {
  fit <- glmer(knows ~ wave + educated + (1 | person), panel, binomial, nAGQ = nodes, control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-10)))
  list(coef = unname(fixef(fit)), se = unname(sqrt(diag(as.matrix(vcov(fit))))), sd = unname(attr(VarCorr(fit)$person, "stddev")), log_likelihood = as.numeric(logLik(fit)))
}, simplify = FALSE)
names(mixed) <- c("laplace", "seven", "fifteen")
lin <- lmer(score ~ treated * later + (1 | village), long, REML = FALSE, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12)))
mixed$linear <- list(coef = unname(fixef(lin)), se = unname(sqrt(diag(as.matrix(vcov(lin))))), sd = unname(attr(VarCorr(lin)$village, "stddev")), residual_sd = sigma(lin), log_likelihood = as.numeric(logLik(lin)))

jsonlite::write_json(list(did = did, permutation = permutation, wild = wild, gee = panel_gee, mixed = mixed), "models.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
