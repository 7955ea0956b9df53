"""GDC/TCGA: `*.mirnas.quantification.txt` (hairpins) and `*.isoforms.quantification.txt` (reads by position)."""

import re
from dataclasses import replace

import numpy as np

from mircargo.inputs.cells import keep_rows, read_columns
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomers
from mircargo.inputs.raw import RawTable

HAIRPINS = ["miRNA_ID", "read_count", "reads_per_million_miRNA_mapped", "cross-mapped"]
ISOFORMS = ["miRNA_ID", "isoform_coords", "read_count", "reads_per_million_miRNA_mapped", "cross-mapped"]
MATURE = re.compile(r"^mature,\s*(MIMAT\d{7})")


def fits(grid: Grid) -> str | None:
    for columns in (HAIRPINS, [*ISOFORMS, "miRNA_region"]):
        if grid.header == columns:
            return f"columns {', '.join(columns)}"
    return None


def read(grid: Grid) -> RawTable:
    """Read the file; isoforms of one mature (its accession stands in `miRNA_region`) are parts of it."""
    body = grid.body.iloc[:, [grid.header.index("read_count")]]
    left_out = "left out: reads_per_million_miRNA_mapped, cross-mapped"
    notes = ["its one sample is named after the file", left_out]
    if "miRNA_region" not in grid.header:
        table = read_columns(grid, "gdc", grid.body[0], body, [grid.sample])
        notes.append("these are hairpins: the arm is unknown; mature counts need the isoform file of the sample")
        return replace(table, notes=notes)
    found = [MATURE.match(text) for text in grid.column("miRNA_region")]
    ids = [match.group(1) if match else "no mature miRNA" for match in found]
    table = read_columns(grid, "gdc", ids, body, [grid.sample])
    table = replace(table, same_feature="sum", notes=notes)
    table = with_isomers(table, grid.column("isoform_coords"), [""] * len(ids))
    mature = np.array([text != "no mature miRNA" for text in table.ids])
    kept = keep_rows(table, mature, table.notes)
    if not mature.all():
        reads = int(table.counts.to_numpy().sum() - kept.counts.to_numpy().sum())
        kept.notes.append(f"left out: {int((~mature).sum())} rows, {reads:,} reads outside of the mature miRNAs")
    return replace(kept, absent_is_zero=True)
