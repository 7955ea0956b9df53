"""The stress test in few numbers: what the page draws of the variants of every feature."""

from typing import Final

import pandas as pd

# Of one feature's variants without a sample, so many that change its call are drawn by themselves.
MOST_SAMPLES: Final = 8


def condensed(variants: pd.DataFrame, in_blocks: bool = False) -> str:
    """Condense the variants of a contrast.

    Parameters
    ----------
    variants
        Its stress test: `robustness/{contrast}.variants.tsv`.
    in_blocks
        Whether samples were left out in blocks: the contrast's facts then have `blocks`.

    Returns
    -------
    str
        Tab-separated, a row a feature and variant: ``feature variant kind n log2FoldChange ci_low ci_high call``, two
        decimals. Variants that leave out a sample stand by themselves only where they change the feature's call (the
        first 8 of a feature); the others are one row of kind ``rest``, with their number ``n`` and, in the place of
        the interval, the least and the greatest of their fold changes; its ``variant`` is `sample` or `block of
        samples`, whichever each is without. Rows stand in the order in which they are drawn.
    """
    table = variants.astype(dict.fromkeys(("feature", "variant", "kind", "call"), "category"))
    base = (
        table.loc[table["kind"] == "base", ["feature", "call"]].drop_duplicates("feature").set_index("feature")["call"]
    )
    is_sample = table["kind"] == "sample"
    differs = table["call"].astype(str) != table["feature"].map(base.astype(str)).astype(str)
    rank = (is_sample & differs).groupby(table["feature"], observed=True).cumsum()
    alone = ~is_sample | (differs & (rank <= MOST_SAMPLES))
    own = table[alone].assign(n=1)
    others = table[~alone & table["log2FoldChange"].notna()].groupby("feature", observed=True)["log2FoldChange"]
    rest = others.agg(ci_low="min", ci_high="max", n="size").reset_index()
    variant = "block of samples" if in_blocks else "sample"
    rest = rest.assign(variant=variant, kind="rest", log2FoldChange=float("nan"), call="")
    order = ["feature", "variant", "kind", "n", "log2FoldChange", "ci_low", "ci_high", "call"]
    text = [part[order].astype({"feature": str, "variant": str, "kind": str, "call": str}) for part in (own, rest)]
    joined = pd.concat(text)
    after_samples = joined["kind"].map({"base": 0, "sample": 0, "rest": 1}).fillna(2)
    drawn = joined.assign(order=after_samples).sort_values(["feature", "order"], kind="stable")[order]
    return drawn.to_csv(sep="\t", index=False, na_rep="NA", float_format="%.2f", lineterminator="\n")
