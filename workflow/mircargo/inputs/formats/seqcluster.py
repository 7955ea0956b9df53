"""`counts.tsv`: a row is a cluster of reads and holds both arms of a hairpin, so these are no counts of mature miRNAs.

The table is refused; the same run of bcbio has `counts_mirna.tsv`.
"""

from mircargo.inputs.format import Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.problems import refusal


def fits(grid: Grid) -> str | None:
    return "columns id, nloci, ann" if grid.header[:3] == ["id", "nloci", "ann"] else None


def read(grid: Grid) -> RawTable:
    what = "these are seqcluster's clusters: a row holds both arms of a hairpin, so they are no counts of mature miRNAs"
    hint = "give the table of mature miRNAs of the same run, for instance bcbio's counts_mirna.tsv"
    raise refusal("clusters_and_no_counts", what, grid.path, "columns id, nloci, ann", hint)


FORMAT = Format(
    fits,
    read,
    program="seqcluster",
    recognised="columns `id`, `nloci`, `ann`",
    same_feature="the table is refused",
    absent="",
)
