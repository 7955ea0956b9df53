"""`Count` of one sample's `*_miRNA.txt`, or the columns behind the third in a merged table.

The accession in `ID` decides what a row is. Other kinds of RNA are known by the name of the file (`_tRNA`, `_piRNA`,
...).
"""

from mircargo.inputs.cells import biotypes_by_name, read_matrix
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import NAMED_AFTER_FILE, RawTable

FIRST = ["DB", "Name", "ID"]
LOCATION = ["Type", "Feature", "Contig", "Start", "End", "Strand", "InCluster"]
BIOTYPES = {"_pirna": "piRNA", "_trna": "tRNA", "_snorna": "snoRNA", "_snrna": "snRNA", "_circrna": "circRNA"}


def fits(grid: Grid) -> str | None:
    if [name.lstrip("#") for name in grid.header[:3]] == FIRST and len(grid.header) > 3:
        return "columns DB, Name, ID"
    return None


def read(grid: Grid) -> RawTable:
    names, accessions = grid.column("Name").tolist(), grid.column("ID").tolist()
    ids = [
        f"{name}_{own}" if own.startswith("MIMAT") and own not in name else name
        for name, own in zip(names, accessions, strict=True)
    ]
    at = [i for i, name in enumerate(grid.header) if i > 2 and name not in LOCATION]
    one = [grid.header[i] for i in at] == ["Count"]
    samples = [grid.sample] if one else [grid.header[i] for i in at]
    table = read_matrix(grid, ids, grid.body.iloc[:, at], samples)
    left_out = [name.lstrip("#") for i, name in enumerate(grid.header) if i not in at and i not in (1, 2)]
    notes = [f"left out: {', '.join(left_out)}", "features with few reads are left out by COMPSRA"]
    notes += [NAMED_AFTER_FILE] if one else []
    return table.noted(
        *notes, same_feature="sum", absent_is_zero=True, biotypes=biotypes_by_name(grid, table.ids, BIOTYPES)
    )


FORMAT = Format(
    fits,
    read,
    program="COMPSRA",
    recognised="columns `DB`, `Name`, `ID`",
    same_feature="summed",
    absent="zero",
    example=Example("#DB\tName\tID\ts_a\ts_b\ts_c", "miRBase\t{id}\tMI{i}\t{0}\t{1}\t{2}"),
)
