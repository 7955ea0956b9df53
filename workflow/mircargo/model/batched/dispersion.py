"""Dispersions of all features by the line search of DESeq2, each feature on its own path.

The search climbs the Cox-Reid adjusted profile likelihood of log alpha, with a normal prior where one is given
(Love, Huber and Anders 2014, Genome Biol 15:550, Methods). Its rules decide where a feature without
overdispersion comes to rest, and with that which features shape the trend: they are kept as DESeq2 has them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .arrow import AnyGram
from .curve import Curve
from .likelihood import Likelihood

LOWEST, HIGHEST = -30.0, 10.0  # of log alpha
MAX_STEPS = 100
LEAST_GAIN = 1e-6  # a step that adds less than this to the log-posterior is the last
SUFFICIENT = 1e-4  # Armijo's share of the gain that the slope promises
N_GRID = 20
HALVINGS = 31  # of a bracket about 2 wide
NEAR = 1e-8
ROUNDING, ROUNDING_OF_A_READ = 1e-10, 2e-16  # of a log-posterior: at least so much, and so much for each read
CLOSE = 1e-4  # a step of log alpha from which on the gain is taken from slopes: rounding is as large as the gain itself
USUAL = 1e7  # reads; a gain grows with the square of a step, and rounding with the largest count beyond this


@dataclass(frozen=True)
class Prior:
    """Normal prior of the log dispersion: a mean for each feature, one variance."""

    mean: np.ndarray
    variance: float

    def take(self, rows: np.ndarray) -> "Prior":
        """Return the prior of some features."""
        return Prior(self.mean[rows], self.variance)

    def add_to(self, value: np.ndarray, slope: np.ndarray, log_alpha: np.ndarray) -> None:
        """Add the log-density of a log alpha of each feature, up to a constant, and its derivative."""
        away = log_alpha - self.mean
        value -= away**2 / (2 * self.variance)
        slope -= away / self.variance


@dataclass
class Search:
    """Where the search of each feature ended."""

    log_alpha: np.ndarray  # natural logarithm of the dispersion
    # Log-posterior at the start, and the last one that was noted.
    start: np.ndarray
    end: np.ndarray
    steps: np.ndarray  # steps tried, at most `MAX_STEPS`


@dataclass(frozen=True)
class Posterior:
    """Log-posterior of log dispersions."""

    likelihood: Likelihood  # of the features
    gram: AnyGram | None = None  # of the design, for the Cox-Reid adjustment; None leaves it out
    prior: Prior | None = None  # left out where None

    def __len__(self) -> int:
        return len(self.likelihood)

    def take(self, rows: np.ndarray) -> "Posterior":
        """Return the log-posterior of some features, numbered or marked."""
        return Posterior(self.likelihood.take(rows), self.gram, None if self.prior is None else self.prior.take(rows))

    def __call__(self, log_alpha: np.ndarray, needed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the log-posterior of each feature at a log alpha of each, up to a constant, and its derivative."""
        value, slope, weights = self.likelihood(log_alpha)
        if self.gram is not None:
            determinant, change = self.gram.log_determinant(weights, weights * weights)
            value -= 0.5 * determinant
            slope += 0.5 * np.exp(log_alpha) * change
        if self.prior is not None:
            self.prior.add_to(value, slope, log_alpha)
        return value, slope


