"""featureCounts on miRBase's GFF: a comment line, six columns about the feature, a BAM path as sample name.

Further loci of a mature miRNA have ids such as MIMAT0000521_1. A read of several loci is counted on one of them
(or in shares, with `--fraction`), so the loci are parts of the feature and are summed.
"""

from dataclasses import replace
from pathlib import PurePosixPath

from mircargo.inputs.cells import read_matrix, shares_reads
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable

ANNOTATION = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]


def fits(grid: Grid) -> str | None:
    if grid.header[1 : len(ANNOTATION)] == ANNOTATION[1:] and len(grid.header) > len(ANNOTATION):
        return f"columns {', '.join(ANNOTATION)}"
    if grid.header == ["Geneid", "Count"]:
        return "columns Geneid, Count: one sample"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table; BAM paths are cut to file names without `.bam` where these differ from each other."""
    skip = len(ANNOTATION) if grid.header[1] == ANNOTATION[1] else 1
    paths = grid.header[skip:]
    notes = ["sample columns are BAM files: their paths and `.bam` are cut off"]
    names = [PurePosixPath(path.replace("\\", "/")).name.removesuffix(".bam").removesuffix(".sam") for path in paths]
    samples = names if len(set(names)) == len(names) else paths
    if paths in (["Count"], ["count"], ["counts"]):
        samples, notes = [grid.sample], ["its one sample is named after the file"]
    body = grid.body.iloc[:, skip:]
    shares = shares_reads(body, decimals=2)
    table = read_matrix(grid, "featurecounts", grid.body[0].tolist(), body, samples, shares)
    if skip > 1:
        notes.append(f"left out: {', '.join(ANNOTATION[1:])}")
    if shares:
        notes.append("it has fractions: reads are shared out over the loci (--fraction)")
    return replace(table, same_feature="sum", notes=[*table.notes, *notes])
