# Replicate weights of survey.csv as a provider would publish them, and what R's survey package makes of them.
# Run from the root: Rscript tests/analysis/survey/replicate_weights.R
suppressMessages({library(survey); library(jsonlite)})
here <- "tests/analysis/survey/"
d <- read.csv(paste0(here, "survey.csv")); d$wave <- factor(d$wave)
psu <- as.integer(factor(paste(d$stratum, d$cluster)))  # in pairs, for balanced repeated replication
d$pair <- (psu - 1) %/% 2; d$psu <- ifelse(psu == max(psu) & max(psu) %% 2 == 1, psu - 2, psu)
d$pair[d$psu == max(psu) - 2 & max(psu) %% 2 == 1] <- (max(psu) - 3) %/% 2
one_stage <- svydesign(ids = ~psu, weights = ~weight, data = d)
paired <- svydesign(ids = ~psu, strata = ~pair, weights = ~weight, data = d)
stratified <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d)
set.seed(20261126)
totals <- function(r) { t <- as.data.frame(xtabs(weight ~ sex, d)); postStratify(r, ~sex, t) }
made <- list(jk1 = as.svrepdesign(one_stage, type = "JK1"), jkn = as.svrepdesign(stratified, type = "JKn"),
  brr = as.svrepdesign(paired, type = "BRR"), fay = as.svrepdesign(paired, type = "Fay", fay.rho = 0.3),
  bootstrap = totals(as.svrepdesign(stratified, type = "subbootstrap", replicates = 24)))
columns <- lapply(made, function(r) round(weights(r, type = "analysis"), 4))
for (name in names(columns)) colnames(columns[[name]]) <- paste0(name, "_", seq_len(ncol(columns[[name]])))
write.csv(do.call(cbind, unname(columns)), paste0(here, "replicate_weights.csv"), row.names = FALSE, quote = FALSE)
published <- read.csv(paste0(here, "replicate_weights.csv"))
types <- c(jk1 = "JK1", jkn = "JKn", brr = "BRR", fay = "Fay", bootstrap = "bootstrap")
told <- function(made, df) list(value = coef(made)[[1]], se = SE(made)[[1]], df = df)
one <- function(r, y) {
  r <- subset(r, !is.na(r$variables[[y]])); f <- as.formula(paste0("~", y))
  change <- function(part) svycontrast(svyby(f, ~wave, part, svymean, covmat = TRUE), c(-1, 1))
  first <- subset(r, wave == levels(wave)[1]); women <- subset(r, sex == "F")
  out <- list(level = told(svymean(f, first), degf(first)), change = told(change(r), degf(r)),
              women = told(change(women), degf(women)))
  if (y == "score") return(out)
  g <- suppressWarnings(svyglm(as.formula(paste(y, "~ wave")), r, family = quasibinomial, epsilon = 1e-14))
  ci <- attr(svyciprop(f, first, method = "xlogit", df = degf(first)), "ci")
  c(out, list(odds = list(value = coef(g)[[2]], se = SE(g)[[2]]), interval = as.numeric(ci)))
}
ys <- c(knows = "knows", would_report = "would_report", score = "score")
found <- lapply(names(types), function(name) {
  rscales <- if (name == "jkn") made$jkn$rscales
  r <- suppressWarnings(svrepdesign(variables = d, repweights = published[, grep(paste0("^", name, "_"), names(published))],
    weights = d$weight, type = types[[name]], combined.weights = TRUE, mse = TRUE, rscales = rscales,
    rho = if (name == "fay") 0.3))
  list(rscales = as.numeric(r$rscales), scale = r$scale, degf = degf(r), items = lapply(ys, function(y) one(r, y)))
})
write_json(list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")),
  types = setNames(found, names(types))), paste0(here, "replicate_weights.json"), digits = NA, auto_unbox = TRUE)
