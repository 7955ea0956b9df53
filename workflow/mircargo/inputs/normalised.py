"""Integers that are not counts: normalised values or logarithms that were rounded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import chdtr

from mircargo.inputs.raw import RawTable
from mircargo.problems import Problem, listing, refusal

MIN_ROWS: Final = 20
"""In a table of fewer features sums and ranks may agree by chance."""
MAX_FACTOR_CHANGE: Final = 0.03
"""Size factors that are no further from 1 may be what rounding left of a division by them; most are within 2%."""
_EQUAL_SUMS: Final = 1e-3
"""Sums of libraries as near to each other, relative to their mean, are made equal."""
_HINT: Final = "give the table of raw counts, before normalisation; if these are raw, set `raw: true` for this table"


def suspicion_of(table: RawTable, leave_out: frozenset[str] = frozenset()) -> str:
    """Return in words why the counts of a table look normalised; empty where they do not."""
    counts = table.counts[[name for name in table.counts if name not in leave_out]]
    rows = counts.to_numpy(dtype=float)
    if table.same_feature == "maximum":
        counts = counts.groupby(np.asarray(table.ids), sort=False).max()
    values = counts.to_numpy(dtype=float)
    values = values[:, values.any(axis=0)]
    if values.shape[1] < 2:
        return ""
    if len(rows) > len(values) and _equal_sums(rows[:, rows.any(axis=0)]):
        return _equal_sums(rows[:, rows.any(axis=0)])
    return _equal_sums(values) or _logarithms(values) or _one_distribution(values) or _scaled(values)


def raise_if_normalised(table: RawTable, leave_out: frozenset[str] = frozenset(), raw: bool = False) -> list[str]:
    """Refuse a table whose counts look normalised; where the user says that they are raw, return that as a note."""
    reason = suspicion_of(table, leave_out)
    if not reason:
        return []
    if raw:
        return [f"taken as raw counts, as `raw` says, though {reason}"]
    raise refusal("not_raw_counts", f"these are not raw counts: {reason}", table.path, "", _HINT)


def normalised_together(tables: Sequence[RawTable]) -> list[Problem]:
    """List that tables of one sample each look normalised side by side: alone, none of them tells.

    Tables of several samples are left to `raise_if_normalised`.
    """
    alone = [table for table in tables if table.counts.shape[1] == 1]
    if len(alone) < 3 or len({table.format for table in alone}) > 1:
        return []
    columns = [table.counts.iloc[:, 0].groupby(np.asarray(table.ids), sort=False).sum() for table in alone]
    counts = pd.concat(columns, axis=1, keys=range(len(alone))).fillna(0)
    together = replace(alone[0], ids=list(counts.index), rows=[], counts=counts, same_feature="refuse", isomirs=None)
    reason = suspicion_of(together)
    path = listing([table.path for table in alone], 1)
    return [Problem("not_raw_counts", f"these are not raw counts: {reason}", path, "", _HINT)] if reason else []


def _equal_sums(values: np.ndarray) -> str:
    sums = values.sum(axis=0)
    mean, width = float(sums.mean()), float(np.ptp(sums))
    if sums.min() > 0 and width <= _EQUAL_SUMS * mean and 9e5 < mean < 1.1e6:
        return "every sample adds up to one million"
    # Each cell may be half a read off by rounding: of n cells, the sum by about the root of n / 12; of many sums, more.
    widths = 2 * np.sqrt(2 * np.log(2 * len(sums))) + 1.5
    # That as many honest libraries lie within 3% (or of few ones, less) by chance is out of the question.
    chance = {2: 0.001, 3: 0.004, 4: 0.01}.get(len(sums), 0.03 if len(sums) < 8 else 0.06)
    rounding = min(widths * np.sqrt(len(values) / 12), chance * mean)
    near = max(_EQUAL_SUMS * mean, rounding) * (0.1 if len(sums) == 2 else 1)
    # Of few reads, rounding makes more than that; libraries differ by the noise of counting at least.
    too_alike = chdtr(len(sums) - 1, ((sums - mean) ** 2).sum() / mean) < 1e-4 if mean > 0 else False
    if len(values) >= MIN_ROWS and (width <= near or too_alike) and mean > 100 and not _all_alike(values):
        return f"every sample adds up to the same, {sums.min():,.0f} to {sums.max():,.0f} (normalised or subsampled)"
    return ""


def _logarithms(values: np.ndarray) -> str:
    rows = values[values.any(axis=1)]
    if len(rows) < MIN_ROWS or values.max() > 32 or values.max() < 4:
        return ""
    # Counts are skewed: few features have a quarter of the largest. Of logarithms most have.
    high = (rows >= values.max() / 4).mean()
    return f"none is above {values.max():g}, and most are near it, so they are probably logarithms" * bool(high > 0.5)


def _one_distribution(values: np.ndarray) -> str:
    if values.shape[1] < 3 or _all_alike(values):
        return ""
    ordered = np.sort(values, axis=0)
    middle = np.median(ordered, axis=1, keepdims=True)
    high = middle[:, 0] >= 20
    if high.sum() < MIN_ROWS:
        return ""
    same = (np.abs(ordered - middle) <= np.maximum(1.0, 0.002 * middle)).all(axis=1)[high]
    return "every sample has the same values in another order (quantile normalised)" * bool(same.mean() > 0.9)


def _scaled(values: np.ndarray) -> str:
    """Whether all size factors are 1, more exactly than noise allows: then counts were divided by them."""
    rows = values[(values > 0).all(axis=1)]
    number = values.shape[1]
    if number < 3 or len(rows) < 2 * MIN_ROWS or np.median(rows) < 5:
        return ""
    logs = np.log(rows)
    ratios = logs - logs.mean(axis=1, keepdims=True)
    factors = np.median(ratios, axis=0)
    spread = 1.4826 * np.median(np.abs(ratios - factors), axis=0)
    factors = factors - factors.mean()  # division by factors whose mean is not 1 shifts all of them alike
    if (spread == 0).any() or np.abs(np.expm1(factors)).max() > MAX_FACTOR_CHANGE:
        return ""
    errors = 1.2533 * spread / np.sqrt(len(rows))
    chance = float(chdtr(number - 1, ((factors / errors) ** 2).sum() * number / (number - 1)))
    if chance > 0.003:
        return ""
    low, high = np.exp(factors.min()), np.exp(factors.max())
    return f"every sample has a size factor of 1 ({low:.3f} to {high:.3f}), so they were divided by it already"


def _all_alike(values: np.ndarray) -> bool:
    """Whether all samples are the same library, which has a message of its own."""
    return bool((values == values[:, :1]).all())
