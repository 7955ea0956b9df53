"""Coefficients of all features by iteratively reweighted least squares, and their Wald test, as DESeq2 has them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import norm

from .arrow import AnyGram
from .likelihood import stirling_remainder, stirling_series
from .newton import by_sample, descend, normal_prior

Alternative = Literal["greaterAbs", "lessAbs", "greater", "less"]
RIDGE = 1e-6 / np.log(2) ** 2  # so that X'WX can always be inverted; DESeq2's 1e-6 of base-2 coefficients
TINY = np.finfo(float).tiny
ABUNDANT = 1e7  # reads; the terms of larger counts are rounded by as much as a deviance changes in the last steps


@dataclass
class Coefficients:
    """A fitted negative binomial regression of each feature."""

    beta: np.ndarray  # features x coefficients, natural logarithm
    mu: np.ndarray  # features x samples: the fitted means, not raised to any floor
    leverage: np.ndarray  # features x samples: the diagonal of the weighted hat matrix
    converged: np.ndarray  # whether each feature's deviance came to rest with coefficients within their bounds


@dataclass(frozen=True)
class Stopping:
    """When a fit ends."""

    tolerance: float  # it has converged where its deviance changes by less than this share of itself plus 0.1
    max_beta: float  # a coefficient beyond this, in size, means that it runs away
    max_steps: int  # steps after which it is given up


@dataclass(frozen=True)
class Hypothesis:
    """What a Wald test asks."""

    contrast: np.ndarray  # weight of each coefficient
    null: float = 0.0  # natural-log fold change of the null hypothesis
    # As in PyDESeq2: `less` is below `null`, where DESeq2's `results` means below minus the threshold. None tests for
    # any difference from `null`.
    alternative: Alternative | None = None


def fit_coefficients(
    counts: np.ndarray, size_factors: np.ndarray, gram: AnyGram, alpha: np.ndarray, min_mu: float, stopping: Stopping
) -> Coefficients:
    """Fit log means linear in the design, with known dispersions.

    Parameters
    ----------
    counts
        Features x samples.
    alpha
        Dispersion of each feature, or of each feature in each sample.
    min_mu
        Fitted means count as at least this while they are fitted.
    """
    log_factors = np.log(size_factors)
    start = np.linalg.pinv(gram.design) @ np.log(counts / size_factors + 0.1).T
    n = len(counts)
    beta, converged = start.copy(), np.zeros(n, dtype=bool)
    rows, y, a, b = np.arange(n), counts, by_sample(alpha), start
    saturated, abundant = _saturated_deviance(y, a), y.max(axis=1) > ABUNDANT
    deviance = np.full(n, np.inf)  # beyond that of the saturated model
    mu, log_mu = _means(b, gram, log_factors, min_mu)
    # Written into again and again: what is worked on stays close to the processor.
    one, other, left = np.empty_like(mu), np.empty_like(mu), y - mu
    left_out = False
    for _ in range(stopping.max_steps):
        weights = np.divide(mu, np.add(np.multiply(a, mu, out=one), 1, out=one), out=one)
        working = np.subtract(log_mu, log_factors, out=other)
        working += np.divide(left, mu, out=left)
        working *= weights
        if not left_out:
            # A product of matrices is rounded by how they lie in memory, which keeps last digits as they always were.
            weights = np.asfortranarray(weights)
        b = gram.solve(gram.cholesky(gram(weights, RIDGE)), gram.right_side(working))
        with np.errstate(over="ignore", invalid="ignore"):
            ran_away = ~(np.abs(b) <= stopping.max_beta).all(axis=0)
            mu, log_mu = _means(b, gram, log_factors, min_mu)
            np.subtract(y, mu, out=left)
            last, deviance = deviance, _deviance(y, mu, left, 1 / a, (one, other))
            if abundant.any():
                deviance[abundant] = _deviance_of_abundant(y[abundant], mu[abundant], (1 / a)[abundant])
            at_rest = np.abs(deviance - last) < stopping.tolerance * (np.abs(deviance + saturated) + 0.1)
        done = at_rest | ran_away | ~np.isfinite(deviance)
        left_out = bool(done.any())
        if left_out:
            over = rows[done]
            beta[:, over], converged[over] = b[:, done], at_rest[done] & ~ran_away[done]
            on = ~done
            if not on.any():
                break
            rows, y, a, b, mu, log_mu = rows[on], y[on], a[on], b[:, on], mu[on], log_mu[on]
            saturated, abundant, deviance, left = saturated[on], abundant[on], deviance[on], left[on]
            one, other = one[: len(y)], other[: len(y)]
    lost = np.flatnonzero(~converged)
    if lost.size:
        # Steps without damping can run away where nearly all counts are zero.
        prior = normal_prior(RIDGE)
        beta[:, lost], _, converged[lost] = descend(
            start[:, lost], counts[lost], gram, 1 / alpha[lost], log_factors, prior
        )
    return Coefficients(beta.T, *_at(beta.T, gram, size_factors, alpha, min_mu), converged)


def _deviance(
    counts: np.ndarray, mu: np.ndarray, left: np.ndarray, r: np.ndarray, space: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return the deviance of each feature; `left` is what the means leave of the counts, `space` is written into.

    It is made of logarithms of ratios: of large terms that nearly cancel, rounding would decide which step is the last.
    """
    ratios, terms = space
    np.minimum(counts, mu, out=terms)
    terms += r
    np.divide(np.abs(left, out=ratios), terms, out=ratios)
    np.copysign(np.log1p(ratios, out=ratios), left, out=ratios)
    ratios *= np.add(counts, r, out=terms)
    np.divide(np.maximum(counts, 1, out=terms), mu, out=terms)
    np.log(terms, out=terms)
    terms *= counts
    terms -= ratios
    return np.asarray(2 * terms.sum(axis=1))


