"""The features with the most consistent change over the contrasts of a meta-analysis."""

from collections.abc import Mapping
from typing import Final, Unpack

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mircargo.figures import catalogue
from mircargo.figures.forest import labels_of
from mircargo.figures.inputs import Drawn, MetaInputs
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, legend_above, marker_key, new_figure
from mircargo.figures.style import MARKERS, MORE_LEVELS, NOTE, TARGET, TWO_COLUMNS, style
from mircargo.model.differential_table import format_p, to_sort_by
from mircargo.results.columns import Column, common, take
from mircargo.results.pooled_columns import POOLED
from mircargo.vocabulary import TESTED

COLUMNS: Final = {
    **common("feature"),
    "kind": Column("What the row is", "pooled, contrast"),
    "label": Column("Its label"),
    **common("log2FoldChange ci_low ci_high"),
    **take(POOLED, "n_contrasts pvalue"),
    **common("padj"),
    "is_target": Column("Whether it is the target", "True, False"),
}
MOST: Final = 20


def tabulate(
    pooled: pd.DataFrame,
    contrasts: pd.DataFrame,
    target: str | None,
    alpha: float,
    titles: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Take the target and the features that change over the contrasts, the smallest pooled p-values first.

    Parameters
    ----------
    pooled, contrasts
        `results/meta/{name}.tsv` and `{name}.studies.tsv`.
    target
        The target among them.
    alpha
        Features whose adjusted p-values over the contrasts are below change; at most `MOST` are taken, the target
        included.
    titles
        Of contrasts that have one, by STUDY.CONTRAST.

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`: of each feature the estimate, then its contrasts. Empty where no feature changes: of twenty
        features drawn by chance nothing can be learnt.
    """
    given = pooled[pooled["n_contrasts"] > 1].sort_values("pvalue", kind="stable", key=to_sort_by)
    changed = given[given["padj"].astype(float) < alpha]
    first = given[(given["feature"] == target) & bool(len(changed))]
    chosen = pd.concat([first, changed[changed["feature"] != target].head(MOST - len(first))])
    rows = contrasts[contrasts["feature"].isin(chosen["feature"]) & (contrasts["status"] == TESTED)]
    rows = rows.assign(kind="contrast", label=labels_of(rows, titles))
    parts = [chosen.assign(kind="pooled", label="pooled"), rows]
    table = pd.concat([part.reindex(columns=list(COLUMNS)).astype(object) for part in parts], ignore_index=True)
    rank = {feature: i for i, feature in enumerate(chosen["feature"])}
    table["is_target"] = table["feature"] == target
    return table.sort_values("feature", key=lambda names: names.map(rank), kind="stable", ignore_index=True)


@style()
def plot(table: pd.DataFrame, *, alpha: float, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`: a diamond with its interval for each feature, a point for each contrast.

    Where no feature changes, the figure says so.

    Parameters
    ----------
    table
        From `tabulate`, with the same `alpha`.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.
    """
    if table.empty:
        return blank(f"No feature changes over the contrasts (adjusted p < {alpha:g}).", **words)
    features = list(dict.fromkeys(table["feature"]))
    figure = new_figure(TWO_COLUMNS, 1.7 + 0.19 * len(features))
    axes = figure.subplots()
    points = table[table["kind"] == "contrast"]
    estimates = table[table["kind"] == "pooled"].set_index("feature")
    ends = table[["log2FoldChange", "ci_low", "ci_high"]].astype(float)
    reach = 1.05 * max(1.0, float(ends.abs().max(axis=None)))
    place = {feature: y for y, feature in enumerate(features)}
    for feature, y in place.items():
        row = estimates.loc[feature]
        axes.plot([row["ci_low"], row["ci_high"]], [y, y], color=TARGET, linewidth=0.9, zorder=2)
    x = estimates.loc[features, "log2FoldChange"]
    axes.scatter(x, range(len(features)), marker="D", s=26, c="white", edgecolors=TARGET, linewidths=0.9, zorder=3)
    handles = _points(axes, points, place)
    axes.axvline(0, color=NOTE, linewidth=0.6, linestyle=(0, (3, 3)), zorder=0)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(len(features) - 0.4, -0.6)
    labels = [f"{short_name(feature)}, adjusted p {format_p(estimates.loc[feature, 'padj'])}" for feature in features]
    axes.set_yticks(range(len(features)), labels)
    for label, feature in zip(axes.get_yticklabels(), features, strict=True):
        label.set_fontweight("bold" if estimates.loc[feature, "is_target"] else "normal")
    axes.set_xlabel("log2 fold change")
    legend_above(axes, handles)
    explanation = (
        f"Line: Hartung-Knapp interval. The target, then features with adjusted p < {alpha:g} over all features pooled,"
        " the smallest first."
    )
    frame(figure, explanation, **words)
    return figure


def _points(axes: Axes, points: pd.DataFrame, place: dict[str, int]) -> list[Artist]:
    """Draw the contrasts' fold changes, and return the entries of the legend."""
    handles: list[Artist] = [marker_key("pooled", "D", TARGET, 6, markerfacecolor="white")]
    for i, (label, rows) in enumerate(points.groupby("label", sort=False)):
        colour, marker = MORE_LEVELS[i % len(MORE_LEVELS)], MARKERS[i % len(MARKERS)]
        y = rows["feature"].map(place)
        axes.scatter(rows["log2FoldChange"], y, s=14, c=colour, marker=marker, linewidths=0, zorder=4)
        handles.append(marker_key(str(label), marker, colour, 4))
    return handles


def draw(inputs: MetaInputs) -> Drawn:
    table = tabulate(inputs.pooled, inputs.contrasts, inputs.feature, inputs.alpha, inputs.titles)
    return table, plot(table, alpha=inputs.alpha, title=inputs.title, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="features", shows="Features that change across studies", of="meta", order=2, columns=COLUMNS, draw=draw
)
