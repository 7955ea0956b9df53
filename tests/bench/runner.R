# Runs an engine of R on one table, once for each line of standard input; prints what runner.py prints.
#     Rscript runner.R DESeq2|glmGamPoi|edgeR TABLE FEATURES SAMPLES
arguments <- commandArgs(TRUE)
engine <- arguments[1]
n_features <- as.integer(arguments[3])
n_samples <- as.integer(arguments[4])
suppressPackageStartupMessages(library(engine, character.only = TRUE))
values <- readBin(arguments[2], "integer", n_features * n_samples, size = 4, endian = "little")
counts <- matrix(values, n_features, dimnames = list(seq_len(n_features) - 1, paste0("s", seq_len(n_samples) - 1)))
late <- seq_len(n_samples) > n_samples %/% 2
samples <- data.frame(group = factor(ifelse(late, "b", "a")), row.names = colnames(counts))

# Each with the settings that its own manual begins with; adjusted p-values, named by feature.
engines <- list(
  DESeq2 = function() {
    dataset <- suppressMessages(DESeqDataSetFromMatrix(counts, samples, ~group))
    table <- results(DESeq(dataset, quiet = TRUE), alpha = 0.05)
    setNames(table$padj, rownames(table))
  },
  glmGamPoi = function() {
    fit <- glm_gp(counts, ~group, col_data = samples)
    table <- test_de(fit, reduced_design = ~1)
    setNames(table$adj_pval, table$name)
  },
  edgeR = function() {
    design <- model.matrix(~group, samples)
    dataset <- estimateDisp(calcNormFactors(DGEList(counts)), design)
    table <- topTags(glmQLFTest(glmQLFit(dataset, design)), n = Inf)$table
    setNames(table$FDR, rownames(table))
  }
)
cat(as.character(packageVersion(engine)), "\n", sep = "")

input <- file("stdin", "r")
while (length(readLines(input, 1)) > 0) {
  times <- system.time(adjusted <- engines[[engine]]())
  calls <- names(adjusted)[which(adjusted < 0.05)]
  answer <- '{"seconds": %.6f, "processor": %.6f, "calls": [%s]}\n'
  cat(sprintf(answer, times["elapsed"], times["user.self"] + times["sys.self"], paste(calls, collapse = ", ")))
  flush(stdout())
}
