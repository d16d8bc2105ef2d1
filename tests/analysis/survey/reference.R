# What R's survey package makes of survey.csv. Run from the root: Rscript tests/analysis/survey/reference.R
suppressMessages({library(survey); library(jsonlite)})
here <- "tests/analysis/survey/"
d <- read.csv(paste0(here, "survey.csv"))
d$wave_stratum <- interaction(d$wave, d$stratum)
d$level <- factor(d$attitude)
d$sexf <- factor(d$sex); d$agef <- factor(d$age)

designs <- list(
  clusters = list("fail", function() svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d)),
  fpc = list("fail", function() svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~fpc, nest = TRUE, data = d)),
  new = list("fail", function() svydesign(ids = ~cluster, strata = ~wave_stratum, weights = ~weight, nest = TRUE, data = d)),
  rows = list("fail", function() svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = d)),
  rows_fpc = list("fail", function() svydesign(ids = ~1, strata = ~stratum, weights = ~weight, fpc = ~I(fpc * 20), data = d)),
  weights = list("fail", function() svydesign(ids = ~1, weights = ~weight, data = d)),
  unstratified = list("fail", function() svydesign(ids = ~interaction(stratum, cluster), weights = ~weight, data = d)))
for (rule in c("adjust", "remove", "average", "certainty")) local({
  lonely <- rule
  designs[[rule]] <<- list(lonely, function() svydesign(ids = ~cluster, strata = ~lonely, weights = ~weight, nest = TRUE, data = d))
})
with_rule <- function(rule, made) { options(survey.lonely.psu = rule); made }

one_mean <- function(design, y) {
  design <- subset(design, !is.na(design$variables[[y]])); f <- as.formula(paste0("~", y))
  m <- svymean(f, design, deff = "replace"); finite <- svymean(f, design, deff = TRUE)
  list(estimate = coef(m)[[1]], se = SE(m)[[1]], df = degf(design), n = nrow(design),
       deff = deff(m)[[1]], deff_finite = deff(finite)[[1]], total = coef(svytotal(f, design))[[1]],
       se_total = SE(svytotal(f, design))[[1]])
}
one_change <- function(design, y) {
  design <- subset(design, !is.na(design$variables[[y]]))
  g <- svyglm(as.formula(paste0(y, "~wave")), design)
  list(difference = coef(g)[[2]], se = SE(g)[[2]], df = degf(design))
}
one_did <- function(design, y) {
  g <- svyglm(as.formula(paste0(y, "~wave*arm")), design)
  list(difference = coef(g)[[4]], se = SE(g)[[4]])
}
table_tests <- function(design, f) {
  one <- function(s) { t <- svychisq(f, design, statistic = s); c(t$statistic[[1]], t$p.value[[1]], t$parameter) }
  F <- one("F"); first <- one("Chisq"); wald <- one("Wald"); adjusted <- one("adjWald")
  list(f = F[[1]], p = F[[2]], ndf = F[[3]], ddf = F[[4]], pearson = first[[1]], p_first_order = first[[2]],
       wald = wald[[1]], p_wald = wald[[2]], adjusted_wald = adjusted[[1]], p_adjusted_wald = adjusted[[2]])
}
known <- function(design, y) subset(design, !is.na(design$variables[[y]]))
by_design <- lapply(designs, function(pair) {
  options(survey.lonely.psu = pair[[1]]); design <- pair[[2]]()
  ys <- c("knows", "would_report", "attitude", "score"); names(ys) <- ys
  out <- lapply(ys, function(y) list(
    means = lapply(0:1, function(w) one_mean(subset(design, wave == w), y)),
    change = one_change(design, y), did = one_did(design, y),
    change_by_sex = lapply(c("F", "M"), function(s) one_change(subset(design, sex == s), y)),
    change_by_sex_age = lapply(c("F", "M"), function(s) lapply(sort(unique(d$age)), function(a) one_change(subset(design, sex == s & age == a), y)))))
  out$tables <- list(knows = table_tests(known(design, "knows"), ~knows + wave),
                     would_report = table_tests(design, ~would_report + wave),
                     knows_women = table_tests(subset(known(design, "knows"), sex == "F"), ~knows + wave),
                     attitude = table_tests(known(design, "attitude"), ~level + wave))
  out
})

options(survey.lonely.psu = "fail")
clusters <- designs$clusters[[2]](); fpc <- designs$fpc[[2]]()
proportion <- function(design, y) {
  f <- as.formula(paste0("~", y)); design <- known(design, y); m <- svymean(f, design)
  methods <- c("mean", "logit", "beta", "asin"); names(methods) <- methods
  list(p = coef(m)[[1]], se = SE(m)[[1]], df = degf(design), n = nrow(design),
       limits = lapply(methods, function(method) as.numeric(attr(svyciprop(f, design, method = method), "ci"))))
}
intervals <- list(proportion(subset(clusters, wave == 0), "knows"), proportion(subset(clusters, wave == 1), "would_report"))
model <- function(g) list(coefficients = unname(coef(g)), se = unname(SE(g)), df = g$df.residual,
                          covariance = unname(vcov(g)))
