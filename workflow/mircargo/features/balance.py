"""The balance of reads between tables and counts, sample by sample."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mircargo.results.contract import BALANCE_TABLE

DECIMALS = 6


def add_up(table: pd.DataFrame) -> pd.DataFrame:
    """Add up the columns of the same name: lanes, runs and technical replicates of one library.

    A cell is missing only where it is missing in all of them.
    """
    if table.columns.is_unique:
        return table
    kinds = table.dtypes.groupby(level=0).first()
    return (
        table.T.groupby(level=0, sort=False)
        .sum(min_count=1)
        .T.astype({name: kind for name, kind in kinds.items() if not table[[name]].isna().any(axis=None)})
    )


def balance_of(
    counts: pd.DataFrame, unrounded: Sequence[pd.DataFrame], given: Sequence[pd.DataFrame], kept: Sequence[pd.Series]
) -> pd.DataFrame:
    """Return, for each sample, what became of the reads of its table.

    ``input_reads = kept_reads + dropped_reads + repeated_reads + rounding``: kept reads are those of the counts,
    dropped ones are of rows left out, repeated ones stand on more than one row of a feature of which the maximum
    was taken, and rounding is what was lost (above 0) or gained (below 0) where fractions became integers.

    Parameters
    ----------
    counts
        Features x samples, integers.
    unrounded
        The same of each table before rounding.
    given
        Input rows x samples of each table.
    kept
        Whether each input row was kept.

    Raises
    ------
    RuntimeError
        Where the two sides differ: an error of this program, never of a table.
    """
    parts = []
    for merged, body, mask in zip(unrounded, given, kept, strict=True):
        rows = body.to_numpy()
        keep = mask.to_numpy(dtype=bool)
        total, rest = rows.sum(axis=0), rows[~keep].sum(axis=0)
        repeated = rows[keep].sum(axis=0) - merged.to_numpy().sum(axis=0)
        parts.append(
            pd.DataFrame({"input_reads": total, "dropped_reads": rest, "repeated_reads": repeated}, index=body.columns)
        )
    table = add_up(pd.concat(parts).T).T.reindex(counts.columns).round(DECIMALS)
    table["kept_reads"] = counts.sum(axis=0)
    spent = table["kept_reads"] + table["dropped_reads"] + table["repeated_reads"]
    table["rounding"] = (table["input_reads"] - spent).round(DECIMALS)
    lost = pd.concat([(merged - merged.round(DECIMALS).round()).sum() for merged in unrounded])
    lost = lost.groupby(level=0).sum().reindex(counts.columns)
    if not np.allclose(
        table["rounding"], lost, rtol=0, atol=1e-6 * max(len(counts), 1) + 1e-9 * table["input_reads"].max()
    ):
        raise RuntimeError(f"the reads of the tables and of the counts do not add up:\n{table}")
    for column in table:
        if (table[column] == table[column].round()).all():
            table[column] = table[column].astype("int64")
    return table.rename_axis("sample").reset_index()[list(BALANCE_TABLE.columns)]
