"""Sections of a study for MultiQC, as its custom content."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import pandas as pd

from mircargo.export.contents import PALE_DOWN, PALE_UP, SECTIONS
from mircargo.figures.style import NOT_SIGNIFICANT, UP
from mircargo.io import read_result
from mircargo.problems import listing
from mircargo.results.contract import (
    BALANCE_TABLE,
    CHECK,
    CONTRAST_SUMMARY,
    FIGURE,
    LIBRARIES,
    RAW_COUNTS,
    TARGET_CALLS,
    Result,
)
from mircargo.results.reader import StudyResults

PCA: Final = Result(FIGURE.path.format(figure="pca", ending="tsv"), FIGURE.holds)
NEEDED: Final = (LIBRARIES, RAW_COUNTS, BALANCE_TABLE, TARGET_CALLS, CONTRAST_SUMMARY, CHECK, PCA)
# Okabe and Ito (2008)
PALETTE: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
MOST_FEATURES: Final = len(PALETTE)
REST: Final = "all others"
ABOUT: Final = "says of count tables of small RNA what miR-21 and its exosomal co-cargo do, and how far that holds."
GENERAL: Final = {
    "total": {"title": "Reads", "description": "Reads in the counts", "format": "{:,.0f}", "min": 0, "scale": "Blues"},
    "detected": {"title": "Features", "description": "Features with a read", "format": "{:,.0f}", "min": 0},
    "size_factor": {"title": "Size factor", "description": "What counts are divided by", "format": "{:,.2f}", "min": 0},
    "top_share": {
        "title": "Top share", "description": "Share of the reads in the most abundant feature",
        "format": "{:,.0%}", "min": 0, "max": 1, "scale": "OrRd",
    },
    "top_feature": {"title": "Top feature", "description": "The most abundant feature", "hidden": True},
    "flags": {"title": "Flags", "description": "What is unusual of the library", "hidden": True},
}  # fmt: skip
COUNTED: Final = ("samples", "tested", "up", "robust_up", "down", "robust_down", "no_call", "not_tested")
# There may be more groups of samples than colours in the figures; the others are from Tol (2021).
GROUPS: Final = (*PALETTE, "#000000", "#882255", "#44AA99", "#999933", "#661100", "#888888", "#332288", "#AA4499")
FATES: Final = {
    "kept_reads": {"name": "kept", "color": PALETTE[0]},
    "repeated_reads": {"name": "repeated on other rows of a feature", "color": PALETTE[1]},
    "dropped_reads": {"name": "dropped", "color": UP},
}


def sections(
    study: str, folder: Path, simulated: bool, titles: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """Make the sections of a study.

    Parameters
    ----------
    study
        Its name, which prefixes the name of each section, as one report may hold several studies.
    folder
        Its results.
    simulated
        Whether its data are simulated, which each section then says.
    titles
        Of contrasts that have one, by their names.

    Returns
    -------
    dict
        Custom content for MultiQC by section (`contents.SECTIONS`); text is escaped, as MultiQC shows it as HTML.

    Raises
    ------
    ProblemsFound
        Where files of the results are missing.
    """
    results = StudyResults(study, folder)
    results.require(NEEDED)
    made = {
        "general": _general(study, results.libraries.set_index("sample")),
        "target": _target(results.target, titles or {}),
        "contrasts": _contrasts(results.summary, titles or {}),
        "warnings": _warnings(results.warnings),
        "reads": _reads(results.balance.set_index("sample")),
        "composition": _composition(results.counts),
        "pca": _pca(_points(PCA.within(folder))),
    }
    return {name: _framed(study, name, made[name], simulated) for name in SECTIONS}


def _framed(study: str, name: str, section: dict[str, Any], simulated: bool) -> dict[str, Any]:
    """Add what every section has: an id unique to the study, its title, and the module it belongs to."""
    key = f"mircargo_{study}_{name}"
    note = " Simulated data." if simulated else ""
    config = {"id": f"{key}_plot", "title": f"{study}: {section.pop('section_name', name)}"}
    if section["plot_type"] != "generalstats":
        section["pconfig"] = config | section.get("pconfig", {})
    return {
        "id": key,
        "parent_id": "mircargo",
        "parent_name": "mircargo",
        "parent_description": ABOUT,
        "section_name": config["title"],
        **section,
        "description": section["description"] + note,
    }


def _general(study: str, quality: pd.DataFrame) -> dict[str, Any]:
    shown = [column for column in GENERAL if column in quality]
    return {
        "plot_type": "generalstats",
        "description": f"{len(quality)} libraries.",
        "namespace": study,
        "headers": {column: GENERAL[column] for column in shown},
        "data": _rows(quality[shown]),
    }


def _target(target: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, Any]:
    target = target.assign(contrast=[titles.get(name, name) for name in target["contrast"]])
    shown = ["call", "log2FoldChange", "ci_low", "ci_high", "padj", "share_same_call", "sentence"]
    formats = dict.fromkeys(["log2FoldChange", "ci_low", "ci_high"], "{:+.2f}") | {"padj": "{:.1e}"}
    formats["share_same_call"] = "{:.0%}"
    headers: dict[str, dict[str, Any]] = {
        column: {"title": column, "format": formats[column], "scale": False} if column in formats else {"title": column}
        for column in shown
    }
    headers["call"] |= {"scale": False, "bgcols": {"up": PALE_UP, "down": PALE_DOWN}}
    return {
        "section_name": "the target",
        "plot_type": "table",
        "description": " ".join(escape(f"{row.contrast}: {row.sentence}", quote=False) for row in target.itertuples()),
        "pconfig": {"col1_header": "Contrast", "no_violin": True, "scale": False},
        "headers": headers,
        "data": _rows(target.set_index("contrast")[shown]),
    }


def _contrasts(summary: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, Any]:
    table = summary.assign(contrast=[titles.get(name, name) for name in summary["contrast"]]).set_index("contrast")
    shown = [*COUNTED, "note"] if table["note"].notna().any() else list(COUNTED)
    numbers = {"format": "{:,.0f}", "scale": False}
    return {
        "section_name": "up and down",
        "plot_type": "table",
        "description": f"{CONTRAST_SUMMARY.holds}. Not called is no proof of no change.",
        "pconfig": {"col1_header": "Contrast", "no_violin": True, "scale": False},
        "headers": {name: {"title": name.replace("_", " "), **(numbers if name in COUNTED else {})} for name in shown},
        "data": _rows(table[shown]),
    }


def _warnings(warnings: list[dict[str, Any]]) -> dict[str, Any]:
    keys = ("where", "what", "found", "hint")
    rows = {
        str(number): {key: _plain(str(each.get(key, ""))) for key in keys} for number, each in enumerate(warnings, 1)
    }
    return {
        "section_name": "what to be wary of",
        "plot_type": "table",
        "description": f"{len(rows)} warning{'s' if len(rows) != 1 else ''} of the check.",
        "pconfig": {"col1_header": "Warning", "no_violin": True, "scale": False},
        "headers": {key: {"title": key, "scale": False} for key in keys},
        "data": rows or {"none": dict.fromkeys(keys, "") | {"what": "nothing that the check knows of"}},
    }


def _reads(balance: pd.DataFrame) -> dict[str, Any]:
    total = balance["input_reads"].sum()
    parts = [f"{balance[fate].sum() / total:.1%} {words['name']}" for fate, words in FATES.items()] if total else []
    return {
        "section_name": "what became of the reads",
        "plot_type": "bargraph",
        "description": f"{total:,.0f} reads in the input tables: {listing(parts)}.",
        "pconfig": {"ylab": "reads"},
        "categories": FATES,
        "data": _rows(balance[list(FATES)]),
    }


def _composition(counts: pd.DataFrame) -> dict[str, Any]:
    """Show the features with the largest mean share of the libraries, and all others together."""
    shares = counts / counts.sum(axis=0).where(lambda total: total > 0)
    top = shares.mean(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_FEATURES]
    table = counts.loc[top].T
    table.columns = [escape(str(name)) for name in table.columns]
    categories = {name: {"name": name, "color": PALETTE[place]} for place, name in enumerate(table.columns)}
    table[REST] = counts.drop(index=top).sum(axis=0)
    share = shares.loc[top[0]]
    return {
        "section_name": "what the libraries are made of",
        "plot_type": "bargraph",
        "description": f"The most abundant feature of all, {escape(str(top[0]))}, holds {share.min():.0%} to"
        f" {share.max():.0%} of the reads of a library.",
        "pconfig": {"ylab": "reads", "cpswitch_c_active": False},
        "categories": categories | {REST: {"name": REST, "color": NOT_SIGNIFICANT}},
        "data": _rows(table),
    }


def _points(path: Path) -> pd.DataFrame:
    """Read the principal components; the columns before them are text of the sample sheet."""
    columns = list(pd.read_csv(path, sep="\t", nrows=0).columns)
    return read_result(path, columns[: columns.index("PC1")]).set_index("sample")


def _pca(points: pd.DataFrame) -> dict[str, Any]:
    """Show the samples on the first two components, with a colour for each group."""
    variables = list(points.columns[: points.columns.get_loc("PC1")])
    groups = points[variables].fillna("not given").astype(str).agg(" ".join, axis=1)
    colours = {group: GROUPS[place % len(GROUPS)] for place, group in enumerate(dict.fromkeys(groups))}
    legend = [f'<span style="color:{colour}">&#9679;</span> {escape(group)}' for group, colour in colours.items()]
    explained = [f"{points[f'{name}_explained'].iloc[0]:.0%} of the variance in {name}" for name in ("PC1", "PC2")]
    return {
        "section_name": "principal components",
        "plot_type": "scatter",
        "description": f"Of log2 normalised counts of {int(points['n_features'].iloc[0]):,} features:"
        f" {listing(explained)}. {', '.join(legend)}.",
        # A percent sign in the name of an axis would become the unit of its numbers.
        "pconfig": {"xlab": "PC1", "ylab": "PC2", "marker_size": 10},
        "data": {
            escape(str(sample)): {
                "x": float(row["PC1"]),
                "y": float(row["PC2"]),
                "name": escape(f"{sample}: {groups[sample]}"),
                "color": colours[groups[sample]],
                "group": escape(groups[sample]),
            }
            for sample, row in points.iterrows()
        },
    }


def _rows(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return a table row by row, without missing values; text is escaped."""
    return {
        escape(str(name)): {str(column): _plain(value) for column, value in row.items() if pd.notna(value)}
        for name, row in zip(table.index, table.to_dict("records"), strict=True)
    }


def _plain(value: Any) -> Any:
    """Write text as the HTML of a cell; MultiQC would take its commas for thousands separators."""
    return escape(value).replace(",", "&#44;") if isinstance(value, str) else value
