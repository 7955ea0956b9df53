"""What a table format is: how it is recognised and read, and what the documentation says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from mircargo.inputs.grid import Grid
from mircargo.inputs.raw import RawTable


class Example(NamedTuple):
    """A small table as the program writes it, for tests: five features, samples `s_a`, `s_b`, `s_c`.

    In `row`, `{id}` stands for the name of a feature, `{i}` for its number, and `{0}`, `{1}`, `{2}` for its counts; a
    format with one sample per file has `{0}` alone. `id` is the name that is read.
    """

    header: str
    row: str
    id: str = "{id}"


@dataclass(frozen=True)
class Format:
    """A table format: the object `FORMAT` of each module in `inputs/formats`, whose name is the module's.

    `docs/formats.md` is made from these objects and the docstrings of their modules.

    Attributes
    ----------
    fits
        Returns by what a table is recognised, in words; None where it is of another format.
    read
        Reads a table that fits.
    program
        Which program writes it (Markdown, as the next three).
    recognised
        By what it is recognised.
    same_feature
        What becomes of several rows of one feature.
    absent
        What it means where the table has no row of a feature that another table has.
    example
        None where the format is recognised only to be refused.
    order
        Formats are tried in this order, then by name. One above 0 takes what no other fits: it is not named as a second
        format that would fit too.
    """

    fits: Callable[[Grid], str | None]
    read: Callable[[Grid], RawTable]
    program: str
    recognised: str
    same_feature: str
    absent: str
    example: Example | None = None
    order: int = 0
