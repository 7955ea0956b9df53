"""Correlation with the target within groups: what is left of it when the difference of the groups is taken out."""

from collections.abc import Iterator, Mapping
from itertools import islice, permutations, product
from math import factorial, prod

import numpy as np
import pandas as pd

FEWEST_DEGREES_OF_FREEDOM = 4
MOST_EXACT = 20_000  # arrangements that are all gone through; with more, so many are drawn
AT_A_TIME = 2**22  # numbers: 32 MiB, and a few times as much while they are compared
ROUNDING = 1e-9


def residual_correlations(
    counts: pd.DataFrame, size_factors: Mapping[str, float], groups: pd.Series, target: str | None, seed: int = 1
) -> pd.DataFrame:
    """Correlate each feature with the target within groups, and test it by permutation.

    Pearson's correlation of log2 of normalised counts plus one, group means taken out. The samples of each group are
    exchanged among themselves in every way that there is, or in 19,999 other ways drawn at random where there are more;
    p is the share of arrangements, the real one among them, with at least as strong a correlation of either sign. Both
    are missing with fewer than 4 residual degrees of freedom, which are one less than samples without group means.

    Parameters
    ----------
    counts
        Features x samples, integers.
    """
    degrees = len(groups) - groups.nunique() - 1
    found = pd.DataFrame(
        {"residual_correlation": np.nan, "residual_correlation_pvalue": np.nan, "residual_degrees_of_freedom": degrees},
        index=counts.index,
    )
    if target not in counts.index or degrees < FEWEST_DEGREES_OF_FREEDOM - 1:
        return found
    values = np.log2(counts / pd.Series(size_factors)[counts.columns] + 1)
    residuals = (values - values.T.groupby(groups.to_numpy()).transform("mean").T).to_numpy()
    norms = np.sqrt((residuals**2).sum(axis=1))
    varies = norms > ROUNDING
    own = counts.index.get_loc(target)
    if not varies[own]:
        return found
    units = residuals[varies] / norms[varies, None]
    real = units @ (residuals[own] / norms[own])
    n_as_strong, n_arranged = np.zeros(len(units)), 0
    at_a_time = max(1, AT_A_TIME // max(units.shape))
    for arranged in _arrangements(residuals[own] / norms[own], groups.to_numpy(), seed, at_a_time):
        n_as_strong += (np.abs(units @ arranged.T) >= np.abs(real)[:, None] - ROUNDING).sum(axis=1)
        n_arranged += len(arranged)
    found.loc[varies, "residual_correlation"] = real
    found.loc[varies, "residual_correlation_pvalue"] = n_as_strong / n_arranged
    found.loc[target, "residual_correlation_pvalue"] = np.nan
    return found


def _arrangements(values: np.ndarray, groups: np.ndarray, seed: int, at_a_time: int) -> Iterator[np.ndarray]:
    """Give arrangements x samples of the values, exchanged within groups, some at a time; the first is as they stand.

    All of them at once would take gigabytes where there are thousands of samples, or of features to correlate. They are
    the same however many are made at a time.
    """
    members = [np.flatnonzero(groups == group) for group in pd.unique(groups)]
    if prod(factorial(len(each)) for each in members) <= MOST_EXACT:
        orders = product(*(permutations(each) for each in members))
        flat = np.concatenate(members)
        while some := list(islice(orders, at_a_time)):
            arranged = np.empty((len(some), len(values)))
            for row, order in enumerate(some):
                arranged[row, flat] = values[np.concatenate(order).astype(int)]
            yield arranged
        return
    random = [np.random.Generator(np.random.PCG64([seed, place])) for place in range(len(members))]
    for start in range(0, MOST_EXACT, at_a_time):
        arranged = np.tile(values, (min(at_a_time, MOST_EXACT - start), 1))
        real = int(start == 0)
        for each, own in zip(members, random, strict=True):
            arranged[real:, each] = own.permuted(arranged[real:, each], axis=1)
        yield arranged
