# R's values for what plans make of panel.csv, followup.csv and passersby.csv, beside this script:
#   cd tests/analysis/models/r && Rscript plans.R
# Needs clubSandwich, geepack, jsonlite, lme4 and survey (Debian: r-cran-clubsandwich and so on).

suppressPackageStartupMessages({library(clubSandwich); library(geepack); library(lme4); library(survey)})

# --- models of a panel ------------------------------------------------------------------------------------------------
panel <- read.csv("panel.csv"); panel$wave <- factor(panel$wave, c("before", "after", "later"))
panel$id <- as.integer(factor(panel$person)); panel <- panel[order(panel$id), ]
base <- with(panel[panel$wave == "before", ], setNames(knows, person))
panel$w <- 1
for (name in c("after", "later")) {
  found <- as.integer(names(base) %in% panel$person[panel$wave == name])
  fit <- glm(found ~ base, binomial, epsilon = 1e-14); here <- panel$wave == name
  panel$w[here] <- 1 / setNames(fitted(fit), names(base))[panel$person[here]]
}
gee <- function(corstr, data) {
  fit <- suppressWarnings(geeglm(knows ~ wave, binomial, data, id = id, corstr = corstr, weights = w, control = geese.control(epsilon = 1e-12)))
  b <- unname(coef(fit)); v <- vcov(fit)
  # differences of shares from the first wave by the delta method
  x <- rbind(c(1, 0, 0), c(1, 1, 0), c(1, 0, 1)); p <- plogis(drop(x %*% b)); g <- p * (1 - p) * x
  change <- t(sapply(2:3, function(k) { d <- g[k, ] - g[1, ]; c(p[k] - p[1], sqrt(drop(d %*% v %*% d))) }))
  list(coef = b, se = unname(sqrt(diag(v))), shares = p, share_se = sqrt(diag(g %*% v %*% t(g))), differences = change)
}
models <- list(exchangeable = gee("exchangeable", transform(panel, w = 1)), independence = gee("independence", transform(panel, w = 1)), weighted = gee("independence", panel))
glmm <- glmer(knows ~ wave + (1 | person), panel, binomial, nAGQ = 15, control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-10)))
models$mixed <- list(coef = unname(fixef(glmm)), se = unname(sqrt(diag(as.matrix(vcov(glmm))))), sd = unname(attr(VarCorr(glmm)$person, "stddev")))

people <- read.csv("followup.csv"); waves <- c("before", "after", "later")
long <- do.call(rbind, lapply(waves, function(w) data.frame(people[c("person", "session", "sex")], wave = w, knows = people[[w]], score = people[[paste0("score_", w)]])))
long$wave <- factor(long$wave, waves)
lin <- lmer(score ~ wave + (1 | person), long, REML = FALSE, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12)))
models$linear <- list(coef = unname(fixef(lin)), se = unname(sqrt(diag(as.matrix(vcov(lin))))), sd = unname(attr(VarCorr(lin)$person, "stddev")), residual_sd = sigma(lin))
said <- long[!is.na(long$knows), ]
logit <- glm(knows ~ wave, binomial, said, epsilon = 1e-14)
made <- coef_test(logit, vcov = vcovCR(logit, cluster = said$session, type = "CR2"), test = "Satterthwaite")
models$clusters <- list(coef = made$beta, se = made$SE, df = made$df_Satt, p = made$p_Satt)

# --- retention --------------------------------------------------------------------------------------------------------
loss <- with(people, score_later - score_after); loss <- loss[!is.na(loss)]
one_sided <- t.test(loss, mu = -1, alternative = "greater")
retention <- list(score = list(statistic = unname(one_sided$statistic), p = one_sided$p.value, interval = t.test(loss)$conf.int[1:2]))
# separate samples: the three columns as if other people had answered each
count <- function(y) c(sum(y, na.rm = TRUE), sum(!is.na(y)))
b <- count(people$before); a <- count(people$after); l <- count(people$later)
score_z <- function(delta, mn) { # restricted likelihood at later - after = delta
  ll <- function(p0) -(dbinom(l[1], l[2], p0 + delta, log = TRUE) + dbinom(a[1], a[2], p0, log = TRUE))
  p0 <- optimize(ll, c(max(0, -delta) + 1e-9, min(1, 1 - delta) - 1e-9), tol = 1e-13)$minimum
  v <- (p0 + delta) * (1 - p0 - delta) / l[2] + p0 * (1 - p0) / a[2]
  (l[1] / l[2] - a[1] / a[2] - delta) / sqrt(v * if (mn) (l[2] + a[2]) / (l[2] + a[2] - 1) else 1)
}
root <- function(target, mn) uniroot(function(d) score_z(d, mn) - target, c(-0.9, 0.9), tol = 1e-12)$root
q <- qnorm(0.975)
fieller <- function(base, after, late) {
  v <- function(y) mean((y - mean(y))^2) / length(y); d <- mean(late) - mean(base); g <- mean(after) - mean(base)
  f <- function(r) (d - r * g)^2 - q^2 * (v(late) + v(base) - 2 * r * v(base) + r^2 * (v(after) + v(base)))
  s <- seq(-3, 5, length.out = 8001); i <- which(diff(sign(f(s))) != 0)
  list(value = d / g, limits = vapply(i, function(k) uniroot(f, s[k + 0:1], tol = 1e-14)$root, 0))
}
known <- function(name) people[[name]][!is.na(people[[name]])]
retention$samples <- list(n = c(b[2], a[2], l[2]), interval = c(root(q, TRUE), root(-q, TRUE)),
  mn = pnorm(score_z(-0.1, TRUE), lower.tail = FALSE), fm = pnorm(score_z(-0.1, FALSE), lower.tail = FALSE),
  kept = fieller(known("before"), known("after"), known("later")))
