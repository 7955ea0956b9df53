"""`mature_counts.csv` and `hairpin_counts.csv`: samples stand in rows, and the ledger's `row` then counts columns.

Ids of version 1 (`mmu-miR-21a-5p_MIMAT0000530_Mus_musculus_miR-21a-5p`) are understood. Features without a read are
left out by the pipeline. `mirna.tsv`, sums of mirtop's isomiRs, has features in rows. Tables of counts per million
are refused.
"""

import re

from mircargo.inputs.cells import read_whole, share_of_mirnas, tab_separated_mirnas
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.inputs.sample_rows import read_sample_rows

FEATURE = re.compile(r"^[a-z]{3,4}[-.].*_MI(MAT)?\d{7}")
SAMPLE = re.compile(r"[._](mature|hairpin)$")


def fits(grid: Grid) -> str | None:
    names = grid.header[1:]
    if not names:
        return None
    if in_rows := tab_separated_mirnas(grid, "miRNA"):
        return f"{in_rows} as in the pipeline's mirna.tsv; a table of another program is read alike"
    found = sum(bool(FEATURE.match(name)) for name in names)
    if found > 0.9 * len(names):
        return f"{found} column names such as '{names[0]}'"
    if share_of_mirnas(names) > 0.9 and all(SAMPLE.search(str(text)) for text in grid.body[0]):
        return f"miRNAs in columns, and samples in rows such as '{grid.body[0].iloc[0]}'"
    return None


def read(grid: Grid) -> RawTable:
    if tab_separated_mirnas(grid, "miRNA"):
        return read_whole(grid)
    table = read_sample_rows(grid, ["features without reads are left out by nf-core"])
    return table.noted(absent_is_zero=True)


FORMAT = Format(
    fits,
    read,
    program="nf-core/smrnaseq",
    recognised="miRNAs in columns and samples in rows that end in `.mature` or `_mature`; ids with accession;"
    " a first column `miRNA`",
    same_feature="refused",
    absent="zero; with a first column `miRNA`: asked for",
    example=Example("miRNA\ts_a\ts_b\ts_c", "{id}\t{0}\t{1}\t{2}"),
    order=-1,  # its mirna.tsv may have ids as Chimira's
)
