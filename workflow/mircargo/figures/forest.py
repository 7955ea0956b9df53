"""Forest plot: the target in every contrast of a meta-analysis, and the estimate over them."""

from collections.abc import Mapping
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, MetaInputs
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, new_figure
from mircargo.figures.style import LEVELS, NOTE, REFERENCES, TARGET, TWO_COLUMNS, style
from mircargo.model.differential_table import confidence_interval
from mircargo.results.columns import Column, common, take
from mircargo.results.pooled_columns import OF_STUDIES, POOLED
from mircargo.vocabulary import TESTED, species_in_words

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
_LONGEST: Final = 44  # letters of a label


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
    own["label"] = labels_of(own, titles) + " (" + own["species"].map(species_in_words) + ")"
    found = pooled[(pooled["feature"] == feature) & (pooled["n_contrasts"] > 1)]
    estimate = found.assign(kind="pooled", label="pooled", weight=1.0)
    parts = [own.reindex(columns=list(COLUMNS)), estimate.reindex(columns=list(COLUMNS))]
    return pd.concat([part.astype(object) for part in parts], ignore_index=True)


def labels_of(contrasts: pd.DataFrame, titles: Mapping[str, str] | None) -> "pd.Series[str]":
    """Name contrasts as people know them: the study, then the contrast's title, or else its name."""
    known = titles or {}
    pairs = zip(contrasts["study"], contrasts["contrast"], strict=True)
    named = [f"{study}: {known.get(f'{study}.{contrast}', contrast)}" for study, contrast in pairs]
    return pd.Series(named, index=contrasts.index, dtype=object)


@style()
def plot(table: pd.DataFrame, *, sentence: str | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`, with all intervals in full; a contrast that is not pooled is grey and open.

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
    axes.set_xlim(*_limits(table))
    axes.set_ylim(len(table) - 0.4, -1.4)
    axes.axvline(0, color=NOTE, linewidth=0.6, linestyle=(0, (3, 3)), zorder=0)
    for y, row in enumerate(table.itertuples()):
        _draw(axes, y, row)
    axes.set_yticks(range(len(table)), [grid.shorten(label, _LONGEST) for label in table["label"]])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"log2 fold change of {short_name(str(table['feature'].iloc[0]))}")
    _write_numbers(axes, table)
    frame(figure, *_explanation(table), sentence=sentence, **words)
    return figure


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis, which takes in zero and every interval."""
    ends = table[["ci_low", "ci_high", "prediction_low", "prediction_high"]].to_numpy(float)
    ends = ends[np.isfinite(ends)]
    low, high = min([*ends, -0.5]), max([*ends, 0.5])
    edge = 0.04 * (high - low)
    return low - edge, high + edge


def _draw(axes: Axes, y: int, row: pd.Series) -> None:
    if row.kind == "pooled":
        axes.plot([row.prediction_low, row.prediction_high], [y, y], color=TARGET, linewidth=0.6, zorder=2)
        corners = [(row.log2FoldChange, y - 0.3), (row.ci_high, y), (row.log2FoldChange, y + 0.3), (row.ci_low, y)]
        axes.add_patch(Polygon(corners, closed=True, facecolor=TARGET, edgecolor="none", zorder=3))
        return
    pooled = row.kind == "contrast"
    colour, fill = (LEVELS[0], LEVELS[0]) if pooled else (REFERENCES[0], "white")
    axes.plot([row.ci_low, row.ci_high], [y, y], color=colour, linewidth=0.9, zorder=2)
    size = 10 + 60 * row.weight if pooled else 22
    axes.scatter([row.log2FoldChange], [y], s=size, marker="s", c=fill, edgecolors=colour, linewidths=0.9, zorder=3)


def _write_numbers(axes: Axes, table: pd.DataFrame) -> None:
    """Write estimate, interval and weight of each row to the right of the axes."""
    right = axes.secondary_yaxis("right")
    right.set_yticks(
        range(-1, len(table)), ["log2 fold change [interval], weight", *(_numbers(row) for row in table.itertuples())]
    )
    right.tick_params(axis="y", length=0)
    right.spines["right"].set_visible(False)


def _numbers(row: pd.Series) -> str:
    numbers = f"{row.log2FoldChange:+.2f} [{row.ci_low:+.2f}, {row.ci_high:+.2f}]" if pd.notna(row.ci_low) else ""
    last = {"contrast": f"{row.weight:.0%}", "not_pooled": "not pooled", "pooled": ""}[row.kind]
    return ", ".join(filter(None, [numbers, last]))


def _explanation(table: pd.DataFrame) -> list[str]:
    sentences = ["Square: a contrast, its area its weight; line: its Wald interval."]
    if (table["kind"] == "pooled").any():
        sentences.append("Diamond: the estimate with its Hartung-Knapp interval; thin line: prediction interval.")
    left_out = table[table["kind"] == "not_pooled"]
    if len(left_out):
        reasons = [f"{label}: {reason}" for label, reason in zip(left_out["label"], left_out["reason"], strict=True)]
        sentences.append(f"Open, not pooled: {'; '.join(reasons)}.")
    return sentences


def draw(inputs: MetaInputs) -> Drawn:
    table = tabulate(inputs.pooled, inputs.contrasts, inputs.feature, inputs.alpha, inputs.titles)
    return table, plot(table, sentence=inputs.sentence, title=inputs.title, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="forest", shows="The target across studies", of="meta", order=1, columns=COLUMNS, draw=draw
)
