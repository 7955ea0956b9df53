"""The sample sheet as it is read before a run is planned: without pandas, which takes a second to load."""

import bz2
import gzip
import io
import unicodedata
from pathlib import Path

from mircargo.config.levels import as_levels
from mircargo.delimited import cells_of, delimiter_of, lines_of
from mircargo.problems import raise_if_no_file, refusal

Rows = list[dict[str, str | None]]


def read_rows(path: str) -> tuple[list[str], Rows]:
    """Read the columns of a sample sheet, and its rows with the levels that `inputs.sheet.read_sheet` gives them.

    What is wrong with a sheet, `read_sheet` says before anything is counted: here rows may be short, and no column is
    needed.

    Raises
    ------
    ProblemsFound
        Where there is no such file, or it is neither text nor a workbook.
    """
    raise_if_no_file(path)
    try:
        content = Path(path).read_bytes()
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        content = bz2.decompress(content) if content[:3] == b"BZh" else content
        table = _of_workbook(content) if content[:4] == b"PK\x03\x04" else _of_text(_decoded(content))
    except FileNotFoundError:
        hint = "check the path; it is relative to the working directory"
        raise refusal("no_such_file", "the sample sheet does not exist", path, "", hint) from None
    except Exception as error:  # what is damaged fails in many ways
        hint = "save it as text in UTF-8, with tabs or commas, or as .xlsx"
        raise refusal("unreadable_file", "the sample sheet cannot be read", path, str(error), hint) from None
    if not table:
        raise refusal("no_table", "the sample sheet is empty", path, "", "name the file that has the samples")
    header, *rows = table
    header = [_composed(name.strip()) for name in header]
    columns = [
        as_levels([_composed(row[at]) if at < len(row) else None for row in rows], numbers=at > 0)
        for at in range(len(header))
    ]
    return header, [dict(zip(header, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _composed(cell: str) -> str:
    return unicodedata.normalize("NFC", cell)


def _decoded(content: bytes) -> str:
    return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")


def _of_text(text: str) -> list[list[str]]:
    lines = [line for line in lines_of(text) if line.strip(' \t,;"')]
    start = next((at for at, line in enumerate(lines) if not line.startswith("#")), len(lines))
    lines = lines[start:]
    if not lines:
        return []
    delimiter = delimiter_of(lines[0], lines[1] if len(lines) > 1 else "")
    return [cells_of(line, delimiter) for line in lines]


def _of_workbook(content: bytes) -> list[list[str]]:
    import openpyxl  # only for a workbook: it brings numpy along

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return [row for row in rows if any(cell.strip() for cell in row)]
