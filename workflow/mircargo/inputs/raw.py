"""What a reader returns: a count table as its program wrote it, before names and samples are matched."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from mircargo.inputs.numbers import MISSING, is_number
from mircargo.inputs.options import DEFAULT_OPTIONS, ReadOptions
from mircargo.problems import Problem, ProblemsFound, listing, refusal

SameFeature = Literal["refuse", "sum", "maximum"]


@dataclass(frozen=True)
class RawTable:
    """Counts as they stand in a file.

    Attributes
    ----------
    path
        Where it was read.
    format
        Name of its format, which `registry.read_table` fills in.
    ids
        The features as the file names them, one per input row.
    rows
        Where each stands in the file: its line, or its column where features are in columns.
    counts
        Input rows x sample columns, non-negative; integers but for `fractional` formats.
    same_feature
        What to do where several rows are one feature: in this format they are parts (sum), the same reads again
        (maximum), or should not be (refuse).
    notes
        What the reader understood, in words.
    fractional
        Whether the program shares reads out in fractions; they are rounded when a feature's rows are summed.
    absent_is_zero
        Whether the program leaves out features without reads.
    biotypes
        Kind of each input row (miRNA, tRNA, piRNA, Y_RNA, ...); None where all are miRNA.
    isomirs
        For isomiR-level files, one row per isomiR: `source_id variant sequence`, then the sample columns.
    n_left_out
        How many of its rows and columns are not counts of a feature in a sample: sums, other units, results of tests.
    n_filled
        How many of its counts are zeros for features that a file of an archive has no row for.
    sheet
        The sheet of a workbook that was asked for; `path` ends in it then.
    about
        Where samples stand in rows: samples x the columns of texts about them; None where there are none.
    """

    path: str
    format: str
    ids: list[str]
    rows: list[int]
    counts: pd.DataFrame
    same_feature: SameFeature
    notes: list[str] = field(default_factory=list)
    fractional: bool = False
    absent_is_zero: bool = False
    biotypes: list[str] | None = None
    isomirs: pd.DataFrame | None = None
    n_left_out: int = 0
    n_filled: int = 0
    sheet: str | None = None
    about: pd.DataFrame | None = None

    @property
    def file(self) -> str:
        """Return the file that the table stands in, as the configuration names it."""
        return self.path if self.sheet is None else self.path.removesuffix(f": {self.sheet}")

    def noted(self, *notes: str, **changes: Any) -> "RawTable":
        """Return the table with more notes, and with other attributes where `changes` gives them."""
        return replace(self, notes=[*self.notes, *notes], **changes)

    def renamed(self, names: Mapping[str, str]) -> "RawTable":
        """Return the table with other names of sample columns, in its counts and its isomiRs."""
        isomirs = None if self.isomirs is None else self.isomirs.rename(columns=names)
        about = None if self.about is None else self.about.rename(index=names)
        return replace(self, counts=self.counts.rename(columns=names), isomirs=isomirs, about=about)


def keep_rows(table: RawTable, keep: np.ndarray, notes: list[str]) -> RawTable:
    at = np.flatnonzero(keep)
    if not len(at):
        what, hint = "this table has no row of a feature", "name the table that holds the counts of miRNAs"
        raise refusal("no_rows_of_features", what, table.path, listing(table.ids), hint)
    return replace(
        table,
        ids=[table.ids[i] for i in at],
        rows=[table.rows[i] for i in at],
        counts=table.counts.iloc[at].reset_index(drop=True),
        biotypes=[table.biotypes[i] for i in at] if table.biotypes else None,
        isomirs=table.isomirs.iloc[at].reset_index(drop=True) if table.isomirs is not None else None,
        notes=notes,
    )


NAMED_AFTER_FILE: Final = "its one sample is named after the file"

MAX_COUNT: Final = 1e12
"""More than any library has; beyond 2**53 a float would not hold a count exactly."""


@dataclass(frozen=True)
class CellLabels:
    """Where the cells of a table of counts stand in its file.

    Attributes
    ----------
    path
        The file.
    rows
        Of each feature: `row 7`, or `column 'hsa-miR-21-5p'` where samples stand in rows.
    samples
        Names of the samples.
    sample_rows
        Where samples stand in rows: `row 3` of each.
    """

    path: str
    rows: Sequence[str]
    samples: Sequence[str]
    sample_rows: Sequence[str] | None = None

    def of(self, row: int, column: int) -> str:
        """Return where a cell stands, in words."""
        if self.sample_rows is not None:
            return f"{self.path}, {self.sample_rows[column]}, {self.rows[row]}"
        return f"{self.path}, {self.rows[row]}, column '{self.samples[column]}'"


def to_counts(
    body: pd.DataFrame, place: CellLabels, options: ReadOptions = DEFAULT_OPTIONS, fractional: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Check that cells are counts and return them, as integers unless the format is `fractional`, and notes.

    Parameters
    ----------
    body
        Features x samples, as read.
    place
        For messages: where each cell stands.
    options
        Which samples are left out on purpose (they are zeros, whatever they hold), and whether missing cells are zeros.
    fractional
        Whether the program shares reads out in fractions.

    Raises
    ------
    ProblemsFound
        With the first cell of each kind that is text, missing, negative or not an integer, and what the table
        seems to hold instead.
    """
    samples = list(place.samples)
    raise_if_not_named(samples, place.path)
    values, missing, wrong = _values_of(body, place, options)
    problems = [_not_a_number(body, place, wrong)] if wrong.any() else []
    if missing.any() and not options.missing_is_zero:
        problems.append(_without_number(body, place, missing))
    if problems:
        raise ProblemsFound(problems)
    for mask, code, what, hint in _faults(values, fractional):
        if mask.any():
            row, column = np.argwhere(mask)[0]
            found = f"{values[row, column]:.15g}" + (f" ({int(mask.sum())} such cells)" if mask.sum() > 1 else "")
            raise refusal(code, what, place.of(row, column), found, hint)
    note = f"{int(missing.sum())} cells without a number are zeros, as `missing_is_zero` says"
    counts = values if fractional else np.rint(values).astype(np.int64)
    return pd.DataFrame(counts, columns=samples), [note] if missing.any() else []


