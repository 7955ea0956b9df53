"""Ids with more than one name: a mature miRNA with its own precursor, and suffixes such as `_precursor`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mircargo.features.mirbase import hairpin_names, load_mature
from mircargo.features.name_history import Vocabulary
from mircargo.features.spelling import ACCESSION, MIRGENEDB, NamePart, plain_text, read_piece

_START = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{3,4}[-._])?(?:pre-)?(?:mir|let)[-._]?\d", re.I)
_EDGE = re.compile(r"^[^A-Za-z0-9]+|[^A-Za-z0-9*]+$")
_GAP = r"[\s_:.|;,/(\[-]+"
_MATURE = re.compile(rf"{_GAP}mature(?:[-_. ]?mirna)?[)\]]?$", re.I)
_PRECURSOR = re.compile(
    rf"{_GAP}(?:precursor|stem[-_. ]?loop|hairpin|pre|pri|pre[-_. ]?mirna|pri[-_. ]?mirna)[)\]]?$", re.I
)
_BEFORE = re.compile(r"^((?:[a-z]{3,4}[-._])?)(?:pre|pri)[-._](?=(?:[a-z]{3,4}[-._])?(?:mir|let))", re.I)
# Before the hairpin of an id that names the mature miRNA as well: hsa-miR-21-5p_pre-hsa-mir-21.
_PRE = re.compile(r"(?<![A-Za-z0-9])pr[ei][-._](?=(?:[a-z]{3,4}[-._])?(?:mir|let)[-._]?\d)", re.I)
# As in the headers of miRBase's FASTA files: hsa-mir-21 MI0000077 Homo sapiens miR-21 stem-loop.
_IN_WORDS = re.compile(r"[\s_]+(?:Homo|Mus|Rattus)[\s_][a-z]+(?:[\s_](?:mir|let)-\S+?(?=[\s_]|$))?", re.IGNORECASE)
_PLACE = re.compile(r"[\s_|:;,(/]+chr(?:\d+|[XYM])[:_-].*$", re.IGNORECASE)
_GENE = re.compile(r"(?<![A-Za-z0-9-])M(?:IR|ir)(LET|let)?(\d+)([A-Za-z]?)-?(\d?)(?![A-Za-z0-9-])")
HAIRPIN_ACCESSION = re.compile(r"(?<![A-Za-z0-9])MI\d{7}(?!\d)")


@dataclass(frozen=True)
class Compound:
    """What an id says beyond one name.

    Attributes
    ----------
    part
        The name that decides: of the mature miRNA, or of the hairpin where `suffix` says so.
    accessions
        The mature miRNAs that it can be: those of the hairpins named beside it.
    hairpins
        Names of these hairpins: the locus.
    suffix
        `mature` or `precursor`, where the id ends in such a word; else ''.
    """

    part: NamePart
    accessions: tuple[str, ...] = ()
    hairpins: tuple[str, ...] = ()
    suffix: str = ""


def read_compound(text: str, names: Vocabulary) -> Compound | None:
    """Read an id that names a mature miRNA beside its own precursors, in either order and with any separator.

    A mature miRNA beside a precursor of another one is no such id, and neither is one with an accession in it.
    """
    plain = _IN_WORDS.sub(" ", _PLACE.sub("", plain_text(text))).strip()
    plain = _GENE.sub(lambda gene: _hairpin_of_gene(gene, names), plain)
    if len(_START.findall(plain)) > 1:
        plain = _PRE.sub("", plain)
    if ACCESSION.search(plain) or MIRGENEDB.fullmatch(plain):
        return None
    if ending := _suffix(plain):
        return _of_suffix(*ending, names)
    pieces, by_accession = pieces_of(plain), _by_accession(plain, names)
    if len(by_accession) == 1 and (HAIRPIN_ACCESSION.fullmatch(plain) or by_accession == [_hairpin_of(pieces, names)]):
        part = NamePart(plain, "", by_accession[0].lower(), "hairpin", "")
        return Compound(part, (), tuple(by_accession), "precursor")
    if len(pieces) + len(by_accession) < 2:
        return None
    parts = [read_piece(piece, names) for piece in pieces]
    if not all(_arm_of(part, names) or part.key in names.hairpins for part in parts):
        return None
    found = [each for at in range(len(parts)) if (each := _beside_its_own(parts, at, by_accession, names)) is not None]
    found.sort(key=lambda each: (not each.part.armed, each.part.form != "mature"))
    return found[0] if found else None


def pieces_of(plain: str) -> list[str]:
    """Cut a text where a miRNA's name begins; nothing where something else stands before the first or between."""
    plain = HAIRPIN_ACCESSION.sub(" ", plain).strip()
    starts = [found.start() for found in _START.finditer(plain)]
    if not starts or _EDGE.sub("", plain[: starts[0]]):
        return []
    return [_EDGE.sub("", plain[start:end]) for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]


