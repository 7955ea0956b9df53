"""A text table or spreadsheet as a header and a body, before anything is known about what it holds."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from mircargo.problems import Problem, ProblemsFound
from mircargo.tables.content import Document, open_documents, sample_of

NAME_WORDS = {"", "feature", "features", "name", "names", "id", "ids", "mirna", "mirnas", "mir", "mirna_id", "gene"}
NAME_WORDS |= {"geneid", "gene_id", "genes", "mature", "uid", "seq", "sequence", "referenceid", "db", "entry name"}
NAME_WORDS |= {"sample", "samples", "precursor", "mirna name", "mirna_name"}
GFF = ["seqid", "source", "type", "start", "end", "score", "strand", "phase", "attributes"]
MIRNA = re.compile(
    r"^(?:[a-z]{3,4}[-._])?(?:mir|let|lin|lsy|iab|bantam)(?:[-._]?\d|$|-[35]p)|(?<![A-Za-z])MI(?:MAT)?\d{7}", re.I
)
_DECIMAL_COMMA = re.compile(r"\s*-?\d+(,\d+)?\s*")
_THOUSANDS = re.compile(r"\s*-?\d{1,3}(,\d{3})+\s*")


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
    """

    path: str
    comments: list[str]
    header: list[str]
    body: pd.DataFrame
    rows: list[int]
    delimiter: str = "\t"
    sample: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def where(self) -> list[str]:
        return [f"row {row}" for row in self.rows]

    def column(self, name: str) -> "pd.Series[str]":
        """Return a column as texts, stripped."""
        return self.body.iloc[:, self.header.index(name)].astype(str).str.strip()


def read_grid(path: str | Path, as_text: bool = False) -> Grid:
    """Read a delimited text file (tab, comma or semicolon; perhaps gzipped) or the first sheet of an .xlsx.

    Parameters
    ----------
    path
        Of the file.
    as_text
        Leave every cell as it is written; else a column of numbers is numeric.

    Raises
    ------
    ProblemsFound
        Where the file is missing, empty, not text, an archive, or has rows of different lengths.
    """
    documents, archive = open_documents(path)
    if archive:
        raise ProblemsFound(Problem("this is an archive, not a table", str(path), "", "unpack it"))
    return parse(documents[0], as_text)


def parse(document: Document, as_text: bool = False) -> Grid:
    """Find header and body in a text; see `read_grid`."""
    path = document.path
    numbered = [(number, line) for number, line in enumerate(_lines(document.text), 1) if line.strip(' \t,;"')]
    start = next((i for i, (_, line) in enumerate(numbered) if not line.startswith("#")), len(numbered))
    comments, numbered = [line for _, line in numbered[:start]], numbered[start:]
    if not numbered:
        found = "nothing but comments" if comments else "an empty file"
        raise ProblemsFound(Problem("this file holds no table", path, found))
    delimiter = _delimiter(numbered[0][1], numbered[1][1] if len(numbered) > 1 else "")
    notes = list(document.notes)
    while len(numbered) > 2 and _is_title(_cells(numbered[0][1], delimiter), numbered[1][1]):
        title = numbered.pop(0)[1]
        comments.append(title)
        notes.append(f"a title above the table is left out: {title.strip()[:80]}")
        delimiter = _delimiter(numbered[0][1], numbered[1][1])
    if comments and _is_header(comments[-1], numbered[0][1], delimiter, f"{path}, row {numbered[0][0]}"):
        header = _cells(comments.pop(), delimiter)
    elif header := _implied_header(_cells(numbered[0][1], delimiter), sample_of(document.name), path, numbered[0][0]):
        notes += ["this file has no header: its one sample is named after the file"] if len(header) == 2 else []
    else:
        header = _cells(numbered.pop(0)[1], delimiter)
    while numbered and numbered[-1][1].startswith("###"):
        numbered.pop()
    if not numbered:
        found = f"header of {len(header)} columns"
        raise ProblemsFound(Problem("this table has a header and no rows", path, found))
    header = [name.strip() for name in header]
    header = _fit_header(header, numbered, delimiter, path)
    body = _body([line for _, line in numbered], len(header), delimiter, path, as_text)
    if delimiter != ",":
        body, commas = _read_decimal_commas(body)
        notes += ["numbers are written with a decimal comma"] if commas else []
    while len(header) > 1 and not header[-1] and _is_blank(body.iloc[:, -1]):
        header, body = header[:-1], body.iloc[:, :-1]
    rows = [number for number, _ in numbered]
    return Grid(path, comments, header, body, rows, delimiter, sample_of(document.name), notes)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _delimiter(head: str, first: str) -> str:
    if "\t" in head or ("\t" in first and not set(",;") & set(head)):
        return "\t"
    delimiter = max(",;", key=lambda each: (head.count(each) > 0, first.count(each) > 0, head.count(each)))
    if head.count(delimiter) == 0 and first.count(delimiter) == 0 and " " in first.strip():
        return " "
    return delimiter


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return line.split(delimiter)


def _is_title(cells: Sequence[str], following: str) -> bool:
    """Whether a line is a sentence above the table: one cell, and a header (not numbers) below it."""
    if not cells[0].strip() or any(cell.strip() for cell in cells[1:]):
        return False
    below = [cell.strip() for cell in _cells(following, _delimiter(following, ""))]
    return sum(map(bool, below)) > 1 and not MIRNA.search(below[0]) and not any(is_number(cell) for cell in below[1:])


