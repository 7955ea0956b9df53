"""Heatmap: the changed features in every sample."""

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.spatial.distance import pdist

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.labels import short_name
from mircargo.figures.placement import STAMP, Words, blank, colour_bar, frame, new_figure
from mircargo.figures.points import role_of
from mircargo.figures.style import ONE_COLUMN, TALLEST, TWO_COLUMNS, style
from mircargo.model.differential_table import calls, to_sort_by
from mircargo.results.columns import DIFFERENTIAL, LOG2, Column, common, take

_COLOURS: Final = "cividis"  # from dark to light, so that up and down differ in grey print (Nuñez et al. 2018)
_Z: Final = 2.5
COLUMNS: Final = {
    **common("feature"),
    "role": Column("How it is shown", "target, none"),
    **take(DIFFERENTIAL, "padj call"),
    "n_changed": Column("Features that changed, of which those with the smallest padj are shown", "features"),
    "row_order": Column("Place of the feature"),
    **common("sample"),
    "column_order": Column("Place of the sample"),
    **grid.VARIABLE,
    "log2_normalised": Column("log2 of the normalised count plus 1", LOG2),
    "z": Column("The same less its mean, by its standard deviation, over the samples of the contrast"),
}
_OWN: Final = grid.reserved(COLUMNS)


def tabulate(
    normalised: pd.DataFrame,
    results: pd.DataFrame,
    groups: pd.DataFrame,
    alpha: float,
    target: Sequence[str] = (),
    most: tuple[int, int] = (40, grid.MOST_SAMPLES),
) -> pd.DataFrame:
    """Choose the changed features, bring them to one scale, and order rows and columns.

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample.
    results
        Differential table with ``feature log2FoldChange lfcSE pvalue padj``.
    groups
        Columns of the sample sheet shown as strips, indexed by sample name; samples are ordered by the first, then the
        second, and so on, levels in order of first appearance.
    alpha
        Features that are called (`mircargo.model.differential_table.calls`) are shown, the most significant ones.
    target
        Shown even where unchanged.
    most
        Number of changed features shown at most; number of samples at most: of more, so many are chosen, evenly in
        their order.

    Returns
    -------
    pandas.DataFrame
        One row a cell, with `COLUMNS`, from the top left. ``z`` is 0 in a row that does not vary; ``n_changed`` counts
        all changed features, shown or not. ``samples_in_all`` is added where samples are chosen; means, deviations and
        the order of rows are those over all samples.

    Raises
    ------
    ValueError
        Where a sample has no row in `groups`, or a variable has the name of a column of this table.
    """
    called = calls(results, alpha)
    changed = results[called.isin(["up", "down"]) & results["feature"].isin(normalised.index)]
    surest = changed.assign(padj=to_sort_by(changed["padj"]), pvalue=to_sort_by(changed["pvalue"]))
    shown = surest.sort_values(["padj", "pvalue", "feature"])["feature"].head(most[0]).tolist()
    shown += [feature for feature in target if feature in normalised.index and feature not in shown]
    groups = grid.ordered(grid.as_text(groups, [str(name) for name in normalised.columns], _OWN))
    log = np.log2(normalised.loc[shown, list(groups.index)].astype(float) + 1)
    spread = log.std(axis=1, ddof=1)
    z = log.sub(log.mean(axis=1), axis=0).div(spread.where(spread > 1e-12), axis=0).fillna(0.0)
    in_order = z.index[grid.cluster(pdist(z.to_numpy()), len(z)) if shown else []]
    groups = grid.drawn(groups, most[1])
    order = groups.index
    row, column = np.repeat(np.arange(len(in_order)), len(order)), np.tile(np.arange(len(order)), len(in_order))
    features = in_order[row]
    of_feature = results.assign(call=called).set_index("feature")[["padj", "call"]].reindex(features)
    return pd.DataFrame(
        {
            "feature": features,
            "role": role_of(features.to_series(), target, ()),
            "padj": of_feature["padj"].to_numpy(),
            "call": of_feature["call"].to_numpy(),
            "n_changed": len(changed),
            "row_order": row,
            "sample": order.to_numpy()[column],
            "column_order": column,
            **{variable: levels.to_numpy()[column] for variable, levels in groups.items()},
            "log2_normalised": log.loc[in_order, order].to_numpy().ravel(),
            "z": z.loc[in_order, order].to_numpy().ravel(),
            **grid.in_all(normalised.shape[1], len(order)),
        }
    )


