"""A plain matrix: features in rows (or in columns), their names in the first column, a column a sample."""

from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.inputs.cells import TOTAL, is_text, read_matrix, share_of_mirnas
from mircargo.inputs.formats.nfcore_smrnaseq import turned
from mircargo.inputs.grid import Grid
from mircargo.inputs.layout import PLACES, with_names_first
from mircargo.inputs.raw import RawTable
from mircargo.problems import refusal


def fits(grid: Grid) -> str:
    if _in_columns(grid):
        return "features in the columns and samples in the rows"
    return "a column of names and columns of counts"


def read(grid: Grid) -> RawTable:
    """Read a plain matrix; see `tables.raw` for what is refused."""
    if len(grid.header) < 2:
        what = "this table has a single column"
        found = f"header '{grid.header[0]}'"
        raise refusal("single_column", what, grid.path, found, "separate the columns by tab, comma or semicolon")
    if grid.header[0] == "Status" and grid.body[0].iloc[0] == "Assigned":
        hint = "give the table of the same name without `.summary`"
        what = "this is featureCounts' summary of what was assigned, not its counts"
        raise refusal("summary_and_no_counts", what, grid.path, "a first column 'Status'", hint)
    if _in_columns(grid):
        return turned(grid, "plain", [])
    grid, index, moved = with_names_first(grid)
    ids = grid.body[0].astype(str).str.strip()
    at, ids, notes = _annotation(grid, ids, index)
    samples = [grid.header[i] for i in at]
    table = read_matrix(grid, "plain", ids.tolist(), grid.body.iloc[:, at], samples)
    return _without_total_columns(replace(table, notes=[*moved, *notes, *table.notes]))


def _in_columns(grid: Grid) -> bool:
    return share_of_mirnas(grid.header[1:]) > 0.5 and share_of_mirnas(grid.body[0].tolist()) < 0.5


def _annotation(grid: Grid, ids: pd.Series, index: set[str]) -> tuple[list[int], pd.Series, list[str]]:
    """Find the columns of text, which are left out; accessions among them are put to the names."""
    at, left_out, notes = [], [], []
    for i in range(1, len(grid.header)):
        texts = grid.body.iloc[:, i]
        if grid.header[i] in grid.how.leave_out:
            at.append(i)
            continue
        if grid.header[i].lower() in PLACES or grid.header[i] in index:
            left_out.append(f"'{grid.header[i]}'" if grid.header[i] else "one without a name")
            continue
        if not is_text(texts):
            at.append(i)
        elif texts.str.strip().str.fullmatch(r"MIMAT\d{7}").all():
            with_name = ids + "_" + texts.str.strip()
            ids = ids.where([own in name for own, name in zip(texts.str.strip(), ids, strict=True)], with_name)
            notes.append(f"column '{grid.header[i]}' holds accessions: they say which miRNA a row is")
        else:
            left_out.append(f"'{grid.header[i]}'" if grid.header[i] else "one without a name")
    if not at:
        raise refusal(
            "no_column_of_counts", "this table has no column of counts", grid.path, f"columns {grid.header[:8]}"
        )
    if left_out:
        notes.append(f"left out: columns about the features, {', '.join(left_out)}")
    return at, ids, notes


def _without_total_columns(table: RawTable) -> RawTable:
    """Leave out columns that are named as totals and are the sums of the others."""
    names = list(table.counts.columns)
    total = np.array([bool(TOTAL.match(name)) for name in names])
    if not total.any() or total.all() or len(names) < 3:
        return table
    sums = table.counts.loc[:, ~total].sum(axis=1).to_numpy()
    drop = [name for name in table.counts.columns[total] if (table.counts[name].to_numpy() == sums).all()]
    notes = [f"left out: column '{name}', the sum of the others" for name in drop]
    return replace(table, counts=table.counts.drop(columns=drop), notes=[*table.notes, *notes])
