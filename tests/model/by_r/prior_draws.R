# What DESeq2 1.38's estimateDispersionsPriorVar draws where there are three residual degrees of freedom or fewer: always
# the same, as it sets the seed. Run from this folder: Rscript prior_draws.R, and put two lines of comment before it.
breaks <- -20:20 / 2
for (df in 1:3) {
  set.seed(2)
  for (variance in seq(0, 8, length = 200)) {
    drawn <- log(rchisq(10000, df = df)) + rnorm(10000, 0, sqrt(variance)) - log(df)
    drawn <- drawn[drawn > min(breaks) & drawn < max(breaks)]
    cat(df, hist(drawn, breaks = breaks, plot = FALSE)$counts, sep = "\t", append = TRUE, file = "prior_draws.tsv")
    cat("\n", append = TRUE, file = "prior_draws.tsv")
  }
}
