"""bcbio's `counts_mirna.tsv`: sums of isomers, features in rows, under a first column `mirna`."""

from mircargo.inputs.cells import read_matrix, share_of_mirnas
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable


def fits(grid: Grid) -> str | None:
    return f"{separated(grid)}a first column 'mirna'" if in_rows(grid, "mirna") else None


def separated(grid: Grid) -> str:
    """Say what separates the cells, which a workbook has nothing of."""
    return "" if grid.from_workbook else "tab separated, "


def read(grid: Grid) -> RawTable:
    """Read the table; see `tables.raw` for what is refused."""
    return read_rows(grid, "bcbio")


def in_rows(grid: Grid, first: str) -> bool:
    if grid.delimiter != "\t" or grid.header[0] != first or len(grid.header) < 2:
        return False
    numeric = all(kind.kind in "if" for kind in grid.body.dtypes.iloc[1:])
    return numeric and share_of_mirnas(grid.body[0].tolist()) > 0.5


def read_rows(grid: Grid, name: str) -> RawTable:
    return read_matrix(grid, name, grid.body[0].tolist(), grid.body.iloc[:, 1:], grid.header[1:])
