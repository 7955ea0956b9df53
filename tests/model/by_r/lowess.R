# R's lowess of numbers of calls at 50 cut-offs, of the kinds that independent filtering meets.
# Run from this folder: Rscript lowess.R
set.seed(1)
plateau <- c(rep(11, 6), rep(12, 33), 11, 11, 8, 8, 6, 5, 3, 2, 0, 1, 1)
kinds <- list(plateau, rep(42, 50), c(rep(34, 40), 34 - 2 * 1:10), c(rep(20, 30), rep(21, 3), rep(12, 17)),
              round(100 * (1 - exp(-seq(0, 3, length = 50))) + rnorm(50, 0, 1.5)),
              pmax(0, round(60 - 80 * seq(0, 1, length = 50)^3 + rnorm(50))))
out <- NULL
for (calls in kinds) for (lowest in c(0, 0.31)) {
  share <- seq(lowest, 0.95, length = 50)
  curve <- lowess(calls ~ share, f = 1 / 5)$y
  left <- calls[calls > 0] - curve[calls > 0]
  above <- which(calls > max(curve) - sqrt(mean(left^2)))
  cutoff <- if (length(above)) above[1] - 1 else 0
  out <- rbind(out, c(lowest, cutoff, calls, formatC(curve, digits = 12, format = "g")))
}
write.table(out, "lowess.tsv", sep = "\t", quote = FALSE, row.names = FALSE, col.names = FALSE)
