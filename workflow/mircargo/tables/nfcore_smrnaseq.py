"""nf-core/smrnaseq's `mature_counts.csv`: samples in rows, features in columns.

The ids of its version 1 carry name, accession, species and name again, joined by underscores; the table leaves
out features without any read.
"""

import re

from mircargo.tables.grid import Grid
from mircargo.tables.raw import RawTable, to_counts

FEATURE = re.compile(r"^[a-z]{3}[-.].*_MIMAT\d{7}")


def fits(grid: Grid) -> str | None:
    found = sum(bool(FEATURE.match(name)) for name in grid.header[1:])
    if len(grid.header) > 1 and found > 0.9 * (len(grid.header) - 1):
        return f"{found} column names such as '{grid.header[1]}'"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table and turn it; see `tables.raw` for what is refused."""
    samples = grid.body[0].str.strip().tolist()
    columns = list(range(2, len(grid.header) + 1))
    body = grid.body.iloc[:, 1:].T.infer_objects()
    counts = to_counts(body, samples, grid.path, [f"column {column}" for column in columns])
    notes = [
        "samples stand in rows: `row` of the ledger counts columns",
        "features without reads are left out by nf-core",
    ]
    return RawTable(grid.path, "nfcore_smrnaseq", grid.header[1:], columns, counts, "refuse", notes)
