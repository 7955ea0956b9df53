"""Signatures: red blood cells or depth that go with the groups, and the features whose change may be theirs."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from mircargo.cargo.cautions import COUNTS, Caution, load_markers, matures_of
from mircargo.model.engines.moderation import moderated, variance_prior
from mircargo.model.filtering import adjust

ADDED_READS = 0.5
LEAST_SHIFT = 1.0  # log2 between two groups
# A signature that is missed gives false strong ones, one that is seen in vain takes a tier from a few features.
LEVEL = 0.1
FEWEST_MARKERS = 2
FEW_READS = 3.0  # a library of the shallowest group, on average
NO_VARIATION = 1e-12


class Signature(NamedTuple):
    """What goes with the groups, in words, and the features whose change may be its doing."""

    caution: Caution
    features: pd.Index


def signatures(
    counts: pd.DataFrame,
    size_factors: Mapping[str, float],
    groups: pd.Series,
    accessions: pd.Series,
    target: str | None,
    alpha: float,
) -> list[Signature]:
    """Look for what may have changed a whole set of features in the place of what was asked.

    **Blood.** The score of a sample is the mean of log2 of the normalised counts (plus 0.5) of the fitted miRNAs that
    rise as red blood cells break (`blood.tsv`; two at least, the target not among them). It goes with the groups where
    their means differ by 1 or more, p < 0.1 by the F-test, and each marker moves the same way. Its features are those
    that are not called any more once the score is in the model: least squares, moderated F, after Benjamini and
    Hochberg.

    **Depth.** The same of log2 of the reads of the libraries. Its features are those with fewer than 3 reads a library
    in the shallowest group.

    Parameters
    ----------
    counts
        Fitted features x samples of the contrast, integers.
    target
        The target among them, which is no marker of anything else.
    alpha
        Adjusted p-value below which a feature is called.
    """
    others = accessions.reindex(counts.index).drop(target or [], errors="ignore")
    found = [_blood(counts, size_factors, groups, others, alpha), _depth(counts, groups)]
    return [each for each in found if each is not None]


def _blood(
    counts: pd.DataFrame, size_factors: Mapping[str, float], groups: pd.Series, accessions: pd.Series, alpha: float
) -> Signature | None:
    listed = load_markers("blood")
    rising = set(listed.index[listed["with_haemolysis"] == "rises"])
    of_each = {name: rising.intersection(matures_of(own)) for name, own in accessions.dropna().items()}
    markers = [str(name) for name, own in of_each.items() if own]
    if len(set().union(*of_each.values())) < FEWEST_MARKERS:
        return None
    values = np.log2(counts / pd.Series(size_factors)[counts.columns] + ADDED_READS)
    score = values.loc[markers].mean()
    shift = _shift(score, groups)
    if shift is None or not all(_same_way(values.loc[name], score, groups) for name in markers):
        return None
    kept = _called_beside(values, groups, score, alpha)
    names = " and ".join(name.split("-", 1)[-1] for name in markers)
    text = (
        f"red blood cells may have changed it: {names} differ {2**shift.log2:.1f}-fold between {shift.words}, and with"
        " their level in the model it is not called"
    )
    return Signature(Caution(text, listed["source"].iloc[0], "blood"), counts.index[~kept])


def _depth(counts: pd.DataFrame, groups: pd.Series) -> Signature | None:
    reads = counts.sum(axis=0)
    shift = _shift(np.log2(reads), groups)
    if shift is None:
        return None
    shallowest = (groups[counts.columns] == shift.lowest).to_numpy()
    few = counts.loc[:, shallowest].mean(axis=1) < FEW_READS
    text = (
        f"its change may be one of depth: libraries differ {2**shift.log2:.1f}-fold in reads between {shift.words}, and"
        f" {shift.lowest} has fewer than {FEW_READS:g} reads of it in a library"
    )
    return Signature(Caution(text, COUNTS, "depth"), counts.index[few])


class _Shift(NamedTuple):
    log2: float
    words: str
    lowest: str


def _shift(score: pd.Series, groups: pd.Series) -> _Shift | None:
    """Return by how much the groups differ in a score, where they do."""
    means = score.groupby(groups[score.index]).mean().sort_values()
    parts = [part.to_numpy() for _, part in score.groupby(groups[score.index])]
    within = sum(((part - part.mean()) ** 2).sum() for part in parts)
    difference = float(means.iloc[-1] - means.iloc[0])
    if len(parts) < 2 or len(score) <= len(parts) or difference < LEAST_SHIFT:
        return None
    if within > NO_VARIATION and stats.f_oneway(*parts).pvalue >= LEVEL:
        return None
    return _Shift(difference, f"{means.index[-1]} and {means.index[0]}", str(means.index[0]))


def _same_way(marker: pd.Series, score: pd.Series, groups: pd.Series) -> bool:
    """Say whether a marker is higher in the group that has the highest score than in the one with the lowest."""
    means, own = (values.groupby(groups[values.index]).mean() for values in (score, marker))
    return bool(own[means.idxmax()] > own[means.idxmin()])


def _called_beside(values: pd.DataFrame, groups: pd.Series, score: pd.Series, alpha: float) -> np.ndarray:
    """Say which features differ between the groups when a score is in the model as well, and the way they did."""
    names = groups[values.columns]
    dummies = pd.get_dummies(names, dtype=float).to_numpy()[:, 1:]
    ones, beside = np.ones((len(names), 1)), (score - score.mean()).to_numpy()[:, None]
    y = values.to_numpy()
    small, full = np.hstack([ones, beside]), np.hstack([ones, beside, dummies])
    df = len(names) - full.shape[1]
    if df < 1 or np.linalg.matrix_rank(full) < full.shape[1]:
        return np.zeros(len(values), dtype=bool)
    coefficients = np.linalg.lstsq(full, y.T, rcond=None)[0]
    left = ((y.T - full @ coefficients) ** 2).sum(axis=0)
    left_small = ((y.T - small @ np.linalg.lstsq(small, y.T, rcond=None)[0]) ** 2).sum(axis=0)
    variances = left / df
    if np.median(variances) < NO_VARIATION:
        return np.zeros(len(values), dtype=bool)
    posterior, total_df = moderated(variances, df, variance_prior(variances, df))
    p_values = stats.f.sf((left_small - left) / dummies.shape[1] / posterior, dummies.shape[1], total_df)
    called = adjust(p_values) < alpha
    if dummies.shape[1] > 1:
        return called
    alone = np.linalg.lstsq(np.hstack([ones, dummies]), y.T, rcond=None)[0][-1]
    return np.asarray(called & (np.sign(alone) == np.sign(coefficients[-1])))
