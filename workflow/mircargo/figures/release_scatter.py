"""Release: the change in exosomes against the change in their source."""

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mircargo.figures import catalogue, points
from mircargo.figures.inputs import Drawn, ReleaseInputs, group_sizes
from mircargo.figures.placement import Words, blank, frame, legend_above, marker_key, new_figure
from mircargo.figures.style import ONE_COLUMN, TARGET, style
from mircargo.model.differential_table import confidence_interval, to_sort_by
from mircargo.results.columns import LOG2, RELEASE, Column, take
from mircargo.vocabulary import RELEASE_CLASSES, listed

_CHANGES: Final = "log2FoldChange lfcSE source_log2FoldChange source_lfcSE release_log2FoldChange release_padj"
COLUMNS: Final = {
    **take(RELEASE, f"feature class {_CHANGES}"),
    **points.ROLE,
    **points.LABEL_RANK,
    "ci_low": Column("Lower end of the interval in the exosomes, of features with a name", LOG2),
    "ci_high": Column("Its upper end", LOG2),
    "source_ci_low": Column("Lower end of the interval in the source", LOG2),
    "source_ci_high": Column("Its upper end", LOG2),
}
_MOST: Final = 10
_WIDEST: Final = 1.5  # times as far as the points, for the sake of intervals
_ENDS: Final = ("ci_low", "ci_high", "source_ci_low", "source_ci_high")


def tabulate(
    release: pd.DataFrame, target: Sequence[str], co_cargo: Sequence[str], alpha: float = 0.05
) -> pd.DataFrame:
    """Work out where and how each feature is drawn.

    Parameters
    ----------
    release
        ``feature class log2FoldChange lfcSE source_log2FoldChange source_lfcSE release_log2FoldChange
        release_padj``; class is selective, parallel, retained, exosome_only, source_only, discordant or undetermined.
    target, co_cargo
        Features to name, whatever their class.
    alpha
        The intervals cover 1 - alpha.

    Returns
    -------
    pandas.DataFrame
        One row a feature: these columns, ``role``, ``label_rank`` (1 is named first), and for the named ones the
        confidence interval of both changes: ``ci_low ci_high source_ci_low source_ci_high``. Rows where a
        change is missing are kept and not drawn.

    Raises
    ------
    ValueError
        Where a class is not one of the seven.
    """
    strange = sorted(set(release["class"].dropna()) - set(RELEASE_CLASSES))
    if strange:
        raise ValueError(f"not a release class: {', '.join(strange)}; these are: {listed(RELEASE_CLASSES)}")
    table = release[["feature", "class", *_CHANGES.split()]].reset_index(drop=True)
    table["class"] = table["class"].fillna("undetermined")
    table["role"] = points.role_of(table["feature"], target, co_cargo)
    complete = table[["log2FoldChange", "source_log2FoldChange"]].notna().all(axis=1)
    wanted = table[complete & ((table["role"] != "none") | (table["class"] != "undetermined"))]
    # The most significant of each class in turn; the first of them before co-cargo, so that every class has a label.
    turn = to_sort_by(wanted["release_padj"]).groupby(wanted["class"]).rank(method="first", na_option="bottom")
    leads = (turn == 1) & (wanted["class"] != "undetermined") & (wanted["role"] == "none")
    wanted = wanted.assign(turn=turn, role=wanted["role"].mask(leads, "co-cargo"))
    table["label_rank"] = points.rank_labels(wanted, ["turn", "release_padj"], _MOST).reindex(table.index)
    named = table["label_rank"].notna()
    for prefix in ("", "source_"):
        change, error = table[f"{prefix}log2FoldChange"], table[f"{prefix}lfcSE"].where(named)
        table[f"{prefix}ci_low"], table[f"{prefix}ci_high"] = confidence_interval(change, error, alpha)
    return table


