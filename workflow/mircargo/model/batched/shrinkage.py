"""Fold changes of all features under the heavy-tailed prior of apeGLM (Zhu, Ibrahim and Love 2019, bty895)."""

from dataclasses import dataclass

import numpy as np

from .arrow import AnyGram
from .newton import curvature, descend


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
    gram: AnyGram,
    size: np.ndarray,
    offset: np.ndarray,
    prior: ShrinkagePrior,
    whole: bool = True,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the posterior mode of each feature's coefficients; arguments are as of `descend`.

    A heavy tail can leave two modes, one near zero and one near the maximum of the likelihood. The climb begins from
    both, and the better one is returned.

    Returns
    -------
    tuple
        Coefficients (features x coefficients), the inverse of the negative log-posterior's second derivatives (features
        x coefficients x coefficients; only its diagonal, features x coefficients, where not `whole`), and whether each
        climb came to rest.
    """
    likely = np.linalg.pinv(gram.design) @ (np.log(counts + 0.1) - offset).T
    still = likely.copy()
    still[prior.index] = 0.0
    tries = [descend(start, counts, gram, size, offset, prior) for start in (likely, still)]
    first = tries[0][1] <= tries[1][1]
    beta = np.where(first, tries[0][0], tries[1][0])
    converged = np.where(first, tries[0][2], tries[1][2])
    return beta.T, inverse(curvature(beta, counts, gram, size, offset, prior)[0], gram, whole), converged


def inverse(entries: np.ndarray, gram: AnyGram, whole: bool) -> np.ndarray:
    """Invert second derivatives, as of `curvature`; only the diagonal, features x coefficients, where not `whole`."""
    factor = gram.cholesky(entries)
    return np.asarray(gram.full_inverse(factor) if whole else gram.inverse(factor)[gram.diagonal].T)
