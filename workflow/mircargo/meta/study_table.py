"""Contrasts of several studies side by side: what each says of a feature, and which say nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from mircargo.vocabulary import STATUSES, TESTED

NO_MATCH, HAIRPIN, DEPENDENT, NO_ERROR = "no_match", "hairpin", "shares_samples", "no_standard_error"
REASONS: Final = {
    **{name: status.words for name, status in STATUSES.items()},
    NO_MATCH: "no row of the study's tables is it",
    NO_ERROR: "its fold change has no standard error",
}


@dataclass(frozen=True)
class Contribution:
    """A contrast as it enters a meta-analysis."""

    # Which one it is; species in miRBase's letters.
    study: str
    contrast: str
    species: str
    results: pd.DataFrame  # its `differential/{contrast}.tsv`
    units: frozenset[str]  # its samples, and their subjects where the sheet names them: what two contrasts may share
    title: str | None = None

    @property
    def label(self) -> str:
        """What people read of it."""
        return f"{self.study}: {self.title}" if self.title else f"{self.study}.{self.contrast}"


@dataclass(frozen=True, eq=False)
class PooledStudy:
    """A study of which contrasts enter a meta-analysis."""

    features: pd.DataFrame  # its features.tsv
    # Its feature that is the target, if there is one, and what is to be said of that, as from `find_target`.
    target: str | None
    note: str = ""
    simulated: bool = False  # whether its data are simulated, which the sentence says
    # All mature sequences of its species, where the package does not hold them.
    sequences: frozenset[str] = frozenset()


def mean_reads(contributions: Sequence[Contribution]) -> dict[str, pd.Series]:
    """Return for each study the mean of `baseMean` of its features over its contrasts."""
    by_study: dict[str, list[pd.Series]] = {}
    for each in contributions:
        by_study.setdefault(each.study, []).append(each.results.set_index("feature")["baseMean"])
    return {study: pd.concat(parts, axis=1).mean(axis=1) for study, parts in by_study.items()}


def side_by_side(
    contributions: Sequence[Contribution], matches: pd.DataFrame, hairpins: Mapping[tuple[str, str], str]
) -> pd.DataFrame:
    """Say what each contrast holds of each feature.

    Only what was tested is pooled. Contrasts of one study that share samples or subjects are not independent, and
    would count the same animals twice: for each feature the first of them, in the order given, that tested it is
    pooled, and the others are listed as `shares_samples`.

    Parameters
    ----------
    matches, hairpins
        From `match_features` and `hairpins_instead`.

    Returns
    -------
    pandas.DataFrame
        One row per feature and contrast, as in `results/meta/{meta}.studies.tsv` but for the weight.
    """
    names = pd.Index(matches["feature"].drop_duplicates(), name="feature")
    parts = [_of_contrast(each, matches, names) for each in contributions]
    for (study, feature), hairpin in hairpins.items():
        for part, each in zip(parts, contributions, strict=True):
            if each.study == study:
                part.loc[feature, ["status", "reason"]] = [HAIRPIN, f"counted as {hairpin}, both arms in one"]
    for j, part in enumerate(parts):
        for i in range(j):
            first, second = contributions[i], contributions[j]
            if first.study == second.study and not first.units.isdisjoint(second.units):
                twice = (parts[i]["status"] == TESTED) & (part["status"] == TESTED)
                why = f"shares samples or subjects with {first.title or first.contrast}, which is pooled"
                part.loc[twice, ["status", "reason"]] = [DEPENDENT, why]
    # Feature by feature, and of each the contrasts as they are given.
    order = np.arange(len(parts) * len(names)).reshape(len(parts), -1).T.ravel()
    return pd.concat(parts).reset_index().iloc[order].reset_index(drop=True)


def _of_contrast(each: Contribution, matches: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    own = matches[matches["study"] == each.study].set_index("feature")["study_feature"].reindex(names)
    found = each.results.set_index("feature").reindex(own)
    status = found["status"].fillna(NO_MATCH)
    usable = np.isfinite(found["log2FoldChange"]) & (found["lfcSE"] > 0)
    status = status.where((status != TESTED) | usable, NO_ERROR)
    reason = status.map(REASONS).astype(object)
    table = found[["log2FoldChange", "lfcSE"]].assign(status=status.astype(object), reason=reason).set_axis(names)
    known = {
        "study": each.study,
        "contrast": each.contrast,
        "label": each.label,
        "species": each.species,
        "study_feature": own.to_numpy(),
    }
    return table.assign(**known)[[*known, *table]]
