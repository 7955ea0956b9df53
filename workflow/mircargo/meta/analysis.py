"""A meta-analysis from contrasts to tables: every feature, and the target in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from mircargo.config import Thresholds
from mircargo.meta.matching import hairpins_instead, match_features
from mircargo.meta.pooling import COLUMNS as ESTIMATES
from mircargo.meta.pooling import Method, pool
from mircargo.meta.study_table import Contribution, mean_reads, side_by_side
from mircargo.model.differential_table import covers, format_p
from mircargo.problems import listing
from mircargo.vocabulary import CHANGED, TESTED

FEATURE_COLUMNS: Final = [
    "feature", "matched_by", "n_studies", *ESTIMATES[:6], "padj", *ESTIMATES[6:], "note",
]  # fmt: skip
STUDY_COLUMNS: Final = [
    "feature", "study", "contrast", "species", "study_feature", "log2FoldChange", "lfcSE", "weight", "status", "reason",
]  # fmt: skip
TARGET_COLUMNS: Final = [
    "meta", "feature", "call", "n_studies", "n_contrasts", "n_not_pooled", "log2FoldChange", "ci_low", "ci_high",
    "pvalue", "equivalence_pvalue", "tau2", "I2", "Q", "Q_pvalue", "prediction_low", "prediction_high", "matched_by",
    "sentence", "note",
]  # fmt: skip
FEW: Final = 4


@dataclass(frozen=True)
class Analysis:
    """The tables of a meta-analysis: `features`, `studies` and, one row, `target`."""

    features: pd.DataFrame
    studies: pd.DataFrame
    target: pd.DataFrame


def analyse(
    name: str,
    contributions: Sequence[Contribution],
    features: Mapping[str, pd.DataFrame],
    targets: Mapping[str, tuple[str | None, str]],
    thresholds: Thresholds,
    method: Method = "paule_mandel",
    target: str = "the target",
    simulated: Sequence[str] = (),
) -> Analysis:
    """Pool contrasts of several studies.

    Parameters
    ----------
    name
        Name of the meta-analysis.
    contributions
        The contrasts, in the order in which they are listed and drawn.
    features
        By study, its features.tsv.
    targets
        By study, the target's feature and what is to be said of it, as from `find_target`.
    thresholds
        `alpha` and `equivalence_log2_fold_change` are used.
    method
        How the variance between contrasts is found.
    target
        The target as configured, for the sentence where no study has it.
    simulated
        Studies whose data are simulated; the sentence names them.
    """
    feature_of = {study: feature for study, (feature, _) in targets.items()}
    matches = match_features(features, mean_reads(contributions), feature_of)
    table = side_by_side(contributions, matches, hairpins_instead(features, matches))
    names = table["feature"].drop_duplicates()
    shape = (len(names), len(contributions))
    tested = (table["status"] == TESTED).to_numpy()
    effects, errors = (table[column].where(tested).to_numpy(float).reshape(shape) for column in STUDY_COLUMNS[5:7])
    pooled = pool(effects, errors, thresholds.alpha, method)
    table["weight"] = np.where(tested, pooled.weights.ravel(), np.nan)
    told = matches.groupby("feature").agg(matched_by=("matched_by", "first"), note=("note", _notes))
    summary = pd.DataFrame({"feature": names.to_numpy()}).join(told, on="feature")
    summary["n_studies"] = table[tested].groupby("feature")["study"].nunique().reindex(names).fillna(0).to_numpy(int)
    summary = pd.concat([summary, pooled.estimates], axis=1)
    summary["padj"] = _adjusted(summary["pvalue"])
    is_target = matches["study"].map(feature_of) == matches["study_feature"]
    common = matches.loc[is_target, "feature"].iloc[0] if is_target.any() else None
    row = _target_row(name, common, summary, table, targets, thresholds, target, simulated)
    return Analysis(
        _blank_as_missing(summary[FEATURE_COLUMNS]),
        _blank_as_missing(table[STUDY_COLUMNS]),
        pd.DataFrame([row], columns=TARGET_COLUMNS),
    )


def _notes(notes: pd.Series) -> str:
    return "; ".join(dict.fromkeys(note for note in notes if note))


def _blank_as_missing(table: pd.DataFrame) -> pd.DataFrame:
    return table.replace("", np.nan)


def _adjusted(pvalues: pd.Series) -> pd.Series:
    """Adjust for the number of features pooled (Benjamini and Hochberg 1995)."""
    given = pvalues.dropna()
    adjusted = pd.Series(stats.false_discovery_control(given), given.index) if len(given) else given
    return adjusted.reindex(pvalues.index)


def _target_row(
    name: str,
    feature: str | None,
    features: pd.DataFrame,
    studies: pd.DataFrame,
    targets: Mapping[str, tuple[str | None, str]],
    thresholds: Thresholds,
    target: str,
    simulated: Sequence[str],
) -> dict[str, Any]:
    notes = [f"{study}: {note}" for study, (_, note) in targets.items() if note]
    row: dict[str, Any] = dict.fromkeys(TARGET_COLUMNS)
    row |= {"meta": name, "feature": feature, "call": "not_tested", "note": "; ".join(notes) or None}
    if feature is None:
        return row | {"sentence": f"{target} is in no study of {name}."}
    found = features.set_index("feature").loc[feature]
    own = studies[studies["feature"] == feature]
    row |= {key: found[key] for key in found.index.intersection(TARGET_COLUMNS).drop("note")}
    row["n_not_pooled"] = int((own["status"] != TESTED).sum())
    if found["n_contrasts"] > 1:
        row["equivalence_pvalue"] = _equivalence(found, thresholds.equivalence_log2_fold_change)
        row["call"] = _call(row, thresholds)
    row["sentence"] = _sentence(row, own, thresholds, simulated)
    return row


def _equivalence(found: pd.Series, margin: float) -> float:
    """Two one-sided tests that the pooled fold change lies within +-margin, with the t of its interval."""
    distance = (abs(found["log2FoldChange"]) - margin) / found["lfcSE"]
    return float(stats.t.cdf(distance, found["n_contrasts"] - 1))


def _call(row: Mapping[str, Any], thresholds: Thresholds) -> str:
    if row["pvalue"] < thresholds.alpha:
        return "up" if row["log2FoldChange"] > 0 else "down"
    return "unchanged" if row["equivalence_pvalue"] < thresholds.alpha else "inconclusive"


def _sentence(row: Mapping[str, Any], own: pd.DataFrame, thresholds: Thresholds, simulated: Sequence[str]) -> str:
    feature, n = row["feature"], int(row["n_contrasts"])
    left_out = own[own["status"] != TESTED]
    also = [f"{each.study}.{each.contrast} ({each.reason})" for each in left_out.itertuples()]
    ending = f" Not pooled: {listing(also)}." if also else ""
    made_up = [study for study in simulated if study in set(own.loc[own["status"] == TESTED, "study"])]
    ending += f" Simulated data are among it: {listing(made_up)}." if made_up else ""
    if n < 2:
        had = "no contrast" if n == 0 else "one contrast only"
        return f"{feature} was tested in {had}: there is nothing to pool.{ending}"
    numbers = (
        f"pooled log2 fold change {row['log2FoldChange']:+.2f}, {covers(thresholds.alpha)} Hartung-Knapp interval "
        f"{row['ci_low']:+.2f} to {row['ci_high']:+.2f}, p {format_p(row['pvalue'])}, I2 {row['I2']:.0f}%"
    )
    over = f"over {n} contrasts of {row['n_studies']} {'study' if row['n_studies'] == 1 else 'studies'}"
    how = f"{row['call']} {2 ** abs(row['log2FoldChange']):.1f}-fold" if row["call"] in CHANGED else row["call"]
    several = " Contrasts of one study are taken as independent: they share no samples." if n > row["n_studies"] else ""
    return f"{feature} is {how} {over} ({numbers}).{_caution(n, own, row)}{several}{ending}"


def _caution(n: int, own: pd.DataFrame, row: Mapping[str, Any]) -> str:
    """Say where the interval can hardly be of use, and what the contrasts agree on all the same."""
    signs = np.sign(own.loc[own["status"] == TESTED, "log2FoldChange"])
    if n == 2:
        agree = "the same sign" if abs(signs.sum()) == n else "opposite signs"
        return f" Two contrasts are too few for an interval of use (one degree of freedom): they have {agree}, no more."
    if row["I2"] > 50 and abs(signs.sum()) < n:
        return " The contrasts differ in sign, and by more than their own errors: the mean hides that."
    return " With so few contrasts the interval is wide, and I2 is a guess." if n < FEW else ""
