"""Shadows: features whose reads may be misread ones of a similar and far more abundant miRNA."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from mircargo.features.mirbase import load_mature

BODY = 16  # bases from the 5' end; the 3' end varies between reads of one miRNA
MOST_EDITS = 2
PIECE = BODY // (MOST_EDITS + 1)  # of three such pieces two edits leave one whole
AT_ONCE = 100  # patterns
FAR_MORE = 10  # times as many reads
EXTRA_VARIATION = 0.2  # of the share between samples, beyond counting noise; miR-21b has as much of miR-21a-5p
SHOWN_OTHERWISE = 0.01  # p-value of a constant share, below which it is none
AS_CLOSE = 0.1  # of unrelated features may follow the origin as closely as one that follows it does
FEWEST_UNRELATED = 20
# Counts of unrelated features that are thinned at most; where that is fewer than the features, so many of them.
MOST_THINNED, ENOUGH_UNRELATED = 500_000, 200
FOLLOWS, CANNOT_TELL, OWN_READS = "follows", "cannot_tell", "own_reads"
COLUMNS = ["feature", "origin", "edits", "share", "p_constant", "as_close", "verdict"]


def shadows_among(related: pd.DataFrame) -> pd.Series:
    """Return the origin of each shadow in a table of `relatives`."""
    follow = related[related["verdict"] == FOLLOWS]
    return pd.Series(follow["origin"].to_numpy(), index=follow["feature"].to_numpy(), dtype=object)


def relatives(counts: pd.DataFrame, sequences: pd.Series, strata: pd.Series | None = None) -> pd.DataFrame:
    """List features that have the sequence of a far more abundant one, and whether their counts follow it.

    Two features are relatives where the first 16 bases of one are found in the other, anywhere, with at most two
    edits: so also where one is a shifted or extended form of the other. The origin has at least ten times the
    reads; of several, it is the one that the counts follow most closely. The reads of a shadow are a constant share
    of its origin's. The verdict is

    - *follows* where a constant share is not rejected (chi-squared, counting noise and 20% variation of the share,
      p < 0.01), and at most 10% of unrelated features, thinned to as many reads, follow the origin as closely;
    - *cannot_tell* where a constant share is not rejected, but more than 10% of unrelated features are as close:
      there are too few reads, or too little happens to the origin;
    - *own_reads* where a constant share is rejected.

    Parameters
    ----------
    counts
        Features x samples, integers.
    sequences
        Mature sequence of each feature, missing where unknown; several are joined by `/`.
    strata
        One value per sample, for instance its fraction: the share is constant within each, not between them. One for
        all samples where left out.

    Returns
    -------
    pandas.DataFrame
        One row per feature that has a relative, columns `COLUMNS`, the most abundant first. `share` is its reads over
        its origin's in all samples; `as_close`, the share of unrelated features, is missing where a constant share is
        rejected, or fewer than 20 have as many reads: it is then not asked for. In more than 200 samples it may rest
        on some of them, evenly chosen by abundance: as many as hold 500,000 counts, or 200.
    """
    totals = counts.sum(axis=1)
    known = sequences.reindex(counts.index).dropna()
    known = known[totals[known.index] > 0]
    known = known.loc[totals[known.index].sort_values(ascending=False, kind="stable").index]
    edits = edits_between(known)
    values, sums = counts.loc[known.index].to_numpy(), totals[known.index].to_numpy()
    groups = _groups(counts.columns, strata)
    rows = []
    for feature in range(len(known)):
        origins = np.flatnonzero((edits[feature] <= MOST_EDITS) & (sums[feature] * FAR_MORE <= sums))
        if len(origins) == 0:
            continue
        own = values[[feature]]
        origin = min(origins, key=lambda other: _distance(own, values[other], groups)[0])
        p_constant = _p_constant(own[0], values[origin], groups)
        as_close = np.nan
        if p_constant >= SHOWN_OTHERWISE:
            unrelated = _some(np.flatnonzero((sums >= sums[feature]) & (edits[origin] > MOST_EDITS)), values.shape[1])
            as_close = _as_close(own, values[origin], values[unrelated], groups)
        follows = CANNOT_TELL if as_close > AS_CLOSE else FOLLOWS
        share, verdict = sums[feature] / sums[origin], OWN_READS if p_constant < SHOWN_OTHERWISE else follows
        names = known.index[feature], known.index[origin]
        rows.append((*names, edits[feature, origin], share, p_constant, as_close, verdict))
    return pd.DataFrame(rows, columns=COLUMNS)


def edits_between(sequences: pd.Series) -> np.ndarray:
    """Count the edits between features: of the first 16 bases of one, found anywhere in the other (Sellers 1980).

    Of several sequences of a feature, joined by `/`, the nearest count. Returns features x features, symmetric, 16
    where there are more than two edits.
    """
    parts = sequences.str.split("/").explode()
    owner = pd.Index(sequences.index).get_indexer(parts.index)
    longest = int(parts.str.len().max()) if len(parts) else 0
    padded = "".join(part.ljust(longest) for part in parts).encode("ascii", "replace")
    texts = np.frombuffer(padded, dtype=np.uint8).reshape(len(parts), longest)
    having: dict[str, set[int]] = {}
    for number, part in enumerate(parts):
        for start in range(len(part) - PIECE + 1):
            having.setdefault(part[start : start + PIECE], set()).add(number)
    result = np.full((len(sequences), len(sequences)), BODY, dtype=np.int8)
    bodies = [part[:BODY] for part in parts]
    lengths = np.array([len(body) for body in bodies], dtype=int)
    for length in np.unique(lengths):
        alike = np.flatnonzero(lengths == length)
        for some in np.split(alike, range(AT_ONCE, len(alike), AT_ONCE)):
            near = [_sharing_a_piece(bodies[number], having) for number in some]
            own, other = np.repeat(some, [len(each) for each in near]), np.concatenate(near)
            edits = found_in(texts[own, :length], texts[other])
            pairs = owner[own], owner[other]
            np.minimum.at(result, pairs, np.where(edits <= MOST_EDITS, edits, BODY).astype(np.int8))
    return np.minimum(result, result.T)


def _sharing_a_piece(body: str, having: Mapping[str, set[int]]) -> np.ndarray:
    pieces = [body[start : start + PIECE] for start in range(0, PIECE * (MOST_EDITS + 1), PIECE)]
    return np.array(sorted(set().union(*(having.get(piece, ()) for piece in pieces))), dtype=int)


def found_in(patterns: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Return the fewest edits with which each pattern is found in its text.

    Parameters
    ----------
    patterns
        Bytes: patterns, or one for all texts, x letters.
    texts
        Bytes: texts x letters.
    """
    steps = np.arange(texts.shape[1] + 1, dtype=np.int8)
    row = np.zeros((len(texts), len(steps)), dtype=np.int8)
    for i, letters in enumerate(patterns.T, 1):
        row[:, 1:] = np.minimum(row[:, :-1] + (texts != letters[:, None]), row[:, 1:] + 1)
        row[:, 0] = i
        row = np.minimum.accumulate(row - steps, axis=1) + steps
    return np.asarray(row.min(axis=1))


