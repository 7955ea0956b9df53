"""mirGFF3: `Expression` holds the counts, in the order of the samples in the line `## COLDATA`.

`Name` is the miRNA. Lines whose `Filter` is not `Pass` are left out, with a note. An annotation without counts is
refused.
"""

import re

from mircargo.inputs.format import Example, Format
from mircargo.inputs.gff import read_isomirs
from mircargo.inputs.grid import Grid
from mircargo.inputs.header import GFF
from mircargo.inputs.raw import RawTable

COLDATA = re.compile(r"^##\s*COLDATA:?\s*(.*)$")


def fits(grid: Grid) -> str | None:
    return "nine columns of GFF" if grid.header == GFF else None


def read(grid: Grid) -> RawTable:
    found = [match.group(1) for line in grid.comments if (match := COLDATA.match(line))]
    samples = [name.strip() for name in found[0].split(",") if name.strip()] if found else []
    note = "samples are those of COLDATA" if samples else "no COLDATA: its one sample is named after the file"
    return read_isomirs(grid, ("Name", "Expression", "Variant", "Read"), samples or [grid.sample], note)


FORMAT = Format(
    fits,
    read,
    program="mirtop",
    recognised="nine columns of GFF",
    same_feature="summed",
    absent="zero",
    example=Example(
        "## mirGFF3. VERSION 1.1\n## COLDATA: s_a,s_b,s_c",
        "{id}\tmiRBasev21\tisomiR\t5\t23\t0\t+\t.\tRead ACGT{i}; UID u{i}; Name {id}; Parent p; Variant NA; Cigar 19M; "
        "Expression {0},{1},{2}; Filter Pass; Hits 1;",
    ),
    order=1,  # isomiR-SEA's GFF has marks of its own
)
