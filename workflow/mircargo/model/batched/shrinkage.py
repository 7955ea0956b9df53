"""Fold changes of all features under the heavy-tailed prior of apeGLM (Zhu, Ibrahim and Love 2019, btz895)."""

from dataclasses import dataclass

import numpy as np

from .gram import Gram

MAX_STEPS = 100
HALVINGS = 30
AT_REST = 1e-10  # of the gain that a Newton step promises


@dataclass(frozen=True)
class ShrinkagePrior:
    """A Cauchy prior for one coefficient, a normal one for the others, all around zero, in natural logarithms."""

    index: int
    scale: float
    others_sd: float

    def __call__(self, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the negative log-density of each feature, its gradient and its curvature, coefficients x features."""
        gradient = beta / self.others_sd**2
        curvature = np.full_like(beta, 1 / self.others_sd**2)
        own = beta[self.index]
        spread = self.scale**2 + own**2
        value = 0.5 * (beta * gradient).sum(axis=0) - 0.5 * own * gradient[self.index] + np.log(spread / self.scale**2)
        gradient[self.index] = 2 * own / spread
        curvature[self.index] = 2 * (self.scale**2 - own**2) / spread**2
        return value, gradient, curvature


def shrink(
    counts: np.ndarray,
    gram: Gram,
    size: np.ndarray,
    offset: np.ndarray,
    prior: ShrinkagePrior,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the posterior mode of each feature's coefficients.

    A heavy tail can leave two modes, one near zero and one near the maximum of the likelihood. The climb begins
    from both, and the better one is returned.

    Parameters
    ----------
    counts
        Features x samples.
    gram
        Of the design.
    size
        1 / dispersion of each feature.
    offset
        Natural logarithm of the size factors.
    prior
        Of the coefficients.

    Returns
    -------
    tuple
        Coefficients (features x coefficients), the inverse of the negative log-posterior's second derivatives
        (features x coefficients x coefficients), and whether each climb came to rest.
    """
    likely = np.linalg.pinv(gram.design) @ (np.log(counts + 0.1) - offset).T
    still = likely.copy()
    still[prior.index] = 0.0
    tries = [_descend(start, counts, gram, size, offset, prior) for start in (likely, still)]
    first = tries[0][1] <= tries[1][1]
    beta = np.where(first, tries[0][0], tries[1][0])
    converged = np.where(first, tries[0][2], tries[1][2])
    entries, _ = _curvature(beta, counts, gram, size, offset, prior)
    inverse = gram.inverse(gram.cholesky(entries))
    full = np.empty((len(counts), gram.n_coefficients, gram.n_coefficients))
    full[:, gram.row, gram.column] = full[:, gram.column, gram.row] = inverse.T
    return beta.T, full, converged


def _descend(
    start: np.ndarray, counts: np.ndarray, gram: Gram, size: np.ndarray, offset: np.ndarray, prior: ShrinkagePrior
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    beta, converged = start.copy(), np.zeros(len(counts), dtype=bool)
    value, gradient = _objective(beta, counts, gram, size, offset, prior)
    for _ in range(MAX_STEPS):
        on = np.flatnonzero(~converged)
        if not on.size:
            break
        y, r, b = counts[on], size[on], beta[:, on]
        entries, safe = _curvature(b, y, gram, r, offset, prior)
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
            worse = ~(new_value <= value[on])
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
    beta: np.ndarray, counts: np.ndarray, gram: Gram, size: np.ndarray, offset: np.ndarray, prior: ShrinkagePrior
) -> tuple[np.ndarray, np.ndarray]:
    """Return the negative log-posterior of each feature, up to a constant, and its gradient."""
    log_mu, r = (gram.design @ beta).T + offset, size[:, None]
    value, gradient, _ = prior(beta)
    above = np.logaddexp(log_mu, np.log(r))
    value = value - (counts * log_mu - (counts + r) * above).sum(axis=1)
    share = np.exp(log_mu - above)
    return value, gradient - gram.right_side(counts - (counts + r) * share)


def _curvature(
    beta: np.ndarray, counts: np.ndarray, gram: Gram, size: np.ndarray, offset: np.ndarray, prior: ShrinkagePrior
) -> tuple[np.ndarray, np.ndarray]:
    """Return the second derivatives of the negative log-posterior, and such as are positive definite anywhere."""
    log_mu, r = (gram.design @ beta).T + offset, size[:, None]
    share = np.exp(log_mu - np.logaddexp(log_mu, np.log(r)))
    _, _, curvature = prior(beta)
    entries = gram((counts + r) * share * (1 - share))
    safe = entries.copy()
    diagonal = gram.row == gram.column
    entries[diagonal] += curvature
    safe[diagonal] += np.abs(curvature)
    return entries, safe
