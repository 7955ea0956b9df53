"""Reading count tables: one module a format, and a registry that recognises them by their content."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

from mircargo.problems import Problem, ProblemsFound
from mircargo.tables import featurecounts, nfcore_smrnaseq, plain
from mircargo.tables.grid import read_grid
from mircargo.tables.raw import RawTable

# Special formats first: a plain matrix is what is left.
FORMATS: dict[str, ModuleType] = {
    "nfcore_smrnaseq": nfcore_smrnaseq,
    "featurecounts": featurecounts,
    "plain": plain,
}


def read_table(path: str | Path, format: str = "auto") -> RawTable:  # noqa: A002 - the configuration's key
    """Read one count table.

    Parameters
    ----------
    path
        A text table (perhaps gzipped) or an .xlsx.
    format
        A name of `FORMATS`, or ``auto`` to find out.

    Returns
    -------
    RawTable
        Its first note says which format was taken and why.

    Raises
    ------
    ProblemsFound
        Where the file cannot be read, is not of the format, or does not hold raw counts.
    """
    grid = read_grid(path)
    name = format if format != "auto" else next(name for name, module in FORMATS.items() if module.fits(grid))
    reason = FORMATS[name].fits(grid)
    if not reason:
        what = f"this is not a table of the format '{name}'"
        raise ProblemsFound(Problem(what, str(path), f"header {grid.header[:6]}", "try `format: auto`"))
    table: RawTable = FORMATS[name].read(grid)
    return replace(table, notes=[f"read as {name}: {reason}", *table.notes])
