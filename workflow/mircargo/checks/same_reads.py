"""Features that may be one set of reads: a hairpin beside its own mature miRNA, rows with the same counts."""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from mircargo.features.compound import matures_of_hairpins
from mircargo.features.mirbase import hairpin_names

MIN_SAMPLES = 3
MAX_PAIRS_BY_CHANCE = 0.01  # pairs of features with the same counts that chance may be expected to make
MAX_DIFFERING_SHARE = 0.05  # of the reads, by which rows of one sequence may differ
MIN_NOISE_PVALUE = 0.001  # p-value of counting noise between them, from which on they are shares of one set of reads

Member = TypeVar("Member")


class HairpinPair(NamedTuple):
    """A hairpin and those features of the study that are its own mature miRNAs."""

    hairpin: str
    matures: list[str]


def hairpin_pairs(features: pd.DataFrame) -> list[HairpinPair]:
    """List the hairpins that stand beside a mature miRNA of their own, by `feature` and `accession`."""
    hairpins, of_hairpins = hairpin_names(), matures_of_hairpins()
    known = features.dropna(subset="accession")
    holders: dict[str, list[str]] = {}
    for feature, accession in zip(known["feature"], known["accession"], strict=True):
        for part in accession.split("/"):
            holders.setdefault(part, []).append(feature)
    pairs = []
    for feature, accession in zip(known["feature"], known["accession"], strict=True):
        own = [mature for part in accession.split("/") for mature in of_hairpins.get(hairpins.get(part, ""), ())]
        matures = list(dict.fromkeys(holder for mature in own for holder in holders.get(mature, ())))
        if matures:
            pairs.append(HairpinPair(feature, matures))
    return pairs


def one_set_of_reads(counts: pd.DataFrame, features: pd.DataFrame) -> list[list[str]]:
    """List groups of features whose rows are one set of reads, the most abundant first in each.

    These have the same counts in all samples, where there are three samples and so many reads that chance would make
    fewer than 0.01 such pairs in the table; or the same sequence, and counts that differ by at most 5% of the reads or
    by no more than counting noise.

    Parameters
    ----------
    counts
        Features x samples, integers.
    features
        `counts/features.tsv`: columns `feature` and `sequence`.
    """
    if counts.shape[1] < MIN_SAMPLES:
        return []
    totals = counts.sum(axis=1).sort_values(ascending=False, kind="stable")
    groups = [*_identical(counts.loc[totals.index]), *_of_one_sequence(counts.loc[totals.index], features)]
    place = {feature: at for at, feature in enumerate(totals.index)}
    ordered = [sorted(group, key=place.__getitem__) for group in joined(groups)]
    return sorted(ordered, key=lambda group: place[group[0]])


def _identical(counts: pd.DataFrame) -> list[list[str]]:
    values = counts.to_numpy()
    n = max(len(counts), 2)
    # That another feature has a count k by chance is at most as likely as that of a Poisson mean of k.
    chance = np.where(values > 0, -0.5 * np.log10(2 * np.pi * np.maximum(values, 1)), 0).sum(axis=1)
    unlikely = counts[chance + np.log10(n * (n - 1) / 2) < np.log10(MAX_PAIRS_BY_CHANCE)]
    rows = pd.Series([row.tobytes() for row in unlikely.to_numpy()], index=unlikely.index)
    again = rows[rows.duplicated(keep=False)]
    return [list(group.index) for _, group in again.groupby(again, sort=False)]


def _of_one_sequence(counts: pd.DataFrame, features: pd.DataFrame) -> list[list[str]]:
    sequence = features.set_index("feature")["sequence"].reindex(counts.index).dropna()
    groups = []
    for _, group in sequence[sequence.duplicated(keep=False)].groupby(sequence, sort=False):
        first, *others = group.index
        alike = [each for each in others if _nearly_same(counts.loc[first], counts.loc[each])]
        if alike:
            groups.append([first, *alike])
    return groups


def _nearly_same(one: pd.Series, other: pd.Series) -> bool:
    a, b = one.to_numpy(dtype=float), other.to_numpy(dtype=float)
    if not b.any():
        return False
    if np.abs(a - b).sum() <= MAX_DIFFERING_SHARE * np.maximum(a, b).sum():
        return True
    some = a + b > 0
    noise = ((a - b)[some] ** 2 / (a + b)[some]).sum()
    return bool(chdtrc(int(some.sum()), noise) >= MIN_NOISE_PVALUE)


def joined(groups: Iterable[Iterable[Member]]) -> list[set[Member]]:
    """Put groups that share a member together."""
    parts: list[set[Member]] = []
    for group in map(set, groups):
        near = [part for part in parts if part & group]
        parts = [part for part in parts if part not in near] + [group.union(*near)]
    return parts


def stands_for(counts: pd.DataFrame, features: pd.DataFrame, target: str | None) -> dict[str, tuple[str, str]]:
    """Say which features are no evidence of their own, as their reads stand on another feature too.

    Returns
    -------
    dict
        Feature -> the feature that stands for its reads, and why, in words. Of rows that are one set of reads the
        target stands for all, else the most abundant. A mature miRNA stands for its hairpins; but where the hairpin
        is the target, that stands for its mature miRNAs.
    """
    found: dict[str, tuple[str, str]] = {}
    for group in one_set_of_reads(counts, features):
        first = target if target in group else group[0]
        for feature in group:
            if feature != first:
                found[feature] = (str(first), f"one set of reads with {first}: their counts are the same, or nearly so")
    for hairpin, matures in hairpin_pairs(features[features["feature"].isin(counts.index)]):
        if hairpin == target:
            why = f"a mature miRNA of {hairpin}, whose reads may be the same"
            found |= dict.fromkeys(matures, (hairpin, why))
        else:
            mature = str(target if target in matures else matures[0])
            found[hairpin] = mature, f"a hairpin beside its own mature {mature}: the same reads may stand on both"
    found.pop(str(target), None)
    return found
