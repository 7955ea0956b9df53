"""Cells as numbers: decimal commas, separators of thousands, and what stands for a missing count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

MISSING: Final = frozenset({
    "", "-", "--", "na", "nan", "n/a", "#n/a", "<na>", "n.a.", "nd", "n.d.", "n/d", ".", "?", "null", "none", "*",
})  # fmt: skip
"""What people and programs write into a cell that has no number; in lower case."""

_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?inf(?:inity)?", re.I)
_DECIMAL_COMMA: Final = re.compile(r"\s*-?\d+(,\d+)?\s*")
_SEPARATORS: Final = {" ": "spaces", "'": "apostrophes", "\u2019": "apostrophes", ",": "commas", ".": "points"}
_GROUPED: Final = {sep: re.compile(rf"-?[1-9]\d{{0,2}}(?:{re.escape(sep)}\d{{3}})+") for sep in _SEPARATORS}
_SPACES: Final = frozenset(" \t\r\n")
MIN_SEPARATED_CELLS: Final = 3
"""Fewer cells with a thousands separator may be typing errors."""
_DECIMALS_OF_SHARES: Final = frozenset({
    "000", "500", "250", "750", "333", "334", "666", "667", "200", "400", "600", "800", "100", "300", "700",
    "900", "125", "375", "625", "875", "167", "166", "833", "834", "143", "286",
})  # fmt: skip
"""Three digits behind a point, or comma, that fractions often have."""


@dataclass(frozen=True)
class Numbers:
    """Columns of a table, read as numbers as far as they are.

    Attributes
    ----------
    texts
        Every cell as text, stripped, separators of thousands and decimal commas put right.
    body
        The same; a column in which every cell is a number is numeric.
    notes
        What was understood, in words.
    doubtful
        Columns whose points may part thousands or decimals, and the first such row of each.
    """

    texts: pd.DataFrame
    body: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    doubtful: dict[int, int] = field(default_factory=dict)


def read_numbers(texts: pd.DataFrame, delimiter: str) -> Numbers:
    """Read the columns of a table behind its first as numbers; columns with other texts stay texts."""
    first = texts.columns[0]
    columns = {name: _stripped(texts[name].tolist()) for name in texts.columns if texts[name].dtype == object}
    others = [name for name in columns if name != first]
    notes: list[str] = []
    doubtful: dict[int, int] = {}
    marks = {name: set("".join(columns[name])) for name in others}
    for separator, word in _SEPARATORS.items():
        with_it = [name for name in others if separator in marks[name] and not marks[name] & set(';\t"=_')]
        kinds = {name: _grouping(columns[name], separator) for name in with_it}
        grouped = {name: kind for name, kind in kinds.items() if kind is not None}
        if not grouped:
            continue
        if _is_sure(separator, list(grouped.values()), [columns[name] for name in grouped]):
            example = next(cell for name in grouped for cell in columns[name] if separator in cell)
            number = sum(kind.cells for kind in grouped.values())
            for name in grouped:
                columns[name] = [cell.replace(separator, "") for cell in columns[name]]
            plain = example.replace(separator, "")
            notes.append(f"thousands are separated by {word}: {number} cells such as '{example}' are read as {plain}")
        elif separator == ".":
            doubtful |= {name: kind.first for name, kind in grouped.items()}
    if delimiter != ",":
        notes += _read_decimal_commas(columns, others)
    body = {name: _numeric(columns[name]) if name in others else texts[name] for name in texts.columns}
    written = {
        name: pd.Series(columns[name], dtype=object) if name in columns else texts[name] for name in texts.columns
    }
    return Numbers(pd.concat(written, axis=1), pd.concat(body, axis=1), notes, doubtful)


def _stripped(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells] if set("".join(cells)) & _SPACES else cells


@dataclass(frozen=True)
class _Grouping:
    cells: int
    first: int
    mixed: bool


def _grouping(cells: list[str], separator: str) -> _Grouping | None:
    """Look at a column as one with a separator of thousands; None where its cells cannot be written so."""
    pattern = _GROUPED[separator]
    grouped, mixed, first = 0, False, 0
    for row, cell in enumerate(cells):
        if separator in cell:
            if not pattern.fullmatch(cell):
                return None
            first = row if not grouped else first
            grouped += 1
        elif cell.isdigit():
            mixed = mixed or len(cell) > 3
        elif cell.lower() not in MISSING and not _NUMBER.fullmatch(cell):
            return None
    return _Grouping(grouped, first, mixed) if grouped else None


def _is_sure(separator: str, kinds: list[_Grouping], columns: list[list[str]]) -> bool:
    if sum(kind.cells for kind in kinds) < MIN_SEPARATED_CELLS or any(kind.mixed for kind in kinds):
        return False
    if separator not in ",.":
        return True
    cells = [cell for column in columns for cell in column]
    tails = [cell[-3:] for cell in cells if separator in cell]
    below = any(cell.isdigit() and cell.strip("0") for cell in cells)
    return below and sum(tail in _DECIMALS_OF_SHARES for tail in tails) <= 0.5 * len(tails)


def _read_decimal_commas(columns: dict[int, list[str]], others: list[int]) -> list[str]:
    """Write points for decimal commas, in place; `1,000` may be one or a thousand, and is left to be refused."""
    changed = {}
    for name in others:
        if any("," in cell for cell in columns[name]) and all(map(_DECIMAL_COMMA.fullmatch, columns[name])):
            if any(map(re.compile(r"-?\d{1,3}(,\d{3})+").fullmatch, columns[name])):
                return []
            changed[name] = [cell.replace(",", ".") for cell in columns[name]]
    columns |= changed
    return ["numbers are written with a decimal comma"] if changed else []


def _numeric(cells: list[str]) -> pd.Series:
    """Return a column as numbers if every cell is one, else as the texts."""
    if not all(map(_NUMBER.fullmatch, cells)):
        return pd.Series(cells, dtype=object)
    numbers = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce")
    if numbers.isna().any():
        return pd.Series(cells, dtype=object)
    return numbers.astype(np.float64) if numbers.dtype.kind not in "if" else numbers


def numbers_or_texts(column: pd.Series) -> pd.Series:
    """Return a column as numbers if every cell is one, else as it is."""
    numbers = pd.to_numeric(column, errors="coerce")
    return column if numbers.isna().any() else numbers


def is_number(cell: str) -> bool:
    """Whether a cell is written as one number, with or without a point, sign and exponent."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def find_odd_decimals(columns: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Find column and row of a cell whose point may part a thousand, as its decimals are not those of the other cells.

    It has three digits behind the point, where all others have one or two; or, where others have as many as a computer
    writes, three that no share of a read leaves.
    """
    odd: list[tuple[int, int, str]] = []
    widths: set[int] = set()
    number = 0
    for at, cells in enumerate(columns):
        for row, cell in enumerate(cells):
            if "." not in cell:
                continue
            if _GROUPED["."].fullmatch(cell):
                odd.append((at, row, cell))
            elif _NUMBER.fullmatch(cell):
                number += 1
                widths.add(len(cell.split(".")[1]))
    if number < MIN_SEPARATED_CELLS or len(odd) > 0.1 * number:
        return None
    fixed, full = len(widths) == 1 and widths <= {1, 2}, max(widths) > 6
    return next(((at, row) for at, row, cell in odd if fixed or (full and cell[-3:] not in _DECIMALS_OF_SHARES)), None)


def has_decimals(cells: pd.Series) -> bool:
    """Whether a cell has decimals that cannot be a group of three digits of a thousand."""
    return cells.dtype == object and any(
        "." in cell and not _GROUPED["."].fullmatch(cell) and cell.rstrip("0")[-1:] != "." for cell in cells
    )
