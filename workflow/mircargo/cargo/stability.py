"""How stable a miRNA is as a reference for qPCR: NormFinder's measure."""

import numpy as np
import pandas as pd

FEWEST_CANDIDATES = 3
FEWEST_OF_A_GROUP = 2


def stability(log2_expression: pd.DataFrame, groups: pd.Series) -> pd.Series:
    """Give NormFinder's stability value of each candidate (Andersen et al. 2004, Cancer Res 64:5245).

    The model is additive: a candidate has a level in each group, a sample an amount, and the rest is the candidate's
    own variance in that group. The stability value is the mean over the groups of the (shrunken) difference of the
    candidate from the others between the groups, plus its standard error; with one group it is the standard deviation
    within it. It is free of any normalisation, since the amount of each sample is taken out. It takes the mean
    candidate as unchanged.

    Parameters
    ----------
    log2_expression
        Candidates x samples, finite.
    groups
        Group of each sample.

    Returns
    -------
    pandas.Series
        By candidate, log2: the smaller, the more stable. Missing with fewer than 3 candidates, or 2 samples in a group.
    """
    values = log2_expression.to_numpy(dtype=float)
    codes, names = pd.factorize(groups.reindex(log2_expression.columns))
    sizes = np.bincount(codes, minlength=len(names))
    n = len(values)
    if n < FEWEST_CANDIDATES or (sizes < FEWEST_OF_A_GROUP).any():
        return pd.Series(np.nan, index=log2_expression.index)
    parts = [values[:, codes == code] for code in range(len(names))]
    variances = np.column_stack([_own_variance(part) for part in parts])
    if len(names) == 1:
        return pd.Series(np.sqrt(variances[:, 0]), index=log2_expression.index)
    means = np.column_stack([part.mean(axis=1) for part in parts])
    between = means - means.mean(axis=1, keepdims=True) - means.mean(axis=0, keepdims=True) + means.mean()
    of_means = variances / sizes
    spread = max(0.0, (between**2).sum() / ((len(names) - 1) * (n - 1)) - of_means.mean())
    total = spread + of_means
    share = np.divide(spread, total, out=np.zeros_like(total), where=total > 0)
    values_of_groups = np.abs(between * share) + np.sqrt(of_means + share * of_means)
    return pd.Series(values_of_groups.mean(axis=1), index=log2_expression.index)


def _own_variance(values: np.ndarray) -> np.ndarray:
    """Estimate the variance of each candidate in one group, beside that of the samples' amounts.

    An estimate below 0 is replaced by a quarter of the smallest variance of its log ratio to another candidate.
    """
    n = len(values)
    rest = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + values.mean()
    squares = (rest**2).sum(axis=1) / (values.shape[1] - 1)
    found = (squares - squares.sum() / (n * n - n)) / (1 - 2 / n)
    if (found < 0).any():
        covariance = np.cov(values)
        own = np.diag(covariance)
        of_ratios = own[:, None] + own[None, :] - 2 * covariance
        np.fill_diagonal(of_ratios, np.inf)
        found = np.where(found < 0, np.maximum(of_ratios.min(axis=1), 0) / 4, found)
    return np.asarray(found)
