"""miRBase's `mature.fa`: the names, accessions and sequences of the mature miRNAs of all its species."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from mircargo.problems import ProblemsFound, did_you_mean, listing, raise_if_no_file, refusal

WHERE_FROM: Final = "give miRBase's own mature.fa (or mature.fa.gz), as its downloads have it"
MAX_LINE: Final = 10_000  # characters; a chromosome on one line is not read to its end
_HEADER: Final = re.compile(r">\s*((?:[a-z][a-z0-9]{2,5})-\S+)\s+(MIMAT\d{7})(?:\s+(.*))?")
_SPECIES: Final = re.compile(r"([a-z][a-z0-9]{2,5})-")


class Entry(NamedTuple):
    """A mature miRNA of the file: its name, accession, what stands behind them, its RNA sequence, its first line."""

    name: str
    accession: str
    words: str
    sequence: str
    line: int

    @property
    def species(self) -> str:
        return self.name.split("-", 1)[0]


class MatureFasta(NamedTuple):
    """Entries of one species, and the names of all species by accession.

    Attributes
    ----------
    entries
        The mature miRNAs of the species, in the order of the file.
    names
        Accession -> name, of every entry of the file.
    in_dna
        Whether sequences of the species are written with T, which is read as U.
    """

    entries: list[Entry]
    names: dict[str, str]
    in_dna: bool


def read_mature_fasta(path: str | Path, species: str) -> MatureFasta:
    """Read miRBase's `mature.fa`, plain or compressed with gzip.

    Parameters
    ----------
    path
        The file: headers as `>ssc-let-7c MIMAT0002151 Sus scrofa let-7c`, and a sequence of RNA under each.
    species
        miRBase's letters of the species whose entries are returned.

    Raises
    ------
    ProblemsFound
        Where it is another file, is cut off, has no entry of the species, or entries of the species that contradict
        each other: with the line, what stands there, and what to do.
    """
    where = str(path)
    raise_if_no_file(path)
    if not Path(path).exists():
        raise refusal("no_such_file", "there is no such file", where, "", f"`mirbase` names it: {WHERE_FROM}")
    entries, names, in_dna, counted = [], {}, False, dict[str, int]()
    for entry in read_all(path):
        counted[entry.species] = counted.get(entry.species, 0) + 1
        names[entry.accession] = entry.name
        if entry.species == species:
            in_dna |= "T" in entry.sequence
            entries.append(entry._replace(sequence=_rna(entry, where)))
    if not counted:
        raise refusal("not_mature_fasta", "this file of miRBase is empty", where, "", WHERE_FROM)
    if not entries:
        most = sorted(counted, key=lambda letters: (-counted[letters], letters))
        what = f"miRBase's file has no mature miRNA of `species: {species}`"
        found = f"{sum(counted.values()):,} of {listing(most)}"
        hint = did_you_mean(species, most) or "is `species` written with miRBase's letters (ssc for pig)?"
        raise refusal("species_not_in_mirbase", what, where, found, hint)
    _refuse_contradictions(entries, where)
    return MatureFasta(entries, names, in_dna)


def read_all(path: str | Path) -> Iterator[Entry]:
    """Read the entries of all species one by one; a file of another kind is refused at the first line that tells."""
    where = str(path)
    header: tuple[str, str, str, int] | None = None
    parts: list[str] = []
    for number, line in enumerate(_lines(path, where), 1):
        if line.startswith(">"):
            if header is not None:
                yield _entry(header, parts, where)
            header, parts = (*_read_header(line, number, where), number), []
        elif line and header is None:
            raise _other_file(line, number, where)
        elif line:
            parts.append(line)
    if header is not None:
        yield _entry(header, parts, where)


def _lines(path: str | Path, where: str) -> Iterator[str]:
    with Path(path).open("rb") as handle:
        start = handle.peek(6)[:6]
        packed = start.startswith(b"\x1f\x8b")
        if start.startswith((b"PK\x03\x04", b"BZh", b"\xfd7zXZ")):
            hint = f"unpack it, or {WHERE_FROM}"
            raise refusal("not_mature_fasta", "a compressed file that is not gzip's", where, repr(start), hint)
        stream: BinaryIO = gzip.GzipFile(fileobj=handle) if packed else handle  # type: ignore[assignment]
        try:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="strict")
            while line := text.readline(MAX_LINE):
                yield line.strip()
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            hint = "the download broke off: fetch it again"
            raise refusal(
                "not_mature_fasta", "this file cannot be unpacked to its end", where, str(error), hint
            ) from None
        except UnicodeDecodeError as error:
            raise refusal("not_mature_fasta", "this is no text file", where, str(error), WHERE_FROM) from None


def _read_header(line: str, number: int, where: str) -> tuple[str, str, str]:
    found = _HEADER.fullmatch(line)
    if not found:
        raise _other_file(line, number, where)
    return found[1], found[2], found[3] or ""


def _other_file(line: str, number: int, where: str) -> ProblemsFound:
    """Say what a file is that is not miRBase's mature.fa, by a line of it."""
    kinds = (
        (r">\s*\S+\s+MI\d{7}\b.*", "miRBase's hairpin.fa, and mature.fa is needed"),
        (r">\s*[A-Z][a-z]{2}-(?:Mir|Let|Bantam|Lin)\S*.*", "a FASTA file of MirGeneDB, whose names are not miRBase's"),
        (r"<.*", "a web page (HTML) or XML, as a server gives it in place of a file"),
        (r">\s*(?:[a-z][a-z0-9]{2,5})-\S+(?!.*MIMAT).*", "a FASTA file with names of miRBase, but without accessions"),
        (r">.*", "a FASTA file, of a genome or of other sequences, but not of miRBase's mature miRNAs"),
    )
    kind = next((words for form, words in kinds if re.fullmatch(form, line, re.DOTALL)), "no FASTA file")
    found = line if len(line) <= 80 else line[:77] + "..."
    return refusal("not_mature_fasta", f"this is {kind}", f"{where}, line {number}", found, WHERE_FROM)


