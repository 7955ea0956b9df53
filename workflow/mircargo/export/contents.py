"""What exports share: descriptions and media types of the result files, and the sections for MultiQC."""

from collections.abc import Iterator, Mapping
from typing import Final

from mircargo.config import Study
from mircargo.figures.catalogue import ENDINGS, by_stem
from mircargo.results.contract import OF_A_STUDY, Result

MEDIA_TYPES: Final = {
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".h5ad": "application/x-hdf5",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


# Backgrounds for black text, safe for colour-blind readers.
PALE_UP: Final = "#FADFCC"
PALE_DOWN: Final = "#D6ECF9"

# The sections of a study in MultiQC, in the order in which they are shown.
SECTIONS: Final = ("general", "target", "warnings", "reads", "composition", "pca")


def files_of(name: str, study: Study) -> dict[str, str]:
    """Return every file that the results of a study can have, figures included, and what it holds.

    Parameters
    ----------
    name, study
        The study as configured.
    """
    values = {
        "contrast": list(study.contrasts),
        "exosomes": study.exosome_contrasts(),
        "comparison": list(study.comparisons),
        "section": [f"{name}_{section}" for section in SECTIONS],
    }
    texts = {path: text for each in OF_A_STUDY for path, text in _filled(each, values)}
    figures = by_stem(values["contrast"], values["exosomes"], values["comparison"])
    for stem, (kind, question) in figures.items():
        shows = f"{kind.shows} of {question}" if question else kind.shows
        texts |= {f"figures/{stem}.{ending}": _caption(shows, ending) for ending in ENDINGS}
    return texts


def _filled(file: Result, values: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield the paths of a file, its wildcard replaced by each name, and what each holds."""
    for wildcard in ("contrast", "comparison", "section"):
        if f"{{{wildcard}}}" in file.path:
            names = values["exosomes" if file.of_exosomes else wildcard]
            yield from ((file.path.format(**{wildcard: name}), f"{file.holds} ({name})") for name in names)
            return
    yield file.path, file.holds


def _caption(text: str, ending: str) -> str:
    return f"{text}: the data drawn" if ending == "tsv" else f"{text}: figure"
