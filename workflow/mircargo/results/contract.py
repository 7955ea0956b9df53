"""The contract of the results folder: every file, where it lies, what it holds, and what its columns mean.

Rules, captions, reader, report, exports, documentation and tests take paths and columns from here. A new file is one
`Result` here and the step that writes it; a new column is one entry of `mircargo.results.columns` and the function that
computes it.
"""

from typing import Final

from mircargo.results import columns, next_experiment_columns, pooled_columns, qpcr_columns
from mircargo.results.recipient_files import (
    ACTIVITY as ACTIVITY, AGREEMENT as AGREEMENT, BALANCE as BALANCE, COMPARED as COMPARED, DOSE as DOSE,
    FAMILIES as FAMILIES, OF_A_RECIPIENT as OF_A_RECIPIENT, RECIPIENT_ANSWER as RECIPIENT_ANSWER,
    RECIPIENT_CHANGES as RECIPIENT_CHANGES,
    RECIPIENT_COUNTS as RECIPIENT_COUNTS, RECIPIENT_FIT as RECIPIENT_FIT, RECIPIENT_FIT_FACTS as RECIPIENT_FIT_FACTS,
    RECIPIENT_GENES as RECIPIENT_GENES, RECIPIENT_LEDGER as RECIPIENT_LEDGER, RECIPIENT_SITES as RECIPIENT_SITES,
    RECIPIENT_STRESS as RECIPIENT_STRESS, RECIPIENT_STRESS_FACTS as RECIPIENT_STRESS_FACTS, SHIFTS as SHIFTS,
    SHOWN_TARGETS as SHOWN_TARGETS,
)  # fmt: skip
from mircargo.results.result import FOLDERS as FOLDERS
from mircargo.results.result import PLACEHOLDERS as PLACEHOLDERS
from mircargo.results.result import ROOT as ROOT
from mircargo.results.result import Result as Result

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
    "a feature, call, fold change and depth", next_experiment_columns.NEXT_EXPERIMENT, "What to measure next",
    "next_experiment",
)  # fmt: skip
NEXT_EXPERIMENT_POWER: Final = Result(
    "cargo/next_experiment.power.tsv", "Power of each experiment of the plan; only with `next_experiment`",
    "a feature, call, fold change, depth and number of animals", next_experiment_columns.NEXT_EXPERIMENT_POWER,
)  # fmt: skip
NEXT_EXPERIMENT_OPEN: Final = Result(
    "cargo/next_experiment.inconclusive.tsv",
    "Animals that would settle each inconclusive call; only with `next_experiment`",
    "a contrast and feature", next_experiment_columns.INCONCLUSIVE,
)  # fmt: skip
ANNDATA: Final = Result(
    "study.h5ad", "Counts, samples and all results in one AnnData file", shows="AnnData", caption="anndata"
)
WORKBOOK: Final = Result("results.xlsx", "Results as a workbook", shows="Workbook", caption="workbook")
MULTIQC: Final = Result("multiqc/{section}_mqc.json", "A section of the study in MultiQC")

OF_A_STUDY: Final = tuple(
    each for each in list(vars().values()) if isinstance(each, Result) and each not in OF_A_RECIPIENT
)
"""What the documentation and the RO-Crate list of a study: all of the above; `OF_A_RECIPIENT` where it has one."""

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
META_FACTS: Final = Result(
    "{meta}.json", "How it was pooled: title, contrasts with what each compares, estimator, thresholds, versions"
)
META_REPORT: Final = Result(
    "{meta}.report.html", "The report of the meta-analysis: one page that opens without a network",
    shows="Report", caption="meta",
)  # fmt: skip
OF_A_META: Final = (META_REPORT, META_TARGET, META_FEATURES, META_STUDIES, META_REPLICATION, META_FACTS)
"""What the documentation lists of a meta-analysis."""
META: Final = f"{ROOT}/meta"
INDEX: Final = Result(
    "index.html", "The studies and meta-analyses of a run of several, each with its sentence and its report",
    shows="Index", caption="index", of_run=True,
)  # fmt: skip
