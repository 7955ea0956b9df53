"""Samples that are not what the sheet says: swapped, of another fraction, or haemolysed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mircargo.problems import Problem

MIN_GROUP_SIZE = 3  # samples of a group, and
MIN_FEATURES = 20  # features, below which likeness says nothing
MAX_SAMPLES = 1000  # samples, above which likeness takes too long
MIN_READS = 10  # of a feature over the samples compared
DECIMALS = 9  # of a correlation; copies of a sample are equally like all others
HAEMOLYSIS_LOG2_RATIO = -7.0  # of miR-23a over miR-451a; +7 as a difference of Ct (Blondal 2013, Methods 59:S1)


def likeness(counts: pd.DataFrame) -> np.ndarray | None:
    """Return Spearman's correlation of each two samples over the features with 10 reads or more between them all.

    Ranks are the same for counts, counts per million and their logarithms. The diagonal is NaN; None stands where
    there are too few such features, or too many samples.
    """
    used = counts[counts.sum(axis=1) >= MIN_READS]
    if len(used) < MIN_FEATURES or used.shape[1] > MAX_SAMPLES:
        return None
    ranks = used.rank().to_numpy()
    centred = ranks - ranks.mean(axis=0)
    norms = np.sqrt((centred**2).sum(axis=0))
    unit = np.divide(centred, norms, out=np.zeros_like(centred), where=norms > 0)
    alike: np.ndarray = (unit.T @ unit).round(DECIMALS)
    np.fill_diagonal(alike, np.nan)
    return alike


def swapped_samples(counts: pd.DataFrame, chosen: pd.DataFrame, variable: str, where: str) -> list[Problem]:
    """List samples of a contrast that look like samples of its other group.

    Each sample is put with the group that it is more like on average, until none moves. Those that moved are named,
    but only where the groups then lie clean apart (every sample is more like each of its own than like any of the
    others), less than half of a group has moved, and no other column of the sheet (a batch) explains it.

    Parameters
    ----------
    counts
        Features x samples.
    chosen
        The samples of the contrast, as `contrast_samples` gives them.
    variable
        The column with the two groups.
    where
        Key of the contrast, for messages.
    """
    groups = chosen[variable]
    if groups.nunique() != 2 or groups.value_counts().min() < MIN_GROUP_SIZE:
        return []
    alike = likeness(counts[chosen.index])
    if alike is None:
        return []
    names, labels = np.unique(groups.to_numpy(dtype=str), return_inverse=True)
    found = _settle(alike, labels)
    moved = found != labels
    shares = [moved[labels == group].mean() for group in (0, 1)]
    if not moved.any() or max(shares) >= 0.5 or min(np.bincount(found, minlength=2)) < MIN_GROUP_SIZE:
        return []
    if not _lie_apart(alike, found) or _explained(chosen.drop(columns=["column", variable], errors="ignore"), found):
        return []
    listed = [
        f"'{sample}' ({variable} {names[is_now]}) is like the samples of {names[looks]}"
        for sample, is_now, looks in zip(chosen.index[moved], labels[moved], found[moved], strict=True)
    ]
    what = "samples that look swapped" if len(listed) > 1 else "a sample that looks as if it were of the other group"
    hint = "check which sample is which, at the bench and in the sheet; if the sheet is right, it may be chance"
    return [Problem("swapped_samples", what, where, "; ".join(listed), hint, "warning", tuple(chosen.index[moved]))]


def mislabelled_fractions(counts: pd.DataFrame, fraction: pd.Series) -> list[Problem]:
    """List samples that look like another fraction than the sheet says.

    A sample is named whose three nearest samples are all of one other fraction, to which it is also more like on
    average; only where the nearest sample of every other one is of its own fraction.
    """
    labels = fraction.reindex(counts.columns).dropna()
    labels = labels[labels.groupby(labels).transform("size") >= MIN_GROUP_SIZE]
    if labels.nunique() < 2:
        return []
    alike = likeness(counts[labels.index])
    if alike is None:
        return []
    names, own = np.unique(labels.to_numpy(dtype=str), return_inverse=True)
    means = np.array([np.nanmean(alike[:, own == group], axis=1) for group in range(len(names))])
    order = np.argsort(-alike, axis=1)  # NaN, a sample with itself, comes last
    nearest = own[order[:, :MIN_GROUP_SIZE]]
    agree = (nearest == nearest[:, :1]).all(axis=1) & (means.argmax(axis=0) == nearest[:, 0])
    looks = np.where(agree, nearest[:, 0], own)
    suspect = looks != own
    others = np.where(suspect[None, :], -np.inf, np.nan_to_num(alike, nan=-np.inf))
    settled = (own[others.argmax(axis=1)] == own)[~suspect].all()
    if not settled or any(suspect[own == group].mean() >= 0.5 for group in range(len(names))):
        return []
    what, hint = "a sample that looks like another fraction", "check what was sequenced, and correct the sheet"
    problems = []
    for at in np.flatnonzero(suspect):
        sample, found = str(labels.index[at]), f"fraction '{names[own[at]]}', most like '{names[looks[at]]}'"
        problems.append(
            Problem("looks_like_other_fraction", what, f"sample '{sample}'", found, hint, "warning", (sample,))
        )
    return problems


def red_cells(
    counts: pd.DataFrame, fraction: pd.Series, blood_derived: Sequence[str], mir_451a: str, mir_23a: str
) -> list[Problem]:
    """List blood-derived samples that seem to be haemolysed.

    Parameters
    ----------
    counts
        Features x samples.
    fraction
        The fraction of each sample.
    blood_derived
        Fractions that come from blood.
    mir_451a, mir_23a
        Their features: the first is high in red cells, the second steady in plasma.
    """
    samples = [sample for sample in counts.columns if fraction.get(sample) in blood_derived]
    share = counts.loc[mir_451a, samples] / counts[samples].sum()
    ratio = np.log2((counts.loc[mir_23a, samples] + 0.5) / (counts.loc[mir_451a, samples] + 0.5))
    what = "this sample seems to be haemolysed, which also lowers the share of miR-21"
    hint = (
        "a screening rule (below -7), made for qPCR: look at the plasma's colour or absorbance at 414 nm; compare"
        " the groups with and without the sample"
    )
    problems = []
    for sample in ratio.index[ratio < HAEMOLYSIS_LOG2_RATIO]:
        found = f"miR-451a {share[sample]:.1%} of reads, log2(miR-23a / miR-451a) {ratio[sample]:.1f}"
        problems.append(Problem("red_cells", what, f"sample '{sample}'", found, hint, "warning", (str(sample),)))
    return problems


def _settle(alike: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Put each sample with the group that it is more like on average, until none moves."""
    found = labels.copy()
    for _ in range(20):  # few are needed; a pair that goes to and fro would never end
        if min(np.bincount(found, minlength=2)) < 2:
            return found
        means = np.array([np.nanmean(alike[:, found == group], axis=1) for group in (0, 1)])
        following = means.argmax(axis=0)
        if (following == found).all():
            break
        found = following
    return found


def _lie_apart(alike: np.ndarray, found: np.ndarray) -> bool:
    return all(
        np.nanmin(row[found == group]) > np.nanmax(row[found != group]) for row, group in zip(alike, found, strict=True)
    )


def _explained(columns: pd.DataFrame, found: np.ndarray) -> bool:
    """Whether a column of the sheet, of some samples a value, falls into the same two heaps."""
    return any(
        values.nunique() <= len(found) / 2 and values.notna().all() and (values.groupby(values).size() >= 2).all()
        and (pd.Series(found, index=columns.index).groupby(values).nunique() == 1).all()
        for _, values in columns.items()
    )  # fmt: skip
