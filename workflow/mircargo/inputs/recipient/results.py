"""Results of a test of messenger RNA: DESeq2's, edgeR's, limma's, or genes and log2 fold changes alone."""

import re
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from mircargo.config.recipient import ResultColumns
from mircargo.delimited import lines_of
from mircargo.inputs.cells import is_text
from mircargo.inputs.content import Document
from mircargo.inputs.grid import Grid, read_grid
from mircargo.inputs.numbers import MISSING, is_number
from mircargo.inputs.recipient.plausible import refuse_chosen, refuse_impossible, refuse_no_logarithms, refuse_stacked
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal

COLUMNS: Final = {
    "log2FoldChange": ("log2foldchange", "log2_fold_change", "log2fc", "logfc", "log2_fc", "lfc", "log2 fold change"),
    "lfcSE": ("lfcse", "se", "standard_error", "stderr", "se_logfc"),
    "baseMean": ("basemean", "base_mean"),
    "pvalue": ("pvalue", "p.value", "p_value", "p-value"),
    "padj": ("padj", "fdr", "adj.p.val", "qvalue", "q_value"),
}
"""What results are called by DESeq2, edgeR and limma, in lower case."""
_MEAN_LOG2: Final = ("logcpm", "aveexpr")
"""Mean log2 expression, of edgeR and limma, from which an average is worked out."""
_KEYS: Final = {"log2_fold_change": "log2FoldChange", "standard_error": "lfcSE", "base_mean": "baseMean"}
_GENES: Final = (
    "gene", "gene_id", "geneid", "genes", "id", "ensembl", "ensembl_gene_id", "ensembl_id", "row", "rownames",
    "x", "", "symbol", "gene_symbol", "gene_name", "name",
)  # fmt: skip


