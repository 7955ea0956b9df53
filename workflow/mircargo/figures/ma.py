"""MA plot: fold change against abundance."""

from collections.abc import Mapping
from typing import Any, Final, Unpack

import pandas as pd
from matplotlib.figure import Figure

from mircargo.figures import catalogue, points
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.placement import Words, blank, frame, log_axis, new_figure
from mircargo.figures.style import ONE_COLUMN, style

tabulate = points.tabulate


@style()
def plot(
    table: pd.DataFrame, *, alpha: float, change: str, scale: Mapping[str, Any] | None = None, **words: Unpack[Words]
) -> Figure:
    """Draw the table of `tabulate`.

    Outliers that would compress the axis are drawn as triangles at its ends.

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
    >>> table = ma.tabulate(fit, mir_21, tiered, alpha=0.05)
    >>> figure = ma.plot(table, alpha=0.05, change="injured / control", simulated=True)
    """
    drawn = table[(table["direction"] != "not tested") & (table["baseMean"] > 0) & table["log2FoldChange"].notna()]
    if drawn.empty:
        return blank("No feature has a p-value.", **words)
    x = drawn["baseMean"].astype(float)
    y, _ = points.within(drawn["log2FoldChange"], 1.0)
    margin = 0.12 * max(1.0, y.max() - y.min())
    beyond = y != drawn["log2FoldChange"]
    figure = new_figure(ONE_COLUMN, 3.9)
    axes = figure.subplots()
    points.scatter(axes, drawn, x, y, beyond)
    axes.axhline(0, color="#888888", linewidth=0.4, zorder=1)
    room = max(1.3, (x.max() / x.min()) ** 0.06)
    log_axis(axes.xaxis, x.min() / room, x.max() * room)
    axes.set(
        ylim=(min(y.min(), -1.0) - margin, max(y.max(), 1.0) + margin),
        xlabel="mean of normalised counts",
        ylabel=f"log2 fold change ({change})",
    )
    points.legend(axes, table, points.other_zero(axes, scale, upright=False))
    frame(figure, points.explain(table, alpha, drawn.loc[beyond, "feature"].tolist()), **words)
    points.name_points(axes, drawn, x, y, zero=(None, 0.0))
    return figure


def draw(inputs: ContrastInputs) -> Drawn:
    alpha, scale = inputs.thresholds.alpha, inputs.facts.get("scale")
    table = tabulate(inputs.table, inputs.target, inputs.co_cargo, alpha)
    return table, plot(table, alpha=alpha, change=inputs.change, scale=scale, **inputs.words(inputs.sizes_and_test))


FIGURE: Final = catalogue.Figure(
    name="ma", shows="Fold changes and abundance", of="contrast", order=2, columns=points.COLUMNS, draw=draw
)
