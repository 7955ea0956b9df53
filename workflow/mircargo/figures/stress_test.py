"""Stress test of a contrast: fold changes of the target and the top features under every variant."""

from itertools import cycle
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import blended_transform_factory

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, new_figure
from mircargo.figures.style import NOTE, TARGET, TWO_COLUMNS, UP, style
from mircargo.model.differential_table import to_sort_by
from mircargo.results.columns import VARIANTS, Column, common, take
from mircargo.robustness.kinds import KINDS

COLUMNS: Final = {
    **common("feature"),
    "variant": Column("What was done otherwise than configured, or the extreme of several"),
    **take(VARIANTS, "kind"),
    "n_variants": Column("Variants in that row", "variants"),
    **common("log2FoldChange ci_low ci_high padj"),
    "call": Column("Its call; `range` where the row is several variants", "up, down, none, not tested, range"),
    "same_call": Column("Whether it is that of the fit as configured", "True, False"),
}
# Neighbours differ; what they are is said by their headings.
COLOURS: Final = {"base": TARGET, **dict(zip(KINDS, cycle(("#00436B", UP)), strict=False))}
MOST_PANELS: Final = 5
MOST_LEFT_OUT: Final = 24
ROW: Final = 0.145  # inches
LONGEST_LABEL: Final = 38
LONGEST_NAME: Final = 17
REST: Final = "range"


def tabulate(variants: pd.DataFrame, target: str | None, most: int = MOST_PANELS) -> pd.DataFrame:
    """Choose the target, then the features with the smallest padj as configured.

    Parameters
    ----------
    variants
        `robustness/{contrast}.variants.tsv`.
    target
        The target among the features, if there.
    most
        How many features are drawn at most.

    Returns
    -------
    pandas.DataFrame
        A row a feature and variant, with `COLUMNS`. Beyond 24 left-out samples, those that change a call, or else a
        fold change, the most stay; the others are one row, whose ``call`` is `range` and whose ``ci_low`` and
        ``ci_high`` are the smallest and largest of their fold changes.
    """
    base = variants[variants["kind"] == "base"].set_index("feature")
    # Features with the same padj are ordered by fold change relative to the width of its interval.
    clear = -base["log2FoldChange"].abs() / (base["ci_high"] - base["ci_low"])
    ranked = (
        base.assign(clear=clear)
        .dropna(subset="padj")
        .sort_values(["padj", "clear"], kind="stable", key=to_sort_by)
        .index
    )
    features = [target] if target in base.index else []
    features += [feature for feature in ranked if feature != target][: most - len(features)]
    table = variants[variants["feature"].isin(features)].assign(n_variants=1)
    table["same_call"] = table["call"] == table["feature"].map(base["call"])
    table = table.sort_values("feature", kind="stable", key=lambda feature: feature.map(features.index))
    return _condensed(table, base).reset_index(drop=True)[list(COLUMNS)]