welch <- t.test(known("score_later"), known("score_after"), mu = -1, alternative = "greater")
retention$score_samples <- list(statistic = unname(welch$statistic), p = welch$p.value, interval = t.test(known("score_later"), known("score_after"))$conf.int[1:2],
  kept = fieller(known("score_before"), known("score_after"), known("score_later")))

# --- attrition: stacked estimating equations, differentiated by numbers --------------------------------------------------
stacked <- function(data, y, cluster = NULL, quantile = q) {
  z <- model.matrix(as.formula(paste("~", y, "+ I(sex == 'M')")), data); late <- data[[sub("before", "later", y)]]; first <- data[[y]]
  r <- as.integer(!is.na(late)); late <- ifelse(r == 1, late, 0)
  psi <- function(t) { pi <- drop(plogis(z %*% t[1:3])); cbind(z * (r - pi), r / pi * (late - t[4]), first - t[5]) }
  g <- coef(glm(r ~ z - 1, binomial, epsilon = 1e-14)); w <- r / plogis(z %*% g)
  t <- c(g, sum(w * late) / sum(w), mean(first)); step <- 1e-5
  a <- sapply(1:5, function(i) { e <- replace(numeric(5), i, step); (colSums(psi(t - 2 * e)) - 8 * colSums(psi(t - e)) + 8 * colSums(psi(t + e)) - colSums(psi(t + 2 * e))) / (12 * step) })
  s <- psi(t); k <- 1; if (!is.null(cluster)) { s <- rowsum(s, cluster); k <- nrow(s) / (nrow(s) - 1) }
  v <- solve(a) %*% crossprod(s) %*% t(solve(a)) * k; d <- c(0, 0, 0, 1, -1); se <- sqrt(drop(d %*% v %*% d))
  list(n = nrow(data), found = sum(r), value = sum(d * t), se = se, interval = sum(d * t) + c(-1, 1) * quantile * se, weights = range(w[w > 0]))
}
answered <- people[!is.na(people$before), ]
attrition <- list(knows = stacked(answered, "before"), score = stacked(people, "score_before"), sessions = stacked(answered, "before", answered$session, qt(0.975, 11)))

# --- composition with a stated population -------------------------------------------------------------------------------
street <- read.csv("passersby.csv"); street$cell <- paste(street$sex, street$age)
stated <- list(sex = c(F = 0.52, M = 0.48), age = c(middle = 0.3, old = 0.25, young = 0.45))
margin <- function(name) { m <- expand.grid(wave = 0:1, level = names(stated[[name]])); names(m)[2] <- name; m$Freq <- 1000 * stated[[name]][as.character(m[[name]])]; m }
design <- svydesign(ids = ~1, weights = ~1, data = street)
raked <- rake(design, list(~ wave + sex, ~ wave + age), list(margin("sex"), margin("age")), control = list(maxit = 1000, epsilon = 1e-14))
changed <- function(design, y) { fit <- svyglm(as.formula(paste(y, "~ wave")), subset(design, !is.na(design$variables[[y]]))); unname(c(coef(fit)[2], SE(fit)[2])) }
composition <- list(raw = changed(design, "knows"), raked = changed(raked, "knows"), raked_score = changed(raked, "score"))
weight <- weights(raked)[street$wave == 0]; first <- street[street$wave == 0, ]
target <- tapply(weight, first$cell, sum) / sum(weight)
common <- intersect(unique(street$cell[street$wave == 0]), unique(street$cell[street$wave == 1]))
composition$covered <- sum(target[common])
cells <- with(subset(street, !is.na(knows)), tapply(knows, list(cell, wave), mean))[common, ]
composition$standardised <- sum(target[common] * (cells[, "1"] - cells[, "0"])) / sum(target[common])
fit <- svyglm(knows ~ wave + sex + age, design, family = quasibinomial(), epsilon = 1e-14)
at <- function(w, beta) weighted.mean(plogis(drop(model.matrix(~ wave + sex + age, transform(first, wave = w)) %*% beta)), weight)
f <- function(beta) at(1, beta) - at(0, beta); beta <- coef(fit)
gradient <- sapply(seq_along(beta), function(i) { e <- replace(numeric(length(beta)), i, 1e-4); (f(beta - 2 * e) - 8 * f(beta - e) + 8 * f(beta + e) - f(beta + 2 * e)) / 12e-4 })
composition$regression <- c(f(beta), sqrt(drop(gradient %*% vcov(fit) %*% gradient)))

jsonlite::write_json(list(models = models, retention = retention, attrition = attrition, composition = composition), "plans.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
