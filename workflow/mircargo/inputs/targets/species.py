"""Of which species the rows of a table of targets are."""

import re
from collections.abc import Iterable
from typing import Final

import pandas as pd

from mircargo.vocabulary import AS_NAMED, species_in_words

_LATIN: Final = {
    "hsa": ("9606", "homo sapiens", "human"),
    "mmu": ("10090", "mus musculus", "mouse"),
    "rno": ("10116", "rattus norvegicus", "rat"),
    "dme": ("7227", "drosophila melanogaster"),
    "cel": ("6239", "caenorhabditis elegans"),
    "dre": ("7955", "danio rerio"),
    "gga": ("9031", "gallus gallus"),
    "mml": ("9544", "macaca mulatta"),
    "ptr": ("9598", "pan troglodytes"),
    "bta": ("9913", "bos taurus"),
    "cfa": ("9615", "canis familiaris", "canis lupus familiaris"),
    "ssc": ("9823", "sus scrofa"),
    "oar": ("9940", "ovis aries"),
    "eca": ("9796", "equus caballus"),
    "ocu": ("9986", "oryctolagus cuniculus"),
    "xtr": ("8364", "xenopus tropicalis"),
}
"""Taxon of NCBI and names of species, by miRBase's letters."""
_LETTERS: Final = {name: letters for letters, names in _LATIN.items() for name in names}
_PREFIX: Final = re.compile(r"([a-z]{3,4})-(?:mir|let|lin|bantam)", re.IGNORECASE)


def letters_of(text: str) -> str:
    """Return miRBase's letters of a species as tables write it; the text itself where it is not known."""
    plain = text.strip().lower()
    return _LETTERS.get(plain.removesuffix(".0"), plain)


def read_species(rows: pd.DataFrame, species: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """Keep rows of a species by their column `species`; return them, and how many there are of each other one."""
    if species == AS_NAMED:
        return rows, {}
    column = rows["species"]
    letters = [letters_of(str(text)) for text in column.cat.categories]
    own = [text for text, each in zip(column.cat.categories, letters, strict=True) if each == species]
    counted = column.value_counts()
    others: dict[str, int] = {}
    for text, each in zip(column.cat.categories, letters, strict=True):
        if each != species and counted[text]:
            words = species_in_words(each)
            others[words] = others.get(words, 0) + int(counted[text])
    return rows[column.isin(own)], others


def species_of_mirnas(names: Iterable[str]) -> dict[str, int]:
    """Count names of miRNAs by the letters that they begin with; `miR-21-5p` has none."""
    found: dict[str, int] = {}
    for name in names:
        if match := _PREFIX.match(name.strip()):
            found[match[1].lower()] = found.get(match[1].lower(), 0) + 1
    return found
