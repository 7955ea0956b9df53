"""What the page says of the target, of its co-cargo and of release: the result tables as the templates need them."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from mircargo.cargo.expectations import NO_EXPECTATION
from mircargo.report.first_screen import changed, changes, doubts, in_short, re_analyses, why_open
from mircargo.report.methods import dispersions_of
from mircargo.report.rows import records
from mircargo.results.reader import StudyResults
from mircargo.robustness.sentences import NOT_ROBUST, broken_by, clause
from mircargo.vocabulary import CAUTIONS, CHANGED, STATUSES, TARGET_CALLS, TESTED

NOT_ROBUST_HERE: Final = NOT_ROBUST.replace("variants", "re-analyses")
MOST_ROWS: Final = 25
MOST_NAMED: Final = 4
MOST_LEFT_OUT: Final = 50
MOST_REFERENCES: Final = 5
MOST_CHANGED: Final = 200
MOST_SAMPLES: Final = 1000  # rows of a table of samples on the page


def answers(results: StudyResults) -> list[dict[str, Any]]:
    """Return the target's rows, each with its interval plot and what could overturn it.

    Returns
    -------
    list of dict
        The columns of `cargo/target.tsv`, then ``plot`` (percent of the plot's width; None without an interval),
        ``short`` (None where only its sentence says it), ``held`` (of `re_analyses`), ``why_open`` and ``doubts`` (list
        of str), ``changes`` (of `first_screen.changes`), ``robust_words``, ``none_robust`` (why no call can be, list of
        str), ``overturned_by`` (list of str), ``n_more`` (of them, not listed), ``n_called`` and ``n_tested`` (features
        of the contrast), ``scale`` and ``scale_model`` (as the fit's facts have them).
    """
    rows, facts = records(results.target), results.fit_facts
    margin = results.thresholds.equivalence_log2_fold_change
    widths = {row["contrast"]: facts[row["contrast"]].get("asked", {}).get("width", 1.0) for row in rows}
    keys = ("ci_low", "ci_high", "scale_ci_low", "scale_ci_high")
    ends = [abs(row[key]) * widths[row["contrast"]] for row in rows for key in keys if row.get(key) is not None]
    reach = max([*ends, 2 * margin, 1.0]) * 1.08
    for row in rows:
        stress = results.stress_facts[row["contrast"]]
        variants = results.stress_variants[row["contrast"]]
        own, fact = variants[variants["feature"] == row["feature"]], facts[row["contrast"]]
        fragile = _broken_by(own, bool(stress.get("not_robust")))
        row["sentence"] = _of_re_analyses(row["sentence"], own)
        row["short"] = in_short(row, fact, results.study, results.thresholds)
        row["held"] = re_analyses(row, own)
        row["doubts"] = doubts(row, fact, results.warnings)
        fitted = results.fit[row["contrast"]].set_index("feature")
        libraries = results.libraries.set_index("sample")
        row["why_open"] = why_open(row["feature"], fact, fitted, libraries) if row["call"] == "inconclusive" else []
        row["changes"] = changes(results, row["contrast"], row["feature"])
        row["plot"] = _interval(row, margin, reach, widths[row["contrast"]]) if row["ci_low"] is not None else None
        row["overturned_by"], row["n_more"] = fragile[:MOST_NAMED], max(0, len(fragile) - MOST_NAMED)
        row["robust_words"] = _robust_words(row, stress)
        row["none_robust"] = [*stress.get("undecided", []), *stress.get("not_robust", [])]
        row["n_called"] = stress["n_calls"]
        row["n_tested"] = facts[row["contrast"]]["n_by_status"].get("tested", 0)
        row |= {key: facts[row["contrast"]].get(key, {}) for key in ("scale", "scale_model")}
    return rows


def _of_re_analyses(sentence: str, variants: pd.DataFrame) -> str:
    """Write a sentence of the target's table with the page's word for a variant, the rows of which it was made of."""
    own = clause(variants) if len(variants) else ""
    said = sentence.replace(own, clause(variants, "re-analyses")) if own else sentence
    return said.replace(NOT_ROBUST, NOT_ROBUST_HERE)


def _broken_by(variants: pd.DataFrame, copies: bool) -> list[str]:
    """Name what breaks the call of a feature, from its rows among all variants of a contrast."""
    base, others = variants[variants["kind"] == "base"], variants[variants["kind"] != "base"]
    return broken_by(others["variant"], others["call"], base["call"].iloc[0], copies) if len(base) else []


def _robust_words(row: Mapping[str, Any], stress: Mapping[str, Any]) -> str:
    """Say whether a call is robust, or why that is not said; empty where there is no call."""
    if row["call"] not in CHANGED:
        return ""
    if stress.get("undecided"):
        return f"not said to be robust: {'; '.join(stress['undecided'])}"
    if stress.get("not_robust"):
        return "not robust, whatever the re-analyses say: libraries are counted more than once (see below)"
    return "robust" if str(row.get("robust")) == "True" else "not robust"


def _interval(row: Mapping[str, Any], margin: float, reach: float, width: float) -> dict[str, Any]:
    """Place an interval on its plot; a slope is drawn for all of its numbers, `width` units of it."""

    def place(value: float) -> float:
        return round(50 + 50 * value / reach, 2)

    scale = {key: place(row[key] * width) for key in ("scale_ci_low", "scale_ci_high") if row.get(key) is not None}
    return scale | {
        "low": place(row["ci_low"] * width),
        "high": place(row["ci_high"] * width),
        "at": place(row["log2FoldChange"] * width),
        "over": "" if width == 1 else f" over {width:g} units",
        "margin_low": place(-margin),
        "margin_high": place(margin),
        "reach": f"{reach:.1f}",
    }


def headline(rows: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return each call of the target with the contrasts that have it, calls of a change first."""
    found = {call: [row["contrast"] for row in rows if row["call"] == call] for call in TARGET_CALLS}
    return [(call, names) for call, names in found.items() if names]


def summary(results: StudyResults) -> list[dict[str, Any]]:
    """Return the rows of `summary.tsv`, each with ``reasons``: why features were not tested, and how many of them."""
    rows = records(results.summary)
    for row in rows:
        reasons = [(status.words, row[name]) for name, status in STATUSES.items() if name != TESTED]
        row["reasons"] = [(words, n) for words, n in reasons if n]
    return rows


def expectations(results: StudyResults) -> dict[str, dict[str, Any]]:
    """Return by contrast what is expected of it, and the miRNAs of the panel of which nothing is."""
    return {
        str(name): {
            "rows": records(part[part["expected"] != NO_EXPECTATION]),
            "without": part.loc[part["expected"] == NO_EXPECTATION, "mirna"].tolist(),
        }
        for name, part in results.expectations.groupby("contrast", sort=False)
    }


def co_cargo(results: StudyResults) -> list[dict[str, Any]]:
    """Return for each exosome contrast its candidates (the first 25), their facts and the shadows left out."""
    calls = results.target.set_index("contrast")["call"]
    parts = []
    for name in results.study.exosome_contrasts():
        own = results.co_cargo[results.co_cargo["contrast"] == name]
        candidates = own[own["tier"].notna()]
        shadows = own[own["cross_maps_to"].notna() & (own["padj"] < results.thresholds.alpha)]
        parts.append(
            {
                "name": name,
                "call": calls[name],
                "total": len(candidates),
                "rows": records(candidates.head(MOST_ROWS)),
                "cautious": bool(candidates.head(MOST_ROWS)["cautions"].notna().any()),
                "features": candidates["feature"].tolist(),
                "held": classes_of_release(results, name),
                "facts": results.by_chance[name],
                "shadows": list(zip(shadows["feature"], shadows["cross_maps_to"], strict=True)),
            }
        )
    return parts


def releases(results: StudyResults) -> list[dict[str, Any]]:
    """Return for each comparison what its fit says of the target, its classes and which dispersions it rests on."""
    features = results.target.set_index("contrast")["feature"]
    parts = []
    for name, comparison in results.study.comparisons.items():
        table, facts = results.release[name], results.release_facts[name]
        target = features.get(comparison.exosome)
        row = table[table["feature"] == target]
        variants = results.release_stress_variants[name]
        held = classes_of_release(results, comparison.exosome)
        parts.append(
            {
                "name": name,
                "comparison": comparison,
                "facts": facts,
                "dispersions": dispersions_of(facts["by_fraction"]),
                "classes": table["class"].value_counts().to_dict(),
                "not_in_all": table.loc[table["feature"].isin(held), "class"].value_counts().to_dict(),
                "target": records(row)[0] if len(row) else None,
                "held": held.get(target),
                "survival": _survival(variants[variants["feature"] == target], results.release_stress_facts[name]),
            }
        )
    return parts


def classes_of_release(results: StudyResults, contrast: str) -> dict[str, dict[str, Any]]:
    """Say by feature in how many re-analyses the release of a class holds, where that is not all of them.

    `contrast` is one of exosomes; without a comparison there are none. Of each feature ``words``, and whether they are
    ``few``, half of the re-analyses at most: then the class is not said as if it were known.
    """
    name = next((key for key, each in results.study.comparisons.items() if each.exosome == contrast), None)
    if name is None:
        return {}
    table = results.release_stress[name]
    own = table[table["call"].isin(CHANGED) & (table["n_same_call"] < table["n_variants"])]
    return {
        row.feature: {
            "words": f"in {int(row.n_same_call)} of {int(row.n_variants)} re-analyses only",
            "few": 2 * row.n_same_call <= row.n_variants,
        }
        for row in own.itertuples()
    }


def validation(results: StudyResults) -> list[dict[str, Any]]:
    """Return for each contrast what to validate by qPCR, what is left out and why, and the references.

    Returns
    -------
    list of dict
        ``name``, ``rows`` of `total`, ``left_out`` of `n_left_out`, ``references``; ``why_left_out``, all that is left
        out, as reasons with their features, the most frequent first.
    """
    parts = []
    for name in results.study.contrasts:
        table = results.qpcr[name]
        called = table[table["call"].isin(CHANGED)]
        suits = called["for_qpcr"].astype(str).eq("True")
        parts.append(
            {
                "name": name,
                "rows": records(called[suits].head(MOST_ROWS)),
                "total": int(suits.sum()),
                "left_out": records(called[~suits].head(MOST_LEFT_OUT)),
                "n_left_out": int((~suits).sum()),
                "why_left_out": _by_reason(called[~suits]),
                "references": records(results.qpcr_references[name].head(MOST_REFERENCES)),
            }
        )
    return parts


def _by_reason(left_out: pd.DataFrame) -> list[tuple[str, list[str]]]:
    groups = left_out.groupby("left_out_because", sort=False)["feature"].agg(list)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def next_experiment(results: StudyResults) -> list[dict[str, Any]]:
    """Return for each contrast and comparison how many animals the next experiment needs; nothing where none is asked.

    Returns
    -------
    list of dict
        ``name``, ``title``, ``kinds`` (calls: how each is named to people), ``folds``, ``rows`` (``feature``, ``depth``
        and ``cells``: the animals needed of each call and fold), ``n_more`` (features not listed), ``animals_now``, and
        the sentences of what is inconclusive: ``open`` of the target, ``open_others`` of the panel's miRNAs.
    """
    study = results.study
    if study.next_experiment is None:
        return []
    table, to_settle = results.next_experiment, results.next_experiment_open
    parts = []
    for name in [*study.contrasts, *study.comparisons]:
        own = table[table["contrast"] == name]
        still_open = to_settle[to_settle["contrast"] == name]
        of_target = still_open["feature"].isin(results.target["feature"]) | still_open["feature"].isna()
        sentences, others = (still_open.loc[rows, "sentence"].tolist() for rows in (of_target, ~of_target))
        title = study.label(name) if name in study.contrasts else study.label_of_comparison(name)
        kinds, folds = own["call_kind"].unique().tolist(), sorted(own["fold_change"].unique())
        features = own["feature"].drop_duplicates()[:MOST_ROWS]
        wide = own.set_index(["feature", "depth", "call_kind", "fold_change"])["animals_needed"]
        depths = sorted(own["depth"].unique())
        nearest = min(depths, key=lambda depth: abs(depth - 1), default=1.0)
        target = results.target["feature"].tolist()
        # Of the target at every depth; of the others at that of this study, as the table would be four times as long.
        keys = [(f, d) for f in features for d in depths if f in target or d == nearest]
        rows = [
            {"feature": f, "depth": d, "cells": [wide.get((f, d, k, x)) for k in kinds for x in folds]} for f, d in keys
        ]
        if rows or len(still_open):
            now = own["animals_now"].iloc[0] if len(own) else None
            parts.append(
                {"name": name, "title": title, "kinds": kinds, "folds": folds, "rows": rows, "animals_now": now}
                | {"open": sentences, "open_others": others, "n_more": own["feature"].nunique() - len(features)}
            )
    return parts


def changed_by_contrast(results: StudyResults) -> dict[str, dict[str, Any]]:
    """Return by contrast its changed features, for paper and for those without scripts; the first 200 of each."""
    found = {}
    for name in results.study.contrasts:
        table, common = changed(results, name)
        words = [CAUTIONS[kind].words for kind in common]
        found[name] = {"rows": records(table.head(MOST_CHANGED)), "n": len(table), "common": words}
    return found


def _survival(variants: pd.DataFrame, facts: Mapping[str, Any]) -> str:
    """Say whether the call of a release survives, and where no call can be robust, that it is not."""
    survival = clause(variants, "re-analyses") if len(variants) else ""
    called = variants.loc[variants["kind"] == "base", "call"].isin(CHANGED).any()
    return f"{survival}; {NOT_ROBUST_HERE}" if called and "not_robust" in facts else survival


def samples(table: pd.DataFrame, most: int = MOST_SAMPLES) -> dict[str, Any]:
    """Return the libraries: ``rows``, and how many there are in all (``n``) and with a flag (``n_flagged``).

    Of more than `most` only the flagged ones are listed, the first of them where these are more as well.
    """
    flagged = table[table["flags"].notna() & (table["flags"] != "")]
    listed = table if len(table) <= most else flagged.head(most)
    return {"rows": records(listed), "n": len(table), "n_flagged": len(flagged)}


def balance(table: pd.DataFrame, most: int = MOST_SAMPLES) -> dict[str, Any]:
    """Return the reads of each sample as ``rows``, of more than `most` their sum; and how many there are (``n``)."""
    if len(table) > most:
        sums = table.drop(columns="sample").sum().to_frame().T
        return {"rows": records(sums.assign(sample=f"all {len(table):,}")), "n": len(table)}
    return {"rows": records(table), "n": len(table)}