logit <- function(f, design) { # glm keeps the weights of the step before the last, so: once more from the end
  first <- suppressWarnings(svyglm(f, design, family = quasibinomial, epsilon = 1e-14))
  model(suppressWarnings(eval(bquote(svyglm(f, design, family = quasibinomial, epsilon = 1e-14, start = .(coef(first)))))))
}
models <- lapply(list(clusters = clusters, fpc = fpc, rows = designs$rows[[2]]()), function(design) list(
  identity = model(svyglm(score ~ wave * arm + sexf + agef, design)),
  logit = logit(knows ~ wave * arm + sexf + agef, design),
  logit_women = logit(knows ~ wave, subset(design, sex == "F"))))
interaction_term <- function(design) {
  test <- regTermTest(svyglm(knows ~ wave * agef, known(design, "knows")), ~wave:agef, df = degf(known(design, "knows")))
  list(f = test$Ftest[[1]], p = test$p[[1]], df = degf(known(design, "knows")))
}
rank <- function(f, design) {
  t <- svyranktest(f, design)
  if (is.null(t$ddf)) list(statistic = t$statistic[[1]], ddf = t$parameter[[1]], p = t$p.value[[1]], difference = t$estimate[[1]])
  else list(statistic = t$parameter[[1]] / t$statistic[[1]], ddf = t$ddf, p = t$p.value[[1]])
}
equal <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~1, nest = TRUE, data = d)
set.seed(1); d$untied <- d$score + seq_len(nrow(d)) * 1e-6
distinct <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d)
ranks <- list(untied = rank(untied ~ wave, distinct), untied_ages = rank(untied ~ agef, distinct),
  equal_weights = rank(attitude ~ wave, equal), equal_weights_ages = rank(attitude ~ agef, equal),
  row_order = rank(attitude ~ wave, clusters))

jackknife <- function(pair, mse) {
  options(survey.lonely.psu = pair[[1]])
  r <- as.svrepdesign(pair[[2]](), type = "JKn", mse = mse)
  m <- svyby(~would_report, ~wave, r, svymean, covmat = TRUE)
  list(means = unname(coef(m)), covariance = unname(vcov(m)), df = degf(r))
}
jackknives <- lapply(designs[c("clusters", "fpc", "new", "adjust", "remove", "average")], function(pair)
  list(around_mean = jackknife(pair, FALSE), around_estimate = jackknife(pair, TRUE)))
options(survey.lonely.psu = "fail")

population <- list(sex = data.frame(sex = c("F", "M"), Freq = c(3000, 2800)),
                   age = data.frame(age = c("18-24", "25-44", "45+"), Freq = c(1500, 2500, 1800)))
cells <- data.frame(sex = rep(c("F", "M"), each = 3), age = rep(c("18-24", "25-44", "45+"), 2),
                    Freq = c(800, 1300, 900, 700, 1200, 900))
after <- function(design) {
  g <- svyglm(would_report ~ wave + arm, design)
  one <- function(y, d = design) {
    m <- lapply(0:1, function(w) svymean(as.formula(paste0("~", y)), subset(d, wave == w), na.rm = TRUE))
    list(means = sapply(m, coef), se = sapply(m, SE))
  }
  change <- function(y, within) { # svyglm fails on parts of a calibrated design, so: the delta method on totals
    here <- within & !is.na(d[[y]]); v <- ifelse(here, d[[y]], 0)
    full <- update(design, y0 = v * (wave == 0), n0 = here * (wave == 0), y1 = v * (wave == 1), n1 = here * (wave == 1))
    m <- svycontrast(svytotal(~y0 + n0 + y1 + n1, full), quote(y1 / n1 - y0 / n0))
    list(difference = coef(m)[[1]], se = SE(m)[[1]])
  }
  list(weights = unname(weights(design)), knows = one("knows"), score = one("score"),
       women = one("knows", subset(design, sex == "F")),
       change_knows = change("knows", TRUE), change_score_women = change("score", d$sex == "F"), model = model(g))
}
adjusted <- lapply(list(clusters = clusters, fpc = fpc, rows = designs$rows[[2]]()), function(design) list(
  rake = after(rake(design, list(~sex, ~age), population, control = list(maxit = 500, epsilon = 1e-10))),
  raking = after(calibrate(design, list(~sex, ~age), population, calfun = "raking", epsilon = 1e-13, maxit = 200)),
  linear = after(calibrate(design, list(~sex, ~age), population, calfun = "linear")),
  post = after(postStratify(design, ~sex + age, cells))))

icc <- function(y, group) {
  a <- anova(lm(y ~ factor(group))); k <- a$Df[1] + 1; n <- tapply(y, group, length)
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (k - 1); ms <- a$`Mean Sq`
  (ms[1] - ms[2]) / (ms[1] + (n0 - 1) * ms[2])
}
iccs <- lapply(c(knows = "knows", score = "score"), function(y) sapply(0:1, function(w) {
  s <- d[d$wave == w & !is.na(d[[y]]), ]; icc(s[[y]], paste(s$stratum, s$cluster)) }))

write_json(list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")), designs = by_design,
  intervals = intervals, models = models, interaction = interaction_term(clusters), ranks = ranks,
  jackknives = jackknives, adjusted = adjusted, icc = iccs),
  paste0(here, "reference.json"), digits = NA, auto_unbox = TRUE, pretty = FALSE)
