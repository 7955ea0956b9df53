"""The columns of the tables about the recipient cells, in the order of the files, and what they mean."""

from typing import Final

from mircargo.results.columns import LOG2, READS, ROBUSTNESS, SAMPLE, VARIANTS, Column, P, common

GENE: Final = {"gene": Column("Gene, as the table of the recipient names it")}

RECIPIENT_COUNTS: Final = {**GENE, SAMPLE: Column("Reads of the gene in the sample of the recipient", READS)}
RECIPIENT_CHANGES: Final = {
    **GENE,
    "log2FoldChange": Column("Fold change of the messenger RNA, as the table of results has it", LOG2),
    "lfcSE": Column("Its standard error; missing where that table has none", LOG2),
    "baseMean": Column("Mean expression; missing where that table has none"),
    **common("pvalue padj"),
}
RECIPIENT_SITES: Final = {
    "family": Column(
        "Family of miRNAs with the same bases 2 to 8, by these; with `species: other` the name of the miRNA where no"
        " sequence is known",
        "RNA, 7 bases",
    ),
    "mirna": Column("miRNAs of the family in the table of targets, joined by `/`; missing where it has seeds alone"),
    **GENE,
    "site_type": Column(
        "Type of the site; other where the table of targets does not tell, or has a weaker type",
        "8mer, 7mer-m8, 7mer-A1, 6mer, offset-6mer, other",
    ),
    "score": Column("Score of the site in the table of targets, TargetScan's context++; missing where it has none"),
    "conserved": Column("Whether the site is conserved; missing where the table of targets does not tell", "True, False"),
}
RECIPIENT_GENES: Final = {
    **GENE,
    "symbol": Column("Symbol of the gene; missing where no table has it"),
    "target_id": Column("The gene in the table of targets; missing where that does not have it"),
    "utr3_length": Column("Length of the 3'UTR; missing where no table has it", "bases"),
    "gc": Column("Share of G and C; missing where no table has it", P),
}

FAMILY: Final = {"family": RECIPIENT_SITES["family"]}
_SHIFT: Final = {
    "shift": Column(
        "Mean change of the targets less that of genes like them without a site; negative where targets fall", LOG2
    ),
    "shift_se": Column("Its standard error: scatter of genes, their correlation, and what idle families differ by", LOG2),
    "ci_low": Column("Lower end of the interval of the shift, which covers 1 - alpha", LOG2),
    "ci_high": Column("Upper end of that interval", LOG2),
}
SHIFT_CALLS: Final = "down, up, none, not tested"
RECIPIENT_FIT: Final = {
    **GENE,
    **common("baseMean log2FoldChange lfcSE stat pvalue padj status"),
}
FAMILIES: Final = {
    **FAMILY,
    "features": Column("miRNAs of the family that the study has, joined by `/`; missing where it has none"),
    "n_targets": Column("Compared genes with a 7mer or 8mer site, or a site of unknown type", "genes"),
    "n_controls": Column("Genes without any site of the family that these are matched with", "genes"),
    **_SHIFT,
    "stat": Column("The shift in standard errors, Student's t"),
    "df": Column("Its degrees of freedom, by Satterthwaite"),
    "pvalue": Column("Two-sided p-value of the shift", P),
    "padj": Column("After Benjamini and Hochberg over the tested families", P),
    "call": Column("Of the targets: whether they fall or rise, by padj below alpha", SHIFT_CALLS),
    "detectable": Column("Shift that would be found with 80% power at p below alpha", LOG2),
    "n_same_call": Column("Re-analyses in which the shift has the same sign and p below alpha", "re-analyses"),
    "n_variants": Column("Re-analyses that may change it; 0 where the samples are not known", "re-analyses"),
    "fragile_under": Column("The other re-analyses, joined by `; `; missing where there are none"),
    "activity_change": Column("Change of the family's activity (ulm of decoupler); positive where targets fall", "t"),
    "activity_pvalue": Column("Its p-value by Student's t over the samples; missing where they are not known", P),
}
RECIPIENT_STRESS: Final = {**GENE, **{name: each for name, each in ROBUSTNESS.items() if name != "feature"}}
SHIFTS: Final = {
    "variant": VARIANTS["variant"],
    "kind": VARIANTS["kind"],
    **FAMILY,
    "shift": _SHIFT["shift"],
    "pvalue": FAMILIES["pvalue"],
    "call": FAMILIES["call"],
}
DOSE: Final = {
    **FAMILY,
    "by": Column("What the targets are told apart by", "site type, score decile"),
    "stratum": Column("Type of the best site, or decile of the predicted repression, 1 the strongest"),
    "n_targets": Column("Targets in it", "genes"),
    **_SHIFT,
}
COMPARED: Final = {
    **FAMILY,
    **GENE,
    "symbol": RECIPIENT_GENES["symbol"],
    "log2FoldChange": Column("Fold change of the gene", LOG2),
    "adjusted": Column("Fold change less what length, expression, GC and other families explain, drawn in if far", LOG2),
    "site_type": Column("Type of its best site; missing for genes that are compared with"),
    "weight": Column("Its share in the mean of the targets, or of the genes they are compared with", P),
}
BALANCE: Final = {
    **FAMILY,
    "covariate": Column("What is matched for", "utr3_length, gc, sites, expression"),
    "targets": Column("Mean over the targets, in the covariate's unit"),
    "all_others": Column("Mean over all genes without a site"),
    "matched": Column("Mean over those they are matched with"),
    "before": Column("Distance of targets and all others, in standard deviations of ranks"),
    "after": Column("Distance of targets and matched genes, likewise"),
}
ACTIVITY: Final = {**FAMILY, SAMPLE: Column("Activity of the family in the sample (ulm of decoupler)", "t")}
AGREEMENT: Final = {
    **common("feature"),
    **FAMILY,
    **common("log2FoldChange padj"),
    "call": Column("Call of the miRNA in the exosomes", "up, down, none"),
    **common("robust"),
    "tier": Column("Tier of co-cargo; missing for the target and what is none"),
    **_SHIFT,
    "shift_pvalue": FAMILIES["pvalue"],
    "shift_padj": FAMILIES["padj"],
    "shift_call": FAMILIES["call"],
    "n_targets": FAMILIES["n_targets"],
    "agreement": Column(
        "What cargo and consequence say together",
        "strong, supported, candidate, opposed, no response, cargo unchanged, not tested",
    ),
    "same_family": Column("Other miRNAs of the study with the same targets, joined by `; `"),
}
SHOWN_TARGETS: Final = {
    "mirna": Column("miRNA of the list of targets that were shown"),
    "symbol": Column("Symbol of the target"),
    "gene": Column("The gene in the recipient; missing where it is not there"),
    "site_type": Column("Type of its best site in the table of targets; missing where it has none"),
    **common("log2FoldChange lfcSE padj"),
    "robust": Column("Whether its call survives the stress test; missing where it has none, or none is said", "True, False"),
    "share_lower": Column("Share of the matched genes without a site that fell further", P),
    "shown": Column("How it was shown"),
    "source": Column("Where"),
    "note": Column("Why there are no numbers"),
}
