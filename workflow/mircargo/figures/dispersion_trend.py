"""Dispersions: gene-wise, their trend over abundance, and those used in the test."""

from collections.abc import Sequence
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mircargo.figures import catalogue, labels
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.placement import Words, blank, counted, frame, legend_above, log_axis, marker_key, new_figure
from mircargo.figures.points import role_of
from mircargo.figures.style import LEVELS, ONE_COLUMN, TARGET, style
from mircargo.results.columns import DIFFERENTIAL, Column, take

_FROM_FIT: Final = "feature baseMean dispersion dispersion_gene_wise dispersion_trend"
COLUMNS: Final = {
    **take(DIFFERENTIAL, _FROM_FIT),
    "role": Column("How it is shown", "target, none"),
    "kept": Column("Whether its gene-wise dispersion is used, being far above the trend", "True, False"),
}
_LOWEST: Final = 1e-2  # of the lowest trend; smaller dispersions are drawn at the end of the axis
_GENE_WISE: Final = "#B4B4B4"
_FINAL: Final = LEVELS[0]


def tabulate(results: pd.DataFrame, target: Sequence[str] = ()) -> pd.DataFrame:
    """Take the dispersions of the fitted features.

    Parameters
    ----------
    results
        Differential table with ``feature baseMean dispersion dispersion_gene_wise dispersion_trend``.
    target
        Features to name.

    Returns
    -------
    pandas.DataFrame
        One row a fitted feature, with `COLUMNS`.
    """
    table = results[_FROM_FIT.split()].dropna()
    table = table[table["baseMean"] > 0].reset_index(drop=True)
    table["role"] = role_of(table["feature"], target, ())
    # What is shrunk towards the trend never keeps its exact value.
    own = np.isclose(table["dispersion"], table["dispersion_gene_wise"], rtol=1e-12, atol=0)
    table["kept"] = own & (table["dispersion"] > table["dispersion_trend"])
    return table


@style()
def plot(table: pd.DataFrame, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`, on two log axes.

    Parameters
    ----------
    table
        From `tabulate`.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = dispersion_trend.tabulate(fit, mir_21)
    >>> figure = dispersion_trend.plot(table, simulated=True)
    """
    if table.empty:
        return blank("No feature was fitted.", **words)
    figure = new_figure(ONE_COLUMN, 3.7)
    axes = figure.subplots()
    means, trend = table["baseMean"], table["dispersion_trend"]
    gene_wise, final = table["dispersion_gene_wise"], table["dispersion"]
    rim = _rim(table)
    _points(axes, means, gene_wise, rim, color=_GENE_WISE, s=7, linewidths=0, zorder=2)
    _points(axes, means, final, rim, color=_FINAL, s=5, linewidths=0, zorder=2.2)
    order = np.argsort(means.to_numpy(), kind="stable")
    axes.plot(means.iloc[order], trend.iloc[order], color=TARGET, linewidth=1.2, zorder=2.5)
    kept, target = table["kept"], table["role"] == "target"
    _points(axes, means[kept], final[kept], rim, s=24, facecolors="none", edgecolors=_FINAL, linewidths=0.7)
    _points(axes, means[target], final[target], rim, marker="D", s=34, c=_FINAL, edgecolors=TARGET, zorder=3)
    room = max(1.3, (means.max() / means.min()) ** 0.04)
    log_axis(axes.xaxis, means.min() / room, means.max() * room)
    log_axis(axes.yaxis, 0.7 * rim, 1.5 * table[["dispersion", "dispersion_gene_wise"]].max().max())
    axes.set(xlabel="mean of normalised counts", ylabel="dispersion")
    legend_above(axes, _entries(int(kept.sum())), 2)
    frame(figure, *_explanation(table, rim), **words)
    drawn = np.concatenate([np.column_stack([means, each.clip(lower=rim)]) for each in (final, gene_wise)])
    named = [
        labels.Label(row.baseMean, max(row.dispersion, rim), labels.short_name(row.feature), bold=True, radius=4.0)
        for row in table[target].itertuples()
    ]
    labels.place(axes, named, labels.Crowd(drawn), sparing=True)
    return figure


def _rim(table: pd.DataFrame) -> float:
    """Return the lowest dispersion on the axis: the gene-wise dispersion of many features is close to 0."""
    least = _LOWEST * float(table["dispersion_trend"].min())
    every = table[["dispersion", "dispersion_gene_wise", "dispersion_trend"]].to_numpy(dtype=float)
    return float(every[every >= least].min())


def _points(axes: Axes, x: pd.Series, y: pd.Series, rim: float, marker: str = "o", **look: Any) -> None:
    below = y < rim
    axes.scatter(x[~below], y[~below], marker=marker, **look)
    axes.scatter(x[below], np.full(below.sum(), rim), marker="v" if marker == "o" else marker, **look)


def _entries(kept: int) -> list[Artist]:
    entries: list[Artist] = [
        marker_key("each by itself", "o", _GENE_WISE, 3.5),
        Line2D([], [], color=TARGET, linewidth=1.2, label="trend"),
        marker_key("used in the test", "o", _FINAL, 3.0),
    ]
    if kept:
        look = {"markerfacecolor": "none", "markeredgecolor": _FINAL, "markeredgewidth": 0.7}
        entries.append(marker_key(f"far above ({kept})", "o", _FINAL, 5, **look))
    return entries


def _explanation(table: pd.DataFrame, rim: float) -> list[str]:
    low = int((table["dispersion_gene_wise"] < rim).sum())
    return [
        f"{counted(len(table), 'feature')}; the test uses dispersions drawn towards the trend.",
        "Ringed: so far above it that they keep their own." if table["kept"].any() else "",
        f"Triangles: {low} below the axis, drawn at its rim." if low else "",
    ]


def draw(inputs: ContrastInputs) -> Drawn:
    table = tabulate(inputs.table, inputs.target)
    return table, plot(table, **inputs.words(f"{inputs.sizes}."))


FIGURE: Final = catalogue.Figure(
    name="dispersion", shows="Dispersions and their trend", of="contrast", order=8, columns=COLUMNS, draw=draw
)
