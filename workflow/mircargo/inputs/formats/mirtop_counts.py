"""Tables of `mirtop counts`: one row an isomer, with one sample, with several, and with `--add-extra`.

mirtop 0.4.30 writes several samples as one quoted cell with tabs in it, in the header as in the rows.
"""

from dataclasses import replace

import pandas as pd

from mircargo.inputs.cells import read_columns
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomers
from mircargo.inputs.raw import RawTable
from mircargo.problems import refusal

ABOUT = {"UID", "Read", "miRNA", "Variant"}
KINDS = ("iso_5p", "iso_3p", "iso_add3p", "iso_add5p", "iso_snp", "iso_snv")


def fits(grid: Grid) -> str | None:
    if grid.header[0] == "UID" and set(grid.header) >= {"miRNA", "Variant"}:
        return "columns UID, miRNA, Variant"
    return None


def read(grid: Grid) -> RawTable:
    """Read the isomers; columns about the variant are left out, `Variant` says the same."""
    grid, quoted = _split(grid)
    about = [name for name in grid.header if name in ABOUT or name.startswith(KINDS)]
    at = [i for i, name in enumerate(grid.header) if name not in about]
    table = read_columns(
        grid, "mirtop_counts", grid.column("miRNA"), grid.body.iloc[:, at], [grid.header[i] for i in at]
    )
    notes = [f"left out: {', '.join(name for name in about if name not in ABOUT)}"] if set(about) - ABOUT else []
    if quoted:
        notes.append("samples stand in one quoted cell, as mirtop 0.4.30 writes them: they are taken apart")
    sequences = grid.column("Read" if "Read" in grid.header else "UID")
    table = replace(table, same_feature="sum", notes=notes, absent_is_zero=True)
    return with_isomers(table, grid.column("Variant"), sequences)


def _split(grid: Grid) -> tuple[Grid, bool]:
    """Take the quoted cell of the samples apart."""
    names = grid.header[-1].split("\t")
    if len(names) == 1:
        return grid, False
    cells = [str(text).split("\t") for text in grid.body.iloc[:, -1]]
    for where, row in zip(grid.where, cells, strict=True):
        if len(row) != len(names):
            found = f"{len(row)} counts for {len(names)} samples"
            raise refusal(
                "short_sample_cell", "the quoted cell of the samples is short", f"{grid.path}, {where}", found
            )
    samples = pd.DataFrame(cells).apply(_numbers)
    body = pd.concat([grid.body.iloc[:, :-1], samples], axis=1)
    return replace(grid, header=[*grid.header[:-1], *names], body=body.set_axis(range(body.shape[1]), axis=1)), True


def _numbers(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    return column if numbers.isna().any() else numbers
