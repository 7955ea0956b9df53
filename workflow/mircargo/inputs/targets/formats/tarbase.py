"""TarBase 8 and 9: interactions shown by experiments, a row for each report.

Where a row says that the experiment found no interaction (`positive_negative`), it is left out.
"""

from mircargo.inputs.targets.format import Head, Layout, TargetFormat


def layout(head: Head) -> Layout | None:
    if head.has("geneId", "geneName", "mirna", "method"):
        finding, species = head.first("positive_negative"), head.first("species")
        return Layout("mirna", ("geneId", "geneName"), rows="evidence", species=species, finding=finding)
    if head.has("mirna_name", "gene_name", "gene_id", "experimental_method"):
        return Layout("mirna_name", ("gene_id", "gene_name"), rows="evidence", species=head.first("species"))
    return None


FORMAT = TargetFormat(
    program="TarBase 8, 9",
    recognised="columns `geneId`, `geneName`, `mirna`, `method`; or `mirna_name`, `gene_name`, `gene_id`,"
    " `experimental_method`",
    layout=layout,
)
