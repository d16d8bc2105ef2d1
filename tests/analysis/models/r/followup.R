# Makes the made-up answers of followup.csv and passersby.csv and R's values for retention, attrition and composition:
#   cd tests/analysis/models/r && Rscript followup.R
# Needs jsonlite and survey (Debian: r-cran-jsonlite, r-cran-survey); the rest is base R and formulas written out.

suppressPackageStartupMessages(library(survey))
set.seed(20261125)

# --- data -------------------------------------------------------------------------------------------------------------
n <- 120
sex <- sample(c("F", "M"), n, TRUE); arm <- rep(0:1, each = n / 2); session <- rep(sprintf("S%02d", 1:12), each = 10)
region <- rep(c("north", "south"), each = n / 2)
own <- rnorm(n) + rnorm(12, 0, 0.4)[match(session, unique(session))]
say <- function(mu) as.integer(runif(n) < plogis(mu + own))
people <- data.frame(person = sprintf("P%03d", 1:n), sex, arm, session, region, before = say(-0.9), after = say(1.1), later = say(0.6),
  score_before = round(4 + own + rnorm(n)), score_after = round(6 + own + rnorm(n)), score_later = round(5.4 + own + rnorm(n)))
stays <- runif(n) < plogis(0.6 + 0.8 * people$before + 0.5 * (sex == "F") - 0.4 * arm)
people$later[!stays] <- NA; people$score_later[!stays] <- NA; people$before[3] <- NA; people$after[c(10, 20)] <- NA
m <- c(150, 190)
wave <- rep(0:1, m)
street <- data.frame(wave, sex = sample(c("F", "M"), sum(m), TRUE), age = "young", site = sprintf("B%02d", sample(1:14, sum(m), TRUE)))
street$age <- ifelse(runif(sum(m)) < ifelse(wave == 0, 0.35, 0.6), "young", ifelse(runif(sum(m)) < 0.6, "middle", "old"))
street$sex[street$age == "old" & street$sex == "M" & wave == 1] <- "F" # a cell that the later wave lacks
street$knows <- as.integer(runif(sum(m)) < plogis(-1 + 0.5 * wave + 0.8 * (street$age == "young") + 0.3 * (street$sex == "F")))
street$score <- round(5 + 0.6 * wave + 0.7 * (street$age == "young") + rnorm(sum(m)), 1)
street$knows[c(4, 200)] <- NA
write.csv(people, "followup.csv", row.names = FALSE, quote = FALSE)
write.csv(street, "passersby.csv", row.names = FALSE, quote = FALSE)

# --- retention --------------------------------------------------------------------------------------------------------
crossing <- function(f, low, high) { s <- seq(low, high, length.out = 4001); v <- f(s); i <- which(diff(sign(v)) != 0)
  vapply(i, function(k) uniroot(f, s[k + 0:1], tol = 1e-14)$root, 0) }
