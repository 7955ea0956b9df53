"""Trimmed mean of M-values: library sizes made comparable where a few features take much of the reads."""

import numpy as np

LOG_RATIO_TRIM, SUM_TRIM = 0.3, 0.05
NO_DIFFERENCE = 1e-6


def tmm_factors(counts: np.ndarray) -> np.ndarray:
    """Find how far the composition of each library bends its total.

    Trimmed mean of M-values (Robinson and Oshlack 2010, Genome Biol 11:R25) with edgeR's conventions: the reference
    is the library whose upper quartile per read lies nearest to the mean, 30% of the log ratios and 5% of the
    abundances are trimmed at each end, and the mean is weighted by the inverse of the asymptotic variance.

    Parameters
    ----------
    counts
        Features x samples.

    Returns
    -------
    np.ndarray
        One factor per sample, with product 1. Total times factor is the effective library size.

    Raises
    ------
    ValueError
        Where a sample has no reads.
    """
    values = np.asarray(counts, dtype=float)
    values = np.ascontiguousarray(values[values.any(axis=1)].T)
    totals = values.sum(axis=1)
    if not totals.all():
        raise ValueError("a sample without any read cannot be normalised")
    reference = _reference(values, totals)
    log_factors = _trimmed_means(values, totals, reference)
    return np.exp2(log_factors - log_factors.mean())


def tmm_size_factors(counts: np.ndarray) -> np.ndarray:
    """Return the effective library sizes of features x samples, scaled to a geometric mean of 1.

    They can stand where DESeq2's size factors stand.
    """
    effective = np.asarray(counts, dtype=float).sum(axis=0) * tmm_factors(counts)
    return effective / np.exp(np.log(effective).mean())


def _reference(values: np.ndarray, totals: np.ndarray) -> int:
    upper = np.quantile(values, 0.75, axis=1) / totals
    if np.median(upper) == 0:  # most features are absent, so the quartile tells nothing
        return int(np.argmax(np.sqrt(values).sum(axis=1)))
    return int(np.argmin(np.abs(upper - upper.mean())))


def _trimmed_means(values: np.ndarray, totals: np.ndarray, reference: int) -> np.ndarray:
    """Weighted trimmed mean of the log2 ratios of each sample to the reference; 0 where nothing is left.

    Low counts make many ratios that are equal on paper and differ in their last digits, which then decide what is
    trimmed. So they are ranked as quotients and products, which every processor rounds alike, and not as logarithms.
    The operations stand in the order of the paper's formulas, so that they round as in edgeR.
    """
    shares = values / totals[:, None]
    base = shares[reference]
    usable = (values > 0) & (base > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient, product = (np.where(usable, each, np.inf) for each in (shares / base, shares * base))
        ratio = np.where(usable, np.log2(quotient), np.inf)
        variance = (totals[:, None] - values) / totals[:, None] / values
        weight = 1 / (variance + variance[reference])
    kept = usable & _between_trims(quotient, usable, LOG_RATIO_TRIM) & _between_trims(product, usable, SUM_TRIM)
    kept &= np.max(np.abs(ratio), where=usable, initial=0, axis=1, keepdims=True) >= NO_DIFFERENCE
    weight[~kept] = 0
    ratio[~kept] = 0
    total_weight = weight.sum(axis=1)
    return (ratio * weight).sum(axis=1) / np.where(total_weight > 0, total_weight, 1)


def _between_trims(values: np.ndarray, usable: np.ndarray, trim: float) -> np.ndarray:
    """Tell which values of each row stay when a share is trimmed at each end; tied values share their mean rank."""
    n = usable.sum(axis=1, keepdims=True)
    first = np.floor(n * trim).astype(int) + 1
    last = n + 1 - first
    ordered = np.sort(values, axis=1)
    low = np.take_along_axis(ordered, first - 1, axis=1)
    high = np.take_along_axis(ordered, np.maximum(last - 1, 0), axis=1)
    above = (values > low) | ((values == low) & (_mean_rank(values, low) >= first))
    return above & ((values < high) | ((values == high) & (_mean_rank(values, high) <= last)))


def _mean_rank(values: np.ndarray, value: np.ndarray) -> np.ndarray:
    below, upto = (values < value).sum(axis=1, keepdims=True), (values <= value).sum(axis=1, keepdims=True)
    return (below + 1 + upto) / 2
