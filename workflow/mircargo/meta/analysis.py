"""A meta-analysis from contrasts to tables: every feature, and the target in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from mircargo.config import Thresholds
from mircargo.meta.matching import hairpins_instead, match_features
from mircargo.meta.pooling import Method, pool
from mircargo.meta.study_table import Contribution, PooledStudy, mean_reads, side_by_side
from mircargo.model.differential_table import covers, format_p
from mircargo.problems import listing, titles_in_line
from mircargo.results.contract import META_FEATURES, META_STUDIES, META_TARGET
from mircargo.vocabulary import AS_NAMED, CHANGED, TESTED

FEWEST_CONTRASTS: Final = 4
SEVERAL_OF_ONE_STUDY: Final = "Contrasts of one study are taken as independent: they share no samples."


@dataclass(frozen=True)
class Analysis:
    """The tables of a meta-analysis: `features`, `studies` and, one row, `target`."""

    features: pd.DataFrame
    studies: pd.DataFrame
    target: pd.DataFrame


def analyse(
    name: str,
    contributions: Sequence[Contribution],
    studies: Mapping[str, PooledStudy],
    thresholds: Thresholds,
    method: Method = "paule_mandel",
    target: str = "the target",
) -> Analysis:
    """Pool contrasts of several studies, listed and drawn in the order in which they are given.

    `target` is as configured, for the sentence where no study has it.
    """
    features = {study: each.features for study, each in studies.items()}
    feature_of = {study: each.target for study, each in studies.items()}
    species_of = {each.study: each.species for each in contributions}
    sequences = {species_of[study]: each.sequences for study, each in studies.items() if each.sequences}
    as_named = [study for study, species in species_of.items() if species == AS_NAMED]
    matches = match_features(features, mean_reads(contributions), feature_of, sequences, as_named)
    table = side_by_side(contributions, matches, hairpins_instead(features, matches))
    names = table["feature"].drop_duplicates()
    shape = (len(names), len(contributions))
    tested = (table["status"] == TESTED).to_numpy()
    effects, errors = (
        table[column].where(tested).to_numpy(float).reshape(shape) for column in ("log2FoldChange", "lfcSE")
    )
    pooled = pool(effects, errors, thresholds.alpha, method)
    table["weight"] = np.where(tested, pooled.weights.ravel(), np.nan)
    matched = matches.groupby("feature").agg(
        matched_by=("matched_by", "first"), note=("note", lambda notes: "; ".join(dict.fromkeys(filter(None, notes))))
    )
    summary = pd.DataFrame({"feature": names.to_numpy()}).join(matched, on="feature")
    summary["n_studies"] = table[tested].groupby("feature")["study"].nunique().reindex(names).fillna(0).to_numpy(int)
    summary = pd.concat([summary, pooled.estimates], axis=1)
    given = summary["pvalue"].dropna()
    # After Benjamini and Hochberg (1995), for the number of features pooled.
    summary["padj"] = pd.Series(stats.false_discovery_control(given), given.index) if len(given) else np.nan
    is_target = matches["study"].map(feature_of) == matches["study_feature"]
    common = matches.loc[is_target, "feature"].iloc[0] if is_target.any() else None
    row: dict[str, Any] = dict.fromkeys(META_TARGET.columns)
    row |= {"feature": common, "call": "not_tested", "sentence": f"{target} is in no study of {name}."}
    if common is not None:
        simulated = [study for study, each in studies.items() if each.simulated]
        row |= _target_row(common, summary, table, thresholds, simulated)
    notes = [f"{study}: {each.note}" for study, each in studies.items() if each.note]
    row |= {"meta": name, "note": "; ".join(notes) or None}
    return Analysis(
        summary[list(META_FEATURES.columns)].replace("", np.nan),
        table[list(META_STUDIES.columns)].replace("", np.nan),
        pd.DataFrame([row], columns=list(META_TARGET.columns)),
    )


def _target_row(
    feature: str, summary: pd.DataFrame, table: pd.DataFrame, thresholds: Thresholds, simulated: Sequence[str]
) -> dict[str, Any]:
    """Say what a feature does over the contrasts: its numbers, a call if more than one tested it, and a sentence."""
    found = summary.set_index("feature").loc[feature]
    own = table[table["feature"] == feature]
    row: dict[str, Any] = {"feature": feature}
    row |= {key: found[key] for key in found.index.intersection(list(META_TARGET.columns)).drop("note")}
    row["n_not_pooled"] = int((own["status"] != TESTED).sum())
    if found["n_contrasts"] > 1:
        # Two one-sided tests, with the t of the interval.
        distance = abs(found["log2FoldChange"]) - thresholds.equivalence_log2_fold_change
        row["equivalence_pvalue"] = float(stats.t.cdf(distance / found["lfcSE"], found["n_contrasts"] - 1))
        row["call"] = "unchanged" if row["equivalence_pvalue"] < thresholds.alpha else "inconclusive"
        if row["pvalue"] < thresholds.alpha:
            row["call"] = "up" if row["log2FoldChange"] > 0 else "down"
    row["sentence"] = _sentence(row, own, thresholds, simulated)
    return row


def _sentence(row: Mapping[str, Any], own: pd.DataFrame, thresholds: Thresholds, simulated: Sequence[str]) -> str:
    feature, n = row["feature"], int(row["n_contrasts"])
    left_out = own[own["status"] != TESTED]
    also = [f"{each.label} ({each.reason})" for each in left_out.itertuples()]
    ending = f" Not pooled: {titles_in_line(also)}." if also else ""
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
    wary = [caution(n, own, row), SEVERAL_OF_ONE_STUDY if n > row["n_studies"] else ""]
    return " ".join(filter(None, [f"{feature} is {how} {over} ({numbers}).", *wary])) + ending


def caution(n: int, own: pd.DataFrame, row: Mapping[str, Any]) -> str:
    """Say where the interval can hardly be of use, and what the contrasts agree on all the same; else nothing."""
    signs = np.sign(own.loc[own["status"] == TESTED, "log2FoldChange"])
    if n == 2:
        agree = "the same sign" if abs(signs.sum()) == n else "opposite signs"
        return f"Two contrasts are too few for an interval of use (one degree of freedom): they have {agree}, no more."
    if row["I2"] > 50 and abs(signs.sum()) < n:
        return "The contrasts differ in sign, and by more than their own errors: the mean hides that."
    return "With so few contrasts the interval is wide, and I2 is a guess." if n < FEWEST_CONTRASTS else ""
