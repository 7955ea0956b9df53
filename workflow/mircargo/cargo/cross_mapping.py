"""Shadows: features whose reads may be misread ones of a similar and far more abundant miRNA."""

import numpy as np
import pandas as pd
from scipy import stats

BODY = 16  # bases from the 5' end; the 3' end varies between reads of one miRNA
MOST_EDITS = 2
FAR_MORE = 10  # times as many reads
EXTRA_VARIATION = 0.1  # of the ratio between samples, beyond counting noise


def find_shadows(counts: pd.DataFrame, sequences: pd.Series) -> pd.Series:
    """Find features that may be shadows of another.

    A feature is one where a miRNA with at least ten times its reads has, in its first 16 bases, a sequence within
    two edits, and where its counts follow that miRNA's at one ratio: a chi-squared test with counting noise and
    10% variation of the ratio does not reject that at 0.01.

    Parameters
    ----------
    counts
        Features x samples, integers.
    sequences
        Mature sequence of each feature, missing where unknown.

    Returns
    -------
    pandas.Series
        For each shadow the feature whose shadow it may be; the most abundant one where there are several.
    """
    totals = counts.sum(axis=1)
    known = sequences.reindex(counts.index).dropna()
    known = known[totals[known.index] > 0]
    ordered = totals[known.index].sort_values(ascending=False, kind="stable")
    bodies = {feature: known[feature][:BODY] for feature in ordered.index}
    by_piece: dict[str, list[str]] = {}
    shadows: dict[str, str] = {}
    for feature in ordered.index:  # from the most abundant on, so that every likely origin is known already
        candidates = dict.fromkeys(other for piece in _pieces(bodies[feature]) for other in by_piece.get(piece, []))
        for other in sorted(candidates, key=lambda name: -ordered[name]):
            if ordered[other] < FAR_MORE * ordered[feature]:
                break
            similar = edit_distance(bodies[feature], bodies[other]) <= MOST_EDITS
            if similar and _follows(counts.loc[feature].to_numpy(float), counts.loc[other].to_numpy(float)):
                shadows[feature] = other
                break
        for piece in _pieces(bodies[feature]):
            by_piece.setdefault(piece, []).append(feature)
    return pd.Series(shadows, dtype=object)


def _pieces(body: str) -> set[str]:
    """Return all pieces of four bases: two edits in sixteen bases leave at least one of them whole."""
    return {body[start : start + 4] for start in range(len(body) - 3)}


def edit_distance(one: str, other: str) -> int:
    """Count the insertions, deletions and substitutions between two sequences (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def _follows(shadow: np.ndarray, origin: np.ndarray) -> bool:
    expected = origin * shadow.sum() / origin.sum()
    seen = expected > 0
    if shadow[~seen].sum() > 0:
        return False
    chi_squared = ((shadow - expected)[seen] ** 2 / (expected[seen] + (EXTRA_VARIATION * expected[seen]) ** 2)).sum()
    return bool(chi_squared < stats.chi2.ppf(0.99, max(int(seen.sum()) - 1, 1)))
