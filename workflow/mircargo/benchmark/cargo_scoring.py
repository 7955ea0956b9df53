"""Scores of what is called cargo on studies whose cargo is planted, and their summary over studies."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mircargo.benchmark.scoring import interval, share

FALLING, SHADOW = "falling", "shadow"
# Of these a share is taken: over studies, or over the features that another column counts.
SHARES: dict[str, str | None] = {
    "target_right": None,
    "classes_right": "classes_decided",
    "planted_decided": "planted",
    "shadows_flagged": "shadows",
    "others_flagged": "others",
    "overturning_named": None,
    "rise_covered": None,
}


@dataclass(frozen=True)
class Calls:
    """What is called on a study."""

    target: dict[str, dict[str, Any]]  # rows of `cargo/target.tsv`, by fraction; that of the exosomes has spike-ins
    release: pd.DataFrame  # table of `release.classify`
    co_cargo: pd.DataFrame  # table of `co_cargo.find_co_cargo`
    overturning: str  # the clause on the global change that would overturn the target's call in exosomes
    measured: dict[str, Any]  # what the spike-ins say, as of `global_change.with_typical`


def score_calls(calls: Calls, truth: pd.DataFrame, rise: float) -> dict[str, Any]:
    """Score what is called against what was planted.

    Parameters
    ----------
    truth
        As of `simulate.Study`: `class`, `role` and `exosome_log2_fold_change` by feature.
    rise
        True change of all RNA in the injured exosomes, as a fold.

    Returns
    -------
    dict
        - `target_right`: up in both fractions;
        - `strong`, `strong_false`: strong co-cargo, and those of it that are not planted so; `strong_fdr` (0 where
          there is none) and `strong_recall`, the planted ones found;
        - `classes_decided`, `classes_right`: features with a class that is not *undetermined*, shadows left out, and
          those whose class is the planted one; `planted_decided` of `planted`, the same of what changes;
        - `fitted_{null}`, `strong_{null}`: features that are not planted as co-cargo, by what they are (the planted
          class, or falling), and those of them that are strong;
        - `shadows`, `shadows_flagged`, `others`, `others_flagged`: features fitted, and those called a shadow;
        - `overturning_named`: whether a finite global change that would overturn the target's call in exosomes is in
          its sentence;
        - `rise_estimate`, `rise_low`, `rise_high`: of the typical miRNA in injured exosomes, by the spike-ins;
          `rise_covered`, whether that holds the true rise, and the sentence says it.
    """
    table = calls.co_cargo.set_index("feature")
    planted = truth.index[truth["role"] == "co_cargo"]
    strong = table.index[table["tier"] == "strong"]
    right = len(planted.intersection(strong))
    kinds = null_kinds(truth).reindex(table.index)
    nulls: dict[str, int] = {}
    for kind in sorted(null_kinds(truth).dropna().unique()):
        own = kinds.index[kinds == kind]
        nulls |= {f"fitted_{kind}": len(own), f"strong_{kind}": len(own.intersection(strong))}
    return {
        "target_right": all(row["call"] == "up" for row in calls.target.values()),
        "strong": len(strong),
        "strong_false": len(strong) - right,
        "strong_fdr": (len(strong) - right) / max(1, len(strong)),
        "strong_recall": right / len(planted),
        **_class_scores(calls.release, truth),
        **nulls,
        **_shadow_scores(table["cross_maps_to"], truth["role"]),
        **_composition_scores(calls, rise),
    }


def null_kinds(truth: pd.DataFrame) -> pd.Series:
    """Say of each feature what it is that is no co-cargo; missing for co-cargo and the target."""
    falls = truth["exosome_log2_fold_change"] < 0
    kinds = truth["class"].mask(falls, FALLING)
    return kinds.mask(truth["role"].isin(["co_cargo", "target"]))


def _class_scores(release: pd.DataFrame, truth: pd.DataFrame) -> dict[str, int]:
    planted = truth["class"][truth["class"] != SHADOW]
    found = release.set_index("feature")["class"].reindex(planted.index)
    decided = found.notna() & (found != "undetermined")
    changes = planted != "unchanged"
    return {
        "classes_decided": int(decided.sum()),
        "classes_right": int((decided & (found == planted)).sum()),
        "planted": int(changes.sum()),
        "planted_decided": int((changes & decided).sum()),
    }


def _shadow_scores(cross_maps_to: pd.Series, roles: pd.Series) -> dict[str, int]:
    shadow = (roles.reindex(cross_maps_to.index) == SHADOW).to_numpy()
    flagged = cross_maps_to.notna().to_numpy()
    return {
        "shadows": int(shadow.sum()),
        "shadows_flagged": int((shadow & flagged).sum()),
        "others": int((~shadow).sum()),
        "others_flagged": int((~shadow & flagged).sum()),
    }


def _composition_scores(calls: Calls, rise: float) -> dict[str, Any]:
    row, typical = calls.target["exosome"], calls.measured.get("typical", calls.measured)
    turn, sentence = row["overturning_global_change"], row["sentence"]
    named = turn is not None and bool(np.isfinite(turn)) and calls.overturning in sentence
    estimate, low, high = (typical.get(key, np.nan) for key in ("estimate", "low", "high"))
    covered = bool(low <= rise <= high) and f"{low:.2f} to {high:.2f}" in sentence
    estimates = {"rise_estimate": estimate, "rise_low": low, "rise_high": high}
    return {"overturning_named": named, **estimates, "rise_covered": covered}


def summarise_cargo(scores: pd.DataFrame) -> pd.DataFrame:
    """Summarise the scores of many studies, as of `score_cargo`, by the number of animals.

    Returns
    -------
    pandas.DataFrame
        `animals studies`; means of `strong_fdr` and `strong_recall`; of each of `SHARES` the share with Wilson's 95%
        interval, `_low` and `_high`; `median_rise`; `worst_null`, what is most often strong among what is no co-cargo,
        and its share `worst_null_share`.
    """
    rows = []
    for animals, part in scores.groupby("animals", sort=True):
        row: dict[str, Any] = {"animals": animals, "studies": len(part)}
        row |= {name: part[name].mean() for name in ("strong_fdr", "strong_recall")}
        for name, of in SHARES.items():
            hits, total = int(part[name].sum()), len(part) if of is None else int(part[of].sum())
            low, high = interval(hits, total)
            row |= {name: share(hits, total), f"{name}_low": low, f"{name}_high": high}
        kinds = [column.removeprefix("fitted_") for column in part if column.startswith("fitted_")]
        shares = {kind: part[f"strong_{kind}"].sum() / max(1, part[f"fitted_{kind}"].sum()) for kind in kinds}
        worst = max(shares, key=lambda kind: shares[kind])
        row |= {"median_rise": part["rise_estimate"].median(), "worst_null": worst, "worst_null_share": shares[worst]}
        rows.append(row)
    return pd.DataFrame(rows)
