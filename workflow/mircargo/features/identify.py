"""Which miRNA an input row is: by the accession in its id, else by its name in the right release."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

import pandas as pd

from mircargo.features.compound import Compound, hairpins_beside, matures_of_hairpins, read_compound
from mircargo.features.isomir_names import split_variant
from mircargo.features.lookup import HAIRPIN, Lookup, Meaning
from mircargo.features.name_history import Vocabulary
from mircargo.features.spelling import MIRGENEDB, NamePart, name_parts_of
from mircargo.problems import listing
from mircargo.vocabulary import AS_NAMED

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


def identify(ids: Sequence[str], names: Vocabulary) -> Identified:
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
    names
        What names mean in the study's species. Where it knows none (`species: other`), each id is a feature by itself.
    """
    if names.species == AS_NAMED:
        return _as_they_are(ids)
    unique = {text: _take_apart(text, names) for text in dict.fromkeys(ids)}
    lookup = Lookup(names, [part for each in unique.values() for part in each.names if part.key])
    found = {text: _meaning_of(each, lookup) for text, each in unique.items()}
    rows = pd.DataFrame([asdict(found[text]) for text in ids], columns=COLUMNS)
    parts = [(_locus(unique[text], found[text].accession, lookup), unique[text].variant) for text in ids]
    naming = _naming([unique[text] for text in ids], rows["level"].tolist(), lookup)
    undecided = rows["feature"][rows["ambiguous"]]
    if len(undecided):
        naming += f"; {len(undecided)} are ambiguous and keep their own names: {listing(undecided, 4)}"
    return Identified(rows, naming, pd.DataFrame(parts, columns=["locus", "variant"]))


def _as_they_are(ids: Sequence[str]) -> Identified:
    reason = "its name is taken as it is: what it is, is unknown"
    rows = pd.DataFrame([(text, "", "unknown", False, reason) for text in ids], columns=COLUMNS)
    parts = pd.DataFrame([("", "")] * len(ids), columns=["locus", "variant"])
    return Identified(rows, "", parts)


def _take_apart(text: str, names: Vocabulary) -> _Id:
    base, variant = split_variant(text)
    return _Id(base, variant, name_parts_of(base, names), read_compound(base, names))


def _locus(each: _Id, accession: str, lookup: Lookup) -> str:
    if each.compound is not None:
        return ";".join(each.compound.hairpins) if each.compound.suffix != "precursor" else ""
    return hairpins_beside(each.text, accession, lookup.names) if accession.startswith("MIMAT") else ""


def _meaning_of(each: _Id, lookup: Lookup) -> Meaning:
    meaning = _of_parts(each.parts, lookup) if each.compound is None else _of_compound(each.compound, lookup)
    if not meaning.accession:
        meaning = replace(meaning, feature=_own_name(each.text, meaning.ambiguous, lookup.names))
    return replace(meaning, reason=f"{meaning.reason}; an isomiR, {each.variant}") if each.variant else meaning


def _of_compound(compound: Compound, lookup: Lookup) -> Meaning:
    """Read an id that names a mature miRNA beside its own hairpins, or ends in `_mature` or `_precursor`."""
    beside = listing(compound.hairpins, 3)
    if compound.suffix == "precursor":
        name, accession = lookup.names.hairpins[compound.hairpins[0].lower()]
        return Meaning(feature=name, accession=accession, level="hairpin", reason=HAIRPIN)
    if compound.suffix and len(compound.accessions) > 1:
        feature = "/".join(lookup.of_accession(accession, "").feature for accession in compound.accessions)
        reason = f"named as a mature miRNA of {beside} without its arm: its reads may be of {feature}"
        return Meaning(feature=feature, accession="/".join(compound.accessions), level="mature", reason=reason)
    if len(compound.accessions) == 1:
        how = "the only mature miRNA" if compound.suffix else "by its name beside its own hairpin, a mature miRNA"
        return lookup.of_accession(compound.accessions[0], f"{how} of {beside}")
    meaning = lookup.of_name(compound.part)
    if meaning.accession and compound.accessions and meaning.accession not in compound.accessions:
        return Meaning(ambiguous=True, reason=f"this name has meant {listing(compound.accessions)} of {beside}")
    return meaning


