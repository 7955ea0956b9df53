"""The merged `exceRpt_miRNA_ReadCounts.txt`: all columns but the first are counts.

Of a sample's `readCounts_miRNAmature_sense.txt`, which lists only what was detected, `multimapAdjustedReadCount` is
the count. Reads that fit several features are shared out, so counts are fractions. Features that no read tells apart
are one row (`a|b`) and stay one feature.
"""

from mircargo.inputs.cells import (
    biotypes_by_name,
    has_fractions,
    mostly_integers,
    read_columns,
    read_whole,
    share_of_mirnas,
    shares_reads,
)
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import NAMED_AFTER_FILE, RawTable

SAMPLE = ["ReferenceID", "uniqueReadCount", "totalReadCount", "multimapAdjustedReadCount"]
BIOTYPES = {"mirna": "miRNA", "trna": "tRNA", "pirna": "piRNA", "yrna": "Y_RNA"}


def fits(grid: Grid) -> str | None:
    if grid.header[:4] == SAMPLE:
        return f"columns {', '.join(SAMPLE)}"
    ids = grid.body[0].tolist()
    body = grid.body.iloc[:, 1:]
    joined = grid.header[0] == "" and share_of_mirnas(ids) > 0.5 and any("|" in text for text in ids)
    if joined and (not has_fractions(body) or mostly_integers(body)):
        return "no name of the first column, and ids joined by '|'"
    return None


def read(grid: Grid) -> RawTable:
    if grid.header[:4] != SAMPLE:
        table = read_whole(grid, shares_reads(grid.body.iloc[:, 1:]))
        joined = sum("|" in text for text in table.ids)
        return table.noted(f"{joined} rows are features that no read tells apart (ids with '|'): one feature each")
    body = grid.body.iloc[:, [3]]
    may_be_shares = len(body) < 20 or not has_fractions(body) or mostly_integers(body)
    table = read_columns(grid, grid.body[0], body, [grid.sample], may_be_shares)
    return table.noted(
        "multimapAdjustedReadCount is the count; left out: " + ", ".join([*SAMPLE[1:3], *grid.header[4:]]),
        NAMED_AFTER_FILE,
        "features without reads are left out by exceRpt",
        same_feature="sum",
        absent_is_zero=True,
        biotypes=biotypes_by_name(grid, table.ids, BIOTYPES),
    )


FORMAT = Format(
    fits,
    read,
    program="exceRpt",
    recognised="no name of the first column, ids joined by `|`; or columns `ReferenceID`, `uniqueReadCount`,"
    " `totalReadCount`, `multimapAdjustedReadCount`",
    same_feature="merged: refused; a sample's: summed",
    absent="merged: asked for; a sample's: zero",
    example=Example("\ts_a\ts_b\ts_c", "{id}|hsa-miR-1\t{0}\t{1}\t{2}", id="{id}|hsa-miR-1"),
)
