"""What was counted, in a paragraph: the first thing to read before a result is believed."""

from collections.abc import Iterable, Sequence

from mircargo.checks import rows
from mircargo.checks.replicates import Copies
from mircargo.features.ledger import Counts
from mircargo.inputs.sheet import table_columns_of


def in_short(counts: Counts, species: str, columns: Iterable[str], copies: Sequence[Copies]) -> str:
    """Say what the rows of a study's tables are, and what of the tables was filled in, left out, or counted again.

    `columns` are those of each sample in the tables, `copies` the libraries that are counted more than once.
    """
    n_features, n_samples = counts.counts.shape
    again = {sample for each in copies for sample in each.samples[1:]}
    added = sum(len(table_columns_of(column)) for column in columns) - n_samples
    aside = ~counts.rows["kept"] & ~counts.rows["feature"].isin(counts.spike_ins.index)
    counted = {
        ("column is", "columns are", "added up with others to one sample, as the sheet says"): added,
        ("row is", "rows are", "left out of the fit, and the ledger says why"): int(aside.sum()),
        ("cell is", "cells are", "filled with zero, where a table has no row of a feature"): counts.n_filled,
        ("row or column is", "rows and columns are", "left out as sums, other units or results of tests"): (
            counts.n_left_out
        ),
        ("library seems", "libraries seem", "to be counted again under another name"): len(again),
    }
    sentences = [
        rows.in_short(counts, species),
        f"{n_features:,} features in {_count(n_samples, 'sample', 'samples')} are counted",
        *(f"{_count(n, one, several)} {what}" for (one, several, what), n in counted.items() if n),
    ]
    if not any(counted.values()):
        sentences.append("nothing is filled in, left out or counted twice")
    return ". ".join(f"{each[0].upper()}{each[1:]}" for each in sentences) + "."


def _count(n: int, one: str, several: str) -> str:
    return f"{n:,} {several}" if n > 1 else f"one {one}"