def _of_parts(parts: list[NamePart], lookup: Lookup) -> Meaning:
    given = {part.accession for part in parts if part.accession}
    # A name beside its own accession says nothing more, whatever else it may have meant.
    parts = [part for part in parts if not given.intersection(lookup.names.meanings.get(part.key, ()))]
    pairs = _without_own_hairpins([(part, _meaning(part, lookup)) for part in parts])
    if len(pairs) == 1:
        return pairs[0][1]
    lost = [f"'{part.text}' is {meaning.reason}" for part, meaning in pairs if not meaning.accession]
    if lost:
        reason = f"a merged name that is kept whole, for not all of it is understood: {'; '.join(lost)}"
        return Meaning(ambiguous=any(meaning.ambiguous for _, meaning in pairs), reason=reason)
    distinct = {meaning.accession: meaning for _, meaning in pairs}
    reasons = "; ".join(dict.fromkeys(meaning.reason for meaning in distinct.values()))
    return Meaning(
        feature="/".join(meaning.feature for meaning in distinct.values()),
        accession="/".join(distinct),
        level="mature" if all(meaning.level == "mature" for _, meaning in pairs) else "hairpin",
        reason=(f"merged: its reads fit {len(distinct)} miRNAs equally, " if len(distinct) > 1 else "") + reasons,
    )


def _without_own_hairpins(pairs: list[tuple[NamePart, Meaning]]) -> list[tuple[NamePart, Meaning]]:
    """Leave out the hairpins of the only mature miRNA that an id names: they say where it is, not what."""
    matures = {meaning.accession for _, meaning in pairs if meaning.level == "mature"}
    if len(matures) != 1:
        return pairs
    of_hairpins = matures_of_hairpins()
    return [
        (part, meaning)
        for part, meaning in pairs
        if meaning.level != "hairpin" or not matures <= {*of_hairpins.get(meaning.feature, ())}
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
    return Meaning(reason=lookup.names.not_a_name)


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
    candidates = lookup.names.numbered(word, number, arm)
    if len(candidates) == 1 and candidates[0].endswith(f"-{arm}"):
        reason = f"a MirGeneDB name: the only {arm} mature miRNA numbered {number} in {lookup.names.latest}"
        return lookup.of_accession(next(iter(lookup.names.meanings[candidates[0].lower()])), reason)
    which = f"could be {listing(candidates)}" if candidates else "has no counterpart of this number and arm"
    return Meaning(reason=f"a MirGeneDB name that in {lookup.names.latest} {which}")


def _own_name(text: str, ambiguous: bool, names: Vocabulary) -> str:
    """Return the id as a feature's name, so that it cannot be taken for the miRNA that has this name now."""
    return f"{text} (ambiguous)" if ambiguous and text.strip().lower() in names.in_use else text


def _naming(ids: Sequence[_Id], levels: Sequence[str], lookup: Lookup) -> str:
    """Say how the ids were understood; `levels` are what became of each."""
    rest = [(each, level) for each, level in zip(ids, levels, strict=True) if not any(p.accession for p in each.names)]
    accessions, merged = len(ids) - len(rest), sum(len(each.names) > 1 for each in ids)
    matures = sum(
        level != "hairpin" and not each.armless and all(lookup.is_mature_of(part, lookup.newest) for part in each.names)
        for each, level in rest
    )
    as_well = lookup.names.named(lookup.best & ~lookup.newest)
    more = f" (as many of {listing(as_well, 3)})" if as_well and matures else ""
    kinds = [
        (matures, f"are mature names of {lookup.names.label(lookup.release)}{more}"),
        (sum(level == "hairpin" for _, level in rest), "are names of hairpins: the arm is unknown"),
        (sum(each.armless for each, _ in rest), "name a mature miRNA by its hairpin: the arm is unknown"),
    ]
    if lookup.as_hairpins:
        kinds[:2] = kinds[1::-1]
    (first, words), *others = [kind for kind in kinds if kind[0]] or kinds[:1]
    notes = [f"{accessions} of {len(ids)} ids carry a miRBase accession"] if accessions else []
    notes += [f"{first} of {len(rest)} ids {words}", *(f"{n} {also}" for n, also in others)] if rest else []
    notes += [f"{merged} ids name several miRNAs"] if merged else []
    return "; ".join(notes)
