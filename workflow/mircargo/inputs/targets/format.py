"""What a format of a table of targets is, and what is read of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

from mircargo.config import TargetColumns

WRITTEN_TYPES: Final = {
    "8mer": "8mer", "8mer-1a": "8mer", "8mer-a1": "8mer", "8m": "8mer", "7mer-m8": "7mer-m8", "7m8": "7mer-m8",
    "7mer_m8": "7mer-m8", "7mer-1a": "7mer-A1", "7mer-a1": "7mer-A1", "7mer_a1": "7mer-A1", "7a1": "7mer-A1",
    "6mer": "6mer", "6m": "6mer", "offset-6mer": "offset-6mer", "offset 6mer": "offset-6mer",
    "6mer-offset": "offset-6mer", "o6": "offset-6mer", "other": "other",
}  # fmt: skip
"""How tables of any format write a type of site, in lower case -> one of `vocabulary.SITE_TYPES`."""

Named = Literal["mirna", "seed", "mature sequence"]
Rows = Literal["sites", "sites of family members", "evidence"]


@dataclass(frozen=True)
class Head:
    """The first lines of a table.

    Attributes
    ----------
    path
        Where it stands.
    header
        Names of its columns; `column 1`, ... where it has no header.
    sample
        Its first rows, as texts.
    columns
        What the configuration says of its columns.
    """

    path: str
    header: list[str]
    sample: list[list[str]]
    columns: TargetColumns = field(default_factory=TargetColumns)

    def cells(self, name: str) -> list[str]:
        """Return the first cells of a column."""
        at = self.header.index(name)
        return [row[at].strip() for row in self.sample if len(row) > at]

    def has(self, *names: str) -> bool:
        return set(names) <= set(self.header)

    def all_of(self, *names: str) -> dict[str, str] | None:
        """Return how the table writes these columns, whatever their case; None where it lacks one."""
        found = {name: self.first(name) for name in names}
        return None if None in found.values() else {name: str(own) for name, own in found.items()}

    def first(self, *names: str) -> str | None:
        """Return the first of these columns that the table has, whatever their case."""
        own = {name.lower(): name for name in reversed(self.header)}
        return next((own[name.lower()] for name in names if name.lower() in own), None)


@dataclass(frozen=True)
class Layout:
    """Which column of a table holds what.

    Attributes
    ----------
    mirna
        miRNAs, families, seeds or sequences.
    ids
        Identifiers of the genes, in one or several kinds.
    named
        What `mirna` holds; names of families count as `mirna`.
    rows
        What a row is: a site of a family, a site of one of its members (whose sites are the same), or a report of an
        interaction.
    species
        Species of the genes: as a taxon of NCBI, in Latin, or as miRBase's letters.
    site_type, score, transcript, start, utr3_length
        More about the site; None where the table does not tell.
    finding
        What the experiment found; rows of a pair that it found not to interact are left out.
    more
        Further columns that `finish` needs.
    """

    mirna: str
    ids: tuple[str, ...]
    named: Named = "mirna"
    rows: Rows = "sites of family members"
    species: str | None = None
    site_type: str | None = None
    score: str | None = None
    transcript: str | None = None
    start: str | None = None
    utr3_length: str | None = None
    finding: str | None = None
    more: tuple[str, ...] = ()

    @property
    def used(self) -> list[str]:
        """The columns that are read."""
        site = (self.site_type, self.score, self.transcript, self.start, self.utr3_length)
        single = (self.species, *site, self.finding)
        return list(dict.fromkeys([self.mirna, *self.ids, *(each for each in single if each), *self.more]))


@dataclass(frozen=True)
class TargetFormat:
    """A format: the object `FORMAT` of each module in `inputs/targets/formats`.

    Attributes
    ----------
    program
        What it is called (Markdown).
    recognised
        By which columns it is recognised (Markdown).
    layout
        Returns which column holds what; None where a table is of another format.
    site_types
        What the table writes besides `WRITTEN_TYPES` -> a type of `vocabulary.SITE_TYPES`; anything else is `other`,
        and said.
    finish
        What is left to do with the rows that are read: the table, its layout and its path -> the table.
    order
        Formats are tried in this order, then by name.
    """

    program: str
    recognised: str
    layout: Callable[[Head], Layout | None]
    site_types: dict[str, str] = field(default_factory=dict)
    finish: Callable[[pd.DataFrame, Layout, str], pd.DataFrame] | None = None
    order: int = 0


@dataclass(frozen=True)
class RawTargets:
    """A table of targets as read.

    Attributes
    ----------
    path, format
        Where it stands, and what it is.
    rows
        A row each: `mirna`, the columns of `layout.ids`, and where the table has them `site_type`, `score`,
        `conserved`, `transcript`, `start`, `utr3_length`. Texts are categories.
    layout
        Which column was which.
    n_rows
        Rows of the table, of all species.
    left_out
        How many rows were left out, by the reason.
    notes
        How it was read, in words.
    unknown_types
        What the table writes as types of site that are not known -> in how many rows. They count as `other`.
    """

    path: str
    format: str
    rows: pd.DataFrame
    layout: Layout
    n_rows: int
    left_out: dict[str, int]
    notes: list[str]
    unknown_types: dict[str, int] = field(default_factory=dict)
