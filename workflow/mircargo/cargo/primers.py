"""Which expressed miRNAs the primers of a qPCR could not tell from one another."""

import numpy as np
import pandas as pd

from mircargo.cargo.cross_mapping import MOST_EDITS, edits_between, found_in

PRIMED = 6  # bases at the 3' end that the primer of a stem-loop reverse transcription binds (Chen et al. 2005)
RAGGED = 2  # bases by which the 3' end varies between reads of one miRNA
LEAST_SHARE = 0.01  # of its own reads: less of another one cannot move its change


def told_apart_from(sequences: pd.Series, abundance: pd.Series) -> pd.Series:
    """Name for each miRNA the most abundant other one that primers could not tell from it.

    Two are taken as one by primers where the first 16 bases of one are found in the other with at most two edits, and
    the last six bases of one are found in the last eight of the other with at most one: the reverse transcription
    then primes both, and the forward primer amplifies both. Others count that have at least 1% of its reads.

    Parameters
    ----------
    sequences
        Mature sequence of each feature, missing where unknown; several are joined by `/`.
    abundance
        Mean reads of each.

    Returns
    -------
    pandas.Series
        By feature with a sequence; missing where primers tell it from all others.
    """
    known = sequences.dropna()
    reads = abundance.reindex(known.index).to_numpy(dtype=float)
    alike = edits_between(known) <= MOST_EDITS
    np.fill_diagonal(alike, False)
    found = pd.Series(pd.NA, index=known.index, dtype=object)
    for row in np.flatnonzero(alike.any(axis=1)):
        others = np.flatnonzero(alike[row] & (reads >= LEAST_SHARE * reads[row]))
        same_end = [other for other in others if _same_end(known.iloc[row], known.iloc[other])]
        if same_end:
            found.iloc[row] = known.index[max(same_end, key=lambda other: reads[other])]
    return found


def _same_end(one: str, other: str) -> bool:
    """Whether any of the sequences of both could be primed by the same primer."""
    pairs = [(a, b) for a in one.split("/") for b in other.split("/")]
    return any(_edits_at_end(a, b) <= 1 or _edits_at_end(b, a) <= 1 for a, b in pairs)


def _edits_at_end(primed: str, template: str) -> int:
    end, bound = (
        np.frombuffer(text.encode("ascii", "replace"), dtype=np.uint8)[None, :]
        for text in (template[-PRIMED - RAGGED :], primed[-PRIMED:])
    )
    return int(found_in(bound, end)[0])
