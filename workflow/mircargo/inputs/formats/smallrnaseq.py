"""smallrnaseq's `mirbase_mature_counts.csv`: counts and normalised columns, `total_reads`; an empty cell is a zero."""

from dataclasses import replace

import pandas as pd

from mircargo.inputs.cells import read_columns
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable


def fits(grid: Grid) -> str | None:
    normalised = [name for name in grid.header if name.endswith(" norm")]
    if grid.header[0] == "name" and normalised and all(name[:-5] in grid.header for name in normalised):
        return f"a first column 'name' and {len(normalised)} columns '… norm' beside their counts"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table; only the columns that have a normalised one beside them are samples."""
    at = [i for i, name in enumerate(grid.header) if f"{name} norm" in grid.header]
    left_out = [name for i, name in enumerate(grid.header) if i not in at and i > 0]
    body = grid.body.iloc[:, at]
    empty = int((body.astype(object) == "").to_numpy().sum())
    if empty:
        body = body.apply(_filled)
    table = read_columns(grid, "smallrnaseq", grid.body[0], body, [grid.header[i] for i in at])
    notes = [f"left out: {', '.join(left_out)}"]
    if empty:
        notes.append(f"{empty} empty cells are zeros")
    return replace(table, notes=notes, absent_is_zero=True)


def _filled(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column
    column = column.where(column != "", "0")
    numbers = pd.to_numeric(column, errors="coerce")
    return column if numbers.isna().any() else numbers
