"""Detection: a feature without reads in libraries too shallow to show it has not gone down."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

COLUMNS = ["feature", "unseen_in", "expected_reads", "p_no_reads", "not_detected"]


def p_no_reads(mean: float, size_factors: Sequence[float], dispersion: float) -> float:
    """Return the probability that libraries have no read of a feature, by the negative binomial.

    Parameters
    ----------
    mean
        Its normalised count, as `baseMean`.
    size_factors
        Of the libraries.
    dispersion
        Of the feature, 0 for Poisson.
    """
    expected = mean * np.asarray(size_factors, dtype=float)
    if dispersion <= 0:
        return float(np.exp(-expected.sum()))
    return float(np.exp(-np.log1p(dispersion * expected).sum() / dispersion))


def unseen(
    counts: pd.DataFrame,
    size_factors: Mapping[str, float],
    groups: pd.Series,
    dispersions: pd.Series,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """List features that one of two groups has no read of, and whether its depth alone can be the reason.

    A feature is *not_detected* where the group would have no read of it with a probability above alpha, had it
    the mean normalised count of the other group and the feature's dispersion.

    Parameters
    ----------
    counts
        Features x samples, integers.
    size_factors
        Of at least the samples of `groups`.
    groups
        The group of each sample, two different ones.
    dispersions
        Of each feature, as fitted (`dispersion` of `differential/{contrast}.tsv`); missing counts as 0.
    alpha
        How often a feature may stay unseen by chance before its absence says something.

    Returns
    -------
    pandas.DataFrame
        A row a feature that has reads in one group alone, columns `COLUMNS`: the group without reads, the reads
        expected in its libraries together, the probability of none.
    """
    factors = pd.Series(size_factors)[list(groups.index)]
    own = counts[list(groups.index)]
    rows = []
    for group in groups.unique():
        inside = (groups == group).to_numpy()
        means = (own.loc[:, ~inside] / factors[~inside]).mean(axis=1)
        lacking = (own.loc[:, inside].sum(axis=1) == 0) & (means > 0)
        here = factors[inside].to_numpy()
        for feature in own.index[lacking]:
            dispersion = dispersions.get(feature, np.nan)
            chance = p_no_reads(means[feature], here, 0.0 if pd.isna(dispersion) else dispersion)
            rows.append((feature, group, means[feature] * here.sum(), chance, chance > alpha))
    return pd.DataFrame(rows, columns=COLUMNS)


def reason(row: pd.Series) -> str:
    """Say why a feature is not detected; `row` is of `unseen`."""
    return (
        f"{row['unseen_in']} has no read of it, and its libraries are too shallow to show it at the other group's "
        f"abundance ({row['expected_reads']:.1f} reads expected, none by chance in {row['p_no_reads']:.0%})"
    )
