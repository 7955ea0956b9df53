"""The columns of the result tables, in the order of the files, and what they mean.

The functions that make the tables take names and order from here, workbook and documentation the meaning.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mircargo.vocabulary import (
    CAUTIONS, CHANGED, FEATURE_CALLS, RELEASE_CLASSES, STATUSES, TARGET_CALLS, TESTED, TIERS, listed,
)  # fmt: skip


class Column(NamedTuple):
    """A column of a result table.

    Attributes
    ----------
    meaning
        What it holds.
    unit
        Its unit, its range or the words it can hold; empty for names and free text.
    optional
        Whether only some studies have it.
    """

    meaning: str
    unit: str = ""
    optional: bool = False


LOG2: Final = "log2"
P: Final = "0 to 1"
READS: Final = "reads"
FEATURES_COUNTED: Final = "features"
FITTED_CALLS: Final = listed(tuple(FEATURE_CALLS)[:3])
SOME_TARGET_CALLS: Final = f"{listed(tuple(TARGET_CALLS)[:4])}, ..."
SAMPLE: Final = "SAMPLE"  # stands for a column a sample

# Columns that mean the same wherever they stand.
COMMON: Final = {
    "feature": Column("Name of the feature: a mature miRNA unless the ledger says otherwise"),
    "contrast": Column("Name of the contrast, as configured"),
    "sample": Column("Name of the sample, as in the sample sheet"),
    "accession": Column("miRBase accession of the mature miRNA", "MIMAT and seven digits"),
    "sequence": Column("Mature sequence in miRBase", "RNA, 5' to 3'"),
    "baseMean": Column("Mean normalised count over the samples of the contrast", "normalised reads"),
    "log2FoldChange": Column("Fold change, level against reference; positive means higher in the level", LOG2),
    "lfcSE": Column("Standard error of the fold change", LOG2),
    "stat": Column("Test statistic: Wald's z, or the likelihood ratio where the contrast has `reduced`"),
    "pvalue": Column("p-value of the test", P),
    "padj": Column("p-value adjusted by Benjamini and Hochberg, after independent filtering", P),
    "status": Column("Why there is a padj or none", listed(STATUSES)),
    "ci_low": Column("Lower end of the interval of the fold change, which covers 1 - alpha", LOG2),
    "ci_high": Column("Upper end of the interval of the fold change", LOG2),
    "equivalence_pvalue": Column("p-value of two one-sided tests that the fold change lies within the margin", P),
    "share_same_call": Column(
        "Share of the variants of a kind with the call of the fit as configured, averaged over the kinds of the stress"
        " test",
        P,
    ),
    "fragile_under": Column("Variants with another call, joined by `; `; missing where there are none"),
    "robust": Column(
        "Whether limma-voom about the mode makes the same call, no variant that tests the feature has"
        " another, and no library is counted more than once; missing where there is no call",
        "True, False",
    ),
    "confirmed": Column(
        "Whether limma-voom about the mode makes the same call; missing where there is no call", "True, False"
    ),
    "n_same_call": Column("Variants of the stress test with the call of the fit as configured", "variants"),
    "beyond_preparation": Column(
        "Whether a call up or down holds under an error of preparation; missing where there is no call", "True, False"
    ),
    "scale_ci_low": Column(
        "Lower end of the interval under uncertainty of scale and preparation, centred between both assumptions of"
        " scale",
        LOG2,
    ),
    "scale_ci_high": Column("Upper end of the interval under uncertainty of scale and preparation", LOG2),
    "expected": Column("Direction that the literature leads one to expect", listed(CHANGED)),
    "note": Column("What else is to be known, in words"),
}  # fmt: skip


def take(table: Mapping[str, Column], names: str) -> dict[str, Column]:
    """Return columns that mean here what they mean in another table, by their names."""
    return {name: table[name] for name in names.split()}


def common(names: str) -> dict[str, Column]:
    return take(COMMON, names)


SCALE: Final = common("scale_ci_low scale_ci_high")

COUNTS: Final = {**common("feature"), SAMPLE: Column("Reads of the feature in the sample", READS)}
NORMALISED: Final = {
    **common("feature"),
    SAMPLE: Column("Count of the feature divided by the size factor of the sample", "normalised reads"),
}
FEATURES: Final = {
    **common("feature accession"),
    "species": Column("Species of the miRNA", "mmu, rno, hsa, or others of miRBase"),
    "arm": Column("Arm of the hairpin", "5p, 3p"),
    "family": Column("miRNA family of its hairpin"),
    "seed": Column("Bases 2 to 8 of the sequence", "RNA, 7 bases"),
    **common("sequence"),
    "n_source_rows": Column("Rows of the input tables that the feature was made of", "rows"),
    "biotype": Column(
        "Kind of small RNA: as the table says, else by what the row is called; miRNA where neither says otherwise"
    ),
}
LEDGER: Final = {
    "table": Column("Path of the input table"),
    "row": Column("Line of that table, its first line being 1", "line"),
    "source_id": Column("Name in that row, as it stands there"),
    "feature": Column("The feature it became; missing where it was dropped"),
    "action": Column("What became of the row", "kept, renamed, summed, maximum, ambiguous, dropped"),
    "reason": Column("Why, in words"),
    "reads": Column("Sum of the row over its samples", READS),
}
BALANCE: Final = {
    **common("sample"),
    "input_reads": Column("Reads in the input table", READS),
    "kept_reads": Column("Reads in counts.tsv", READS),
    "dropped_reads": Column("Reads of rows that were left out", READS),
    "repeated_reads": Column("Reads that stand again on other rows of a feature of which the maximum was taken", READS),
    "rounding": Column("Reads lost (above 0) or won (below 0) where fractions became integers", READS),
}
ISOMIRS: Final = {
    **common("feature accession"),
    "variant": Column("How the isomiR differs from the mature miRNA, as its table writes it"),
    "sequence": Column("Sequence of the isomiR, where its table has it"),
    SAMPLE: COUNTS[SAMPLE],
}
QUALITY: Final = {
    **common("sample"),
    "total": Column("Reads in counts.tsv", READS),
    "detected": Column("Features with at least one read", "features"),
    "top_feature": Column("The feature with the most reads"),
    "top_share": Column("Its share of the reads", P),
    "size_factor": Column("What the counts of the sample are divided by"),
    "flags": Column("What is unusual, joined by `;`; empty where nothing is", "shallow, dominated, poscounts"),
    "spike_in_reads": Column("Reads of spike-ins, not in the total; only where the study has any", READS, True),
}
UNSEEN: Final = {
    "unseen_in": Column("The group that has no read of a feature which the other has; missing where both have", "", True),
    "expected_reads": Column("Reads that one would expect in that group's libraries together", READS, True),
    "p_no_reads": Column("Probability that these libraries show none of them", P, True),
    "not_detected": Column("Whether depth alone can be the reason (p_no_reads above alpha)", "True, False", True),
}
DIFFERENTIAL: Final = {
    **common("feature baseMean log2FoldChange lfcSE stat pvalue padj status"),
    "call": Column(
        "What is called: padj is below alpha and the interval of the fold change lies beyond 0; missing without a padj",
        "up, down, none",
    ),
    **common("ci_low ci_high equivalence_pvalue"),
    "equivalence_padj": Column("The same, adjusted", P),
    "shrunken_log2FoldChange": Column("Fold change shrunken by apeGLM; missing where that cannot be done", LOG2),
    "shrunken_lfcSE": Column("Its posterior standard deviation", LOG2),
    "dispersion": Column("Dispersion of the feature, which the test rests on"),
    "dispersion_gene_wise": Column("Its dispersion by itself, before it is drawn towards the trend"),
    "dispersion_trend": Column("The trend of dispersions at its mean"),
    "elsewhere": Column(
        "Fold change, with its interval, at the other levels of columns that the design lets differ, joined by `; `;"
        " missing where it lets none"
    ),
    "control_feature": Column(
        "Whether the size factors rest on it, by name or as one of fewer than three: its change is divided out, wholly"
        " (status `control_feature`) or in part, and that it does not change is no result",
        "True, False",
    ),
    **UNSEEN,
    **SCALE,
}
ROBUSTNESS: Final = {
    **common("feature"),
    "n_variants": Column("Variants of the fit that were possible", "variants"),
    **common("share_same_call"),
    "min_log2FoldChange": Column("Smallest fold change among the variants", LOG2),
    "max_log2FoldChange": Column("Largest fold change among the variants", LOG2),
    **common("fragile_under"),
    "call": Column("Call of the fit as configured", "up, down, none, not tested"),
    "n_not_tested": Column("Variants that did not test the feature", "variants"),
    **common("robust beyond_preparation n_same_call confirmed"),
}
VARIANTS: Final = {
    **common("feature"),
    "variant": Column("What was done otherwise than configured; `as configured` is the fit itself"),
    "kind": Column("Kind of the variant", "base, or a kind of docs/methods.md (Stress test)"),
    **common("log2FoldChange ci_low ci_high padj"),
    "call": Column("Call of that variant", "up, down, none, not tested"),
}
CONTRAST_SUMMARY: Final = {
    **common("contrast"),
    "compared": Column("What is compared with what, and in how many samples, in words"),
    "samples": Column("Samples of the contrast", "samples"),
    "features": Column("Features in the counts", FEATURES_COUNTED),
    "tested": Column("Features with a padj", FEATURES_COUNTED),
    "up": Column("Features called up", FEATURES_COUNTED),
    "down": Column("Features called down", FEATURES_COUNTED),
    "robust_up": Column(
        "Of those called up, how many are robust; missing where it is not said whether they are", FEATURES_COUNTED
    ),
    "robust_down": Column("The same of those called down", FEATURES_COUNTED),
    "no_call": Column("Features tested and not called, which is no proof that they did not change", FEATURES_COUNTED),
    "not_tested": Column("Features without a padj, for one of the reasons in the next columns", FEATURES_COUNTED),
    **{
        name: Column(f"Features not tested, as {status.words}", FEATURES_COUNTED)
        for name, status in STATUSES.items()
        if name != TESTED
    },
    "note": Column("Why no call is robust, or is said to be; missing where some may be"),
}
RELEASE: Final = {
    **common("feature"),
    "class": Column("Class of release", listed(RELEASE_CLASSES)),
    **common("log2FoldChange lfcSE padj"),
    "source_log2FoldChange": Column("Fold change in the source of the exosomes", LOG2),
    "source_lfcSE": Column("Its standard error", LOG2),
    "source_padj": Column("Adjusted p-value in the source", P),
    "release_log2FoldChange": Column("Change in the exosomes beyond the change in their source", LOG2),
    "release_lfcSE": Column("Its standard error", LOG2),
    "release_pvalue": Column("p-value of that difference, with one dispersion a feature", P),
    "release_padj": Column("The same, adjusted", P),
    "release_status": Column("Why there is a release_padj or none", "as status"),
    "by_fraction_log2FoldChange": Column("The difference with dispersions of each fraction", LOG2),
    "by_fraction_lfcSE": Column("Its standard error", LOG2),
    "by_fraction_pvalue": Column("Its p-value", P),
    "by_fraction_padj": Column("Its adjusted p-value", P),
    "enrichment_reference": Column("Exosomes against source in the reference, the median feature being 0", LOG2),
    "enrichment_reference_low": Column("Lower end of its interval", LOG2),
    "enrichment_reference_high": Column("Upper end of its interval", LOG2),
    "enrichment_level": Column("Exosomes against source in the level, the median feature being 0", LOG2),
    "enrichment_level_low": Column("Lower end of its interval", LOG2),
    "enrichment_level_high": Column("Upper end of its interval", LOG2),
    "p_unseen": Column("Chance that a fraction without a read of it shows none, were it enriched as others are", P),
}
TARGET: Final = {
    **common("contrast"),
    "feature": Column("The target among the features; missing where no row is it"),
    "call": Column("What the target does", "up, down, unchanged, inconclusive, not_detected, not_tested"),
    **common("log2FoldChange ci_low ci_high padj share_same_call fragile_under expected"),
    "sentence": Column("The call in a sentence with its numbers"),
    **common("equivalence_pvalue note"),
    "overturning_global_change": Column(
        "Nearest change of all exosome miRNA, level over reference, at which the call turns; missing outside exosomes",
        "fold",
    ),
    "scale_difference": Column(
        "What to add to every fold change if the total and not the typical miRNA stayed the same (the other way round"
        " with `method: total`); missing where size factors come from spike-ins, control features or a column",
        LOG2,
    ),
    "scale_difference_low": Column("Lower end of its interval, which covers 1 - alpha", LOG2),
    "scale_difference_high": Column("Upper end of its interval", LOG2),
    **SCALE,
    **common("robust n_same_call"),
}
CO_CARGO: Final = {
    **common("contrast feature"),
    "tier": Column(
        "How strong the evidence is; missing for what is no co-cargo, and candidate at most where no sequence is known",
        listed(TIERS),
    ),
    "class": RELEASE["class"],
    **common("log2FoldChange padj"),
    **take(RELEASE, "source_log2FoldChange release_log2FoldChange release_padj"),
    **common("share_same_call"),
    "residual_correlation": Column(
        "Pearson correlation of log2 counts with the target, group means taken out", "-1 to 1"
    ),
    "cross_maps_to": Column("A far more abundant miRNA whose reads it may show"),
    "cautions": Column("What speaks against it or asks for care, joined by `; `"),
    "call": Column("Call of the feature in the exosomes; missing without a padj", "up, down, none"),
    **common("robust beyond_preparation fragile_under"),
    "residual_correlation_pvalue": Column("p-value of that correlation by permutation within groups", P),
    "residual_degrees_of_freedom": Column("Samples less groups less one: what the correlation rests on"),
    "relation": Column("What the feature has in common with the target: hairpin, family, seed"),
    **common("confirmed"),
}
COMPOSITION: Final = {
    **common("feature"),
    "global_change": Column("Assumed factor by which all exosome miRNA changed, level against reference", "fold"),
    "log2FoldChange": Column("Fold change under that assumption", LOG2),
    "call": Column("Call under that assumption", FITTED_CALLS),
}
EXPECTATIONS: Final = {
    **common("contrast"),
    "mirna": Column("miRNA, as the panel writes it"),
    "feature": Column("The feature that it is; missing where no row is it"),
    "expected": Column("Direction that the panel expects", listed((*CHANGED, "no expectation"))),
    "observed": Column("Call of the feature, as of the target", SOME_TARGET_CALLS),
    "agrees": Column("Whether they agree; missing where nothing is expected", "yes, no, open"),
    **common("log2FoldChange padj"),
    "tissue": Column("Tissue of the panel's entry"),
    "model": Column("Model of the panel's entry"),
    "day": Column("Day after the injury of the panel's entry", "days"),
    "species": Column("Species of the panel's entry", "mmu, rno, hsa, or others of miRBase"),
    "source": Column("Publication"),
    "doi": Column("Its DOI"),
    **common("note"),
}
