"""Power of a Wald test, of a robust call and of an interaction, in an experiment of another size."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from scipy.special import ndtr, polygamma
from scipy.stats import chi2, norm
from scipy.stats import t as student

LN2: Final = float(np.log(2))
HERMITE_NODES, QUANTILES, GRID = 5, 15, 241
SPAN_OF_GRID: Final = 8.0  # natural log, on each side of the trend
LEAST_DISPERSION, LARGEST_DISPERSION = 1e-8, 10.0  # as DESeq2's
OUTLIER_SDS: Final = 2.0  # above the trend, from which on DESeq2 leaves a dispersion as it is
FEWEST_READS: Final = 0.5  # DESeq2's smallest mean in a standard error


@dataclass(frozen=True, eq=False)
class Layout:
    """Libraries and model of an experiment.

    Attributes
    ----------
    matrix, contrast
        Samples x coefficients, and the weight of each coefficient.
    depths
        Size factor of each sample.
    animals
        Animals per group: the harmonic mean of the groups.
    per_animal
        Whether coefficients are added with each animal, as where the design blocks on the subject.
    """

    matrix: np.ndarray
    contrast: np.ndarray
    depths: np.ndarray
    animals: float

    @cached_property
    def direction(self) -> np.ndarray:
        """By how much each sample moves when what is asked changes by 1."""
        c = self.contrast
        return np.asarray(self.matrix @ c / (c @ c))

    def residual_df(self, animals: float) -> float:
        """Return the residual degrees of freedom with so many animals per group.

        Coefficients stay as many as they are, unless they take more than half of the samples: then they are of
        animals (pairs), and grow with these.
        """
        n, p = self.matrix.shape
        times = animals / self.animals
        return float((n - p) * times if 2 * p > n else n * times - p)


@dataclass(frozen=True)
class Scatter:
    """What is known of the dispersion of a feature.

    Attributes
    ----------
    dispersion, trend
        Of the feature, and of the trend at its mean.
    prior_variance
        Of the natural logarithm of true dispersions around the trend.
    uncertainty
        Standard deviation of the natural logarithm of `dispersion`; 0 where it is the truth.
    typical
        Dispersion that limma-voom's trend and prior amount to for features of its size (`typical_dispersion`).
    """

    dispersion: float
    trend: float
    prior_variance: float
    uncertainty: float = 0.0
    typical: float = 0.0


@dataclass(frozen=True)
class Limit:
    """Where a call begins.

    Attributes
    ----------
    cutoff
        p-value below which a fold change is called.
    null
        Smallest absolute log2 fold change of interest.
    """

    cutoff: float
    null: float = 0.0

    @property
    def z(self) -> float:
        return float(norm.isf(self.cutoff / 2))


@dataclass(frozen=True)
class Decisive:
    """How the decisive re-analysis of a robust call tests: limma-voom about the mode.

    Attributes
    ----------
    test
        Where its call begins.
    prior_df
        Degrees of freedom that the variances of all features are worth to each.
    shared
        Standard deviation of the error that libraries of a group share (log2).
    against
        By how much other size factors or another scale move all fold changes down, and up (log2, 0 or more): what is
        against a rise, and against a fall.
    scale_error
        Standard error of that in the study that it was found in.
    alpha
        Other re-analyses keep a call whose interval of 1 - alpha lies beyond the null on its side.
    """

    test: Limit
    prior_df: float
    shared: float
    against: tuple[float, float] = (0.0, 0.0)
    scale_error: float = 0.0
    alpha: float = 0.05

    def in_experiment(self, times: float) -> "Decisive":
        """Return the same with so many times the animals.

        How far other scales lie is found with an error, whose square adds to its own: with more animals less.
        """
        more = self.scale_error**2 * (1 / times - 1)
        there = [np.sqrt(max(size**2 + more, 0.0)) if size else 0.0 for size in self.against]
        return replace(self, against=(float(there[0]), float(there[1])))


@dataclass(frozen=True, eq=False)
class Draws:
    """Standard errors of one experiment over what is not known of it; arrays of the same length."""

    share: np.ndarray  # probability of each
    true_error: np.ndarray  # log2, of the estimate
    log_error: np.ndarray  # log2, of an estimate from logarithms of counts
    stated_error: np.ndarray  # log2, as the fit would find it
    scatter: np.ndarray  # residual variance that the samples would show, over the true one
    typical: np.ndarray  # variance from logarithms that is typical of features of its size, over the feature's own


def log2_variance(layout: Layout, means: np.ndarray, change: float, dispersions: np.ndarray) -> np.ndarray:
    """Return the variance of a log2 fold change of a negative binomial model, one for each dispersion.

    `c' (X' W X)^-1 c / log(2)^2` with weights `1 / (1 / mu + d)`, which for two groups is the sum over both of
    `1 / sum(1 / (1 / mu + d))` (Love et al. 2014; Hart et al. 2013, J Comput Biol 20:970).

    Parameters
    ----------
    means
        Normalised mean of each sample where nothing changes.
    change
        Log2, of what is asked.
    """
    mu = expected_counts(layout, means, change)
    weights = 1 / (1 / mu + np.asarray(dispersions)[:, None])
    information = np.einsum("ni,kn,nj->kij", layout.matrix, weights, layout.matrix)
    solved = np.linalg.solve(
        information, np.broadcast_to(layout.contrast, (len(weights), layout.matrix.shape[1]))[..., None]
    )
    return np.asarray(solved[..., 0] @ layout.contrast / LN2**2)


def expected_counts(layout: Layout, means: np.ndarray, change: float) -> np.ndarray:
    """Return the mean count of each sample where what is asked changes by so much."""
    return np.maximum(layout.depths * means * np.exp2(change * layout.direction), FEWEST_READS)


def draws(layout: Layout, means: np.ndarray, change: float, scatter: Scatter, animals: float) -> Draws:
    """Say how the standard error of an experiment of so many animals would come out.

    The dispersion of the feature is known up to `scatter.uncertainty`. The residual variance that the new samples show
    is the true one times a chi-square over its degrees of freedom, and the fit draws the dispersion from it towards the
    trend: the maximum of that likelihood and DESeq2's prior.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(HERMITE_NODES if scatter.uncertainty else 1)
    truth = np.exp(np.log(scatter.dispersion) + scatter.uncertainty * nodes)
    df = layout.residual_df(animals)
    levels = (np.arange(QUANTILES) + 0.5) / QUANTILES
    shown = chi2.ppf(levels, df) / df
    per_read = float(np.mean(1 / expected_counts(layout, means, change)))
    variance = (per_read + truth)[:, None] * shown
    stated = fitted_dispersions(variance.ravel(), per_read, scatter, df)
    size = layout.animals / animals
    true = log2_variance(layout, means, change, truth) * size
    found = log2_variance(layout, means, change, stated) * size
    of_trend = log2_variance(layout, means, change, np.array([scatter.typical])) * size
    share = np.repeat(weights / weights.sum(), QUANTILES) / QUANTILES
    true = np.repeat(true, QUANTILES)
    # The logarithm of a gamma-distributed rate varies by the trigamma of its shape, which is more than d.
    logged = np.repeat(log2_variance(layout, means, change, polygamma(1, 1 / truth)) * size, QUANTILES)
    return Draws(share, np.sqrt(true), np.sqrt(logged), np.sqrt(found), np.tile(shown, len(truth)), of_trend / logged)


