"""Volcano plot: fold change against p-value."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mircargo.figures import catalogue, points
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.placement import Words, blank, frame, new_figure
from mircargo.figures.style import ONE_COLUMN, TARGET, style
from mircargo.results.columns import Column

COLUMNS: Final = {**points.COLUMNS, "minus_log10_pvalue": Column("-log10 of the p-value, as drawn")}


def tabulate(results: pd.DataFrame, target: Sequence[str], co_cargo: Sequence[str], alpha: float) -> pd.DataFrame:
    """Work out where and how each feature is drawn.

    Parameters
    ----------
    results
        Differential table: ``feature baseMean log2FoldChange lfcSE stat pvalue padj`` and, if known, ``status``.
    target, co_cargo
        Features to mark and to name, whatever their p-value.
    alpha
        A feature is up or down as of `mircargo.model.differential_table.calls`.

    Returns
    -------
    pandas.DataFrame
        One row a feature, with `COLUMNS`. ``minus_log10_pvalue`` is infinite for a p-value of 0, and missing (not
        drawn) without a p-value.
    """
    table = points.tabulate(results, target, co_cargo, alpha)
    with np.errstate(divide="ignore"):
        # Adding 0 turns the -0.0 of p = 1 into 0.
        table["minus_log10_pvalue"] = -np.log10(table["pvalue"].astype(float)) + 0.0
    return table


@style()
def plot(
    table: pd.DataFrame, *, alpha: float, change: str, scale: Mapping[str, Any] | None = None, **words: Unpack[Words]
) -> Figure:
    """Draw the table of `tabulate`.

    Outliers that would compress the axes are drawn as triangles at their ends.

    Parameters
    ----------
    table
        From `tabulate`, with the same `alpha`.
    change
        What a positive fold change is of: `injured / control`.
    scale
        As of `mircargo.model.normalisation.scale.compared_scale`: where the answer depends on scale, a line shows where
        no change would lie.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = volcano.tabulate(fit, mir_21, tiered, alpha=0.05)
    >>> figure = volcano.plot(table, alpha=0.05, change="injured / control", simulated=True)
    """
    drawn = table[table["minus_log10_pvalue"].notna() & table["log2FoldChange"].notna()]
    if drawn.empty:
        return blank("No feature has a p-value.", **words)
    x, x_rim = points.within(drawn["log2FoldChange"], 1.0)
    y, y_rim = points.within(drawn["minus_log10_pvalue"], 2.0)
    beyond = (x != drawn["log2FoldChange"]) | (y != drawn["minus_log10_pvalue"])
    figure = new_figure(ONE_COLUMN, 3.9)
    axes = figure.subplots()
    points.scatter(axes, drawn, x, y, beyond)
    lowest = drawn.loc[drawn["padj"] < alpha, "minus_log10_pvalue"].min()
    lines = []
    if lowest < y_rim:
        # Everything above passes after adjustment. Beyond the axis a line would lie on points drawn at its rim.
        look: dict[str, Any] = {"color": TARGET, "linestyle": (0, (4, 3)), "linewidth": 0.6}
        axes.axhline(lowest, zorder=1, **look)
        lines = [Line2D([], [], label=f"adjusted p = {alpha:g}", **look)]
    axes.axvline(0, color="#888888", linewidth=0.4, zorder=1)
    axes.set(
        xlim=(-1.12 * x_rim, 1.12 * x_rim),
        ylim=(-0.03 * y_rim, 1.12 * y_rim),
        xlabel=f"log2 fold change ({change})",
        ylabel="-log10 p-value",
    )
    points.legend(axes, table, [*lines, *points.other_zero(axes, scale, upright=True)])
    frame(figure, points.explain(table, alpha, drawn.loc[beyond, "feature"].tolist()), **words)
    points.name_points(axes, drawn, x, y, zero=(0.0, None))
    return figure


def draw(inputs: ContrastInputs) -> Drawn:
    alpha, scale = inputs.thresholds.alpha, inputs.facts.get("scale")
    table = tabulate(inputs.table, inputs.target, inputs.co_cargo, alpha)
    return table, plot(table, alpha=alpha, change=inputs.change, scale=scale, **inputs.words(inputs.sizes_and_test))


FIGURE: Final = catalogue.Figure(
    name="volcano", shows="Fold changes and p-values", of="contrast", order=1, columns=COLUMNS, draw=draw
)
