"""Counts of messenger RNA, genes x samples, as featureCounts, HTSeq, Salmon's merged tables and others have them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mircargo.config import CountTable
from mircargo.inputs.cells import has_fractions, is_text, read_matrix
from mircargo.inputs.content import open_documents
from mircargo.inputs.grid import Grid, parse
from mircargo.inputs.normalised import raise_if_normalised
from mircargo.inputs.options import ReadOptions
from mircargo.inputs.raw import RawTable
from mircargo.inputs.registry import read_table

_MERGED = (["gene_id", "gene_name"], ["tx", "gene_id"])
"""First columns of Salmon's merged tables, as nf-core/rnaseq and tximport write them."""


@dataclass(frozen=True)
class GeneCounts:
    """A table of messenger RNA.

    Attributes
    ----------
    table
        Genes x samples as read; reads are integers.
    ids
        What else the table says of the genes: its columns of text, a row for each of `table.ids`.
    """

    table: RawTable
    ids: pd.DataFrame


def read_gene_counts(path: str, table: CountTable) -> GeneCounts:
    """Read raw counts of genes.

    Estimates of Salmon's merged tables, which have fractions, are rounded. Rows of totals and of what has no gene are
    left out with a note; normalised values are refused, as in tables of miRNA.

    Raises
    ------
    ProblemsFound
        Where the table cannot be read, or does not hold raw counts.
    """
    options = ReadOptions(sheet=table.sheet, missing_is_zero=table.missing_is_zero, raw=table.raw)
    documents, archive = open_documents(path)
    if archive or len(documents) > 1:
        read = read_table(path, table.format, options)
        return GeneCounts(read, pd.DataFrame(index=range(len(read.ids))))
    grid = parse(documents[0], options=options)
    if [name.lower() for name in grid.header[:2]] in _MERGED and has_fractions(grid.body.iloc[:, 2:]):
        read = _read_estimates(grid)
        read = read.noted(*raise_if_normalised(read, raw=table.raw))
    else:
        read = read_table(path, table.format, options)
    return GeneCounts(read, _texts_of(grid, read.rows))


def _read_estimates(grid: Grid) -> RawTable:
    table = read_matrix(grid, grid.body[0].tolist(), grid.body.iloc[:, 2:], grid.header[2:], fractional=True)
    rounded = pd.DataFrame(np.rint(table.counts.to_numpy()).astype(np.int64), columns=table.counts.columns)
    note = "estimated reads of each gene (Salmon's merged table), rounded"
    return replace(table, format="salmon_merged", counts=rounded, notes=[note, *table.notes])


def _texts_of(grid: Grid, rows: list[int]) -> pd.DataFrame:
    """Return the columns of text beside the counts, of the rows that were read."""
    texts = {grid.header[at]: column for at, column in grid.body.iloc[:, 1:].items() if is_text(column)}
    table = pd.DataFrame(texts).set_axis(grid.rows)
    return table.reindex(rows).reset_index(drop=True).astype(object)
