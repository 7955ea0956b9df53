"""All columns but the first are counts.

Ids are of precursor and arm in lower case: `mmu-mir-9-2-5p` is the 5p arm of the second locus of mir-9. They are read
as mature names, and loci are summed; the number stays where it belongs to the mature name itself (`mmu-miR-16-1-3p`).
The last row, `totaldepth`, is checked against the sums and left out.
"""

import csv
import gzip
import re
from functools import cache
from importlib.resources import files

from mircargo.inputs.cells import read_whole
from mircargo.inputs.format import Example, Format
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
    table = read_whole(grid)
    ids = [_mature(text) for text in table.ids]
    restored = sum(old != new for old, new in zip(table.ids, ids, strict=True))
    note = f"{restored} ids of precursor and arm are read as mature names (mmu-mir-9-2-5p is mmu-miR-9-5p), loci summed"
    # Without the row of totals it may be another program's table.
    return table.noted(note, ids=ids, same_feature="sum", absent_is_zero="totaldepth" in grid.body[0].tolist())


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
    """Return the mature names of miRBase 22.1, which tell what number belongs to a name."""
    with files("mircargo.resources").joinpath("mirbase", "mature.tsv.gz").open("rb") as handle:
        text = gzip.decompress(handle.read()).decode("utf-8")
    return frozenset(row["name"] for row in csv.DictReader(text.splitlines(), delimiter="\t"))


FORMAT = Format(
    fits,
    read,
    program="Chimira",
    recognised="a row `totaldepth`, or ids of precursor and arm in lower case",
    same_feature="summed",
    absent="zero; without `totaldepth`: asked for",
    example=Example("\ts_a\ts_b\ts_c", "hsa-mir-10{i}-5p\t{0}\t{1}\t{2}", id="hsa-miR-10{i}-5p"),
)
