"""Tables that have samples in rows and features in columns."""

from dataclasses import replace

import pandas as pd

from mircargo.inputs.cells import is_text, raise_if_doubtful
from mircargo.inputs.grid import Grid
from mircargo.inputs.header import MIRNA
from mircargo.inputs.layout import samples_column
from mircargo.inputs.raw import CellLabels, RawTable, to_counts, to_values_if_numbers
from mircargo.inputs.row_names import raise_if_unnamed
from mircargo.inputs.summaries import is_about_samples, summary_rows
from mircargo.inputs.totals import LIBRARY


def read_sample_rows(grid: Grid, notes: list[str]) -> RawTable:
    """Read a table that has samples in rows; see `mircargo.inputs.raw.to_counts` for what is refused."""
    own = samples_column(grid)
    samples = grid.body[own].astype(str).str.strip().tolist()
    raise_if_unnamed(samples, grid.where, grid.path)
    others = [i for i in range(1, len(grid.header)) if i != own]
    about = [i for i in others if _is_about_samples(grid, i)]
    at = [i for i in others if i not in set(about)]
    if about:
        notes = [*notes, f"left out: columns about the samples, {', '.join(repr(grid.header[i]) for i in about)}"]
    ids = [grid.header[i] for i in at]
    raise_if_unnamed(ids, [f"column {i + 1}" for i in at], grid.path)
    raise_if_doubtful(grid, grid.body.iloc[:, at], CellLabels(grid.path, grid.where, ids))
    place = CellLabels(grid.path, [f"column '{name}'" for name in ids], samples, grid.where)
    body = grid.body.iloc[:, at].T.infer_objects()
    values = to_values_if_numbers(body, place, grid.options)
    if values is not None and (sums := summary_rows(values, ids)):
        notes = [*notes, *(f"left out: column '{ids[i]}', {words}" for i, words in sums.items())]
        kept = [i for i in range(len(ids)) if i not in sums]
        body, at, ids = body.iloc[kept], [at[i] for i in kept], [ids[i] for i in kept]
        place = replace(place, rows=[f"column '{name}'" for name in ids])
    counts, missing = to_counts(body, place, grid.options)
    grid.notes.extend(missing)
    notes = ["samples stand in rows: `row` of the ledger counts columns", *notes]
    return RawTable(
        grid.path, "", ids, [i + 1 for i in at], counts, "refuse", notes, about=_about(grid, about, samples)
    )


def _about(grid: Grid, at: list[int], samples: list[str]) -> pd.DataFrame | None:
    """Return the columns about the samples as texts, but for sizes of libraries; None where there are none."""
    kept = [i for i in at if grid.header[i] and not LIBRARY.match(grid.header[i])]
    texts = {grid.header[i]: grid.body.iloc[:, i].astype(str).tolist() for i in kept}
    return pd.DataFrame(texts, index=samples) if texts else None


def _is_about_samples(grid: Grid, at: int) -> bool:
    """Whether a column holds a property of the samples: words, or numbers under a name such as `age`."""
    name = grid.header[at]
    if MIRNA.search(name):
        return False
    return is_text(grid.body.iloc[:, at]) or is_about_samples(name) or LIBRARY.match(name) is not None
