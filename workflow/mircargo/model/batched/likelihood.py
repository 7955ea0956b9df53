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
        self.mu = mu
        self.less = 1 - counts / mu
        large = counts >= SERIES_FROM
        self.large = large.astype(float)
        self.n_large = self.large.sum(axis=1)
        self.large_counts = np.where(large, counts, SERIES_FROM)  # the others have to be something
        self.only_large = self.large * counts
        self.lower, self.gap = np.minimum(counts, mu), self.large * np.abs(counts - mu)
        self.sign = np.sign(counts - mu)
        self.constant = -self.only_large.sum(axis=1)
        self.small, self.small_counts = 1 - self.large, np.where(large, 0.0, counts)
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
        r, column = 1 / alpha, alpha[:, None]
        work = self.mu * column
        log_means = np.log1p(work)
        work += 1.0
        weights = np.divide(self.mu, work, out=work)
        logs_small = _dot(self.small, log_means)
        total = -_dot(self.small_counts, log_means) - r * logs_small
        # by_r is the derivative by r; that by log alpha is -r times it.
        by_r = alpha * _dot(weights, self.less) - logs_small
        if self.n_large.any():
            total -= 0.5 * _dot(self.large, log_means)
            self._add_large(total, by_r, alpha, log_means)
        steps = column * BELOW
        total += _dot(self.above[:, 1:], np.log1p(steps))
        by_r += alpha * (self.above[:, 0] + _dot(self.above[:, 1:], 1 / (1 + steps)))
        return total, -r * by_r, weights

    def _add_large(self, total: np.ndarray, by_r: np.ndarray, alpha: np.ndarray, work: np.ndarray) -> None:
        """Add the terms of large counts by Stirling's formula; `work` is overwritten."""
        r, ones = 1 / alpha, np.ones(work.shape[1])
        np.divide(self.gap, np.add(self.lower, r[:, None], out=work), out=work)
        log_ratios = np.log1p(work, out=work)  # of y + r and mu + r, the larger above; 0 where the count is small
        log_ratios *= self.sign
        logs = log_ratios @ ones  # on short rows faster than a sum
        total += _dot(self.only_large, log_ratios) + (r - 0.5) * logs
        by_r += logs
        inverse = self.large_counts + r[:, None]
        np.divide(1.0, inverse, out=inverse)
        # Sums over samples of 1 / x, 1 / x^2, ... up to the sixth power.
        power = np.multiply(self.large, inverse, out=work)
        first = power @ ones
        second, third, fourth, fifth, sixth = (np.multiply(power, inverse, out=power) @ ones for _ in range(5))
        value_r, slope_r = _stirling_remainder(r)
        total += first / 12 - third / 360 + fifth / 1260 - self.n_large * value_r
        by_r -= first / 2 + second / 12 - fourth / 120 + sixth / 252 + self.n_large * slope_r


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.vecdot(one, other))


def _stirling_remainder(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log G(x) - ((x - 1/2) log x - x + log(2 pi) / 2), and digamma(x) - log x, for x > 0."""
    inverse = 1 / x
    square = inverse * inverse
    value = inverse * (1 / 12 - square * (1 / 360 - square / 1260))
    slope = -0.5 * inverse - square * (1 / 12 - square * (1 / 120 - square / 252))
    small = np.flatnonzero(x < SERIES_FROM)
    few, logs = x[small], np.log(x[small])
    value[small] = gammaln(few) - ((few - 0.5) * logs - few + HALF_LOG_2PI)
    slope[small] = digamma(few) - logs
    return value, slope
