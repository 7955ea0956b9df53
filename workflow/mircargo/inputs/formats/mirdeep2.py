"""miRDeep2's quantifier: `miRNAs_expressed_all_samples_*.csv`, and its sister `miRNA_expressed_*.csv`.

Tab separated in spite of its name; a row a mature miRNA and precursor. By default a read stands on the row of
every precursor that it fits, so the rows of a mature miRNA are the same reads again; with `-W` each row has a
share of it, so they are parts. Only the fractions tell the modes apart; as one of them may be a slip, many cells are
asked: rows of one mature that have the same reads have fractions in most cells with `-W`, and in none without.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.cells import read_matrix, shares_reads
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.problems import listing

FIRST = ["mirna", "read_count", "precursor"]
ENOUGH: Final = 4
"""As many cells that stand on all rows of a mature decide between the modes."""


def fits(grid: Grid) -> str | None:
    first = [name.lstrip("#").lower() for name in grid.header[:4]]
    if first[:3] == FIRST and (len(grid.header) == 3 or (first[3:] == ["total"] and len(grid.header) > 4)):
        return f"columns {', '.join(grid.header[:4])}"
    return None


def read(grid: Grid) -> RawTable:
    """Read the table; `total` and the normalised columns are left out."""
    if len(grid.header) == 3:
        at, samples = [1], [grid.sample]
        notes = ["this file has the reads of all samples together: one column, named after the file"]
    else:
        names = grid.header[4:]
        scaled = [name for name in names if name.endswith("(norm)")]
        alone = [name for name in scaled if name[:-6].strip() not in names]
        # A sample may be called so; where others have their pair, it lost its own.
        lost = alone if len(alone) < len(scaled) else []
        at = [4 + i for i, name in enumerate(names) if name not in scaled or (name in alone and not lost)]
        samples = [grid.header[i] for i in at]
        normalised = len(names) - len(at)
        notes = ["left out: read_count, total" + (f" and {normalised} normalised columns" if normalised else "")]
        notes += [f"left out: {listing(lost)}, without a column of counts of this name"] if lost else []
    body = grid.body.iloc[:, at]
    once = ~grid.texts.duplicated()  # a table that was pasted twice has its mode still
    shares = _are_shares(body[once], grid.body[0][once])
    table = read_matrix(grid, "mirdeep2", grid.body[0].tolist(), body, samples, shares)
    notes = [*table.notes, *notes]
    if shares:
        notes.append("it has fractions: reads are shared out over the precursors (-W), whose rows are parts to sum")
    else:
        notes.append("no fractions: reads are counted on every precursor, whose rows are the same reads (maximum)")
    if len(grid.header) > 3 and not shares:
        totals = table.counts.sum(axis=1).to_numpy()
        try:
            written = grid.body[3][np.isin(grid.rows, table.rows)].astype(float).to_numpy()
            odd = int((abs(written - totals) > 0.5).sum())
        except ValueError:
            odd = len(totals)
        if odd:
            notes.append(f"in {odd} rows `total` is not the sum of the samples: were columns taken out?")
    return replace(table, same_feature="sum" if shares else "maximum", notes=notes)


def _are_shares(body: pd.DataFrame, ids: pd.Series) -> bool:
    """Whether reads were shared out over the rows of a mature (`-W`); where cells contradict, they are no counts."""
    if not shares_reads(body, decimals=2, fewest=3):
        return False
    values = body.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    frame = pd.DataFrame(values)
    groups = frame.groupby(ids.to_numpy())
    several = (groups.transform("size").to_numpy() > 1)[:, None]
    first = groups.transform("min").to_numpy()
    alike = several & (first == groups.transform("max").to_numpy()) & (values > 0)
    if alike.sum() < 2 * ENOUGH:
        return True
    with np.errstate(invalid="ignore"):  # a cell `inf` is refused by who reads the counts
        fractions = np.abs(values - np.rint(values)) > 1e-6
    return bool((fractions & alike).sum() > 0.2 * alike.sum())
