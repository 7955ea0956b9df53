"""Tables about genes: the length of the 3'UTR, GC, and identifiers of other kinds."""

from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.grid import read_grid
from mircargo.inputs.numbers import MISSING
from mircargo.problems import listing, refusal

UTR3_LENGTH: Final = (
    "utr3_length", "len_3utr", "utr_length", "3utr_length", "utr3_len", "3utr", "utr3", "3'utr length",
    "3' utr length", "utr length", "three_prime_utr_length", "length_3utr",
)  # fmt: skip
GC: Final = (
    "gc",
    "gc_content",
    "gc content",
    "utr3_gc",
    "gene % gc content",
    "% gc content",
    "percentage_gene_gc_content",
)
"""What columns are called, in lower case."""


def read_gene_table(path: str) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Read a table about genes, a row for a gene or for each of its transcripts.

    Returns
    -------
    tuple
        The table, with `utr3_length` (bases) and `gc` (0 to 1) as numbers, missing where there is none, and its other
        columns as text; the names of these; and notes.

    Raises
    ------
    ProblemsFound
        Where it has neither a length of 3'UTRs nor GC, or a cell of theirs is no number.
    """
    grid = read_grid(path, as_text=True)
    lower = [name.lower() for name in grid.header]
    at = {
        name: next((lower.index(word) for word in words if word in lower), None)
        for name, words in (("utr3_length", UTR3_LENGTH), ("gc", GC))
    }
    if at["utr3_length"] is None and at["gc"] is None:
        hint = f"name the columns `{UTR3_LENGTH[0]}` (bases) and `{GC[0]}`"
        what = "this table of genes has no column of lengths of 3'UTRs, and none of GC"
        raise refusal("no_facts_of_genes", what, path, f"columns {listing(grid.header, 15)}", hint)
    table = pd.DataFrame(index=range(len(grid.rows)))
    notes = []
    for name, column in at.items():
        if column is None:
            continue
        texts = grid.body.iloc[:, column].astype(str).str.strip()
        missing = texts.str.lower().isin(MISSING)
        numbers = pd.to_numeric(texts.where(~missing), errors="coerce")
        wrong = (numbers.isna() & ~missing) | (numbers < 0)
        if wrong.any():
            row = int(np.argmax(wrong.to_numpy()))
            where = f"{path}, row {grid.rows[row]}, column '{grid.header[column]}'"
            raise refusal("not_a_number", "no length and no share", where, f"'{texts.iloc[row]}'", "write NA for none")
        table[name] = numbers.to_numpy(dtype=float)
        notes.append(f"{name} is in '{grid.header[column]}'")
    if "gc" in table and table["gc"].max() > 1:
        table["gc"] = table["gc"] / 100
        notes.append("GC is in percent")
    ids = [name for each, name in enumerate(grid.header) if each not in at.values()]
    for each, name in enumerate(grid.header):
        if name in ids:
            table[name] = grid.body.iloc[:, each].astype(str).str.strip().to_numpy()
    return table, ids, notes
