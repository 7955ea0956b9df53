"""`mirbase_mature_counts.csv`: columns with a column `… norm` beside them are counts. An empty cell is a zero."""

from mircargo.inputs.cells import read_columns
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.numbers import numbers_or_texts
from mircargo.inputs.raw import RawTable


def fits(grid: Grid) -> str | None:
    normalised = [name for name in grid.header if name.endswith(" norm")]
    if grid.header[0] == "name" and normalised and all(name[:-5] in grid.header for name in normalised):
        return f"a first column 'name' and {len(normalised)} columns '… norm' beside their counts"
    return None


def read(grid: Grid) -> RawTable:
    at = [i for i, name in enumerate(grid.header) if f"{name} norm" in grid.header]
    left_out = [name for i, name in enumerate(grid.header) if i not in at and i > 0]
    body = grid.body.iloc[:, at]
    empty = int((body.astype(object) == "").to_numpy().sum())
    if empty:
        body = body.where(body != "", "0").apply(numbers_or_texts)
    table = read_columns(grid, grid.body[0], body, [grid.header[i] for i in at])
    notes = [f"left out: {', '.join(left_out)}"] + [f"{empty} empty cells are zeros"] * bool(empty)
    return table.noted(*notes, absent_is_zero=True)


FORMAT = Format(
    fits,
    read,
    program="smallrnaseq",
    recognised="a first column `name`, and columns `… norm` beside the counts",
    same_feature="refused",
    absent="zero",
    example=Example(
        "name,db,s_a,s_b,s_c,s_a norm,s_b norm,s_c norm,total_reads,mean_norm",
        "{id},mirbase-hsa,{0},{1},{2},1.5,2.5,3.5,9,2.5",
    ),
)
