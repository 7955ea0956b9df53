"""The results as a workbook for a spreadsheet."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from mircargo import __version__
from mircargo.config import Contrast
from mircargo.export.contents import PALE_DOWN, PALE_UP, exported_of
from mircargo.export.sheets import DECIMALS, INTEGER, SHARE, SMALL, add_table, add_text, title_of, to_bytes
from mircargo.io import written_whole
from mircargo.model.design.asked import place, within_subset
from mircargo.model.differential_table import to_sort_by
from mircargo.results.columns import COMMON, Column
from mircargo.results.contract import (
    AGREEMENT,
    CO_CARGO_TABLE,
    CONTRAST_SUMMARY,
    DOSE,
    FAMILIES,
    FEATURE_TABLE,
    FIT,
    LEDGER_TABLE,
    LIBRARIES,
    NEXT_EXPERIMENT,
    NEXT_EXPERIMENT_OPEN,
    RECIPIENT_FIT,
    RECIPIENT_STRESS,
    SHOWN_TARGETS,
    STRESS,
    TARGET_CALLS,
    Result,
)
from mircargo.results.reader import StudyResults
from mircargo.vocabulary import CHANGED

UP: Final = PatternFill("solid", start_color=f"FF{PALE_UP[1:]}")
DOWN: Final = PatternFill("solid", start_color=f"FF{PALE_DOWN[1:]}")
_FILLS: Final = {"up": UP, "down": DOWN, "strong": UP, "supported": UP}
FORMATS: Final = {
    **dict.fromkeys(["total", "detected", "reads", "rows", "baseMean", "spike_in_reads"], INTEGER),
    **dict.fromkeys(["pvalue", "padj", "equivalence_pvalue", "release_padj", "residual_correlation_pvalue"], SMALL),
    **dict.fromkeys(["share_same_call", "top_share", "power_now"], SHARE),
    **dict.fromkeys(["size_factor", "overturning_global_change", "residual_correlation", "fold_change"], DECIMALS),
    **dict.fromkeys(["log2FoldChange", "ci_low", "ci_high", "lfcSE", "shrunken_log2FoldChange"], DECIMALS),
    **dict.fromkeys(["scale_difference", "scale_difference_low", "scale_difference_high"], DECIMALS),
    **dict.fromkeys(["scale_ci_low", "scale_ci_high"], DECIMALS),
    **dict.fromkeys(["shift_pvalue", "shift_padj", "activity_pvalue"], SMALL),
    **dict.fromkeys(["shift", "shift_se", "stat", "df", "detectable", "activity_change"], DECIMALS),
    **dict.fromkeys(["share_lower"], SHARE),
    **dict.fromkeys(["source_log2FoldChange", "release_log2FoldChange"], DECIMALS),
}
OWN: Final = {
    "call": Column(
        "up or down where padj is below alpha and the interval of the fold change lies beyond 0; empty else, which is"
        " no proof that nothing changed"
    ),
    "fold_change": Column("2 to the power of log2FoldChange: 2 is twice as much in the level, 0.5 half as much"),
    "rows": Column("Rows of the input tables"),
}
UNKNOWN: Final = Column("")
OF_CONTRAST: Final = [
    "feature", "call", "fold_change", "log2FoldChange", "ci_low", "ci_high", "padj", "pvalue", "baseMean", "status",
    "share_same_call", "fragile_under", "robust", "shrunken_log2FoldChange", "accession", "family", "seed", "sequence",
]  # fmt: skip


def to_workbook(results: StudyResults) -> Workbook:
    """Make the workbook of a study.

    Parameters
    ----------
    results
        Of the study.

    Returns
    -------
    openpyxl.Workbook
        Sheets: Read me (what each sheet and column is), Target, Up and down, one for each contrast (sorted by padj,
        changed features coloured), Co-cargo, those of the recipient cells where the study has them, Next experiment
        and To settle where it asks for them, Samples, Ledger totals.
    """
    results.require(exported_of(results.study))
    book = Workbook()
    book.remove(book.worksheets[0])
    add_text(book, "Read me", *_read_me(results))
    add_table(book, "Target", results.target, FORMATS)
    add_table(book, "Up and down", results.summary, FORMATS)
    for name in results.fit:
        table = contrast_table(results, name)
        fills = [_FILLS.get(call) for call in table["call"]]
        add_table(book, results.study.label(name), table, FORMATS, fills)
    tiers = [UP if pd.notna(tier) else None for tier in results.co_cargo["tier"]]
    add_table(book, "Co-cargo", results.co_cargo, FORMATS, tiers)
    for title, file, table in _of_recipient(results):
        called = table["agreement" if file is AGREEMENT else "call"] if file in (AGREEMENT, FAMILIES) else []
        add_table(book, title, table, FORMATS, [_FILLS.get(each) for each in called])
    for title, _, table in _planned(results):
        add_table(book, title, table, FORMATS)
    add_table(book, "Samples", results.samples.reset_index(), FORMATS)
    add_table(book, "Ledger totals", results.ledger_totals, FORMATS)
    return book


def write_workbook(results: StudyResults, path: str | Path) -> None:
    """Write `to_workbook`; the same results give the same bytes."""
    with written_whole(path) as temporary:
        temporary.write_bytes(to_bytes(to_workbook(results)))


def contrast_table(results: StudyResults, name: str) -> pd.DataFrame:
    """Return what a contrast's sheet shows: columns `OF_CONTRAST`, the smallest padj first and missing ones last."""
    survival = results.stress[name][["feature", "share_same_call", "fragile_under", "robust"]]
    known = results.features[["feature", "accession", "family", "seed", "sequence"]]
    table = results.fit[name].merge(survival, how="left", on="feature").merge(known, how="left", on="feature")
    table["fold_change"] = 2.0 ** table["log2FoldChange"]
    table["call"] = table["call"].where(table["call"].isin(CHANGED))
    return table.sort_values(["padj", "pvalue"], kind="stable", key=to_sort_by).reset_index(drop=True)[OF_CONTRAST]


