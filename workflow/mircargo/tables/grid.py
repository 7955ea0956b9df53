"""A text table or spreadsheet as a header and a body, before anything is known about what it holds."""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd

from mircargo.problems import Problem, ProblemsFound

DELIMITERS = "\t,;"


@dataclass(frozen=True)
class Grid:
    """Cells of a table.

    Attributes
    ----------
    path
        Where it was read.
    comments
        Lines before the header that begin with ``#``.
    header
        Names of the columns as they stand in the file.
    body
        Rows x columns; a column in which every cell is a number is numeric, any other holds texts.
    first_row
        Line (row of the sheet) of the body's first row, counted from 1.
    """

    path: str
    comments: list[str]
    header: list[str]
    body: pd.DataFrame
    first_row: int


def read_grid(path: str | Path) -> Grid:
    """Read a delimited text file (tab, comma or semicolon; perhaps gzipped) or the first sheet of an .xlsx.

    Raises
    ------
    ProblemsFound
        Where the file is missing, empty, not text, or has rows of different lengths.
    """
    try:
        content = Path(path).read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
    except FileNotFoundError:
        raise ProblemsFound(
            Problem(
                "this file does not exist",
                str(path),
                "",
                "check the path; it is relative to the working directory",
            )
        ) from None
    except (OSError, EOFError) as error:
        raise ProblemsFound(Problem("this file cannot be read", str(path), str(error))) from None
    text = _sheet_as_text(content, path) if content[:4] == b"PK\x03\x04" else _decode(content, path)
    return _parse(text, str(path))


def _decode(content: bytes, path: str | Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemsFound(
            Problem(
                "this file is not text in UTF-8",
                str(path),
                f"byte {error.start} is 0x{content[error.start]:02x}",
                "save it as tab-separated text in UTF-8",
            )
        ) from None


def _sheet_as_text(content: bytes, path: str | Path) -> str:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ProblemsFound(Problem("this is not a spreadsheet that can be read", str(path), str(error))) from None
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for row in book.worksheets[0].iter_rows(values_only=True):
        writer.writerow("" if cell is None else cell for cell in row)
    book.close()
    return out.getvalue()


def _parse(text: str, path: str) -> Grid:
    lines = io.StringIO(text, newline=None)
    comments: list[str] = []
    head = lines.readline()
    while head.startswith("#") or (head and not head.strip()):
        comments.append(head.rstrip("\n"))
        head = lines.readline()
    if not head.strip():
        raise ProblemsFound(
            Problem("this file holds no table", path, "nothing but comments" if comments else "an empty file")
        )
    delimiter = max(DELIMITERS, key=head.count)
    header = next(csv.reader([head], delimiter=delimiter))
    first_row = len(comments) + 2
    try:
        body = pd.read_csv(
            lines,
            sep=delimiter,
            header=None,
            dtype={0: str},
            keep_default_na=False,
            skip_blank_lines=False,
            low_memory=False,
        )
    except pd.errors.EmptyDataError:
        raise ProblemsFound(
            Problem("this table has a header and no rows", path, f"header of {len(header)} columns")
        ) from None
    except pd.errors.ParserError as error:
        raise ProblemsFound(
            Problem(
                "the rows of this table have different lengths",
                path,
                str(error).removeprefix("Error tokenizing data. C error: ").strip(),
            )
        ) from None
    blank = (body[0].isna() | (body[0] == "")) & body.iloc[:, 1:].map(_is_blank).all(axis=1)
    if blank.any():  # a final empty line, or a spacer: no row of the table
        last = len(blank) - 1
        while last >= 0 and blank.iloc[last]:
            last -= 1
        body = body.iloc[: last + 1].infer_objects()
        body = body.apply(lambda column: column if column.name == 0 else _renumber(column))
    if len(header) == body.shape[1] - 1:  # R's write.table leaves out the name of the row names
        header = ["", *header]
    if len(header) != body.shape[1]:
        raise ProblemsFound(
            Problem(
                "header and rows have different lengths",
                f"{path}, row {first_row}",
                f"{len(header)} names in the header, {body.shape[1]} cells in a row",
            )
        )
    return Grid(path, comments, [name.strip() for name in header], body, first_row)


def _is_blank(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and cell != cell)


def _renumber(column: "pd.Series[str]") -> "pd.Series[float]":
    """Give a column its numbers back that a blank last line had made text."""
    try:
        return pd.to_numeric(column)
    except ValueError:
        return column
