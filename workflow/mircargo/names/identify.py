"""Which miRNA an input row is: by the accession in its id, else by its name in the right release."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mircargo.names.lookup import Lookup, Meaning
from mircargo.names.spelling import MIRGENEDB, Part, parts_of
from mircargo.names.target import find_target
from mircargo.names.vocabulary import CURRENT, names_in_use, numbered, vocabulary
from mircargo.problems import listing

__all__ = ["Identified", "find_target", "identify"]

COLUMNS = ["feature", "accession", "level", "ambiguous", "reason"]


@dataclass(frozen=True)
class Identified:
    """What the ids of a table are.

    Attributes
    ----------
    rows
        One row an id: `feature` (the name of release 22.1, or the id itself), `accession` ('' if unknown),
        `level` (mature, hairpin or unknown), `ambiguous` (bool) and `reason`. Merged names are one feature, their
        names and their accessions joined by `/`.
    naming
        How the ids were understood, in words, with the share that this explains.
    """

    rows: pd.DataFrame
    naming: str


def identify(ids: Sequence[str], species: str) -> Identified:
    """Find the accession of each id.

    An accession within the id decides. Else the ids of the table are read as mature names of that one release
    which explains most of them; a name that this release lacks is taken from another one only where it never meant
    anything else. Where several releases explain as many and do not agree on a name, or where a name may be a
    mature miRNA or a hairpin and the table does not tell, it is ambiguous: nothing is guessed.

    Parameters
    ----------
    ids
        The features as a table names them: any case, with or without the species, merged names (`a/b`, `a|b`,
        `a;b`, `a,b`, also shortened as in `hsa-let-7a-5p/7c-5p`), MirGeneDB's names.
    species
        miRBase's letters: mmu, rno or hsa.
    """
    unique = {text: parts_of(text, species) for text in dict.fromkeys(ids)}
    lookup = Lookup(vocabulary(species), [part for parts in unique.values() for part in parts if part.key])
    found = {text: _row(text, parts, lookup) for text, parts in unique.items()}
    rows = pd.DataFrame([found[text] for text in ids], columns=COLUMNS)
    naming = _naming([unique[text] for text in ids], lookup)
    undecided = int(rows["ambiguous"].sum())
    if undecided:
        naming += (
            f"; {undecided} are ambiguous and keep their own names: {listing(rows['feature'][rows['ambiguous']], 4)}"
        )
    return Identified(rows, naming)


def _row(text: str, parts: list[Part], lookup: Lookup) -> tuple[str, str, str, bool, str]:
    given = {part.accession for part in parts if part.accession}
    # A name beside its own accession says nothing more, whatever else it may have meant.
    parts = [part for part in parts if not given.intersection(lookup.names.meanings.get(part.key, ()))]
    meanings = [_meaning(part, lookup) for part in parts]
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


def _meaning(part: Part, lookup: Lookup) -> Meaning:
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


def _naming(parts: Sequence[list[Part]], lookup: Lookup) -> str:
    told = []
    accessions = sum(any(part.accession for part in each) for each in parts)
    names = [each for each in parts if not any(part.accession for part in each)]
    if accessions:
        told.append(f"{accessions} of {len(parts)} ids carry a miRBase accession")
    if names and lookup.as_hairpins:
        n = sum(all(part.key in lookup.names.hairpins for part in each) for each in names)
        told.append(f"{n} of {len(names)} ids are names of hairpins: the arm is unknown")
    elif names:
        n = sum(all(lookup.is_mature_of(part, lookup.newest) for part in each) for each in names)
        as_well = lookup.names.named(lookup.best & ~lookup.newest)
        more = f" (as many of {listing(as_well, 3)})" if as_well and n else ""
        told.append(f"{n} of {len(names)} ids are mature names of miRBase {lookup.release}{more}")
    merged = sum(len(each) > 1 for each in parts)
    if merged:
        told.append(f"{merged} ids name several miRNAs")
    return "; ".join(told)
