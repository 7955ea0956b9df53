"""nf-core/smrnaseq's `mature_counts.csv` (or `hairpin_counts.csv`): samples in rows, features in columns.

The ids of its version 1 carry name, accession, species and name again, joined by underscores; the table leaves
out features without any read, and the order of its rows means nothing. Its `mirna.tsv`, sums of mirtop's isomers,
has features in rows.
"""

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.inputs.cells import LIBRARY, is_text, raise_if_doubtful, raise_if_unnamed, share_of_mirnas
from mircargo.inputs.formats.bcbio import in_rows, read_rows, separated
from mircargo.inputs.grid import MIRNA, Grid
from mircargo.inputs.layout import samples_column
from mircargo.inputs.raw import Place, RawTable, missing_note, to_counts, to_values
from mircargo.inputs.summaries import is_about_samples, summary_rows
from mircargo.problems import ProblemsFound

FEATURE = re.compile(r"^[a-z]{3,4}[-.].*_MI(MAT)?\d{7}")
SAMPLE = re.compile(r"[._](mature|hairpin)$")


def fits(grid: Grid) -> str | None:
    names = grid.header[1:]
    if not names:
        return None
    if in_rows(grid, "miRNA"):
        return f"{separated(grid)}a first column 'miRNA' as in mirna.tsv"
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
    own = samples_column(grid)
    samples = grid.body[own].astype(str).str.strip().tolist()
    raise_if_unnamed(samples, grid.where, grid.path)
    others = [i for i in range(1, len(grid.header)) if i != own]
    about = [i for i in others if _is_about(grid, i)]
    at = [i for i in others if i not in set(about)]
    if about:
        notes = [*notes, f"left out: columns about the samples, {', '.join(repr(grid.header[i]) for i in about)}"]
    ids = [grid.header[i] for i in at]
    raise_if_unnamed(ids, [f"column {i + 1}" for i in at], grid.path)
    raise_if_doubtful(grid, grid.body.iloc[:, at], Place(grid.path, grid.where, ids))
    place = Place(grid.path, [f"column '{name}'" for name in ids], samples, grid.where)
    body = grid.body.iloc[:, at].T.infer_objects()
    sums = _sums(body, place, grid)
    if sums:
        notes = [*notes, *(f"left out: column '{ids[i]}', {words}" for i, words in sums.items())]
        kept = [i for i in range(len(ids)) if i not in sums]
        body, at, ids = body.iloc[kept], [at[i] for i in kept], [ids[i] for i in kept]
        place = replace(place, rows=[f"column '{name}'" for name in ids])
    counts = to_counts(body, place, grid.how)
    grid.notes.extend(missing_note(body, place, grid.how))
    notes = ["samples stand in rows: `row` of the ledger counts columns", *notes]
    columns = [i + 1 for i in at]
    return RawTable(grid.path, name, ids, columns, counts, "refuse", notes, absent_is_zero=absent_is_zero)


def _is_about(grid: Grid, at: int) -> bool:
    """Whether a column holds a property of the samples: words, or numbers under a name such as `age`."""
    name = grid.header[at]
    if MIRNA.search(name):
        return False
    return is_text(grid.body.iloc[:, at]) or is_about_samples(name) or LIBRARY.match(name) is not None


def _sums(body: pd.DataFrame, place: Place, grid: Grid) -> dict[int, str]:
    try:
        values = np.nan_to_num(to_values(body, place, replace(grid.how, missing_is_zero=True)))
    except ProblemsFound:
        return {}
    ids = [text.removeprefix("column '").removesuffix("'") for text in place.rows]
    return summary_rows(values, ids)
