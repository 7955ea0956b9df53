"""Chimira: features in rows under an empty header, ids of precursor and arm in lower case, and a last row of totals.

`mmu-mir-9-2-5p` is the 5p arm of the second locus of mir-9. Its loci are parts and sum to the mature miRNA; the
number stays where it is of the mature name itself (mmu-miR-16-1-3p).
"""

import csv
import gzip
import re
from dataclasses import replace
from functools import cache
from importlib.resources import files

from mircargo.inputs.cells import read_matrix
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable

ARM = re.compile(r"^([a-z]{3,4}-)(mir|let)(-\d+[a-z]*)(-\d+)?(-[35]p)$")


def fits(grid: Grid) -> str | None:
    ids = grid.body[0].tolist()
    if grid.header[0] not in ("", "miRNA") or len(grid.header) < 2:
        return None
    if "totaldepth" in ids:
        return "a row 'totaldepth'"
    arms = [ARM.match(text) for text in ids]
    if sum(map(bool, arms)) > 0.9 * len(ids) and any("-mir-" in text for text in ids):
        return "ids of precursor and arm in lower case"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table; names are restored, and the row of totals is held against the sums and left out."""
    surely = "totaldepth" in grid.body[0].tolist()  # ids alone may come from elsewhere
    table = read_matrix(grid, "chimira", grid.body[0].tolist(), grid.body.iloc[:, 1:], grid.header[1:])
    table = replace(table, same_feature="sum", absent_is_zero=surely)
    ids = [_mature(text) for text in table.ids]
    restored = sum(old != new for old, new in zip(table.ids, ids, strict=True))
    note = f"{restored} ids of precursor and arm are read as mature names (mmu-mir-9-2-5p is mmu-miR-9-5p), loci summed"
    return replace(table, ids=ids, notes=[*table.notes, note])


def _mature(text: str) -> str:
    found = ARM.match(text)
    if not found:
        return text
    species, kind, number, locus, arm = found.groups()
    head = f"{species}{'miR' if kind == 'mir' else kind}{number}"
    own = f"{head}{locus or ''}{arm}"
    if own in _names():
        return own
    without_arm = f"{head}{locus or ''}"
    if f"{head}{arm}" not in _names() and without_arm in _names():
        return without_arm
    return f"{head}{arm}"


@cache
def _names() -> frozenset[str]:
    """Mature names of miRBase 22.1 (`names` reads them whole; tables know only which numbers belong to a name)."""
    with files("mircargo.resources").joinpath("mirbase", "mature.tsv.gz").open("rb") as handle:
        text = gzip.decompress(handle.read()).decode("utf-8")
    return frozenset(row["name"] for row in csv.DictReader(text.splitlines(), delimiter="\t"))
