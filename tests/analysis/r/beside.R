# R's values of what stands beside a change: likeness within sessions, ends of a scale, bounds of losses; into beside.json:
#   cd tests/analysis/r && Rscript beside.R
# Needs jsonlite and survey (Debian: r-cran-jsonlite, r-cran-survey). Uses learners.csv and ../models/r/followup.csv.

suppressPackageStartupMessages(library(survey))
learners <- read.csv("learners.csv"); people <- read.csv("../models/r/followup.csv")

likeness <- function(d, session) { # analysis of variance: between and within sessions
  whole <- !is.na(d); d <- d[whole]; session <- factor(session[whole]); squares <- summary(aov(d ~ session))[[1]][["Mean Sq"]]
  m <- table(session); n <- length(d); typical <- (n - sum(m^2) / n) / (length(m) - 1)
  design <- svydesign(ids = ~session, weights = ~1, data = data.frame(d, session))
  deff <- as.numeric(SE(svymean(~d, design)))^2 / (var(d) / n)
  list(clusters = length(m), n = n, icc = (squares[1] - squares[2]) / (squares[1] + (typical - 1) * squares[2]),
       deff = deff, n_effective = n / deff)
}
ends <- function(x, low, high) c(mean(x == low, na.rm = TRUE), mean(x == high, na.rm = TRUE))
quiz <- rowSums(learners[paste0("k", 1:4)])

newcombe10 <- function(before, after) {
  n <- length(before); wilson <- function(x) prop.test(sum(x), n, correct = FALSE)$conf.int[1:2]; p <- c(mean(before), mean(after))
  t <- table(factor(before, 1:0), factor(after, 1:0)); top <- t[1, 1] * t[2, 2] - t[1, 2] * t[2, 1]; if (top > 0) top <- max(top - n / 2, 0)
  phi <- top / sqrt(prod(rowSums(t)) * prod(colSums(t))); w <- list(wilson(before), wilson(after)); root <- function(u, v) sqrt(u^2 - 2 * phi * u * v + v^2)
  p[2] - p[1] + c(-root(p[2] - w[[2]][1], w[[1]][2] - p[1]), root(w[[2]][2] - p[2], p[1] - w[[1]][1]))
}
bounds <- local({
  known <- people[!is.na(people$before), ]; filled <- function(value) ifelse(is.na(known$later), value, known$later)
  list(low = mean(filled(0) - known$before), high = mean(filled(1) - known$before),
       interval = c(newcombe10(known$before, filled(0))[1], newcombe10(known$before, filled(1))[2]))
})
values <- list(
  knows = with(learners, likeness(knows_after - knows_before, session)), score = with(learners, likeness(score_after - score_before, session)),
  quiz_ends = ends(quiz, 0, 4), likert_ends = ends(learners$likert_after, 1, 5), bounds = bounds
)
jsonlite::write_json(values, "beside.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
