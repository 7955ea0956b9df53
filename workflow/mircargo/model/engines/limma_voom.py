"""limma-voom with TMM: a second opinion that models the logarithms of the counts, not the counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.nonparametric.smoothers_lowess import lowess

from mircargo.model.design.matrix import Design
from mircargo.model.engines.moderation import moderated, tested, variance_prior
from mircargo.model.normalisation.tmm import tmm_factors
from mircargo.problems import refusal

SPAN = 0.5
ROBUST_ITERATIONS = 3
SKIPPED_SHARE = 0.01  # of the range: points nearer than that are interpolated
NO_VARIATION = 1e-12
PER_MILLION = np.log2(1e6)


@dataclass(frozen=True)
class LogCounts:
    """Log2 counts per million of libraries, with the weights and the model to fit them by."""

    features: pd.Index
    # Features x samples of the design.
    values: np.ndarray
    weights: np.ndarray
    basis: np.ndarray  # orthonormal columns of the model, samples x coefficients
    contrast: np.ndarray  # the contrast's weights of these columns
    residual_df: int  # degrees of freedom of each feature

    def moderated_fit(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Return log2 fold changes, their moderated standard errors, and the degrees of freedom of these."""
        coefficients, unscaled, variances = weighted_least_squares(self.values, self.basis, self.weights)
        errors = np.sqrt(np.einsum("i,fij,j->f", self.contrast, unscaled, self.contrast))
        posterior, df = moderated(variances, self.residual_df, variance_prior(variances, self.residual_df))
        return coefficients @ self.contrast, errors * np.sqrt(posterior), df

    def of_prior(self) -> tuple[np.ndarray, float]:
        """Return what the errors would be if each variance were the prior's, and its degrees of freedom."""
        _, unscaled, variances = weighted_least_squares(self.values, self.basis, self.weights)
        prior = variance_prior(variances, self.residual_df)
        errors = np.einsum("i,fij,j->f", self.contrast, unscaled, self.contrast)
        return np.sqrt(errors * prior.variance), prior.df


def log_counts(counts: pd.DataFrame, design: Design, factors: np.ndarray | None = None) -> LogCounts:
    """Take the logarithms of counts per million, and weight them by the precision that their size foretells.

    Parameters and errors as of `voom`.
    """
    values = counts[design.matrix.index].to_numpy(dtype=float)
    # Orthonormal columns span the same model and keep the normal equations well conditioned.
    basis, triangle = np.linalg.qr(design.matrix.to_numpy())
    contrast = np.linalg.solve(triangle.T, design.contrast)
    depth = values.sum(axis=0) * (tmm_factors(values) if factors is None else factors) + 1
    log_cpm = np.log2(values + 0.5) - np.log2(depth) + PER_MILLION
    weights = precision_weights(values, log_cpm, depth, basis)
    return LogCounts(counts.index, log_cpm, weights, basis, contrast, design.residual_degrees_of_freedom)


def voom(
    counts: pd.DataFrame, design: Design, *, factors: np.ndarray | None = None, alpha: float = 0.05, null: float = 0.0
) -> pd.DataFrame:
    """Test a contrast by limma-voom; return the table of `moderation.tested`.

    Log counts per million are fitted by least squares, each weighted by the precision that its size foretells
    (Law et al. 2014, Genome Biol 15:R29), and tested by the moderated t (Smyth 2004, Stat Appl Genet Mol Biol 3:3).

    Parameters
    ----------
    counts
        Features x samples, integers, already filtered; holds the samples of the design, in any order.
    design
        The model and the contrast, with at least one residual degree of freedom.
    factors
        Normalisation factor of each sample of the design, in its order; TMM if None.
    alpha
        The confidence intervals cover 1 - alpha.
    null
        Smallest absolute log2 fold change of interest.

    Raises
    ------
    ProblemsFound
        Where fewer than two features have reads, or all samples of a group are alike: there is no trend then. And where
        the trend says that there is no variation.
    """
    fitted = log_counts(counts, design, factors)
    change, errors, df = fitted.moderated_fit()
    return tested(fitted.features, change, errors, df, alpha, null)


def precision_weights(values: np.ndarray, log_cpm: np.ndarray, depth: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Foretell the precision of each log count from the trend of the standard deviation against the count size.

    `values` and `log_cpm` are features x samples, `depth` effective library sizes plus 1, `basis` as of `LogCounts`.

    Raises
    ------
    ProblemsFound
        Where there is no trend, or none above zero.
    """
    fitted = log_cpm @ basis @ basis.T
    variances = ((log_cpm - fitted) ** 2).sum(axis=1) / (basis.shape[0] - basis.shape[1])
    present = values.any(axis=1)
    if present.sum() < 2 or np.median(variances[present]) < NO_VARIATION:
        what = "limma-voom needs variation within the groups in two features or more"
        found = f"{present.sum()} features with reads, median residual variance {np.median(variances):.1e}"
        raise refusal("no_residual_variation", what, "the samples of the contrast", found)
    size = (log_cpm.mean(axis=1) + np.log2(depth).mean() - PER_MILLION)[present]
    order = np.argsort(size, kind="stable")
    size, root_sd = size[order], variances[present][order] ** 0.25
    options = {"is_sorted": True, "missing": "none", "return_sorted": False}
    near = SKIPPED_SHARE * (size[-1] - size[0])
    trend = lowess(root_sd, size, frac=SPAN, it=ROBUST_ITERATIONS, delta=near, **options)
    foretold = np.interp(fitted + np.log2(depth) - PER_MILLION, size, trend)
    if (least := np.abs(foretold).min() ** 4) < NO_VARIATION:
        # Weights without bound: limma's own fit has coefficients that are missing, or t beyond 1e15.
        what = "limma-voom needs variation within the groups at every size of counts"
        found = f"a foretold variance of {least:.1e}"
        raise refusal("no_residual_variation", what, "the samples of the contrast", found)
    return foretold**-4


def weighted_least_squares(
    y: np.ndarray, x: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit every row of y (features x samples) with its own weights, all rows at once; x is samples x coefficients.

    Returns
    -------
    coefficients, unscaled, variances
        Features x coefficients; their covariances for a residual variance of 1, features x coefficients x coefficients;
        the residual variance of each feature.
    """
    n, p = x.shape
    products = (x[:, :, None] * x[:, None, :]).reshape(n, p * p)
    unscaled = np.linalg.inv((weights @ products).reshape(-1, p, p))
    coefficients = (unscaled @ ((weights * y) @ x)[:, :, None])[:, :, 0]
    variances = (weights * (y - coefficients @ x.T) ** 2).sum(axis=1) / (n - p)
    return coefficients, unscaled, variances
