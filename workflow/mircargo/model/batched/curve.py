"""The log-likelihood of a dispersion near where its search begins, as a polynomial of log alpha.

Both searches of a feature, for its own dispersion and for the mode of the posterior, ask for the same function of one
number some thirty times, most of them close to where they began. With many samples it is cheaper to ask it a few times
there and to put a polynomial through what it says: the function of log alpha has no singularity nearer than pi (where
1 + alpha mu or alpha (y + k) + 1 is 0), so through values and slopes at five points within a quarter it is good to the
last digits (Trefethen 2019, Approximation Theory and Approximation Practice, chapter 8).
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.polynomial import chebyshev

HALF: Final = 0.25  # of log alpha, on either side of the middle
N_POINTS: Final = 5
N_TERMS: Final = 2 * N_POINTS  # a value and a slope at each point
SMALL: Final = 1e-7  # of the last two terms at the ends of the range: what they leave out is 600 times smaller
# Beyond the range, a value is only good enough to turn down a step. The singularity is this far from the middle, and
# farther than that share of it nothing is said.
RADIUS: Final = np.pi / HALF
FARTHEST: Final = 0.75
SAFETY: Final = 10.0  # by which the error may be larger than the last terms have it


class Function(Protocol):
    """A function of one number of each feature."""

    def __call__(self, log_alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return its value and its slope."""


def _nodes() -> tuple[np.ndarray, np.ndarray]:
    """Return points in a range of -1 to 1, and the matrix from values and slopes there to coefficients of powers."""
    points = chebyshev.chebpts1(N_POINTS)
    series = np.eye(N_TERMS)
    slopes = np.stack([chebyshev.chebval(points, chebyshev.chebder(each)) for each in series], axis=1)
    to_series = np.linalg.inv(np.vstack([chebyshev.chebvander(points, N_TERMS - 1), slopes]))
    to_powers = np.zeros((N_TERMS, N_TERMS))
    for k, each in enumerate(series):
        powers = chebyshev.cheb2poly(each[: k + 1])
        to_powers[: len(powers), k] = powers
    return points, to_powers @ to_series


POINTS, TO_POWERS = _nodes()


@dataclass(frozen=True)
class Curve:
    """A polynomial of each feature.

    Attributes
    ----------
    middle
        Of the range of log alpha; missing where no polynomial is good enough.
    base
        Value in the middle, as far as numbers are added to it.
    powers
        Coefficients of powers of (log alpha - middle) / `HALF`, features x `N_TERMS`.
    """

    middle: np.ndarray
    base: np.ndarray
    powers: np.ndarray

    @classmethod
    def around(cls, function: Function, middle: np.ndarray) -> "Curve":
        """Put polynomials through a function around a number of each feature."""
        values, slopes = map(np.stack, zip(*(function(middle + HALF * point) for point in POINTS), strict=True))
        base = values[N_POINTS // 2].copy()
        powers = (TO_POWERS @ np.concatenate([values - base, HALF * slopes])).T
        good = np.abs(powers[:, -2:]).sum(axis=1) < SMALL * 2 ** (N_TERMS - 2)
        return cls(np.where(good, middle, np.nan), base, powers)

    def take(self, rows: np.ndarray) -> "Curve":
        """Return the polynomials of some features, numbered or marked."""
        return Curve(self.middle[rows], self.base[rows], self.powers[rows])

    def put(self, rows: np.ndarray, other: "Curve") -> None:
        """Keep the polynomials of some features."""
        self.middle[rows], self.base[rows], self.powers[rows] = other.middle, other.base, other.powers

    def __call__(self, log_alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return value, slope, and how wrong the value may be: 0 in the range, infinite where nothing is known."""
        x = (log_alpha - self.middle) / HALF
        powers = np.empty((len(x), N_TERMS))
        powers[:, 0] = 1
        powers[:, 1:] = x[:, None]
        np.cumprod(powers, axis=1, out=powers)
        terms = self.powers * powers
        value = self.base + terms.sum(axis=1)
        slope = np.vecdot(self.powers[:, 1:] * DEGREES, powers[:, :-1]) / HALF
        away = np.abs(x)
        wrong = np.zeros(len(x))
        beyond = ~(away <= 1)
        if beyond.any():
            share = away[beyond] / RADIUS
            with np.errstate(invalid="ignore"):
                last = SAFETY * np.abs(terms[beyond, -2:]).sum(axis=1) / (1 - share)
            wrong[beyond] = np.where(share <= FARTHEST, last, np.inf)
        return value, slope, wrong


DEGREES: Final = np.arange(1, N_TERMS)


def unknown(n: int) -> Curve:
    """Return polynomials of which nothing is known yet."""
    return Curve(np.full(n, np.nan), np.zeros(n), np.zeros((n, N_TERMS)))
