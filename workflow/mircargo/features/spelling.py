"""The parts of an id, before anything is looked up: accessions, names, merged names, MirGeneDB names."""

import re
from typing import Literal, NamedTuple

from mircargo.features.name_history import Vocabulary

ACCESSION = re.compile(r"MIMAT\d{7}")
NAME = re.compile(r"(?:([a-z]{3,4})-)?(mir|let)-?(\d.*)")
ARMED = re.compile(r"(?:-[35]p|\*)$")
MIRGENEDB = re.compile(r"([A-Z][a-z]{2})-(Mir|Let)-(\d+)(-[A-Za-z0-9-]+)?_(5p|3p|pre|loop|co)\*?")
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-")  # as spreadsheets and papers write them
_MANGLED = re.compile(r"(?:[A-Za-z]{3}[._])?(?:mir|let)[._]\d", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[/|;,]\s*")
_STEM = re.compile(r"((?:[a-z]{3}-)?(?:mir|let)-?)(\d+)", re.IGNORECASE)

Form = Literal["mature", "hairpin", "let", "other", "none"]


class NamePart(NamedTuple):
    """One miRNA that an id names.

    Attributes
    ----------
    text
        As written, completed where the id shortens it (`7c-5p` after `hsa-let-7a-5p`).
    accession
        The accession in it, or ''.
    key
        The name in lower case with the study's species, or '' where it has not the form of a miRNA's name.
    form
        `mature` for miR, `hairpin` for mir, `let` for let (which does not tell), `other` for MIR and Mir.
    foreign
        Letters of another species than the study's, or ''.
    """

    text: str
    accession: str
    key: str
    form: Form
    foreign: str

    @property
    def armed(self) -> bool:
        return ARMED.search(self.key) is not None


def plain_text(text: str) -> str:
    """Return an id with plain dashes, without quotes and white space around it."""
    return text.translate(_DASHES).strip().strip("\"'").strip()


def name_parts_of(text: str, names: Vocabulary) -> list[NamePart]:
    """Take an id apart: one part, or several for merged names (`a/b`, `a|b`, `a;b`, `a,b`).

    What stands beside an accession and has not the form of a name (`Mus musculus`) is no part.
    """
    plain = plain_text(text)
    pieces = [piece for piece in _SEPARATOR.split(plain) if piece]
    if len(pieces) < 2:
        return _parts_of_piece(plain, names)
    first = pieces[0]
    parts = [part for piece in pieces for part in _parts_of_piece(_complete(piece, first), names)]
    if any(part.accession for part in parts):
        return [part for part in parts if part.accession or part.key or part.foreign]
    return parts if parts[0].key or parts[0].foreign else _parts_of_piece(plain, names)


def _parts_of_piece(piece: str, names: Vocabulary) -> list[NamePart]:
    accessions = list(dict.fromkeys(ACCESSION.findall(piece)))
    if accessions:
        return [NamePart(piece, accession, "", "none", "") for accession in accessions]
    return [read_piece(piece, names)]


def read_piece(piece: str, names: Vocabulary) -> NamePart:
    """Read a text as one name."""
    key, form, foreign = _read_name(piece, names)
    return NamePart(piece, "", key, form, foreign)


def _read_name(text: str, names: Vocabulary) -> tuple[str, Form, str]:
    irregular = names.irregular.get(text.lower()) or names.irregular.get(re.sub(r"[._]", "-", text.lower()))
    if irregular:
        return irregular, _form_of(text, "let" if "mir" not in text.lower() else "other"), ""
    if _MANGLED.match(text):  # R writes dots for dashes and for the star
        text = re.sub(r"\.$", "*", text)
        text = re.sub(r"[._]", "-", text)
    found = NAME.fullmatch(text.lower())
    if not found or MIRGENEDB.fullmatch(text):
        return "", "none", ""
    letters, word, rest = found.groups()
    if letters and letters != names.species:
        return "", "none", letters
    return f"{names.species}-{word}-{rest}", "let" if word == "let" else _form_of(text, "other"), ""


def _form_of(text: str, otherwise: Form) -> Form:
    return "mature" if "miR" in text else "hairpin" if "mir" in text else otherwise


def regular_key(name: str, species: str) -> str:
    """Return the key under which a name of a species is looked up, '' where it has not the form that `NAME` reads."""
    found = NAME.fullmatch(name.lower())
    return f"{species}-{found[2]}-{found[3]}" if found and found[1] == species else ""


def _complete(piece: str, first: str) -> str:
    stem = _STEM.match(first)
    if stem and piece[0].isdigit():
        return stem.group(1) + piece
    if stem and re.fullmatch(r"[a-z](?:-\S+)?\*?", piece):
        return stem.group(0) + piece
    return piece
