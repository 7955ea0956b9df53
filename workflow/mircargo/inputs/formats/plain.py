"""Any other matrix, features in rows or in columns.

Names are in the first column, or in the one whose cells are names of miRNAs: mature names before hairpins. Every
column of numbers is a sample, except locations (`chr`, `start`, `score`, ...) and row numbers; columns of text are
left out, with a note. A column of accessions says which miRNA a row is.

Where columns come in pairs (`x_count` and `x_RPM`, `x-UMIs` and `x-READs`), counts are taken, UMIs before reads, and
the others left out; so are the columns that DESeq2, edgeR and limma write of a test. Long tables, with a row for each
miRNA of each sample, are made wide. QuickMIRSeq's tables are read as this.
"""

from dataclasses import replace

import pandas as pd

from mircargo.inputs.cells import is_text, read_matrix, share_of_mirnas
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.layout import LOCATION_COLUMNS, with_names_first
from mircargo.inputs.raw import RawTable
from mircargo.inputs.sample_rows import read_sample_rows
from mircargo.problems import ProblemsFound, listing, refusal


def fits(grid: Grid) -> str:
    if _in_columns(grid):
        return "features in the columns and samples in the rows"
    return "a column of names and columns of counts"


def read(grid: Grid) -> RawTable:
    if len(grid.header) < 2:
        what, hint = "this table has a single column", "separate the columns by tab, comma or semicolon"
        raise refusal("single_column", what, grid.path, f"header '{grid.header[0]}'", hint)
    if grid.header[0] == "Status" and grid.body[0].iloc[0] == "Assigned":
        hint = "give the table of the same name without `.summary`"
        what = "this is featureCounts' summary of what was assigned, not its counts"
        raise refusal("summary_and_no_counts", what, grid.path, "a first column 'Status'", hint)
    if _in_columns(grid):
        return read_sample_rows(grid, [])
    grid, row_numbers, moved = with_names_first(grid)
    ids = grid.body[0].astype(str).str.strip()
    at, ids, notes = _annotation(grid, ids, row_numbers)
    table = read_matrix(grid, ids.tolist(), grid.body.iloc[:, at], [grid.header[i] for i in at])
    return replace(table, notes=[*moved, *notes, *table.notes])


def _in_columns(grid: Grid) -> bool:
    return share_of_mirnas(grid.header[1:]) > 0.5 and share_of_mirnas(grid.body[0].tolist()) < 0.5


def _annotation(grid: Grid, ids: pd.Series, row_numbers: set[str]) -> tuple[list[int], pd.Series, list[str]]:
    """Find the columns of text, which are left out; accessions among them are put to the names."""
    at, left_out, notes = [], [], []
    for i in range(1, len(grid.header)):
        name, texts = grid.header[i], grid.body.iloc[:, i]
        beside = name.lower() in LOCATION_COLUMNS or name in row_numbers
        if name in grid.options.leave_out or not (beside or is_text(texts)):
            at.append(i)
        elif not beside and texts.str.strip().str.fullmatch(r"MIMAT\d{7}").all():
            with_name = ids + "_" + texts.str.strip()
            ids = ids.where([own in text for own, text in zip(texts.str.strip(), ids, strict=True)], with_name)
            notes.append(f"column '{name}' holds accessions: they say which miRNA a row is")
        else:
            left_out.append(f"'{name}'" if name else "one without a name")
    if not at:
        raise _no_column_of_counts(grid)
    if left_out:
        notes.append(f"left out: columns about the features, {', '.join(left_out)}")
    return at, ids, notes


def _no_column_of_counts(grid: Grid) -> ProblemsFound:
    what, found = "this table has no column of counts", f"columns {listing(grid.header)}"
    for name, texts in zip(grid.header[1:], grid.body.iloc[:, 1:].items(), strict=True):
        cells = texts[1].astype(str).str.strip()
        if cells.str.fullmatch(r"[\d.,]+\s*%").all():
            what = f"{what}: its cells are percentages"
            found = f"'{cells.iloc[0]}' in column '{name}'"
            break
    hint = "give the table of raw counts: one integer for each feature and sample"
    return refusal("no_column_of_counts", what, grid.path, found, hint)


FORMAT = Format(
    fits,
    read,
    program="anything else",
    recognised="what is left: names in the first column, or in the first row",
    same_feature="refused",
    absent="asked for",
    example=Example("feature\ts_a\ts_b\ts_c", "{id}\t{0}\t{1}\t{2}"),
    order=2,
)
