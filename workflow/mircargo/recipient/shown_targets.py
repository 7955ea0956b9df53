"""Targets of miR-21 that were shown in this field, beside all others: what each did in the recipient."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import pandas as pd

from mircargo.recipient.de_repression import Tested
from mircargo.vocabulary import SITE_TYPES

COLUMNS: Final = [
    *("mirna", "symbol", "gene", "site_type", "log2FoldChange", "lfcSE", "padj", "share_lower"),
    *("shown", "source", "note"),
]
_ABSENT: Final = "not among the genes of the recipient"


def load_shown() -> pd.DataFrame:
    """Read `workflow/resources/targets/shown.tsv`: `mirna symbol shown source`, from the literature."""
    with files("mircargo.resources").joinpath("targets", "shown.tsv").open("rb") as handle:
        return pd.read_csv(handle, sep="\t")


def shown_targets(
    changes: pd.DataFrame, genes: pd.DataFrame, tested: Tested, family_of: Mapping[str, str]
) -> pd.DataFrame:
    """Say what each target that was shown to be one did.

    Parameters
    ----------
    changes
        By gene: `log2FoldChange lfcSE padj`.
    genes
        By gene: `symbol`; where it is missing the gene itself is taken for one. Case does not matter.
    tested
        Of `family_shifts`.
    family_of
        The family (seed) of each miRNA that the list names, where known.

    Returns
    -------
    pd.DataFrame
        A row per target of the list: `mirna symbol gene site_type log2FoldChange lfcSE padj share_lower shown source
        note`. `share_lower` is the share of the genes without a site matched to all targets that fell further; missing
        where the gene is not a target in the table.
    """
    symbols = genes["symbol"].fillna(pd.Series(genes.index, genes.index)).astype(str).str.lower()
    place = {symbol: gene for gene, symbol in symbols.items()}
    names = {number: name for name, number in SITE_TYPES.items()} | {1: "6mer", 0: ""}
    compared = tested.compared
    order = {gene: position for position, gene in enumerate(compared.response.covariates.index)}
    rows = []
    for row in load_shown().itertuples():
        gene = place.get(str(row.symbol).lower())
        found = changes.loc[gene] if gene in changes.index else None
        note = _ABSENT if found is None else ""
        family = family_of.get(str(row.mirna))
        at = compared.sites.families.index(family) if family in compared.sites.families else None
        site, share = "", float("nan")
        if gene in order and at is not None:
            position = order[gene]
            site = names[int(compared.sites.best[position, at])]
            if at in compared.matched and compared.sites.best[position, at] > 1:
                controls = compared.matched[at].control_weights(compared.shares(at), len(order))
                lower = compared.response.change < compared.response.change[position]
                share = float(controls[lower].sum())
        numbers = [float("nan")] * 3 if found is None else found[["log2FoldChange", "lfcSE", "padj"]].tolist()
        rows.append([row.mirna, row.symbol, gene, site or None, *numbers, share, row.shown, row.source, note or None])
    return pd.DataFrame(rows, columns=COLUMNS)
