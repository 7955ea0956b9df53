"""What figures of a contrast say below themselves and on their axes: samples, test, what is compared."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mircargo.config import Contrast, Thresholds
from mircargo.model.differential_table import format_p


def sizes_of(facts: Mapping[str, Any], contrast: Contrast) -> str:
    """Say how many samples are compared, and at which levels of other columns."""
    asked = facts["asked"]
    if asked["term"] != "difference":
        return str(asked["samples"]).removeprefix("over ")
    where = "".join(f", {column} {level}" for column, level in asked["where"].items())
    # `4 7` would be read as one number.
    named = f"of {contrast.variable} " if contrast.level[:1].isdigit() or contrast.reference[:1].isdigit() else ""
    return f"{asked['n_level']:,} {named}{contrast.level}, {asked['n_reference']:,} {named}{contrast.reference}{where}"


def compared(facts: Mapping[str, Any], contrast: Contrast) -> str:
    """Name what a positive fold change is of, as it stands on an axis."""
    pair = contrast.interaction
    if contrast.per_unit:
        return str(facts["asked"]["place"])
    change = f"{contrast.level} / {contrast.reference}"
    return f"{change}: {pair.level} / {pair.reference}" if pair else change


def test_of(contrast: Contrast, thresholds: Thresholds) -> str:
    """Name the test of a contrast."""
    if contrast.reduced is not None:
        return f"DESeq2's likelihood-ratio test against {contrast.reduced} (PyDESeq2)"
    least = thresholds.min_log2_fold_change
    return f"DESeq2's Wald test{f' of |log2 fold change| > {least:g}' if least > 0 else ''} (PyDESeq2)"


def of_target(results: pd.DataFrame, feature: str | None, test: str) -> str:
    """Say what the test says of the target."""
    padj = results.loc[results["feature"] == feature, "padj"].dropna()
    return f"Adjusted p: {format_p(padj.iloc[0])}; {test}." if len(padj) else f"No adjusted p-value; {test}."


def facet_of(facts: Mapping[str, Any], contrast: Contrast) -> str | None:
    """Return the column between whose levels the change differs, if the model has one."""
    if contrast.interaction is not None:
        return contrast.interaction.variable
    return next(iter(facts["asked"]["where"]), None)


def paired_of(chosen: pd.DataFrame, contrast: Contrast) -> str | None:
    """Return the blocking column, if any, that pairs each sample of a group with one of the other."""
    for column in () if contrast.per_unit else contrast.blocking:
        by_group = chosen.groupby(column)[contrast.variable]
        if (by_group.size() == 2).all() and (by_group.nunique() == 2).all():
            return column
    return None
