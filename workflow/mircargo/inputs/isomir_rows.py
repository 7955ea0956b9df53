"""Tables with one row per isomiR: what is counted twice, and the rows of the mature miRNAs that they add up to."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.inputs.raw import RawTable, keep_rows
from mircargo.problems import listing


def with_isomirs(table: RawTable, variants: Sequence[str], sequences: Sequence[str]) -> RawTable:
    """Add the isomiRs of a table that has one row per isomiR, and count the same reads of one mature once.

    A read that fits several hairpins of one mature stands on several rows; the first is kept.
    """
    isomirs = pd.DataFrame({"source_id": table.ids, "variant": variants, "sequence": sequences})
    whole = pd.concat([isomirs, table.counts.set_axis(range(table.counts.shape[1]), axis=1)], axis=1)
    again = whole.duplicated().to_numpy()
    notes = [*table.notes, "one row per isomiR: they are summed, and kept beside the sums"]
    if again.any():
        reads = table.counts[again].to_numpy().sum()
        what = "the same read of the same miRNA again (on another of its hairpins)"
        lines = listing([table.rows[i] for i in np.flatnonzero(again)])
        notes.append(f"left out: {int(again.sum())} rows with {reads:,.0f} reads that are {what}: rows {lines}")
    isomirs = pd.concat([isomirs, table.counts], axis=1)
    kept = keep_rows(replace(table, isomirs=isomirs), ~again, notes)
    assert kept.isomirs is not None
    kept.notes.extend(_shared_reads_note(kept.isomirs, list(table.counts.columns)))
    return kept


def _shared_reads_note(isomirs: pd.DataFrame, samples: Sequence[str]) -> list[str]:
    """Say how many reads stand under several miRNAs: each sequence once, its reads over all samples."""
    several = isomirs[isomirs["sequence"] != ""]
    several = several[several.groupby("sequence")["source_id"].transform("nunique") > 1]
    if several.empty:
        return []
    # A sequence may have several rows under one miRNA (on other hairpins): they are parts.
    parts = several.groupby(["sequence", "source_id"])[list(samples)].sum()
    reads = parts.groupby(level="sequence").max().sum()
    n = several["sequence"].nunique()
    where = f"in {samples[0]}" if len(samples) == 1 else f"in {len(samples)} samples together"
    sequences = "1 sequence" if n == 1 else f"{n:,} sequences"
    return [f"{reads.sum():,.0f} reads ({sequences}) {where} stand under several miRNAs and count for each of them"]
