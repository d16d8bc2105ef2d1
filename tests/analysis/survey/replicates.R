# What R's survey package makes of survey.csv by the stratified jackknife. Run from the root:
# Rscript tests/analysis/survey/replicates.R
suppressMessages({library(survey); library(jsonlite)})
here <- "tests/analysis/survey/"
d <- read.csv(paste0(here, "survey.csv")); d$wave <- factor(d$wave); d$arm <- factor(d$arm)
designs <- list(
  clusters = list("fail", function() svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d)),
  fpc = list("fail", function() svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, fpc = ~fpc, nest = TRUE, data = d)),
  new = list("fail", function() svydesign(ids = ~cluster, strata = ~interaction(wave, stratum), weights = ~weight, nest = TRUE, data = d)),
  rows = list("fail", function() svydesign(ids = ~1, strata = ~interaction(wave, stratum), weights = ~weight, data = d)))
for (rule in c("adjust", "remove", "average")) local({ lonely <- rule
  designs[[rule]] <<- list(lonely, function() svydesign(ids = ~cluster, strata = ~lonely, weights = ~weight, nest = TRUE, data = d)) })
told <- function(made, df) list(value = coef(made)[[1]], se = SE(made)[[1]], df = df)
one <- function(r, y) {
  r <- subset(r, !is.na(r$variables[[y]])); f <- as.formula(paste0("~", y)); df <- degf(r)
  change <- function(part) svycontrast(svyby(f, ~wave, part, svymean, covmat = TRUE), c(-1, 1))
  did <- svycontrast(svyby(f, ~wave + arm, r, svymean, covmat = TRUE), c(1, -1, -1, 1))
  women <- subset(r, sex == "F")
  level <- svymean(f, subset(r, wave == levels(wave)[1]))
  out <- list(level = told(level, degf(subset(r, wave == levels(wave)[1]))), change = told(change(r), df),
              women = told(change(women), degf(women)), did = told(did, df))
  if (y == "score") return(out)
  odds <- function(f, at) { g <- suppressWarnings(svyglm(f, r, family = quasibinomial, epsilon = 1e-14, return.replicates = FALSE))
    list(value = coef(g)[[at]], se = SE(g)[[at]]) }
  c(out, list(odds = odds(as.formula(paste(y, "~ wave")), 2), did_odds = odds(as.formula(paste(y, "~ wave * arm")), 4)))
}
ys <- c(knows = "knows", would_report = "would_report", score = "score")
found <- lapply(designs, function(pair) {
  options(survey.lonely.psu = pair[[1]]); r <- as.svrepdesign(pair[[2]](), type = "JKn"); lapply(ys, function(y) one(r, y)) })
write_json(list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")), designs = found,
  arms = levels(d$arm)), paste0(here, "replicates.json"), digits = NA, auto_unbox = TRUE)
