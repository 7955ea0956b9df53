# R's DESeq2 on the studies of random_designs.py: Rscript random_designs.R FOLDER OUT      Debian: r-bioc-deseq2
suppressMessages(library(DESeq2))
given <- commandArgs(TRUE)
asked <- read.delim(file.path(given[1], "asked.tsv"), colClasses = c(reduced = "character", formula = "character"))
hex <- function(bits) {
  bits <- c(bits, rep(FALSE, (-length(bits)) %% 4))
  paste(sprintf("%x", colSums(matrix(bits, 4) * c(8, 4, 2, 1))), collapse = "")
}
rows <- lapply(seq_len(nrow(asked)), function(k) {
  q <- asked[k, ]
  counts <- as.matrix(read.delim(file.path(given[1], paste0(q$number, ".counts.tsv")), row.names = 1))
  sheet <- read.delim(file.path(given[1], paste0(q$number, ".sheet.tsv")), row.names = 1)
  for (column in setdiff(names(sheet), "dose")) sheet[[column]] <- factor(sheet[[column]])
  said <- character()
  fitted <- try(withCallingHandlers({
    dds <- DESeqDataSetFromMatrix(counts, sheet, as.formula(q$formula))
    # As mircargo does: poscounts where every feature has a zero.
    type <- if (any(rowSums(counts == 0) == 0)) "ratio" else "poscounts"
    dds <- if (is.na(q$reduced) || q$reduced == "") DESeq(dds, sfType = type, quiet = TRUE)
           else DESeq(dds, sfType = type, test = "LRT", reduced = as.formula(q$reduced), quiet = TRUE)
    res <- results(dds, contrast = c("group", q$level, "g0"), lfcThreshold = q$threshold, alpha = 0.05)
  }, message = function(m) { said <<- c(said, conditionMessage(m)); invokeRestart("muffleMessage") }), silent = TRUE)
  if (inherits(fitted, "try-error"))
    return(data.frame(number = q$number, trend = "refused", prior_variance = NA, n = nrow(counts), reads = sum(counts),
                      cutoff = NA, n_called = NA, called = "", n_missing = NA, lfc = NA, se = NA))
  known <- attr(dispersionFunction(dds), "fitType")
  called <- !is.na(res$padj) & res$padj < 0.05
  data.frame(number = q$number, trend = known,
             prior_variance = format(attr(dispersionFunction(dds), "dispPriorVar"), digits = 12), n = nrow(counts),
             reads = sum(counts), cutoff = format(unname(metadata(res)$filterThreshold), digits = 12),
             n_called = sum(called), called = hex(called), n_missing = sum(is.na(res$padj)),
             lfc = format(sum(abs(res$log2FoldChange), na.rm = TRUE), digits = 12),
             se = format(sum(res$lfcSE, na.rm = TRUE), digits = 12))
})
write.table(do.call(rbind, rows), given[2], sep = "\t", quote = FALSE, row.names = FALSE)
