"""miRBase's tables of `workflow/resources/mirbase` (release 22.1; names from release 6 on)."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

import pandas as pd

ARM: Final = re.compile(r"-([35]p)$")
_FAMILY: Final = re.compile(r"(?:let|mir|lin|lsy)-?\d+|bantam")


def _read(name: str) -> pd.DataFrame:
    with files("mircargo.resources").joinpath("mirbase", name).open("rb") as handle:
        return pd.read_csv(handle, sep="\t", compression="gzip", dtype=str, keep_default_na=False)


@cache
def load_mature() -> pd.DataFrame:
    """Return the mature miRNAs: `accession name species arm family seed sequence hairpins`, '' for no arm."""
    return _read("mature.tsv.gz")


@cache
def load_hairpins() -> pd.DataFrame:
    """Return the hairpins: `accession name species family`."""
    return _read("hairpin.tsv.gz")


@cache
def hairpin_names() -> dict[str, str]:
    """Return the name of each accession of a hairpin."""
    hairpins = load_hairpins()
    return dict(zip(hairpins["accession"], hairpins["name"], strict=True))


@cache
def load_names() -> pd.DataFrame:
    """Return runs of releases in which an accession had one name: `accession name first last`."""
    return _read("names.tsv.gz")


def is_one(sequence: str, other: str) -> bool:
    """Say whether two mature sequences are of one miRNA: the 3' ends that miRBase gives differ between species."""
    return sequence.startswith(other) or other.startswith(sequence)


def family_of(name: str) -> str:
    """Return a name without species, letter, locus and arm: mmu-miR-21a-5p is of mir-21, mmu-let-7a-1-3p of let-7."""
    text = name.split("-", 1)[1].lower()
    found = _FAMILY.match(text)
    return found[0] if found else ARM.sub("", text).removesuffix("*")


def release_key(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))
