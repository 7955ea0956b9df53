"""Dispersions of all features by the line search of DESeq2, each feature on its own path.

The search climbs the Cox-Reid adjusted profile likelihood of log alpha, with a normal prior where one is given
(Love, Huber and Anders 2014, Genome Biol 15:550, Methods). Its rules decide where a feature without
overdispersion comes to rest, and with that which features shape the trend: they are kept as DESeq2 has them.
"""

from dataclasses import dataclass

import numpy as np

from .gram import Gram
from .likelihood import log_likelihood

LOWEST, HIGHEST = -30.0, 10.0  # of log alpha
MAX_STEPS = 100
ENOUGH = 1e-6  # a step that adds less than this to the log-posterior is the last
SUFFICIENT = 1e-4  # Armijo's share of the gain that the slope promises
N_GRID = 20
HALVINGS = 31  # of a bracket about 2 wide
NEAR = 1e-8


@dataclass(frozen=True)
class Prior:
    """Normal prior of the log dispersion: a mean for each feature, one variance."""

    mean: np.ndarray
    variance: float

    def __getitem__(self, index: np.ndarray) -> "Prior":
        return Prior(self.mean[index], self.variance)


@dataclass
class Search:
    """Where the search of each feature ended.

    Attributes
    ----------
    log_alpha
        Natural logarithm of the dispersion.
    start, end
        Log-posterior at the start, and the last one that was noted.
    steps
        Steps tried, at most `MAX_STEPS`.
    """

    log_alpha: np.ndarray
    start: np.ndarray
    end: np.ndarray
    steps: np.ndarray


def log_posterior(
    counts: np.ndarray,
    mu: np.ndarray,
    gram: Gram | None,
    log_alpha: np.ndarray,
    prior: Prior | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the log-posterior of each feature, and its derivative by log alpha.

    Parameters
    ----------
    counts, mu
        Features x samples.
    gram
        Of the design, for the Cox-Reid adjustment; None leaves it out.
    log_alpha
        One value a feature.
    prior
        Left out where None.
    """
    value, slope = log_likelihood(counts, mu, log_alpha)
    if gram is not None:
        alpha = np.exp(log_alpha)[:, None]
        weights = mu / (1.0 + mu * alpha)
        determinant, change = gram.log_determinant(weights, weights * weights)
        value -= 0.5 * determinant
        slope += 0.5 * alpha[:, 0] * change
    if prior is not None:
        away = log_alpha - prior.mean
        value -= away**2 / (2 * prior.variance)
        slope -= away / prior.variance
    return value, slope


def search(
    counts: np.ndarray,
    mu: np.ndarray,
    gram: Gram | None,
    start: np.ndarray,
    prior: Prior | None = None,
    min_log_alpha: float = LOWEST,
) -> Search:
    """Climb from `start` (log alpha of each feature) along the slope, with steps that are halved where they fail.

    A search ends where a step gains less than `ENOUGH`, falls below `min_log_alpha`, or was the last allowed.
    """
    n = len(counts)
    log_alpha = np.array(start, dtype=float)
    value, slope = log_posterior(counts, mu, gram, log_alpha, prior)
    found = Search(log_alpha.copy(), value.copy(), value.copy(), np.full(n, MAX_STEPS))
    rows, step, accepted = np.arange(n), np.ones(n), np.zeros(n, dtype=int)
    for tried in range(1, MAX_STEPS + 1):
        with np.errstate(divide="ignore", invalid="ignore"):
            aim = log_alpha + step * slope
            step = np.where(aim < LOWEST, (LOWEST - log_alpha) / slope, step)
            step = np.where(aim > HIGHEST, (HIGHEST - log_alpha) / slope, step)
        aim = log_alpha + step * slope
        aim_value, aim_slope = log_posterior(counts, mu, gram, aim, prior)
        better = aim_value >= value + step * SUFFICIENT * slope**2
        small = better & (aim_value - value < ENOUGH)
        below = better & ~small & (aim < min_log_alpha)
        accepted += better
        log_alpha = np.where(better, aim, log_alpha)
        # The value before the step is kept where the search leaves downwards.
        value = np.where(better & ~below, aim_value, value)
        slope = np.where(better, aim_slope, slope)
        step = np.where(better, np.minimum(step * 1.1, 1.0), step / 2)
        # Every fifth step is followed by a shorter one, against slow zigzags around the top.
        step = np.where(better & (accepted % 5 == 0), step / 2, step)
        done = small | below
        if tried == MAX_STEPS:
            found.log_alpha[rows], found.end[rows] = log_alpha, value
        if done.any():
            over = rows[done]
            found.log_alpha[over], found.end[over], found.steps[over] = log_alpha[done], value[done], tried
            on = ~done
            if not on.any():
                break
            rows, log_alpha, value, slope = rows[on], log_alpha[on], value[on], slope[on]
            step, accepted, counts, mu = step[on], accepted[on], counts[on], mu[on]
            prior = None if prior is None else prior[on]
    return found


def scan(
    counts: np.ndarray,
    mu: np.ndarray,
    gram: Gram | None,
    bounds: tuple[float, float],
    prior: Prior | None = None,
    to_grid: bool = False,
) -> np.ndarray:
    """Find the highest log-posterior between two bounds of log alpha, where a climb did not come to rest.

    DESeq2 looks at 20 points between the bounds and takes the best of 20 more around the best of them: `to_grid`
    does that. Otherwise the top near the best point is found, to 1e-9, by bisection of the slope.

    Parameters
    ----------
    counts, mu, gram, prior
        As in `log_posterior`.
    bounds
        Smallest and largest log alpha.
    """
    grid = np.linspace(*bounds, N_GRID)
    width = grid[1] - grid[0]
    best = _best_of(grid[None, :], counts, mu, gram, prior)
    if to_grid:
        around = best[:, None] + np.linspace(-width, width, N_GRID)
        return _best_of(around, counts, mu, gram, prior)
    low, high = np.maximum(best - width, bounds[0]), np.minimum(best + width, bounds[1])
    # Where the slope points out of the bounds, the end nearest to it is what the bisection runs to.
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        _, slope = log_posterior(counts, mu, gram, middle, prior)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    return np.where(high - bounds[0] < NEAR, bounds[0], np.where(bounds[1] - low < NEAR, bounds[1], (low + high) / 2))


def _best_of(
    points: np.ndarray, counts: np.ndarray, mu: np.ndarray, gram: Gram | None, prior: Prior | None
) -> np.ndarray:
    """Return for each feature the point with the highest log-posterior; `points` are features (or 1) x points."""
    points = np.broadcast_to(points, (len(counts), points.shape[1]))
    every = np.repeat(np.arange(len(counts)), points.shape[1])
    value, _ = log_posterior(counts[every], mu[every], gram, points.ravel(), None if prior is None else prior[every])
    return np.asarray(points[np.arange(len(counts)), value.reshape(points.shape).argmax(axis=1)])
