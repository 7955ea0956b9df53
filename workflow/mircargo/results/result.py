"""What a file of results is: where it lies, what it holds, and what its columns mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mircargo.results.columns import Column

if TYPE_CHECKING:  # captions and summary do without the models of the configuration
    from mircargo.config import Study

ROOT: Final = "results"
"""The folder of all results, below the folder where the workflow runs."""

PLACEHOLDERS: Final = {"contrast": "CONTRAST", "comparison": "COMPARISON", "meta": "META", "section": "STUDY_SECTION"}
"""Wildcards of a path, and how people read them."""

FOLDERS: Final = {
    "": ("Report", "the study"),
    "counts": ("Counts", "all samples"),
    "quality": ("Quality", "all samples"),
    "differential": ("Differential expression", ""),
    "robustness": ("Robustness", ""),
    "cargo": ("Cargo", "all contrasts"),
    "recipient": ("Recipient cells", "recipient cells"),
}
"""The category of a folder's files in Snakemake's report, and what those are of that a study has one of."""


@dataclass(frozen=True)
class Result:
    """A file of results, or one a contrast, comparison or meta-analysis.

    Attributes
    ----------
    path
        Below the study's folder (below `results/meta` for one of several studies), with `{contrast}`, `{comparison}` or
        `{meta}` where there is one of each.
    holds
        What it holds, in words that a sentence can begin with.
    row
        What a row is; empty where it is no table.
    columns
        What its columns mean; `SAMPLE` stands for a column a sample.
    shows
        What it shows, for Snakemake's report; empty where that does not list it.
    caption
        Its caption there: `workflow/report/CAPTION.rst`.
    of_exosomes
        Whether only contrasts of exosomes have it.
    of_run
        Whether a run of several studies has one, and not each of them.
    """

    path: str
    holds: str
    row: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    shows: str = ""
    caption: str = ""
    of_exosomes: bool = False
    of_run: bool = False

    @property
    def template(self) -> str:
        """The path from the folder where the workflow runs, with Snakemake's wildcards."""
        if self.of_run:
            return f"{ROOT}/{self.path}"
        return f"{ROOT}/meta/{self.path}" if "{meta}" in self.path else f"{ROOT}/{{study}}/{self.path}"

    @property
    def category(self) -> str:
        """Where Snakemake's report lists it."""
        return "Across studies" if self.of_run or "{meta}" in self.path else FOLDERS[self._folder][0]

    @property
    def of_what(self) -> str:
        """What it is of, for Snakemake's report: `{contrast}`, or for instance all samples."""
        if self.of_run:
            return "all studies"
        named = (f"{{{name}}}" for name in PLACEHOLDERS)
        return next((name for name in named if name in self.path), None) or FOLDERS[self._folder][1]

    @property
    def _folder(self) -> str:
        return self.path.rpartition("/")[0].partition("/")[0]

    @property
    def documented(self) -> str:
        """The path as documentation writes it: `differential/CONTRAST.tsv`."""
        names = PLACEHOLDERS | ({"contrast": "EXOSOMES"} if self.of_exosomes else {})
        return self.path.format(**names)

    def of(self, study: str, **names: str) -> str:
        """Return the path of a study's own, from the folder where the workflow runs."""
        return self.template.format(study=study, **names)

    def paths(self, study: "Study") -> dict[str, str]:
        """Return the paths below a study's folder by the contrast or comparison each is of; by '' where it is one."""
        names = [""]
        if "{contrast}" in self.path:
            names = study.exosome_contrasts() if self.of_exosomes else list(study.contrasts)
        elif "{comparison}" in self.path:
            names = list(study.comparisons)
        return {name: self.path.format(contrast=name, comparison=name) for name in names}

    def within(self, folder: str | Path, **names: str) -> Path:
        """Return the path in a study's folder of results."""
        return Path(folder) / self.path.format(**names)
