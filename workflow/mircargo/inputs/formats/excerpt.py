"""exceRpt: its merged `exceRpt_miRNA_ReadCounts.txt`, and a sample's `readCounts_miRNAmature_sense.txt`.

Reads that fit several features are shared out, so counts have fractions; features that no read tells apart are
one row, joined by `|`. The file of a sample lists only what was detected.
"""

from dataclasses import replace

from mircargo.inputs.cells import (
    has_fractions,
    mostly_integers,
    read_columns,
    read_matrix,
    share_of_mirnas,
    shares_reads,
)
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.vocabulary import Biotype

SAMPLE = ["ReferenceID", "uniqueReadCount", "totalReadCount", "multimapAdjustedReadCount"]
KINDS = {"mirna": Biotype.MIRNA, "trna": Biotype.TRNA, "pirna": Biotype.PIRNA, "yrna": Biotype.Y_RNA}


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
    """Read the table; of a sample's file the multimap-adjusted counts are taken."""
    if grid.header[:4] == SAMPLE:
        body = grid.body.iloc[:, [3]]
        may_be_shares = len(body) < 20 or not has_fractions(body) or mostly_integers(body)
        table = read_columns(grid, "excerpt", grid.body[0], body, [grid.sample], may_be_shares)
        notes = [
            "multimapAdjustedReadCount is the count; left out: " + ", ".join([*SAMPLE[1:3], *grid.header[4:]]),
            "its one sample is named after the file",
            "features without reads are left out by exceRpt",
        ]
        kind = next((KINDS[key] for key in KINDS if key in grid.sample.lower()), Biotype.MIRNA)
        kinds = [kind] * len(table.ids) if kind != Biotype.MIRNA else None
        return replace(table, same_feature="sum", notes=[*table.notes, *notes], absent_is_zero=True, biotypes=kinds)
    body = grid.body.iloc[:, 1:]
    shares = shares_reads(body)
    table = read_matrix(grid, "excerpt", grid.body[0].tolist(), body, grid.header[1:], shares)
    joined = sum("|" in text for text in table.ids)
    notes = [f"{joined} rows are features that no read tells apart (ids with '|'): one feature each"]
    return replace(table, notes=[*table.notes, *notes])
