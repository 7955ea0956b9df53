"""`counts_mirna.tsv`: all columns but the first are counts, sums of isomiRs."""

from mircargo.inputs.cells import read_whole, tab_separated_mirnas
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid


def fits(grid: Grid) -> str | None:
    return tab_separated_mirnas(grid, "mirna")


FORMAT = Format(
    fits,
    read_whole,
    program="bcbio",
    recognised="tab separated, a first column `mirna`",
    same_feature="refused",
    absent="asked for",
    example=Example("mirna\ts_a\ts_b\ts_c", "{id}\t{0}\t{1}\t{2}"),
)
