"""MA plot: fold change against how much of a feature there is."""

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import pandas as pd
from matplotlib.figure import Figure

from mircargo.figures import points
from mircargo.figures.placement import Words, blank, frame, log_axis, new_figure
from mircargo.figures.style import ONE_COLUMN, style


def tabulate(results: pd.DataFrame, target: Sequence[str], co_cargo: Sequence[str], alpha: float) -> pd.DataFrame:
    """Say of every feature where it is drawn and how.

    Parameters
    ----------
    results
        Differential table: ``feature baseMean log2FoldChange lfcSE stat pvalue padj`` and, if known, ``status``.
        ``baseMean`` is in normalised reads.
    target, co_cargo
        Features to mark and to name, whatever their p-value.
    alpha
        A feature is up or down as of `model.results.calls`.

    Returns
    -------
    pandas.DataFrame
        As `points.tabulate`. Features without a p-value, or with a mean of 0, are not drawn.
    """
    return points.tabulate(results, target, co_cargo, alpha)


@style()
def plot(
    table: pd.DataFrame,
    *,
    alpha: float,
    level: str,
    reference: str,
    change: str = "",
    scale: Mapping[str, Any] | None = None,
    **words: Unpack[Words],
) -> Figure:
    """Draw the table of `tabulate`.

    A few fold changes far beyond all others are drawn as triangles at the rim.

    Parameters
    ----------
    table
        From `tabulate`, with the same `alpha`.
    level, reference
        The two groups; positive fold changes are higher in `level`.
    change
        What a positive fold change is of, where that is not `level / reference`.
    scale
        As of `model.scale.scale_difference`: where the answer depends on scale, a line shows where no change would lie.
    words
        Title, note, and whether the data are simulated: see `layout.Words`.
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
        ylabel=f"log2 fold change ({change or f'{level} / {reference}'})",
    )
    points.legend(axes, table, points.other_zero(axes, scale, upright=False))
    frame(figure, points.explain(table, alpha, drawn.loc[beyond, "feature"].tolist()), **words)
    points.name_points(axes, drawn, x, y)
    return figure
