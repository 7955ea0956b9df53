"""How far true dispersions lie from their trend: the variance of DESeq2's prior."""

from functools import cache

import numpy as np
from scipy.special import gammaincinv, ndtr, polygamma

LEAST = 0.25
MANY_DEGREES = 3
# Of the log ratios of estimate and trend, as DESeq2 bins them; of the variances among which it looks.
EDGES = np.arange(-20, 21) / 2
VARIANCES = np.linspace(0, 8, 200)
FINE_VARIANCES = np.linspace(0, 8, 1000)
NEAREST = 40  # variances that shape the smooth curve at one point
# DESeq2 draws 10,000 values for each variance: what is rarer than one of them is not seen.
RAREST = 1e-4
QUANTILES = 250
TO_NORMAL_SD = 1.4826  # of a median absolute deviation; R's own rounding


def spread_of_residuals(residuals: np.ndarray) -> float:
    """Return the squared median absolute deviation, scaled to a normal distribution's variance."""
    return float((TO_NORMAL_SD * np.median(np.abs(residuals - np.median(residuals)))) ** 2)


def prior_variance(residuals: np.ndarray, degrees_of_freedom: int) -> float:
    """Estimate the variance of true log dispersions around the trend (Love et al. 2014, Methods).

    What sampling alone would scatter is taken off the scatter that is seen. With three residual degrees of freedom
    or fewer that is no longer a matter of variances: the variance is taken with which the seen distribution is
    nearest to the expected one (Kullback-Leibler), where a smooth curve through these divergences is lowest. DESeq2
    draws the expected distribution at random; here it is worked out.

    Parameters
    ----------
    residuals
        Log of gene-wise over fitted dispersion, of features whose dispersion is not at its floor.
    degrees_of_freedom
        Samples less coefficients.
    """
    if degrees_of_freedom > MANY_DEGREES:
        sampling = float(polygamma(1, degrees_of_freedom / 2))
        return max(spread_of_residuals(residuals) - sampling, LEAST)
    seen, _ = np.histogram(residuals, EDGES, density=True)
    divergences = [_divergence(seen, expected) for expected in _expected_densities(degrees_of_freedom)]
    return max(float(FINE_VARIANCES[int(np.argmin(_smoother() @ divergences))]), LEAST)


@cache
def _expected_densities(degrees_of_freedom: int) -> np.ndarray:
    """Densities of log(chi-squared / df) plus normal noise, variances x bins."""
    middle = (np.arange(QUANTILES) + 0.5) / QUANTILES
    sampling = np.log(2 * gammaincinv(degrees_of_freedom / 2, middle) / degrees_of_freedom)
    sds = np.sqrt(np.maximum(VARIANCES, 1e-6))
    below = ndtr((EDGES[None, :, None] - sampling) / sds[:, None, None]).mean(axis=2)
    share = np.diff(below, axis=1)
    share[share < RAREST] = 0
    return np.asarray(share / share.sum(axis=1, keepdims=True) / np.diff(EDGES))


@cache
def _smoother() -> np.ndarray:
    """Return the matrix of a local quadratic regression (loess) from `VARIANCES` to `FINE_VARIANCES`."""
    away = VARIANCES - FINE_VARIANCES[:, None]
    reach = np.sort(np.abs(away), axis=1)[:, NEAREST - 1 : NEAREST]
    weights = np.clip(1 - (np.abs(away) / reach) ** 3, 0, None) ** 3
    powers = np.stack([np.ones_like(away), away, away**2], axis=1)
    normal = np.einsum("fin,fn,fjn->fij", powers, weights, powers)
    return np.asarray(np.linalg.solve(normal, powers * weights[:, None, :])[:, 0])


def _divergence(seen: np.ndarray, expected: np.ndarray) -> float:
    both = np.concatenate([seen, expected])
    small = both[both > 0].min()
    return float((seen * (np.log(seen + small) - np.log(expected + small))).sum())
