"""`miR.Counts.csv` and `tRF.Counts.csv`: all columns but the first are counts, integers written as 9.0.

miRNAs that miRge cannot tell apart (`hsa-miR-103a-3p/107`) are one feature. A zero can mean that the miRNA failed
miRge's filter of canonical reads. A column `Undetermined` is no sample: name it under `exclude_samples`. Rows of
`tRF.Counts.csv` are fragments of tRNA, which `biotypes` has to ask for; named together, the two tables are one set of
samples.
"""

from mircargo.inputs.cells import read_columns, read_whole, share_of_mirnas
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable


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
    if grid.header[0] == "entry name":
        table = read_columns(grid, grid.body[0].tolist(), grid.body.iloc[:, 1:], grid.header[1:])
        return table.noted("fragments of tRNA", biotypes=["tRNA"] * len(table.ids))
    table = read_whole(grid)
    merged = sum("/" in text for text in table.ids)
    notes = [f"{merged} rows are miRNAs that miRge cannot tell apart (names with '/'): one feature each"] * bool(merged)
    notes.append("a zero can mean that the miRNA failed miRge's filter of canonical reads")
    unassigned = [name for name in table.counts.columns if name.startswith("Undetermined")]
    if unassigned:
        notes.append(f"column '{unassigned[0]}' holds reads of no sample: name it under `exclude_samples`")
    return table.noted(*notes)


FORMAT = Format(
    fits,
    read,
    program="miRge 2 and 3",
    recognised="comma separated, a first column `miRNA`, names with `/` or counts written as 9.0; or `entry name`",
    same_feature="refused",
    absent="asked for",
    example=Example("miRNA,s_a,s_b,s_c", "{id}/100b,{0},{1},{2}", id="{id}/100b"),
)
