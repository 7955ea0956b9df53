"""COMPSRA: a sample's `*_miRNA.txt` (DB, Name, ID, Count), or samples merged beside the first three columns."""

from dataclasses import replace

from mircargo.inputs.cells import read_matrix
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.vocabulary import Biotype

FIRST = ["DB", "Name", "ID"]
PLACE = ["Type", "Feature", "Contig", "Start", "End", "Strand", "InCluster"]
KINDS = {
    "_pirna": Biotype.PIRNA,
    "_trna": Biotype.TRNA,
    "_snorna": Biotype.SNORNA,
    "_snrna": Biotype.SNRNA,
    "_circrna": Biotype.CIRCRNA,
}


def fits(grid: Grid) -> str | None:
    if [name.lstrip("#") for name in grid.header[:3]] == FIRST and len(grid.header) > 3:
        return "columns DB, Name, ID"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table; the accession in `ID` is put to the name where it is one."""
    names, accessions = grid.column("Name").tolist(), grid.column("ID").tolist()
    ids = [
        f"{name}_{own}" if own.startswith("MIMAT") and own not in name else name
        for name, own in zip(names, accessions, strict=True)
    ]
    at = [i for i, name in enumerate(grid.header) if i > 2 and name not in PLACE]
    one = [grid.header[i] for i in at] == ["Count"]
    samples = [grid.sample] if one else [grid.header[i] for i in at]
    table = read_matrix(grid, "compsra", ids, grid.body.iloc[:, at], samples)
    left_out = [name.lstrip("#") for i, name in enumerate(grid.header) if i not in at and i not in (1, 2)]
    notes = [f"left out: {', '.join(left_out)}", "features with few reads are left out by COMPSRA"]
    kind = next((KINDS[key] for key in KINDS if key in grid.sample.lower()), Biotype.MIRNA)
    return replace(
        table,
        same_feature="sum",
        notes=[*table.notes, *notes, *(["its one sample is named after the file"] if one else [])],
        absent_is_zero=True,
        biotypes=[kind] * len(ids) if kind != Biotype.MIRNA else None,
    )
