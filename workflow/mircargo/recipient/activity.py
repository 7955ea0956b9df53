"""The activity of a miRNA family in each sample, from its targets: a second opinion beside the matched test."""

import numpy as np
import pandas as pd
from scipy.stats import t as student

from mircargo.recipient.sites import Sites


def activities(expression: pd.DataFrame, sites: Sites) -> pd.DataFrame:
    """Estimate the activity of each family in each sample by a univariate linear model.

    The method `ulm` of decoupler (Badia-i-Mompel et al. 2022, Bioinform Adv 2:vbac016): in each sample the expression
    of the genes is regressed on the network, in which a target has the weight -1 and any other gene 0; the activity is
    the t statistic of the slope. High where the targets are low.

    Parameters
    ----------
    expression
        Genes x samples, log2 normalised counts less the mean of each gene.
    sites
        Of the same genes.

    Returns
    -------
    pd.DataFrame
        Families x samples, by name; families without a target, or of which each gene is one, are missing.
    """
    weights = -(sites.best > 1).astype(float)
    spread = weights.std(axis=0)
    used = spread > 0
    standard = (weights[:, used] - weights[:, used].mean(axis=0)) / spread[used]
    values = expression.to_numpy(dtype=float)
    scatter = values.std(axis=0)
    constant = scatter == 0
    values = (values - values.mean(axis=0)) / np.where(constant, 1, scatter)
    n = len(values)
    correlation = np.clip(standard.T @ values / n, -1 + 1e-12, 1 - 1e-12)
    found = correlation * np.sqrt((n - 2) / (1 - correlation**2))
    found[:, constant] = np.nan
    names = pd.Index([name for name, use in zip(sites.families, used, strict=True) if use], name="family")
    return pd.DataFrame(found, index=names, columns=expression.columns)


def change_of_activity(activity: pd.DataFrame, design: np.ndarray, contrast: np.ndarray) -> pd.DataFrame:
    """Test by least squares whether activities differ in a contrast.

    Parameters
    ----------
    activity
        Families x samples.
    design
        Samples x coefficients, in the order of the columns.
    contrast
        Weights of the coefficients.

    Returns
    -------
    pd.DataFrame
        By family: `activity_change activity_pvalue`, of Student's t; missing where no samples are left over.
    """
    inverse = np.linalg.pinv(design)
    values = activity.to_numpy(dtype=float)
    coefficients = values @ inverse.T
    df = len(design) - int(np.linalg.matrix_rank(design))
    change = coefficients @ contrast
    pvalue = np.full(len(change), np.nan)
    if df > 0:
        variance = ((values - coefficients @ design.T) ** 2).sum(axis=1) / df
        se = np.sqrt(variance * float(contrast @ inverse @ inverse.T @ contrast))
        pvalue = 2 * student.sf(np.abs(change) / np.where(se > 0, se, np.nan), df)
    return pd.DataFrame({"activity_change": change, "activity_pvalue": pvalue}, index=activity.index)