def _deviance_of_abundant(counts: np.ndarray, mu: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Return what `_deviance` does, with the two logarithms of a large count made one, where they nearly cancel.

    y log(y / mu) - y log((y + r) / (mu + r)) is y log(1 + x), with x = r (y - mu) / (mu (y + r)).
    """
    left = counts - mu
    logs = np.copysign(np.log1p(np.abs(left) / (np.minimum(counts, mu) + r)), left)
    x = r * left / (mu * (counts + r))
    together = counts * np.log1p(np.maximum(x, -0.5)) - r * logs
    apart = counts * np.log(np.maximum(counts, 1) / mu) - (counts + r) * logs
    return np.asarray(2 * np.where(x > -0.5, together, apart).sum(axis=1))


def _saturated_deviance(counts: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return about -2 times the log-likelihood of each feature where every count is its own mean.

    By Stirling's formula, of which little is left: log(2 pi y (1 + alpha y)) and remainders. It is 3e-4 away where a
    count is 1, and nothing but the measure of what is a small change rests on it.
    """
    r, seen = 1 / alpha, np.maximum(counts, 1)
    logs = np.log(2 * np.pi * seen * (1 + alpha * seen))
    terms = logs + 2 * (stirling_series(seen) - stirling_series(seen + r) + stirling_remainder(r)[0])
    return np.asarray(np.vecdot(terms, (counts > 0).astype(float)))


def _means(beta: np.ndarray, gram: AnyGram, log_factors: np.ndarray, floor: float) -> tuple[np.ndarray, np.ndarray]:
    predictors = gram.predictors(beta)
    log_mu = np.add(predictors, log_factors, out=np.empty(predictors.shape))  # the samples of a feature side by side
    np.maximum(log_mu, np.log(floor), out=log_mu)
    return np.exp(log_mu), log_mu


def _at(
    beta: np.ndarray, gram: AnyGram, size_factors: np.ndarray, alpha: np.ndarray, min_mu: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return means and leverages at the coefficients."""
    mu = size_factors * np.exp(gram.predictors(beta.T))
    floored = np.maximum(mu, min_mu)
    weights = floored / (1 + by_sample(alpha) * floored)
    inverse = gram.inverse(gram.cholesky(gram(weights, RIDGE)))
    return mu, gram.leverage(inverse, weights)


def wald(
    gram: AnyGram, alpha: np.ndarray, beta: np.ndarray, mu: np.ndarray, ridge: float, hypothesis: Hypothesis
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Test a contrast of the coefficients; return p-value, statistic and standard error of each feature.

    The estimate that is tested is the contrast's, whatever its weights; a threshold applies to it as a whole. `alpha`
    is the dispersion of each feature, or of each feature in each sample; `beta` features x coefficients; `mu` features
    x samples; `ridge` is added to the diagonal of X'WX.
    """
    entries = gram(mu / (1 + mu * by_sample(alpha)))
    ridged = entries.copy()
    ridged[gram.diagonal] += ridge
    weights = np.repeat(np.asarray(hypothesis.contrast, dtype=float)[:, None], len(alpha), axis=1)
    spread = gram.solve(gram.cholesky(ridged), weights)
    errors = np.sqrt((spread * gram.multiply(entries, spread)).sum(axis=0))
    estimates = beta @ hypothesis.contrast
    p_values, statistics = compare(estimates, errors, hypothesis.null, hypothesis.alternative)
    return p_values, statistics, errors


def likelihood_ratio(counts: np.ndarray, mu: np.ndarray, reduced_mu: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Return twice the gain in log-likelihood of each feature from the reduced to the full model.

    Counts and their means under the two models are features x samples; `alpha` is the dispersion of each feature.
    """
    r = 1 / by_sample(alpha)
    # Of two means that are alike the logarithm of their ratio is taken of their difference, or rounding is all of it.
    more = mu - reduced_mu
    alike = np.abs(more) < 0.5 * reduced_mu
    ratio = np.log1p(np.divide(more, reduced_mu, out=np.zeros_like(more), where=alike))
    # A mean may run to zero where there are no counts.
    ratio = np.where(alike, ratio, np.log(np.maximum(mu, TINY) / np.maximum(reduced_mu, TINY)))
    logs = np.copysign(np.log1p(np.abs(more) / (np.minimum(mu, reduced_mu) + r)), more)
    gain = counts * ratio - (counts + r) * logs
    return np.asarray(2 * gain.sum(axis=1))


def compare(
    estimates: np.ndarray, errors: np.ndarray, null: float, alternative: Alternative | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return p-value and statistic of normal estimates against a null value."""
    above, below = (estimates - null) / errors, (estimates + null) / errors
    if alternative is None:
        return 2 * norm.sf(np.abs(above)), above
    if alternative == "greaterAbs":
        statistic = np.sign(estimates) * np.maximum((np.abs(estimates) - null) / errors, 0)
        return np.minimum(1, 2 * norm.sf((np.abs(estimates) - null) / errors)), statistic
    if alternative == "greater":
        return norm.sf(above), np.maximum(above, 0)
    if alternative == "less":
        return norm.cdf(above), np.minimum(above, 0)
    nearer = np.minimum(null - estimates, estimates + null) / errors
    return np.maximum(norm.cdf(above), norm.sf(below)), np.maximum(nearer, 0)
