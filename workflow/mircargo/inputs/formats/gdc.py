"""`read_count` of one sample's file.

`*.isoforms.quantification.txt` names the mature miRNA by its accession (`miRNA_region`); its isoforms are summed, and
reads outside of mature miRNAs are left out, with a note. `*.mirnas.quantification.txt` has hairpins: the arm is not
known.
"""

import re

import numpy as np

from mircargo.inputs.cells import read_columns
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomirs
from mircargo.inputs.raw import NAMED_AFTER_FILE, RawTable, keep_rows

HAIRPINS = ["miRNA_ID", "read_count", "reads_per_million_miRNA_mapped", "cross-mapped"]
ISOFORMS = ["miRNA_ID", "isoform_coords", "read_count", "reads_per_million_miRNA_mapped", "cross-mapped"]
MATURE = re.compile(r"^mature,\s*(MIMAT\d{7})")
NOT_MATURE = "no mature miRNA"


def fits(grid: Grid) -> str | None:
    for columns in (HAIRPINS, [*ISOFORMS, "miRNA_region"]):
        if grid.header == columns:
            return f"columns {', '.join(columns)}"
    return None


def read(grid: Grid) -> RawTable:
    isoforms = "miRNA_region" in grid.header
    ids = grid.body[0].tolist()
    if isoforms:
        found = [MATURE.match(text) for text in grid.column("miRNA_region")]
        ids = [match.group(1) if match else NOT_MATURE for match in found]
    table = read_columns(grid, ids, grid.body.iloc[:, [grid.header.index("read_count")]], [grid.sample])
    table = table.noted(NAMED_AFTER_FILE, "left out: reads_per_million_miRNA_mapped, cross-mapped")
    if not isoforms:
        return table.noted("these are hairpins: the arm is unknown; mature counts need the isoform file of the sample")
    table = with_isomirs(table.noted(same_feature="sum"), grid.column("isoform_coords"), [""] * len(ids))
    mature = np.array([text != NOT_MATURE for text in table.ids])
    kept = keep_rows(table, mature, table.notes)
    if not mature.all():
        reads = int(table.counts.to_numpy().sum() - kept.counts.to_numpy().sum())
        kept = kept.noted(f"left out: {int((~mature).sum())} rows, {reads:,} reads outside of the mature miRNAs")
    return kept.noted(absent_is_zero=True)


FORMAT = Format(
    fits,
    read,
    program="GDC, TCGA",
    recognised="columns `miRNA_ID`, `read_count`, `reads_per_million_miRNA_mapped`, `cross-mapped`;"
    " with `isoform_coords`, `miRNA_region`",
    same_feature="hairpins: refused; isoforms: summed",
    absent="hairpins: asked for; isoforms: zero",
    example=Example("\t".join(HAIRPINS), "{id}\t{0}\t1.5\tN"),
)