def _entry(header: tuple[str, str, str, int], parts: list[str], where: str) -> Entry:
    name, accession, words, line = header
    sequence = "".join(parts).upper()
    if not sequence:
        hint = "the file is cut off: fetch it again"
        raise refusal("not_mature_fasta", "an entry without a sequence", f"{where}, line {line}", name, hint)
    return Entry(name, accession, words, sequence, line)


def _rna(entry: Entry, where: str) -> str:
    """Return a sequence in letters of RNA."""
    if "T" in entry.sequence and "U" in entry.sequence:
        what = "a sequence with both T and U"
    elif strange := sorted(set(entry.sequence) - set("ACGTU")):
        what = f"a sequence with letters that are no bases: {listing(strange)}"
    else:
        return entry.sequence.replace("T", "U")
    found = f"{entry.name} {entry.sequence[:60]}"
    raise refusal("not_mature_fasta", what, f"{where}, line {entry.line}", found, WHERE_FROM)


def _refuse_contradictions(entries: list[Entry], where: str) -> None:
    """Refuse entries of one accession that do not say the same; a repeated entry says nothing new.

    That two accessions have one name is not refused: in miRBase's own file of release 10, hsa-miR-516a-5p has two.
    """
    first: dict[str, Entry] = {}
    for entry in entries:
        known = first.setdefault(entry.accession, entry)
        if (known.name, known.sequence) != (entry.name, entry.sequence):
            found = "; ".join(f"line {e.line} {e.name} {e.accession} {e.sequence}" for e in (known, entry))
            hint = f"files of several releases were put together: {WHERE_FROM}"
            raise refusal("not_mature_fasta", "two entries of one accession that differ", where, found, hint)
