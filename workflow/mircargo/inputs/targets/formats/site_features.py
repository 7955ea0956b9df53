"""Tables of features of sites, a row for each site, as TargetScanFly's are made of (Agarwal et al. 2018).

The column `MIR` has the miRNA's sequence, which tells its seed in any species; `LEN_3UTR` the length of the 3'UTR.
"""

from mircargo.inputs.targets.format import Head, Layout, TargetFormat


def layout(head: Head) -> Layout | None:
    if not head.has("MIR_ID", "TYPE", "GENE_ID", "MIR"):
        return None
    return Layout(
        mirna="MIR_ID",
        ids=("GENE_ID",),
        named="mature sequence",
        rows="sites",
        site_type="TYPE",
        utr3_length=head.first("LEN_3UTR"),
        more=("MIR",),
    )


FORMAT = TargetFormat(
    program="tables of site features (TargetScanFly)",
    recognised="columns `MIR_ID`, `TYPE`, `GENE_ID`, `MIR`",
    layout=layout,
    site_types={
        "8m": "8mer", "7m8": "7mer-m8", "7a1": "7mer-A1", "6m": "6mer", "o6": "offset-6mer", "6a1": "other",
    },
)  # fmt: skip
