"""What readers share: which columns are samples, which rows are features, and whether cells are counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.beside import RESULTS, columns_in_other_units, columns_of_results
from mircargo.inputs.grid import Grid
from mircargo.inputs.header import MIRNA
from mircargo.inputs.layout import COUNT_HEADINGS
from mircargo.inputs.numbers import MISSING, find_odd_decimals, has_decimals
from mircargo.inputs.raw import CellLabels, RawTable, raise_if_not_named, to_counts, to_values_if_numbers
from mircargo.inputs.row_names import raise_if_unnamed
from mircargo.inputs.summaries import is_about_samples, no_counts, summary_columns, summary_rows
from mircargo.inputs.totals import TOTAL, drop_totals
from mircargo.problems import listing, refusal

PROGRAM_COLUMNS = frozenset({
    "unique reads", "uniquereadcount", "totalreadcount", "multimapadjustedreadcount", "freq", "readcount", "mism",
    "ambiguity", "iso_5p", "iso_3p", "iso_add3p", "iso_snp", "nloci", "total_reads", "read count", "read_count", "rpm",
    "cpm", "tpm",
})  # fmt: skip
"""Columns that programs write beside the counts of a sample, in lower case."""
UNNAMED_HEADINGS = frozenset({
    *COUNT_HEADINGS, "", "raw count", "raw counts", "expression", "read_counts", "x", "v2",
})  # fmt: skip
"""Headings of a column of counts that do not name its sample."""


def _sample_names(grid: Grid, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Check that columns can be samples; one column `count` is named after the file."""
    if len(names) == 1 and names[0].lower() in UNNAMED_HEADINGS:
        return [grid.sample], ["its one sample is named after the file"]
    other = [name for name in names if name.lower() in PROGRAM_COLUMNS | RESULTS and name not in grid.options.leave_out]
    if other:
        what = f"column '{other[0]}' is not a sample, and the table is of no known format"
        hint = "was a column or its name removed? give the file as its program wrote it, or names and counts only"
        raise refusal("column_not_a_sample", what, grid.path, f"columns {listing(grid.header)}", hint)
    return list(names), []


def is_text(column: pd.Series) -> bool:
    """Whether every cell of two or more is a text, and none is a number or stands for a missing one."""
    if pd.api.types.is_numeric_dtype(column) or len(column) < 2:
        return False
    texts = column.astype(str).str.strip()
    missing = texts.str.lower().isin(["", "na", "nan", "n/a", "null", "none", "-", ".", "inf", "-inf"])
    return not missing.any() and bool(pd.to_numeric(texts.str.replace(",", ""), errors="coerce").isna().all())


def share_of_mirnas(names: Sequence[str]) -> float:
    return sum(bool(MIRNA.search(name)) for name in names) / len(names) if names else 0.0


def _numbers_in(body: pd.DataFrame) -> np.ndarray:
    """Return the finite numbers in columns of them that are not zero; texts are left to `to_counts`."""
    numbers = body.select_dtypes("number").to_numpy(dtype=float)
    return numbers[np.isfinite(numbers) & (numbers != 0)]


def _are_fractions(numbers: np.ndarray) -> np.ndarray:
    return np.abs(numbers - np.rint(numbers)) > 1e-6


def has_fractions(body: pd.DataFrame) -> bool:
    """Whether a number in these columns is no integer."""
    return bool(_are_fractions(_numbers_in(body)).any())


def mostly_integers(body: pd.DataFrame) -> bool:
    """Whether many counts above zero are integers, as where a program shares out a few reads in fractions."""
    numbers = _numbers_in(body)
    above = numbers[numbers > 0]
    return bool(len(above)) and float(np.mean(~_are_fractions(above))) >= 0.3


def shares_reads(body: pd.DataFrame, decimals: int = 15, fewest: int = 2) -> bool:
    """Whether the fractions in these columns look like shared reads, and not like normalised values or a typing error.

    Parameters
    ----------
    body
        Columns of counts.
    decimals
        The most that the program writes.
    fewest
        At least as many cells must have a fraction: a single one may be a typing error.
    """
    numbers = _numbers_in(body)
    above = numbers[numbers > 0]
    scaled = above * 10.0 ** min(decimals, 6)
    as_written = decimals > 6 or bool((np.abs(scaled - np.rint(scaled)) < 1e-3).all())
    return int(_are_fractions(above).sum()) >= fewest and as_written and mostly_integers(body)


def read_columns(
    grid: Grid, ids: Sequence[str], body: pd.DataFrame, samples: Sequence[str], fractional: bool = False
) -> RawTable:
    """Make a table of columns of a grid, its ids stripped and checked."""
    ids = [text.strip() for text in ids]
    raise_if_unnamed(ids, grid.where, grid.path)
    place = CellLabels(grid.path, grid.where, samples)
    raise_if_doubtful(grid, body, place, fractional)
    counts, missing = to_counts(body, place, grid.options, fractional)
    grid.notes.extend(missing)
    return RawTable(grid.path, "", ids, grid.rows, counts, "refuse", fractional=fractional)


