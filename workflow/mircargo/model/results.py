"""What a table of differential expression holds, and what can be read from a fold change and its standard error."""

from scipy.stats import norm

COLUMNS = ["feature", "baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue", "padj", "status"]
TESTED, ALL_ZERO, LOW_COUNT, OUTLIER, FILTERED = "tested", "all_zero", "low_count", "outlier", "independent_filter"


def confidence_interval(log2_fold_change: float, se: float, alpha: float) -> tuple[float, float]:
    """Wald interval of a log2 fold change that covers 1 - alpha."""
    half = float(norm.ppf(1 - alpha / 2)) * se
    return log2_fold_change - half, log2_fold_change + half


def equivalence_pvalue(log2_fold_change: float, se: float, margin: float) -> float:
    """P-value of two one-sided tests that the log2 fold change lies within +-margin (Schuirmann 1987)."""
    return float(max(norm.sf((log2_fold_change + margin) / se), norm.cdf((log2_fold_change - margin) / se)))
