"""The target in every sample, by group: what the call rests on."""

from collections.abc import Mapping, Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mircargo.figures import grid
from mircargo.figures.labels import short_name
from mircargo.figures.layout import Words, blank, frame, log_axis, new_figure
from mircargo.figures.style import LEVELS, ONE_COLUMN, TWO_COLUMNS, style

_SHIFT = 0.5


def tabulate(
    normalised: pd.DataFrame,
    samples: pd.DataFrame,
    feature: str | None,
    variable: str,
    level: str,
    reference: str,
    subject: str | None = None,
    facet: str | None = None,
) -> pd.DataFrame:
    """Take the target's normalised counts of the samples of two groups.

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample.
    samples
        Sample sheet, indexed by sample name.
    feature
        The target; where it has no row, or there is none, the table is empty.
    variable, level, reference
        Column of the sheet, and the two groups of it; samples of other groups are left out.
    subject
        Column that says which samples belong together.
    facet
        Column that splits the figure into panels, for instance the fraction.

    Returns
    -------
    pandas.DataFrame
        One row a sample, reference first: ``feature sample facet group subject normalised_count``, ``drawn_at``
        (the count + 0.5, so that 0 has a place on a log axis) and ``group_mean`` (geometric mean of ``drawn_at`` in
        the group of the panel). ``facet`` and ``subject`` are missing where no such column is given.

    Raises
    ------
    ValueError
        Where the sheet lacks a sample or a column.
    """
    names = [str(name) for name in normalised.columns]
    wanted = [column for column in (variable, subject, facet) if column is not None]
    groups = grid.sheet(samples, names, list(dict.fromkeys(wanted)))
    table = pd.DataFrame(
        {
            "feature": feature,
            "sample": names,
            "facet": groups[facet].to_numpy() if facet else None,
            "group": groups[variable].to_numpy(),
            "subject": groups[subject].to_numpy() if subject else None,
            "normalised_count": normalised.loc[feature].to_numpy(dtype=float)
            if feature in normalised.index
            else np.nan,
        }
    )
    table = table[table["group"].isin([reference, level]) & table["normalised_count"].notna()]
    table = table.sort_values("group", key=lambda group: group != reference, kind="stable").reset_index(drop=True)
    table["drawn_at"] = table["normalised_count"] + _SHIFT
    log = np.log2(table["drawn_at"].astype(float))
    table["group_mean"] = 2 ** log.groupby([table["facet"], table["group"]], dropna=False).transform("mean")
    return table


def plot(
    table: pd.DataFrame,
    *,
    level: str,
    reference: str,
    sentence: str | None = None,
    colours: Mapping[str, str] | None = None,
    **words: Unpack[Words],
) -> Figure:
    """Draw the table of `tabulate`: a point a sample, a line a subject, a tick a group mean.

    Parameters
    ----------
    table
        From `tabulate`, with the same groups.
    sentence
        What the data say, written below the title.
    colours
        Colour of each group, so that figures agree.
    words
        Title, note, and whether the data are simulated: see `layout.Words`.
    """
    with style():
        if table.empty:
            return blank(sentence or "The target has no counts.", **words)
        fills = {group: (colours or {}).get(group, LEVELS[i]) for i, group in enumerate((reference, level))}
        facets = list(dict.fromkeys(table["facet"].fillna("")))
        figure = new_figure(ONE_COLUMN if len(facets) <= 2 else TWO_COLUMNS, 3.2)
        panels: Sequence[Axes] = figure.subplots(1, len(facets), sharey=True, squeeze=False)[0]
        for axes, facet in zip(panels, facets, strict=True):
            _panel(axes, table[table["facet"].fillna("") == facet], fills)
            axes.set_title(facet)
        panels[0].set_ylabel(f"{short_name(table['feature'].iloc[0])}, normalised count + {_SHIFT:g}")
        low, high = table["drawn_at"].min(), table["drawn_at"].max()
        # An axis over less than a factor of four would make noise look like a difference.
        middle, reach = np.sqrt(low * high), max(2.0, 1.3 * np.sqrt(high / low))
        log_axis(panels[0].yaxis, middle / reach, middle * reach)
        joined = " Lines join samples of one subject." if table["subject"].notna().any() else ""
        explanation = f"Point: a sample. Tick: geometric mean of the group.{joined}"
        frame(figure, explanation, sentence=sentence, **words)
    return figure


def _panel(axes: Axes, table: pd.DataFrame, fills: Mapping[str, str]) -> None:
    place: dict[str, float] = {}
    for position, (group, colour) in enumerate(fills.items()):
        rows = table[table["group"] == group]
        spread = min(0.22, 0.04 * max(len(rows) - 1, 0))
        x = position + np.linspace(-spread, spread, len(rows)) if len(rows) > 1 else np.array([position])
        place.update(zip(rows["sample"], x, strict=True))
        marker = "os"[position]
        axes.scatter(x, rows["drawn_at"], s=22, c=colour, marker=marker, linewidths=0.4, edgecolors="white", zorder=3)
        if len(rows):
            ends = [position - 0.32, position + 0.32]
            axes.plot(ends, [rows["group_mean"].iloc[0]] * 2, color="black", linewidth=1.4, zorder=2)
    for _, pair in table.dropna(subset=["subject"]).groupby("subject"):
        if len(pair) == 2 and pair["group"].nunique() == 2:
            axes.plot(pair["sample"].map(place), pair["drawn_at"], color="#999999", linewidth=0.6, zorder=1)
    number = table["group"].value_counts()
    axes.set_xticks([0, 1], [f"{group}\nn = {number.get(group, 0)}" for group in fills])
    axes.set_xlim(-0.6, 1.6)
