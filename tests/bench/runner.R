# Runs DESeq2 on one table, once for each line of standard input; prints what runner.py prints.
suppressPackageStartupMessages(library(DESeq2))

arguments <- commandArgs(TRUE)
n_features <- as.integer(arguments[2])
n_samples <- as.integer(arguments[3])
values <- readBin(arguments[1], "integer", n_features * n_samples, size = 4, endian = "little")
counts <- matrix(values, n_features, dimnames = list(seq_len(n_features) - 1, paste0("s", seq_len(n_samples) - 1)))
late <- seq_len(n_samples) > n_samples %/% 2
samples <- data.frame(group = factor(ifelse(late, "b", "a")), row.names = colnames(counts))
cat(as.character(packageVersion("DESeq2")), "\n", sep = "")

input <- file("stdin", "r")
while (length(readLines(input, 1)) > 0) {
  times <- system.time({
    dataset <- suppressMessages(DESeqDataSetFromMatrix(counts, samples, ~group))
    table <- results(DESeq(dataset, quiet = TRUE), alpha = 0.05)
  })
  calls <- rownames(table)[which(table$padj < 0.05)]
  answer <- '{"seconds": %.6f, "processor": %.6f, "calls": [%s]}\n'
  cat(sprintf(answer, times["elapsed"], times["user.self"] + times["sys.self"], paste(calls, collapse = ", ")))
  flush(stdout())
}
