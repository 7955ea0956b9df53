"""Empirical Bayes: residual variances of features that borrow from each other, and the t-test on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import digamma, polygamma
from scipy.stats import false_discovery_control
from scipy.stats import t as student

SMALLEST_SHARE = 1e-5  # of the median variance: a variance of zero has no logarithm


@dataclass(frozen=True)
class Prior:
    """What the variances of all features say of the next one: a scaled inverse chi-square distribution."""

    variance: float  # the typical variance
    df: float  # how many degrees of freedom it is worth; infinite where the variances differ by no more than chance


def tested(
    features: Sequence[str], change: np.ndarray, se: np.ndarray, df: float, alpha: float, null: float
) -> pd.DataFrame:
    """Test log2 fold changes by Student's t.

    Parameters
    ----------
    change, se
        Log2 fold change of each feature, and its standard error.
    alpha
        The confidence intervals cover 1 - alpha.
    null
        Smallest absolute log2 fold change of interest, as of `beyond`.

    Returns
    -------
    pd.DataFrame
        A row per feature, in order: `feature log2FoldChange lfcSE stat pvalue padj ci_low ci_high`. `stat` is t,
        `padj` after Benjamini and Hochberg over all rows.
    """
    pvalues = beyond(change, se, df, null)
    half = student.ppf(1 - alpha / 2, df) * se
    columns = {"feature": features, "log2FoldChange": change, "lfcSE": se, "stat": change / se, "pvalue": pvalues}
    columns |= {"padj": false_discovery_control(pvalues), "ci_low": change - half, "ci_high": change + half}
    return pd.DataFrame(columns)


def beyond(change: np.ndarray, errors: np.ndarray, df: float, null: float) -> np.ndarray:
    """Return the p-values of changes larger than `null` in absolute value, by Student's t with `df`.

    Both tails are counted at the null, as in `treat` of limma (McCarthy and Smyth 2009, Bioinformatics 25:765); with
    null 0 it is the two-sided test.
    """
    size = np.abs(change)
    return np.minimum(1, student.sf((size - null) / errors, df) + student.sf((size + null) / errors, df))


def variance_prior(variances: np.ndarray, df: float) -> Prior:
    """Fit the prior of the residual variances of two or more features by the moments of their logarithms.

    Smyth 2004, section 6.2.
    """
    floored = np.maximum(variances, SMALLEST_SHARE * np.median(variances))
    logs = np.log(floored) - digamma(df / 2) + np.log(df / 2)
    beyond_chance = logs.var(ddof=1) - polygamma(1, df / 2)
    if beyond_chance <= 0:
        return Prior(float(floored.mean()), np.inf)
    half = inverse_trigamma(float(beyond_chance))
    return Prior(float(np.exp(logs.mean() + digamma(half) - np.log(half))), 2 * half)


def moderated(variances: np.ndarray, df: float, prior: Prior) -> tuple[np.ndarray, float]:
    """Return the variances drawn towards the prior, and their degrees of freedom.

    The degrees of freedom are never more than all features have together.
    """
    if np.isinf(prior.df):
        return np.full_like(variances, prior.variance), df * len(variances)
    posterior = (prior.df * prior.variance + df * variances) / (prior.df + df)
    return posterior, min(prior.df + df, df * len(variances))


def inverse_trigamma(value: float) -> float:
    """Solve trigamma(y) = value for y > 0 by the convex Newton iteration of Smyth 2004, appendix."""
    if value > 1e7:
        return float(value**-0.5)
    if value < 1e-6:
        return 1 / value
    y = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, y))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, y))
        y += step
        if -step / y < 1e-8:
            break
    return y
