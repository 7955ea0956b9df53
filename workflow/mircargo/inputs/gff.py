"""GFF of isomiRs, for `mirtop_gff` and `isomir_sea`: attributes `Key value` or `Key=value`."""

import re

import numpy as np
import pandas as pd

from mircargo.inputs.cells import read_columns
from mircargo.inputs.grid import Grid
from mircargo.inputs.isomir_rows import with_isomirs
from mircargo.inputs.numbers import numbers_or_texts
from mircargo.inputs.raw import RawTable, keep_rows
from mircargo.problems import refusal


def read_isomirs(grid: Grid, keys: tuple[str, str, str, str], samples: list[str], note: str) -> RawTable:
    """Read the isomiRs of a GFF, whose lines stand under the header `GFF`.

    `keys` are the attributes that hold the miRNA, its counts (as many as samples, separated by commas), its variant and
    its sequence.

    Raises
    ------
    ProblemsFound
        Where a line lacks its name or its counts, as an annotation does.
    """
    name, count, variant, sequence = keys
    rows = [attributes_of(text) for text in grid.body[8].astype(str)]
    for where, row in zip(grid.where, rows, strict=True):
        lacking = [key for key in (name, count) if not row.get(key)]
        if lacking:
            hint = "an annotation has no counts: give what `mirtop gff` or isomiR-SEA wrote of the samples"
            what = f"a line without `{'` and `'.join(lacking)}`"
            raise refusal("gff_lacks_attribute", what, f"{grid.path}, {where}", ", ".join(row), hint)
    counts = [row[count].split(",") for row in rows]
    for where, cells in zip(grid.where, counts, strict=True):
        if len(cells) != len(samples):
            found = f"{len(cells)} counts for {len(samples)} samples"
            raise refusal("gff_lengths_differ", "counts and samples differ in number", f"{grid.path}, {where}", found)
    ids = [" ".join(row[name].split()[:2]) for row in rows]
    table = read_columns(grid, ids, pd.DataFrame(counts).apply(numbers_or_texts), samples)
    table = table.noted(note, same_feature="sum", absent_is_zero=True)
    passed = np.array([row.get("Filter", row.get("FILTER", "Pass")).lower() == "pass" for row in rows])
    if not passed.all():
        reads = table.counts[~passed].to_numpy().sum()
        left_out = f"left out: {int((~passed).sum())} lines with {reads:,.0f} reads that did not pass the filter"
        table = keep_rows(table, passed, [*table.notes, left_out])
        rows = [row for row, good in zip(rows, passed, strict=True) if good]
    return with_isomirs(table, [row.get(variant, "") for row in rows], [row.get(sequence, "") for row in rows])


def attributes_of(text: str) -> dict[str, str]:
    """Take attributes apart, `Key value` or `Key=value`, separated by a semicolon."""
    found = {}
    for part in text.split(";"):
        key, _, value = re.sub(r"^(\w+)[ =]", r"\1\t", part.strip()).partition("\t")
        if key:
            found[key] = value.strip()
    return found
