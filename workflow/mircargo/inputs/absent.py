"""Features that one table has no row for and others have: zeros, or rows that were lost."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from mircargo.problems import Problem, listing

MIN_READS: Final = 10
"""A zero is doubted where at least as many reads are expected, and found in each library of the others."""


def lost_features(tables: Sequence[pd.DataFrame]) -> list[list[tuple[str, int]]]:
    """Find features that lack a row in one table though every library of the others has enough reads of them.

    Tables are features x samples; each feature is returned with its fewest reads in a library of the others.
    """
    if len(tables) < 2:
        return [[] for _ in tables]
    fewest = pd.concat([table.min(axis=1) for table in tables], axis=1, sort=False)
    shares = pd.concat([(table / table.sum().clip(lower=1)).min(axis=1) for table in tables], axis=1, sort=False)
    alone = fewest.isna().sum(axis=1).to_numpy() == 1
    least, share = fewest.min(axis=1).to_numpy(), shares.min(axis=1).to_numpy()
    found = []
    for at, table in enumerate(tables):
        expected = share * float(table.sum().max() if table.shape[1] else 0)
        sure = alone & fewest.iloc[:, at].isna().to_numpy() & (expected >= MIN_READS) & (least >= MIN_READS)
        found.append([(str(fewest.index[row]), int(least[row])) for row in np.flatnonzero(sure)])
    return found


def lost_features_problem(path: str, seen: Sequence[tuple[str, int]], configured: bool) -> Problem:
    """Report rows that are absent though every other library has reads: an error, unless configured as zeros."""
    what = f"{len(seen)} features have no row here, and reads in every library of the other tables"
    found = listing((f"{feature} (at least {reads:,} reads)" for feature, reads in seen), 5)
    if configured:
        hint = "they are taken as 0, as `absent_is_zero` says: is that right?"
        return Problem("absent_but_seen", what, path, found, hint, "warning")
    hint = "was the table truncated? if these are zeros, set `absent_is_zero: true` for this table"
    return Problem("absent_but_seen", what, path, found, hint)
