"""The contract of the results folder: every file, where it lies, what it holds, and what its columns mean.

Rules, captions, reader, report, exports, documentation and tests take paths and columns from here. A new file is one
`Result` here and the step that writes it; a new column is one entry of `mircargo.results.columns` and the function that
computes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mircargo.results import columns, pooled_columns, qpcr_columns, recipient_columns
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
    """

    path: str
    holds: str
    row: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    shows: str = ""
    caption: str = ""
    of_exosomes: bool = False

    @property
    def template(self) -> str:
        """The path from the folder where the workflow runs, with Snakemake's wildcards."""
        return f"{ROOT}/meta/{self.path}" if "{meta}" in self.path else f"{ROOT}/{{study}}/{self.path}"

    @property
    def category(self) -> str:
        """Where Snakemake's report lists it."""
        return "Across studies" if "{meta}" in self.path else FOLDERS[self._folder][0]

    @property
    def of_what(self) -> str:
        """What it is of, for Snakemake's report: `{contrast}`, or for instance all samples."""
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


# Paths in the order in which the documentation lists them.
REPORT: Final = Result(
    "report.html", "The report: one page that opens without a network", shows="Report", caption="study"
)
PROVENANCE: Final = Result(
    "provenance.json", "Versions as installed, checksums of the inputs, the resolved configuration",
    shows="What the results rest on", caption="provenance",
)  # fmt: skip
CHECK: Final = Result("check.json", "What to be wary of: warnings about the samples and the fits")
# Not below differential/, where a contrast may be named `summary`.
CONTRAST_SUMMARY: Final = Result(
    "summary.tsv", "How many features went up and down in each contrast, and how many of those calls are robust",
    "a contrast", columns.CONTRAST_SUMMARY, "Up and down by contrast", "summary",
)  # fmt: skip
RAW_COUNTS: Final = Result("counts/counts.tsv", "Raw counts", "a feature", columns.COUNTS, "Counts", "counts")
FEATURE_TABLE: Final = Result(
    "counts/features.tsv", "What each feature is", "a feature", columns.FEATURES, "What each feature is", "features"
)
LEDGER_TABLE: Final = Result(
    "counts/ledger.tsv", "What became of every row of the input tables", "an input row", columns.LEDGER,
    "What became of every input row", "ledger",
)  # fmt: skip
BALANCE_TABLE: Final = Result(
    "counts/balance.tsv", "What became of the reads of each sample", "a sample", columns.BALANCE,
    "Balance of reads", "balance",
)  # fmt: skip
ISOMIR_TABLE: Final = Result(
    "counts/isomirs.tsv", "IsomiRs, where the tables have them", "an isomiR", columns.ISOMIRS
)
SPIKE_INS: Final = Result("counts/spike_ins.tsv", "Spike-ins, kept aside", "a spike-in", columns.COUNTS)
NOTES: Final = Result(
    "counts/notes.json", "What was counted, in short; how the tables were read: format, names, miRBase release"
)
LIBRARIES: Final = Result("quality/samples.tsv", "The libraries", "a sample", columns.QUALITY, "Libraries", "quality")
NORMALISED: Final = Result(
    "quality/normalised.tsv", "Counts divided by size factors", "a feature", columns.NORMALISED,
    "Normalised counts", "normalised",
)  # fmt: skip
FIT: Final = Result(
    "differential/{contrast}.tsv", "Differential expression", "a feature", columns.DIFFERENTIAL,
    "Differential expression", "differential",
)  # fmt: skip
FIT_FACTS: Final = Result(
    "differential/{contrast}.json", "How it was fitted: formula, samples, size factors, trend, filter"
)
STRESS: Final = Result(
    "robustness/{contrast}.tsv", "Stress test, summed up", "a feature", columns.ROBUSTNESS,
    "Which calls survive", "robustness",
)  # fmt: skip
STRESS_VARIANTS: Final = Result(
    "robustness/{contrast}.variants.tsv", "Stress test, every variant", "a feature and variant", columns.VARIANTS,
    "Every variant of the fit", "variants",
)  # fmt: skip
STRESS_FACTS: Final = Result(
    "robustness/{contrast}.json", "Which variants were tried, how many calls each keeps, what was not possible"
)
RELEASE_STRESS: Final = Result(
    "robustness/release/{comparison}.tsv", "Stress test of the release, summed up", "a feature", columns.ROBUSTNESS,
    "Which calls of the release survive", "release_robustness",
)  # fmt: skip
RELEASE_STRESS_VARIANTS: Final = Result(
    "robustness/release/{comparison}.variants.tsv", "Stress test of the release, every variant",
    "a feature and variant", columns.VARIANTS, "Every variant of the release", "release_variants",
)  # fmt: skip
RELEASE_STRESS_FACTS: Final = Result(
    "robustness/release/{comparison}.json", "The same of a comparison: variants tried, calls kept"
)
TARGET_CALLS: Final = Result(
    "cargo/target.tsv", "What the target does in each contrast", "a contrast", columns.TARGET, "The target", "target"
)
CO_CARGO_TABLE: Final = Result(
    "cargo/co_cargo.tsv", "What changes in the exosomes with the target, of all contrasts of exosomes",
    "a contrast and feature", columns.CO_CARGO | columns.common("expected"), "Co-cargo", "co_cargo",
)  # fmt: skip
CO_CARGO_OF_CONTRAST: Final = Result(
    "cargo/co_cargo/{contrast}.tsv", "The same of one contrast", "a feature", columns.CO_CARGO, of_exosomes=True
)
BY_CHANCE: Final = Result(
    "cargo/co_cargo/{contrast}.json", "How many features have each tier, and how many would by chance",
    of_exosomes=True,
)  # fmt: skip
GLOBAL_CHANGE: Final = Result(
    "cargo/composition/{contrast}.tsv", "What fold changes and calls become if all exosome miRNA rose or fell",
    "a feature and assumed change", columns.COMPOSITION, "Calls under global change", "composition", of_exosomes=True,
)  # fmt: skip
RELEASE_TABLE: Final = Result(
    "cargo/release/{comparison}.tsv", "Change in exosomes, in their source, and the difference", "a feature",
    columns.RELEASE, "Release", "release",
)  # fmt: skip
RELEASE_FACTS: Final = Result(
    "cargo/release/{comparison}.json", "How the release was fitted, and how dispersions were chosen"
)
QPCR: Final = Result(
    "cargo/qpcr/{contrast}.tsv", "What to validate by qPCR, what is left out and why; all cautions",
    "a feature with a call or a caution", qpcr_columns.QPCR, "For validation by qPCR", "qpcr",
)  # fmt: skip
QPCR_REFERENCES: Final = Result(
    "cargo/qpcr/{contrast}.references.tsv", "The most stable miRNAs, to normalise that qPCR to", "a feature",
    qpcr_columns.QPCR_REFERENCES, "References for qPCR", "qpcr_references",
)  # fmt: skip
EXPECTATION_TABLE: Final = Result(
    "cargo/expectations.tsv", "Published directions against what was found", "a contrast and miRNA of the panel",
    columns.EXPECTATIONS, "Expected directions", "expectations",
)  # fmt: skip
NEXT_EXPERIMENT: Final = Result(
    "cargo/next_experiment.tsv", "Animals that the next experiment needs; only with `next_experiment`",
    "a feature, call, fold change and depth", recipient_columns.NEXT_EXPERIMENT, "What to measure next",
    "next_experiment",
)  # fmt: skip
NEXT_EXPERIMENT_POWER: Final = Result(
    "cargo/next_experiment.power.tsv", "Power of each experiment of the plan; only with `next_experiment`",
    "a feature, call, fold change, depth and number of animals", recipient_columns.NEXT_EXPERIMENT_POWER,
)  # fmt: skip
NEXT_EXPERIMENT_OPEN: Final = Result(
    "cargo/next_experiment.inconclusive.tsv",
    "Animals that would settle each inconclusive call; only with `next_experiment`",
    "a contrast and feature", recipient_columns.INCONCLUSIVE,
)  # fmt: skip
ANNDATA: Final = Result(
    "study.h5ad", "Counts, samples and all results in one AnnData file", shows="AnnData", caption="anndata"
)
WORKBOOK: Final = Result("results.xlsx", "Results as a workbook", shows="Workbook", caption="workbook")
MULTIQC: Final = Result("multiqc/{section}_mqc.json", "A section of the study in MultiQC")