def read_gene_results(path: str, columns: ResultColumns) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Read a table of results.

    Returns
    -------
    tuple
        A row a gene: `gene`, `log2FoldChange` and, where the table has them, `lfcSE`, `baseMean`, `pvalue`, `padj`,
        missing ones as NaN; other columns of text, which may hold identifiers; and notes.

    Raises
    ------
    ProblemsFound
        Where there is no column of genes or of log2 fold changes, or a cell is no number.
    """
    grid = read_grid(path, as_text=True, holds=partial(_has_fold_changes, named=columns.log2_fold_change))
    notes = []
    if len(grid.header) == 2 and is_number(grid.header[1]):  # no header: its first line is a gene and its fold change
        first = pd.DataFrame([grid.header], columns=grid.body.columns)
        rows = [grid.rows[0] - 1, *grid.rows]
        grid = Grid(grid.path, [], ["gene", "log2FoldChange"], pd.concat([first, grid.body]), rows)
        notes.append("no header: genes and log2 fold changes")
    found = _columns_of(grid, columns)
    gene = _gene_column(grid, columns, set(found.values()))
    table = pd.DataFrame({"gene": grid.body.iloc[:, gene].astype(str).str.strip().to_numpy()})
    problems: list[Problem] = []
    for name, at in found.items():
        table[name] = _numbers(grid, at, problems)
    mean = _at(grid, _MEAN_LOG2)
    if "baseMean" not in table and mean is not None:
        table["baseMean"] = np.exp2(_numbers(grid, mean, problems))
        notes.append(f"mean expression is 2 to the power of '{grid.header[mean]}'")
    if problems:
        raise ProblemsFound(problems)
    refuse_impossible(table, grid, found)
    refuse_stacked(table, grid.path)
    refuse_chosen(table, grid.path)
    where = f"{grid.path}, column '{grid.header[found['log2FoldChange']]}'"
    refuse_no_logarithms(table["log2FoldChange"], where, grid.rows)
    texts = {
        name: grid.body.iloc[:, at].astype(str).str.strip().to_numpy()
        for at, name in enumerate(grid.header)
        if at != gene and at not in found.values() and is_text(grid.body.iloc[:, at])
    }
    others = listing(f"{name} from '{grid.header[at]}'" for name, at in found.items())
    notes.append(f"genes are in '{grid.header[gene]}', {others}")
    return table, pd.DataFrame(texts, index=table.index), notes


def _has_fold_changes(sheet: Document, named: str | None) -> bool:
    """Whether the first line of a sheet names a column of log2 fold changes."""
    first = next(filter(str.strip, lines_of(sheet.text)), "").split("\t")
    return named in first if named else any(cell.strip().lower() in COLUMNS["log2FoldChange"] for cell in first)


def _at(grid: Grid, names: tuple[str, ...]) -> int | None:
    lower = [name.lower() for name in grid.header]
    return next((lower.index(name) for name in names if name in lower), None)


def _columns_of(grid: Grid, columns: ResultColumns) -> dict[str, int]:
    """Return where each result stands; a log2 fold change has to be there."""
    found = {name: at for name, words in COLUMNS.items() if (at := _at(grid, words)) is not None}
    if columns.log2_fold_change is None:
        _refuse_several(grid)
    for key, name in _KEYS.items():
        given = getattr(columns, key)
        if given is not None:
            found[name] = _named(grid, given, key)
    if "log2FoldChange" not in found:
        hint = "name it: `columns: {log2_fold_change: ...}` of `recipient`"
        if re.search(r"fold|fc", " ".join(grid.header), re.IGNORECASE):
            hint += "; a fold change that is not log2 cannot be used"
        what = "this table of results has no column of log2 fold changes that is known"
        raise refusal("no_fold_changes", what, grid.path, f"columns {listing(grid.header, 15)}", hint)
    return found


def _refuse_several(grid: Grid) -> None:
    """Refuse a table with several columns of log2 fold changes, which may be of several contrasts."""
    at = [place for place, name in enumerate(grid.header) if name.lower() in COLUMNS["log2FoldChange"]]
    if len({tuple(grid.body.iloc[:, place]) for place in at}) > 1:
        names = listing(f"'{grid.header[place]}' (column {place + 1})" for place in at)
        hint = "leave one, or name it, where their names differ: `columns: {log2_fold_change: ...}` of `recipient`"
        what = "this table of results has several columns of log2 fold changes"
        raise refusal("several_fold_changes", what, grid.path, names, hint)


def _named(grid: Grid, given: str, key: str) -> int:
    if given not in grid.header:
        hint = f"{did_you_mean(given, grid.header)} it has {listing(grid.header, 15)}".strip()
        where = f"{grid.path} (`columns: {key}` of `recipient`)"
        raise refusal("no_such_column", "the table of results has no such column", where, f"'{given}'", hint)
    return grid.header.index(given)


def _gene_column(grid: Grid, columns: ResultColumns, taken: set[int]) -> int:
    """Return the column of genes: as it is named, else by its name, else the first of texts."""
    if columns.gene is not None:
        return _named(grid, columns.gene, "gene")
    free = [each for each in range(len(grid.header)) if each not in taken]
    texts = [each for each in free if is_text(grid.body.iloc[:, each])]
    lower = [grid.header[each].lower() for each in free]
    known = [free[lower.index(name)] for name in _GENES if name in lower]
    if named := [each for each in known if each in texts]:
        return named[0]
    if texts:  # a direction or a chromosome has few values, and genes have many
        return max(texts, key=lambda each: grid.body.iloc[:, each].nunique())
    if known:
        return known[0]
    hint = "name it: `columns: {gene: ...}` of `recipient`"
    what = "this table of results has no column of genes"
    raise refusal("no_genes", what, grid.path, f"columns {listing(grid.header, 15)}", hint)


def _numbers(grid: Grid, at: int, problems: list[Problem]) -> np.ndarray:
    texts = grid.body.iloc[:, at].astype(str).str.strip()
    missing = texts.str.lower().isin(MISSING)
    numbers = pd.to_numeric(texts.where(~missing), errors="coerce")
    wrong = (numbers.isna() & ~missing).to_numpy()
    if wrong.any():
        row = int(np.argmax(wrong))
        where = f"{grid.path}, row {grid.rows[row]}, column '{grid.header[at]}'"
        found = f"'{texts.iloc[row][:60]}'" + (f" ({int(wrong.sum())} such cells)" if wrong.sum() > 1 else "")
        hint = "write numbers with a decimal point, and NA where there is none"
        problems.append(Problem("not_a_number", "not a number", where, found, hint))
    return np.asarray(numbers, dtype=float)
