"""Adjusted p-values with independent filtering: features with too few reads to be called take no part."""

import numpy as np
import pandas as pd

N_CUTOFFS = 50
ROUNDING_OF_CALLS = 1e-9  # of the largest number of calls: a smaller difference is rounding
FEW_CALLS = 10  # with no more than so many, nothing is filtered
ROUNDING_OF_MEANS = 1e-10  # of a mean: a cutoff between two means may be one of them but for its last digits
SPAN, ROBUST_ITERATIONS = 0.2, 3


def with_enough_reads(counts: pd.DataFrame, min_total_count: int) -> pd.DataFrame:
    """Keep the features (x samples) with any reads, and with so many in all samples together."""
    return counts[counts.sum(axis=1) >= max(min_total_count, 1)]


def independent_filter(means: np.ndarray, p_values: np.ndarray, alpha: float) -> tuple[np.ndarray, float]:
    """Adjust p-values after Benjamini and Hochberg, over the features whose mean is not below the best cutoff.

    Of 50 cutoffs the smallest is taken with which nearly as many features are called as a smooth curve through the
    numbers of calls has at its top (Bourgon et al. 2010, PNAS 107:9546, as DESeq2 does it).

    Parameters
    ----------
    means, p_values
        Mean normalised count and p-value of each feature, missing for outliers.

    Returns
    -------
    tuple
        Adjusted p-values, missing where filtered or without a p-value, and the cutoff.
    """
    lowest = float(np.mean(means == 0))
    shares = np.linspace(lowest, 0.95 if lowest < 0.95 else 1.0, N_CUTOFFS)
    cutoffs = np.quantile(means, shares)
    adjusted = _adjust(p_values, means >= cutoffs[:, None] * (1 - ROUNDING_OF_MEANS))
    with np.errstate(invalid="ignore"):
        calls = (adjusted < alpha).sum(axis=1)
    at = _cutoff_index(shares, calls)
    return adjusted[at], float(cutoffs[at])


def adjust(p_values: np.ndarray) -> np.ndarray:
    """Adjust p-values after Benjamini and Hochberg (1995); missing ones stay missing and do not count."""
    return np.asarray(_adjust(p_values, np.ones((1, len(p_values)), dtype=bool))[0])


def _adjust(p_values: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Adjust the same p-values over several choices of features; `used` is choices x features."""
    order = np.argsort(p_values, kind="stable")  # missing values come last
    taken = used[:, order] & np.isfinite(p_values[order])
    ranks = np.cumsum(taken, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.where(taken, p_values[order] * ranks[:, -1:] / ranks, np.inf)
    smallest = np.minimum(np.minimum.accumulate(scaled[:, ::-1], axis=1)[:, ::-1], 1.0)
    adjusted = np.full(used.shape, np.nan)
    adjusted[:, order] = np.where(taken, smallest, np.nan)
    return adjusted


def _cutoff_index(shares: np.ndarray, calls: np.ndarray) -> int:
    if calls.max() <= FEW_CALLS:
        return 0
    curve = lowess(shares, calls.astype(float))
    some = calls > 0
    enough = curve.max() - np.sqrt(np.mean((calls[some] - curve[some]) ** 2))
    above = np.flatnonzero(calls > enough + ROUNDING_OF_CALLS * calls.max())
    return int(above[0]) if above.size else 0


def lowess(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Smooth values as R's lowess does (Cleveland 1979, J Am Stat Assoc 74:829), span 0.2, three robust iterations.

    Where the typical residual is next to none, R stops and keeps the curve as it is; another implementation goes on,
    and finds another cut-off where most numbers of calls lie on a line. `x` is evenly spaced and ascending, so that no
    point is skipped.
    """
    n = len(x)
    nearest = max(2, min(n, int(SPAN * n + 1e-7)))
    distance = np.abs(x - x[:, None])
    first = np.clip(np.arange(n) - nearest // 2, 0, n - nearest)
    reach = np.maximum(x - x[first], x[first + nearest - 1] - x)[:, None]
    kernel = np.where(distance <= 0.999 * reach, (1 - (distance / reach) ** 3) ** 3, 0.0)
    robust = np.ones(n)
    for iteration in range(ROBUST_ITERATIONS + 1):
        curve = _local_lines(x, y, kernel * robust)
        left = np.abs(y - curve)
        if iteration == ROBUST_ITERATIONS:
            break
        typical = 6 * float(np.median(left))
        # Where all residuals are rounding, so is their mean: what is next to nothing beside the values is none.
        if typical < max(1e-7 * left.mean(), ROUNDING_OF_CALLS * y.max()):
            break
        robust = np.where(left <= 0.999 * typical, (1 - (left / typical) ** 2) ** 2, 0.0)
        robust[left <= 0.001 * typical] = 1.0
    return curve


def _local_lines(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Fit a line around each point, its own row of weights; a point without weights keeps its value."""
    total = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    centre = shares @ x
    spread = (shares * (x - centre[:, None]) ** 2).sum(axis=1)
    wide = np.sqrt(spread) > 0.001 * np.ptp(x)
    tilt = np.divide(x - centre, spread, out=np.zeros(len(x)), where=wide)
    shares = shares * (1 + tilt[:, None] * (x - centre[:, None]))
    return np.where(total[:, 0] > 0, shares @ y, y)
