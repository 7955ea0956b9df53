"""What the configuration says about how one table is to be read."""

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class ReadOptions:
    """Options of one table, beyond its format.

    Attributes
    ----------
    leave_out
        Sample columns that are left out on purpose: they are not checked, and become zeros so that their names can
        still be matched.
    sheet
        The sheet of a workbook to read; without it the only one that holds counts.
    missing_is_zero
        Take a cell without a number (empty, `NA`, `-`) as 0.
    raw
        The user knows that these are raw counts, whatever they look like.
    absent_is_zero
        Take a feature that a file of an archive has no row for as 0.
    summed
        Rows of one feature will be summed, so copies of a row would count twice.
    """

    leave_out: frozenset[str] = field(default_factory=frozenset)
    sheet: str | None = None
    missing_is_zero: bool = False
    raw: bool = False
    absent_is_zero: bool = False
    summed: bool = False


DEFAULT_OPTIONS: Final = ReadOptions()
