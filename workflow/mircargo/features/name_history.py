"""What the miRBase names of one species meant in each release."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import pandas as pd

from mircargo.features.mirbase import load_hairpins, load_mature, load_names, release_key
from mircargo.vocabulary import SPECIES

CURRENT = "22.1"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Names of a species, in lower case: no two names of miRBase differ by case alone but hairpin and mature.

    Attributes
    ----------
    species
        miRBase's letters, or `other`: then no name is known.
    releases
        Releases, oldest first; their positions are the bits of `meanings`. The name of the file, where one was given.
    meanings
        Mature name -> accession -> the releases in which it meant this, as a bit set.
    spelling
        Mature name in lower case -> as miRBase writes it.
    hairpins
        Hairpin in lower case -> its name and accession.
    arms
        Hairpin in lower case and arm -> accessions of release 22.1.
    current
        Accession -> its name now, of all species that are known.
    in_use
        Every name that is in use, in lower case.
    file
        The name of miRBase's file that the names are from; '' for the package's own.
    irregular
        A text in lower case, with the species or without -> the key of a mature name that is not written with a number
        behind miR- or let- (`bantam-3p`, `lin-4-5p`, `miR-BART1-5p`, `miR156a-5p`).
    own_facts
        Of each accession that the package does not hold `species arm family seed sequence`.
    notes
        What is to be said of the names.
    """

    species: str
    releases: list[str]
    meanings: dict[str, dict[str, int]]
    spelling: dict[str, str]
    hairpins: dict[str, tuple[str, str]]
    arms: dict[tuple[str, str], set[str]]
    current: Mapping[str, str]
    in_use: frozenset[str]
    file: str = ""
    irregular: Mapping[str, str] = field(default_factory=dict)
    own_facts: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()

    def label(self, release: str) -> str:
        """Return what a release is called in a sentence."""
        return self.file or f"miRBase {release}"

    @property
    def latest(self) -> str:
        """What the newest names are called in a sentence."""
        return self.label(CURRENT)

    @property
    def not_a_name(self) -> str:
        """What is said of a name that is not known."""
        if self.file:
            return f"not a name that {self.file} has for {self.species}"
        return f"not a name that miRBase has had for {self.species}"

    @cached_property
    def by_number(self) -> Mapping[tuple[str, str], list[str]]:
        """Names by what stands before the letter (mmu-mir-21), and the arm."""
        found: dict[tuple[str, str], list[str]] = {}
        for name in sorted(self.current.values()):
            number = re.match(r"((?:[a-z]+)-(?:mir|let)-\d+)(?!\d)", name.lower())
            if number:
                arm = name[-2:] if name.endswith(("-5p", "-3p")) else ""
                for which in (arm,) if arm else ("5p", "3p"):
                    found.setdefault((number.group(1), which), []).append(name)
        return found

    def numbered(self, word: str, number: str, arm: str) -> list[str]:
        """List names of the species with this number, any letter, of this arm or without one in the name."""
        return self.by_number.get((f"{self.species}-{word}-{number}".lower(), arm), [])

    def releases_of(self, key: str) -> int:
        """Return the releases that have a mature name, as a bit set."""
        found = 0
        for releases in self.meanings.get(key, {}).values():
            found |= releases
        return found

    def vote(self, keys: Iterable[str]) -> tuple[int, int]:
        """Return the releases that explain most names, as a bit set, and how many names that are."""
        known = np.array([self.releases_of(key) for key in set(keys)], dtype=np.int64)
        scores = [int((known >> bit & 1).sum()) for bit in range(len(self.releases))]
        if self.file:  # one release has no rival
            return 1, scores[0]
        most = max(scores)
        return (sum(1 << bit for bit, score in enumerate(scores) if score == most) if most else 0), most

    def named(self, releases: int) -> list[str]:
        """Return the releases of a bit set, latest first."""
        return [name for bit, name in enumerate(self.releases) if releases >> bit & 1][::-1]


@cache
def vocabulary(species: str) -> Vocabulary:
    """Return the names of a species that the package holds (mmu, rno or hsa)."""
    names = load_names()
    releases = sorted({*names["first"], *names["last"]}, key=release_key)
    position = {release: bit for bit, release in enumerate(releases)}
    meanings: dict[str, dict[str, int]] = {}
    spelling: dict[str, str] = {}

    def add(accession: str, name: str, first: int, last: int) -> None:
        key = name.lower()
        spelling[key] = name
        had = meanings.setdefault(key, {})
        had[accession] = had.get(accession, 0) | (1 << last + 1) - (1 << first)

    for accession, name, first, last in names[names["name"].str.startswith(f"{species}-")].itertuples(index=False):
        add(accession, name, position[first], position[last])
    mature = load_mature()
    mature = mature[mature["species"] == species]
    arms: dict[tuple[str, str], set[str]] = {}
    for row in mature.itertuples():
        # The names of 22.1 are those of 22; two of its entries are missing from the list of release 22.
        add(row.accession, row.name, len(releases) - 1, len(releases) - 1)
        for hairpin in filter(None, row.hairpins.split(";")):
            arms.setdefault((hairpin.lower(), row.arm), set()).add(row.accession)
    hairpins = load_hairpins()
    own = hairpins.loc[hairpins["species"] == species, ["name", "accession"]].itertuples(index=False)
    known = {name.lower(): (name, accession) for name, accession in own}
    return Vocabulary(species, releases, meanings, spelling, known, arms, current_names(), names_in_use())


def prepare() -> None:
    """Read the names of all species that the package holds, so that whoever asks for them finds them."""
    for species in SPECIES:
        vocabulary(species)


@cache
def current_names() -> dict[str, str]:
    """Return the name of each accession of release 22.1, all species."""
    mature = load_mature()
    return dict(zip(mature["accession"], mature["name"], strict=True))


@cache
def names_in_use() -> frozenset[str]:
    """Return the names of matures (22.1) and hairpins (22) of all species, in lower case."""
    return frozenset(name.lower() for name in [*current_names().values(), *load_hairpins()["name"]])


@cache
def former_names() -> dict[str, str]:
    """Return the last name of each accession that release 22.1 no longer has, if no other miRNA has it now."""
    names = load_names()
    names = names.assign(key=names["last"].map(release_key)).sort_values("key", kind="stable")
    last = dict(zip(names["accession"], names["name"], strict=True))
    taken = set(current_names().values())
    return {key: name for key, name in last.items() if key not in current_names() and name not in taken}
