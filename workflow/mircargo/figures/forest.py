"""A meta-analysis: the target in every contrast (forest plot), and the features that contrasts agree on best."""

from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, legend_above, new_figure
from mircargo.figures.style import LEVELS, MARKERS, NOTE, TARGET, TWO_COLUMNS, UP, style
from mircargo.model.differential_table import confidence_interval, format_p, to_sort_by
from mircargo.vocabulary import TESTED

COLUMNS: Final = [
    "kind", "label", "feature", "study_feature", "log2FoldChange", "ci_low", "ci_high", "weight", "prediction_low",
    "prediction_high", "status", "reason",
]  # fmt: skip
TOP_COLUMNS: Final = [
    "feature", "kind", "label", "log2FoldChange", "ci_low", "ci_high", "n_contrasts", "pvalue", "padj", "is_target",
]  # fmt: skip
MOST_TOP: Final = 20
ROW: Final = 0.23  # inches


def tabulate(pooled: pd.DataFrame, contrasts: pd.DataFrame, feature: str | None, alpha: float) -> pd.DataFrame:
    """Take one feature's rows: each contrast as listed, then the estimate.

    Parameters
    ----------
    pooled, contrasts
        `results/meta/{name}.tsv` and `{name}.studies.tsv`.
    feature
        The feature; None or one without a row makes an empty table.
    alpha
        1 - alpha is the coverage of each contrast's interval (Wald); that of the estimate is as it was pooled.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`; `kind` is pooled, contrast or not_pooled. The estimate stands last, and is missing where
        fewer than two contrasts were pooled.
    """
    own = contrasts[contrasts["feature"] == feature].copy()
    tested = own["status"] == TESTED
    bounds = [
        confidence_interval(fold, se, alpha) for fold, se in zip(own["log2FoldChange"], own["lfcSE"], strict=True)
    ]
    own[["ci_low", "ci_high"]] = np.array(bounds, dtype=float).reshape(-1, 2)
    own["kind"] = np.where(tested, "contrast", "not_pooled")
    own["label"] = own["study"] + "." + own["contrast"] + " (" + own["species"] + ")"
    found = pooled[(pooled["feature"] == feature) & (pooled["n_contrasts"] > 1)]
    estimate = found.assign(kind="pooled", label="pooled", weight=1.0)
    parts = [own.reindex(columns=COLUMNS), estimate.reindex(columns=COLUMNS)]
    return pd.concat([part.astype(object) for part in parts], ignore_index=True)


