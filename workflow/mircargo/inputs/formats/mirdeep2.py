"""`miRNAs_expressed_all_samples_*.csv` of quantifier.pl, tab separated in spite of its name.

Counts are the columns between `total` and the normalised ones; `read_count`, `total` and `… (norm)` are left out. The
sister `miRNA_expressed_*.csv` holds all samples as one. The names of samples are the three letters of miRDeep2's own
configuration: put them into `column` of the sample sheet.

There is a row for each mature miRNA and precursor. By default a read is counted on the row of every precursor that it
fits, so these rows are the same reads again and the maximum is taken: summing counts them twice. With `-W` each row
has a share of the reads, and they are summed. Only the fractions in the table tell the two modes apart: where the
rows of a mature have the same reads, these have fractions with `-W` and none without. Where cells contradict each
other, the table is refused.
"""

from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.cells import read_matrix, shares_reads
from mircargo.inputs.format import Example, Format
from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.problems import listing

FIRST = ["mirna", "read_count", "precursor"]
MIN_SHARED_CELLS: Final = 4
"""With fewer cells that are the same on all rows of a mature, fractions anywhere mean `-W`: one may be a slip."""


def fits(grid: Grid) -> str | None:
    first = [name.lstrip("#").lower() for name in grid.header[:4]]
    if first[:3] == FIRST and (len(grid.header) == 3 or (first[3:] == ["total"] and len(grid.header) > 4)):
        return f"columns {', '.join(grid.header[:4])}"
    return None


def read(grid: Grid) -> RawTable:
    if len(grid.header) == 3:
        at, samples = [1], [grid.sample]
        notes = ["this file has the reads of all samples together: one column, named after the file"]
    else:
        names = grid.header[4:]
        scaled = [name for name in names if name.endswith("(norm)")]
        alone = [name for name in scaled if name[:-6].strip() not in names]
        # Where no normalised column has its pair, a sample may be called so; where others have, it lost its own.
        unpaired = alone if len(alone) < len(scaled) else []
        at = [4 + i for i, name in enumerate(names) if name not in scaled or (name in alone and not unpaired)]
        samples = [grid.header[i] for i in at]
        normalised = len(names) - len(at)
        notes = ["left out: read_count, total" + (f" and {normalised} normalised columns" if normalised else "")]
        notes += [f"left out: {listing(unpaired)}, without a column of counts of this name"] if unpaired else []
    body = grid.body.iloc[:, at]
    once = ~grid.texts.duplicated()  # a table that was pasted twice has its mode still
    shares = _are_shares(body[once], grid.body[0][once])
    table = read_matrix(grid, grid.body[0].tolist(), body, samples, shares)
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
    return table.noted(*notes, same_feature="sum" if shares else "maximum")


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
    if alike.sum() < 2 * MIN_SHARED_CELLS:
        return True
    with np.errstate(invalid="ignore"):  # a cell `inf` is refused by who reads the counts
        fractions = np.abs(values - np.rint(values)) > 1e-6
    return bool((fractions & alike).sum() > 0.2 * alike.sum())


FORMAT = Format(
    fits,
    read,
    program="miRDeep2's quantifier",
    recognised="columns `#miRNA`, `read_count`, `precursor`, `total`; the sister without `total`",
    same_feature="maximum; summed with `-W`",
    absent="asked for",
    example=Example(
        "#miRNA\tread_count\tprecursor\ttotal\ts_a\ts_b\ts_c\ts_a(norm)\ts_b(norm)\ts_c(norm)",
        "{id}\t1.00\thsa-mir-1\t1.00\t{0}\t{1}\t{2}\t1.50\t0\t2.50",
    ),
)