def hairpins_beside(text: str, accession: str, names: Vocabulary) -> str:
    """Return the hairpins of a mature miRNA that stand beside its accession in an id, '' for none."""
    plain = plain_text(text)
    own = own_hairpins().get(accession, frozenset())
    keys = [part.key for piece in pieces_of(ACCESSION.sub(" ", plain)) for part in [read_piece(piece, names)]
            if part.form != "mature" and not part.armed]  # fmt: skip
    named = [names.hairpins[key][0] for key in keys if key in names.hairpins]
    by_accession = [hairpin_names().get(found, "") for found in HAIRPIN_ACCESSION.findall(plain)]
    return ";".join(dict.fromkeys(name for name in [*named, *by_accession] if name in own))


@cache
def own_hairpins() -> Mapping[str, frozenset[str]]:
    """Return the hairpins of each mature miRNA: accession -> names."""
    mature = load_mature()
    pairs = zip(mature["accession"], mature["hairpins"], strict=True)
    return {accession: frozenset(filter(None, hairpins.split(";"))) for accession, hairpins in pairs}


@cache
def matures_of_hairpins() -> Mapping[str, tuple[str, ...]]:
    """Return the mature miRNAs of each hairpin: its name -> accessions, the 5p arm first."""
    found: dict[str, list[tuple[str, str]]] = {}
    mature = load_mature()
    for accession, arm, hairpins in zip(mature["accession"], mature["arm"], mature["hairpins"], strict=True):
        for hairpin in filter(None, hairpins.split(";")):
            found.setdefault(hairpin, []).append((arm, accession))
    return {
        hairpin: tuple(accession for _, accession in sorted(arms, key=lambda each: (each[0] != "5p", each)))
        for hairpin, arms in found.items()
    }


def _suffix(plain: str) -> tuple[str, str] | None:
    endings = ((_MATURE, "", "mature"), (_PRECURSOR, "", "precursor"), (_BEFORE, r"\1", "precursor"))
    return next(((form.sub(rest, plain), suffix) for form, rest, suffix in endings if form.search(plain)), None)


def _of_suffix(stem: str, suffix: str, names: Vocabulary) -> Compound | None:
    pieces = pieces_of(stem)
    if len(pieces) > 1:  # hsa-miR-21-5p_hsa-mir-21_mature
        whole = read_compound(stem, names)
        return whole if suffix == "mature" else None
    part = read_piece(pieces[0] if pieces else _EDGE.sub("", stem), names)
    if not part.key:
        return None
    hairpin = names.hairpins.get(part.key)
    if suffix == "precursor":
        own = {name for key in names.meanings.get(part.key, ()) for name in own_hairpins().get(key, ())}
        if hairpin is None and len(own) == 1:
            hairpin = names.hairpins.get(next(iter(own)).lower())
        return None if hairpin is None else Compound(part, (), (hairpin[0],), suffix)
    if hairpin is None or part.form == "mature":  # the name has its arm, or is a mature miRNA's of an older release
        return Compound(part, (), (), suffix)
    return Compound(part, matures_of_hairpins().get(hairpin[0], ()), (hairpin[0],), suffix)


def _hairpin_of_gene(gene: re.Match[str], names: Vocabulary) -> str:
    """Write the symbol of a hairpin's gene (MIR21, MIRLET7A1) as miRBase writes the hairpin, where it has one."""
    family, number, letter, copy = gene.groups()
    name = f"{names.species}-{'let' if family else 'mir'}-{number}{letter.lower()}{'-' + copy if copy else ''}"
    return names.hairpins[name][0] if name in names.hairpins and gene.group(0) != gene.string else gene.group(0)


def _by_accession(plain: str, names: Vocabulary) -> list[str]:
    """Return the hairpins of the study's species whose accession stands in an id."""
    found = [hairpin_names().get(key, "") for key in HAIRPIN_ACCESSION.findall(plain)]
    return [name for name in found if name.startswith(f"{names.species}-")]


def _hairpin_of(pieces: list[str], names: Vocabulary) -> str:
    """Return the hairpin that the only name of an id is, '' where it may be a mature miRNA."""
    part = read_piece(pieces[0], names) if len(pieces) == 1 else None
    return names.hairpins.get(part.key, ("", ""))[0] if part and part.form != "mature" else ""


def _arm_of(part: NamePart, names: Vocabulary) -> set[str]:
    """Return the mature miRNAs that a name means, that of a hairpin with an arm (hsa-mir-16-1-5p) among them."""
    found = set(names.meanings.get(part.key, ()))
    return found or names.arms.get((part.key[:-3], part.key[-2:]), set())


def _beside_its_own(parts: list[NamePart], at: int, more: list[str], names: Vocabulary) -> Compound | None:
    """Take one name as the mature miRNA, if all others, and those of accessions, can be hairpins of it."""
    others = [names.hairpins.get(part.key) for i, part in enumerate(parts) if i != at]
    hairpins = tuple(dict.fromkeys([*(hairpin[0] for hairpin in others if hairpin is not None), *more]))
    if not hairpins or any(hairpin is None for hairpin in others):
        return None
    can_be = [key for key in _arm_of(parts[at], names) if set(hairpins) <= own_hairpins().get(key, frozenset())]
    return Compound(parts[at], tuple(sorted(can_be)), hairpins) if can_be else None
