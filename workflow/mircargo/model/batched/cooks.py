"""Cook's distances of all counts, and what DESeq2 does about those that are large."""

import numpy as np
import pandas as pd
from scipy.stats import f

# DESeq2 trims more, and scales up for it, where a group has few samples (at least 3, 4, 24).
TRIMS = ((23.5, 1 / 8, 1.51), (3.5, 1 / 4, 1.86), (0, 1 / 3, 2.04))
LEAST_DISPERSION = 0.04
TO_JUDGE, TO_REPLACE = 3, 7  # samples of a kind
REPLACED_TRIM = 0.2
ROUNDING = 1e-9  # reads: what is a whole number on paper may lie a last digit below it


def kinds_of_samples(design: np.ndarray) -> np.ndarray:
    """Give samples with the same row of the design the same number."""
    return np.asarray(np.unique(design, axis=0, return_inverse=True)[1]).ravel()


def in_kinds_of(kinds: np.ndarray, at_least: int) -> np.ndarray:
    """Tell which samples have at least so many of their kind."""
    return np.asarray(np.bincount(kinds)[kinds] >= at_least)


def cutoff(n_samples: int, n_coefficients: int) -> float:
    """Return the distance from which on a count is an outlier."""
    return float(f.ppf(0.99, n_coefficients, n_samples - n_coefficients))


def robust_dispersions(normalised: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Estimate dispersions by moments, from variances within kinds of samples that trim what stands out.

    `normalised` are counts divided by size factors, samples x features.
    """
    rows, means = np.ascontiguousarray(normalised.T), normalised.mean(axis=0)
    judged = in_kinds_of(kinds, TO_JUDGE)
    if judged.any():
        variances = [_trimmed_variance(rows[:, kinds == kind]) for kind in np.unique(kinds[judged])]
        variance = np.max(variances, axis=0)
    else:
        variance = _trimmed_variance(rows, TRIMS[0][1:])
    return np.asarray(np.maximum((variance - means) / means**2, LEAST_DISPERSION))


def _trimmed_variance(rows: np.ndarray, trim: tuple[float, float] | None = None) -> np.ndarray:
    share, scale = trim or next(each[1:] for each in TRIMS if rows.shape[1] >= each[0])
    return np.asarray(scale * trimmed_mean((rows - trimmed_mean(rows, share)[:, None]) ** 2, share))


def trimmed_mean(rows: np.ndarray, share: float) -> np.ndarray:
    """Mean of each row without so large a share of its smallest, and of its largest values.

    Rows are sorted whole: processors have instructions for that, and a sum in one order is the same on all of them.
    """
    n = rows.shape[1]
    cut = int(n * share)
    kept = np.sort(rows, axis=1)[:, cut : n - cut] if cut else rows
    return np.asarray(kept.mean(axis=1))


def distances(counts: np.ndarray, mu: np.ndarray, leverage: np.ndarray, dispersions: np.ndarray, n: int) -> np.ndarray:
    """Return Cook's distances; tables are samples x features, `n` is the number of coefficients."""
    residuals = (counts - mu) ** 2 / (mu + dispersions * mu**2)
    return np.asarray(residuals / n * leverage / (1 - leverage) ** 2)


def replacements(counts: np.ndarray, size_factors: np.ndarray) -> np.ndarray:
    """Return what DESeq2 puts in an outlier's place: the trimmed mean over all samples, at the sample's depth."""
    usual = trimmed_mean(np.ascontiguousarray((counts / size_factors[:, None]).T), REPLACED_TRIM)
    return np.asarray((usual * size_factors[:, None] + ROUNDING).astype(int))


def outlying(
    cooks: np.ndarray, considered: np.ndarray, counts: np.ndarray, design: pd.DataFrame, kinds: np.ndarray
) -> np.ndarray:
    """Tell which features have no p-value because one count decides; tables are samples x features.

    Where the design is two groups, an outlier than which three counts are larger is none. `considered` are Cook's
    distances with 0 where a count has been replaced, `counts` as they were read.
    """
    n_samples, n_coefficients = design.shape
    judged = in_kinds_of(kinds, TO_JUDGE)
    if not judged.any():
        return np.zeros(cooks.shape[1], dtype=bool)
    outlier = (considered[judged] > cutoff(n_samples, n_coefficients)).any(axis=0)
    if n_coefficients == 2 and kinds.max() == 1:
        at = cooks[:, outlier].argmax(axis=0)
        own = counts[:, outlier]
        outlier[outlier] = (own > own[at, np.arange(own.shape[1])]).sum(axis=0) < TO_JUDGE
    return np.asarray(outlier)
