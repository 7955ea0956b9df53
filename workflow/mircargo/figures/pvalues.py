"""Histogram of the p-values of a contrast: flat if nothing changes, with a peak at 0 if something does."""

from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mircargo.figures import catalogue
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.placement import Words, blank, counted, frame, legend_above, new_figure
from mircargo.figures.style import DOWN, ONE_COLUMN, TARGET, UP, style
from mircargo.results.columns import Column, P

COLUMNS: Final = {
    "low": Column("Lower end of the bin", P),
    "high": Column("Upper end of the bin", P),
    "n": Column("Features with a p-value in it", "features"),
    "n_uniform": Column("How many there would be if all p-values were uniform", "features"),
    "n_null": Column("How many of them are of unchanged features, by estimate", "features"),
    "n_tested": Column("Features with a p-value", "features"),
    "null_share": Column("Estimated share of unchanged features: twice that of p-values above one half", P),
}
BINS: Final = 20
LAMBDA: Final = 0.5  # above it, p-values are taken to be those of unchanged features


def tabulate(results: pd.DataFrame, bins: int = BINS) -> pd.DataFrame:
    """Count the p-values of a contrast.

    Parameters
    ----------
    results
        Differential table with ``pvalue``; features without one are left out.
    bins
        Number of bins, of equal width, from 0 to 1. A p-value on an edge counts above it, 1 in the last bin.

    Returns
    -------
    pandas.DataFrame
        One row a bin, with `COLUMNS`. ``n_tested`` and ``null_share`` are the same in all rows, the latter missing if
        nothing was tested.
    """
    p_values = results["pvalue"].dropna().to_numpy(dtype=float)
    edges = np.linspace(0.0, 1.0, bins + 1)
    share = null_share(p_values)
    uniform = len(p_values) / bins
    return pd.DataFrame(
        {
            "low": edges[:-1],
            "high": edges[1:],
            "n": np.histogram(p_values, edges)[0],
            "n_uniform": uniform,
            "n_null": share * uniform,
            "n_tested": len(p_values),
            "null_share": share,
        }
    )


def null_share(p_values: np.ndarray) -> float:
    """Estimate the share of tested features that did not change.

    Nearly all p-values above one half are those of unchanged features, whose p-values are uniform; so twice their share
    is the share of unchanged features, at most 1.

    Parameters
    ----------
    p_values
        None of them missing; without any, the share is missing.

    References
    ----------
    Storey 2002, J R Stat Soc B 64:479, with lambda = 0.5.
    """
    if not len(p_values):
        return float("nan")
    return min(1.0, float((p_values > LAMBDA).mean()) / (1 - LAMBDA))


@style()
def plot(table: pd.DataFrame, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`.

    Parameters
    ----------
    table
        From `tabulate`.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = pvalues.tabulate(fit)
    >>> figure = pvalues.plot(table, simulated=True)
    """
    n_tested, share = int(table["n_tested"].iloc[0]), float(table["null_share"].iloc[0])
    if not n_tested:
        return blank("No feature has a p-value.", **words)
    figure = new_figure(ONE_COLUMN, 3.0)
    axes = figure.subplots()
    width = table["high"] - table["low"]
    axes.bar(table["low"], table["n"], width=width, align="edge", color=DOWN, edgecolor="white", linewidth=0.5)
    uniform, null = table["n_uniform"].iloc[0], table["n_null"].iloc[0]
    axes.axhline(uniform, color=TARGET, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.axhline(null, color=UP, linewidth=1.0)
    axes.set(xlim=(0, 1), ylim=(0, 1.08 * max(table["n"].max(), uniform)), xlabel="p-value", ylabel="features")
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    handles = [
        Patch(color=DOWN, label="found"),
        Line2D([], [], color=TARGET, linestyle=(0, (4, 3)), label="if nothing changed"),
        Line2D([], [], color=UP, label=f"unchanged, estimated: {share:.0%}"),
    ]
    legend_above(axes, handles)
    frame(
        figure,
        f"{counted(n_tested, 'feature')} tested, bins of {table['high'].iloc[0]:g}.",
        f"Share of unchanged features after Storey (2002), from the p-values above {LAMBDA:g}.",
        **words,
    )
    return figure


def draw(inputs: ContrastInputs) -> Drawn:
    table = tabulate(inputs.table)
    return table, plot(table, **inputs.words(inputs.sizes_and_test))


FIGURE: Final = catalogue.Figure(
    name="pvalues", shows="Distribution of the p-values", of="contrast", order=7, columns=COLUMNS, draw=draw
)
