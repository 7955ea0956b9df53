"""The first lines of a table of targets: its header, what separates cells, and where its rows begin."""

import re
from typing import Final

from mircargo.config import TargetColumns
from mircargo.delimited import cells_of, delimiter_of, lines_of
from mircargo.inputs.targets.format import Head
from mircargo.inputs.targets.opening import HEAD_BYTES, open_stream
from mircargo.problems import refusal

SAMPLE_ROWS: Final = 200
_MIRNA: Final = re.compile(r"(?:[a-z]{3,4}-)?(?:mir|let)-?\d+[\w.*/-]*", re.IGNORECASE)
_SEED: Final = re.compile(r"[ACGUT]{7}", re.IGNORECASE)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def read_head(path: str, columns: TargetColumns) -> tuple[Head, str, int]:
    """Return the first lines of a table, what separates its cells, and how many lines stand before its rows.

    Raises
    ------
    ProblemsFound
        Where it is no table of text, or its rows have more cells than its header.
    """
    text = _text_of(path)
    lines = lines_of(text)
    skip = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    lines = [line for line in lines[skip:] if line.strip()][: SAMPLE_ROWS + 1]
    if len(lines) < 2 or "\0" in text:
        what, hint = "this file holds no table of targets", "name the file that has the table"
        raise refusal("no_table", what, path, f"{len(lines)} lines of text", hint)
    delimiter = delimiter_of(lines[0], lines[1])
    cells = [[cell.strip() for cell in cells_of(line, delimiter)] for line in lines]
    if _is_row(cells[0], cells[1:10]):
        return Head(path, [f"column {at + 1}" for at in range(len(cells[0]))], cells, columns), delimiter, skip
    header, rows = cells[0], cells[1:]
    if all(len(row) == len(header) + 1 for row in rows):  # R names no column for the names of rows
        header = ["names of rows", *header]
    longer = next((at for at, row in enumerate(rows) if any(row[len(header) :])), None)
    if longer is not None:
        where, found = f"{path}, row {skip + longer + 2}", f"{len(rows[longer])} cells, and {len(header)} in the header"
        hint = "put cells that hold the separator in quotes, or name every column"
        raise refusal("row_lengths_differ", "a row with more cells than the header", where, found, hint)
    return Head(path, header, rows, columns), delimiter, skip + 1


def _text_of(path: str) -> str:
    """Return the beginning of a table as text."""
    with open_stream(path) as stream:
        content = stream.read(HEAD_BYTES)
    hint = "save it as tab-separated text in UTF-8"
    if content[:2] in _UTF16:
        found = "it is UTF-16, as a spreadsheet's Unicode text"
        raise refusal("not_utf8", "this file is not text in UTF-8", path, found, hint)
    try:
        # What is cut off at the end may be half of a letter.
        return content.decode("utf-8-sig", errors="ignore" if len(content) == HEAD_BYTES else "strict")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is {content[error.start]:#04x}"
        raise refusal("not_utf8", "this file is not text in UTF-8", path, found, hint) from None


def _is_row(cells: list[str], below: list[list[str]]) -> bool:
    """Whether the first line is a row and no header: it has a miRNA or a seed in a column of miRNAs or seeds."""
    pairs = [pair for row in below for pair in zip(cells, row, strict=False)]
    return all(cells) and any(all(map(kind.fullmatch, pair)) for kind in (_MIRNA, _SEED) for pair in pairs)
