"""The species of a new study: as the user says, or as the names in the tables begin; and what it takes beyond that."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mircargo.features.other_rnas import species_of
from mircargo.init.quoting import quoted
from mircargo.inputs.raw import RawTable
from mircargo.problems import did_you_mean, listing, refusal
from mircargo.vocabulary import AS_NAMED, COMMON_NAMES, FILL_IN, SPECIES

MIN_SHARE = 0.5  # of the names that begin with a species, which the guessed one has


def letters_of(species: str) -> str:
    """Return miRBase's letters of a species that is given by them or by a common name, or `other`.

    Raises
    ------
    ProblemsFound
        Where it is neither.
    """
    text = species.strip().lower()
    letters = {words: code for code, words in COMMON_NAMES.items()}.get(text, text)
    if not re.fullmatch(r"[a-z][a-z0-9]{2,5}", letters):
        what, hint = "this is no species", did_you_mean(text, COMMON_NAMES.values())
        hint = f"{hint} write miRBase's letters (hsa, mmu, rno; ssc for pig), or `other`: names are taken as they are"
        raise refusal("unknown_species", what, "--species", f"'{species}'", hint.strip())
    return letters


def guess_species(tables: Sequence[RawTable]) -> str:
    """Return miRBase's letters of the species with which most names of the tables begin.

    Raises
    ------
    ProblemsFound
        Where no name begins with a species, or no species has half of them.
    """
    found = Counter(filter(None, (species_of(text) for table in tables for text in table.ids)))
    (letters, n), *_ = found.most_common(1) or [("", 0)]
    if not letters or n < MIN_SHARE * found.total():
        what = "the names in the tables do not tell the species"
        counted = listing(f"{code}- {rows:,} times" for code, rows in found.most_common(4))
        hint = "write --species human, mouse, rat, miRBase's letters (ssc for pig), or other: names as they are"
        raise refusal("species_not_told", what, listing(table.path for table in tables), counted, hint)
    return letters


def species_lines(species: str, mirbase: str, guessed: bool = False) -> list[str]:
    """Write the lines of a configuration that say the species, and where its names come from."""
    lines = [f"    # GUESSED: the names in the tables begin with {species}-."] if guessed else []
    if species == AS_NAMED:
        lines += [
            "    # Names are taken as they are: what they are is unknown, and no co-cargo is more than a candidate.",
            "    # With miRBase's letters (ssc, dre) and its mature.fa under `mirbase`, names are looked up.",
        ]
    lines.append(f"    species: {species}")
    if species in (*SPECIES, AS_NAMED):
        return lines
    file = Path(mirbase).as_posix() if mirbase else f"{FILL_IN} the path of miRBase's mature.fa"
    return [
        *lines,
        "    # mircargo holds the names of human, mouse and rat. For another species give miRBase's mature.fa, or",
        "    # mature.fa.gz: its path, or its `url` and `sha256`. Without it, take `mirbase` out and write",
        "    # `species: other`: names are taken as they are.",
        "    mirbase:",
        f"      file: {quoted(file)}",
    ]
