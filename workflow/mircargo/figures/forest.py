"""Forest plot: the target in every contrast of a meta-analysis, and the estimate over them."""

from collections.abc import Mapping
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from mircargo.figures import catalogue
from mircargo.figures.inputs import Drawn, MetaInputs
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, new_figure
from mircargo.figures.style import LEVELS, NOTE, TARGET, TWO_COLUMNS, UP, style
from mircargo.model.differential_table import confidence_interval
from mircargo.results.columns import Column, common, take
from mircargo.results.pooled_columns import OF_STUDIES, POOLED
from mircargo.vocabulary import TESTED

COLUMNS: Final = {
    "kind": Column("What the row is", "contrast, not_pooled, pooled"),
    "label": Column("Its label"),
    **common("feature"),
    **take(OF_STUDIES, "study_feature"),
    **common("log2FoldChange ci_low ci_high"),
    **take(OF_STUDIES, "weight"),
    **take(POOLED, "prediction_low prediction_high"),
    **take(OF_STUDIES, "status reason"),
}
_ROW: Final = 0.23  # inches


def tabulate(
    pooled: pd.DataFrame,
    contrasts: pd.DataFrame,
    feature: str | None,
    alpha: float,
    titles: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Take one feature's contrasts, then the estimate over them.

    Parameters
    ----------
    pooled, contrasts
        `results/meta/{name}.tsv` and `{name}.studies.tsv`.
    feature
        The feature; None or one without a row makes an empty table.
    alpha
        1 - alpha is the coverage of each contrast's interval (Wald); that of the estimate is as it was pooled.
    titles
        Of contrasts that have one, by STUDY.CONTRAST.

    Returns
    -------
    pandas.DataFrame
        One row a contrast, with `COLUMNS`, then the estimate unless fewer than two contrasts were pooled.
    """
    own = contrasts[contrasts["feature"] == feature].copy()
    tested = own["status"] == TESTED
    own["ci_low"], own["ci_high"] = confidence_interval(own["log2FoldChange"], own["lfcSE"], alpha)
    own["kind"] = np.where(tested, "contrast", "not_pooled")
    named = own["study"] + "." + own["contrast"]
    titled = own["study"] + ": " + named.map(dict(titles or {}))
    own["label"] = titled.fillna(named) + " (" + own["species"] + ")"
    found = pooled[(pooled["feature"] == feature) & (pooled["n_contrasts"] > 1)]
    estimate = found.assign(kind="pooled", label="pooled", weight=1.0)
    parts = [own.reindex(columns=list(COLUMNS)), estimate.reindex(columns=list(COLUMNS))]
    return pd.concat([part.astype(object) for part in parts], ignore_index=True)


@style()
def plot(table: pd.DataFrame, *, sentence: str | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`; intervals beyond the axis end in an arrow head.

    Parameters
    ----------
    table
        From `tabulate`.
    sentence
        Below the title.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.
    """
    if table.empty:
        return blank(sentence or "No study has the target.", **words)
    figure = new_figure(TWO_COLUMNS, 1.9 + _ROW * len(table))
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
    """Reach a little beyond the contrasts' intervals; the estimate's may be much longer."""
    drawn = table[table["kind"] == "contrast"]
    values = drawn[["ci_low", "ci_high"]].to_numpy(float)
    return 1.25 * max(1.0, float(np.abs(values).max())) if values.size else 1.0


def _draw(axes: Axes, y: int, row: pd.Series, reach: float) -> None:
    if row.kind == "not_pooled":
        axes.text(0, y, row.reason, va="center", ha="center", size=7, color=NOTE, style="italic", backgroundcolor="w")
    elif row.kind == "contrast":
        draw_interval(axes, y, (row.ci_low, row.ci_high), reach, color=LEVELS[0], linewidth=0.9)
        axes.scatter([row.log2FoldChange], [y], s=10 + 60 * row.weight, marker="s", c=LEVELS[0], linewidths=0, zorder=3)
    else:
        draw_interval(axes, y, (row.prediction_low, row.prediction_high), reach, color=TARGET, linewidth=0.6)
        _diamond(axes, y, row.ci_low, row.log2FoldChange, row.ci_high, reach)


def _diamond(axes: Axes, y: int, low: float, middle: float, high: float, reach: float) -> None:
    """Draw a diamond; a side beyond the axes is cut off at their edge and gets an arrow head."""
    height = 0.3
    corners = [(middle, y - height), (high, y), (middle, y + height), (low, y)]
    shape = axes.add_patch(Polygon(corners, closed=True, facecolor=UP, edgecolor="none", zorder=3))
    shape.set_clip_on(True)
    _arrow_heads(axes, y, (low, high), reach)


def draw_interval(axes: Axes, y: int, ends: tuple[float, float], reach: float, **look: Any) -> None:
    """Draw a horizontal line; an end beyond the axes, which go to `reach` on both sides, becomes an arrow head."""
    axes.plot(np.clip(ends, -reach, reach), [y, y], zorder=2, **look)
    _arrow_heads(axes, y, ends, reach)


def _arrow_heads(axes: Axes, y: int, ends: tuple[float, float], reach: float) -> None:
    for end, sign, marker in zip(ends, (-1, 1), "<>", strict=True):
        if sign * end > reach:
            axes.plot([0.985 * (sign * reach)], [y], marker=marker, markersize=4, color=TARGET, zorder=4)


def _write_numbers(axes: Axes, table: pd.DataFrame) -> None:
    """Write estimate, interval and weight of each row to the right of the axes."""
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


def draw(inputs: MetaInputs) -> Drawn:
    table = tabulate(inputs.pooled, inputs.contrasts, inputs.feature, inputs.alpha, inputs.titles)
    return table, plot(table, sentence=inputs.sentence, title=inputs.title, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="forest", shows="The target across studies", of="meta", order=1, columns=COLUMNS, draw=draw
)
