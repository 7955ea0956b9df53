"""The configured target among the features of a study."""

import re

import pandas as pd

from mircargo.features.mirbase import hairpin_names, is_one, load_hairpins, load_mature
from mircargo.features.name_history import CURRENT, current_names, vocabulary
from mircargo.features.spelling import ACCESSION, name_parts_of
from mircargo.problems import ProblemsFound, listing, refusal
from mircargo.vocabulary import AS_NAMED, SPECIES

_FROM_ACCESSION = re.compile(r"[\s_|:(]+MIMAT\d{7}.*$")
# The species before a name: hsv1 of hsv1-miR-H1-5p, and not let of let-7a or miR of miR-H1-5p.
_PREFIX = re.compile(r"(?!mir-)[a-z][a-z0-9]{2,5}-(?!\d)", re.IGNORECASE)


def find_target(target: str, species: str, features: pd.DataFrame) -> tuple[str | None, str]:
    """Find the configured target among the features of a study.

    A row of its own is preferred, then a merged row that holds it, then its hairpin.

    Parameters
    ----------
    target
        Name of a mature miRNA, with or without the species, of any release; or an accession; or a feature as the
        table names it, where miRBase has no such name.
    species
        miRBase's letters, or `other`. Of a species that the package does not hold the features alone are asked.
    features
        The study's features: columns `feature` and `accession`.

    Returns
    -------
    tuple
        The feature (None if the study has none), and what is to be said about it ('' if nothing).

    Raises
    ------
    ProblemsFound
        Where miRBase has no such mature miRNA of this species, or several.
    """
    if species not in SPECIES:
        return _find_by_name(target, species, features)
    try:
        accession = _accession_of(target, species)
    except ProblemsFound:
        if target in set(features["feature"]):
            return target, f"{target} is no name of one mature miRNA of miRBase: the row of this name was taken"
        raise
    pairs = zip(features["accession"], features["feature"], strict=True)
    known = {held: str(feature) for held, feature in pairs if isinstance(held, str)}
    merged = [held for held in known if "/" in held and accession in held.split("/")]
    also = f"; reads that fit it and others equally are in {listing(known[held] for held in merged)}" if merged else ""
    if accession in known:
        return known[accession], also.removeprefix("; ")
    if merged:
        now = current_names() | hairpin_names()
        others = [now.get(other, other) for other in merged[0].split("/") if other != accession]
        arms = _hairpins_of(merged[0].split("/"))
        if arms and len(merged) == 1:
            other = f"{listing(others)} may be among those of {known[merged[0]]}"
            return known[merged[0]], f"the tables do not say which arm of {arms} it is, so reads of {other}"
        note = f"the tables merge it with {listing(others)}, so reads of {'both' if len(others) == 1 else 'all'} are in"
        return known[merged[0]], f"{note} {known[merged[0]]}" + (also if len(merged) > 1 else "")
    mature = load_mature().set_index("accession")
    hairpins = load_hairpins().set_index("name")["accession"]
    own = mature.loc[accession, "hairpins"].split(";") if accession in mature.index else []
    present = [known[hairpins[name]] for name in own if hairpins.get(name) in known]
    if present:
        note = f"the tables count the hairpin {present[0]}, so reads of its other arm are included"
        return present[0], note + (f"; it also has {listing(present[1:])}" if present[1:] else "")
    return None, f"no row of the tables is {current_names().get(accession, target)} ({accession})"


def find_by_sequence(accession: str, features: pd.DataFrame) -> str | None:
    """Return the first feature that has the mature sequence of an accession, None where none has it."""
    sequence = load_mature().set_index("accession").at[accession, "sequence"]
    own = features.dropna(subset="sequence")
    return next(
        (str(name) for name, each in zip(own["feature"], own["sequence"], strict=True) if is_one(each, sequence)), None
    )


