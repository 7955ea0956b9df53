"""The sample sheet: which sample is which."""

import unicodedata
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from mircargo.config.levels import as_levels
from mircargo.inputs.grid import read_grid
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal

_LOCATION: Final = ("column", "table")
"""Columns that say where the reads of a sample stand; rows of one sample may differ in these alone."""


class TableColumn(NamedTuple):
    """A column of a count table; `table` is its file's name or path, its number, or '' where the column tells it."""

    column: str
    table: str = ""


class Columns(str):
    """The columns of a sample as text, as people read it; `places` are the columns one by one."""

    places: tuple[TableColumn, ...]


def table_columns_of(columns: str) -> tuple[TableColumn, ...]:
    """Return the columns that are added up for a sample, from its cell in the column `column`."""
    return columns.places if isinstance(columns, Columns) else (TableColumn(columns),)


def read_sheet(path: str | Path) -> pd.DataFrame:
    """Read a sample sheet (tab, comma or semicolon; or .xlsx).

    Several rows of one sample are several columns of reads of one library (lanes, runs, technical replicates): they
    become one row, and `table_columns_of` its cell in `column` gives them all.

    Returns
    -------
    pandas.DataFrame
        Indexed by `sample`, every other column as text (accents composed, as in the configuration), missing values
        (empty or `NA`) as None. The column `column` holds the sample's name in the count table and is filled with
        `sample` where the sheet has none. A column of plain numbers has them without needless zeros (`7.0` is `7`);
        `007`, `1e5` and `+1` stay.

    Raises
    ------
    ProblemsFound
        Where there is no column `sample`; a table column or a heading stands twice; or rows of one sample name the
        same table column, or differ in anything else.
    """
    grid = read_grid(path, as_text=True)
    cells = {at: _texts(column) for at, column in grid.body.items()}
    for at, name in enumerate(grid.header):
        if name not in ("sample", *_LOCATION):  # names of samples are as the count table writes them
            cells[at] = [cell if cell is None else unicodedata.normalize("NFC", cell) for cell in cells[at]]
    sheet = pd.DataFrame(cells, dtype=object)
    sheet.columns = pd.Index([unicodedata.normalize("NFC", name) for name in grid.header])
    if "sample" not in grid.header:
        hint = did_you_mean("sample", grid.header) or "name the column that holds the samples' names `sample`"
        what = "the sample sheet has no column 'sample'"
        raise refusal("no_sample_column", what, str(path), f"columns {listing(grid.header)}", hint)
    repeated = sheet.columns[sheet.columns.duplicated()].unique()
    if len(repeated):
        what, hint = "columns of the same name", "rename one of them"
        raise refusal("repeated_columns", what, str(path), listing(repeated), hint)
    rows = pd.Series(grid.rows, index=sheet.index)
    if "column" not in sheet:
        sheet["column"] = sheet["sample"]
    sheet["column"] = sheet["column"].where(sheet["column"].notna(), sheet["sample"])
    unnamed = [f"{path}, row {row}" for row in rows[sheet["sample"].isna()]]
    hint = "fill in its name, or take the row out"
    problems = [Problem("unnamed_sample", "a sample without a name", where, "", hint) for where in unnamed]
    problems += _repeated(sheet, rows, str(path))
    if problems:
        raise ProblemsFound(problems)
    return _one_row_per_sample(sheet).set_index("sample")


def _repeated(sheet: pd.DataFrame, rows: pd.Series, path: str) -> list[Problem]:
    """List samples and columns that stand more than once where they may not."""
    problems = []
    places = sheet[[key for key in _LOCATION if key in sheet]].fillna("").apply(tuple, axis=1)
    for name, group in sheet[sheet["sample"].duplicated(keep=False)].groupby("sample", sort=False):
        where, samples = f"{path}, rows {listing(rows[group.index])}", (str(name),)
        if places[group.index].duplicated().any():
            hint = "each sample has one row; several, each with its own `column`, are added up as one library"
            what = "a sample is listed more than once"
            problems.append(Problem("repeated_sample", what, where, f"'{name}'", hint, samples=samples))
            continue
        for column in group.columns.drop(["sample", *_LOCATION], errors="ignore"):
            if group[column].nunique(dropna=False) > 1:
                cells = [f"{_shown(cell)} in row {rows[at]}" for at, cell in group[column].items()]
                what = f"rows of one sample differ in the column '{column}'"
                hint = (
                    "rows of one `sample` are one library and are added up: write the same in each of them, leave the"
                    " column out, or give different samples different names"
                )
                found = f"sample '{name}': {listing(cells, 4)}"
                problems.append(Problem("rows_of_sample_differ", what, where, found, hint, samples=samples))
    by_place = sheet[sheet["sample"].notna()].groupby(places, sort=False)
    alike = {name[0]: rows[group.index] for name, group in by_place if group["sample"].nunique() > 1}
    if alike:
        what, found = "two samples name the same table column", listing(f"'{name}'" for name in alike)
        where = f"{path}, rows {listing(next(iter(alike.values())))}" + (" and more" if len(alike) > 1 else "")
        hint = "each sample has a column of its own; where tables have the same columns, say which one under `table`"
        problems.append(Problem("column_of_two_samples", what, where, found, hint))
    return problems


def _one_row_per_sample(sheet: pd.DataFrame) -> pd.DataFrame:
    """Put the rows of each sample together; those of a sheet without repeated samples stay as they are."""
    if "table" not in sheet and not sheet["sample"].duplicated().any():
        return sheet
    kept = sheet.drop_duplicates("sample").set_index("sample", drop=False)
    for name, group in sheet.groupby("sample", sort=False):
        tables = group["table"].fillna("") if "table" in group else [""] * len(group)
        columns = Columns(" + ".join(dict.fromkeys(group["column"])))
        columns.places = tuple(map(TableColumn, group["column"], tables))
        kept.at[name, "column"] = columns
        if "table" in sheet:
            kept.at[name, "table"] = " + ".join(dict.fromkeys(group["table"].dropna())) or None
    return kept


def _shown(cell: object) -> str:
    return "nothing" if cell is None else f"'{cell}'"


def _texts(column: pd.Series) -> list[str | None]:
    """Return the cells of a column, stripped; numbers as they are written in the configuration."""
    texts = [None if cell != cell else str(cell) for cell in column]
    return as_levels(texts, numbers=column.name != 0)
