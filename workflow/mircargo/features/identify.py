"""Which miRNA an input row is: by the accession in its id, else by its name in the right release."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from mircargo.features.compound import Compound, hairpins_beside, matures_of_hairpins, read_compound
from mircargo.features.find_target import find_target
from mircargo.features.isomir_names import split_variant
from mircargo.features.lookup import HAIRPIN, Lookup, Meaning
from mircargo.features.name_history import CURRENT, names_in_use, numbered, vocabulary
from mircargo.features.spelling import MIRGENEDB, NamePart, name_parts_of
from mircargo.problems import listing

__all__ = ["Identified", "find_target", "identify"]

COLUMNS = ["feature", "accession", "level", "ambiguous", "reason"]


@dataclass(frozen=True)
class Identified:
    """What the ids of a table are.

    Attributes
    ----------
    rows
        One row per id: `feature` (the name of release 22.1, or the id itself), `accession` ('' if unknown),
        `level` (mature, hairpin or unknown), `ambiguous` (bool) and `reason`. Merged names are one feature, their
        names and their accessions joined by `/`.
    naming
        How the ids were understood, in words, with the share that this explains.
    parts
        One row per id: `locus` (the hairpins of a mature miRNA that the id names beside it) and `variant` (the isomiR
        that it names); '' where it names none.
    """

    rows: pd.DataFrame
    naming: str
    parts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["locus", "variant"]))


@dataclass(frozen=True)
class _Id:
    """An id taken apart: its text without the isomiR, the isomiR, its names, and what it says beyond a name."""

    text: str
    variant: str
    parts: list[NamePart]
    compound: Compound | None

    @property
    def names(self) -> list[NamePart]:
        """Return the names that tell the release of the table."""
        return self.parts if self.compound is None else [self.compound.part]

    @property
    def armless(self) -> bool:
        """Whether it names a mature miRNA by its hairpin, without the arm (`hsa-mir-21_mature`)."""
        return self.compound is not None and self.compound.suffix == "mature" and bool(self.compound.hairpins)


def identify(ids: Sequence[str], species: str) -> Identified:
    """Find the accession of each id.

    An accession within the id decides. Else the ids of the table are read as mature names of that one release
    which explains most of them; a name that this release lacks is taken from another one only where it never meant
    anything else. Where several releases explain as many and do not agree on a name, or where a name may be a
    mature miRNA or a hairpin and the table does not tell, it is ambiguous: nothing is guessed. A mature miRNA beside
    its own hairpin (`hsa-mir-21_hsa-miR-21-5p`, with any separator) is that mature miRNA, and an isomiR
    (`hsa-miR-21-5p_R-1`) is the miRNA that it is one of.

    Parameters
    ----------
    ids
        The features as a table names them: any case, with or without the species, merged names (`a/b`, `a|b`,
        `a;b`, `a,b`, also shortened as in `hsa-let-7a-5p/7c-5p`), MirGeneDB's names.
    species
        miRBase's letters: mmu, rno or hsa.
    """
    unique = {text: _take_apart(text, species) for text in dict.fromkeys(ids)}
    lookup = Lookup(vocabulary(species), [part for each in unique.values() for part in each.names if part.key])
    found = {text: _row(each, lookup) for text, each in unique.items()}
    rows = pd.DataFrame([found[text] for text in ids], columns=COLUMNS)
    parts = [(_locus(unique[text], found[text][1], lookup), unique[text].variant) for text in ids]
    naming = _naming([unique[text] for text in ids], rows["level"].tolist(), lookup)
    undecided = int(rows["ambiguous"].sum())
    if undecided:
        naming += (
            f"; {undecided} are ambiguous and keep their own names: {listing(rows['feature'][rows['ambiguous']], 4)}"
        )
    return Identified(rows, naming, pd.DataFrame(parts, columns=["locus", "variant"]))


def _take_apart(text: str, species: str) -> _Id:
    base, variant = split_variant(text)
    return _Id(base, variant, name_parts_of(base, species), read_compound(base, vocabulary(species)))


def _locus(each: _Id, accession: str, lookup: Lookup) -> str:
    if each.compound is not None:
        return ";".join(each.compound.hairpins) if each.compound.suffix != "precursor" else ""
    return hairpins_beside(each.text, accession, lookup.names) if accession.startswith("MIMAT") else ""


def _row(each: _Id, lookup: Lookup) -> tuple[str, str, str, bool, str]:
    row = _of_parts(each.text, each.parts, lookup) if each.compound is None else _of_compound(each, lookup)
    feature, accession, level, ambiguous, reason = row
    return (feature, accession, level, ambiguous, f"{reason}; an isomiR, {each.variant}" if each.variant else reason)


def _of_compound(each: _Id, lookup: Lookup) -> tuple[str, str, str, bool, str]:
    """Read an id that names a mature miRNA beside its own hairpins, or ends in `_mature` or `_precursor`."""
    compound = each.compound
    assert compound is not None
    beside = listing(compound.hairpins, 3)
    if compound.suffix == "precursor":
        hairpin = lookup.names.hairpins[compound.hairpins[0].lower()]
        return (*hairpin, "hairpin", False, HAIRPIN)
    if compound.suffix and len(compound.accessions) > 1:
        matures = [lookup.of_accession(accession, "") for accession in compound.accessions]
        feature = "/".join(mature.feature for mature in matures)
        reason = f"named as a mature miRNA of {beside} without its arm: its reads may be of {feature}"
        return (feature, "/".join(compound.accessions), "mature", False, reason)
    if len(compound.accessions) == 1:
        how = "the only mature miRNA" if compound.suffix else "by its name beside its own hairpin, a mature miRNA"
        meaning = lookup.of_accession(compound.accessions[0], f"{how} of {beside}")
    else:
        meaning = lookup.of_name(compound.part)
    if meaning.accession and compound.accessions and meaning.accession not in compound.accessions:
        meaning = Meaning(ambiguous=True, reason=f"this name has meant {listing(compound.accessions)} of {beside}")
    if not meaning.accession:
        return (_own_name(each.text, meaning.ambiguous), "", "unknown", meaning.ambiguous, meaning.reason)
    return (meaning.feature, meaning.accession, meaning.level, False, meaning.reason)


def _of_parts(text: str, parts: list[NamePart], lookup: Lookup) -> tuple[str, str, str, bool, str]:
    given = {part.accession for part in parts if part.accession}
    # A name beside its own accession says nothing more, whatever else it may have meant.
    parts = [part for part in parts if not given.intersection(lookup.names.meanings.get(part.key, ()))]
    meanings = [_meaning(part, lookup) for part in parts]
    parts, meanings = _without_own_hairpins(parts, meanings)
    if len(meanings) == 1:
        meaning = meanings[0]
        if meaning.accession:
            return (meaning.feature, meaning.accession, meaning.level, False, meaning.reason)
        return (_own_name(text, meaning.ambiguous), "", "unknown", meaning.ambiguous, meaning.reason)
    lost = [
        f"'{part.text}' is {meaning.reason}"
        for part, meaning in zip(parts, meanings, strict=True)
        if not meaning.accession
    ]
    ambiguous = any(meaning.ambiguous for meaning in meanings)
    if lost:
        reason = f"a merged name that is kept whole, for not all of it is understood: {'; '.join(lost)}"
        return (_own_name(text, ambiguous), "", "unknown", ambiguous, reason)
    distinct = list({meaning.accession: meaning for meaning in meanings}.values())
    feature = "/".join(meaning.feature for meaning in distinct)
    reasons = "; ".join(dict.fromkeys(meaning.reason for meaning in distinct))
    head = f"merged: its reads fit {len(distinct)} miRNAs equally, " if len(distinct) > 1 else ""
    level = "mature" if all(meaning.level == "mature" for meaning in distinct) else "hairpin"
    return (feature, "/".join(meaning.accession for meaning in distinct), level, False, head + reasons)


def _without_own_hairpins(parts: list[NamePart], meanings: list[Meaning]) -> tuple[list[NamePart], list[Meaning]]:
    """Leave out the hairpins of the only mature miRNA that an id names: they say where it is, not what."""
    matures = {meaning.accession for meaning in meanings if meaning.level == "mature"}
    keep = [
        meaning.level != "hairpin" or not matures <= {*matures_of_hairpins().get(meaning.feature, ())}
        for meaning in meanings
    ]
    if len(matures) != 1 or all(keep):
        return parts, meanings
    return [part for part, own in zip(parts, keep, strict=True) if own], [
        meaning for meaning, own in zip(meanings, keep, strict=True) if own
    ]


def _meaning(part: NamePart, lookup: Lookup) -> Meaning:
    if part.accession:
        return lookup.of_accession(part.accession, "by the accession in its id")
    if part.key:
        return lookup.of_name(part)
    if part.foreign:
        return Meaning(reason=f"a name of species {part.foreign}, and the study is of {lookup.names.species}")
    mirgenedb = MIRGENEDB.fullmatch(part.text)
    if mirgenedb:
        return _of_mirgenedb(mirgenedb, lookup)
    return Meaning(reason=f"not a name that miRBase has had for {lookup.names.species}")


def _of_mirgenedb(found: re.Match[str], lookup: Lookup) -> Meaning:
    """Read a name of MirGeneDB, which numbers families as miRBase does but names their members by descent."""
    letters, word, number, paralogue, arm = found.groups()
    species, family = lookup.names.species, f"{word}-{number}"
    if letters.lower() != species:
        return Meaning(reason=f"a MirGeneDB name of {letters.lower()}, and the study is of {species}")
    if arm not in ("5p", "3p"):
        return Meaning(reason="a MirGeneDB name of a hairpin or its loop, not of a mature miRNA")
    if paralogue:
        return Meaning(reason=f"a MirGeneDB name: miRBase does not name {paralogue[1:]} of the family {family}")
    candidates = numbered(species, word, number, arm)
    if len(candidates) == 1 and candidates[0].endswith(f"-{arm}"):
        reason = f"a MirGeneDB name: the only {arm} mature miRNA numbered {number} in miRBase {CURRENT}"
        return lookup.of_accession(next(iter(lookup.names.meanings[candidates[0].lower()])), reason)
    which = f"could be {listing(candidates)}" if candidates else "has no counterpart of this number and arm"
    return Meaning(reason=f"a MirGeneDB name that in miRBase {CURRENT} {which}")


def _own_name(text: str, ambiguous: bool) -> str:
    """Return the id as a feature's name, so that it cannot be taken for the miRNA that has this name now."""
    return f"{text} (ambiguous)" if ambiguous and text.strip().lower() in names_in_use() else text


