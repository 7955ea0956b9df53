"""The negative binomial's log-likelihood as a function of the dispersion, for all features at once.

With r = 1 / alpha, log G(y + r) - log G(r) is the sum of log(r + k) over k < y. So it is taken where y is small:
the terms of all samples of a feature are counted once, and then are a product of matrices. Where y is large, it is
y log r + (y + r - 1/2) log(1 + y alpha) - y + c(y + r) - c(r), c being the remainder of Stirling's formula, which
needs three terms from 24 on; with the rest of the density that is (y + r) log((y + r) / (mu + r)) and small terms.

A search for the dispersion ends where a step gains less than 1e-6. So differences of the log-likelihood have to be good
to far less, or rounding decides where it ends, and that is another on each kind of processor. Therefore nothing large
is subtracted from something as large: logarithms are of ratios, and what does not depend on alpha stands apart.
"""

import numpy as np
from scipy.special import digamma, gammaln

SERIES_FROM = 24  # the first terms left out of the series below are under 2e-13
NO_COUNT = 1e40  # stands for a small count where large ones are summed: no power of its inverse adds anything
FAR_BELOW = 1e7  # reads that a count lacks of its mean: from there on, their ratio is taken the other way up
HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)
BELOW = np.arange(1, SERIES_FROM - 1, dtype=float)  # k of the sums; log(1 + 0) is none


class Likelihood:
    """Log-likelihood of the dispersions, given counts and their means.

    Parameters
    ----------
    counts, mu
        Features x samples: counts and their means, means above 0.

    Attributes
    ----------
    constant
        Of each feature, a part of the log-likelihood that does not depend on alpha and would drown its differences.
    """

    def __init__(self, counts: np.ndarray, mu: np.ndarray):
        self.mu, self.over = mu, counts - mu
        large = counts >= SERIES_FROM
        self.small = (~large).astype(float)
        self.n_large = large.sum(axis=1, dtype=float)
        self.large_counts = np.where(large, counts, NO_COUNT)
        self.large_over = np.where(large, self.over, 0.0)
        self.far = (self.large_over < np.minimum(-0.5 * mu, -FAR_BELOW)).any(axis=1)
        self.small_counts = counts * self.small
        self.constant = self.small_counts.sum(axis=1) - counts.sum(axis=1)
        # Samples of each feature whose count is small, and above k.
        places = self.small_counts.astype(np.intp) + SERIES_FROM * np.arange(len(counts))[:, None]
        having = np.bincount(places.ravel(), minlength=SERIES_FROM * len(counts)).reshape(-1, SERIES_FROM)
        self.above = having[:, :0:-1].cumsum(axis=1)[:, ::-1].astype(float)

    def __len__(self) -> int:
        return len(self.mu)

    def take(self, rows: np.ndarray) -> "Likelihood":
        """Return the likelihood of some features, numbered or marked."""
        part = object.__new__(Likelihood)
        for name, value in vars(self).items():
            setattr(part, name, value[rows])
        return part

    def __call__(self, log_alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Evaluate the log-likelihood of each feature, but for log(y!), y log(mu) and `constant`.

        Returns
        -------
        tuple
            The log-likelihood and its derivative by log alpha, one value per feature, and the weights that counts
            have in a regression of their log means, features x samples.
        """
        alpha = np.exp(log_alpha)
        r, column, ones = 1 / alpha, alpha[:, None], np.ones(self.mu.shape[1])
        work = self.mu * column
        log_means = np.log1p(work)
        work += 1.0
        inverse = np.divide(1.0, work, out=work)
        logs_small = _dot(self.small, log_means)
        total = -_dot(self.small_counts, log_means) - r * logs_small
        # by_r is the derivative by r; that by log alpha is -r times it.
        by_r = -alpha * _dot(inverse, self.over) - logs_small
        if self.n_large.any():
            total -= 0.5 * (log_means @ ones - logs_small)  # on short rows faster than a sum
            self._add_large(total, by_r, alpha, (inverse, log_means))
        steps = column * BELOW
        total += _dot(self.above[:, 1:], np.log1p(steps))
        by_r += alpha * (self.above[:, 0] + _dot(self.above[:, 1:], 1 / (1 + steps)))
        return total, -r * by_r, np.multiply(self.mu, inverse, out=inverse)

    def _add_large(
        self, total: np.ndarray, by_r: np.ndarray, alpha: np.ndarray, tables: tuple[np.ndarray, np.ndarray]
    ) -> None:
        """Add the terms of large counts by Stirling's formula.

        `tables` are 1 / (1 + alpha mu), and another that is written into.
        """
        of_means, work = tables
        r, ones = 1 / alpha, np.ones(work.shape[1])
        # log((y + r) / (mu + r)), 0 where the count is small.
        np.multiply(self.large_over, of_means, out=work)
        work *= alpha[:, None]
        far = np.flatnonzero(self.far)
        if far.size:
            # Next to -1, log(1 + x) has few digits left: there it is taken of (mu + r) / (y + r), with the other sign.
            short = -self.large_over[far]
            below = short > 0
            work[far] = np.where(below, short / (self.large_counts[far] + r[far, None]), work[far])
        log_ratios = np.log1p(work, out=work)
        if far.size:
            log_ratios[far] = np.where(below, -log_ratios[far], log_ratios[far])
        logs = log_ratios @ ones
        total += _dot(self.large_counts, log_ratios) + (r - 0.5) * logs
        by_r += logs
        inverse = np.add(self.large_counts, r[:, None], out=work)
        np.divide(1.0, inverse, out=inverse)
        # Sums over samples of 1 / x, 1 / x^2, ... up to the sixth power.
        first, power = inverse @ ones, inverse.copy()
        second, third, fourth, fifth, sixth = (np.multiply(power, inverse, out=power) @ ones for _ in range(5))
        value_r, slope_r = stirling_remainder(r)
        total += first / 12 - third / 360 + fifth / 1260 - self.n_large * value_r
        by_r -= first / 2 + second / 12 - fourth / 120 + sixth / 252 + self.n_large * slope_r


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.vecdot(one, other))


def stirling_series(x: np.ndarray) -> np.ndarray:
    """Return the value of `stirling_remainder` by three terms of its series: to 2e-13 from 24 on, to 3e-4 at 1."""
    inverse = 1 / x
    square = inverse * inverse
    return np.asarray(inverse * (1 / 12 - square * (1 / 360 - square / 1260)))


def stirling_remainder(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log G(x) - ((x - 1/2) log x - x + log(2 pi) / 2), and digamma(x) - log x, for x > 0."""
    value, inverse = stirling_series(x), 1 / x
    square = inverse * inverse
    slope = -0.5 * inverse - square * (1 / 12 - square * (1 / 120 - square / 252))
    small = x < SERIES_FROM
    few, logs = x[small], np.log(x[small])
    value[small] = gammaln(few) - ((few - 0.5) * logs - few + HALF_LOG_2PI)
    slope[small] = digamma(few) - logs
    return value, slope
