"""The columns of the tables for validation by qPCR, in the order of the files, and what they mean."""

from typing import Final

from mircargo.results.columns import Column, LOG2, READS, common
from mircargo.vocabulary import CAUTIONS, listed

QPCR: Final = {
    **common("feature"),
    "for_qpcr": Column("Whether nothing speaks against its validation by qPCR", "True, False"),
    "call": Column("Call of the feature; missing without a padj", "up, down, none"),
    **common("log2FoldChange ci_low ci_high padj robust"),
    "reads_per_million": Column("Mean reads per million in the group that has most of it", "reads per million"),
    "fewest_reads": Column("Fewest reads in a library of that group", READS),
    "primers_amplify": Column("The most abundant other miRNA that primers of qPCR could not tell from it"),
    "cautions": Column("What asks for care, joined by `; `; missing where nothing does"),
    "caution_kinds": Column("Kinds of these, joined by `;`", listed(CAUTIONS)),
    "left_out_because": Column("Why a feature with a call is not validated by qPCR, joined by `; `"),
}
QPCR_REFERENCES: Final = {
    **common("feature"),
    "stability": Column("NormFinder's stability value over the groups of the contrast: less is more stable", LOG2),
    **common("log2FoldChange ci_low ci_high"),
    "reads_per_million": Column("Mean reads per million over all libraries of the contrast", "reads per million"),
    "fewest_reads": Column("Fewest reads in a library of the contrast", READS),
    "n_candidates": Column("Features that were compared", "features"),
}