@dataclass(frozen=True)
class NearPosterior:
    """A log-posterior that is asked of a polynomial where that is good enough, and else of the likelihood itself."""

    curve: Curve  # of the log-posterior without its prior
    prior: Prior | None
    exact: "Pieces"  # of these features and perhaps of others
    rows: np.ndarray  # the place of each feature there

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, rows: np.ndarray) -> "NearPosterior":
        """Return the log-posterior of some features, marked."""
        prior = None if self.prior is None else self.prior.take(rows)
        return NearPosterior(self.curve.take(rows), prior, self.exact, self.rows[rows])

    def __call__(self, log_alpha: np.ndarray, needed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return what `Posterior` does.

        Where the value is sure to be below `needed`, something below it may be returned instead, without a slope.
        """
        value, slope, wrong = self.curve(log_alpha)
        if self.prior is not None:
            self.prior.add_to(value, slope, log_alpha)
        beyond = ~(wrong == 0)
        if beyond.any():
            value[beyond] += wrong[beyond]
            slope[beyond] = np.nan
            asked = np.flatnonzero(beyond if needed is None else beyond & ~(value < needed))
            if asked.size:
                for at, posterior in self.exact.of(self.rows[asked]):
                    value[asked[at]], slope[asked[at]] = posterior(log_alpha[asked[at]])
        return value, slope


class Pieces:
    """The log-posterior of many features, so few of them at a time that what is worked on stays in the cache.

    Parameters
    ----------
    make
        Returns the log-posterior of some of the features, by their numbers. What it returns is kept.
    n, width
        How many features there are, and are worked on at a time.
    """

    def __init__(self, make: Callable[[np.ndarray], Posterior], n: int, width: int):
        self._places = [slice(start, min(start + width, n)) for start in range(0, n, width)]
        self._make = make
        self._made: dict[int, tuple[np.ndarray, Posterior]] = {}  # of each place, which features and their posterior

    def __iter__(self) -> Iterator[tuple[slice, Posterior]]:
        """Return the place of each piece, and its log-posterior."""
        for number, place in enumerate(self._places):
            yield place, self._piece(number, np.arange(place.start, place.stop))

    def _piece(self, number: int, rows: np.ndarray) -> Posterior:
        made, posterior = self._made.get(number, (np.empty(0, dtype=int), None))
        if posterior is None or not np.isin(rows, made, assume_unique=True).all():
            made = np.union1d(made, rows)
            posterior = self._make(made)
            self._made[number] = made, posterior
        return posterior if len(rows) == len(made) else posterior.take(np.searchsorted(made, rows))

    def of(self, rows: np.ndarray) -> Iterator[tuple[slice, Posterior]]:
        """Return the log-posterior of some features piece by piece, with their places among `rows`, which ascend."""
        for number, place in enumerate(self._places):
            low, high = np.searchsorted(rows, (place.start, place.stop)).tolist()
            if low < high:
                yield slice(low, high), self._piece(number, rows[low:high])


Reads = np.ndarray | float
"""Largest count of each feature."""


def search(
    posterior: Posterior | NearPosterior, start: np.ndarray, min_log_alpha: float = LOWEST, largest: Reads = 0.0
) -> Search:
    """Climb from `start` (log alpha of each feature) along the slope, with steps that are halved where they fail.

    A search ends where a step gains less than `LEAST_GAIN`, falls below `min_log_alpha`, or was the last allowed.
    """
    n = len(posterior)
    close = np.broadcast_to(CLOSE * np.sqrt(np.maximum(1, np.asarray(largest) / USUAL)), n)
    log_alpha = np.array(start, dtype=float)
    value, slope = posterior(log_alpha)
    found = Search(log_alpha.copy(), value.copy(), value.copy(), np.full(n, MAX_STEPS))
    rows, step, accepted = np.arange(n), np.ones(n), np.zeros(n, dtype=int)
    for tried in range(1, MAX_STEPS + 1):
        aim = log_alpha + step * slope
        beyond = (aim < LOWEST) | (aim > HIGHEST)
        if beyond.any():
            step[beyond] = (np.clip(aim[beyond], LOWEST, HIGHEST) - log_alpha[beyond]) / slope[beyond]
            aim = log_alpha + step * slope
        sufficient = step * SUFFICIENT * slope**2
        aim_value, aim_slope = posterior(aim, value + sufficient)
        move = aim - log_alpha
        gain = np.where(np.abs(move) < close, 0.5 * move * (slope + aim_slope), aim_value - value)
        better = gain >= sufficient
        small = better & (gain < LEAST_GAIN)
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
            step, accepted, close, posterior = step[on], accepted[on], close[on], posterior.take(on)
    return found


def scan(posterior: Posterior, bounds: tuple[float, float], to_grid: bool = False, largest: Reads = 0.0) -> np.ndarray:
    """Find the highest log-posterior between two bounds of log alpha, where a climb did not come to rest.

    DESeq2 looks at 20 points between the bounds and takes the best of 20 more around the best of them: `to_grid`
    does that. Otherwise the top near the best point is found, to 1e-9, by bisection of the slope.
    """
    grid = np.linspace(*bounds, N_GRID)
    width = grid[1] - grid[0]
    best = _best_of(np.broadcast_to(grid, (len(posterior), N_GRID)), posterior, largest)
    if to_grid:
        return _best_of(best[:, None] + np.linspace(-width, width, N_GRID), posterior, largest)
    low, high = np.maximum(best - width, bounds[0]), np.minimum(best + width, bounds[1])
    # Where the slope points out of the bounds, the end nearest to it is what the bisection runs to.
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        _, slope = posterior(middle)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    return np.where(high - bounds[0] < NEAR, bounds[0], np.where(bounds[1] - low < NEAR, bounds[1], (low + high) / 2))


def _best_of(points: np.ndarray, posterior: Posterior, largest: Reads) -> np.ndarray:
    """Return for each feature the point with the highest log-posterior; `points` are features x points, ascending.

    Near the floor the log-posterior is flat. Of points that differ by rounding only the lowest is returned.
    """
    every = posterior.take(np.repeat(np.arange(len(points)), points.shape[1]))
    values = every(points.ravel())[0].reshape(points.shape)
    rounding = np.maximum(ROUNDING, ROUNDING_OF_A_READ * np.asarray(largest))
    best = (values.max(axis=1) - rounding <= values.T).argmax(axis=0)
    return np.asarray(points[np.arange(len(points)), best])


def more_likely(posterior: Posterior, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return for each feature that log alpha of two which has the higher log-posterior."""
    return np.where(posterior(one)[0] >= posterior(other)[0], one, other)
