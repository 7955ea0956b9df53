"""Random-effects meta-analysis of many features at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

Method = Literal["paule_mandel", "reml", "dersimonian_laird"]
Floats = np.ndarray
_HALVINGS: Final = 200
_GRID: Final = 64


@dataclass(frozen=True)
class Pooled:
    """What many meta-analyses give."""

    # One row per feature, columns `results.pooled_columns.POOLED`; `lfcSE` is the standard error that interval and
    # p-value rest on, `I2` is in percent. Where fewer than two effects are given, everything but `n_contrasts` is
    # missing.
    estimates: pd.DataFrame
    weights: Floats  # features x effects: the share of each effect in the estimate; 0 where it is missing


@dataclass(frozen=True)
class _Effects:
    """Effects `y` and their variances `v`, features x effects; `given` is 1 where there is one and 0 elsewhere."""

    y: Floats
    v: Floats
    given: Floats

    @property
    def df(self) -> Floats:
        return self.given.sum(axis=1) - 1

    def weights(self, tau2: Floats) -> Floats:
        return self.given / (self.v + tau2[:, None])

    def mean(self, w: Floats) -> Floats:
        return np.asarray((w * self.y).sum(axis=1) / w.sum(axis=1))

    def squares(self, w: Floats) -> Floats:
        """Return squared distances from the weighted mean."""
        return (self.y - self.mean(w)[:, None]) ** 2


def pool(effects: ArrayLike, errors: ArrayLike, alpha: float = 0.05, method: Method = "paule_mandel") -> Pooled:
    """Pool effects under a random-effects model, feature by feature.

    The variance between effects, tau2, is by default Paule and Mandel's (1982): it has one solution, which is always
    found, and assumes no distribution; with few studies it does as well as REML (Veroniki et al. 2016, Res Synth
    Methods 7:55). Interval and p-value are Hartung and Knapp's (2001, Stat Med 20:3875): t with one degree of freedom
    less than there are effects, and a standard error scaled by the spread around the estimate. Where that spread is
    smaller than the model expects, the scaling would make the interval shorter than the classic one; it is then left
    out (Knapp and Hartung 2003, Stat Med 22:2693), so an interval is never shorter than without it. The prediction
    interval, in which the effect of another such contrast is expected, takes the same t. I2 is Higgins and Thompson's
    (2002, Stat Med 21:1539), from Q.

    statsmodels' `combine_effects` serves as a check in the tests only: it takes one feature at a time, stops Paule
    and Mandel's iteration at 1e-5, and lets DerSimonian and Laird's tau2 be negative.

    Parameters
    ----------
    effects, errors
        Features x effects: the effects (log2 fold changes) and their standard errors; missing where there is none.
        A standard error has to be above 0.
    alpha
        1 - alpha is the coverage of the intervals.
    """
    y, se = np.asarray(effects, dtype=float), np.asarray(errors, dtype=float)
    given = np.isfinite(y) & np.isfinite(se)
    if (se[given] <= 0).any():
        raise ValueError("a standard error has to be above 0")
    data = _Effects(np.where(given, y, 0.0), np.where(given, se, 1.0) ** 2, given.astype(float))
    several = data.df >= 1
    chosen = _Effects(data.y[several], data.v[several], data.given[several])
    estimates, shares = _combine(chosen, _METHODS[method](chosen), alpha)
    table = pd.DataFrame({"n_contrasts": given.sum(axis=1)}).join(estimates.set_axis(np.flatnonzero(several)))
    weights = np.zeros_like(data.y)
    weights[several] = shares
    return Pooled(table, weights)


def _combine(data: _Effects, tau2: Floats, alpha: float) -> tuple[pd.DataFrame, Floats]:
    """Return the columns after `n_contrasts`, and the share of each effect."""
    w, df = data.weights(tau2), data.df
    mean = data.mean(w)
    scale = (w * data.squares(w)).sum(axis=1) / df
    variance = np.maximum(1.0, scale) / w.sum(axis=1)
    q = _q(data, np.zeros_like(tau2))
    with np.errstate(divide="ignore", invalid="ignore"):
        i2 = 100 * np.where(q > df, 1 - df / q, 0.0)
    reach = stats.t.isf(alpha / 2, df)
    half, further = reach * np.sqrt(variance), reach * np.sqrt(tau2 + variance)
    columns = {
        "log2FoldChange": mean,
        "lfcSE": np.sqrt(variance),
        "ci_low": mean - half,
        "ci_high": mean + half,
        "pvalue": 2 * stats.t.sf(np.abs(mean) / np.sqrt(variance), df),
        "tau2": tau2,
        "I2": i2,
        "Q": q,
        "Q_pvalue": stats.chi2.sf(q, df),
        "prediction_low": mean - further,
        "prediction_high": mean + further,
    }
    return pd.DataFrame(columns), w / w.sum(axis=1, keepdims=True)


def _q(data: _Effects, tau2: Floats) -> Floats:
    """Return the weighted sum of squares around the mean; Cochran's Q where tau2 is 0."""
    w = data.weights(tau2)
    return (w * data.squares(w)).sum(axis=1)


def _paule_mandel(data: _Effects) -> Floats:
    """Find where the weighted sum of squares is what is expected; it falls with tau2, so it meets that once or never.

    It is at most that of equal weights, which bounds tau2 from above.
    """
    high = data.squares(data.given).sum(axis=1) / data.df
    return _root(lambda tau2: _q(data, tau2) - data.df, np.zeros_like(high), high)


def _dersimonian_laird(data: _Effects) -> Floats:
    none = np.zeros(len(data.y))
    w = data.weights(none)
    total = w.sum(axis=1)
    return np.maximum(0.0, (_q(data, none) - data.df) / (total - (w**2).sum(axis=1) / total))


def _reml(data: _Effects) -> Floats:
    """Find the highest point of the restricted likelihood: on a grid, since it can have two, then by its slope.

    Beyond four times the squared range and the largest variance the slope is negative.
    """
    spread = np.where(data.given > 0, data.y, np.nan)
    most = 4 * ((np.nanmax(spread, axis=1) - np.nanmin(spread, axis=1)) ** 2 + data.v.max(axis=1))
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 1, _GRID)])
    best = np.argmax([_restricted_likelihood(data, step * most) for step in grid], axis=0)
    low, high = grid[np.maximum(best - 1, 0)] * most, grid[np.minimum(best + 1, _GRID)] * most
    return _root(lambda tau2: _restricted_slope(data, tau2), low, high)


def _restricted_likelihood(data: _Effects, tau2: Floats) -> Floats:
    w = data.weights(tau2)
    logs = np.where(data.given > 0, np.log(data.v + tau2[:, None]), 0.0).sum(axis=1)
    return -0.5 * (logs + np.log(w.sum(axis=1)) + (w * data.squares(w)).sum(axis=1))


def _restricted_slope(data: _Effects, tau2: Floats) -> Floats:
    w = data.weights(tau2)
    total, squared = w.sum(axis=1), (w**2).sum(axis=1)
    return ((w**2) * data.squares(w)).sum(axis=1) - total + squared / total


def _root(falling: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Halve each interval until its ends meet; where the function is not above 0 at the lower end, that is it."""
    inside = falling(low) > 0
    low, high = low.copy(), np.where(inside, high, low)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if ((middle == low) | (middle == high)).all():
            break
        above = falling(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2


_METHODS: Final[dict[Method, Callable[[_Effects], Floats]]] = {
    "paule_mandel": _paule_mandel,
    "reml": _reml,
    "dersimonian_laird": _dersimonian_laird,
}
