"""What the page's script is told: contrasts, their samples and groups, roles of features; as plain values."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from mircargo.config import Contrast, Study, Thresholds
from mircargo.figures.catalogue import ENDINGS, stems
from mircargo.figures.style import LEVELS
from mircargo.io import read_result
from mircargo.model.design.asked import place
from mircargo.model.differential_table import to_sort_by

TABLES_OF_CONTRAST: Final = ("differential", "robustness")
COUNTS: Final = "counts/counts.tsv"
MOST_COUNTS: Final = 1_000_000  # in the page; with more of them it would take minutes to open
_ROWS_AT_ONCE: Final = 100


def model(
    name: str,
    study: Study,
    thresholds: Thresholds,
    folder: Path,
    facts: Mapping[str, Mapping[str, Any]],
    answers: Sequence[Mapping[str, Any]],
    candidates: Mapping[str, Sequence[str]],
    n_counted: int | None = None,
) -> dict[str, Any]:
    """Gather what the script needs beside the tables.

    Parameters
    ----------
    name, study, thresholds
        Of the study.
    folder
        Its results.
    facts
        What each contrast's fit says of itself.
    answers
        The target's rows.
    candidates
        The co-cargo of each exosome contrast.
    n_counted
        Of how many features the page holds the counts; None for all.

    Returns
    -------
    dict
        ``study alpha n_counted contrasts``; a contrast has ``name level reference asked target candidates release`` and
        the samples in ``groups``: ``name colour`` and ``members`` (sample, and subject where samples are paired).
    """
    target = {row["contrast"]: row["feature"] for row in answers}
    release_of = {comparison.exosome: each for each, comparison in study.comparisons.items()}
    return {
        "study": name,
        "alpha": thresholds.alpha,
        "n_counted": n_counted,
        "contrasts": [
            {
                "name": each,
                "level": str(contrast.level),
                "reference": str(contrast.reference),
                "asked": asked_in(facts[each], contrast),
                "target": target.get(each),
                "candidates": list(candidates.get(each, ())),
                "release": release_of.get(each),
                "groups": _groups(folder, each, str(contrast.reference), facts[each]),
            }
            for each, contrast in study.contrasts.items()
        ],
    }


def asked_in(facts: Mapping[str, Any], contrast: Contrast) -> str:
    """Say in words what a contrast compares, as its fit has it."""
    return str(facts["asked"]["place"]) if "asked" in facts else place(contrast, {}, {})


def tables_inside(study: Study, counts: bool = True) -> list[str]:
    """Return the result tables that the page holds whole, as paths below the study's folder."""
    tables = [f"{kind}/{contrast}.tsv" for contrast in study.contrasts for kind in TABLES_OF_CONTRAST]
    tables += ["cargo/target.tsv", "cargo/expectations.tsv", "quality/samples.tsv", *([COUNTS] if counts else [])]
    if study.exosome_contrasts():
        tables.append("cargo/co_cargo.tsv")
    return tables + [f"cargo/release/{name}.tsv" for name in study.comparisons]


def figures_inside(study: Study) -> list[str]:
    """Return the files of figures that the page holds; the .png stay beside it."""
    names = stems(study.contrasts, study.exosome_contrasts(), study.comparisons)
    return [f"figures/{stem}.{ending}" for stem in names for ending in ENDINGS if ending != "png"]


def features_inside(
    folder: Path, study: Study, roles: Sequence[str | None], most_counts: int = MOST_COUNTS
) -> list[str] | None:
    """Choose the features whose counts the page holds, where it cannot hold all.

    Parameters
    ----------
    folder, study
        Results and settings.
    roles
        The target and its co-cargo: they come first. Then those with the smallest padj in any contrast.
    most_counts
        As many counts fit in.

    Returns
    -------
    list of str or None
        None where all counts fit in.
    """
    known = read_result(folder / "counts" / "features.tsv")["feature"]
    n_samples = len(read_result(folder / "quality" / "samples.tsv"))
    if len(known) * n_samples <= most_counts:
        return None
    tables = [read_result(folder / "differential" / f"{name}.tsv")[["feature", "padj"]] for name in study.contrasts]
    smallest = (
        pd.concat(tables).groupby("feature", sort=False)["padj"].min().sort_values(kind="stable", key=to_sort_by).index
    )
    wanted = dict.fromkeys([*(feature for feature in roles if feature is not None), *smallest])
    return list(wanted)[: max(1, most_counts // n_samples)]


def short_counts(folder: Path, features: Sequence[str] | None = None) -> str:
    """Return the normalised counts with four digits, which is what a chart can show; of all features if none given."""
    path = folder / "quality" / "normalised.tsv"
    if features is None:
        table = read_result(path)
    else:
        # A part at a time: of a large study the whole table takes gigabytes.
        parts = pd.read_csv(path, sep="\t", dtype={"feature": str}, keep_default_na=False, chunksize=_ROWS_AT_ONCE)
        table = pd.concat([part[part["feature"].isin(list(features))] for part in parts])
    return table.to_csv(sep="\t", index=False, float_format="%.4g", lineterminator="\n")


def _groups(folder: Path, contrast: str, reference: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    drawn = read_result(folder / "figures" / f"target_{contrast}.tsv")
    per_unit = facts.get("asked", {}).get("term") == "slope"
    subjects = dict(zip(drawn["sample"], drawn["subject"], strict=True))
    colours = dict(zip(drawn["group"], drawn["colour"], strict=True))
    group_of = {sample: str(row["group"]) for row in facts["design"]["rows"] for sample in row["samples"]}
    names = sorted(
        dict.fromkeys(group_of[sample] for sample in facts["samples"]),
        key=lambda each: float(each) if per_unit else each != reference,
    )
    return [
        {
            "name": group,
            "colour": colours.get(group, LEVELS[i % len(LEVELS)]),
            "members": [
                [sample, None if pd.isna(subjects.get(sample)) else str(subjects[sample])]
                for sample in facts["samples"]
                if group_of[sample] == group
            ],
        }
        for i, group in enumerate(names)
    ]