def _condensed(table: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    left_out = table[table["kind"] == "sample"]
    if left_out["variant"].nunique() <= MOST_LEFT_OUT:
        return table
    moved = (left_out["log2FoldChange"] - left_out["feature"].map(base["log2FoldChange"])).abs().fillna(0)
    # A changed call outweighs any change of the fold change.
    weight = (moved + 1e6 * ~left_out["same_call"]).groupby(left_out["variant"]).max()
    rest = set(weight.sort_values(kind="stable", key=to_sort_by).index[: -(MOST_LEFT_OUT - 1)])
    is_rest = table["variant"].isin(rest) & (table["kind"] == "sample")
    extremes = table[is_rest].groupby("feature", sort=False).agg(
        ci_low=("log2FoldChange", "min"), ci_high=("log2FoldChange", "max"), same_call=("same_call", "all")
    ).reset_index()  # fmt: skip
    extremes = extremes.assign(variant=f"each of {len(rest)} others", kind="sample", n_variants=len(rest), call=REST)
    rows = pd.concat([table[~is_rest], extremes], ignore_index=True)
    # Of each feature the fit as configured, the samples, those that are one row, then the other kinds.
    rank = {feature: place for place, feature in enumerate(dict.fromkeys(table["feature"]))}
    order = pd.DataFrame({"feature": rows["feature"].map(rank), "other": ~rows["kind"].isin(["base", "sample"])})
    return rows.loc[order.sort_values(["feature", "other"], kind="stable").index]


@style()
def plot(table: pd.DataFrame, *, question: str, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`: a panel for each feature, a row with point and interval for each variant.

    Parameters
    ----------
    table
        From `tabulate`.
    question
        What the contrast asks: `injured against control`.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = stress_test.tabulate(variants, mir_21[0])
    >>> figure = stress_test.plot(table, question="injured against control", simulated=True)
    """
    if table.empty:
        return blank("No feature was fitted.", **words)
    features = list(dict.fromkeys(table["feature"]))
    places = _places(table)
    lowest = max(places.values())
    figure = new_figure(TWO_COLUMNS, ROW * (lowest + 1) + 1.4)
    panels = figure.subplots(1, len(features), squeeze=False)[0]
    for axes, feature in zip(panels, features, strict=True):
        _panel(axes, table[table["feature"] == feature], places)
        axes.set_ylim(lowest + 0.8, -0.8)
    _name_rows(panels[0], table, places)
    panels[len(features) // 2].set_xlabel("log2 fold change", size=7)
    n = int(table.loc[table["feature"] == features[0], "n_variants"].sum()) - 1
    sentence = f"{question}, asked in {n} other way{'s' if n != 1 else ''}"
    if words.get("title") == question:
        sentence = f"Asked in {n} other way{'s' if n != 1 else ''}"
    frame(figure, _explanation(table), sentence=sentence, **words)
    return figure


def _places(table: pd.DataFrame) -> dict[str, float]:
    """Return the position of each variant's row, with room for a heading above each kind."""
    rows = table.drop_duplicates(["variant", "kind"])
    places: dict[str, float] = {}
    at = 0.0
    for kind in COLOURS:
        names = rows.loc[rows["kind"] == kind, "variant"]
        at += 1.3 if kind != "base" and len(names) else 0.0
        for name in names:
            places[name] = at
            at += 1.0
    return places


def _panel(axes: Axes, rows: pd.DataFrame, places: dict[str, float]) -> None:
    low, high = _reach(rows)
    base = rows[rows["kind"] == "base"].iloc[0]
    if pd.notna(base["ci_low"]):
        axes.axvspan(max(base["ci_low"], low), min(base["ci_high"], high), color="#EEEEEE", zorder=0)
        axes.axvline(base["log2FoldChange"], color=TARGET, linewidth=0.6, zorder=1)
    axes.axvline(0, color=NOTE, linewidth=0.6, linestyle=(0, (3, 2)), zorder=1)
    y, colours = rows["variant"].map(places), rows["kind"].map(COLOURS)
    ranges, fitted = rows["call"] == REST, rows["log2FoldChange"].notna()
    own = rows[ranges]
    axes.hlines(y[ranges], own["ci_low"], own["ci_high"], colours[ranges], linewidth=3.5, alpha=0.45, zorder=2)
    own = rows[fitted]
    _intervals(axes, own["ci_low"], own["ci_high"], y[fitted], colours[fitted], (low, high))
    fills = colours[fitted].where(own["same_call"].astype(bool), "white")
    axes.scatter(own["log2FoldChange"], y[fitted], s=13, c=fills, edgecolors=colours[fitted], zorder=4, clip_on=False)
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
    for place in y[~ranges & ~fitted]:
        axes.text((low + high) / 2, place, "not fitted", size=6, color=NOTE, ha="center", va="center", bbox=white)
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(grid.shorten(short_name(base["feature"]), LONGEST_NAME), size=7, pad=13)
    axes.annotate(
        {"none": "no call"}.get(base["call"], base["call"]), (0.5, 1), xycoords="axes fraction", xytext=(0, 4),
        textcoords="offset points", size=7, ha="center", weight="bold",
    )  # fmt: skip


def _intervals(
    axes: Axes, low: pd.Series, high: pd.Series, y: pd.Series, colours: pd.Series, limits: tuple[float, float]
) -> None:
    """Draw intervals; an arrow head marks one that goes on beyond the axis."""
    known = low.notna()
    low, high, y, colours = low[known], high[known], y[known], colours[known]
    axes.hlines(y, low.clip(*limits), high.clip(*limits), colours, linewidth=1.0, zorder=3)
    for beyond, end, marker in ((low < limits[0], limits[0], "<"), (high > limits[1], limits[1], ">")):
        at = np.full(beyond.sum(), end)
        axes.scatter(at, y[beyond], s=6, c=colours[beyond], marker=marker, linewidths=0, zorder=3, clip_on=False)


def _reach(rows: pd.DataFrame) -> tuple[float, float]:
    """Include zero, all points, and intervals of usual width: a few very wide ones must not compress the rest."""
    own = rows[rows["log2FoldChange"].notna()]
    half = (own["ci_high"] - own["ci_low"]) / 2
    shown = half.clip(upper=1.25 * half.median()).fillna(0.0)
    ends = [*(own["log2FoldChange"] - shown), *(own["log2FoldChange"] + shown), 0.0]
    low, high = min(ends), max(ends)
    edge = 0.04 * (high - low) or 1.0
    return low - edge, high + edge


def _name_rows(axes: Axes, table: pd.DataFrame, places: dict[str, float]) -> None:
    kinds = table.drop_duplicates("variant").set_index("variant")["kind"]
    labels = [KINDS[kinds[name]].below_heading(name) if kinds[name] in KINDS else name for name in places]
    axes.set_yticks(list(places.values()), [grid.shorten(short_name(label), LONGEST_LABEL) for label in labels])
    axes.tick_params(axis="y", length=0, pad=5.5, left=False)
    for kind in [KINDS[name] for name in dict.fromkeys(kinds) if name in KINDS]:
        first = min(place for name, place in places.items() if kinds[name] == kind.name)
        axes.annotate(
            kind.heading, (0, first - 0.95), xycoords=blended_transform_factory(axes.transAxes, axes.transData),
            xytext=(-5.5, 0), textcoords="offset points", size=7, weight="bold", color=COLOURS[kind.name], ha="right",
            va="center",
        )  # fmt: skip


def _explanation(table: pd.DataFrame) -> str:
    rest = " Thick line: range of the fold changes of several variants." if (table["call"] == REST).any() else ""
    return (
        "Under each name: its call as configured. Black line and grey band: that fit, with its interval. Filled: the "
        f"same call; open: another call, or none. Arrow head: the interval goes on.{rest}"
    )


def draw(inputs: ContrastInputs) -> Drawn:
    table, question = tabulate(inputs.variants, inputs.feature), inputs.facts["asked"]["place"]
    return table, plot(table, question=question, **inputs.words(f"{inputs.sizes}."))


FIGURE: Final = catalogue.Figure(
    name="robustness",
    shows="Fold changes of the target and the top features in every re-analysis",
    of="contrast",
    order=5,
    columns=COLUMNS,
    draw=draw,
)
