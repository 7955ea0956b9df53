"""The trend of dispersions where a0 + a1 / mean does not fit: a local regression, as DESeq2 falls back to it.

DESeq2 calls locfit (Loader 1999, Local Regression and Likelihood) with its defaults: local quadratics of log dispersion
over log mean, weighted by the means, each over the nearest 70% of the features. The curve and its slope are fitted at a
few points of support only, more of them where the neighbourhoods are narrow, and joined by cubics. So it is done here:
another smooth curve would make other calls.
"""

from dataclasses import dataclass

import numpy as np

from .cubic import cubic

SPAN = 0.7
CUT = 0.8  # times the narrower neighbourhood: points of support further apart than that have one more between them
LEAST_EIGENVALUE = 1e-8  # of the largest; directions of a local fit below that are not solved for
FLOOR = 1e-7  # ten times the smallest dispersion, as in DESeq2
FEWEST = 3  # features, for a quadratic


@dataclass(frozen=True)
class LocalTrend:
    """A curve through points of support."""

    # Log mean of each point, the log dispersion there, and its derivative.
    at: np.ndarray
    value: np.ndarray
    slope: np.ndarray

    def __call__(self, means: np.ndarray) -> np.ndarray:
        """Return the dispersion at each mean; beyond the first and the last point the curve is a straight line."""
        x = np.log(means)
        left = np.clip(np.searchsorted(self.at, x, side="right") - 1, 0, len(self.at) - 2)
        right, width = left + 1, self.at[left + 1] - self.at[left]
        t = (x - self.at[left]) / width
        ends = ((self.value[at], self.slope[at]) for at in (left, right))
        curve = cubic(np.clip(t, 0, 1), width, *ends)
        curve += width * (np.minimum(t, 0) * self.slope[left] + np.maximum(t - 1, 0) * self.slope[right])
        return np.asarray(np.exp(curve))


def fit_local_trend(means: np.ndarray, dispersions: np.ndarray) -> LocalTrend | None:
    """Fit a local regression of log dispersions over log means, one value per feature.

    Features at the dispersion's floor take no part. None where fewer than three features, or different means, are left.
    """
    used = dispersions >= FLOOR
    x, y, weights = np.log(means[used]), np.log(dispersions[used]), means[used]
    if len(np.unique(x)) < FEWEST or int(len(x) * SPAN) < FEWEST - 1:
        return None
    first, last = (_fit_at(point, x, y, weights) for point in (x.min(), x.max()))
    points = np.array(_supported(first, last, (x, y, weights)))
    if not np.isfinite(points).all():
        return None
    return LocalTrend(points[:, 0], points[:, 2], points[:, 3])


Point = tuple[float, float, float, float]  # log mean, reach of the neighbourhood, value, slope
Data = tuple[np.ndarray, np.ndarray, np.ndarray]


def _supported(left: Point, right: Point, data: Data) -> list[Point]:
    """Return the points from `left` to `right`, with more of them where the neighbourhoods are narrow."""
    narrower = min(left[1], right[1])
    if not narrower > 0 or right[0] - left[0] <= CUT * narrower:
        return [left, right]
    middle = _fit_at((left[0] + right[0]) / 2, *data)
    return [*_supported(left, middle, data), *_supported(middle, right, data)[1:]]


def _fit_at(point: float, x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> Point:
    """Fit a quadratic around a point, from the weighted mean on, along the directions that the data tell."""
    away = x - point
    distance = np.abs(away)
    n = int(len(x) * SPAN + 1e-12)
    reach = np.partition(distance, n - 1)[n - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        kernel = np.where(distance < reach, (1 - (distance / reach) ** 3) ** 3, 0.0) * weights
    basis = np.stack([np.ones_like(x), away, away**2 / 2])
    start = np.array([kernel @ y / kernel.sum(), 0.0, 0.0])
    normal, left = (basis * kernel) @ basis.T, (basis * kernel) @ (y - start[0])
    scale = 1 / np.sqrt(np.maximum(normal.diagonal(), np.finfo(float).tiny))
    values, directions = np.linalg.eigh(normal * np.outer(scale, scale))
    steps = directions.T @ (scale * left)
    determined = values > LEAST_EIGENVALUE * values.max()
    found = start + scale * (directions @ np.where(determined, steps / np.where(determined, values, 1.0), steps))
    return float(point), float(reach), float(found[0]), float(found[1])
