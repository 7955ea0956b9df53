"""The target in every sample, by group."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mircargo.config import Contrast
from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, log_axis, new_figure
from mircargo.figures.style import LEVELS, ONE_COLUMN, TWO_COLUMNS, rim_of, style
from mircargo.model.differential_table import format_p
from mircargo.results.columns import Column, common

COLUMNS: Final = {
    **common("feature sample"),
    "facet": Column("Panel of the figure; missing where there is one"),
    "group": Column("Level or reference"),
    "subject": Column("What pairs the sample with one of the other group, if anything does"),
    "normalised_count": Column("Count divided by the size factor", "normalised reads"),
    "drawn_at": Column("The same plus one half, so that 0 can be drawn on a log axis", "normalised reads"),
    "group_mean": Column("Geometric mean of what is drawn in the group", "normalised reads"),
    "colour": Column("Of the group, in every figure of the study", "#rrggbb"),
}
_SHIFT: Final = 0.5
_FULL_SIZE_UP_TO: Final = 100  # samples of a group; with more, points are small and their middle half is boxed
_VECTORS_UP_TO: Final = 1000  # samples of a group; with more, points are rasterized


def tabulate(
    normalised: pd.DataFrame,
    samples: pd.DataFrame,
    feature: str | None,
    contrast: Contrast,
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
    contrast
        Names the column of the sheet and the two groups in it; samples of other groups are left out. Where it is
        `per_unit`, the variable is a number: all samples are kept, in its order, and a group is one number.
    subject
        Column that pairs samples.
    facet
        Column that splits the figure into panels, for instance the fraction.

    Returns
    -------
    pandas.DataFrame
        One row a sample, with `COLUMNS` but the colour, reference first. ``facet`` and ``subject`` are missing where no
        such column is given.

    Raises
    ------
    ValueError
        Where the sheet lacks a sample.
    """
    names = [str(name) for name in normalised.columns]
    wanted = dict.fromkeys(column for column in (contrast.variable, subject, facet) if column is not None)
    groups = grid.as_text(samples[list(wanted)], names)
    table = pd.DataFrame(
        {
            "feature": feature,
            "sample": names,
            "facet": groups[facet].to_numpy() if facet else None,
            "group": groups[contrast.variable].to_numpy(),
            "subject": groups[subject].to_numpy() if subject else None,
            "normalised_count": normalised.loc[feature].to_numpy(dtype=float)
            if feature in normalised.index
            else np.nan,
        }
    )
    number, two_groups = contrast.per_unit, table["group"].isin([contrast.reference, contrast.level])
    table = table[table["normalised_count"].notna() & (two_groups | number)]
    table = table.sort_values(
        "group", key=lambda group: group.astype(float) if number else group != contrast.reference, kind="stable"
    ).reset_index(drop=True)
    table["drawn_at"] = table["normalised_count"] + _SHIFT
    log = np.log2(table["drawn_at"].astype(float))
    table["group_mean"] = 2 ** log.groupby([table["facet"], table["group"]], dropna=False).transform("mean")
    return table


@style()
def plot(
    table: pd.DataFrame, contrast: Contrast, *, colours: Mapping[str, str] | None = None, **words: Unpack[Words]
) -> Figure:
    """Draw the table of `tabulate`: a point for each sample, a line for each subject, a tick for each group mean.

    Parameters
    ----------
    table
        From `tabulate`.
    contrast
        The same as of the table; a variable that is a number is drawn along the axis.
    colours
        Colour of each group, so that figures agree.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> injury = Contrast(variable="condition", level="injured", reference="control")
    >>> table = target_by_group.tabulate(normalised, sheet, mir_21[0], injury, facet="fraction")
    >>> figure = target_by_group.plot(table, injury, simulated=True)
    """
    if table.empty:
        return blank("The target has no counts.", **words)
    fills = {
        group: (colours or {}).get(group, LEVELS[i]) for i, group in enumerate((contrast.reference, contrast.level))
    }
    facets = list(dict.fromkeys(table["facet"].fillna("")))
    figure = new_figure(ONE_COLUMN if len(facets) <= 2 else TWO_COLUMNS, 3.2)
    panels: Sequence[Axes] = figure.subplots(1, len(facets), sharey=True, squeeze=False)[0]
    for axes, facet in zip(panels, facets, strict=True):
        own = table[table["facet"].fillna("") == facet]
        if contrast.per_unit:
            axes.scatter(own["group"].astype(float), own["drawn_at"], s=22, c=LEVELS[0], edgecolors="white")
            axes.set_xlabel(contrast.variable)
        else:
            _panel(axes, own, fills)
        axes.set_title(facet)
    panels[0].set_ylabel(f"{short_name(table['feature'].iloc[0])}, normalised count + {_SHIFT:g}")
    low, high = table["drawn_at"].min(), table["drawn_at"].max()
    # An axis over less than a factor of four would make noise look like a difference.
    middle, reach = np.sqrt(low * high), max(2.0, 1.3 * np.sqrt(high / low))
    log_axis(panels[0].yaxis, middle / reach, middle * reach)
    n_subjects = table["subject"].nunique()
    joined = " Lines join samples of one subject." if 0 < n_subjects <= _FULL_SIZE_UP_TO else ""
    if n_subjects > _FULL_SIZE_UP_TO:
        joined = f" Lines between samples of one subject, of which there are {n_subjects:,}, are left out."
    many = not contrast.per_unit and table.groupby(["facet", "group"], dropna=False).size().max() > _FULL_SIZE_UP_TO
    boxed = " Box: the middle half of a group." if many else ""
    ticks = "" if contrast.per_unit else " Tick: geometric mean of the group."
    frame(figure, f"Point: a sample.{ticks}{boxed}{joined}", **words)
    return figure


