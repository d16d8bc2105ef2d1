# R's values for the visitors of visitors.csv by how often they heard of the campaign, into exposure.json:
#   cd tests/analysis/r && Rscript exposure.R
# Needs jsonlite (Debian: r-cran-jsonlite); the rest is base R.

visitors <- read.csv("visitors.csv"); visitors$heard[c(3, 40)] <- NA; visitors$score[7] <- NA
few <- subset(visitors, !(heard == 3 & duplicated(ifelse(heard %in% 3, 3, seq_along(heard) + 3)))) # one person heard 3 times
shares <- function(data) lapply(split(data$knows, data$heard), function(x)
  list(n = length(x), x = sum(x), interval = prop.test(sum(x), length(x), correct = FALSE)$conf.int[1:2]))
scores <- function(data) lapply(split(data$score, data$heard), function(x) {
  t <- t.test(x); list(n = sum(!is.na(x)), mean = mean(x, na.rm = TRUE), interval = t$conf.int[1:2]) })
trend <- function(data) with(data, {
  found <- prop.trend.test(tapply(knows, heard, sum), tapply(knows, heard, length)); c(found$statistic[[1]], found$p.value) })
line <- function(data) unname(c(summary(lm(score ~ heard, data))$coef[2, ], lm(score ~ heard, data)$df.residual))

values <- suppressWarnings(list(
  binary = shares(visitors), score = scores(visitors), trend = trend(visitors), trend_few = trend(few), few = sum(few$heard == 3, na.rm = TRUE),
  line = line(visitors)
))
jsonlite::write_json(values, "exposure.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
