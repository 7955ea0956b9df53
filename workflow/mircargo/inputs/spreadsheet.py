"""Workbooks: each sheet as tab-separated text."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any, Final

from mircargo.problems import ProblemsFound, refusal

_MAX_BLANK_ROWS: Final = 100_000
"""Behind as many empty rows nothing more is looked for: a formatted cell at the end of a sheet is no table."""


def read_sheets(content: bytes, path: str, spend: Callable[[int], None]) -> list[tuple[str, str]]:
    """Read title and text of the sheets of an .xlsx, as its program last calculated them.

    `spend` is told how much memory is taken, and raises where that is too much.

    Raises
    ------
    ProblemsFound
        Where the file is no workbook that can be read.
    """
    import openpyxl  # takes a tenth of a second, and most tables are text

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:  # no member unpacks to more than it says
            spend(sum(info.file_size for info in packed.infolist()))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = [(str(sheet.title), _text_of(sheet, spend)) for sheet in book.worksheets]
        book.close()
    except ProblemsFound:
        raise
    except Exception as error:  # a damaged book fails in many ways, and openpyxl has no error of its own
        what = "this is not a spreadsheet that can be read"
        raise refusal("unreadable_spreadsheet", what, path, str(error)) from None
    return sheets


def _text_of(sheet: Any, spend: Callable[[int], None]) -> str:
    sheet.reset_dimensions()  # what a book says of its size may be too small, and rows would be lost
    rows, blank = [], 0
    for cells in sheet.iter_rows(values_only=True):
        width = next((at for at in range(len(cells), 0, -1) if cells[at - 1] is not None), 0)
        spend(width + 1)
        blank = 0 if width else blank + 1
        if blank > _MAX_BLANK_ROWS:
            break
        rows.append(cells[:width])
    while rows and not rows[-1]:
        rows.pop()
    # Rows end where their last cell is; the table is as wide as its widest row.
    widest = max(map(len, rows), default=0)
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for row in rows:
        texts = ["" if cell is None else _flat(cell) for cell in row]
        writer.writerow([*texts, *[""] * (widest - len(row))] if row else [])
    return out.getvalue()


def _flat(cell: object) -> object:
    return re.sub(r"[\t\r\n]+", " ", cell) if isinstance(cell, str) else cell