def _groups(samples: pd.Index, strata: pd.Series | None) -> list[np.ndarray]:
    if strata is None:
        return [np.arange(len(samples))]
    codes, names = pd.factorize(strata.reindex(samples).fillna(""))
    return [np.flatnonzero(codes == code) for code in range(len(names))]


def _some(features: np.ndarray, n_samples: int) -> np.ndarray:
    """Choose so many features, evenly, that a large study does not take hours."""
    most = max(ENOUGH_UNRELATED, MOST_THINNED // n_samples)
    return features if len(features) <= most else features[np.linspace(0, len(features) - 1, most).astype(int)]


def _as_close(own: np.ndarray, origin: np.ndarray, unrelated: np.ndarray, groups: list[np.ndarray]) -> float:
    """Return the share of unrelated features, each thinned to as many reads, that follow the origin as closely."""
    if len(unrelated) < FEWEST_UNRELATED:
        return np.nan
    rng = np.random.Generator(np.random.PCG64(0))  # the same answer each time
    thinned = rng.binomial(unrelated, own.sum() / unrelated.sum(axis=1, keepdims=True))
    return float((_distance(thinned, origin, groups) <= _distance(own, origin, groups)).mean())


def _p_constant(own: np.ndarray, origin: np.ndarray, groups: list[np.ndarray]) -> float:
    """Test that a feature is a constant share of the origin; 0 where it has reads and the origin has none."""
    df = sum(max(int((origin[group] > 0).sum()) - 1, 0) for group in groups)
    return float(stats.chi2.sf(_distance(own[None, :], origin, groups, EXTRA_VARIATION)[0], max(df, 1)))


def _distance(counts: np.ndarray, origin: np.ndarray, groups: list[np.ndarray], extra: float = 0.0) -> np.ndarray:
    """Sum the squared differences from a constant share, each over its variance."""
    total = np.zeros(len(counts))
    for group in groups:
        own, base = counts[:, group], origin[group]
        expected = own.sum(axis=1, keepdims=True) * base / max(base.sum(), 1)
        variance = expected + (extra * expected) ** 2
        impossible = (own > 0) & (expected == 0)
        squares = np.divide((own - expected) ** 2, variance, out=np.zeros(own.shape), where=variance > 0)
        total += np.where(impossible, np.inf, squares).sum(axis=1)
    return total


def mature_sequences(features: pd.DataFrame) -> pd.Series:
    """Return the sequence of each feature of `counts/features.tsv`, missing where none is known.

    Of a hairpin these are the sequences of its mature miRNAs, joined by `/`.
    """
    lacking = features["feature"][features["sequence"].isna()]
    if lacking.empty:
        return features["sequence"].set_axis(features["feature"])
    mature = load_mature()[["hairpins", "sequence"]]
    arms = mature.assign(hairpin=mature["hairpins"].str.split(";")).explode("hairpin")
    by_hairpin = arms.groupby("hairpin")["sequence"].agg("/".join)
    return features["sequence"].fillna(features["feature"].map(by_hairpin)).set_axis(features["feature"])
