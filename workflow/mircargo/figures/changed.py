"""Which of the changed features a figure of the surest ones shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd

from mircargo.figures.labels import short_name
from mircargo.figures.sample_grid import shorten
from mircargo.model.differential_table import calls, to_sort_by
from mircargo.results.columns import DIFFERENTIAL, FEATURES_COUNTED, ROBUSTNESS, Column, common, take
from mircargo.vocabulary import CHANGED

OF_CHANGED: Final = {
    "rank": Column("Place of the feature: robust calls first, then the smaller padj; the target last if not called"),
    **common("feature"),
    "role": Column("How it is shown", "target, none"),
    **take(DIFFERENTIAL, "baseMean log2FoldChange ci_low ci_high padj call"),
    **take(ROBUSTNESS, "robust"),
    "cautions": Column("What asks for care, joined by `; `; missing where nothing does"),
    "n_changed": Column("Features that changed, of which the surest are shown", FEATURES_COUNTED),
}


def surest(
    results: pd.DataFrame,
    robustness: pd.DataFrame,
    cautions: Mapping[str, str],
    alpha: float,
    target: Sequence[str],
    most: int,
) -> pd.DataFrame:
    """Choose the changed features that are surest: robust calls first, then the smaller padj.

    Parameters
    ----------
    results, robustness
        `differential/{contrast}.tsv` and `robustness/{contrast}.tsv`.
    cautions
        By feature.
    alpha
        Features that are called (`mircargo.model.differential_table.calls`) have changed.
    target
        Shown even where not called, as long as it has a fold change.
    most
        Changed features at most, without the target.

    Returns
    -------
    pandas.DataFrame
        One row a feature, with `OF_CHANGED`.
    """
    robust = robustness.set_index("feature")["robust"].astype(str).str.lower()
    table = results.assign(call=calls(results, alpha), role="none")
    words = table["feature"].map(robust)
    table["robust"] = words.map({"true": True, "false": False}).astype(object)
    table["cautions"] = table["feature"].map(dict(cautions)).astype(object)
    table.loc[table["feature"].isin(list(target)), "role"] = "target"
    changed = table["call"].isin(CHANGED)
    table = table[changed | ((table["role"] == "target") & table["log2FoldChange"].notna())]
    keys = {"_called": ~table["call"].isin(CHANGED), "_less": ~words[table.index].eq("true")}
    numbers = {f"_{name}": to_sort_by(table[name]) for name in ("padj", "pvalue")}
    table = table.assign(**keys, **numbers).sort_values([*keys, *numbers, "feature"], kind="stable")
    table = table[(table["role"] == "target") | ((table["role"] != "target").cumsum() <= most)]
    table = table.assign(rank=range(1, len(table) + 1), n_changed=int(changed.sum()))
    return table[list(OF_CHANGED)].reset_index(drop=True)


def rule_of(table: pd.DataFrame, alpha: float) -> str:
    """Say what counts as changed."""
    joint = ((table["padj"] < alpha) & ~table["call"].isin(CHANGED)).any()
    return f"adjusted p < {alpha:g}{' and interval beyond 0' if joint else ''}"


def counted_surest(table: pd.DataFrame, alpha: float) -> str:
    """Say in a sentence how many of the changed features are shown; `table` has a row a feature."""
    n_changed, shown = int(table["n_changed"].iloc[0]), int(table["call"].isin(CHANGED).sum())
    rule = rule_of(table, alpha)
    if not n_changed:
        return f"No feature changed ({rule}); only the target is shown."
    which = f"All {n_changed:,}" if shown == n_changed else f"The {shown} surest of {n_changed:,}"
    first = "" if shown == n_changed else ", robust ones first"
    return f"{which} changed features ({rule}{first})."


def label(feature: str, among: Iterable[str]) -> str:
    """Return a feature's name as figures write it: without the species if all of the figure (`among`) share it.

    The middle is cut where it is very long.
    """
    return shorten(short_name(feature, among))
