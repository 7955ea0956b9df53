"""Size factors: how deep each library is compared with the others of its fraction."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mircargo.problems import Problem, ProblemsFound, listing


@dataclass(frozen=True)
class SizeFactors:
    """Size factors of samples.

    Attributes
    ----------
    values
        One factor a sample; counts divided by it are comparable within a fraction.
    methods
        For each fraction: `ratio`, or `poscounts` where every feature has a zero.
    n_features
        For each fraction: on how many features they rest.
    """

    values: pd.Series
    methods: dict[str, str]
    n_features: dict[str, int]


def size_factors(counts: pd.DataFrame, fraction: pd.Series | None = None) -> SizeFactors:
    """Find size factors within each fraction.

    Median of ratios to the geometric mean (Anders and Huber 2010, Genome Biol 11:R106) over the features that have
    reads in every sample; where there are none, DESeq2's `poscounts` (geometric mean of the positive counts, with
    zeros as 1 in the mean).

    Parameters
    ----------
    counts
        Features x samples, integers.
    fraction
        The fraction of each sample; None where there is only one.

    Raises
    ------
    ProblemsFound
        Where a sample has no reads.
    """
    empty = counts.columns[counts.sum(axis=0) == 0]
    if len(empty):
        what = "a sample without any read cannot be normalised"
        raise ProblemsFound(Problem(what, f"sample {listing(empty)}", "0 reads", "take it out of the sample sheet"))
    groups = (
        pd.Series("all", index=counts.columns) if fraction is None else fraction.reindex(counts.columns).fillna("none")
    )
    parts, methods, used = [], {}, {}
    for name in groups.unique():
        part = counts.loc[:, (groups == name).to_numpy()]
        factors, methods[name], used[name] = _of_one_fraction(part.to_numpy(dtype=float))
        parts.append(pd.Series(factors, index=part.columns))
    return SizeFactors(pd.concat(parts).reindex(counts.columns), methods, used)


def _of_one_fraction(values: np.ndarray) -> tuple[np.ndarray, str, int]:
    log_values = np.log(values, where=values > 0, out=np.zeros_like(values))
    complete = (values > 0).all(axis=1)
    log_means = log_values.mean(axis=1)
    if complete.any():
        ratios = log_values[complete] - log_means[complete, None]
        return np.exp(np.median(ratios, axis=0)), "ratio", int(complete.sum())
    present = (values > 0).any(axis=1)
    ratios = np.where(values > 0, log_values - log_means[:, None], np.nan)[present]
    log_factors = np.nanmedian(ratios, axis=0)
    return np.exp(log_factors - log_factors.mean()), "poscounts", int(present.sum())
