"""Sheets of a workbook: values that no spreadsheet reinterprets, and widths, filters and headers for reading."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from mircargo.export.archives import ZIP_EPOCH, without_times

LONGEST_TITLE: Final = 31
LONGEST_CELL: Final = 32_767
MOST_ROWS: Final = 1_048_576  # of a sheet, including the header
NARROW, WIDE, WIDEST = 8, 44, 110
INTEGER, DECIMALS, SMALL, SHARE, TEXT = "#,##0", "0.00", "0.0E+00", "0%", "@"
HEADER: Final = PatternFill("solid", start_color="FFE8E8E8")


def title_of(name: str, taken: Collection[str]) -> str:
    """Return a valid name for a sheet: at most 31 characters, none that a spreadsheet forbids, and not taken."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", ILLEGAL_CHARACTERS_RE.sub("_", name)).strip("'") or "sheet"
    if plain.lower() == "history":  # Excel keeps this name for itself
        plain += "_"
    used = {title.lower() for title in taken}
    title, number = plain[:LONGEST_TITLE], 1
    while title.lower() in used:
        number += 1
        title = f"{plain[: LONGEST_TITLE - len(str(number)) - 1]}~{number}"
    return title


def write_cell(cell: Cell | MergedCell, value: Any, number_format: str = "General") -> None:
    """Write a value into a cell; text stays text, and missing values are empty cells.

    A spreadsheet would take ``=cmd()`` for a formula, ``#N/A`` for an error, and `1-Mar` or `MARCH1` for a date when
    the cell is edited.
    """
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, int | float) and math.isfinite(value):  # truth values are integers in Python
        cell.value = value
        cell.number_format = number_format
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value))[:LONGEST_CELL]
    cell.data_type = "s"
    cell.number_format = TEXT
    cell.quotePrefix = cell.value[:1] in ("=", "+", "-", "@", "'")


def add_table(
    book: Workbook,
    name: str,
    table: pd.DataFrame,
    formats: Mapping[str, str],
    fills: Sequence[PatternFill | None] = (),
    most_rows: int = MOST_ROWS,
) -> str:
    """Add a sheet with a table: header in bold and frozen, a filter, widths by content.

    Parameters
    ----------
    book
        The workbook.
    name
        Name of the sheet, which is shortened and changed where necessary.
    table
        The table; its index is left out.
    formats
        Number format by column.
    fills
        Colour of each row, or None.
    most_rows
        As many as a sheet can hold. The last row of a sheet says how many rows of a longer table are left out.

    Returns
    -------
    str
        The name of the sheet.
    """
    sheet: Worksheet = book.create_sheet(title_of(name, book.sheetnames))
    left_out = len(table) - (most_rows - 2) if len(table) >= most_rows else 0
    table = table.head(len(table) - left_out)
    for place, column in enumerate(table.columns, 1):
        head = sheet.cell(1, place)
        write_cell(head, str(column))
        head.font, head.fill = Font(bold=True), HEADER
        longest = len(str(column)) + 3
        for row, value in enumerate(table[column], 2):
            cell = sheet.cell(row, place)
            write_cell(cell, value, formats.get(str(column), "General"))
            if fills and (fill := fills[row - 2]) is not None:
                cell.fill = fill
            if cell.data_type == "s":
                longest = max(longest, len(str(cell.value)) + 1)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest, NARROW), WIDE)
    sheet.freeze_panes = "B2"
    if len(table):
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table) + 1}"
    if left_out:
        write_cell(sheet.cell(most_rows, 1), f"{left_out:,} more rows have no room here: see the .tsv files")
    return str(sheet.title)


def add_text(book: Workbook, name: str, rows: Sequence[Sequence[Any]], headings: Collection[int]) -> None:
    """Add a sheet of wrapped text; `headings` are the indices of rows in bold."""
    sheet: Worksheet = book.create_sheet(title_of(name, book.sheetnames))
    for number, row in enumerate(rows):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number + 1, place)
            write_cell(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number in headings:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (22, 28, WIDEST, WIDE), strict=True):
        sheet.column_dimensions[letter].width = width


def to_bytes(book: Workbook) -> bytes:
    """Return the workbook as a file; the same content gives the same bytes."""
    book.properties.creator = "mircargo"
    book.properties.created = book.properties.modified = ZIP_EPOCH.replace(tzinfo=None)
    _InMemory(book, ZipFile(out := BytesIO(), "w")).save()
    return without_times(out.getvalue())


class _InMemory(ExcelWriter):
    """Writes each sheet in memory: a temporary file, as openpyxl's own has, would outlive a step that is killed."""

    _archive: ZipFile

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        writer: Any = WorksheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)
