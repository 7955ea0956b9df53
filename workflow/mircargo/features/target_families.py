"""The family of a miRNA for its targets: bases 2 to 8, by which it finds them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import pandas as pd

from mircargo.features.identify import identify
from mircargo.features.mirbase import load_mature
from mircargo.features.name_history import Vocabulary
from mircargo.inputs.gene_ids import EXAMPLES
from mircargo.inputs.grid import read_grid
from mircargo.inputs.targets.species import letters_of
from mircargo.problems import listing, refusal
from mircargo.vocabulary import AS_NAMED

SEED: Final = re.compile(r"[ACGU]{7}")
_NUMBER: Final = re.compile(r"(?:[a-z]{3,4}-)?(mir|let)-(\d+)(-[35]p)?$", re.IGNORECASE)


def seed_of(sequence: str) -> str:
    """Return bases 2 to 8 of a mature sequence, as RNA; '' where it is no sequence of at least eight bases."""
    rna = sequence.strip().upper().replace("T", "U")
    return rna[1:8] if re.fullmatch(r"[ACGU]{8,}", rna) else ""


def seeds_of(names: Sequence[str], known: Vocabulary, families: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Find the seed of each name: of a miRNA of any release, an accession, or a family as TargetScan names them.

    Parameters
    ----------
    names
        As a table of targets has them, each once.
    known
        The names of the study's species. Where it knows none (`species: other`), a name is its own family.
    families
        Name of a miRNA or family, in lower case -> seed, of TargetScan's `miR_Family_Info.txt`: it goes before miRBase.

    Returns
    -------
    pandas.DataFrame
        A row a name: `seed` (RNA; '' where it is not known) and `reason` (why it is not).
    """
    families = families or {}
    found = {name: families[name.lower()] for name in names if name.lower() in families}
    rest = [name for name in names if name not in found]
    if known.species == AS_NAMED:
        found |= {name: name for name in rest}
        rest = []
    reasons: dict[str, str] = {}
    if rest:
        seeds = _known_seeds(known)
        rows = identify(rest, known).rows
        for name, accession, reason in zip(rest, rows["accession"], rows["reason"], strict=True):
            own = {seeds[each] for each in filter(None, accession.split("/")) if each in seeds}
            own = own if len(own) == 1 else _of_family(name, known, seeds)
            if len(own) == 1:
                found[name] = own.pop()
            else:
                reasons[name] = "its miRNAs have several seeds" if own else reason
    table = [(found.get(name, ""), reasons.get(name, "")) for name in names]
    return pd.DataFrame(table, columns=["seed", "reason"], index=pd.Index(names, name="mirna"))


@cache
def _seeds_of_package() -> dict[str, str]:
    mature = load_mature()
    return dict(zip(mature["accession"], mature["seed"], strict=True))


def _known_seeds(known: Vocabulary) -> Mapping[str, str]:
    own = known.own_facts
    return _seeds_of_package() | (own["seed"].to_dict() if len(own) else {})


def _of_family(name: str, known: Vocabulary, seeds: Mapping[str, str]) -> set[str]:
    """Return the seed that the miRNAs of a family's name share (`miR-17-5p/20-5p/93-5p`, `let-7-5p/98-5p`).

    Its parts are numbers without letters, of which any may be meant: the seed is one that every part has, and more than
    half of all these miRNAs. Otherwise all seeds are returned, or none.
    """
    accessions = {text: accession for accession, text in known.current.items()}
    shared: set[str] | None = None
    counted: Counter[str] = Counter()
    for part in name.split("/"):
        number = _NUMBER.match(f"miR-{part}" if part[:1].isdigit() else part)
        if not number:
            continue
        arms = [number[3].lstrip("-")] if number[3] else ["5p", "3p"]
        named = {each for arm in arms for each in known.numbered(number[1], number[2], arm)}
        own = [seeds[accessions[each]] for each in named if accessions.get(each) in seeds]
        if own:
            counted.update(own)
            shared = set(own) if shared is None else shared & set(own)
    most = {each for each in shared or set() if counted[each] > counted.total() / 2}
    return most or shared or set()


def read_families(path: str, species: str) -> dict[str, str]:
    """Read TargetScan's `miR_Family_Info.txt`: name of a family or miRNA, in lower case -> seed.

    Raises
    ------
    ProblemsFound
        Where it is another table, or has no row of the species.
    """
    grid = read_grid(path, as_text=True)
    needed = ("miR family", "Seed+m8", "Species ID", "MiRBase ID")
    if missing := [name for name in needed if name not in grid.header]:
        what = "this is not TargetScan's table of families"
        hint = "give its miR_Family_Info.txt, unpacked"
        found = f"no column {listing(map(repr, missing))}; it has {listing(grid.header, 12)}"
        raise refusal("not_family_info", what, path, found, hint)
    columns = {name: grid.body.iloc[:, grid.header.index(name)].astype(str).str.strip() for name in needed}
    seeds = columns["Seed+m8"].str.upper().str.replace("T", "U")
    own = columns["Species ID"].map(letters_of) == species if species != AS_NAMED else pd.Series(True, seeds.index)
    own &= seeds.str.fullmatch(SEED.pattern)
    if not own.any():
        found = f"species {listing(columns['Species ID'].unique(), EXAMPLES)}"
        what, hint = "this table of families has no row of the species", "give TargetScan's table of this species"
        raise refusal("families_of_other_species", what, path, found, hint)
    names: dict[str, str] = {}
    for column in ("miR family", "MiRBase ID"):
        names |= dict(zip(columns[column][own].str.lower(), seeds[own], strict=True))
    return names
