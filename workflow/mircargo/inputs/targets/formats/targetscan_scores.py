"""TargetScan 7 and 8, sites with their context++ score (default predictions, conserved or all sites)."""

from mircargo.inputs.targets.format import Head, Layout, TargetFormat


def layout(head: Head) -> Layout | None:
    own = head.all_of("miRNA", "Site Type", "context++ score")
    ids = [head.first(name) for name in ("Gene ID", "Gene Symbol", "Transcript ID")]
    if own is None or not any(ids):
        return None
    return Layout(
        mirna=own["miRNA"],
        ids=tuple(name for name in ids if name),
        species=head.first("Gene Tax ID", "Species ID"),
        site_type=own["Site Type"],
        score=own["context++ score"],
        transcript=ids[-1],
        start=head.first("UTR_start", "UTR start"),
    )


FORMAT = TargetFormat(
    program="TargetScan, `Predicted_Targets_Context_Scores`, `Conserved_Site_Context_Scores`",
    recognised="columns `miRNA`, `Site Type`, `context++ score`, and `Gene ID`, `Gene Symbol` or `Transcript ID`",
    layout=layout,
    site_types={"1": "7mer-A1", "2": "7mer-m8", "3": "8mer", "4": "6mer"},
)
