"""What exports share: descriptions and media types of the result files, and the sections for MultiQC."""

from typing import Final

from mircargo.config import Study
from mircargo.figures.catalogue import ENDINGS, by_stem
from mircargo.results import contract as files

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
SECTIONS: Final = ("general", "target", "contrasts", "warnings", "reads", "composition", "pca")

# What AnnData file and workbook are made of.
EXPORTED: Final = (
    files.RAW_COUNTS, files.FEATURE_TABLE, files.LEDGER_TABLE, files.SPIKE_INS, files.LIBRARIES, files.NORMALISED,
    files.CHECK, files.TARGET_CALLS, files.CONTRAST_SUMMARY, files.CO_CARGO_TABLE, files.FIT, files.STRESS,
    files.RELEASE_TABLE,
)  # fmt: skip

# What they have beside it of recipient cells.
EXPORTED_OF_RECIPIENT: Final = (
    files.FAMILIES, files.AGREEMENT, files.DOSE, files.SHOWN_TARGETS, files.RECIPIENT_FIT,
    files.RECIPIENT_STRESS, files.RECIPIENT_ANSWER,
)  # fmt: skip


def exported_of(study: Study) -> tuple[files.Result, ...]:
    """Return the results that AnnData file and workbook of a study are made of."""
    return (*EXPORTED, *(EXPORTED_OF_RECIPIENT if study.recipient is not None else ()))


def files_of(name: str, study: Study) -> dict[str, str]:
    """Return every file that the results of a study can have, figures included, and what it holds.

    Parameters
    ----------
    name, study
        The study as configured.
    """
    texts = {
        path: f"{file.holds} ({each})" if each else file.holds
        for file in (*files.OF_A_STUDY, *(files.OF_A_RECIPIENT if study.recipient else ()))
        if file is not files.MULTIQC
        for each, path in file.paths(study).items()
    }
    sections = [f"{name}_{section}" for section in SECTIONS]
    texts |= {files.MULTIQC.path.format(section=section): f"{files.MULTIQC.holds} ({section})" for section in sections}
    for stem, (kind, question) in by_stem(study).items():
        shows = f"{kind.shows} of {question}" if question else kind.shows
        for ending in ENDINGS:
            texts[files.FIGURE.path.format(figure=stem, ending=ending)] = _caption(shows, ending)
    return texts


def _caption(text: str, ending: str) -> str:
    return f"{text}: the data drawn" if ending == "tsv" else f"{text}: figure"
