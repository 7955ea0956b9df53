"""TargetScan 7 and 8, sites with their context++ score (default predictions, conserved or all sites)."""

from mircargo.inputs.targets.format import Head, Layout, TargetFormat


def layout(head: Head) -> Layout | None:
    if not head.has("Gene Symbol", "Transcript ID", "miRNA", "Site Type", "context++ score"):
        return None
    return Layout(
        mirna="miRNA",
        ids=tuple(name for name in ("Gene ID", "Gene Symbol", "Transcript ID") if name in head.header),
        species=head.first("Gene Tax ID", "Species ID"),
        site_type="Site Type",
        score="context++ score",
        transcript="Transcript ID",
        start=head.first("UTR_start", "UTR start"),
    )


FORMAT = TargetFormat(
    program="TargetScan, `Predicted_Targets_Context_Scores`, `Conserved_Site_Context_Scores`",
    recognised="columns `Gene Symbol`, `Transcript ID`, `miRNA`, `Site Type`, `context++ score`",
    layout=layout,
    site_types={"1": "7mer-A1", "2": "7mer-m8", "3": "8mer", "4": "6mer"},
)
