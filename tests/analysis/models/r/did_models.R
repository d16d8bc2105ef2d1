# R's models of the difference in differences of villages.csv, into did_models.json:
#   cd tests/analysis/models/r && Rscript did_models.R
# Needs clubSandwich, geepack, jsonlite, lme4 and sandwich (Debian: r-cran-clubsandwich and so on).

suppressPackageStartupMessages({library(clubSandwich); library(geepack); library(lme4)})
long <- read.csv("villages.csv")
form <- knows ~ treated * later
term <- c("treated", "later", "treated:later")

# --- GEE --------------------------------------------------------------------------------------------------------------
gee <- function(unit, corstr) {
  data <- long[order(long[[unit]]), ]; data$id <- as.integer(factor(data[[unit]]))
  fit <- geeglm(form, binomial, data, id = id, corstr = corstr, control = geese.control(epsilon = 1e-12, maxit = 100))
  list(beta = unname(coef(fit)), v = unname(vcov(fit)), alpha = if (corstr == "exchangeable") unname(fit$geese$alpha) else 0, data = data)
}
mancl_derouen <- function(made) { # by hand: (I - H)^-1 times the residuals of every unit
  data <- made$data; x <- model.matrix(form, data); mu <- drop(plogis(x %*% made$beta)); bread <- matrix(0, 4, 4)
  parts <- lapply(unique(data$id), function(i) {
    r <- data$id == i; m <- sum(r); a <- mu[r] * (1 - mu[r])
    v <- diag(sqrt(a), m) %*% (diag(1 - made$alpha, m) + made$alpha) %*% diag(sqrt(a), m)
    list(d = a * x[r, , drop = FALSE], v = v, e = data$knows[r] - mu[r])
  })
  for (p in parts) bread <- bread + t(p$d) %*% solve(p$v) %*% p$d
  meat <- Reduce(`+`, lapply(parts, function(p) {
    h <- p$d %*% solve(bread) %*% t(p$d) %*% solve(p$v)
    s <- t(p$d) %*% solve(p$v) %*% solve(diag(nrow(h)) - h, p$e); s %*% t(s)
  }))
  solve(bread) %*% meat %*% solve(bread)
}
told <- function(made, v) {
  shares <- function(b) plogis(c(b[1] + b[2], sum(b), b[1], b[1] + b[3])) # with: from, to; without: from, to
  did <- function(b) { p <- shares(b); p[2] - p[1] - (p[4] - p[3]) }
  slope <- function(f) sapply(1:4, function(i) { e <- replace(numeric(4), i, 1e-4)
    (f(made$beta - 2 * e) - 8 * f(made$beta - e) + 8 * f(made$beta + e) - f(made$beta + 2 * e)) / 12e-4 })
  d <- slope(did); se <- sqrt(diag(v))
  list(value = made$beta[-1], se = se[-1], odds_high = exp(made$beta[4] + qnorm(0.975) * se[4]), alpha = made$alpha,
       shares = shares(made$beta), shares_se = apply(slope(shares), 1, function(g) sqrt(drop(g %*% v %*% g))),
       did = did(made$beta), did_se = sqrt(drop(d %*% v %*% d)))
}
models <- lapply(c(exchangeable = "exchangeable", independence = "independence"), function(how) list(
  person = { made <- gee("person", how); told(made, made$v) }, village = { made <- gee("village", how); told(made, mancl_derouen(made)) }
))

# --- mixed models -----------------------------------------------------------------------------------------------------
mixed <- function(unit) {
  data <- long; data$unit <- data[[unit]]
  logistic <- glmer(knows ~ treated * later + (1 | unit), data, binomial, nAGQ = 15, control = glmerControl(
    optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-10)))
  linear <- lmer(score ~ treated * later + (1 | unit), data, REML = FALSE, control = lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12)))
  of <- function(fit) list(value = unname(fixef(fit)[term]), se = unname(sqrt(diag(as.matrix(vcov(fit))))[-1]),
                           sd = unname(attr(VarCorr(fit)$unit, "stddev")))
  list(logistic = of(logistic), linear = c(of(linear), residual_sd = sigma(linear)))
}

# --- analysis of covariance ---------------------------------------------------------------------------------------------
wide <- merge(long[long$later == 0, ], long[long$later == 1, c("person", "score", "knows")], "person", suffixes = c("", "_after"))
ancova <- function(formula, clusters) {
  fit <- lm(formula, wide); v <- vcovCR(fit, cluster = clusters, type = "CR2")
  test <- coef_test(fit, vcov = v, test = "Satterthwaite")[2, ]; limits <- conf_int(fit, vcov = v)[2, ]
  list(n = nrow(wide), difference = test$beta, se = test$SE, df = test$df_Satt, p = test$p_Satt, interval = c(limits$CI_L, limits$CI_U))
}
values <- list(gee = models, person = mixed("person"), village = mixed("village"), ancova = list(
  people = ancova(score_after ~ treated + score, wide$person), villages = ancova(score_after ~ treated + score, wide$village),
  knows = ancova(knows_after ~ treated + knows, wide$village)))
jsonlite::write_json(values, "did_models.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
