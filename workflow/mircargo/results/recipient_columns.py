"""The columns of the tables about the recipient cells, in the order of the files, and what they mean."""

from typing import Final

from mircargo.results.columns import LOG2, READS, SAMPLE, Column, P, common

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
