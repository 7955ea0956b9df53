"""The columns of the tables of a meta-analysis, in the order of the files, and what they mean."""

from typing import Final

from mircargo.results.columns import LOG2, TARGET, Column, P, common, take

POOLED: Final = {
    "n_contrasts": Column("Contrasts that are pooled", "contrasts"),
    "log2FoldChange": Column("Pooled fold change", LOG2),
    "lfcSE": Column("Standard error that the interval rests on", LOG2),
    "ci_low": Column("Lower end of its Hartung-Knapp interval", LOG2),
    "ci_high": Column("Its upper end", LOG2),
    "pvalue": Column("p-value of the pooled fold change", P),
    "tau2": Column("Variance between contrasts", "log2, squared"),
    "I2": Column("Share of the variance that is between contrasts", "percent"),
    "Q": Column("Cochran's Q"),
    "Q_pvalue": Column("Its p-value", P),
    "prediction_low": Column("Lower end of the prediction interval", LOG2),
    "prediction_high": Column("Its upper end", LOG2),
}
"""What a random-effects model gives of a feature."""
OVER_STUDIES: Final = {
    **common("feature"),
    "matched_by": Column("How features of the studies were matched", "sequence, family, accession, name"),
    "n_studies": Column("Studies that are pooled", "studies"),
    **take(POOLED, "n_contrasts log2FoldChange lfcSE ci_low ci_high pvalue"),
    **common("padj"),
    **POOLED,
    **common("note"),
}
OF_STUDIES: Final = {
    "feature": Column("Name of the feature over all studies"),
    "study": Column("The study"),
    **common("contrast"),
    "species": Column("Its species", "mmu, rno, hsa, or others of miRBase; other"),
    "study_feature": Column("The feature in that study; missing where it has none"),
    **common("log2FoldChange lfcSE"),
    "weight": Column("Its share of the pooled fold change", P),
    "status": Column("Status as in differential, or why it does not take part", "tested, no_match, ..."),
    "reason": Column("Why it is not pooled, in words"),
}
TARGET_OVER_STUDIES: Final = {
    "meta": Column("Name of the meta-analysis"),
    **common("feature"),
    "call": Column("What the target does", "up, down, unchanged, inconclusive, ..."),
    "n_studies": OVER_STUDIES["n_studies"],
    "n_contrasts": POOLED["n_contrasts"],
    "n_not_pooled": Column("Contrasts that do not take part", "contrasts"),
    **take(POOLED, "log2FoldChange ci_low ci_high pvalue"),
    **common("equivalence_pvalue"),
    **{name: column for name, column in POOLED.items() if name != "lfcSE"},
    "matched_by": OVER_STUDIES["matched_by"],
    "sentence": TARGET["sentence"],
    **common("note"),
}
REPLICATION: Final = {
    "from_contrast": Column("The contrast whose calls are looked for, as STUDY.CONTRAST; `first half of` it of halves"),
    "in_contrast": Column("The contrast in which they are looked for"),
    "direction": Column("Direction of these calls", "up, down, all"),
    "calls": Column("Calls of the first that the second tested", "features"),
    "expected": Column("How many of them were expected to be called again, in the same direction", "features"),
    "expected_low": Column("Lower end of the range of that number which covers 1 - alpha", "features"),
    "expected_high": Column("Upper end of that range", "features"),
    "repeated": Column("How many were called in the same direction", "features"),
    "opposite": Column("How many were called in the opposite direction", "features"),
    "sentence": Column("The same in a sentence"),
}
