"""Tables of `mirtop counts`: counts are the columns that are not about the isomiR.

mirtop 0.4.30 writes several samples as one quoted cell with tabs in it, in the header as in the rows: it is split.
The columns of `--add-extra` are left out; `Variant` says the same.
"""

from dataclasses import replace

import pandas as pd

from mircargo.inputs.cells import read_columns
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomirs
from mircargo.inputs.numbers import numbers_or_texts
from mircargo.inputs.raw import RawTable
from mircargo.problems import refusal

DESCRIBING = {"UID", "Read", "miRNA", "Variant"}
EXTRA = ("iso_5p", "iso_3p", "iso_add3p", "iso_add5p", "iso_snp", "iso_snv")


def fits(grid: Grid) -> str | None:
    if grid.header[0] == "UID" and set(grid.header) >= {"miRNA", "Variant"}:
        return "columns UID, miRNA, Variant"
    return None


def read(grid: Grid) -> RawTable:
    grid, quoted = _split(grid)
    at = [i for i, name in enumerate(grid.header) if name not in DESCRIBING and not name.startswith(EXTRA)]
    table = read_columns(grid, grid.column("miRNA"), grid.body.iloc[:, at], [grid.header[i] for i in at])
    extra = [name for name in grid.header if name.startswith(EXTRA)]
    notes = [f"left out: {', '.join(extra)}"] if extra else []
    if quoted:
        notes.append("samples stand in one quoted cell, as mirtop 0.4.30 writes them: they are taken apart")
    sequences = grid.column("Read" if "Read" in grid.header else "UID")
    table = table.noted(*notes, same_feature="sum", absent_is_zero=True)
    return with_isomirs(table, grid.column("Variant"), sequences)


def _split(grid: Grid) -> tuple[Grid, bool]:
    """Split the quoted cell of the samples, where there is one."""
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
    samples = pd.DataFrame(cells).apply(numbers_or_texts)
    body = pd.concat([grid.body.iloc[:, :-1], samples], axis=1)
    return replace(grid, header=[*grid.header[:-1], *names], body=body.set_axis(range(body.shape[1]), axis=1)), True


FORMAT = Format(
    fits,
    read,
    program="`mirtop counts`",
    recognised="columns `UID`, `miRNA`, `Variant`",
    same_feature="summed",
    absent="zero",
    example=Example("UID\tmiRNA\tVariant\ts_a\ts_b\ts_c\t", "u{i}\t{id}\tiso_snp\t{0}\t{1}\t{2}\t"),
)
