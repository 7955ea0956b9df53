"""`mature_sense.grouped` of one sample: `read count` is the count, and rows of one mature are the same reads again.

`mature_sense_SA.grouped`: `read count (SA)`, where reads are assigned once, and rows are parts.
`microRNAannotation.txt`: `readCount` of each isomiR.
"""

from mircargo.inputs.cells import read_columns
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomirs
from mircargo.inputs.raw import NAMED_AFTER_FILE, RawTable

GROUPED = ["name", "unique reads", "read count"]
SINGLE = "read count (SA)"
ISOMIRS = ["sequence", "matureName", "hairpinName", "isoLabel"]


def fits(grid: Grid) -> str | None:
    if grid.header[:2] == GROUPED[:2] and ("read count" in grid.header or SINGLE in grid.header):
        return f"columns {', '.join(grid.header[:3])}"
    if grid.header[:4] == ISOMIRS and "readCount" in grid.header:
        return f"columns {', '.join(ISOMIRS)}"
    return None


def read(grid: Grid) -> RawTable:
    count = next(name for name in ("readCount", "read count", SINGLE) if name in grid.header)
    isomirs = count == "readCount"
    ids = grid.column("matureName").str.replace("$", "|", regex=False) if isomirs else grid.body[0]
    table = read_columns(grid, ids, grid.body.iloc[:, [grid.header.index(count)]], [grid.sample])
    table = table.noted(
        NAMED_AFTER_FILE, "features without reads are left out by sRNAbench", same_feature="sum", absent_is_zero=True
    )
    if isomirs:
        note = "`readCount` is the count; left out: hairpinName, sequenceVariant and the reads per million"
        return with_isomirs(table.noted(note), grid.column("isoLabel"), grid.column("sequence"))
    table = table.noted(f"`{count}` is the count; left out: {', '.join(n for n in grid.header[1:] if n != count)}")
    if count == SINGLE:
        return table.noted("reads are assigned once: rows of one mature are parts")
    note = "rows of one mature (of several hairpins) are the same reads again: the maximum is taken"
    return table.noted(note, same_feature="maximum")


FORMAT = Format(
    fits,
    read,
    program="sRNAbench",
    recognised="columns `name`, `unique reads`, `read count`; or `sequence`, `matureName`, `hairpinName`, `isoLabel`",
    same_feature="maximum; isomiRs and single assignment: summed",
    absent="zero",
    example=Example(
        "name\tunique reads\tread count\tread count (mult. map. adj.)\tRPM (lib)\tcoordinateString",
        "{id}\t1\t{0}\t1.5\t2.5\thsa-mir-1#1#22",
    ),
)
