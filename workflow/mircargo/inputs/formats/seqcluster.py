"""seqcluster's `counts.tsv`: clusters of reads by place. A cluster holds both arms of a hairpin: not usable here."""

from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.problems import refusal


def fits(grid: Grid) -> str | None:
    return "columns id, nloci, ann" if grid.header[:3] == ["id", "nloci", "ann"] else None


def read(grid: Grid) -> RawTable:
    """Refuse the table, and say why."""
    what = "these are seqcluster's clusters: a row holds both arms of a hairpin, so they are no counts of mature miRNAs"
    hint = "give the table of mature miRNAs of the same run, for instance bcbio's counts_mirna.tsv"
    raise refusal("clusters_and_no_counts", what, grid.path, "columns id, nloci, ann", hint)
