# The R side of bench/analysis.py: Rscript survey.R DATA.csv RESULTS.json
arguments <- commandArgs(TRUE)
suppressMessages({library(survey); library(jsonlite)})
now <- function() proc.time()[["elapsed"]]
start <- now()
d <- if (requireNamespace("data.table", quietly = TRUE)) as.data.frame(data.table::fread(arguments[1], nThread = 2)) else read.csv(arguments[1])
reading <- now() - start

start <- now()
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = d)
items <- paste0("q", 0:39)
change <- function(design) sapply(items, function(item) {
  model <- svyglm(as.formula(paste(item, "~ wave")), design)
  c(coef(model)[[2]], SE(model)[[2]])
})
overall <- change(design)
parts <- lapply(0:1, function(s) lapply(0:3, function(a) change(design[d$sex == s & d$age == a, ])))
parts <- do.call(c, parts)
f <- sapply(items, function(item) svychisq(as.formula(paste("~", item, "+ wave")), design)$statistic[[1]])
seconds <- now() - start

write_json(list(reading = reading, seconds = seconds, difference = overall[1, ], se = overall[2, ],
  segment_difference = sapply(parts, function(p) p[1, ]), segment_se = sapply(parts, function(p) p[2, ]), f = f),
  arguments[2], digits = NA, auto_unbox = TRUE, dataframe = "values", matrix = "rowmajor")