def _panel(axes: Axes, table: pd.DataFrame, fills: Mapping[str, str]) -> None:
    place: dict[str, float] = {}
    for position, (group, colour) in enumerate(fills.items()):
        rows = table[table["group"] == group]
        many = len(rows) > _FULL_SIZE_UP_TO
        spread = 0.3 if many else min(0.22, 0.04 * max(len(rows) - 1, 0))
        x = position + np.linspace(-spread, spread, len(rows)) if len(rows) > 1 else np.array([position])
        place.update(zip(rows["sample"], x, strict=True))
        marker = "os"[position]
        look: dict[str, Any] = {"s": 22, "linewidths": 0.4, "edgecolors": "white", "zorder": 3}
        if many:
            size = max(1.5, 22 * _FULL_SIZE_UP_TO / len(rows))
            look |= {"s": size, "linewidths": 0.0, "alpha": 0.5, "zorder": 1, "rasterized": len(rows) > _VECTORS_UP_TO}
        axes.scatter(x, rows["drawn_at"], c=colour, marker=marker, **look | {"edgecolors": rim_of(colour)})
        if many:
            low, high = np.quantile(rows["drawn_at"], [0.25, 0.75])
            axes.add_patch(Rectangle((position - 0.32, low), 0.64, high - low, fill=False, linewidth=0.8, zorder=2))
        if len(rows):
            ends = [position - 0.32, position + 0.32]
            axes.plot(ends, [rows["group_mean"].iloc[0]] * 2, color="black", linewidth=1.4, zorder=2)
    paired = table.dropna(subset=["subject"])
    for _, pair in paired.groupby("subject") if paired["subject"].nunique() <= _FULL_SIZE_UP_TO else ():
        if len(pair) == 2 and pair["group"].nunique() == 2:
            axes.plot(pair["sample"].map(place), pair["drawn_at"], color="#999999", linewidth=0.6, zorder=1)
    number = table["group"].value_counts()
    axes.set_xticks([0, 1], [f"{group}\nn = {number.get(group, 0):,}" for group in fills])
    axes.set_xlim(-0.6, 1.6)


def _pairing_column(samples: pd.DataFrame, contrast: Contrast) -> str | None:
    """Return the blocking column, if any, that pairs each sample of a group with one of the other."""
    for column in () if contrast.per_unit else contrast.blocking:
        by_group = samples.groupby(column)[contrast.variable]
        if (by_group.size() == 2).all() and (by_group.nunique() == 2).all():
            return column
    return None


def draw(inputs: ContrastInputs) -> Drawn:
    contrast, colours = inputs.contrast, inputs.colours[inputs.contrast.variable]
    subject = _pairing_column(inputs.samples, contrast)
    table = tabulate(inputs.values, inputs.samples, inputs.feature, contrast, subject, inputs.facet)
    table["colour"] = table["group"].map(colours)
    padj = inputs.table.loc[inputs.table["feature"] == inputs.feature, "padj"].dropna()
    found = f"Adjusted p: {format_p(padj.iloc[0])}" if len(padj) else "No adjusted p-value"
    return table, plot(table, contrast, colours=colours, **inputs.words(f"{found}; {inputs.test}."))


FIGURE: Final = catalogue.Figure(
    name="target", shows="The target in every sample", of="contrast", order=4, columns=COLUMNS, draw=draw
)
