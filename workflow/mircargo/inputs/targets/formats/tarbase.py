"""TarBase 8 and 9: interactions shown by experiments, a row for each report.

Where a row says that the experiment found no interaction (`positive_negative`), it is left out.
"""

import pandas as pd

from mircargo.inputs.targets.format import Head, Layout, TargetFormat

_NEGATIVE = "positive_negative"


def layout(head: Head) -> Layout | None:
    if head.has("geneId", "geneName", "mirna", "method"):
        more = (_NEGATIVE,) if head.has(_NEGATIVE) else ()
        return Layout("mirna", ("geneId", "geneName"), rows="evidence", species=head.first("species"), more=more)
    if head.has("mirna_name", "gene_name", "gene_id", "experimental_method"):
        return Layout("mirna_name", ("gene_id", "gene_name"), rows="evidence", species=head.first("species"))
    return None


def finish(rows: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Leave out what experiments did not find."""
    if not layout.more:
        return rows
    return rows[rows[_NEGATIVE].astype(str).str.upper() != "NEGATIVE"].drop(columns=_NEGATIVE)


FORMAT = TargetFormat(
    program="TarBase 8, 9",
    recognised="columns `geneId`, `geneName`, `mirna`, `method`; or `mirna_name`, `gene_name`, `gene_id`,"
    " `experimental_method`",
    layout=layout,
    finish=finish,
)