def read_matrix(
    grid: Grid, ids: Sequence[str], body: pd.DataFrame, samples: Sequence[str], fractional: bool = False
) -> RawTable:
    """Make a table of a matrix that may have other columns beside the counts; see `read_columns`.

    Columns of other units, results of tests, sums and means are left out, with a note.
    """
    notes, left_out = [], 0
    for template, find in _NO_COUNTS:
        if found := find(samples, body, grid.options.leave_out):
            names = [samples[at] for at in found]
            words = template.format(n=len(found), names=listing(names), quoted=listing(map(repr, names)))
            notes.append(f"left out: {words}")
            kept = [at for at in range(len(samples)) if at not in found]
            body, samples, left_out = body.iloc[:, kept], [samples[at] for at in kept], left_out + len(found)
    samples, named = _sample_names(grid, samples)
    raise_if_not_named(samples, grid.path)
    place = CellLabels(grid.path, grid.where, samples)
    beside = {} if fractional else no_counts(body, samples, grid.options.leave_out)
    counted = [at for at in range(len(samples)) if at not in beside]
    raise_if_doubtful(grid, body.iloc[:, counted], replace(place, samples=[samples[at] for at in counted]))
    columns, rows = _sums(body, list(ids), place, grid)
    columns = beside | columns
    notes += [*named, *(f"left out: column '{samples[at]}', {words}" for at, words in columns.items())]
    notes += [f"left out: {grid.where[at]}, '{ids[at].strip()}', {words}" for at, words in rows.items()]
    kept = [at for at in range(len(samples)) if at not in columns]
    lines = [at for at in range(len(grid.rows)) if at not in rows]
    part = replace(grid, rows=[grid.rows[at] for at in lines])
    body = body.iloc[lines, kept].reset_index(drop=True)
    table = read_columns(part, [ids[at] for at in lines], body, [samples[at] for at in kept], fractional)
    left_out += len(columns) + len(rows)
    return drop_totals(replace(table, notes=[*notes, *table.notes], n_left_out=left_out), part.where)


def read_whole(grid: Grid, fractional: bool = False) -> RawTable:
    """Make a table of a grid that has names in its first column, and counts in all others; see `read_matrix`."""
    return read_matrix(grid, grid.body[0].tolist(), grid.body.iloc[:, 1:], grid.header[1:], fractional)


def tab_separated_mirnas(grid: Grid, first: str) -> str | None:
    """Say that a table is tab separated, with miRNAs in a first column of this name, and numbers; else return None."""
    if grid.delimiter != "\t" or grid.header[0] != first or len(grid.header) < 2:
        return None
    numeric = all(kind.kind in "if" for kind in grid.body.dtypes.iloc[1:])
    if not numeric or share_of_mirnas(grid.body[0].tolist()) <= 0.5:
        return None
    return f"{'' if grid.from_workbook else 'tab separated, '}a first column '{first}'"


def biotypes_by_name(grid: Grid, ids: Sequence[str], by_word: Mapping[str, str]) -> list[str] | None:
    """Return the kind of RNA that a word in the file's name tells, for each row; None where it is miRNA."""
    kind = next((kind for word, kind in by_word.items() if word in grid.sample.lower()), "miRNA")
    return None if kind == "miRNA" else [kind] * len(ids)


def _sums(body: pd.DataFrame, ids: list[str], place: CellLabels, grid: Grid) -> tuple[dict[int, str], dict[int, str]]:
    """Find the columns and rows that sum others up, as far as cells are numbers."""
    values = to_values_if_numbers(body, place, grid.options)
    if values is None:
        return {}, {}
    judged = [at for at, sample in enumerate(place.samples) if sample not in grid.options.leave_out]
    rows = summary_rows(values[:, judged], ids)
    others = [at for at in range(len(ids)) if at not in rows and not ids[at].startswith("__")]
    found = summary_columns(values[np.ix_(others, judged)], [place.samples[at] for at in judged])
    about = {at: "about the samples" for at, text in enumerate(ids) if at not in rows and _is_property(text, ids)}
    return {judged[at]: words for at, words in found.items()}, rows | about


def _sums_without_numbers(names: Sequence[str], body: pd.DataFrame, kept: frozenset[str]) -> list[int]:
    """Find sums whose formula nobody has calculated."""
    empty = [at for at, name in enumerate(names) if TOTAL.match(name) and _is_empty(body.iloc[:, at])]
    return empty if len(empty) < len(names) else []


def _is_empty(column: pd.Series) -> bool:
    return column.dtype == object and bool(column.astype(str).str.strip().str.lower().isin(MISSING).all())


_NO_COUNTS: Final = (
    ("{n} columns of the same samples in another unit, {names}", columns_in_other_units),
    ("columns of a test's results, {names}", columns_of_results),
    ("column {quoted}, in which no cell has a number", _sums_without_numbers),
)
"""What may stand beside the counts, in words, and how it is found."""


def _is_property(text: str, ids: Sequence[str]) -> bool:
    return is_about_samples(text.strip()) and share_of_mirnas(ids[:200]) > 0.5


def raise_if_doubtful(grid: Grid, body: pd.DataFrame, place: CellLabels, fractional: bool = False) -> None:
    """Refuse columns whose points may part thousands or decimals, where no other cell tells which.

    Where counts may be fractions, a cell is refused whose decimals are unlike those of all others.
    """
    texts = {at: grid.texts[name] for at, name in enumerate(body.columns) if name in grid.texts}
    judged = [at for at in texts if place.samples[at] not in grid.options.leave_out]
    doubtful = {at: grid.doubtful[body.columns[at]] for at in texts if body.columns[at] in grid.doubtful}
    found = next(((at, doubtful[at]) for at in judged if at in doubtful), None)
    if any(has_decimals(texts[at]) for at in texts if at not in doubtful):
        found = None
    if found is None and fractional:
        mixed = [at for at in judged if texts[at].dtype == object]
        odd = find_odd_decimals([texts[at].astype(str).tolist() for at in mixed])
        found = (mixed[odd[0]], odd[1]) if odd else None
    if found is None:
        return
    at, row = found
    cell = texts[at].iloc[row]
    what = "an ambiguous number: thousands or decimals"
    hint = "write counts without thousands separators and decimals"
    where = f"{grid.path}, row {grid.rows[row]}, column '{place.samples[at]}'"
    raise refusal("ambiguous_number", what, where, f"'{cell}' may be {cell.replace('.', '')}", hint)
