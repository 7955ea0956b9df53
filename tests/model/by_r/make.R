# R's results for the table of `table_with_outliers` in ../reference.py, which both languages make from one formula.
# Run from this folder: Rscript make.R      Debian: r-bioc-deseq2
suppressMessages(library(DESeq2))

j <- 0:15
i <- 0:149
counts <- t(sapply(i, function(i) {
  mean <- 6 * 1.05^i * (1 + 0.15 * (j %% 3)) * ifelse(j >= 8 & i %% 5 == 0, 2.5, 1)
  spread <- sqrt(2 * (1 / mean + 0.04 + 2 / mean))
  pmax(round(mean * (1 + spread * sin(12.9898 * i + 78.233 * j + 3.1 * i * j))), 0)
}))
counts[31, 3] <- 40000; counts[51, 13] <- 90000
counts[78, ] <- 0; counts[91, ] <- 0
counts[78, 6] <- 300
counts[91, 9:16] <- c(0, 3, 0, 7, 0, 0, 5, 800)
dimnames(counts) <- list(paste0("f", i), paste0("s", j))
mode(counts) <- "integer"
samples <- data.frame(group = factor(ifelse(j >= 8, "second", "first")), batch = factor(c("a", "b", "c")[j %% 3 + 1]),
                      dose = c(1, 4, 2, 8)[(j * 5) %% 7 %% 4 + 1], row.names = paste0("s", j))

ask <- function(case, design, columns = 1:16, least = 0, reduced = NULL) {
  info <- droplevels(samples[columns, ])
  dds <- DESeqDataSetFromMatrix(counts[, columns], info, design)
  if (is.null(reduced)) dds <- DESeq(dds, quiet = TRUE)
  else dds <- DESeq(dds, test = "LRT", reduced = reduced, quiet = TRUE)
  found <- if (least > 0) results(dds, name = "group_second_vs_first", lfcThreshold = least, alpha = 0.05)
           else results(dds, name = "group_second_vs_first", alpha = 0.05)
  known <- mcols(dds)[, c("dispGeneEst", "dispFit", "dispersion")]
  frame <- cbind(data.frame(case = case, feature = rownames(counts)), as.data.frame(found), as.data.frame(known))
  frame[i %% 4 == 1 | i %in% c(30, 50, 90), ]
}
first <- c(1:4, 9:12)
everything <- rbind(
  ask("two groups", ~group),
  ask("four against four", ~group, first),
  ask("batch", ~batch + group),
  ask("dose", ~dose + group),
  ask("threshold", ~dose + group, least = 0.5),
  ask("joint", ~batch + group, reduced = ~1),
  ask("joint within dose", ~dose + batch + group, reduced = ~dose)
)
everything[-(1:2)] <- lapply(everything[-(1:2)], function(x) formatC(x, digits = 11, format = "g", width = -1))
everything[] <- lapply(everything, function(x) trimws(x))
write.table(everything, "deseq2.tsv", sep = "\t", quote = FALSE, row.names = FALSE)
