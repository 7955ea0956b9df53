"""What the shift of a family's targets varies by, beyond the scatter of their genes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from mircargo.model.engines.moderation import Prior, moderated, variance_prior
from mircargo.recipient.comparison import Comparison

CORRELATION: Final = 0.01
"""Correlation between the changes of the genes of a set, where nothing else is known of it (`camera` of limma)."""

# How many families the preset correlation counts as, where that of the families is estimated.
_PRIOR_FAMILIES: Final = 2
# A family whose shift lies this many standard deviations from 0 is taken to act.
_ACTS: Final = 3.0
_MEDIAN_SQUARE: Final = float(chi2.median(1))
# Squares of standard normal values count as at most this.
_LARGEST_SQUARE: Final = 6.25
# What other families say of the correlation within one counts as at most so many of its own degrees of freedom. Most
# families have hardly any, one whose targets are of one pathway has much: what it borrows makes its interval too short.
_LARGEST_PRIOR: Final = 0.5


def _of_bounded_squares() -> tuple[float, float]:
    """Return the mean of squares of standard normal values that count as at most `_LARGEST_SQUARE`, and their worth."""
    bound, tail = _LARGEST_SQUARE, float(chi2.sf(_LARGEST_SQUARE, 1))
    mean = float(chi2.cdf(bound, 3)) + bound * tail
    square = 3 * float(chi2.cdf(bound, 5)) + bound**2 * tail
    # The degrees of freedom of a scaled chi-square with their mean and variance, by the slope of the mean in the scale.
    slope = float(chi2.cdf(bound, 3))
    return mean, 2 * slope**2 / (square - mean**2)


_MEAN_SQUARE, _WORTH = _of_bounded_squares()


@dataclass(frozen=True, eq=False)
class Error:
    """What the shifts of families vary by beyond the scatter of their genes.

    Attributes
    ----------
    found, alone
        Variance of each family's shift between samples: as the replicates have it, and as it would be if genes varied
        each for itself.
    df
        Degrees of freedom of what the replicates say.
    """

    found: np.ndarray
    alone: np.ndarray
    df: float

    @property
    def between_samples(self) -> np.ndarray:
        """What the correlation of genes adds; below 0 where the genes of a family vary against each other."""
        return self.found - self.alone


def error_between_samples(compared: Comparison) -> Error:
    """Find from the replicates how much more a family's shift varies than it would if genes varied each for itself.

    As `camera` of limma (Wu and Smyth 2012, Nucleic Acids Res 40:e133) the variance of a set is found from the
    residuals; here that of targets against their matched genes, and families borrow from each other.
    """
    families = list(compared.matched)
    replicates = compared.response.replicates
    if replicates is None or not families:
        return Error(np.zeros(len(families)), np.zeros(len(families)), np.inf)
    weights = np.stack([compared.weights(family) for family in families])
    alone = replicates.without_correlation(weights)
    inflation = replicates.variance(weights) / alone
    if len(families) == 1:
        return Error(inflation * alone, alone, replicates.df)
    prior = variance_prior(inflation, replicates.df)
    prior = Prior(prior.variance, min(prior.df, _LARGEST_PRIOR * replicates.df))
    drawn, df = moderated(inflation, replicates.df, prior)
    return Error(drawn * alone, alone, df)


def variance_between_families(shifts: np.ndarray, variances: np.ndarray, preset: float) -> tuple[float, float]:
    """Estimate how much the true shifts of families without an effect vary, and the degrees of freedom of that.

    Targets of one miRNA are alike in more than their site, so a family that does nothing has a shift as well. The
    variance is such that the mean of the squared shifts, each in units of its own variance and none above 6.25, is
    that of a normal distribution. Families that lie more than three standard deviations out by the median of these
    squares, which half of the families do not move, are taken to act and left out. The preset value counts as two
    further families.

    Parameters
    ----------
    shifts, variances
        Of the other families.
    preset
        The variance where nothing is known of other families.
    """
    squares = shifts**2
    by_median = _solve(lambda between: float(np.median(squares / (variances + between))) - _MEDIAN_SQUARE, squares)
    idle = squares <= _ACTS**2 * (variances + by_median)
    squares, variances = squares[idle], variances[idle]
    n = len(squares)
    found = _solve(
        lambda between: float(np.minimum(squares / (variances + between), _LARGEST_SQUARE).mean()) - _MEAN_SQUARE,
        squares,
    )
    pooled = (_PRIOR_FAMILIES * preset + n * found) / (_PRIOR_FAMILIES + n)
    return pooled, _PRIOR_FAMILIES + _WORTH * n


def _solve(excess: Callable[[float], float], squares: np.ndarray) -> float:
    """Return the variance at which a falling function of it is 0; 0 where it is below that already."""
    if len(squares) == 0 or excess(0.0) <= 0:
        return 0.0
    return float(brentq(excess, 0.0, float(squares.max()) / _MEDIAN_SQUARE + 1e-9))
