"""The files of the recipient cells, as `mircargo.results.contract` has those of a study."""

from typing import Final

from mircargo.results import recipient_columns
from mircargo.results.result import Result

RECIPIENT_COUNTS: Final = Result(
    "recipient/counts.tsv", "Raw counts of the recipient's messenger RNA; its header alone where it has results",
    "a gene", recipient_columns.RECIPIENT_COUNTS,
)  # fmt: skip
RECIPIENT_CHANGES: Final = Result(
    "recipient/changes.tsv", "Results of the recipient's messenger RNA; its header alone where it has counts",
    "a gene", recipient_columns.RECIPIENT_CHANGES,
)  # fmt: skip
RECIPIENT_SITES: Final = Result(
    "recipient/sites.tsv", "Sites of miRNAs in the recipient's genes", "a site", recipient_columns.RECIPIENT_SITES
)
RECIPIENT_GENES: Final = Result(
    "recipient/genes.tsv", "What is known of the recipient's genes", "a gene", recipient_columns.RECIPIENT_GENES
)
RECIPIENT_LEDGER: Final = Result(
    "recipient/ledger.json", "What became of the rows of the recipient's table and of the table of targets; warnings"
)
RECIPIENT_FIT: Final = Result(
    "recipient/differential.tsv", "Differential expression of the recipient's genes", "a gene",
    recipient_columns.RECIPIENT_FIT, "Genes of the recipient", "recipient_genes",
)  # fmt: skip
RECIPIENT_FIT_FACTS: Final = Result("recipient/differential.json", "How the recipient's genes were fitted")
RECIPIENT_STRESS: Final = Result(
    "recipient/robustness.tsv", "Stress test of the recipient's genes, summed up; its header alone where it has results",
    "a gene", recipient_columns.RECIPIENT_STRESS, "Which genes survive", "recipient_robustness",
)  # fmt: skip
RECIPIENT_STRESS_FACTS: Final = Result(
    "recipient/robustness.json", "The same of the recipient's genes: variants tried, calls kept"
)
SHIFTS: Final = Result(
    "recipient/shifts.tsv", "The shift of each family in each re-analysis of the recipient's genes",
    "a re-analysis and miRNA family", recipient_columns.SHIFTS,
)  # fmt: skip
FAMILIES: Final = Result(
    "recipient/families.tsv", "Do the targets of each family change? Shift against matched genes", "a miRNA family",
    recipient_columns.FAMILIES, "Targets by family", "recipient_families",
)  # fmt: skip
DOSE: Final = Result(
    "recipient/dose.tsv", "The shift of targets by type of site and by predicted repression",
    "a family and stratum", recipient_columns.DOSE, "Targets by site", "recipient_dose",
)  # fmt: skip
COMPARED: Final = Result(
    "recipient/compared.tsv", "Targets of the target miRNA and of called families, and the genes matched with them",
    "a family and gene", recipient_columns.COMPARED,
)  # fmt: skip
BALANCE: Final = Result(
    "recipient/balance.tsv", "How alike targets and matched genes are", "a family and covariate",
    recipient_columns.BALANCE,
)  # fmt: skip
ACTIVITY: Final = Result(
    "recipient/activity.tsv", "Activity of each family in each sample of the recipient", "a miRNA family",
    recipient_columns.ACTIVITY,
)  # fmt: skip
AGREEMENT: Final = Result(
    "recipient/agreement.tsv", "Change in exosomes beside the shift of the targets", "a miRNA",
    recipient_columns.AGREEMENT, "Cargo and consequence", "recipient_agreement",
)  # fmt: skip
SHOWN_TARGETS: Final = Result(
    "recipient/shown_targets.tsv", "Targets of miR-21 shown in this field, and what each did", "a target",
    recipient_columns.SHOWN_TARGETS, "Targets that were shown", "recipient_shown",
)  # fmt: skip
RECIPIENT_ANSWER: Final = Result(
    "recipient/answer.json", "What the targets of the target miRNA did, in a sentence, and what it rests on"
)

OF_A_RECIPIENT: Final = (
    RECIPIENT_COUNTS, RECIPIENT_CHANGES, RECIPIENT_SITES, RECIPIENT_GENES, RECIPIENT_LEDGER, RECIPIENT_FIT,
    RECIPIENT_FIT_FACTS, RECIPIENT_STRESS, RECIPIENT_STRESS_FACTS, SHIFTS, FAMILIES, DOSE, COMPARED, BALANCE, ACTIVITY, AGREEMENT, SHOWN_TARGETS, RECIPIENT_ANSWER,
)  # fmt: skip
"""What there is beside `OF_A_STUDY` where a study has a recipient."""