kept <- function(columns, cluster = NULL, stratum = NULL) {
  whole <- complete.cases(people[columns]); d <- people[whole, columns]; k <- nrow(d)
  x <- cbind(d[[3]] - d[[1]], d[[2]] - d[[1]]); means <- colMeans(x)
  if (is.null(cluster)) { v <- crossprod(sweep(x, 2, means)) / k^2; q <- qnorm(0.975); df <- NULL } else {
    design <- svydesign(ids = cluster, strata = stratum, weights = ~1, data = data.frame(people[whole, ], a = x[, 1], b = x[, 2]))
    v <- vcov(svymean(~a + b, design)); df <- degf(design); q <- qt(0.975, df) }
  r <- means[1] / means[2]; se <- sqrt((v[1, 1] - 2 * r * v[1, 2] + r^2 * v[2, 2]) / means[2]^2)
  f <- function(s) (means[1] - s * means[2])^2 - q^2 * (v[1, 1] - 2 * s * v[1, 2] + s^2 * v[2, 2])
  list(n = k, value = r, se = se, df = df, delta = r + c(-1, 1) * q * se, fieller = crossing(f, -5, 5), inside = f(r) < 0)
}
ni_t <- function(x, margin) { t <- t.test(x, mu = -margin, alternative = "greater"); list(statistic = unname(t$statistic), p = t$p.value) }
whole <- with(people, !is.na(score_after) & !is.na(score_later)); loss <- with(people[whole, ], score_later - score_after)
retention <- list(
  knows = kept(c("before", "after", "later")), score = kept(c("score_before", "score_after", "score_later")),
  clusters = kept(c("before", "after", "later"), ~session), strata = kept(c("before", "after", "later"), ~session, ~region),
  mean = ni_t(loss, 1), tost = max(t.test(loss, mu = -0.9, alternative = "greater")$p.value, t.test(loss, mu = 0.9, alternative = "less")$p.value),
  tost_interval = unname(unlist(t.test(loss, conf.level = 0.9)$conf.int[1:2]))
)
# Farrington-Manning and Miettinen-Nurminen by maximising the likelihood under p1 - p0 = -margin
margin_test <- function(x1, n1, x0, n0, margin) {
  ll <- function(p0) -(dbinom(x1, n1, p0 - margin, log = TRUE) + dbinom(x0, n0, p0, log = TRUE))
  p0 <- optimize(ll, c(margin + 1e-9, 1 - 1e-9), tol = 1e-13)$minimum; p1 <- p0 - margin
  v <- p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0; d <- x1 / n1 - x0 / n0 + margin
  list(fm = d / sqrt(v), mn = d / sqrt(v * (n1 + n0) / (n1 + n0 - 1)))
}
retention$samples <- margin_test(61, 97, 74, 108, 0.1)

# --- attrition --------------------------------------------------------------------------------------------------------
found <- !is.na(people$later)
n_1 <- function(g) { k <- !is.na(g); t <- chisq.test(g[k], found[k], correct = FALSE); x <- unname(t$statistic) * (sum(k) - 1) / sum(k); c(x, pchisq(x, 1, lower.tail = FALSE)) }
lost <- as.integer(!found); answered <- !is.na(people$before)
lm_lost <- lm(lost ~ arm * before, people); x <- model.matrix(lm_lost); h <- hatvalues(lm_lost); b <- solve(crossprod(x))
three <- interaction(people$sex, people$region); three[three == "M.south"] <- "M.north"
attrition <- list(
  answer = n_1(people$before), arm = n_1(people$arm), part = unname(unlist(chisq.test(factor(three), found, correct = FALSE)[c("statistic", "p.value")])),
  differential = c(coef(lm_lost)[[4]], sqrt((b %*% crossprod(x * resid(lm_lost) / sqrt(1 - h)) %*% b)[4, 4]))
)
# stacked estimating equations, differentiated by numbers
stacked <- function(data, cluster = NULL) {
  z <- model.matrix(~ before + I(sex == "F") + arm, data); r <- as.integer(!is.na(data$later)); y <- ifelse(r == 1, data$later, 0)
  psi <- function(t) { pi <- drop(plogis(z %*% t[1:4])); cbind(z * (r - pi), r / pi * (y - t[5]), data$before - t[6]) }
  g <- coef(glm(r ~ z - 1, binomial, epsilon = 1e-14)); w <- r / plogis(z %*% g)
  t <- c(g, sum(w * y) / sum(w), mean(data$before)); step <- 1e-5
  a <- sapply(1:6, function(i) { e <- replace(numeric(6), i, step); (colSums(psi(t - 2 * e)) - 8 * colSums(psi(t - e)) + 8 * colSums(psi(t + e)) - colSums(psi(t + 2 * e))) / (12 * step) })
  s <- psi(t); k <- 1; if (!is.null(cluster)) { s <- rowsum(s, cluster); k <- nrow(s) / (nrow(s) - 1) }
  v <- solve(a) %*% crossprod(s) %*% t(solve(a)) * k; d <- c(0, 0, 0, 0, 1, -1)
  known <- r / plogis(z %*% g) * (y - t[5]) / sum(w) - (data$before - t[6]) / nrow(data)
  list(value = sum(d * t), se = sqrt(drop(d %*% v %*% d)), known = sqrt(sum(known^2)), weights = range(w[w > 0]), kish = sum(w > 0) * sum(w^2) / sum(w)^2)
}
attrition$weighted <- stacked(people[answered, ]); attrition$weighted_clusters <- stacked(people[answered, ], people$session[answered])[c("value", "se")]