def _read_me(results: StudyResults) -> tuple[list[list[str]], list[int]]:
    """Return the rows of the first sheet, and which of them are headings."""
    study = results.study
    rows: list[list[str]] = []
    headings: list[int] = []

    def heading(*texts: str) -> None:
        headings.append(len(rows))
        rows.append(list(texts))

    heading(study.title)
    if study.simulated:
        heading("Simulated data: nothing here was measured.")
    rows.append([f"Made by mircargo {__version__} from the results of the study {results.name}."])
    heading(f"What {results.config.target} does")
    rows += [["", study.label(row.contrast), row.sentence] for row in results.target.itertuples()]
    if study.recipient is not None:
        heading("What its targets do in the recipient cells")
        rows.append(["", results.recipient_answer["where"], results.recipient_answer["sentence"]])
    heading("What to be wary of")
    warnings = [["", each["where"], f"{each['what']}: {each['found']}"] for each in results.warnings]
    rows += warnings or [["", "", "Nothing that the check knows of."]]
    heading("Sheet", "Column", "What it is", "Unit or words")
    for title, holds, columns in _sheets(results):
        rows.append([title, "", holds, ""])
        rows += [["", name, column.meaning, column.unit] for name, column in columns.items()]
    heading("Empty cells are missing values. All features are listed, also those that were not tested: see `status`.")
    return rows, headings


def _sheets(results: StudyResults) -> list[tuple[str, str, dict[str, Column]]]:
    """Give the title of each sheet, what it holds, and what its columns mean; those of contrasts mean the same."""
    in_contrast = {**FEATURE_TABLE.columns, **STRESS.columns, **FIT.columns, **OWN}
    of_samples = dict.fromkeys(results.sheet, Column("Column of the sample sheet")) | {
        column: LIBRARIES.columns.get(column.removeprefix("quality_"), UNKNOWN)
        for column in results.samples
        if column not in results.sheet
    }
    titles = ["Read me", "Target", "Up and down"]
    contrasts: list[tuple[str, str, dict[str, Column]]] = []
    for name, contrast in results.study.contrasts.items():
        label = results.study.label(name)
        titles.append(title_of(label, titles))
        contrasts.append(
            (titles[-1], _question(label, contrast), {} if contrasts else _select(in_contrast, OF_CONTRAST))
        )
    return [
        ("Target", "What the target does in each contrast", _select(TARGET_CALLS.columns, results.target)),
        ("Up and down", CONTRAST_SUMMARY.holds, _select(CONTRAST_SUMMARY.columns, results.summary)),
        *contrasts,
        (
            "Co-cargo",
            "What changes in the exosomes with the target; rows that are co-cargo are coloured",
            _select(CO_CARGO_TABLE.columns, results.co_cargo),
        ),
        *(
            # The sheet of genes has what became of their calls beside the fit.
            (title, file.holds, _select({**RECIPIENT_STRESS.columns, **file.columns}, table))
            for title, file, table in (*_of_recipient(results), *_planned(results))
        ),
        ("Samples", "The libraries", {"sample": COMMON["sample"], **of_samples}),
        (
            "Ledger totals",
            "What became of the rows of the input tables",
            _select({**LEDGER_TABLE.columns, **OWN}, ["table", "action", "rows", "reads"]),
        ),
    ]


def _of_recipient(results: StudyResults) -> list[tuple[str, Result, pd.DataFrame]]:
    """Return the sheets of the recipient cells, where the study has them: title, file, and table."""
    if results.study.recipient is None:
        return []
    return [
        (AGREEMENT.shows, AGREEMENT, results.recipient_agreement),
        (FAMILIES.shows, FAMILIES, results.recipient_families),
        (DOSE.shows, DOSE, results.recipient_dose),
        (SHOWN_TARGETS.shows, SHOWN_TARGETS, results.recipient_shown),
        (RECIPIENT_FIT.shows, RECIPIENT_FIT, results.recipient_calls),
    ]


def _planned(results: StudyResults) -> list[tuple[str, Result, pd.DataFrame]]:
    """Return the sheets of the next experiment, where the study asks for it: title, file, and table."""
    if results.study.next_experiment is None:
        return []
    return [
        ("Next experiment", NEXT_EXPERIMENT, results.next_experiment),
        ("To settle", NEXT_EXPERIMENT_OPEN, results.next_experiment_open),
    ]


def _select(columns: Mapping[str, Column], names: Iterable[str]) -> dict[str, Column]:
    return {name: columns.get(name, UNKNOWN) for name in names}


def _question(name: str, contrast: Contrast) -> str:
    if contrast.per_unit:
        return f"{name}: {place(contrast, {}, {})}; up means more from {contrast.reference} to {contrast.level}"
    if contrast.interaction is not None:
        return f"{name}: {place(contrast, {}, {})}; up means a larger fold change in {contrast.interaction.level}"
    samples = ", ".join(within_subset(contrast))
    groups = f"{contrast.level} against {contrast.reference} ({contrast.variable})"
    return f"{name}: {groups}{f' in {samples}' if samples else ''}; up means higher in {contrast.level}"