def raise_if_not_named(samples: Sequence[str], path: str) -> None:
    problems = []
    repeated = tuple(name for name, n in Counter(samples).items() if n > 1)
    if repeated:
        what, hint = "sample columns of the same name", "give each sample its own name"
        problems.append(Problem("repeated_sample_columns", what, path, listing(repeated), hint, samples=repeated))
    if "" in samples:
        what, hint = "a sample column without a name", "name it, or remove it"
        found = f"number {samples.index('') + 1} of {len(samples)}"
        problems.append(Problem("unnamed_sample_column", what, path, found, hint))
    if problems:
        raise ProblemsFound(problems)


def _values_of(
    body: pd.DataFrame, place: CellLabels, options: ReadOptions
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cells as floats, and which have no number (they are zeros) or another text (they are NaN)."""
    values = np.zeros(body.shape)
    missing, wrong = np.zeros(body.shape, dtype=bool), np.zeros(body.shape, dtype=bool)
    for at, sample in enumerate(place.samples):
        column = body.iloc[:, at]
        if sample in options.leave_out:
            continue
        if pd.api.types.is_numeric_dtype(column):
            values[:, at] = column.to_numpy(dtype=float)
            continue
        texts = column.astype(str).str.strip()
        absent = texts.str.lower().isin(MISSING).to_numpy()
        numbers = pd.to_numeric(texts.where(texts.map(is_number), "x"), errors="coerce").to_numpy(dtype=float)
        missing[:, at], wrong[:, at] = absent, np.isnan(numbers) & ~absent
        values[:, at] = np.where(absent, 0.0, numbers)
    return values, missing, wrong


def to_values_if_numbers(body: pd.DataFrame, place: CellLabels, options: ReadOptions) -> np.ndarray | None:
    """Return cells as floats, missing ones as zeros; None where one is no number, which `to_counts` reports."""
    values, _, wrong = _values_of(body, place, options)
    return None if wrong.any() else np.nan_to_num(values)


def _in_columns(mask: np.ndarray, place: CellLabels) -> str:
    counts = mask.sum(axis=0)
    per = listing(f"'{place.samples[j]}' {counts[j]}" for j in np.flatnonzero(counts).tolist())
    return f" ({int(mask.sum())} such cells, in {'samples' if place.sample_rows else 'columns'}: {per})"


def _not_a_number(body: pd.DataFrame, place: CellLabels, wrong: np.ndarray) -> Problem:
    row, column = _first_by_column(wrong)
    cell = str(body.iloc[row, column])
    code, what = "not_a_number", "not a number"
    hint = "a count table holds one integer for each feature and sample; leave other columns out"
    texts = body.iloc[row].astype(str).str.strip().tolist()
    if sum(text == name for text, name in zip(texts, place.samples, strict=True)) > len(texts) / 2:
        code, what = "repeated_header", "not a number: the header is repeated"
        hint = "remove this row; were two tables concatenated?"
    elif wrong[row].all() and wrong.all(axis=1).mean() < 0.5 and not any(text[:1].isdigit() for text in texts):
        code, what = "row_of_words", "not a number: this row has words instead of counts"
        hint = "remove the row; what it says about the samples belongs in a column of the sample sheet"
    elif re.fullmatch(r"\s*\d{1,3}([ ,.'\u2019_]\d{3})+([.,]\d+)?\s*", cell):
        code, what = "ambiguous_number", "an ambiguous number: thousands or decimals"
        hint = "write counts without thousands separators"
    elif re.match(r"\d{4}-\d\d-\d\d|\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d\d", cell):
        code, what = "date_and_no_count", "not a number: a date where a count should be"
        hint = "a spreadsheet made it a date: correct this cell"
    found = f"'{cell[:60]}'" + (_in_columns(wrong, place) if wrong.sum() > 1 else "")
    return Problem(code, what, place.of(row, column), found, hint)


def _without_number(body: pd.DataFrame, place: CellLabels, missing: np.ndarray) -> Problem:
    row, column = _first_by_column(missing)
    cell = str(body.iloc[row, column]).strip()
    what = "an empty cell where a count should be" if not cell else "a missing count"
    found = f"'{cell}'" + (_in_columns(missing, place) if missing.sum() > 1 else "")
    hint = "write 0 where there are no reads, or set `missing_is_zero: true` for this table if such cells are zeros"
    return Problem("missing_count", what, place.of(row, column), found, hint)


def _first_by_column(mask: np.ndarray) -> tuple[int, int]:
    column = int(np.argmax(mask.any(axis=0)))
    return int(np.argmax(mask[:, column])), column


def _faults(values: np.ndarray, may_be_fractions: bool) -> Iterator[tuple[np.ndarray, str, str, str]]:
    """Give what may be wrong with numbers, one after the other: the cells, the problem's code, sentence and hint."""
    yield ~np.isfinite(values), "not_finite", "a missing or infinite count", "write 0 where there are no reads"
    hint = "these look like logarithms or differences; give the raw counts that they were computed from"
    yield values < 0, "negative_count", "a count cannot be negative", hint
    yield values > MAX_COUNT, "count_too_large", "a count larger than any library", "correct this cell"
    fractional = np.abs(values - np.rint(values)) > 1e-6
    if fractional.any() and not may_be_fractions:
        hint = "give the table of raw counts, before normalisation"
        if fractional.sum() < 0.01 * (values > 0).sum():
            hint = "correct this cell, or give the table of raw counts"
        yield fractional, "not_raw_counts", f"these are not raw counts: {_kind_of_normalised(values)}", hint


def _kind_of_normalised(values: np.ndarray) -> str:
    totals = values.sum(axis=0)
    if np.allclose(totals, 1e6, rtol=0.01):
        return "every sample adds up to one million, so they are counts per million"
    for total, kind in ((100, "percentages"), (1, "shares of a library")):
        if np.allclose(totals, total, rtol=0.01):
            return f"every sample adds up to {total}, so they are {kind}"
    if values.max() < 30:
        return f"the largest is {values.max():.3g}, so they are probably logarithms"
    return "they have fractions, so they are normalised or estimated"
