"""The columns behind `Length` are counts, one for each BAM file; folders and `.bam` are cut off their names.

On miRBase's GFF the loci of a mature miRNA have ids such as `MIMAT0000521_1`. A read of several loci is counted on
one of them (or in shares, with `--fraction`), so they are parts, and summed. The table named `.summary` is refused:
it says what was assigned, not to what.
"""

from pathlib import PurePosixPath

from mircargo.inputs.cells import read_matrix, shares_reads
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import NAMED_AFTER_FILE, RawTable

ANNOTATION = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]


def fits(grid: Grid) -> str | None:
    if grid.header[1 : len(ANNOTATION)] == ANNOTATION[1:] and len(grid.header) > len(ANNOTATION):
        return f"columns {', '.join(ANNOTATION)}"
    if grid.header == ["Geneid", "Count"]:
        return "columns Geneid, Count: one sample"
    return None


def read(grid: Grid) -> RawTable:
    skip = len(ANNOTATION) if grid.header[1] == ANNOTATION[1] else 1
    paths = grid.header[skip:]
    notes = ["sample columns are BAM files: their paths and `.bam` are cut off"]
    names = [PurePosixPath(path.replace("\\", "/")).name.removesuffix(".bam").removesuffix(".sam") for path in paths]
    samples = names if len(set(names)) == len(names) else paths
    if paths in (["Count"], ["count"], ["counts"]):
        samples, notes = [grid.sample], [NAMED_AFTER_FILE]
    body = grid.body.iloc[:, skip:]
    shares = shares_reads(body, decimals=2)
    table = read_matrix(grid, grid.body[0].tolist(), body, samples, shares)
    if skip > 1:
        notes.append(f"left out: {', '.join(ANNOTATION[1:])}")
    if shares:
        notes.append("it has fractions: reads are shared out over the loci (--fraction)")
    return table.noted(*notes, same_feature="sum")


FORMAT = Format(
    fits,
    read,
    program="featureCounts",
    recognised="columns `Geneid`, `Chr`, `Start`, `End`, `Strand`, `Length`; or `Geneid`, `Count`",
    same_feature="summed",
    absent="asked for",
    example=Example(
        "# Program:featureCounts\nGeneid\tChr\tStart\tEnd\tStrand\tLength\t/x/s_a.bam\t/x/s_b.bam\t/x/s_c.bam",
        "{id}\tchr1\t1\t22\t+\t22\t{0}\t{1}\t{2}",
    ),
)
