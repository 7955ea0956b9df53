"""Identical rows: where rows of a feature are summed, their reads would be counted twice."""

import numpy as np

from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable
from mircargo.problems import listing, refusal


def raise_if_copied(table: RawTable, grid: Grid) -> None:
    """Refuse a table with identical rows."""
    again = set(np.asarray(grid.rows)[grid.texts.duplicated().to_numpy()].tolist())
    copies = []
    for at, (row, text) in enumerate(zip(table.rows, table.ids, strict=True)):
        if row in again and table.counts.iloc[at].any():
            if _is_share_of_one_hairpin(table, at):
                grid.notes.append(f"rows {table.rows[at - 1]} and {row} are two places of {text} on one hairpin")
            else:
                copies.append((row, text))
    if copies:
        what = f"{len(copies)} rows are copies of others, cell for cell, and would be counted twice"
        hint = "remove the copies; was the table, or a part of it, appended to itself?"
        where = f"{table.path}, rows {listing(row for row, _ in copies)}"
        raise refusal("repeated_rows", what, where, listing(text for _, text in copies), hint)


def _is_share_of_one_hairpin(table: RawTable, at: int) -> bool:
    """Whether a row is half of what miRDeep2 shares out over two places of a mature on one hairpin (hsa-miR-3142)."""
    text = table.ids[at]
    alone = table.ids.count(text) == 2 and at > 0 and table.ids[at - 1] == text
    doubled = 2 * table.counts.iloc[at].to_numpy(dtype=float)
    return table.fractional and alone and bool((doubled == np.rint(doubled)).all() and (doubled % 2 == 1).any())
