"""miRge 2 and 3: `miR.Counts.csv` (integers written as 9.0, merged names with `/`) and `tRF.Counts.csv`."""

from dataclasses import replace

from mircargo.inputs.cells import read_columns, read_matrix, share_of_mirnas
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.vocabulary import Biotype


def fits(grid: Grid) -> str | None:
    if grid.delimiter != "," or len(grid.header) < 2:
        return None
    if grid.header[0] == "entry name":
        return "a first column 'entry name'"
    ids = grid.body[0].tolist()
    if grid.header[0] == "miRNA" and share_of_mirnas(ids) > 0.5:
        merged = sum("/" in text for text in ids)
        floats = all(kind.kind == "f" for kind in grid.body.dtypes.iloc[1:])
        if merged or "miRNAtotal" in ids or floats:
            how = f"{merged} merged names with '/'" if merged else "counts written as 9.0" if floats else "miRNAtotal"
            return f"a first column 'miRNA', comma separated, {how}"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table; merged names stay one feature, rows of zeros are kept."""
    read = read_columns if grid.header[0] == "entry name" else read_matrix
    table = read(grid, "mirge", grid.body[0].tolist(), grid.body.iloc[:, 1:], grid.header[1:])
    notes = list(table.notes)
    if grid.header[0] == "entry name":
        return replace(table, biotypes=[Biotype.TRNA] * len(table.ids), notes=[*notes, "fragments of tRNA"])
    merged = sum("/" in text for text in table.ids)
    if merged:
        notes.append(f"{merged} rows are miRNAs that miRge cannot tell apart (names with '/'): one feature each")
    notes.append("a zero can mean that the miRNA failed miRge's filter of canonical reads")
    unassigned = [name for name in table.counts.columns if name.startswith("Undetermined")]
    if unassigned:
        notes.append(f"column '{unassigned[0]}' holds reads of no sample: name it under `exclude_samples`")
    return replace(table, notes=notes)
