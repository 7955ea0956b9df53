"""The figure of the measurements: seconds over samples, a line an engine."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from mircargo.figures.placement import frame, new_figure
from mircargo.figures.style import LEVELS, MARKERS, NOTE, ONE_COLUMN, style

GAP = 4  # points between a marker and its number


def plot(table: pd.DataFrame, facts: dict[str, Any]) -> Figure:
    """Draw medians with their range; `table` has a row an engine and size, ours with a `ratio` of 1."""
    with style():
        figure = new_figure(1.4 * ONE_COLUMN, 3.8)
        axes = figure.subplots()
        for (engine, rows), colour, marker in zip(table.groupby("engine", sort=False), LEVELS, MARKERS, strict=False):
            label = f"{engine} {rows['version'].iloc[0]}"
            axes.plot(rows["n_samples"], rows["median"], label=label, color=colour, marker=marker, markersize=4.5)
            axes.vlines(rows["n_samples"], rows["min"], rows["max"], color=colour, linewidth=1.2)
        _scale(axes, table)
        for _, rows in table[table["ratio"] != 1].groupby("size"):
            _number(axes, rows.sort_values("median"))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
        frame(figure, "Time of a fit on simulated counts", _note(table, facts))
    return figure


def _number(axes: Axes, rows: pd.DataFrame) -> None:
    """Write how many times longer the others took: the slowest above its marker, any other below."""
    for place, row in enumerate(rows.itertuples(), start=1):
        above = place == len(rows)
        axes.annotate(
            f"{row.ratio:.0f}x",
            (row.n_samples, row.max if above else row.min),
            (0, GAP if above else -GAP),
            textcoords="offset points",
            ha="center",
            va="bottom" if above else "top",
            size=7,
        )


def _scale(axes: Axes, table: pd.DataFrame) -> None:
    sizes = table.drop_duplicates("size")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(y=0.1)
    axes.set_xticks(sizes["n_samples"], [f"{row.n_samples:,}\n{row.n_features:,}" for row in sizes.itertuples()])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y", color=NOTE, alpha=0.2, linewidth=0.5)
    axes.set_xlabel("samples (above), features (below)")
    axes.set_ylabel("seconds")


def _note(table: pd.DataFrame, facts: dict[str, Any]) -> str:
    few, many = table["repeats"].min(), table["repeats"].max()
    runs = f"{many} runs" if few == many else f"{few} to {many} runs"
    where = facts["machine"]
    return (
        f"Median and range of {runs}. The numbers say how many times longer than mircargo. Measured {facts['date']} "
        f"on {where['processor']}, {where['cores']} cores, {where['memory_gib']:.0f} GiB; one thread each."
    )