# --- composition ------------------------------------------------------------------------------------------------------
street$cell <- paste(street$sex, street$age); share <- function(x) prop.table(table(x[street$wave == 0]))
changed <- function(design, y) {
  fit <- svyglm(as.formula(paste(y, "~ wave")), subset(design, !is.na(design$variables[[y]])))
  unname(c(coef(fit)[2], SE(fit)[2]))
}
by_wave <- function(design, formula, name) {
  wanted <- expand.grid(wave = 0:1, level = names(share(street[[name]]))); names(wanted)[2] <- name
  wanted$Freq <- as.numeric(share(street[[name]])[as.character(wanted[[name]])]); wanted
}
mixed <- function(ids) {
  design <- svydesign(ids = ids, weights = ~1, data = street)
  raked <- rake(design, list(~ wave + sex, ~ wave + age), list(by_wave(design, ~sex, "sex"), by_wave(design, ~age, "age")), control = list(maxit = 500, epsilon = 1e-14))
  list(raw = changed(design, "knows"), raked = changed(raked, "knows"), raked_score = changed(raked, "score"))
}
composition <- list(people = mixed(~1), blocks = mixed(~site))
common <- intersect(unique(street$cell[street$wave == 0]), unique(street$cell[street$wave == 1]))
target <- prop.table(table(street$cell[street$wave == 0])); composition$covered <- sum(target[common])
here <- subset(street, cell %in% common & !is.na(knows)); pi <- prop.table(target[common])
cells <- with(here, tapply(knows, list(cell, wave), mean))[common, ]
composition$standardised <- sum(pi * (cells[, "1"] - cells[, "0"]))
whole <- subset(street, !(sex == "M" & age == "old") & !is.na(knows)); pw <- prop.table(table(whole$cell[whole$wave == 0]))
post <- postStratify(svydesign(ids = ~1, weights = ~1, data = whole), ~ wave + cell, data.frame(wave = rep(0:1, each = length(pw)), cell = rep(names(pw), 2), Freq = rep(as.numeric(pw), 2)))
composition$post_stratified <- changed(post, "knows")
g_comp <- function(ids, family, y) {
  design <- svydesign(ids = ids, weights = ~1, data = street); fit <- svyglm(as.formula(paste(y, "~ wave + sex + age")), design, family = family, epsilon = 1e-14)
  people <- subset(street, wave == 0); inverse <- family$linkinv
  at <- function(w, beta) mean(inverse(drop(model.matrix(~ wave + sex + age, transform(people, wave = w)) %*% beta)))
  f <- function(beta) at(1, beta) - at(0, beta); beta <- coef(fit)
  gradient <- sapply(seq_along(beta), function(i) { e <- replace(numeric(length(beta)), i, 1e-4); (f(beta - 2 * e) - 8 * f(beta - e) + 8 * f(beta + e) - f(beta + 2 * e)) / 12e-4 })
  c(f(beta), sqrt(drop(gradient %*% vcov(fit) %*% gradient)), fit$df.residual)
}
composition$regression <- g_comp(~1, quasibinomial(), "knows"); composition$regression_blocks <- g_comp(~site, quasibinomial(), "knows")
composition$regression_score <- g_comp(~1, gaussian(), "score")
composition$mix <- unname(unlist(chisq.test(street$age, street$wave, correct = FALSE)[c("statistic", "p.value")]))

jsonlite::write_json(list(retention = retention, attrition = attrition, composition = composition), "followup.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
