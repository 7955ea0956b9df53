"""featureCounts on miRBase's GFF: a comment line, six columns about the feature, a BAM path as sample name.

Further loci of a mature miRNA have ids such as MIMAT0000521_1. A read of several loci is counted on one of them,
so the loci are parts of the feature and are summed.
"""

from pathlib import PurePosixPath

from mircargo.tables.grid import Grid
from mircargo.tables.raw import RawTable, to_counts

ANNOTATION = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]


def fits(grid: Grid) -> str | None:
    if grid.header[: len(ANNOTATION)] == ANNOTATION and len(grid.header) > len(ANNOTATION):
        return f"columns {', '.join(ANNOTATION)}"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table; BAM paths are cut to file names without `.bam` where these differ from each other."""
    skip = len(ANNOTATION)
    paths = grid.header[skip:]
    names = [PurePosixPath(path.replace("\\", "/")).name.removesuffix(".bam").removesuffix(".sam") for path in paths]
    samples = names if len(set(names)) == len(names) else paths
    rows = list(range(grid.first_row, grid.first_row + len(grid.body)))
    counts = to_counts(grid.body.iloc[:, skip:], samples, grid.path, [f"row {row}" for row in rows])
    notes = ["sample columns are BAM files: their paths and `.bam` are cut off"]
    return RawTable(grid.path, "featurecounts", grid.body[0].tolist(), rows, counts, "sum", notes)
