"""Shrunken fold changes of any contrast."""

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from mircargo.model.batched import BatchedDataSet

OTHERS_SD, LARGEST_SCALE = 15.0, 1.0  # of the priors, natural logarithms; apeGLM's own
LEAST_VARIANCE, LARGEST_VARIANCE = 1e-6, 400.0
FEWEST = 10  # features that a prior is estimated from
TOLERANCE = 1e-6
NEAR_ZERO = 1e-3


def shrink_contrast(
    dataset: BatchedDataSet, contrast: np.ndarray, estimates: np.ndarray, errors: np.ndarray
) -> tuple[pd.DataFrame | None, str]:
    """Shrink the fold changes of a contrast towards zero, the more the less is known of them.

    The shrinkage of apeGLM (Zhu, Ibrahim and Love 2019, Bioinformatics 35:2084) is of one coefficient. The design is
    therefore rewritten so that the contrast is one; means under it are the same.

    Parameters
    ----------
    estimates, errors
        Natural-log fold change and its standard error, one per feature.

    Returns
    -------
    tuple
        `log2FoldChange` and `lfcSE` of each feature, missing where its sign would turn; or None and the reason why
        nothing was shrunk.
    """
    judged = np.isfinite(estimates) & np.isfinite(errors) & (errors > 0)
    if judged.sum() < FEWEST:
        return None, f"only {judged.sum()} features to estimate a prior from"
    design, index = _with_contrast_as_coefficient(dataset.obsm["design_matrix"].to_numpy(dtype=float), contrast)
    true_variance = _prior_variance(estimates[judged], errors[judged])
    if true_variance is None:
        return None, "the fold changes scatter no more than their standard errors: there is no prior to shrink them by"
    scale = min(np.sqrt(true_variance), LARGEST_SCALE)
    counts = dataset.layers.get("fitted_counts", dataset.X)
    beta, variances, _ = dataset.inference.lfc_shrink_nbinom_glm(
        design,
        counts,
        1 / dataset.var["dispersions"].to_numpy(),
        np.log(dataset.obs["size_factors"].to_numpy()),
        OTHERS_SD,
        scale,
        "L-BFGS-B",
        index,
        whole=False,
    )
    shrunken, variance = beta[:, index], variances[:, index]
    turned = (np.sign(shrunken) != np.sign(estimates)) & (np.abs(shrunken) > NEAR_ZERO)
    wrong = ~judged | turned | ~(variance > 0)
    variance = np.where(wrong, np.nan, variance)
    values = {"log2FoldChange": np.where(wrong, np.nan, shrunken) / np.log(2), "lfcSE": np.sqrt(variance) / np.log(2)}
    return pd.DataFrame(values, index=dataset.var_names), ""


def _with_contrast_as_coefficient(design: np.ndarray, contrast: np.ndarray) -> tuple[np.ndarray, int]:
    """Rewrite a design so that one coefficient is the contrast, and the means that it spans stay the same.

    The new coefficients are the contrast in the place of the old coefficient that weighs most in it, and the others
    as they were.
    """
    index = int(np.argmax(np.abs(contrast)))
    change = np.eye(len(contrast))
    change[index] = contrast
    rewritten = design @ np.linalg.inv(change)
    if not np.allclose(rewritten @ change, design, atol=TOLERANCE):
        raise ArithmeticError("the design could not be rewritten around its contrast")
    return rewritten, index


def _prior_variance(estimates: np.ndarray, errors: np.ndarray) -> float | None:
    """Estimate the variance of true fold changes (Efron and Morris 1975), as apeGLM does.

    None where even the least variance is more than the estimates show. apeGLM goes on with that least variance: all
    fold changes are then drawn to zero by a number that nobody has estimated, and where a climb ends is rounding.
    """

    def too_small(variance: float) -> float:
        weights = 1 / (2 * (variance + errors**2) ** 2)
        return float(((estimates**2 - errors**2) * weights).sum() / weights.sum() - variance)

    if too_small(LEAST_VARIANCE) < 0:
        return None
    if too_small(LARGEST_VARIANCE) >= 0:
        return LARGEST_VARIANCE
    return float(brentq(too_small, LEAST_VARIANCE, LARGEST_VARIANCE))
