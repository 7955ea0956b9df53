"""miRTarBase: interactions shown by experiments, a row for each report. It tells neither sites nor scores.

Reports that a pair does not interact (`Non-Functional MTI` under `Support Type`) are left out.
"""

from mircargo.inputs.targets.format import Head, Layout, TargetFormat


def layout(head: Head) -> Layout | None:
    entrez = head.first("Target Gene (Entrez ID)", "Target Gene (Entrez Gene ID)")
    if not head.has("miRTarBase ID", "miRNA", "Target Gene"):
        return None
    return Layout(
        mirna="miRNA",
        ids=tuple(name for name in ("Target Gene", entrez) if name),
        rows="evidence",
        species=head.first("Species (Target Gene)"),
        finding=head.first("Support Type"),
    )


FORMAT = TargetFormat(
    program="miRTarBase",
    recognised="columns `miRTarBase ID`, `miRNA`, `Target Gene`",
    layout=layout,
)
