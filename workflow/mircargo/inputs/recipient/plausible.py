"""Whether a table of results can be what it has to be: log2 fold changes of all genes, in one contrast."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.grid import Grid
from mircargo.problems import Problem, ProblemsFound, listing, refusal

LARGEST: Final = 50
"""Log2 fold changes beyond this are none."""
ENOUGH: Final = 20
"""So many genes tell what the column is."""
SEVERAL_ROWS: Final = 0.9
"""Where more of the genes have several rows, these are contrasts; probes and symbols repeat less often."""
CALLED: Final = 0.1
"""Where no p-value is above this, the table has called genes only."""

_WORDS: Final = {
    "baseMean": "mean expression", "lfcSE": "standard error", "pvalue": "p-value", "padj": "adjusted p-value",
}  # fmt: skip
_NO_P: Final = "name another column, or leave it out"
_RANGES: Final = {
    "baseMean": (0, np.inf, "logarithms (AveExpr, logCPM) are known by their names: leave `base_mean` out"),
    "lfcSE": (0, np.inf, "name another column under `columns: {standard_error: ...}` of `recipient`"),
    "pvalue": (0, 1, _NO_P),
    "padj": (0, 1, _NO_P),
}
"""Between which values each column lies, and what to do where it does not."""


def refuse_no_logarithms(changes: pd.Series, where: str, rows: Sequence[int]) -> None:
    """Refuse ratios, signed ratios and absurd values in place of log2 fold changes.

    Parameters
    ----------
    changes
        The column, NaN where there is none.
    where
        The table and its column.
    rows
        The row of the file of each of them.

    Raises
    ------
    ProblemsFound
        Where they are none.
    """
    numbers = changes.dropna()
    if not len(numbers):
        raise refusal("no_fold_changes", "no cell of the column of log2 fold changes has a number", where)
    found = f"{numbers.min():.3g} to {numbers.max():.3g}"
    if len(numbers) > ENOUGH and (numbers >= 0).all():
        hint = "give log2 fold changes: log2 of the ratio"
        what = "these are no log2 fold changes: none is below 0, so they are ratios or absolute values"
        raise refusal("not_log2", what, where, found, hint)
    if len(numbers) > ENOUGH and (numbers <= 0).all():
        hint = "give the whole table, with the genes that rise"
        what = "these are not the log2 fold changes of all genes: none is above 0"
        raise refusal("not_log2", what, where, found, hint)
    if len(numbers) > ENOUGH and (numbers.abs() >= 1).all():
        hint = "give log2 fold changes: log2 of the ratio, which of -2 (half) is -1"
        what = "these are no log2 fold changes: none lies between -1 and 1, so they are ratios with a sign"
        raise refusal("not_log2", what, where, found, hint)
    large = changes.abs().to_numpy() > LARGEST
    if large.any():
        row = int(np.argmax(large))
        table, _, column = where.rpartition(", column ")
        hint = "correct the cell, or name another column under `columns`"
        where = f"{table}, row {rows[row]}, column {column}"
        raise refusal("not_log2", "no log2 fold change is as large", where, f"{changes.iloc[row]:g}", hint)


def refuse_impossible(table: pd.DataFrame, grid: Grid, found: Mapping[str, int]) -> None:
    """Refuse means and errors below 0, p-values that are none, and a table without a single expressed gene.

    Parameters
    ----------
    table
        The results; its rows are those of the grid.
    grid
        The table as read.
    found
        In which column each of them stands.

    Raises
    ------
    ProblemsFound
        Where there are any; the first of each column is named.
    """
    problems = []
    for name, (least, most, hint) in _RANGES.items():
        wrong = ~table[name].between(least, most) & table[name].notna() if name in table and name in found else None
        if wrong is not None and wrong.any():
            row = int(np.argmax(wrong.to_numpy()))
            where = f"{grid.path}, row {grid.rows[row]}, column '{grid.header[found[name]]}'"
            value, n = f"{table[name].iloc[row]:g}", int(wrong.sum())
            cells = f"{value} ({n:,} such cells)" if n > 1 else value
            problems.append(Problem("impossible_value", f"no {_WORDS[name]}", where, cells, hint))
    if problems:
        raise ProblemsFound(problems)
    if "baseMean" in table and not (table["baseMean"][table["log2FoldChange"].notna()] > 0).any():
        what = "no gene of this table of results has a log2 fold change and a mean expression above 0"
        raise refusal("no_expressed_gene", what, grid.path, "", "is this the table of all genes?")


def refuse_stacked(table: pd.DataFrame, path: str) -> None:
    """Refuse a table in which nearly every gene has several rows with different fold changes.

    Raises
    ------
    ProblemsFound
        Where it is one.
    """
    rows = table.loc[table["log2FoldChange"].notna()].groupby("gene")["log2FoldChange"].agg(["size", "nunique"])
    several = rows["nunique"] > 1
    if len(rows) > ENOUGH and several.mean() > SEVERAL_ROWS:
        what = "nearly every gene has several rows with different log2 fold changes: which contrast is meant?"
        found = f"{int(several.sum()):,} of {len(rows):,} genes: {listing(map(repr, rows.index[several]), 3)}"
        hint = "give the rows of one contrast (of one cluster, of one kind of cell)"
        raise refusal("several_contrasts", what, path, found, hint)


def refuse_chosen(table: pd.DataFrame, path: str) -> None:
    """Refuse a table of called genes alone: what did not change is what targets are compared with.

    Raises
    ------
    ProblemsFound
        Where it is one.
    """
    name = next((name for name in ("pvalue", "padj") if name in table and table[name].notna().any()), None)
    if name is None:
        return
    highest, n = float(table[name].max()), int(table[name].notna().sum())
    if n > ENOUGH and highest < CALLED:
        what = "this table has only genes that were called, and targets are compared with genes that did not change"
        found = f"{n:,} genes, the highest {'p-value' if name == 'pvalue' else 'adjusted p-value'} is {highest:.2g}"
        raise refusal("called_genes_only", what, path, found, "give the results of all genes that were tested")
