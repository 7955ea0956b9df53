"""The negative binomial's log-likelihood as a function of the dispersion, for all features at once.

Written so that nothing large is subtracted from something as large: with r = 1 / alpha, and c the remainder of
Stirling's formula, log G(y + r) - log G(r) = y log r + (y + r - 1/2) log(1 + y alpha) - y + c(y + r) - c(r). The
logarithms that the likelihood needs are those that its derivative needs, and c is a short series but for small
arguments.
"""

import numpy as np
from scipy.special import digamma, gammaln

SERIES_FROM = 8.0  # the first term left out of the series is below 2e-13 there
HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)


def stirling_remainder(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log G(x) - ((x - 1/2) log x - x + log(2 pi) / 2), and digamma(x) - log x, for x > 0."""
    inverse = 1.0 / x
    square = inverse * inverse
    value = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
    slope = -0.5 * inverse - square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240))))
    small = np.flatnonzero(x.ravel() < SERIES_FROM)
    if small.size:
        few = x.ravel()[small]
        logs = np.log(few)
        value.ravel()[small] = gammaln(few) - ((few - 0.5) * logs - few + HALF_LOG_2PI)
        slope.ravel()[small] = digamma(few) - logs
    return value, slope


def log_likelihood(counts: np.ndarray, mu: np.ndarray, log_alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the log-likelihood of each feature without log(y!) and y log(mu), and its derivative by log alpha.

    Parameters
    ----------
    counts, mu
        Features x samples: counts and their means, means above 0.
    log_alpha
        Natural logarithm of each feature's dispersion.
    """
    alpha = np.exp(log_alpha)[:, None]
    r = 1.0 / alpha
    shifted = counts + r
    log_counts = np.log1p(counts * alpha)
    scaled = mu * alpha
    log_means = np.log1p(scaled)
    value, slope = stirling_remainder(shifted)
    value_r, slope_r = stirling_remainder(r)
    logs = log_counts - log_means
    total = (shifted * logs - 0.5 * log_counts - counts + value).sum(axis=1) - counts.shape[1] * value_r[:, 0]
    # d/d(log alpha) = -r d/dr, where d/dr = digamma(y + r) - digamma(r) - log(1 + mu alpha) + (mu - y) / (mu + r)
    by_r = (logs + slope + (mu - counts) * alpha / (1.0 + scaled)).sum(axis=1) - counts.shape[1] * slope_r[:, 0]
    return total, -r[:, 0] * by_r
