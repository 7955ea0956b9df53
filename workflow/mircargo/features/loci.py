"""Rows of one feature: its loci, its isomiRs, repeated rows; and how they are merged."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import chdtr

from mircargo.problems import Problem, listing

MIN_READS = 10  # reads, from which two counts of independent reads are seldom the same
MAX_CLOSE_CHI2 = 0.05  # of (a - b)^2 / (a + b), below which two counts are hardly independent
CLOSE_BY_CHANCE = float(chdtr(1, MAX_CLOSE_CHI2))
MAX_PVALUE = 0.001
MIN_EQUAL_PAIRS = 3  # counts below `MIN_READS` that say it too, if all are equal
ROW_KEYS = ["feature", "variant", "locus"]


def merge_rows(counts: pd.DataFrame, rows: pd.DataFrame, how: str) -> pd.DataFrame:
    """Return features x samples.

    Rows of the same isomiR are summed, or their maximum is taken; isomiRs are different reads, and summed always.

    Parameters
    ----------
    counts
        Input rows x samples.
    rows
        The same rows: columns `feature` and `variant`.
    how
        `maximum`, else they are summed.
    """
    if how != "maximum":
        return counts.groupby(rows["feature"].to_numpy(), sort=False).sum()
    keys = [rows[name].to_numpy() for name in ("feature", "variant")]
    each = counts.groupby(keys, sort=False).max()
    return each.groupby(level=0, sort=False).sum().rename_axis(None)


def repeated_rows(rows: pd.DataFrame, path: str) -> list[Problem]:
    """List features that have several rows which are neither loci nor isomiRs of it."""
    problems = []
    for feature, group in rows[rows["feature"].duplicated(keep=False)].groupby("feature", sort=False):
        if _are_loci_or_isomirs(group):
            continue
        found = "; ".join(
            f"row {row} '{id_}' {n:,} reads"
            for row, id_, n in zip(group["row"], group["source_id"], group["reads"], strict=True)
        )
        hint = "set `duplicates: sum` (parts) or `duplicates: maximum` (the same reads again), or correct the table"
        problems.append(Problem("repeated_feature", f"several rows are {feature}", path, found, hint))
    return problems


def _are_loci_or_isomirs(group: pd.DataFrame) -> bool:
    """Whether each row of a feature is another isomiR, or another locus of the same."""
    again = group[group["variant"].duplicated(keep=False)]
    return bool((again["locus"] != "").all()) and not again.duplicated(["variant", "locus"]).any()


def notes_on_names(rows: pd.DataFrame, fitted: bool) -> list[str]:
    """Say which rows of a table are isomiRs, other RNAs or of another species by their names.

    Parameters
    ----------
    rows
        Columns `feature`, `variant`, `biotype`, `kept`, `reads` and `guessed`: whether no reader stated the biotype.
    fitted
        Whether all kinds are kept.
    """
    notes = []
    isomirs = rows[(rows["variant"] != "") & rows["kept"]]
    if len(isomirs):
        what = "is an isomiR by its name" if len(isomirs) == 1 else "are isomiRs by their names"
        notes.append(
            f"{len(isomirs):,} rows with {isomirs['reads'].sum():,.0f} reads {what}: they are summed to "
            f"{isomirs['feature'].nunique():,} features, and kept in counts/isomirs.tsv"
        )
    others = rows[rows["guessed"] & ~rows["kept"]]
    if len(others) and not fitted:
        kinds = others.groupby("biotype", sort=False)["reads"].agg(["size", "sum"])
        parts = [f"{size:,} {kind} ({reads:,.0f} reads)" for kind, (size, reads) in kinds.iterrows()]
        notes.append(f"left out as other than miRNA of the species by their names: rows of {', '.join(parts)}")
    return notes


def decide_loci(tables: Sequence[tuple[pd.DataFrame, pd.DataFrame]]) -> tuple[str, str]:
    """Decide whether the loci of mature miRNAs are summed, or hold the same reads; return that in words, too.

    A program that counts a read at each locus writes (nearly) the same number on each; one that shares reads out writes
    numbers that differ at least by chance. Of two counts of independent reads, (a - b)^2 / (a + b) is below 0.05 in 18%
    of cases; where it is in most, by more than chance (p < 0.001), the reads are the same. Tables of one program are
    asked together, so that one sample is not summed where another is not.

    Parameters
    ----------
    tables
        Of each table its input rows x samples, and the same rows: `ROW_KEYS`.

    Returns
    -------
    tuple
        `sum` or `maximum`, and a note, '' where no feature has several loci.
    """
    pairs: list[np.ndarray] = []
    features: dict[str, None] = {}
    for counts, rows in tables:
        loci = rows[rows["locus"] != ""]
        loci = loci[loci.duplicated(["feature", "variant"], keep=False)]
        features |= dict.fromkeys(loci["feature"])
        for _, group in loci.groupby(["feature", "variant"], sort=False):
            pairs += map(np.stack, pairwise(counts.loc[group.index].to_numpy(dtype=float)))
    if not pairs:
        return "sum", ""
    a, b = np.concatenate(pairs, axis=1)
    enough = np.maximum(a, b) >= MIN_READS
    close = (a[enough] - b[enough]) ** 2 <= MAX_CLOSE_CHI2 * (a[enough] + b[enough])
    equal = a[a + b > 0] == b[a + b > 0]
    if not len(close):
        same, close = len(equal) >= MIN_EQUAL_PAIRS and bool(equal.all()), equal
    else:
        from scipy.stats import binom

        by_chance = binom.sf(close.sum() - 1, len(close), CLOSE_BY_CHANCE)
        same = close.mean() > 0.5 and by_chance < MAX_PVALUE
    n = len(features)
    which = f"{n} mature miRNA{'s have' if n > 1 else ' has'} a row for each of several hairpins"
    which += f" ({listing(features, 3)})"
    if same:
        share = f"{int(close.sum()):,} of {len(close):,} counts"
        return "maximum", f"{which}: the same reads stand on each ({share} are practically equal), the maximum is taken"
    return "sum", f"{which}: their counts differ, so they are parts, and summed"
