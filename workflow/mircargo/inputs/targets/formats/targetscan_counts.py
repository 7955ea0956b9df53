"""TargetScan 7 and 8, how many sites of each type a transcript has for a family: `Summary_Counts`.

A row becomes as many rows as it has sites. The table has one total of context++ scores, which is shared out evenly.
"""

import numpy as np
import pandas as pd

from mircargo.inputs.targets.format import Head, Layout, TargetFormat
from mircargo.problems import listing, refusal
from mircargo.vocabulary import SITE_TYPES

_COUNTS = {
    "Number of conserved 8mer sites": ("8mer", True),
    "Number of conserved 7mer-m8 sites": ("7mer-m8", True),
    "Number of conserved 7mer-1a sites": ("7mer-A1", True),
    "Number of nonconserved 8mer sites": ("8mer", False),
    "Number of nonconserved 7mer-m8 sites": ("7mer-m8", False),
    "Number of nonconserved 7mer-1a sites": ("7mer-A1", False),
    "Number of 6mer sites": ("6mer", None),
}
_NEEDED = list(_COUNTS)[:3]
MOST_SITES = 1_000
"""No 3'UTR has more sites of one type."""


def layout(head: Head) -> Layout | None:
    if not head.has("Transcript ID", "Gene Symbol", "miRNA family", *_NEEDED):
        return None
    return Layout(
        mirna="miRNA family",
        ids=("Gene Symbol", "Transcript ID"),
        named="seed",
        rows="sites",
        species="Species ID" if head.has("Species ID") else None,
        score=head.first("Total context++ score", "Total context+ score", "Total context score"),
        transcript="Transcript ID",
        more=tuple(name for name in _COUNTS if name in head.header),
    )


def finish(rows: pd.DataFrame, layout: Layout, path: str) -> pd.DataFrame:
    """Make a row of each site.

    Raises
    ------
    ProblemsFound
        Where a cell is no number of sites.
    """
    numbers = np.column_stack([_counted(rows[name], path) for name in layout.more])
    kept = rows.drop(columns=list(layout.more))
    if "score" in kept:
        kept = kept.assign(score=(kept["score"] / np.maximum(numbers.sum(axis=1), 1)).astype("float32"))
    parts = []
    for at, name in enumerate(layout.more):
        site_type, conserved = _COUNTS[name]
        part = kept.take(np.repeat(np.arange(len(kept)), numbers[:, at]))
        parts.append(part.assign(site_type=site_type, conserved=conserved))
    together = pd.concat(parts, ignore_index=True)
    return together.assign(site_type=pd.Categorical(together["site_type"], list(SITE_TYPES)))


def _counted(column: pd.Series, path: str) -> np.ndarray:
    """Return numbers of sites; the texts of a column are held once each, as categories."""
    texts = pd.Series(column.cat.categories.astype(str))
    numbers = pd.to_numeric(texts, errors="coerce")
    wrong = numbers.isna() | (numbers < 0) | (numbers > MOST_SITES) | (numbers % 1 > 0)
    if wrong.any():
        where, hint = (
            f"{path}, column '{column.name}'",
            "write whole numbers of sites, and 0 for none",
        )
        found = listing(map(repr, texts[wrong]), 4)
        raise refusal("not_a_number_of_sites", "not a number of sites", where, found, hint)
    return numbers.to_numpy(dtype=int)[column.cat.codes.to_numpy()]


FORMAT = TargetFormat(
    program="TargetScan, `Summary_Counts`",
    recognised="columns `Transcript ID`, `Gene Symbol`, `miRNA family`, `Number of conserved 8mer sites`, ...",
    layout=layout,
    finish=finish,
)