def plot(table: pd.DataFrame, *, sentence: str | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate` as a forest plot; intervals that reach too far end in an arrow.

    Parameters
    ----------
    table
        From `tabulate`.
    sentence
        What the data say, below the title.
    words
        Title, note, and whether the data are simulated: see `layout.Words`.
    """
    with style():
        if table.empty:
            return blank(sentence or "No study has the target.", **words)
        figure = new_figure(TWO_COLUMNS, 1.9 + ROW * len(table))
        axes = figure.subplots()
        reach = _reach(table)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(table) - 0.4, -1.4)
        axes.axvline(0, color=NOTE, linewidth=0.6, linestyle=(0, (3, 3)), zorder=0)
        for y, row in enumerate(table.itertuples()):
            _draw(axes, y, row, reach)
        axes.set_yticks(range(len(table)), table["label"])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(f"log2 fold change of {short_name(str(table['feature'].iloc[0]))}")
        _write_numbers(axes, table)
        explanation = "Square: a contrast, its area its weight; line: its Wald interval."
        if (table["kind"] == "pooled").any():
            explanation += " Diamond: the estimate with its Hartung-Knapp interval; thin line: prediction interval."
        frame(figure, explanation, sentence=sentence, **words)
    return figure


def _reach(table: pd.DataFrame) -> float:
    """Reach a little beyond the contrasts and their intervals; the estimate's may be much longer."""
    drawn = table[table["kind"] == "contrast"]
    values = drawn[["ci_low", "ci_high"]].to_numpy(float)
    return 1.25 * max(1.0, float(np.abs(values).max())) if values.size else 1.0


def _draw(axes: Axes, y: int, row: pd.Series, reach: float) -> None:
    if row.kind == "not_pooled":
        axes.text(0, y, row.reason, va="center", ha="center", size=7, color=NOTE, style="italic", backgroundcolor="w")
    elif row.kind == "contrast":
        _line(axes, y, row.ci_low, row.ci_high, reach, 0.9, LEVELS[0])
        axes.scatter([row.log2FoldChange], [y], s=10 + 60 * row.weight, marker="s", c=LEVELS[0], linewidths=0, zorder=3)
    else:
        _line(axes, y, row.prediction_low, row.prediction_high, reach, 0.6, TARGET)
        _diamond(axes, y, row.ci_low, row.log2FoldChange, row.ci_high, reach)


def _diamond(axes: Axes, y: int, low: float, middle: float, high: float, reach: float) -> None:
    """Draw a diamond; a side that would leave the axes is cut off straight at their edge."""
    height = 0.3
    corners = [(middle, y - height), (high, y), (middle, y + height), (low, y)]
    shape = axes.add_patch(Polygon(corners, closed=True, facecolor=UP, edgecolor="none", zorder=3))
    shape.set_clip_on(True)
    for end, sign in ((low, -1), (high, 1)):
        if abs(end) > reach and np.sign(end) == sign:
            _arrow(axes, y, sign * reach, sign)


def _line(axes: Axes, y: int, low: float, high: float, reach: float, width: float, colour: str) -> None:
    axes.plot(np.clip([low, high], -reach, reach), [y, y], color=colour, linewidth=width, zorder=2)
    for end, sign in ((low, -1), (high, 1)):
        if sign * end > reach:
            _arrow(axes, y, sign * reach, sign)


def _arrow(axes: Axes, y: int, x: float, sign: int) -> None:
    marker = ">" if sign > 0 else "<"
    axes.plot([0.985 * x], [y], marker=marker, markersize=4, color=TARGET, zorder=4)


def _write_numbers(axes: Axes, table: pd.DataFrame) -> None:
    """Write estimate, interval and weight of each row at the right of the axes."""
    right = axes.secondary_yaxis("right")
    right.set_yticks(
        range(-1, len(table)), ["log2FC [interval], weight", *(_numbers(row) for row in table.itertuples())]
    )
    right.tick_params(axis="y", length=0)
    right.spines["right"].set_visible(False)


def _numbers(row: pd.Series) -> str:
    if row.kind == "not_pooled":
        return row.status
    text = f"{row.log2FoldChange:+.2f} [{row.ci_low:+.2f}, {row.ci_high:+.2f}]"
    return text if row.kind == "pooled" else f"{text}, {row.weight:.0%}"


def tabulate_top(
    pooled: pd.DataFrame, contrasts: pd.DataFrame, target: str | None, most: int = MOST_TOP
) -> pd.DataFrame:
    """Take the target and the features with the smallest p-values over contrasts.

    Parameters
    ----------
    pooled, contrasts
        `results/meta/{name}.tsv` and `{name}.studies.tsv`.
    target
        The target among them.
    most
        Features at most, the target included.

    Returns
    -------
    pandas.DataFrame
        Columns `TOP_COLUMNS`: for each feature the estimate (`kind` pooled), then its contrasts.
    """
    given = pooled[pooled["n_contrasts"] > 1].sort_values("pvalue", kind="stable", key=to_sort_by)
    first = given[given["feature"] == target]
    chosen = pd.concat([first, given[given["feature"] != target].head(most - len(first))])
    rows = contrasts[contrasts["feature"].isin(chosen["feature"]) & (contrasts["status"] == TESTED)]
    rows = rows.assign(kind="contrast", label=rows["study"] + "." + rows["contrast"])
    parts = [chosen.assign(kind="pooled", label="pooled"), rows]
    table = pd.concat([part.reindex(columns=TOP_COLUMNS).astype(object) for part in parts], ignore_index=True)
    rank = {feature: i for i, feature in enumerate(chosen["feature"])}
    table["is_target"] = table["feature"] == target
    order = table["feature"].map(rank).to_numpy(dtype=int)
    return table.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def plot_top(table: pd.DataFrame, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate_top`: a diamond and its interval a feature, a point a contrast.

    Parameters
    ----------
    table
        From `tabulate_top`.
    words
        Title, note, and whether the data are simulated: see `layout.Words`.
    """
    with style():
        if table.empty:
            return blank("No feature was tested in two contrasts.", **words)
        features = list(dict.fromkeys(table["feature"]))
        figure = new_figure(TWO_COLUMNS, 1.7 + 0.19 * len(features))
        axes = figure.subplots()
        points = table[table["kind"] == "contrast"]
        estimates = table[table["kind"] == "pooled"].set_index("feature")
        reach = 1.1 * max(1.0, float(table["log2FoldChange"].astype(float).abs().max()))
        place = {feature: y for y, feature in enumerate(features)}
        for feature, y in place.items():
            row = estimates.loc[feature]
            _line(axes, y, row["ci_low"], row["ci_high"], reach, 0.9, TARGET)
        x = estimates.loc[features, "log2FoldChange"]
        axes.scatter(x, range(len(features)), marker="D", s=26, c="white", edgecolors=TARGET, linewidths=0.9, zorder=3)
        handles = _points(axes, points, place)
        axes.axvline(0, color=NOTE, linewidth=0.6, linestyle=(0, (3, 3)), zorder=0)
        axes.set_xlim(-reach, reach)
        axes.set_ylim(len(features) - 0.4, -0.6)
        labels = [f"{short_name(feature)}, padj {format_p(estimates.loc[feature, 'padj'])}" for feature in features]
        axes.set_yticks(range(len(features)), labels)
        for label, feature in zip(axes.get_yticklabels(), features, strict=True):
            label.set_fontweight("bold" if estimates.loc[feature, "is_target"] else "normal")
        axes.set_xlabel("log2 fold change")
        legend_above(axes, handles)
        explanation = (
            "Line: Hartung-Knapp interval. The target, then the smallest p-values; padj over all features pooled."
        )
        frame(figure, explanation, **words)
    return figure


def _points(axes: Axes, points: pd.DataFrame, place: dict[str, int]) -> list[Artist]:
    """Draw the contrasts' fold changes, and return what a legend needs."""
    handles: list[Artist] = [
        Line2D([], [], linestyle="", marker="D", color=TARGET, markerfacecolor="white", label="pooled")
    ]
    for i, (label, rows) in enumerate(points.groupby("label", sort=False)):
        colour, marker = LEVELS[i % len(LEVELS)], MARKERS[i % len(MARKERS)]
        y = rows["feature"].map(place)
        axes.scatter(rows["log2FoldChange"], y, s=14, c=colour, marker=marker, linewidths=0, zorder=4)
        handles.append(Line2D([], [], linestyle="", marker=marker, color=colour, markersize=4, label=str(label)))
    return handles
