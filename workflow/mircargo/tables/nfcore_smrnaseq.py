"""nf-core/smrnaseq's `mature_counts.csv` (or `hairpin_counts.csv`): samples in rows, features in columns.

The ids of its version 1 carry name, accession, species and name again, joined by underscores; the table leaves
out features without any read, and the order of its rows means nothing. Its `mirna.tsv`, sums of mirtop's isomers,
has features in rows.
"""

import re

from mircargo.tables.bcbio import in_rows, read_rows
from mircargo.tables.cells import is_text, raise_if_unnamed, share_of_mirnas
from mircargo.tables.grid import MIRNA, Grid
from mircargo.tables.raw import RawTable, to_counts

FEATURE = re.compile(r"^[a-z]{3,4}[-.].*_MI(MAT)?\d{7}")
SAMPLE = re.compile(r"[._](mature|hairpin)$")


def fits(grid: Grid) -> str | None:
    names = grid.header[1:]
    if not names:
        return None
    if in_rows(grid, "miRNA"):
        return "tab separated, a first column 'miRNA' as in mirna.tsv"
    found = sum(bool(FEATURE.match(name)) for name in names)
    if found > 0.9 * len(names):
        return f"{found} column names such as '{names[0]}'"
    if share_of_mirnas(names) > 0.9 and all(SAMPLE.search(str(text)) for text in grid.body[0]):
        return f"miRNAs in columns, and samples in rows such as '{grid.body[0].iloc[0]}'"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table, turned where samples stand in rows; see `tables.raw` for what is refused."""
    if in_rows(grid, "miRNA"):
        return read_rows(grid, "nfcore_smrnaseq")
    return turned(grid, "nfcore_smrnaseq", ["features without reads are left out by nf-core"], absent_is_zero=True)


def turned(grid: Grid, name: str, notes: list[str], absent_is_zero: bool = False) -> RawTable:
    """Read a table that has samples in rows."""
    samples = grid.body[0].str.strip().tolist()
    raise_if_unnamed(samples, grid.where, grid.path)
    about = [
        i for i in range(1, len(grid.header)) if not MIRNA.search(grid.header[i]) and is_text(grid.body.iloc[:, i])
    ]
    at = [i for i in range(1, len(grid.header)) if i not in set(about)]
    if about:
        notes = [*notes, f"left out: columns about the samples, {', '.join(repr(grid.header[i]) for i in about)}"]
    columns = [i + 1 for i in at]
    where, ids = [f"column {column}" for column in columns], [grid.header[i] for i in at]
    raise_if_unnamed(ids, where, grid.path)
    counts = to_counts(grid.body.iloc[:, at].T.infer_objects(), samples, grid.path, where)
    notes = ["samples stand in rows: `row` of the ledger counts columns", *notes]
    return RawTable(grid.path, name, ids, columns, counts, "refuse", notes, absent_is_zero=absent_is_zero)
