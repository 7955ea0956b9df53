"""A text table or spreadsheet as a header and a body, before anything is known about what it holds."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from mircargo.delimited import cells_of, delimiter_of, lines_of
from mircargo.inputs.content import Document, open_documents, sample_of
from mircargo.inputs.header import (
    ALIKE,
    fit_header,
    implied_header,
    is_header,
    without_preamble,
    without_remarks,
)
from mircargo.inputs.numbers import Numbers, read_numbers
from mircargo.inputs.one_sheet import only_sheet
from mircargo.inputs.options import DEFAULT_OPTIONS, ReadOptions
from mircargo.inputs.signs import clean, raise_if_control_characters, raise_if_long
from mircargo.problems import refusal


@dataclass(frozen=True)
class Grid:
    """Cells of a table.

    Attributes
    ----------
    path
        Where it was read.
    comments
        Lines before the header that begin with ``#``, and titles.
    header
        Names of the columns as they stand in the file.
    body
        Rows x columns; a column in which every cell is a number is numeric, any other holds texts.
    rows
        Line (row of the sheet) of each row of the body, counted from 1.
    delimiter
        What separates the cells.
    sample
        The file's name without endings: the sample, where the file has one and does not name it.
    notes
        What was understood or left out on the way, in words.
    texts
        The body before numbers were made of it; columns of plain integers are integers.
    doubtful
        Columns whose points may part thousands or decimals, and the first such row of each.
    options
        What the configuration says of how the table is read.
    from_workbook
        Whether it is a sheet of a workbook: then somebody, and not a program alone, has made it.
    """

    path: str
    comments: list[str]
    header: list[str]
    body: pd.DataFrame
    rows: list[int]
    delimiter: str = "\t"
    sample: str = ""
    notes: list[str] = field(default_factory=list)
    texts: pd.DataFrame = field(default_factory=pd.DataFrame)
    doubtful: dict[int, int] = field(default_factory=dict)
    options: ReadOptions = DEFAULT_OPTIONS
    from_workbook: bool = False

    @property
    def where(self) -> list[str]:
        return [f"row {row}" for row in self.rows]

    def cells(self, at: int) -> list[str]:
        """Return the texts of a column."""
        return [str(cell) for cell in self.texts[at]]

    def column(self, name: str) -> "pd.Series[str]":
        """Return a column as texts, stripped."""
        return self.body.iloc[:, self.header.index(name)].astype(str).str.strip()


def read_grid(path: str | Path, as_text: bool = False, holds: Callable[[Document], bool] | None = None) -> Grid:
    """Read a delimited text file (tab, comma or semicolon; perhaps gzipped) or a sheet of an .xlsx.

    With `as_text` every cell stays as it is written; else a column of numbers is numeric. `holds` tells the sheet that
    is meant; else it is the first.

    Raises
    ------
    ProblemsFound
        Where the file is missing, empty, not text, an archive, or has rows of different lengths.
    """
    documents, archive = open_documents(path)
    if archive:
        raise refusal("archive_and_no_table", "this is an archive, not a table", str(path), "", "unpack it")
    return parse(documents[0] if holds is None else only_sheet(documents, holds), as_text)


def parse(document: Document, as_text: bool = False, options: ReadOptions = DEFAULT_OPTIONS) -> Grid:
    """Find header and body in a text; see `read_grid`."""
    path = document.path
    text, signs = (raise_if_control_characters(document.text, path), []) if as_text else clean(document.text, path)
    numbered = [(number, line) for number, line in enumerate(lines_of(text), 1) if line.strip(' \t,;"')]
    start = next((i for i, (_, line) in enumerate(numbered) if not line.startswith("#")), len(numbered))
    comments, numbered = [line for _, line in numbered[:start]], numbered[start:]
    if not numbered:
        found = "nothing but comments" if comments else "an empty file"
        raise refusal("no_table", "this file holds no table", path, found, "name the file that has the table")
    delimiter = delimiter_of(numbered[0][1], numbered[1][1] if len(numbered) > 1 else "")
    notes = [*document.notes, *signs]
    if not as_text:
        numbered, above, left_out = without_preamble(numbered, delimiter)
        comments, notes = [*comments, *above], [*notes, *left_out]
        delimiter = delimiter_of(numbered[0][1], numbered[1][1] if len(numbered) > 1 else "")
    if comments and is_header(comments[-1], numbered[0][1], delimiter, f"{path}, row {numbered[0][0]}"):
        header = cells_of(comments.pop(), delimiter)
    elif header := implied_header(cells_of(numbered[0][1], delimiter), sample_of(document.name), path, numbered[0][0]):
        notes += ["this file has no header: its one sample is named after the file"] if len(header) == 2 else []
    else:
        header = cells_of(numbered.pop(0)[1], delimiter)
    if not as_text:
        numbered, left_out = without_remarks(numbered, delimiter)
        notes += left_out
    if not numbered:
        found = f"header of {len(header)} columns"
        hint = "add the rows, or name the file that has them"
        raise refusal("no_rows", "this table has a header and no rows", path, found, hint)
    header = [name.strip() for name in header]
    raise_if_long(header, [f"column {at}" for at in range(1, len(header) + 1)], path)
    header = fit_header(header, numbered, delimiter, path)
    texts = _body([line for _, line in numbered], len(header), delimiter, path, as_text)
    kept = [at for at, name in enumerate(header) if name or not _is_blank(texts[at]) or len(header) < 3]
    header, texts = [header[at] for at in kept], texts[kept].set_axis(range(len(kept)), axis=1)
    rows, sample = [number for number, _ in numbered], sample_of(document.name)
    if not as_text:
        raise_if_long(texts[0].tolist(), [f"row {row}" for row in rows], path)
    read = Numbers(texts, texts) if as_text else read_numbers(texts, delimiter)
    fields = (path, comments, header, read.body, rows, delimiter, sample, [*notes, *read.notes], read.texts)
    return Grid(*fields, read.doubtful, options, document.from_workbook)


def _body(lines: list[str], width: int, delimiter: str, path: str, as_text: bool) -> pd.DataFrame:
    """Read the cells: columns of plain integers, of which no text is needed, as such, and all others as texts."""
    text = "\n".join(lines)
    options: dict[str, Any] = {"sep": delimiter, "header": None}
    options |= dict.fromkeys(("keep_default_na", "low_memory", "skip_blank_lines"), False)
    try:
        body = pd.read_csv(io.StringIO(text), dtype=str if as_text else {0: str}, **options)
        others = [name for name in body.columns if body[name].dtype != "int64"]
        if not as_text and len(others) > 1:
            body[others] = pd.read_csv(io.StringIO(text), dtype=str, usecols=others, **options)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OverflowError) as error:
        found = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise refusal(
            "row_lengths_differ", "the rows of this table have different lengths", path, found, ALIKE
        ) from None
    if body.shape != (len(lines), width):
        found = f"{body.shape[0]} rows of {body.shape[1]} cells from {len(lines)} lines of {width}"
        raise refusal("row_lengths_differ", "the rows of this table have different lengths", path, found, ALIKE)
    return body.astype(dict.fromkeys(others, object)).fillna(dict.fromkeys(others, ""))


def _is_blank(column: pd.Series) -> bool:
    return column.dtype == object and not any(cell.strip() for cell in column)
