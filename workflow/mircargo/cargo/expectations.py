"""What the literature leads one to expect of a contrast, against what was found."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from mircargo.cargo.target_call import call_feature
from mircargo.config import Expectation, Thresholds
from mircargo.features.find_target import find_target
from mircargo.inputs.panel import DAYS
from mircargo.problems import ProblemsFound
from mircargo.results.contract import EXPECTATION_TABLE
from mircargo.vocabulary import AS_NAMED, CHANGED

Found = Mapping[str, tuple[str | None, str]]
NO_EXPECTATION: Final = "no expectation"


def expected_directions(panel: pd.DataFrame, tissue: str, model: str, day: float | None, species: str) -> pd.DataFrame:
    """Take the entries of a panel that hold for a tissue, model, day and species (miRBase's letters).

    Words are compared without regard to case and spaces. An entry without a day holds on any day, one without a species
    for any; an entry of a day does not hold where no day is given. Where entries disagree all are returned.
    """
    same = panel["tissue"].map(_plain).eq(_plain(tissue)) & panel["model"].map(_plain).eq(_plain(model))
    there = same & panel["species"].map(lambda entry: entry is None or entry == species).astype(bool)
    return panel[there & panel["day"].map(lambda entry: _covers(entry, day)).astype(bool)].reset_index(drop=True)


def _plain(words: str) -> str:
    return "".join(words.lower().split())


def _covers(entry: str | None, day: float | None) -> bool:
    if entry is None or day is None:
        return entry is None
    found = DAYS.fullmatch(entry)
    first, last = found.groups() if found else (entry, None)
    return float(first) <= day <= float(last or first)


def find_panel(panel: pd.DataFrame, target: str, species: str, features: pd.DataFrame) -> Found:
    """Find the target (even where the panel lacks it) and every miRNA of a panel among the features of a study.

    Returns
    -------
    dict
        By name, the target first: the feature, if there is one, and the note on it.
    """
    found: dict[str, tuple[str | None, str]] = {}
    if species == AS_NAMED:
        note = "names are taken as they are: whether a row is this miRNA of the panel is unknown"
        others = dict.fromkeys(name for name in panel["mirna"] if name != target)
        return {target: find_target(target, species, features), **dict.fromkeys(others, (None, note))}
    for name in dict.fromkeys([target, *panel["mirna"]]):
        try:
            found[name] = find_target(name, species, features)
        except ProblemsFound as error:
            found[name] = None, error.problems[0].what
    return found


def expected_of(panel: pd.DataFrame, expectation: Expectation | None, species: str) -> pd.DataFrame:
    """Take the entries of a panel that hold for a contrast; without an expectation none does."""
    if expectation is None:
        return panel.iloc[:0]
    return expected_directions(panel, expectation.tissue, expectation.model, expectation.day, species)


def compare(
    contrast: str, held: pd.DataFrame, found: Found, results: pd.DataFrame, thresholds: Thresholds
) -> pd.DataFrame:
    """Hold what is expected of a contrast against what was found.

    Parameters
    ----------
    held, found
        The panel's entries that hold for it, as of `expected_of`, and its miRNAs among the features, as of
        `find_panel`.
    results
        Its `differential/{contrast}.tsv`.

    Returns
    -------
    pandas.DataFrame
        First the entries that hold, a row each, then every other miRNA of the panel once, with `no expectation`.
    """
    by_feature = results.set_index("feature")
    rows = [_row(contrast, entry, found[entry["mirna"]], by_feature, thresholds) for entry in held.to_dict("records")]
    _note_conflicts(rows)
    covered = {found[name][0] or name for name in held["mirna"]}
    for name, (feature, note) in found.items():
        if (feature or name) not in covered:
            covered.add(feature or name)
            entry = dict.fromkeys(held.columns) | {"mirna": name}
            rows.append(_row(contrast, entry, (feature, note), by_feature, thresholds))
    return pd.DataFrame(rows, columns=list(EXPECTATION_TABLE.columns))


def _row(
    contrast: str, entry: dict[str, Any], found: tuple[str | None, str], results: pd.DataFrame, thresholds: Thresholds
) -> dict[str, Any]:
    feature, note = found
    row: dict[str, Any] = {name: entry.get(name) for name in EXPECTATION_TABLE.columns}
    row |= {"contrast": contrast, "feature": feature, "expected": entry["direction"] or NO_EXPECTATION}
    observed = "not_tested"
    if feature is not None:
        observed = call_feature(results.loc[feature], thresholds).call
        row |= results.loc[feature, ["log2FoldChange", "padj"]].to_dict()
    row |= {"observed": observed, "agrees": _agrees(entry["direction"], observed)}
    row["note"] = "; ".join(filter(None, [entry["note"], note])) or None
    return row


def _agrees(expected: str | None, observed: str) -> str | None:
    if expected is None:
        return None
    if observed in (*CHANGED, "unchanged"):
        return "yes" if observed == expected else "no"
    return "open"


def _note_conflicts(rows: list[dict[str, Any]]) -> None:
    directions: dict[str, set[str]] = {}
    for row in rows:
        if row["expected"] != NO_EXPECTATION:
            directions.setdefault(row["feature"] or row["mirna"], set()).add(row["expected"])
    for row in rows:
        if len(directions.get(row["feature"] or row["mirna"], ())) > 1:
            row["note"] = "; ".join(filter(None, [row["note"], "the sources disagree"]))
