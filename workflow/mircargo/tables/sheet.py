"""The sample sheet: who is who."""

import re
from pathlib import Path
from typing import Final

import pandas as pd

from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing
from mircargo.tables.grid import read_grid

_AS_NUMBERS_ARE_WRITTEN: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")


def read_sheet(path: str | Path) -> pd.DataFrame:
    """Read a sample sheet (tab, comma or semicolon; or .xlsx).

    Returns
    -------
    pandas.DataFrame
        Indexed by `sample`, every other column as text, missing values (empty or `NA`) as None. The column
        `column` holds the sample's name in the count table and is filled with `sample` where the sheet has none.
        A column of plain numbers has them without needless zeros (`7.0` is `7`); `007`, `1e5` and `+1` stay.

    Raises
    ------
    ProblemsFound
        Where there is no column `sample`, or a sample, a table column or a heading stands twice.
    """
    grid = read_grid(path, as_text=True)
    sheet = pd.DataFrame({name: _texts(column) for name, column in grid.body.items()}, dtype=object)
    sheet.columns = pd.Index(grid.header)
    problems = []
    if "sample" not in grid.header:
        hint = did_you_mean("sample", grid.header) or "name the column that holds the samples' names `sample`"
        raise ProblemsFound(
            Problem("the sample sheet has no column 'sample'", str(path), f"columns {listing(grid.header)}", hint)
        )
    repeated = sheet.columns[sheet.columns.duplicated()].unique()
    if len(repeated):
        raise ProblemsFound(Problem("columns of the same name", str(path), listing(repeated), "rename one of them"))
    rows = pd.Series(grid.rows, index=sheet.index)
    if "column" not in sheet:
        sheet["column"] = sheet["sample"]
    sheet["column"] = sheet["column"].where(sheet["column"].notna(), sheet["sample"])
    for row in rows[sheet["sample"].isna()]:
        problems.append(Problem("a sample without a name", f"{path}, row {row}"))
    for key in ("sample", "column"):
        for name, group in sheet[sheet[key].notna()].groupby(key, sort=False):
            if len(group) > 1 and not (key == "column" and group["sample"].nunique() == 1):
                what = "a sample stands more than once" if key == "sample" else "two samples name the same table column"
                where = f"{path}, rows {listing(rows[group.index])}"
                problems.append(Problem(what, where, f"'{name}'", "each sample has one row and one column"))
    if problems:
        raise ProblemsFound(problems)
    return sheet.set_index("sample")


def _texts(column: pd.Series) -> list[str | None]:
    """Return the cells of a column, stripped; numbers as they are written in the configuration."""
    cells = ["" if cell != cell else str(cell).strip() for cell in column]
    if column.name != 0 and all(map(_AS_NUMBERS_ARE_WRITTEN.fullmatch, cells)):
        cells = [cell.rstrip("0").rstrip(".") if "." in cell else cell for cell in cells]
    return [None if cell in ("", "NA") else cell for cell in cells]
