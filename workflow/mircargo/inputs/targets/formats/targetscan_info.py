"""TargetScan 7 and 8, sites of families without scores: `Predicted_Targets_Info`, `Conserved_Family_Info`.

Families are named (`miR-21-5p/590-5p`): their seeds are found by miRBase, or in TargetScan's `miR_Family_Info.txt`.
"""

from mircargo.inputs.targets.format import Head, Layout, TargetFormat


def layout(head: Head) -> Layout | None:
    own = head.all_of("miR Family", "Gene Symbol", "Transcript ID", "Seed match")
    if own is None:
        return None
    gene = head.first("Gene ID")
    return Layout(
        mirna=own["miR Family"],
        ids=tuple(name for name in (gene, own["Gene Symbol"], own["Transcript ID"]) if name),
        species=head.first("Species ID"),
        site_type=own["Seed match"],
        transcript=own["Transcript ID"],
        start=head.first("UTR start", "UTR_start"),
    )


FORMAT = TargetFormat(
    program="TargetScan, `Predicted_Targets_Info`, `Conserved_Family_Info`",
    recognised="columns `miR Family`, `Gene Symbol`, `Transcript ID`, `Seed match`",
    layout=layout,
)
