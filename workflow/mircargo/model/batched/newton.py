"""Posterior modes of negative binomial regressions with known dispersions, for all features at once.

Without a prior, or with a normal one, the log-posterior has one top, and damped Newton steps find it.
"""

from collections.abc import Callable

import numpy as np

from .arrow import AnyGram

MAX_STEPS = 100
HALVINGS = 30
AT_REST = 1e-10  # of the gain that a Newton step promises
# By which a log-posterior may seem to fall at its top: at least so much, and so much for each read.
ROUNDING, ROUNDING_OF_A_READ = 1e-9, 1e-15

# From coefficients x features to the negative log-density of each feature, its gradient and its curvature.
Prior = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


def by_sample(values: np.ndarray) -> np.ndarray:
    """Return one value per feature as a column, so that it stands beside features x samples; such a table as it is."""
    return values if values.ndim == 2 else values[:, None]


def normal_prior(precision: float) -> Prior:
    """Return a normal prior around zero that is the same for all coefficients."""

    def prior(beta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return 0.5 * precision * (beta**2).sum(axis=0), precision * beta, np.full_like(beta, precision)

    return prior


def descend(
    start: np.ndarray, counts: np.ndarray, gram: AnyGram, size: np.ndarray, offset: np.ndarray, prior: Prior
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find a posterior mode of each feature's coefficients by Newton's method, with steps halved where they fail.

    Parameters
    ----------
    start
        Coefficients x features, natural logarithms.
    counts
        Features x samples.
    size, offset
        1 / dispersion of each feature, or of each feature in each sample; natural logarithm of the size factors.

    Returns
    -------
    tuple
        Coefficients x features, the negative log-posterior there up to a constant, and whether the climb came to rest.
    """
    beta, converged = start.copy(), np.zeros(len(counts), dtype=bool)
    value, gradient = _objective(beta, counts, gram, size, offset, prior)
    rounding = np.maximum(ROUNDING, ROUNDING_OF_A_READ * counts.sum(axis=1))
    for _ in range(MAX_STEPS):
        on = np.flatnonzero(~converged)
        if not on.size:
            break
        y, r, b = counts[on], size[on], beta[:, on]
        entries, safe = curvature(b, y, gram, r, offset, prior)
        factor = gram.cholesky(entries)
        bad = np.isnan(factor).any(axis=0)
        factor[:, bad] = gram.cholesky(safe[:, bad])
        step = gram.solve(factor, gradient[:, on])
        promised = (step * gradient[:, on]).sum(axis=0)
        converged[on[promised < AT_REST]] = True
        length = np.ones(len(on))
        for _ in range(HALVINGS):
            aim = b - length * step
            new_value, new_gradient = _objective(aim, y, gram, r, offset, prior)
            worse = ~(new_value <= value[on] + rounding[on])
            if not worse.any():
                break
            length[worse] /= 2
        beta[:, on], value[on], gradient[:, on] = (
            np.where(worse, b, aim),
            np.where(worse, value[on], new_value),
            np.where(worse, gradient[:, on], new_gradient),
        )
    return beta, value, converged


def _objective(
    beta: np.ndarray, counts: np.ndarray, gram: AnyGram, size: np.ndarray, offset: np.ndarray, prior: Prior
) -> tuple[np.ndarray, np.ndarray]:
    """Return the negative log-posterior of each feature, up to a constant, and its gradient.

    The constant is the log-likelihood at means that equal the counts: beside it, differences would be lost in rounding.
    """
    log_mu, r = gram.predictors(beta) + offset, by_sample(size)
    value, gradient, _ = prior(beta)
    at_least_1 = np.maximum(counts, 1)
    log_ratio = log_mu - np.log(at_least_1)
    with np.errstate(over="ignore"):
        mu = np.exp(log_mu)
        gap = np.where(counts > 0, at_least_1 * np.abs(np.expm1(log_ratio)), mu)
    # Of mu + r and counts + r, the larger above.
    logs = np.where(counts > 0, np.sign(log_ratio), 1) * np.log1p(gap / (np.minimum(counts, mu) + r))
    value = value - (counts * log_ratio - (counts + r) * logs).sum(axis=1)
    share = np.exp(log_mu - np.logaddexp(log_mu, np.log(r)))
    return value, gradient - gram.right_side(counts - (counts + r) * share)


def curvature(
    beta: np.ndarray, counts: np.ndarray, gram: AnyGram, size: np.ndarray, offset: np.ndarray, prior: Prior
) -> tuple[np.ndarray, np.ndarray]:
    """Return the second derivatives of the negative log-posterior, and such as are positive definite anywhere."""
    log_mu, r = gram.predictors(beta) + offset, by_sample(size)
    share = np.exp(log_mu - np.logaddexp(log_mu, np.log(r)))
    _, _, curvature = prior(beta)
    entries = gram((counts + r) * share * (1 - share))
    safe = entries.copy()
    entries[gram.diagonal] += curvature
    safe[gram.diagonal] += np.abs(curvature)
    return entries, safe