def _find_by_name(target: str, species: str, features: pd.DataFrame) -> tuple[str | None, str]:
    """Find the target by its name, with the species or without, or by its accession, among the features alone."""
    names = [str(name) for name in features["feature"]]
    accessions = features["accession"].astype(object).where(features["accession"].notna(), "").astype(str)
    held = {
        name: [name, *name.split("/"), *key.split("/"), _FROM_ACCESSION.sub("", name), *ACCESSION.findall(name)]
        for name, key in zip(names, accessions, strict=True)
    }
    for same in (str.__eq__, lambda one, other: _is_same_name(one, other, species)):
        found = [name for name in names if any(same(text, target) for text in held[name])]
        alone = [name for name in found if "/" not in name]
        if len(alone) > 1:
            hint = "write the name of one of them under `target`, as the table has it"
            what, where = "several rows may be the target", "configuration, target"
            raise refusal("ambiguous_target", what, where, f"'{target}': {listing(alone)}", hint)
        if found:
            row = (alone or found)[0]
            return row, _note_of(row, [name for name in found if name != row], species)
    number = re.search(r"(mir|let|lin)-?(\d+)", target, re.IGNORECASE)
    near = re.compile(rf"{number[1]}-?{number[2]}(?!\d)", re.IGNORECASE) if number else None
    alike = [name for name in names if near is not None and near.search(name)]
    there = f"; there {'is' if len(alike) == 1 else 'are'} {listing(alike, 4)}" if alike else ""
    return None, f"no row of the tables is named {target}, with the species or without{there}"


def _is_same_name(one: str, other: str, species: str) -> bool:
    """Whether two names are the same but for case, and for a species that one of them has and the other leaves out."""
    one, other = one.lower(), other.lower()
    if species != AS_NAMED:
        return one.removeprefix(f"{species}-") == other.removeprefix(f"{species}-")
    return one == other or _PREFIX.sub("", one, count=1) == other or _PREFIX.sub("", other, count=1) == one


def _note_of(feature: str, merged: list[str], species: str) -> str:
    parts = feature.split("/")
    notes = [f"the tables merge it: reads of {listing(parts)} are in one row"] if len(parts) > 1 else []
    notes += [f"reads that fit it and others equally are in {listing(merged)}"] if merged else []
    if species == AS_NAMED:
        notes.append(f"{feature} is the target by its name alone: names are taken as they are (`species: other`)")
    return "; ".join(notes)


def _hairpins_of(accessions: list[str]) -> str:
    """Return the hairpin whose two arms these mature miRNAs are, '' where they are no arms of one hairpin."""
    mature = load_mature().set_index("accession")
    if len(accessions) != 2 or not all(each in mature.index for each in accessions):
        return ""
    rows = mature.loc[accessions]
    shared = set.intersection(*(set(hairpins.split(";")) for hairpins in rows["hairpins"])) - {""}
    return listing(sorted(shared)) if set(rows["arm"]) == {"5p", "3p"} else ""


def _accession_of(target: str, species: str) -> str:
    """Return the accession of a name: of release 22.1 if it has it, else of any release if they agree."""
    names = vocabulary(species)
    part = name_parts_of(target, names)[0]
    if ACCESSION.fullmatch(part.accession):
        return part.accession
    meanings = names.meanings.get(part.key, {})
    newest = 1 << len(names.releases) - 1
    found = [accession for accession, releases in meanings.items() if releases & newest] or list(meanings)
    if len(found) == 1:
        return found[0]
    where = "configuration, target"
    if found:
        now = ", ".join(f"{key} (now {current_names().get(key, 'dead')})" for key in found)
        what, hint = (
            "this name has meant several mature miRNAs",
            f"write the name of miRBase {CURRENT}, or the accession",
        )
        raise refusal("ambiguous_target", what, where, f"'{target}': {now}", hint)
    hint = "write it as miRBase does, for instance miR-21-5p or let-7a-5p"
    what = f"miRBase has never had a mature miRNA of this name for {species}"
    raise refusal("unknown_target", what, where, f"'{target}'", hint)