def fitted_dispersions(variances: np.ndarray, per_read: float, scatter: Scatter, df: float) -> np.ndarray:
    """Return the dispersions that DESeq2 would fit to residual variances of logarithms, `1 / mu + d`, of `df`."""
    logs = np.log(scatter.trend) + np.linspace(-SPAN_OF_GRID, SPAN_OF_GRID, GRID)
    expected = per_read + np.exp(logs)
    likelihood = -df / 2 * (np.log(expected) + variances[:, None] / expected)
    prior = (logs - np.log(scatter.trend)) ** 2 / (2 * scatter.prior_variance)
    drawn = np.exp(logs[np.argmax(likelihood - prior, axis=1)])
    by_itself = np.maximum(variances - per_read, LEAST_DISPERSION)
    far = np.log(by_itself / scatter.trend) > OUTLIER_SDS * np.sqrt(scatter.prior_variance + 2 / df)
    return np.where(far, by_itself, drawn)


def power_of_wald(drawn: Draws, change: float, test: Limit, shared: float = 0.0) -> float:
    """Return the probability that a change is called in its direction; `shared` is the error of preparation (log2)."""
    beyond = abs(change) - test.null - test.z * drawn.stated_error
    return float(drawn.share @ ndtr(beyond / np.hypot(drawn.true_error, shared)))


def power_of_robust(drawn: Draws, change: float, test: Limit, decisive: Decisive, df: float) -> float:
    """Return the probability that a change is called in its direction and holds in the decisive re-analysis.

    Both tests are of one estimate: it has to be beyond both of their limits. That of limma-voom about the mode is
    moderated (Smyth 2004): its variance is drawn towards the trend's by the prior's degrees of freedom, the shared
    error is added, and the limit is Student's.
    """
    prior = decisive.prior_df
    if np.isinf(prior):
        variance, total = drawn.typical, np.inf
    else:
        variance, total = (prior * drawn.typical + df * drawn.scatter) / (prior + df), prior + df
    stated = np.hypot(drawn.log_error * np.sqrt(variance), decisive.shared)
    kept = float(norm.isf(decisive.alpha / 2)) * drawn.stated_error + decisive.against[0 if change > 0 else 1]
    decides = float(student.isf(decisive.test.cutoff / 2, total)) * stated
    called = np.maximum(test.z * drawn.stated_error, kept)
    beyond = abs(change) - test.null
    reach = np.minimum(
        (beyond - called) / np.hypot(drawn.true_error, decisive.shared),
        (beyond - decides) / np.hypot(drawn.log_error, decisive.shared),
    )
    return float(drawn.share @ ndtr(reach))


def chance_of_settling(drawn: Draws, change: float, test: Limit, margin: float, alpha: float) -> float:
    """Return the probability that an experiment answers: a call, or a fold change shown to lie within the margin.

    The call is of either direction; that the fold change lies within the margin is shown by two one-sided tests at
    alpha (Schuirmann 1987).
    """
    error, stated = drawn.true_error, drawn.stated_error
    outer, inner = test.null + test.z * stated, margin - float(norm.isf(alpha)) * stated
    called = ndtr((change - outer) / error) + ndtr((-change - outer) / error)
    within = ndtr((inner - change) / error) - ndtr((-inner - change) / error)
    return float(drawn.share @ np.where(inner >= outer, 1.0, called + np.where(inner > 0, within, 0.0)))


def typical_dispersion(layout: Layout, means: np.ndarray, change: float, error: float) -> float:
    """Return the dispersion at which the Wald standard error is `error` (log2).

    limma-voom states how much features of a size scatter as a residual variance. As a dispersion it can be carried to
    another number of animals and another depth.
    """
    grid = np.exp(np.linspace(np.log(LEAST_DISPERSION), np.log(LARGEST_DISPERSION), GRID))
    return float(np.interp(error**2, log2_variance(layout, means, change, grid), grid))
