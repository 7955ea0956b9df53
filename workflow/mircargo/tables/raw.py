"""What a reader returns: a count table as its program wrote it, not yet matched to names or samples."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from mircargo.problems import Problem, ProblemsFound, listing

SameFeature = Literal["refuse", "sum", "maximum"]


@dataclass(frozen=True)
class RawTable:
    """Counts as they stand in a file.

    Attributes
    ----------
    path, format
        Where it was read, and as what.
    ids
        The features as the file names them, one an input row.
    rows
        Where each stands in the file: its line, or its column where features are in columns.
    counts
        Input rows x sample columns, non-negative; integers but for `fractional` formats.
    same_feature
        What to do where several rows are one feature: in this format they are parts (sum), the same reads again
        (maximum), or should not be (refuse).
    notes
        What the reader understood, in words.
    fractional
        Whether the program shares reads out in fractions; they are rounded when a feature's rows are summed.
    absent_is_zero
        Whether the program leaves out features without reads.
    biotypes
        Kind of each input row (miRNA, tRNA, piRNA, Y_RNA, ...); None where all are miRNA.
    isomers
        For isomer-level files, one row an isomer: `source_id variant sequence`, then the sample columns.
    """

    path: str
    format: str
    ids: list[str]
    rows: list[int]
    counts: pd.DataFrame
    same_feature: SameFeature
    notes: list[str] = field(default_factory=list)
    fractional: bool = False
    absent_is_zero: bool = False
    biotypes: list[str] | None = None
    isomers: pd.DataFrame | None = None


MOST_READS = 1e12
"""No library has as many reads in one feature; beyond 2**53 a count would not even be held exactly."""


def to_counts(
    body: pd.DataFrame, samples: Sequence[str], path: str, rows: Sequence[str], fractional: bool = False
) -> pd.DataFrame:
    """Check that cells are counts and return them, as integers unless the format is `fractional`.

    Parameters
    ----------
    body
        Features x samples, as read.
    samples
        Names of the sample columns.
    path, rows
        For messages: the file, and where each row stands in it (`row 7`).
    fractional
        Whether the program shares reads out in fractions.

    Raises
    ------
    ProblemsFound
        With the first cell of each kind that is text, missing, negative or not an integer, and what the table
        seems to hold instead.
    """
    problems = []
    repeated = pd.Series(samples)[pd.Series(samples).duplicated()].unique()
    if len(repeated):
        problems.append(
            Problem("sample columns of the same name", path, listing(repeated), "give each sample its own name")
        )
    unnamed = [position for position, name in enumerate(samples) if not name]
    if unnamed:
        found = f"number {unnamed[0] + 1} of {len(samples)}"
        problems.append(Problem("a sample column without a name", path, found, "name it, or take it out"))
    texts = [at for at, kind in enumerate(body.dtypes) if not pd.api.types.is_numeric_dtype(kind)]
    for position in texts[:3]:
        column = body.iloc[:, position]
        bad = pd.to_numeric(column, errors="coerce").isna()
        row = int(np.argmax(bad.to_numpy())) if bad.any() else 0
        cell = column.iloc[row]
        problems.append(
            Problem(
                "an empty cell where a count should be" if cell in ("", None) or cell != cell else "not a number",
                f"{path}, {rows[row]}, column '{samples[position]}'",
                f"'{cell}'" + (f" ({int(bad.sum())} such cells in this column)" if bad.sum() > 1 else ""),
                "a count table holds one integer for each feature and sample; leave other columns out",
            )
        )
    if problems:
        raise ProblemsFound(problems)
    values = body.to_numpy(dtype=float)
    raise_if_not_counts(values, samples, path, rows, fractional)
    if fractional:
        return pd.DataFrame(values, columns=list(samples))
    return pd.DataFrame(np.rint(values).astype(np.int64), columns=list(samples))


def raise_if_not_counts(
    values: np.ndarray, samples: Sequence[str], path: str, rows: Sequence[str], may_be_fractions: bool = False
) -> None:
    def first(mask: np.ndarray) -> tuple[str, str]:
        row, column = np.argwhere(mask)[0]
        more = f" ({int(mask.sum())} such cells)" if mask.sum() > 1 else ""
        return f"{path}, {rows[row]}, column '{samples[column]}'", f"{values[row, column]:g}{more}"

    missing = ~np.isfinite(values)
    if missing.any():
        where, found = first(missing)
        raise ProblemsFound(Problem("a missing or infinite count", where, found, "write 0 where there are no reads"))
    if (values < 0).any():
        where, found = first(values < 0)
        hint = "these look like log values or differences; mircargo needs the raw counts that were normalised"
        raise ProblemsFound(Problem("a count cannot be negative", where, found, hint))
    if (values > MOST_READS).any():
        where, found = first(values > MOST_READS)
        raise ProblemsFound(Problem("a count larger than any library", where, found, "mend this cell"))
    fractional = np.abs(values - np.rint(values)) > 1e-6
    if fractional.any() and not may_be_fractions:
        where, found = first(fractional)
        kind = _kind_of_normalised(values)
        raise ProblemsFound(
            Problem(
                f"these are not raw counts: {kind}",
                where,
                found,
                "give the table of raw counts, before normalisation",
            )
        )
    totals = values.sum(axis=0)
    if len(totals) > 1 and totals.min() > 0 and np.ptp(totals) <= 1e-3 * totals.mean() and 9e5 < totals.mean() < 1.1e6:
        raise ProblemsFound(
            Problem(
                "these are not raw counts: every sample adds up to one million",
                path,
                f"sums of {totals.min():,.0f} to {totals.max():,.0f}",
                "give the table of raw counts, before scaling to counts per million",
            )
        )


def _kind_of_normalised(values: np.ndarray) -> str:
    totals = values.sum(axis=0)
    if np.allclose(totals, 1e6, rtol=0.01):
        return "every sample adds up to one million, so they are counts per million"
    if values.max() < 30:
        return f"the largest is {values.max():.3g}, so they are probably logarithms"
    return "they have fractions, so they are normalised or estimated"