def _naming(ids: Sequence[_Id], levels: Sequence[str], lookup: Lookup) -> str:
    """Say how the ids were understood; `levels` are what became of each."""
    told = []
    accessions = sum(any(part.accession for part in each.names) for each in ids)
    rest = [(each, level) for each, level in zip(ids, levels, strict=True) if not any(p.accession for p in each.names)]
    if accessions:
        told.append(f"{accessions} of {len(ids)} ids carry a miRBase accession")
    hairpins = sum(level == "hairpin" for _, level in rest)
    matures = sum(
        level != "hairpin" and not each.armless and all(lookup.is_mature_of(part, lookup.newest) for part in each.names)
        for each, level in rest
    )
    as_well = lookup.names.named(lookup.best & ~lookup.newest)
    more = f" (as many of {listing(as_well, 3)})" if as_well and matures else ""
    kinds = [
        (matures, f"are mature names of miRBase {lookup.release}{more}"),
        (hairpins, "are names of hairpins: the arm is unknown"),
        (sum(each.armless for each, _ in rest), "name a mature miRNA by its hairpin: the arm is unknown"),
    ]
    if lookup.as_hairpins:
        kinds = [kinds[1], kinds[0], kinds[2]]
    kinds = [kind for kind in kinds if kind[0]] or kinds[:1]
    if rest:
        (first, said), *others = kinds
        told += [f"{first} of {len(rest)} ids {said}", *(f"{n} {also}" for n, also in others)]
    merged = sum(len(each.names) > 1 for each in ids)
    if merged:
        told.append(f"{merged} ids name several miRNAs")
    return "; ".join(told)