@style()
def plot(table: pd.DataFrame, *, change: str, alpha: float = 0.05, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`; features above the diagonal rose more in exosomes than in their source.

    Parameters
    ----------
    table
        From `tabulate`.
    change
        What a positive fold change is of: `injured / control`.
    alpha
        As in `tabulate`.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = release_scatter.tabulate(comparison, mir_21, tiered)
    >>> figure = release_scatter.plot(table, change="injured / control", simulated=True)
    """
    drawn = table[table["log2FoldChange"].notna() & table["source_log2FoldChange"].notna()]
    if drawn.empty:
        return blank("No feature was measured in both.", **words)
    x, x_rim = points.within(drawn["source_log2FoldChange"], 1.0)
    y, y_rim = points.within(drawn["log2FoldChange"], 1.0)
    beyond = (x != drawn["source_log2FoldChange"]) | (y != drawn["log2FoldChange"])
    number = drawn["class"].value_counts()
    classes = {name: term for name, term in RELEASE_CLASSES.items() if name in number.index}
    figure = new_figure(ONE_COLUMN, 3.9 + 0.135 * len(classes))
    axes = figure.subplots()
    x_limit = _limit(drawn[["source_ci_low", "source_ci_high"]], x_rim)
    y_limit = _limit(drawn[["ci_low", "ci_high"]], y_rim)
    _points(axes, drawn, x, y)
    along, cut = _bars(axes, drawn, (x, y), (x_limit, y_limit))
    axes.axline((0, 0), slope=1, color="#888888", linestyle=(0, (4, 3)), linewidth=0.6, zorder=1)
    axes.axhline(0, color="#CCCCCC", linewidth=0.5, zorder=0)
    axes.axvline(0, color="#CCCCCC", linewidth=0.5, zorder=0)
    axes.set(
        xlim=(-x_limit, x_limit),
        ylim=(-y_limit, y_limit),
        xlabel=f"log2 fold change in source ({change})",
        ylabel=f"log2 fold change in exosome ({change})",
    )
    keys = [
        marker_key(f"{term.words} ({number[name]:,}): {term.meaning}", term.marker, term.colour)
        for name, term in classes.items()
    ]
    legend_above(axes, keys, 1)
    parts = [
        f"{len(drawn):,} features. Bars: {1 - alpha:.0%} confidence interval.",
        "Arrow head: it goes on." if cut else "",
        "Black rim: the target." if (drawn["role"] == "target").any() else "",
        "Dashed: the same change in both; above it, more in exosomes.",
        f"{len(table) - len(drawn)} not measured in both, not drawn." if len(drawn) < len(table) else "",
        points.rim_note(drawn.loc[beyond, "feature"].tolist(), drawn["feature"].tolist()),
    ]
    frame(figure, *parts, **words)
    points.name_points(axes, drawn, x, y, zero=(0.0, 0.0), lines=along)
    return figure


def _points(axes: Axes, drawn: pd.DataFrame, x: pd.Series, y: pd.Series) -> None:
    for name, term in RELEASE_CLASSES.items():
        for role, size in points.SIZE.items():
            chosen = (drawn["class"] == name) & (drawn["role"] == role)
            if not chosen.any():
                continue
            axes.scatter(
                x[chosen],
                y[chosen],
                s=1.6 * size if role == "none" else size,
                c=term.colour,
                marker=term.marker,
                edgecolors=TARGET if role == "target" else "white",
                linewidths={"none": 0.2, "co-cargo": 0.3, "target": 1.1}[role],
                zorder=2 + (name != "undetermined") + 0.5 * (role != "none"),
            )


def _limit(ends: pd.DataFrame, rim: float) -> float:
    """Return how far an axis reaches: to the ends of the intervals, if that does not press the points together."""
    farthest = float(ends.abs().max(axis=None))
    return 1.15 * max(rim, min(farthest, _WIDEST * rim) if np.isfinite(farthest) else rim)


def _bars(
    axes: Axes, drawn: pd.DataFrame, places: tuple[pd.Series, pd.Series], limits: tuple[float, float]
) -> tuple[npt.NDArray[np.float64], bool]:
    """Draw the intervals of the labelled points, with an arrow head where one goes on beyond the axes.

    Returns points along them, for labels to avoid, and whether there is an arrow head.
    """
    along, cut = [np.empty((0, 2))], False
    for feature in drawn.index[drawn["label_rank"].notna()]:
        name = str(drawn.loc[feature, "class"])
        # As thin lines the colour of what is undetermined would not be seen.
        colour = "#A0A0A0" if name == "undetermined" else RELEASE_CLASSES[name].colour
        at = [float(place[feature]) for place in places]
        for axis, (names, heads) in enumerate(((_ENDS[2:], "<>"), (_ENDS[:2], "v^"))):
            line = np.array([at, at])
            line[:, axis] = drawn.loc[feature, list(names)].astype(float)
            for end, marker in enumerate(heads):
                if abs(line[end, axis]) > limits[axis]:
                    line[end, axis] = np.sign(line[end, axis]) * limits[axis]
                    axes.plot(*line[end], marker=marker, markersize=4, color=colour, clip_on=False, zorder=1.5)
                    cut = True
            axes.plot(*line.T, color=colour, linewidth=0.6, zorder=1.5)
            along.append(np.linspace(line[0], line[1], 5))
    points_along = np.concatenate(along)
    return points_along[np.isfinite(points_along).all(axis=1)], cut


def draw(inputs: ReleaseInputs) -> Drawn:
    contrast, alpha = inputs.contrast, inputs.alpha
    table = tabulate(inputs.release, inputs.target, inputs.co_cargo, alpha)
    note = f"{group_sizes(inputs.facts)}. Classes by DESeq2's Wald tests (PyDESeq2)."
    change = f"{contrast.level} / {contrast.reference}"
    return table, plot(table, change=change, alpha=alpha, title=inputs.name, note=note, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="release",
    shows="Fold changes in exosomes against those in their source",
    of="comparison",
    order=1,
    columns=COLUMNS,
    draw=draw,
)
