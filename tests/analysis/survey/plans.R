# An invented survey of three waves, and what R's survey package makes of it.
# Run from the root: Rscript tests/analysis/survey/plans.R
suppressMessages({library(survey); library(jsonlite)})
here <- "tests/analysis/survey/"
set.seed(20261125)
d <- expand.grid(wave = c("before", "after", "late"), cluster = 1:8, stratum = c("coast", "hills", "town"), person = 1:9,
                 stringsAsFactors = FALSE)
d <- d[runif(nrow(d)) < 0.85 & !(d$cluster == 2 & d$wave == "late") & !(d$stratum == "town" & d$cluster == 8 & d$wave == "before"), ]
level <- rnorm(24, 0, 0.5)[(match(d$stratum, c("coast", "hills", "town")) - 1) * 8 + d$cluster]
d$sex <- ifelse(runif(nrow(d)) < 0.6, "F", "M"); d$age <- sample(c("young", "middle", "old"), nrow(d), TRUE)
d$arm <- ifelse(d$cluster %% 2 == 0, "with", "without")
d$weight <- round(exp(rnorm(nrow(d), 3, 0.4)), 3)
drive <- level + c(before = -0.6, after = 0.9, late = 0.5)[d$wave] + 0.4 * (d$sex == "F") - 0.2 * (d$age == "old")
missing <- function(y, share) ifelse(runif(length(y)) < share, NA, y)
d$knows <- missing(as.integer(runif(nrow(d)) < plogis(drive)), 0.06)
d$fears <- missing(as.integer(runif(nrow(d)) < plogis(-drive)), 0.04)
d$score <- missing(round(10 + 2 * drive + rnorm(nrow(d), 0, 2), 1), 0.05)
d$attitude <- missing(pmin(pmax(round(3 + drive / 2 + rnorm(nrow(d))), 1), 5), 0.05)
d$person <- NULL
write.csv(d, paste0(here, "plans.csv"), row.names = FALSE, na = "")
waves <- c("before", "after", "late"); ys <- c(knows = "knows", fears = "fears", score = "score")
d$wave <- factor(d$wave, waves); d$agef <- factor(d$age)

designs <- list(
  same = svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d),
  new = svydesign(ids = ~cluster, strata = ~interaction(wave, stratum), weights = ~weight, nest = TRUE, data = d))
known <- function(design, y, at = waves) {
  s <- subset(design, wave %in% at & !is.na(design$variables[[y]])); s$variables$wave <- factor(s$variables$wave, at); s
}
term <- function(g, name = NULL) {
  at <- if (is.null(name)) 2 else name
  list(value = coef(g)[[at]], se = SE(g)[[at]], df = g$df.residual, p = 2 * pt(-abs(coef(g)[[at]] / SE(g)[[at]]), g$df.residual))
}
logit <- function(f, design) { # glm keeps the weights of the step before the last, so: once more from the end
  first <- suppressWarnings(svyglm(f, design, family = quasibinomial, epsilon = 1e-14))
  suppressWarnings(eval(bquote(svyglm(f, design, family = quasibinomial, epsilon = 1e-14, start = .(coef(first))))))
}
pairs <- list(before_after = c("before", "after"), before_late = c("before", "late"), after_late = c("after", "late"))
models <- function(design) lapply(ys, function(y) lapply(pairs, function(at) {
  s <- known(design, y, at); f <- function(right) as.formula(paste(y, "~", right))
  out <- list(svyglm_identity = term(svyglm(f("wave"), s)), svyglm_identity_adjusted = term(svyglm(f("wave + sex + agef"), s)),
              women = term(svyglm(f("wave"), subset(s, sex == "F"))),
              arm = term(svyglm(f("wave"), subset(s, arm == "with"))), did = term(svyglm(f("wave * I(arm == \"with\")"), s), 4))
  if (y != "score") out <- c(out, list(svyglm_logit = term(logit(f("wave"), s)), arm_logit = term(logit(f("wave"), subset(s, arm == "with"))),
    svyglm_logit_adjusted = term(logit(f("wave + sex + agef"), s)),
    old = term(logit(f("wave + sex + relevel(agef, \"middle\")"), s), 4)))
  out
}))
retention <- function(design) lapply(ys, function(y) {
  s <- known(design, y); df <- degf(s); b <- svyby(as.formula(paste0("~", y)), ~wave, s, svymean, covmat = TRUE)
  change <- function(weights, at) {
    m <- svycontrast(b, weights); t <- qt(0.975, degf(known(design, y, at)))
    list(difference = coef(m)[[1]], se = SE(m)[[1]], low = coef(m)[[1]] - t * SE(m)[[1]], high = coef(m)[[1]] + t * SE(m)[[1]],
         df = degf(known(design, y, at)))
  }
  both <- svycontrast(b, list(kept = c(-1, 0, 1), gain = c(-1, 1, 0))); V <- vcov(both); m <- unname(coef(both))
  ratio <- svycontrast(b, quote((late - before) / (after - before)))
  distance <- function(r) (m[1] - r * m[2])^2 - qt(0.975, df)^2 * (V[1, 1] - 2 * r * V[1, 2] + r^2 * V[2, 2])
  root <- function(range) uniroot(distance, range, tol = 1e-14)$root
  value <- m[1] / m[2]
  list(since = change(c(0, -1, 1), c("after", "late")), gain = change(c(-1, 1, 0), c("before", "after")),
       remains = change(c(-1, 0, 1), c("before", "late")), df = df, share = coef(ratio)[[1]], share_se = SE(ratio)[[1]],
       fieller = c(root(c(value - 3, value)), root(c(value, value + 3))))
})
shares <- list(sex = c(F = 0.52, M = 0.48), age = c(middle = 0.4, old = 0.25, young = 0.35))
composition <- function(design) lapply(ys, function(y) {
  s <- subset(design, wave %in% c("before", "after")); s$variables$wave <- factor(s$variables$wave, c("before", "after"))
  size <- tapply(weights(s), s$variables$wave, sum)
  margin <- function(name) { m <- expand.grid(wave = names(size), group = names(shares[[name]]), stringsAsFactors = FALSE)
    out <- data.frame(m, Freq = size[m$wave] * shares[[name]][m$group]); names(out)[2] <- name; out }
  change <- function(made) { # svyby fails on parts of a calibrated design, so: the delta method on totals
    here <- !is.na(made$variables[[y]]); v <- ifelse(here, made$variables[[y]], 0)
    late <- made$variables$wave == "after"
    full <- update(made, y0 = v * !late, n0 = here * !late, y1 = v * late, n1 = here * late)
    m <- svycontrast(svytotal(~y0 + n0 + y1 + n1, full), quote(y1 / n1 - y0 / n0))
    list(difference = coef(m)[[1]], se = SE(m)[[1]], df = degf(subset(made, here)))
  }
  raked <- rake(s, list(~wave + sex, ~wave + age), list(margin("sex"), margin("age")), control = list(maxit = 500, epsilon = 1e-11))
  # means of those who answered, each part by its share: with the others a part that answered less would count for less
  post <- postStratify(subset(s, !is.na(s$variables[[y]])), ~wave + sex, margin("sex"))
  list(raked = change(raked), post = change(post))
})
all <- function(f) lapply(designs, f)
write_json(list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")), models = all(models),
  retention = all(retention), composition = all(composition)),
  paste0(here, "plans.json"), digits = NA, auto_unbox = TRUE)
