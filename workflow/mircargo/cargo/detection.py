"""Detection: a feature without reads in libraries too shallow to show it has not gone down."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mircargo.results.columns import UNSEEN

TOP_SHARE = 1 / 3  # of the features of a fraction, by abundance: nearly all of them are seen in another one too
FEWEST_FEATURES = 20
MAD_TO_SD = 1.4826
NODES = 31  # of Gauss and Hermite's quadrature


def p_no_reads(mean: float, size_factors: Sequence[float] | np.ndarray, dispersion: float) -> float:
    """Return the probability that libraries have no read of a feature, by the negative binomial.

    `mean` is its normalised count, as `baseMean`; a dispersion of 0 is Poisson's.
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

    A feature is *not_detected* where the group would have no read of it with a probability above alpha, had it the mean
    normalised count of the other group and the feature's dispersion.

    Parameters
    ----------
    counts
        Features x samples, integers.
    groups
        The group of each sample, two different ones.
    dispersions
        Of each feature, as fitted (`dispersion` of `differential/{contrast}.tsv`); missing counts as 0.

    Returns
    -------
    pandas.DataFrame
        One row per feature that has reads in one group alone, columns `feature` and `UNSEEN`.
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
    return pd.DataFrame(rows, columns=["feature", *UNSEEN])


def reason(row: pd.Series) -> str:
    """Say why a feature is not detected; `row` is of `unseen`."""
    return (
        f"{row['unseen_in']} has no read of it, and its libraries are too shallow to show it at the other group's "
        f"abundance ({row['expected_reads']:.1f} reads expected, none by chance in {row['p_no_reads']:.0%})"
    )


def p_unseen(
    counts: pd.DataFrame, size_factors: pd.Series, in_exosome: pd.Series, dispersions: pd.Series
) -> pd.DataFrame:
    """Return how likely a fraction shows no read of a feature that the other has, were it enriched as others are.

    Exosomes hold each miRNA at a share of its own. The log2 ratios of mean normalised counts of the third of the
    features that the fraction with reads has most of give the typical ratio (median) and its spread (1.4826 times the
    median absolute deviation); they are nearly all seen in both. The probability of no read by the negative binomial is
    averaged over a normal distribution of that middle and spread.

    Parameters
    ----------
    counts
        Features x samples of both fractions, integers.
    size_factors
        Of the samples, found within each fraction.
    in_exosome
        Whether each sample is of the exosomes.
    dispersions
        Of rare features in the `exosome` and in the `source`.

    Returns
    -------
    pandas.DataFrame
        Features x `exosome`, `source`: the probability that this fraction has no read of the feature. Missing where it
        has one, where the other has none, and where fewer than 20 features tell the typical ratio.
    """
    exosome = in_exosome[counts.columns].to_numpy(dtype=bool)
    factors = size_factors[counts.columns].to_numpy(dtype=float)
    normalised = counts.to_numpy(dtype=float) / factors
    chances = {}
    for name, inside in (("exosome", exosome), ("source", ~exosome)):
        here, there = normalised[:, inside].mean(axis=1), normalised[:, ~inside].mean(axis=1)
        chances[name] = np.full(len(counts), np.nan)
        if (there > 0).sum() * TOP_SHARE < FEWEST_FEATURES:
            continue
        top = there >= np.quantile(there[there > 0], 1 - TOP_SHARE)
        # No read stands for half a one in all libraries together: a ratio that is lower than can be seen.
        ratios = np.log2(np.maximum(here, 0.5 / factors[inside].sum())[top] / there[top])
        typical = float(np.median(ratios))
        spread = MAD_TO_SD * float(np.median(np.abs(ratios - typical)))
        unseen_here = (here == 0) & (there > 0)
        chances[name][unseen_here] = [
            _p_no_reads_over(mean, typical, spread, factors[inside], float(dispersions[name]))
            for mean in there[unseen_here]
        ]
    return pd.DataFrame(chances, index=counts.index)


def _p_no_reads_over(mean: float, typical: float, spread: float, size_factors: np.ndarray, dispersion: float) -> float:
    """Average `p_no_reads` over log2 ratios to `mean` that are normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    chances = [p_no_reads(mean * 2 ** (typical + spread * node), size_factors, dispersion) for node in nodes]
    return float(np.average(chances, weights=weights))
