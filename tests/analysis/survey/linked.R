# The same people with weights, strata and clusters: what R's survey package makes of linked.csv. Writes linked.json.
# Run: Rscript tests/analysis/survey/linked.R
suppressPackageStartupMessages(library(survey))
library(jsonlite)
here <- "tests/analysis/survey/"
d <- read.csv(paste0(here, "linked.csv"))
d$change <- d$knows_after - d$knows_before
d$score_change <- d$score_after - d$score_before

told <- function(design, item) {
  level <- function(name) {
    part <- subset(design, !is.na(get(name)))
    m <- svymean(reformulate(name), part)
    list(estimate = unname(coef(m)), se = unname(c(SE(m))))
  }
  change <- function(part) {
    part <- subset(part, !is.na(get(item)))
    m <- svymean(reformulate(item), part)
    df <- degf(part)
    t <- unname(coef(m) / SE(m))[1]
    list(difference = unname(coef(m)), se = unname(c(SE(m))), df = df, p = 2 * pt(-abs(t), df),
         low = unname(confint(m, df = df)[1]), high = unname(confint(m, df = df)[2]), n = nrow(part$variables))
  }
  list(before = level("knows_before"), after = level("knows_after"), all = change(design),
       women = change(subset(design, sex == "F")))
}

clustered <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d)
people <- svydesign(ids = ~who, strata = ~stratum, weights = ~weight, data = d)
whole <- svydesign(ids = ~who, strata = ~stratum, weights = ~weight, fpc = ~population, data = d)
found <- list(clustered = told(clustered, "change"), people = told(people, "change"), fpc = told(whole, "change"),
              score = told(clustered, "score_change"))
write(toJSON(found, auto_unbox = TRUE, digits = 15, pretty = TRUE), paste0(here, "linked.json"))
