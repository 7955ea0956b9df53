"""miraligner/seqbuster: a sample's `.mirna` file (also bcbio's `*-mirbase-ready.counts`), and merged rawData tables."""

from dataclasses import replace

from mircargo.inputs.cells import read_columns
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomers
from mircargo.inputs.raw import RawTable

CHANGES = ["mism", "add", "t5", "t3"]
SAMPLE = {"seq", "freq", "mir", *CHANGES}
MERGED = ["seq", "mir", *CHANGES]


def fits(grid: Grid) -> str | None:
    if set(grid.header) >= SAMPLE:
        return "columns seq, freq, mir and mism, add, t5, t3"
    if grid.header[:6] == MERGED and len(grid.header) > 6:
        return f"columns {', '.join(MERGED)}"
    return None


def read(grid: Grid) -> RawTable:
    """Read the isomers; a variant is written as its four changes (`mism:0,add:A,t5:A,t3:0`)."""
    one = "freq" in grid.header
    at = [grid.header.index("freq")] if one else list(range(6, len(grid.header)))
    samples = [grid.sample] if one else grid.header[6:]
    table = read_columns(grid, "seqbuster", grid.column("mir"), grid.body.iloc[:, at], samples)
    changes = [grid.column(name) for name in CHANGES]
    variants = [
        ",".join(f"{name}:{value}" for name, value in zip(CHANGES, values, strict=True))
        for values in zip(*changes, strict=True)
    ]
    notes = ["features without reads are left out by miraligner"]
    if one:
        left_out = [name for name in grid.header if name not in SAMPLE]
        notes += ["its one sample is named after the file", f"left out: {', '.join(left_out)}"]
    table = replace(table, same_feature="sum", notes=notes, absent_is_zero=True)
    return with_isomers(table, variants, grid.column("seq"))
