"""miraligner's `.mirna` of one sample, which bcbio calls `*-mirbase-ready.counts`: `freq` is the count.

Merged tables, as isomiRs has them: the columns behind `t3` are counts. A variant is written as its four changes
(`mism:0,add:A,t5:A,t3:0`).
"""

from mircargo.inputs.cells import read_columns
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomirs
from mircargo.inputs.raw import NAMED_AFTER_FILE, RawTable

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
    one = "freq" in grid.header
    at = [grid.header.index("freq")] if one else list(range(6, len(grid.header)))
    samples = [grid.sample] if one else grid.header[6:]
    table = read_columns(grid, grid.column("mir"), grid.body.iloc[:, at], samples)
    changes = [grid.column(name) for name in CHANGES]
    variants = [
        ",".join(f"{name}:{value}" for name, value in zip(CHANGES, values, strict=True))
        for values in zip(*changes, strict=True)
    ]
    notes = ["features without reads are left out by miraligner"]
    if one:
        left_out = [name for name in grid.header if name not in SAMPLE]
        notes += [NAMED_AFTER_FILE, f"left out: {', '.join(left_out)}"]
    return with_isomirs(table.noted(*notes, same_feature="sum", absent_is_zero=True), variants, grid.column("seq"))


FORMAT = Format(
    fits,
    read,
    program="miraligner, isomiRs",
    recognised="columns `seq`, `freq`, `mir`, `mism`, `add`, `t5`, `t3`; merged without `freq`",
    same_feature="summed",
    absent="zero",
    example=Example(
        "seq\tname\tfreq\tmir\tstart\tmism\tadd\tt5\tt3\tDB\tprecursor\tambiguity",
        "ACGT{i}\tseq_{i}\t{0}\t{id}\t1\t0\tA\t0\t0\tmiRNA\thsa-mir-1\t1",
    ),
)
