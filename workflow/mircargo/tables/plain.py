"""A plain matrix: features in rows, their names in the first column, a column a sample."""

from mircargo.problems import Problem, ProblemsFound
from mircargo.tables.grid import Grid
from mircargo.tables.raw import RawTable, to_counts


def fits(grid: Grid) -> str:
    return "names in the first column and counts in the others"


def read(grid: Grid) -> RawTable:
    """Read a plain matrix; see `tables.raw` for what is refused."""
    if len(grid.header) < 2:
        raise ProblemsFound(
            Problem(
                "this table has a single column",
                grid.path,
                f"header '{grid.header[0]}'",
                "separate the columns by tab, comma or semicolon",
            )
        )
    rows = list(range(grid.first_row, grid.first_row + len(grid.body)))
    ids = grid.body[0].str.strip().tolist()
    unnamed = [row for row, name in zip(rows, ids, strict=True) if not name]
    if unnamed:
        raise ProblemsFound(
            Problem("a row without a name", f"{grid.path}, row {unnamed[0]}", "", "name it or take it out")
        )
    counts = to_counts(grid.body.iloc[:, 1:], grid.header[1:], grid.path, [f"row {row}" for row in rows])
    return RawTable(grid.path, "plain", ids, rows, counts, "refuse")
