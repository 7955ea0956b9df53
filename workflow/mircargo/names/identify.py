"""Which miRNA an input row is: by the accession in its id, else by its name in the right release."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mircargo.names.mirbase import load_hairpins, load_mature, load_names, release_key
from mircargo.problems import Problem, ProblemsFound, listing

ACCESSION = re.compile(r"MIMAT\d{7}")
HAIRPIN = "hairpin"


@dataclass(frozen=True)
class Identified:
    """What the ids of a table are.

    Attributes
    ----------
    rows
        One row an id: `feature` (the name of release 22.1, or the id itself), `accession` ('' if unknown),
        `level` (mature, hairpin or unknown), `ambiguous` (bool) and `reason`.
    naming
        How the ids were understood, in words, with the share that this explains.
    """

    rows: pd.DataFrame
    naming: str


def identify(ids: Sequence[str], species: str) -> Identified:
    """Find the accession of each id.

    An accession within the id decides. Else the ids of the table are read as mature names of that one release,
    or as names of hairpins, which explains most of them (the later release where several do); a name that this
    release lacks is taken from another one only where it never meant anything else.

    Parameters
    ----------
    ids
        The features as a table names them.
    species
        miRBase's letters: mmu, rno or hsa.
    """
    mature = load_mature().set_index("accession")
    hairpins = load_hairpins()
    hairpins = hairpins[hairpins["species"] == species].set_index("name")["accession"]
    by_release = _names_by_release(species)
    plain = [text for text in ids if not ACCESSION.search(text)]
    scores = {release: sum(text in names for text in plain) for release, names in by_release.items()}
    release = max(scores, key=lambda key: (scores[key], release_key(key)))
    in_hairpins = sum(text in hairpins.index for text in plain)
    as_hairpins = in_hairpins > scores[release]
    all_names = _accessions_by_name(species)
    rows = []
    for text in ids:
        found = ACCESSION.search(text)
        if found:
            rows.append(_mature_row(text, found.group(), mature, "by the accession in its id"))
        elif as_hairpins and text in hairpins.index:
            rows.append((text, hairpins[text], HAIRPIN, False, "a hairpin: which arm its reads are of is unknown"))
        elif not as_hairpins and text in by_release[release]:
            rows.append(_mature_row(text, by_release[release][text], mature, f"by its name in miRBase {release}"))
        elif len(all_names.get(text, ())) == 1:
            reason = "by a name that has meant one miRNA in every miRBase release"
            rows.append(_mature_row(text, next(iter(all_names[text])), mature, reason))
        elif text in all_names:
            reason = f"this name has meant {listing(sorted(all_names[text]))}; the table's release does not decide"
            rows.append((text, "", "unknown", True, reason))
        elif text in hairpins.index:
            rows.append((text, hairpins[text], HAIRPIN, False, "a hairpin: which arm its reads are of is unknown"))
        else:
            rows.append((text, "", "unknown", False, f"not a name that miRBase has had for {species}"))
    table = pd.DataFrame(rows, columns=["feature", "accession", "level", "ambiguous", "reason"])
    return Identified(table, _naming(len(ids), len(plain), as_hairpins, in_hairpins, release, scores[release]))


def find_target(target: str, species: str, features: pd.DataFrame) -> tuple[str | None, str]:
    """Find the configured target among the features of a study.

    Parameters
    ----------
    target
        Name of a mature miRNA, with or without the species, of any release; or an accession.
    species
        miRBase's letters: mmu, rno or hsa.
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
    mature = load_mature().set_index("accession")
    accession = target if ACCESSION.fullmatch(target) else _accession_of(target, species)
    known = features.set_index("accession")["feature"]
    if accession in known.index:
        return str(known[accession]), ""
    hairpins = load_hairpins().set_index("name")["accession"]
    own = mature.loc[accession, "hairpins"].split(";") if accession in mature.index else []
    present = [known[hairpins[name]] for name in own if hairpins.get(name) in known.index]
    if present:
        note = f"the tables count the hairpin {present[0]}, so reads of its other arm are included"
        return str(present[0]), note + (f"; it also has {listing(present[1:])}" if present[1:] else "")
    return None, f"no row of the tables is {mature['name'].get(accession, target)} ({accession})"


def _accession_of(target: str, species: str) -> str:
    bare = re.sub(r"^(mmu|rno|hsa)-", "", target)
    name = f"{species}-{bare}"
    releases = _names_by_release(species)
    for release in sorted(releases, key=release_key, reverse=True):
        if name in releases[release]:
            return releases[release][name]
    raise ProblemsFound(
        Problem(
            f"miRBase has never had a mature miRNA of this name for {species}",
            "configuration, target",
            f"'{target}'",
            "write it as miRBase does, for instance miR-21-5p or let-7a-5p",
        )
    )


def _mature_row(text: str, accession: str, mature: pd.DataFrame, reason: str) -> tuple[str, str, str, bool, str]:
    if accession in mature.index:
        return (str(mature.at[accession, "name"]), accession, "mature", False, reason)
    return (text, accession, "mature", False, f"{reason}; miRBase 22.1 no longer has it")


def _names_by_release(species: str) -> dict[str, dict[str, str]]:
    names = load_names()
    names = names[names["name"].str.startswith(f"{species}-")]
    releases = sorted({*names["first"], *names["last"]}, key=release_key)
    position = {release: index for index, release in enumerate(releases)}
    table: dict[str, dict[str, str]] = {release: {} for release in releases}
    for accession, name, first, last in names.itertuples(index=False):
        for release in releases[position[first] : position[last] + 1]:
            table[release][name] = accession
    return table


def _accessions_by_name(species: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for accession, name in load_names()[["accession", "name"]].itertuples(index=False):
        if name.startswith(f"{species}-"):
            found[name].add(accession)
    return found


def _naming(n: int, n_plain: int, as_hairpins: bool, in_hairpins: int, release: str, in_release: int) -> str:
    parts = []
    if n > n_plain:
        parts.append(f"{n - n_plain} of {n} ids carry a miRBase accession")
    if n_plain and as_hairpins:
        parts.append(f"{in_hairpins} of {n_plain} ids are names of hairpins: the arm is unknown")
    elif n_plain:
        parts.append(f"{in_release} of {n_plain} ids are mature names of miRBase {release}")
    return "; ".join(parts)
