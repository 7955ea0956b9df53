"""Composition of the libraries: the most abundant features, and the rest."""

from collections.abc import Sequence
from itertools import cycle
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, SamplesInputs
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, new_figure
from mircargo.figures.style import ONE_COLUMN, TARGET, TWO_COLUMNS, style
from mircargo.results.columns import READS, Column, P, common

COLUMNS: Final = {
    **common("sample"),
    **grid.VARIABLE,
    "sample_order": Column("Place of the sample in the figure"),
    "total": Column("Reads of the library", READS),
    "feature": Column("Name of the feature, or `all others`"),
    "role": Column("How it is shown", "target, top, rest"),
    "feature_order": Column("Place of the feature in a bar"),
    "count": Column("Its reads", READS),
    "share": Column("Its share of the library", P),
}
_OWN: Final = grid.reserved(COLUMNS)
REST: Final = "all others"
# Shades of violet, which no group has, in an order that keeps neighbours apart; any two of these, black and the rest
# differ 1.5-fold in luminance.
FEATURES: Final = ("#966AC4", "#CEBAE4", "#5B3484", "#B190D3", "#382152", "#7C47B4")
_REST_COLOUR: Final = "#ECECEC"
_BARS: Final = 2.0  # inches


def tabulate(
    counts: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    target: Sequence[str] = (),
    most: int = len(FEATURES),
    most_samples: int = grid.MOST_SAMPLES,
) -> pd.DataFrame:
    """Choose the features with the largest shares, and order the samples by group.

    Parameters
    ----------
    counts
        Features x samples, reads.
    groups
        Columns of the sample sheet shown as strips, indexed by sample name; samples are ordered by the first, then the
        second, and so on, levels in order of first appearance.
    target
        Features shown beside the largest ones, whatever their share.
    most
        Number of features shown at most, without the target. They are those whose mean share is largest in any group
        of the first variable.
    most_samples
        Number of samples at most; of more, so many are chosen, evenly in their order.

    Returns
    -------
    pandas.DataFrame
        One row a sample and feature, with `COLUMNS`, samples from the left, features from the bottom. The rest is one
        row a sample. ``share`` is missing in a sample without reads. ``samples_in_all`` is added where samples are
        chosen.

    Raises
    ------
    ValueError
        Where a sample has no row in `groups`, or a variable has the name of a column of this table.
    """
    names = [str(name) for name in counts.columns]
    groups = grid.ordered(grid.as_text(groups, names, _OWN))
    values = counts[list(groups.index)].astype(float)
    totals = values.sum()
    shares = values / totals.where(totals > 0)
    first = groups.iloc[:, 0] if len(groups.columns) else pd.Series("", index=groups.index)
    largest = shares.T.groupby(first, sort=False).mean().max()
    marked = [feature for feature in target if feature in counts.index]
    top = [feature for feature in largest.sort_values(ascending=False, kind="stable").index if feature not in marked]
    shown = [*marked, *top[:most]]
    groups = grid.drawn(groups, most_samples)
    values = values[list(groups.index)]
    parts = values.loc[shown]
    if len(counts) > len(shown):
        parts = pd.concat([parts, values.drop(index=shown).sum().to_frame(REST).T])
    n, n_samples = len(parts), len(groups)
    at = np.tile(np.arange(n), n_samples)
    table = groups.loc[groups.index.repeat(n)].rename_axis("sample").reset_index()
    table["sample_order"] = np.repeat(np.arange(n_samples), n)
    table["total"] = totals[table["sample"]].to_numpy()
    table["feature"] = parts.index.to_numpy()[at]
    table["role"] = np.where(at < len(marked), "target", np.where(at < len(shown), "top", "rest"))
    table["feature_order"] = at
    table["count"] = parts.to_numpy().T.ravel()
    table["share"] = table["count"] / table["total"].where(table["total"] > 0)
    return table.assign(**grid.in_all(len(names), n_samples))


@style()
def plot(table: pd.DataFrame, *, colours: grid.Colours | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`: a bar a sample.

    Parameters
    ----------
    table
        From `tabulate`.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = library_composition.tabulate(counts, sheet[["fraction", "condition"]], target=mir_21)
    >>> figure = library_composition.plot(table, simulated=True)
    """
    if table.empty:
        return blank("There are no samples.", **words)
    shown = grid.variables_of(table, _OWN)
    samples = table.drop_duplicates("sample_order").sort_values("sample_order")
    names = samples["sample"].tolist()
    width = ONE_COLUMN + 1.6 if len(names) <= 14 else TWO_COLUMNS
    height = _BARS + 0.8 + grid.legend_height(table[shown]) + grid.STRIP_AND_GAP * len(shown) + grid.length(names)
    figure = new_figure(width, height)
    axes = grid.stack(figure, len(shown), _BARS)
    _bars(axes[-1], table)
    step = grid.name_columns(axes[-1], names, width - 1.9)
    grid.strips(axes[:-1], samples[shown], grid.palettes(samples[shown], colours))
    thinned = f"For want of room one sample in {step} is named." if step > 1 else ""
    frame(figure, *_explanation(table, shown), thinned, **words)
    return figure


def _bars(axes: Axes, table: pd.DataFrame) -> None:
    n_samples = table["sample_order"].nunique()
    features = table.drop_duplicates("feature_order").sort_values("feature_order")
    fills = dict(zip(features.loc[features["role"] == "top", "feature"], cycle(FEATURES), strict=False))
    left = np.arange(n_samples) + (0.06 if n_samples <= 60 else 0.0)
    right = np.arange(1, n_samples + 1) - (0.06 if n_samples <= 60 else 0.0)
    bottom = np.zeros(n_samples)
    handles = []
    for feature, role in zip(features["feature"], features["role"], strict=True):
        own = table[table["feature"] == feature].sort_values("sample_order")
        top = bottom + own["share"].fillna(0.0).to_numpy()
        corners = np.stack([left, bottom, left, top, right, top, right, bottom], axis=1).reshape(-1, 4, 2)
        colour = {"target": TARGET, "rest": _REST_COLOUR}.get(role) or fills[feature]
        axes.add_collection(PolyCollection(list(corners), facecolors=colour, edgecolors="white", linewidths=0.3))
        handles.append(Patch(color=colour, label=grid.shorten(short_name(feature, features["feature"].dropna()))))
        bottom = top
    axes.set(xlim=(0, n_samples), ylim=(0, 1), ylabel="share of the reads")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.tick_params(axis="x", length=0, pad=2)
    # As the bars are stacked, so that the legend can be read in grey as well.
    axes.legend(handles=handles[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5))


def _explanation(table: pd.DataFrame, shown: Sequence[str]) -> list[str]:
    features = table.drop_duplicates("feature_order")
    top = int((features["role"] == "top").sum())
    samples = table.drop_duplicates("sample_order")
    totals = samples["total"]
    group = f" in any {shown[0]}" if shown and samples[shown[0]].nunique() > 1 else ""
    return [
        f"{grid.counted_samples(table, len(samples))} of {totals.min():,.0f} to {totals.max():,.0f} reads of features.",
        f"The {top} features with the largest mean share{group}, in the order of the legend.",
        "Black: the target." if (features["role"] == "target").any() else "",
    ]


def draw(inputs: SamplesInputs) -> Drawn:
    table = tabulate(inputs.counts, inputs.groups(inputs.fraction), target=inputs.target)
    return table, plot(table, colours=inputs.colours, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="composition", shows="What the libraries are made of", of="samples", order=3, columns=COLUMNS, draw=draw
)
