"""From an organism as the archives write it to a species."""

from typing import Final

from mircargo.problems import refusal
from mircargo.vocabulary import SPECIES, listed

_LETTERS: Final = {"mus musculus": "mmu", "rattus norvegicus": "rno", "homo sapiens": "hsa"}
_TAXA: Final = {"10090": "Mus musculus", "10116": "Rattus norvegicus", "9606": "Homo sapiens"}

BOTH: Final = " and "
"""Stands between the organisms of one sample, such as a graft and its host."""


def species_of(organism: str, accession: str) -> str:
    """Return miRBase's letters of an organism.

    Raises
    ------
    ProblemsFound
        Where it is of a species that is not known here, or of several.
    """
    letters = None if BOTH in organism else _LETTERS.get(" ".join(organism.casefold().split()[:2]))
    if letters is None or letters not in SPECIES:
        what = "this series is of a species that mircargo has no names for"
        hint = f"the species are {listed(SPECIES)}"
        raise refusal("unknown_species", what, accession, organism or "no organism is stated", hint)
    return letters


def organism_of_taxon(number: str) -> str:
    """Return the Latin name of a number of NCBI's taxonomy; `taxon 9823` where it is not known here."""
    return _TAXA.get(number, f"taxon {number}" if number else "")
