# The variance of the prior that DESeq2 1.38 finds in residuals which both languages make from one formula.
# Run from this folder: Rscript prior.R      Debian: r-bioc-deseq2
suppressMessages(library(DESeq2))

residuals_of <- function(n, df, variance) {
  i <- seq_len(n)
  log(qchisq((i - 0.5) / n, df) / df) + sqrt(variance) * qnorm((i * 0.6180339887498949) %% 1)
}
found <- NULL
for (n in c(60, 400, 3000)) for (df in 1:3) for (variance in c(0, 0.4, 1, 3)) {
  dds <- makeExampleDESeqDataSet(n = n, m = 2 + df)
  mcols(dds)$allZero <- FALSE
  mcols(dds)$dispGeneEst <- exp(residuals_of(n, df, variance))
  mcols(dds)$dispFit <- 1
  dds@dispersionFunction <- structure(function(q) 1, varLogDispEsts = 1)
  prior <- DESeq2:::estimateDispersionsPriorVar(dds, modelMatrix = model.matrix(~condition, colData(dds)))
  found <- rbind(found, c(n, df, variance, prior))
}
colnames(found) <- c("n", "degrees", "planted", "prior_variance")
write.table(format(found, digits = 12, trim = TRUE), "prior.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
