"""What the volcano and the MA plot share: how points are drawn, which are labelled, and their legend."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mircargo.figures import labels
from mircargo.figures.placement import legend_above, limit, marker_key
from mircargo.figures.style import CO_CARGO, DOWN, NOT_SIGNIFICANT, TARGET, UP
from mircargo.model.differential_table import calls, to_sort_by
from mircargo.problems import listing
from mircargo.results.columns import Column, common

ROLE: Final = {"role": Column("How it is shown", "target, co-cargo, none")}
LABEL_RANK: Final = {"label_rank": Column("Order in which names were placed; missing for what has none")}
_FROM_FIT: Final = "feature baseMean log2FoldChange pvalue padj status"
COLUMNS: Final = {
    **common(_FROM_FIT),
    "direction": Column("What is called", "up, down, not significant, not tested"),
    **ROLE,
    **LABEL_RANK,
}
MOST_LABELS: Final = 10
OTHER_ZERO: Final = "#8B5600"
_FILL: Final = {"up": UP, "down": DOWN, "not significant": NOT_SIGNIFICANT}
SIZE: Final = {"none": 11.0, "co-cargo": 20.0, "target": 42.0}
# How far markers reach, 1/72 inch: the corner of a square or a diamond.
_REACH: Final = {role: 1.1 * (size / 2) ** 0.5 for role, size in SIZE.items()}
_EDGE: Final = {"target": TARGET, "co-cargo": CO_CARGO}


def tabulate(results: pd.DataFrame, target: Sequence[str], co_cargo: Sequence[str], alpha: float) -> pd.DataFrame:
    """Work out how each feature is drawn.

    Parameters
    ----------
    results
        Differential table: ``feature baseMean log2FoldChange lfcSE stat pvalue padj`` and, if known, ``status``.
    target, co_cargo
        Features to mark and to name, whatever their p-value.
    alpha
        A feature is up or down as of `calls`.

    Returns
    -------
    pandas.DataFrame
        One row a feature, with `COLUMNS`, in the order of `results`.
    """
    table = results.reindex(columns=_FROM_FIT.split())
    called = calls(results, alpha)
    changed = called.isin(["up", "down"])
    table["direction"] = np.select([table["pvalue"].isna(), changed], ["not tested", called], "not significant")
    table["role"] = role_of(table["feature"], target, co_cargo)
    wanted = table[table["pvalue"].notna() & ((table["role"] != "none") | changed)]
    table["label_rank"] = rank_labels(wanted, ["pvalue"], MOST_LABELS).reindex(table.index)
    return table.reset_index(drop=True)


def role_of(features: pd.Series, target: Sequence[str], co_cargo: Sequence[str]) -> npt.NDArray[np.str_]:
    """Return of each feature whether it is the target, co-cargo, or neither (`none`)."""
    return np.select([features.isin(list(target)), features.isin(list(co_cargo))], ["target", "co-cargo"], "none")


def rank_labels(wanted: pd.DataFrame, by: list[str], most: int) -> "pd.Series[int]":
    """Rank the rows to label, from 1: the target (always), co-cargo, then by the given columns; at most `most`."""
    order = wanted["role"].map({"target": 0, "co-cargo": 1, "none": 2})
    numbers = {column: to_sort_by(wanted[column]) for column in by}
    ranked = wanted.assign(_role=order, **numbers).sort_values(["_role", *by, "feature"], kind="stable")
    ranked = ranked.head(max(most, int((order == 0).sum())))
    return pd.Series(range(1, len(ranked) + 1), index=ranked.index, dtype="Int64")


def within(values: pd.Series, least: float) -> tuple["pd.Series[float]", float]:
    """Clip outliers to the end of the axis, and return where that is (distance from zero)."""
    rim = limit(values, least)
    return values.clip(-rim, rim), rim


def scatter(axes: Axes, table: pd.DataFrame, x: pd.Series, y: pd.Series, beyond: "pd.Series[bool]") -> None:
    """Draw the points of a table at `x`, `y`; those `beyond` the axes as triangles, unless they have a role."""
    for direction, fill in _FILL.items():
        for role, size in SIZE.items():
            for is_beyond in (False, True):
                chosen = (table["direction"] == direction) & (table["role"] == role) & (beyond == is_beyond)
                if not chosen.any():  # most have no points, and take as long to draw
                    continue
                plain = "^" if is_beyond else "o"
                axes.scatter(
                    x[chosen],
                    y[chosen],
                    s=size if role != "none" or len(table) <= 1000 else 6,
                    c=fill,
                    marker={"none": plain, "co-cargo": "s", "target": "D"}[role],
                    linewidths={"none": 0.0, "co-cargo": 0.9, "target": 1.1}[role],
                    edgecolors=_EDGE.get(role, "none"),
                    zorder={"none": 2.0, "co-cargo": 3.0, "target": 3.5}[role] + 0.1 * (direction != "not significant"),
                    clip_on=False,
                )


def other_zero(axes: Axes, scale: Mapping[str, Any] | None, *, upright: bool) -> list[Line2D]:
    """Mark where no change would lie under the other assumption about scale, if the answer depends on it.

    Parameters
    ----------
    axes
        With its limits set.
    scale
        As of `mircargo.model.normalisation.scale.compared_scale`.
    upright
        Whether fold changes are on the x axis.

    Returns
    -------
    list of Line2D
        Its entry in the legend, if there is one.
    """
    if not scale or not scale.get("depends"):
        return []
    line: dict[str, Any] = {"color": OTHER_ZERO, "linestyle": (0, (1.2, 1.6)), "linewidth": 0.9}
    low, high = axes.get_xlim() if upright else axes.get_ylim()
    at = -scale["difference"]
    if not low < at < high:
        return []
    (axes.axvline if upright else axes.axhline)(at, zorder=1, **line)
    what = {"total": "the total", "typical": "the typical miRNA"}[scale["instead"]]
    return [Line2D([], [], label=f"0 if {what} stayed the same", **line)]


def legend(axes: Axes, table: pd.DataFrame, more: Sequence[Line2D] = ()) -> None:
    """Put the legend of colours and markers, with numbers of features, and `more` entries above the axes."""
    drawn = table[table["direction"] != "not tested"]
    number = drawn["direction"].value_counts()
    entries = [
        marker_key(f"{name} ({number.get(name, 0):,})", "o", fill, markeredgecolor="none")
        for name, fill in _FILL.items()
    ]
    target = drawn.loc[drawn["role"] == "target", "feature"]
    if not target.empty:
        entries.append(
            marker_key(
                ", ".join(labels.short_name(each, drawn["feature"]) for each in target),
                "D",
                "white",
                markeredgecolor=TARGET,
            )
        )
    if (drawn["role"] == "co-cargo").any():
        entries.append(marker_key("co-cargo", "s", "white", markeredgecolor=CO_CARGO))
    legend_above(axes, [*entries, *more])


def name_points(
    axes: Axes,
    table: pd.DataFrame,
    x: pd.Series,
    y: pd.Series,
    *,
    zero: tuple[float | None, float | None],
    lines: npt.NDArray[np.float64] | None = None,
) -> None:
    """Label the ranked points, the target in bold.

    Labels cover no point, keep off `lines` (points x 2, along them), and stay on their point's side of `zero` (x, y;
    None where there is none). One that finds no room nearby is left out.
    """
    places = np.column_stack([x.to_numpy(dtype=float), y.to_numpy(dtype=float)])
    crowd = labels.Crowd(places, table["role"].map(_REACH).to_numpy(dtype=float), lines)
    named = table[table["label_rank"].notna()].sort_values("label_rank")
    wanted = [
        labels.Label(
            x[row], y[row], labels.short_name(feature, table["feature"]), bold=role == "target", radius=_REACH[role]
        )
        for row, feature, role in zip(named.index, named["feature"], named["role"], strict=True)
    ]
    labels.place(axes, wanted, crowd, walls=zero, sparing=True)


def explain(table: pd.DataFrame, alpha: float, beyond: Sequence[str]) -> str:
    """Write for the caption what is drawn, what is not, and what counts as changed."""
    tested = int((table["direction"] != "not tested").sum())
    untested = len(table) - tested
    left_out = f" {untested} without a p-value not drawn." if untested else ""
    joint = ((table["padj"] < alpha) & (table["direction"] == "not significant")).any()
    also = " and interval beyond 0" if joint else ""
    sentence = f"{tested:,} features.{left_out} Up or down: adjusted p < {alpha:g}{also}."
    return " ".join(filter(None, [sentence, rim_note(beyond, table["feature"].tolist())]))


def rim_note(beyond: Sequence[str], among: Sequence[str]) -> str:
    """Name the features, of all in the figure, that are drawn at the end of an axis as their values lie beyond it."""
    names = [labels.short_name(each, among) for each in beyond]
    return f"Beyond the axis, drawn at its rim: {listing(names, 4)}." if names else ""
