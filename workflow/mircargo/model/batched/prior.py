"""How far true dispersions lie from their trend: the variance of DESeq2's prior."""

from functools import cache
from pathlib import Path

import numpy as np
from scipy.special import polygamma

from .cubic import cubic

LEAST_VARIANCE = 0.25
MANY_DEGREES = 3
# Of the log ratios of estimate and trend, as DESeq2 bins them; of the variances among which it looks.
EDGES = np.arange(-20, 21) / 2
VARIANCES = np.linspace(0, 8, 200)
FINE_VARIANCES = np.linspace(0, 8, 1000)
# R's loess: variances that shape the curve at one point, and fewer than which lie between two points of support.
NEAREST, IN_A_CELL = 40, 8
MARGIN = 0.005
TO_NORMAL_SD = 1.4826  # of a median absolute deviation; R's own rounding


def spread_of_residuals(residuals: np.ndarray) -> float:
    """Return the squared median absolute deviation, scaled to a normal distribution's variance."""
    return float((TO_NORMAL_SD * np.median(np.abs(residuals - np.median(residuals)))) ** 2)


def prior_variance(residuals: np.ndarray, degrees_of_freedom: int) -> float:
    """Estimate the variance of true log dispersions around the trend (Love et al. 2014, Methods).

    What sampling alone would scatter is taken off the scatter that is seen. With three residual degrees of freedom
    or fewer that is no longer a matter of variances: the variance is taken with which the seen distribution is
    nearest to the expected one (Kullback-Leibler), where a smooth curve through these divergences is lowest. DESeq2
    draws the expected distribution, always with the same seed; its draws are kept beside this module.

    Parameters
    ----------
    residuals
        Log of gene-wise over fitted dispersion, of features whose dispersion is not at its floor.
    degrees_of_freedom
        Samples less coefficients.
    """
    if degrees_of_freedom > MANY_DEGREES:
        sampling = float(polygamma(1, degrees_of_freedom / 2))
        return max(spread_of_residuals(residuals) - sampling, LEAST_VARIANCE)
    within = residuals[(residuals > EDGES[0]) & (residuals < EDGES[-1])]
    if not within.size:
        return LEAST_VARIANCE
    # A value on an edge belongs to the bin below it.
    seen = np.bincount(np.searchsorted(EDGES, within, side="left") - 1, minlength=len(EDGES) - 1)
    density = _density(seen)
    divergences = [_divergence(density, expected) for expected in _expected_densities(degrees_of_freedom)]
    return max(float(FINE_VARIANCES[int(np.argmin(_smoother() @ divergences))]), LEAST_VARIANCE)


def _density(counts: np.ndarray) -> np.ndarray:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True) / (EDGES[1] - EDGES[0]))


@cache
def _expected_densities(degrees_of_freedom: int) -> np.ndarray:
    """Densities of log(chi-squared / df) plus normal noise, variances x bins, as R draws them."""
    draws = np.loadtxt(Path(__file__).with_name("prior_draws.tsv"), dtype=int)
    return _density(draws[draws[:, 0] == degrees_of_freedom, 1:])


@cache
def _smoother() -> np.ndarray:
    """Return the matrix of R's loess (local quadratic, span 0.2) from `VARIANCES` to `FINE_VARIANCES`.

    It fits the curve and its slope at a few points of support, and draws cubics between them (Cleveland and Grosse
    1991, Stat Comput 1:47).
    """
    margin = MARGIN * np.ptp(VARIANCES)
    support = np.array([VARIANCES[0] - margin, *_cuts(0, len(VARIANCES)), VARIANCES[-1] + margin])
    away = VARIANCES - support[:, None]
    reach = np.sort(np.abs(away), axis=1)[:, NEAREST - 1 : NEAREST]
    weights = np.clip(1 - (np.abs(away) / reach) ** 3, 0, None) ** 3
    powers = np.stack([np.ones_like(away), away, away**2], axis=1)
    normal = np.einsum("fin,fn,fjn->fij", powers, weights, powers)
    value, slope = np.linalg.solve(normal, powers * weights[:, None, :]).transpose(1, 0, 2)[:2]
    left = np.searchsorted(support, FINE_VARIANCES, side="right") - 1
    width = (support[left + 1] - support[left])[:, None]
    t = (FINE_VARIANCES - support[left])[:, None] / width
    return cubic(t, width, (value[left], slope[left]), (value[left + 1], slope[left + 1]))


def _cuts(start: int, stop: int) -> list[float]:
    """Return where the variances are halved, again and again, until few are in a cell."""
    if stop - start < IN_A_CELL:
        return []
    middle = (start + stop + 1) // 2
    return [*_cuts(start, middle), float(VARIANCES[middle - 1]), *_cuts(middle, stop)]


def _divergence(seen: np.ndarray, expected: np.ndarray) -> float:
    both = np.concatenate([seen, expected])
    small = both[both > 0].min()
    return float((seen * (np.log(seen + small) - np.log(expected + small))).sum())
