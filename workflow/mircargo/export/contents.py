"""The result files of a study: what each holds, row by row and column by column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mircargo.config import Study
from mircargo.export.columns import (
    BALANCE,
    CO_CARGO,
    COMMON,
    COMPOSITION,
    COUNTS,
    DIFFERENTIAL,
    EXPECTATIONS,
    FEATURES,
    ISOMIRS,
    LEDGER,
    QUALITY,
    RELEASE,
    ROBUSTNESS,
    SAMPLE,
    TARGET,
    VARIANTS,
    Column,
)
from mircargo.figures.catalogue import ENDINGS, OF_CO_CARGO, OF_COMPARISON, OF_CONTRAST, OF_SAMPLES

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


@dataclass(frozen=True)
class ResultFile:
    """A file, or one a contrast or comparison, below `results/STUDY/`.

    Attributes
    ----------
    path
        With `CONTRAST`, `EXOSOMES` (a contrast of exosomes) or `COMPARISON` where there is one of each.
    holds
        What it holds, in words that a sentence can begin with.
    row
        What a row is; empty where it is no table.
    own
        The columns that mean something else in it than in other files, or stand in it alone.
    names
        The columns whose meaning is the common one.
    """

    path: str
    holds: str
    row: str = ""
    own: dict[str, Column] = field(default_factory=dict)
    names: str = ""

    def columns(self) -> dict[str, Column]:
        """Return what its columns mean; `SAMPLE` stands for a column a sample."""
        return {name: COMMON[name] for name in self.names.split()} | self.own


_SCALE: Final = "scale_ci_low scale_ci_high"
_TEST: Final = f"baseMean log2FoldChange lfcSE stat pvalue padj status ci_low ci_high equivalence_pvalue {_SCALE}"
_RELEASE: Final = {
    name: RELEASE[name] for name in ("class", "source_log2FoldChange", "release_log2FoldChange", "release_padj")
}
_SURVIVAL: Final = "share_same_call fragile_under robust beyond_preparation"

FILES: Final = (
    ResultFile("report.html", "The report: one page that opens without a network"),
    ResultFile("provenance.json", "Versions as installed, checksums of the inputs, the resolved configuration"),
    ResultFile("check.json", "What to be wary of: warnings about the samples and the fits"),
    ResultFile("counts/counts.tsv", "Raw counts", "a feature", COUNTS, "feature"),
    ResultFile("counts/features.tsv", "What each feature is", "a feature", FEATURES, "feature accession sequence"),
    ResultFile("counts/ledger.tsv", "What became of every row of the input tables", "an input row", LEDGER),
    ResultFile("counts/balance.tsv", "What became of the reads of each sample", "a sample", BALANCE, "sample"),
    ResultFile("counts/isomirs.tsv", "Isomers, where the tables have them", "an isomer", ISOMIRS, "feature accession"),
    ResultFile("counts/spike_ins.tsv", "Spike-ins, kept aside", "a spike-in", COUNTS, "feature"),
    ResultFile(
        "counts/notes.json", "What was counted, in short; how the tables were read: format, names, miRBase release"
    ),
    ResultFile("quality/samples.tsv", "The libraries", "a sample", QUALITY, "sample"),
    ResultFile(
        "quality/normalised.tsv",
        "Counts divided by size factors",
        "a feature",
        {SAMPLE: Column("Count of the feature divided by the size factor of the sample", "normalised reads")},
        "feature",
    ),
    ResultFile("differential/CONTRAST.tsv", "Differential expression", "a feature", DIFFERENTIAL, f"feature {_TEST}"),
    ResultFile("differential/CONTRAST.json", "How it was fitted: formula, samples, size factors, trend, filter"),
    ResultFile(
        "robustness/CONTRAST.tsv",
        "Stress test, summed up",
        "a feature",
        ROBUSTNESS,
        f"feature {_SURVIVAL} n_same_call confirmed",
    ),
    ResultFile(
        "robustness/CONTRAST.variants.tsv",
        "Stress test, every variant",
        "a feature and variant",
        VARIANTS,
        "feature log2FoldChange ci_low ci_high padj",
    ),
    ResultFile(
        "robustness/CONTRAST.json", "Which variants were tried, how many calls each keeps, what was not possible"
    ),
    ResultFile(
        "robustness/release/COMPARISON.tsv",
        "Stress test of the release, summed up",
        "a feature",
        ROBUSTNESS,
        f"feature {_SURVIVAL} n_same_call confirmed",
    ),
    ResultFile(
        "robustness/release/COMPARISON.variants.tsv",
        "Stress test of the release, every variant",
        "a feature and variant",
        VARIANTS,
        "feature log2FoldChange ci_low ci_high padj",
    ),
    ResultFile("robustness/release/COMPARISON.json", "The same of a comparison: variants tried, calls kept"),
    ResultFile(
        "cargo/target.tsv",
        "What the target does in each contrast",
        "a contrast",
        TARGET,
        "contrast log2FoldChange ci_low ci_high padj share_same_call fragile_under expected equivalence_pvalue note"
        f" {_SCALE} robust n_same_call",
    ),
    ResultFile(
        "cargo/co_cargo.tsv",
        "What changes in the exosomes with the target, of all contrasts of exosomes",
        "a contrast and feature",
        CO_CARGO | _RELEASE,
        f"contrast feature log2FoldChange padj {_SURVIVAL} confirmed expected",
    ),
    ResultFile(
        "cargo/co_cargo/EXOSOMES.tsv",
        "The same of one contrast",
        "a feature",
        CO_CARGO | _RELEASE,
        f"contrast feature log2FoldChange padj {_SURVIVAL} confirmed",
    ),
    ResultFile("cargo/co_cargo/EXOSOMES.json", "How many features have each tier, and how many would by chance"),
    ResultFile(
        "cargo/composition/EXOSOMES.tsv",
        "What fold changes and calls become if all exosome miRNA rose or fell",
        "a feature and assumed change",
        COMPOSITION,
        "feature",
    ),
    ResultFile(
        "cargo/release/COMPARISON.tsv",
        "Change in exosomes, in their source, and the difference",
        "a feature",
        RELEASE,
        "feature log2FoldChange lfcSE padj",
    ),
    ResultFile("cargo/release/COMPARISON.json", "How the release was fitted, and how dispersions were chosen"),
    ResultFile(
        "cargo/expectations.tsv",
        "Published directions against what was found",
        "a contrast and miRNA of the panel",
        EXPECTATIONS,
        "contrast log2FoldChange padj note",
    ),
    ResultFile("study.h5ad", "Counts, samples and all results in one AnnData file"),
    ResultFile("results.xlsx", "Results as a workbook"),
    ResultFile("multiqc/STUDY_SECTION_mqc.json", "A section of the study in MultiQC"),
)


# Light enough to read black on, and told apart by colour-blind people.
PALE_UP: Final = "#FADFCC"
PALE_DOWN: Final = "#D6ECF9"

# The sections of a study in MultiQC, in the order in which they are shown.
SECTIONS: Final = ("general", "target", "warnings", "reads", "composition", "pca")


def files_of(name: str, study: Study) -> dict[str, str]:
    """Return every file that a study can have below its results, figures included, and what it holds.

    Parameters
    ----------
    name, study
        The study as configured.
    """
    values = {
        "CONTRAST": list(study.contrasts),
        "EXOSOMES": study.exosome_contrasts(),
        "COMPARISON": list(study.comparisons),
        "STUDY_SECTION": [f"{name}_{section}" for section in SECTIONS],
    }
    texts = {path: text for each in FILES for path, text in _filled(each, values)}
    for kinds, questions in (
        (OF_SAMPLES, [""]),
        (OF_CONTRAST, values["CONTRAST"]),
        (OF_CO_CARGO, values["EXOSOMES"]),
        (OF_COMPARISON, values["COMPARISON"]),
    ):
        for question in questions:
            for kind in kinds:
                stem, of = (f"{kind.name}_{question}", f" of {question}") if question else (kind.name, "")
                texts |= {f"figures/{stem}.{ending}": _caption(kind.shows + of, ending) for ending in ENDINGS}
    return texts


def _filled(file: ResultFile, values: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Give the paths of a file with each name in the place of its placeholder, and what each holds."""
    for placeholder, names in values.items():
        if placeholder in file.path:
            yield from ((file.path.replace(placeholder, name), f"{file.holds} ({name})") for name in names)
            return
    yield file.path, file.holds


def _caption(text: str, ending: str) -> str:
    return f"{text}: the data drawn" if ending == "tsv" else f"{text}: figure"