OF_A_STUDY: Final = tuple(each for each in list(vars().values()) if isinstance(each, Result))
"""What the documentation and the RO-Crate list of a study: all of the above."""

CRATE: Final = Result(
    "ro-crate-metadata.json", "What all of these files are, as an RO-Crate", shows="RO-Crate", caption="crate"
)
FIGURE: Final = Result("figures/{figure}.{ending}", "A figure, or the data drawn")
FIGURES: Final = f"{ROOT}/{{study}}/figures"
META_FIGURES: Final = f"{ROOT}/meta/figures"

META_FEATURES: Final = Result("{meta}.tsv", "Every feature over the studies", "a feature", pooled_columns.OVER_STUDIES)
META_STUDIES: Final = Result(
    "{meta}.studies.tsv", "What each contrast gives", "a feature and contrast", pooled_columns.OF_STUDIES
)
META_TARGET: Final = Result(
    "{meta}.target.tsv", "What the target does over the studies", "the target", pooled_columns.TARGET_OVER_STUDIES,
    "Pooled target", "meta",
)  # fmt: skip
META_REPLICATION: Final = Result(
    "{meta}/replication.tsv", "How many calls of one contrast repeat in another, and how many were expected to",
    "two contrasts and a direction", pooled_columns.REPLICATION,
)  # fmt: skip