def _is_header(comment: str, first: str, delimiter: str, where: str) -> bool:
    """Whether a line with `#` names the columns: as many cells as the row below it, which has numbers."""
    names, below = _cells(comment, delimiter), _cells(first, delimiter)
    parts = re.split(r"[\t,;|]", comment)
    if len(names) < 2 <= len(parts) and parts[0].lstrip("# ").lower() in NAME_WORDS - {""}:
        what, found = "header and rows have different delimiters", f"the line '{comment[:40]}'"
        raise ProblemsFound(Problem(what, where, found))
    if comment.startswith("##") or len(names) < 2 or any(map(is_number, names[:2])):
        return False
    if names[0].lstrip("# ").lower() not in NAME_WORDS - {""} and not any(map(is_number, below)):
        return False
    if len(names) != len(below):
        what, found = "header and rows have different lengths", f"{len(names)} names in the line '{comment[:40]}'"
        raise ProblemsFound(Problem(what, where, f"{found}, {len(below)} cells in the row below it"))
    return True


def _implied_header(cells: list[str], sample: str, path: str, row: int) -> list[str]:
    """Name the columns of a file without a header: a GFF, or names and counts of one sample."""
    if len(cells) == len(GFF) and cells[6] in ("+", "-", ".") and is_number(cells[3]) and is_number(cells[4]):
        return GFF
    mirnas, numbers = [bool(MIRNA.search(cell.strip())) for cell in cells], list(map(is_number, cells))
    if mirnas == [True, False] and numbers[1]:
        return ["", sample]
    if (any(mirnas) and any(numbers)) or mirnas[:2] == [True, False]:
        what = "this table has no header: its first row is a feature and counts"
        raise ProblemsFound(Problem(what, f"{path}, row {row}", f"'{cells[0]}'", "add a row with the columns' names"))
    return []


def is_number(cell: str) -> bool:
    try:
        float(cell.strip().strip('"').replace(",", "."))
    except ValueError:
        return False
    return True


def _fit_header(header: list[str], numbered: list[tuple[int, str]], delimiter: str, path: str) -> list[str]:
    """Check that every row has as many cells, and find the names of the columns."""
    widths = []
    for number, line in numbered:
        if line.count('"') % 2:
            raise ProblemsFound(
                Problem("a quotation mark is opened and not closed", f"{path}, row {number}", line.strip()[:60])
            )
        widths.append(line.count(delimiter) + 1 if '"' not in line else len(_cells(line, delimiter)))
    wanted = len(header)
    if min(widths) == max(widths) == wanted + 1:
        if all(line.endswith(delimiter) for _, line in numbered):
            return [*header, ""]
        if (
            re.split(r"[\t,;|]", header[0].lower().lstrip("#"))[0].strip() not in NAME_WORDS
        ):  # R's write.table leaves out the name of the row names
            return ["", *header]
    if len(set(widths)) > 1 and wanted not in widths:
        wanted = widths[0]
    for (number, _), width in zip(numbered, widths, strict=True):
        if width < wanted:
            at = header[width] if width < len(header) else f"number {width + 1}"
            where, found = f"{path}, row {number}, column '{at}'", f"{width} cells where there should be {wanted}"
            raise ProblemsFound(
                Problem("the rows of this table have different lengths: cells are missing", where, found)
            )
        if width > wanted:
            what = "the rows of this table have different lengths"
            if len(set(widths)) == 1:
                what = "header and rows have different lengths"
            found = f"{width} cells in a row where there should be {wanted}"
            raise ProblemsFound(Problem(what, f"{path}, row {number}", found))
    if wanted != len(header):
        found = f"{len(header)} names in the header, {wanted} cells in a row"
        raise ProblemsFound(Problem("header and rows have different lengths", f"{path}, row {numbered[0][0]}", found))
    return header


def _body(lines: list[str], width: int, delimiter: str, path: str, as_text: bool) -> pd.DataFrame:
    try:
        body = pd.read_csv(
            io.StringIO("\n".join(lines)),
            sep=delimiter,
            header=None,
            dtype=str if as_text else {0: str},
            keep_default_na=False,
            skip_blank_lines=False,
            low_memory=False,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OverflowError) as error:
        found = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise ProblemsFound(Problem("the rows of this table have different lengths", path, found)) from None
    if body.shape != (len(lines), width):
        found = f"{body.shape[0]} rows of {body.shape[1]} cells from {len(lines)} lines of {width}"
        raise ProblemsFound(Problem("the rows of this table have different lengths", path, found))
    booleans = [column for column in body.columns if body[column].dtype == bool]
    return body.astype(dict.fromkeys(booleans, str)) if booleans else body


def _read_decimal_commas(body: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    changed: dict[int, pd.Series] = {}
    for column in body.columns[1:]:
        if pd.api.types.is_numeric_dtype(body[column]):
            continue
        texts = body[column].astype(str)
        with_comma = texts.str.contains(",", regex=False)
        if with_comma.any() and texts.str.fullmatch(_DECIMAL_COMMA).all():
            if texts.str.fullmatch(_THOUSANDS).any():  # 1,000 may be one or a thousand: refused as text later
                return body, False
            changed[column] = pd.to_numeric(texts.str.replace(",", ".", regex=False))
    return _replace(body, changed), bool(changed)


def _replace(body: pd.DataFrame, columns: dict[int, pd.Series]) -> pd.DataFrame:
    return pd.concat([columns.get(name, body[name]) for name in body.columns], axis=1) if columns else body


def _is_blank(column: pd.Series) -> bool:
    return bool(column.isna().all() or (column.astype(str).str.strip() == "").all())
