"""`Inference` of PyDESeq2 for all features at once, with the rules of DESeq2 where the two differ.

Nothing here knows of the package around it: what it takes is what PyDESeq2 hands to an `Inference`. Features are
taken in chunks, so that what is worked on stays in the processor's cache and memory is bounded. What does not
converge is handed to `DefaultInference`, and counted.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydeseq2.default_inference import DefaultInference

from .arrow import AnyGram, gram_of
from .coefficients import Alternative, Hypothesis, Stopping, fit_coefficients, wald
from .curve import Curve
from .dispersion import MAX_STEPS, NearPosterior, Pieces, Posterior, Prior, more_likely, scan, search
from .likelihood import Likelihood
from .newton import curvature
from .shrinkage import ShrinkagePrior, inverse, shrink
from .trend import fit_trend

CHUNK = 2**16  # counts worked on at a time: a dozen such arrays stay close to the processor
PIECES = 8  # such parts whose dispersions are searched for together, where there are many samples
MIN_MEAN = 0.5
MOST_COEFFICIENT_STEPS = 100  # as in DESeq2; what then has not come to rest is no fit, and the top is looked for


class BatchedInference(DefaultInference):
    """Batched inference for `DeseqDataSet` and `DeseqStats`.

    Parameters
    ----------
    chunk
        How many counts (features x samples) are worked on at a time.

    Attributes
    ----------
    fallbacks
        How many features each step handed to `DefaultInference`, for want of convergence.
    """

    def __init__(self, chunk: int = CHUNK):
        super().__init__(n_cpus=1)
        self.chunk = chunk
        self.fallbacks: dict[str, int] = {}

    def lin_reg_mu(
        self, counts: np.ndarray, size_factors: np.ndarray, design_matrix: np.ndarray, min_mu: float
    ) -> np.ndarray:
        """Fit means by least squares; samples x features, as PyDESeq2 has them."""
        found = np.empty(counts.shape, order="F")
        for part, fitted in self._fitted(design_matrix, counts / size_factors[:, None]):
            found[:, part] = np.maximum(fitted * size_factors, min_mu).T
        return found

    def fit_rough_dispersions(self, normed_counts: np.ndarray, design_matrix: pd.DataFrame) -> np.ndarray:
        """Estimate dispersions from what a linear regression leaves; arguments and values are those of `Inference`."""
        design, found = np.asarray(design_matrix, dtype=float), np.empty(normed_counts.shape[1])
        for part, means in self._fitted(design, normed_counts):
            fitted = np.maximum(means, 1)
            found[part] = (((normed_counts.T[part] - fitted) ** 2 - fitted) / fitted**2).sum(axis=1)
        return np.maximum(found / (len(design) - design.shape[1]), 0)

    def _fitted(self, design: np.ndarray, values: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Fit values, samples x features, linear in the design by least squares; return fits, features x samples."""
        coefficients = np.linalg.pinv(design) @ values
        return ((part, coefficients[:, part].T @ design.T) for part in self.chunks(values))

    def irls(
        self,
        counts: np.ndarray,
        size_factors: np.ndarray,
        design_matrix: np.ndarray,
        disp: np.ndarray,
        min_mu: float,
        beta_tol: float,
        min_beta: float = -30,
        max_beta: float = 30,
        optimizer: Literal["BFGS", "L-BFGS-B"] = "L-BFGS-B",
        maxiter: int = 250,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Fit coefficients; see `fit_coefficients`. Arguments and values are those of `Inference.irls`."""
        gram, stopping = gram_of(design_matrix), Stopping(beta_tol, max_beta, min(maxiter, MOST_COEFFICIENT_STEPS))
        beta = np.empty((counts.shape[1], design_matrix.shape[1]))
        mu, leverage = np.empty(counts.shape, order="F"), np.empty(counts.shape, order="F")
        converged = np.empty(counts.shape[1], dtype=bool)
        for part in self.chunks(counts):
            fitted = fit_coefficients(_rows(counts, part), size_factors, gram, disp[part], min_mu, stopping)
            beta[part], converged[part] = fitted.beta, fitted.converged
            mu[:, part], leverage[:, part] = fitted.mu.T, fitted.leverage.T
        left = self._left("coefficients", converged)
        if left.size:
            given = counts[:, left], size_factors, design_matrix, disp[left], min_mu, beta_tol, min_beta, max_beta
            beta[left], mu[:, left], leverage[:, left], converged[left] = super().irls(*given, optimizer, maxiter)
        return beta, mu, leverage, converged

    def alpha_mle(
        self,
        counts: np.ndarray,
        design_matrix: np.ndarray,
        mu: np.ndarray,
        alpha_hat: np.ndarray,
        min_disp: float,
        max_disp: float,
        prior_disp_var: float | None = None,
        cr_reg: bool = True,
        prior_reg: bool = False,
        optimizer: Literal["BFGS", "L-BFGS-B"] = "L-BFGS-B",
        start: np.ndarray | None = None,
        ends: Literal["top", "search", "grid"] = "top",
        curves: Curve | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Fit dispersions; see `search`. Arguments and values are those of `Inference.alpha_mle`.

        `start`, `ends` and `curves` PyDESeq2 does not hand over. `start` is where the search begins instead of
        `alpha_hat`: DESeq2 begins that for the mode of the posterior from the gene-wise estimate. `ends` says what is
        returned:
        `top` the most likely dispersion; `search` where DESeq2's search comes to rest, and the top where it does not;
        `grid` the same with a point of DESeq2's grid for what does not. `curves` stand for the likelihood near the
        start: without a prior they are made, and with one they are used, so both have to be of the same counts and
        means.
        """
        gram = gram_of(design_matrix) if cr_reg else None
        first = alpha_hat if start is None else start
        alpha = np.empty(counts.shape[1])
        # Features of like abundance together: where no count is large, half of the work falls away.
        largest = counts.max(axis=0)
        order = np.argsort(largest, kind="stable")
        bounds = (np.log(min_disp), np.log(max_disp))
        for chunk in self.chunks(counts, 1 if curves is None else PIECES):
            part = order[chunk]
            prior = Prior(np.log(alpha_hat[part]), prior_disp_var) if prior_reg and prior_disp_var else None
            pieces = Pieces(partial(_posterior, counts, mu, part, gram, prior), len(part), self._width(counts))
            posterior: Posterior | NearPosterior
            if curves is None:
                ((_, posterior),) = pieces
            else:
                if not prior_reg:
                    for place, each in pieces:
                        curves.put(part[place], Curve.around(each, np.log(first[part[place]])))
                posterior = NearPosterior(curves.take(part), prior, pieces, np.arange(len(part)))
            found = search(posterior, np.log(first[part]), np.log(min_disp / 10), largest[part])
            log_alpha, rests = found.log_alpha, found.steps < MAX_STEPS
            if ends == "top":
                for place, each in pieces:
                    top = scan(each, bounds, largest=largest[part[place]])
                    log_alpha[place] = more_likely(each, np.clip(log_alpha[place], *bounds), top)
            else:
                if not prior_reg:
                    # What the search has not made more likely stays where it was. A search that ends at its first
                    # step has found no way up; at the floor that is an answer, elsewhere it is none.
                    constant = np.concatenate([each.likelihood.constant for _, each in pieces])
                    flat = found.end < found.start + np.abs(found.start + constant) / 1e6
                    log_alpha = np.where(flat, np.log(first[part]), log_alpha)
                    rests &= (found.steps > 1) | (log_alpha <= np.log(10 * min_disp))
                lost = np.flatnonzero(~rests)
                for at, each in pieces.of(lost):
                    log_alpha[lost[at]] = scan(each, bounds, ends == "grid", largest[part[lost[at]]])
            alpha[part] = np.exp(log_alpha)
        return np.clip(alpha, min_disp, max_disp), np.isfinite(alpha)

    def wald_test(
        self,
        design_matrix: np.ndarray,
        disp: np.ndarray,
        lfc: np.ndarray,
        mu: np.ndarray,
        ridge_factor: np.ndarray,
        contrast: np.ndarray,
        lfc_null: float,
        alt_hypothesis: Alternative | None = None,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Test a contrast; see `wald`. Arguments and values are those of `Inference.wald_test`.

        Means count as at least 0.5, as they did when the coefficients were fitted: where a group has no reads, its
        mean runs to zero, and the standard error would grow without bound.
        """
        gram, ridge = gram_of(design_matrix), float(ridge_factor[0, 0])
        hypothesis = Hypothesis(contrast, lfc_null, alt_hypothesis)
        parts = [
            wald(gram, disp[part], lfc[part], np.maximum(_rows(mu, part), MIN_MEAN), ridge, hypothesis)
            for part in self.chunks(mu)
        ]
        p_values, statistics, errors = map(np.concatenate, zip(*parts, strict=True))
        return p_values, statistics, errors

    def dispersion_trend_gamma_glm(
        self, covariates: pd.Series, targets: pd.Series
    ) -> tuple[np.ndarray, np.ndarray, bool]:
        """Fit the trend; see `fit_trend`. The arguments are 1 / mean and the gene-wise dispersion of each feature."""
        inverse_means, dispersions = covariates.to_numpy(dtype=float), targets.to_numpy(dtype=float)
        coefficients = fit_trend(inverse_means, dispersions)
        if coefficients is None:
            return np.full(2, np.nan), np.full(len(dispersions), np.nan), False
        return coefficients, coefficients[0] + coefficients[1] * inverse_means, True

    def lfc_shrink_nbinom_glm(
        self,
        design_matrix: np.ndarray,
        counts: np.ndarray,
        size: np.ndarray,
        offset: np.ndarray,
        prior_no_shrink_scale: float,
        prior_scale: float,
        optimizer: str,
        shrink_index: int,
        whole: bool = True,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shrink one coefficient; see `shrink`. Arguments and values are those of `Inference`.

        `whole` PyDESeq2 does not hand over: without it, the variances of the coefficients are returned instead of their
        covariances, which are a matrix of each feature.
        """
        gram, prior = gram_of(design_matrix), ShrinkagePrior(shrink_index, prior_scale, prior_no_shrink_scale)
        parts = [shrink(_rows(counts, part), gram, size[part], offset, prior, whole) for part in self.chunks(counts)]
        beta, inverses, converged = (np.concatenate(each) for each in zip(*parts, strict=True))
        left = self._left("shrunken fold changes", converged)
        if left.size:
            given = design_matrix, counts[:, left], size[left], offset, prior_no_shrink_scale, prior_scale
            # Its covariances (0.5.4) are of a matrix whose other cells have the prior added, too.
            beta[left], _, converged[left] = super().lfc_shrink_nbinom_glm(*given, optimizer, shrink_index)
            entries, _ = curvature(beta[left].T, _rows(counts, left), gram, size[left], offset, prior)
            inverses[left] = inverse(entries, gram, whole)
        return beta, inverses, converged

    def _width(self, table: np.ndarray) -> int:
        return max(1, self.chunk // len(table))

    def chunks(self, table: np.ndarray, times: int = 1) -> Iterator[slice]:
        """Return the features of a table, samples x features, a chunk (or so many chunks) at a time."""
        n_features, width = table.shape[1], self._width(table) * times
        return (slice(at, min(at + width, n_features)) for at in range(0, n_features, width))

    def _left(self, step: str, converged: np.ndarray) -> np.ndarray:
        left = np.flatnonzero(~converged)
        self.fallbacks[step] = self.fallbacks.get(step, 0) + len(left)
        return left


def _posterior(
    counts: np.ndarray, mu: np.ndarray, part: np.ndarray, gram: AnyGram | None, prior: Prior | None, rows: np.ndarray
) -> Posterior:
    own = None if prior is None else prior.take(rows)
    return Posterior(Likelihood(_rows(counts, part[rows]), _rows(mu, part[rows])), gram, own)


def _rows(table: np.ndarray, part: slice | np.ndarray) -> Any:
    """Turn a chunk of samples x features into features x samples."""
    return np.ascontiguousarray(table.T[part], dtype=float)
