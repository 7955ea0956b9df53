"""What an archive says of a series: its samples, its files, and what was measured how."""

from dataclasses import dataclass, field
from typing import Final

SEQUENCING: Final = "high-throughput sequencing"
"""How GEO writes the technology of a platform that sequences."""


@dataclass(frozen=True)
class DepositedSample:
    """A sample as its record describes it.

    Attributes
    ----------
    accession
        GEO's `GSM...`; of ArrayExpress, ENA's or BioSamples', else the source's name.
    title
        Its name for people.
    organism
        Latin name; of several organisms all, joined by " and "; '' where it is not said.
    characteristics
        Value of each key, as written.
    strategy
        What was sequenced (`miRNA-Seq`, `ncRNA-Seq`, `RNA-Seq`); '' where it is not said.
    platform
        Accession of its platform.
    names
        What else may be the name of its column: lines of its description, names of its files, of its source and runs,
        by kind.
    files
        Names of its own supplementary files.
    """

    accession: str
    title: str
    organism: str = ""
    characteristics: dict[str, str] = field(default_factory=dict)
    strategy: str = ""
    platform: str = ""
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return accession and title, as messages name it."""
        return self.accession if self.title in ("", self.accession) else f"{self.accession} ({self.title})"


@dataclass(frozen=True)
class DepositedFile:
    """A supplementary file.

    Attributes
    ----------
    name, url
        Its name, and its address over https.
    size
        In bytes; None where the archive does not say it before it is fetched.
    members
        Names of the files within an archive, as far as they are listed.
    of_sample
        Whether it is of one sample.
    """

    name: str
    url: str
    size: int | None = None
    members: tuple[str, ...] = ()
    of_sample: bool = False


@dataclass(frozen=True)
class Platform:
    """A platform, and by what it measures (`high-throughput sequencing`, `in situ oligonucleotide`, `RT-PCR`)."""

    accession: str
    title: str
    technology: str


@dataclass(frozen=True)
class Deposit:
    """A series of an archive.

    Attributes
    ----------
    accession, archive, page
        `GSE...` or `E-MTAB-...`, the name of the archive, and the address of the page for people.
    title, types, updated
        Title, kinds of study, and the day of the last update as the archive writes it.
    samples, files, platforms
        What it consists of.
    parts
        Accessions of the series that a superseries has.
    reads
        Where its reads are: accessions of SRA, ENA or BioProject.
    notes
        What the record lacks, in words.
    """

    accession: str
    archive: str
    page: str
    title: str = ""
    types: tuple[str, ...] = ()
    updated: str = ""
    samples: tuple[DepositedSample, ...] = ()
    files: tuple[DepositedFile, ...] = ()
    platforms: tuple[Platform, ...] = ()
    parts: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
