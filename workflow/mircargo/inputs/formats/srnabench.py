"""sRNAbench: `mature_sense.grouped` (a row a mature and hairpin) and `microRNAannotation.txt` (a row an isomer)."""

from dataclasses import replace

from mircargo.inputs.cells import read_columns
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomers
from mircargo.inputs.raw import RawTable

GROUPED = ["name", "unique reads", "read count"]
SINGLE = "read count (SA)"
ISOMERS = ["sequence", "matureName", "hairpinName", "isoLabel"]


def fits(grid: Grid) -> str | None:
    if grid.header[:2] == GROUPED[:2] and ("read count" in grid.header or SINGLE in grid.header):
        return f"columns {', '.join(grid.header[:3])}"
    if grid.header[:4] == ISOMERS and "readCount" in grid.header:
        return f"columns {', '.join(ISOMERS)}"
    return None


def read(grid: Grid) -> RawTable:
    """Read the file of a sample; the sample is named after it."""
    notes = ["its one sample is named after the file", "features without reads are left out by sRNAbench"]
    count = next(name for name in ("readCount", "read count", SINGLE) if name in grid.header)
    body = grid.body.iloc[:, [grid.header.index(count)]]
    if count != "readCount":
        left_out = [name for name in grid.header[1:] if name != count]
        table = read_columns(grid, "srnabench", grid.body[0], body, [grid.sample])
        notes += [f"`{count}` is the count; left out: {', '.join(left_out)}"]
        if count == SINGLE:
            notes.append("reads are assigned once: rows of one mature are parts")
            return replace(table, same_feature="sum", notes=notes, absent_is_zero=True)
        notes.append("rows of one mature (of several hairpins) are the same reads again: the maximum is taken")
        return replace(table, same_feature="maximum", notes=notes, absent_is_zero=True)
    ids = grid.column("matureName").str.replace("$", "|", regex=False)
    table = read_columns(grid, "srnabench", ids, body, [grid.sample])
    notes.append("`readCount` is the count; left out: hairpinName, sequenceVariant and the reads per million")
    table = replace(table, same_feature="sum", notes=notes, absent_is_zero=True)
    return with_isomers(table, grid.column("isoLabel"), grid.column("sequence"))
