"""TargetScan 7 and 8, sites of families without scores: `Predicted_Targets_Info`, `Conserved_Family_Info`.

Families are named (`miR-21-5p/590-5p`): their seeds are found by miRBase, or in TargetScan's `miR_Family_Info.txt`.
"""

from mircargo.inputs.targets.format import Head, Layout, TargetFormat


def layout(head: Head) -> Layout | None:
    if not head.has("miR Family", "Gene Symbol", "Transcript ID", "Seed match"):
        return None
    return Layout(
        mirna="miR Family",
        ids=tuple(name for name in ("Gene ID", "Gene Symbol", "Transcript ID") if name in head.header),
        species="Species ID" if head.has("Species ID") else None,
        site_type="Seed match",
        transcript="Transcript ID",
        start=head.first("UTR start", "UTR_start"),
    )


FORMAT = TargetFormat(
    program="TargetScan, `Predicted_Targets_Info`, `Conserved_Family_Info`",
    recognised="columns `miR Family`, `Gene Symbol`, `Transcript ID`, `Seed match`",
    layout=layout,
    site_types={
        "8mer": "8mer", "8mer-1a": "8mer", "7mer-m8": "7mer-m8", "7mer-1a": "7mer-A1", "7mer-a1": "7mer-A1",
        "6mer": "6mer",
    },
)  # fmt: skip
