"""isomiR-SEA's `tagMir-all.gff` of a sample: `TI=6;TS=…;TC=11;MIN=hsa-let-7a-5p MIMAT0000062 …`, `TC` the count."""

from dataclasses import replace

from mircargo.inputs.gff import attributes_of, read_isomers
from mircargo.inputs.grid import GFF, Grid
from mircargo.inputs.raw import RawTable

KEYS = ("MIN", "TC", "ISO", "TS")


def fits(grid: Grid) -> str | None:
    if grid.header == GFF and {"TC", "MIN", "TS"} <= set(attributes_of(str(grid.body[8].iloc[0]))):
        return "nine columns of GFF with TS, TC and MIN"
    return None


def read(grid: Grid) -> RawTable:
    """Read the isomers; see `tables.gff` for what is refused."""
    table = read_isomers(grid, "isomir_sea", KEYS, [grid.sample])
    return replace(table, notes=["`TC` is the count; its one sample is named after the file", *table.notes])