@style()
def plot(table: pd.DataFrame, *, alpha: float, colours: grid.Colours | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`; where nothing changed, the figure says so.

    Parameters
    ----------
    table
        From `tabulate`, with the same `alpha`.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> groups = exosomes[["condition", "batch"]]
    >>> table = heatmap.tabulate(normalised[exosomes.index], fit, groups, alpha=0.05, target=mir_21)
    >>> figure = heatmap.plot(table, alpha=0.05, simulated=True)
    """
    joint = ((table["padj"] < alpha) & (table["call"] == "none")).any()
    rule = f"adjusted p < {alpha:g}{' and interval beyond 0' if joint else ''}"
    nothing = f"No feature changed ({rule})"
    if table.empty:
        return blank(f"{nothing}.", **words)
    shown = grid.variables_of(table, _OWN)
    n_changed = int(table["n_changed"].iloc[0])
    rows = table.drop_duplicates("row_order").sort_values("row_order")
    columns = table.drop_duplicates("column_order").sort_values("column_order")
    z = table.sort_values(["row_order", "column_order"])["z"].to_numpy(dtype=float).reshape(len(rows), len(columns))
    features = [short_name(feature, rows["feature"]) for feature in rows["feature"]]
    names = columns["sample"].tolist()
    width = ONE_COLUMN if len(columns) <= 12 else TWO_COLUMNS
    extra = 0.95 + grid.legend_height(table[shown]) + grid.STRIP_AND_GAP * len(shown) + grid.length(names)
    extra += STAMP * words.get("simulated", False)
    height = min(TALLEST, extra + grid.LINE * max(len(rows), 3))
    figure = new_figure(width, height)
    axes = grid.stack(figure, len(shown), height - extra, grid.BAR)
    image = grid.matrix(axes[-2], z, -_Z, _Z, _COLOURS)
    target = {short_name(feature, rows["feature"]) for feature in rows.loc[rows["role"] == "target", "feature"]}
    room = width - grid.length([*features, *shown]) - 0.15
    thinned = grid.names(axes[-2], names, features, (room, height - extra + 0.1), target)
    grid.strips(axes[:-2], columns[shown], grid.palettes(columns[shown], colours))
    colour_bar(axes[-1], image, "z-score of log2(normalised count + 1)", "both")
    significant = int(rows["call"].isin(["up", "down"]).sum())
    counted = f"All {n_changed}" if significant == n_changed else f"The {significant} most significant of {n_changed}"
    explanation = f"{counted} changed features ({rule})." if n_changed else "Only the target is shown."
    chosen = f"{grid.counted_samples(table, len(columns))} are drawn." if grid.IN_ALL in table else ""
    sentence = None if n_changed else f"{nothing}."
    frame(figure, explanation, chosen, thinned, sentence=sentence, **words)
    return figure


def draw(inputs: ContrastInputs) -> Drawn:
    alpha = inputs.thresholds.alpha
    table = tabulate(inputs.values, inputs.table, inputs.groups, alpha, inputs.target)
    return table, plot(table, alpha=alpha, colours=inputs.colours, **inputs.words(inputs.sizes_and_test))


FIGURE: Final = catalogue.Figure(
    name="heatmap", shows="The changed features in every sample", of="contrast", order=3, columns=COLUMNS, draw=draw
)
