"""From an organism as the archives write it to a species."""

from typing import Final

from mircargo.problems import listing, refusal

BOTH: Final = " and "
"""Stands between the organisms of one sample, such as a graft and its host."""

_ORGANISMS: Final = {
    "Homo sapiens": ("hsa", "9606"),
    "Mus musculus": ("mmu", "10090"),
    "Rattus norvegicus": ("rno", "10116"),
    "Sus scrofa": ("ssc", "9823"),
    "Danio rerio": ("dre", "7955"),
    "Macaca mulatta": ("mml", "9544"),
    "Pan troglodytes": ("ptr", "9598"),
    "Bos taurus": ("bta", "9913"),
    "Ovis aries": ("oar", "9940"),
    "Capra hircus": ("chi", "9925"),
    "Equus caballus": ("eca", "9796"),
    "Canis lupus": ("cfa", "9612"),
    "Canis familiaris": ("cfa", "9615"),
    "Oryctolagus cuniculus": ("ocu", "9986"),
    "Gallus gallus": ("gga", "9031"),
    "Xenopus tropicalis": ("xtr", "8364"),
    "Drosophila melanogaster": ("dme", "7227"),
    "Caenorhabditis elegans": ("cel", "6239"),
    "Arabidopsis thaliana": ("ath", "3702"),
    "Oryza sativa": ("osa", "4530"),
}
"""Latin name -> miRBase's letters and the number of NCBI's taxonomy."""

_LETTERS: Final = {organism.casefold(): letters for organism, (letters, _) in _ORGANISMS.items()}
_TAXA: Final = {taxon: organism for organism, (_, taxon) in _ORGANISMS.items()}


def species_of(organism: str, accession: str) -> str:
    """Return miRBase's letters of an organism.

    Raises
    ------
    ProblemsFound
        Where it is of a species that is not known here, or of several.
    """
    letters = None if BOTH in organism else _LETTERS.get(" ".join(organism.casefold().split()[:2]))
    if letters is None:
        what = "mircargo does not know miRBase's letters of this organism"
        hint = f"give them by `--species`, or `--species other`; known are {listing(_ORGANISMS)}"
        raise refusal("unknown_species", what, accession, organism or "no organism is stated", hint)
    return letters


def organism_of_taxon(number: str) -> str:
    """Return the Latin name of a number of NCBI's taxonomy; `taxon 9669` where it is not known here."""
    return _TAXA.get(number, f"taxon {number}" if number else "")
