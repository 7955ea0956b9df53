"""`tagMir-all.gff` of one sample: `TC` is the count, `MIN` the name with its accession.

Lines that did not pass the filter are left out, with a note.
"""

from mircargo.inputs.format import Example, Format
from mircargo.inputs.gff import attributes_of, read_isomirs
from mircargo.inputs.grid import Grid
from mircargo.inputs.header import GFF
from mircargo.inputs.raw import RawTable


def fits(grid: Grid) -> str | None:
    if grid.header == GFF and {"TC", "MIN", "TS"} <= set(attributes_of(str(grid.body[8].iloc[0]))):
        return "nine columns of GFF with TS, TC and MIN"
    return None


def read(grid: Grid) -> RawTable:
    note = "`TC` is the count; its one sample is named after the file"
    return read_isomirs(grid, ("MIN", "TC", "ISO", "TS"), [grid.sample], note)


FORMAT = Format(
    fits,
    read,
    program="isomiR-SEA",
    recognised="nine columns of GFF with `TS`, `TC`, `MIN`",
    same_feature="summed",
    absent="zero",
    example=Example(
        "##gff-version 3",
        "chr1\tmiRBase21\tisomiR\t1\t22\t19\t+\t.\tTS=ACGU{i};TC={0};MIN={id} MIMAT000006{i} x;ISO=T;FILTER=Pass",
    ),
)
