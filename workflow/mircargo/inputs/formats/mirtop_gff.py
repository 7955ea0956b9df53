"""mirtop's mirGFF3: `Name hsa-miR-21-5p; … Expression 2,0`, the samples in the order of `COLDATA`."""

import re
from dataclasses import replace

from mircargo.inputs.formats import isomir_sea
from mircargo.inputs.gff import read_isomers
from mircargo.inputs.grid import GFF, Grid
from mircargo.inputs.raw import RawTable

COLDATA = re.compile(r"^##\s*COLDATA:?\s*(.*)$")
KEYS = ("Name", "Expression", "Variant", "Read")


def fits(grid: Grid) -> str | None:
    return "nine columns of GFF" if grid.header == GFF and not isomir_sea.fits(grid) else None


def read(grid: Grid) -> RawTable:
    """Read the isomers; see `tables.gff` for what is refused."""
    found = [match.group(1) for line in grid.comments if (match := COLDATA.match(line))]
    samples = [name.strip() for name in found[0].split(",") if name.strip()] if found else []
    note = "samples are those of COLDATA" if samples else "no COLDATA: its one sample is named after the file"
    table = read_isomers(grid, "mirtop_gff", KEYS, samples or [grid.sample])
    return replace(table, notes=[note, *table.notes])
