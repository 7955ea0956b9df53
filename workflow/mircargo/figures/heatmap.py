"""Heatmap: the changed features in every sample."""

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.spatial.distance import pdist

from mircargo.figures import sample_grid as grid
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, colour_bar, frame, new_figure
from mircargo.figures.points import role_of
from mircargo.figures.style import ONE_COLUMN, TALLEST, TWO_COLUMNS, style
from mircargo.model.differential_table import calls, to_sort_by

_Z: Final = 2.5
_OWN: Final = (
    "feature", "role", "padj", "call", "n_changed", "row_order", "sample", "column_order", "log2_normalised", "z",
    grid.IN_ALL,
)  # fmt: skip


def tabulate(
    normalised: pd.DataFrame,
    results: pd.DataFrame,
    samples: pd.DataFrame,
    variables: Sequence[str],
    alpha: float,
    *,
    target: Sequence[str] = (),
    most: int = 40,
    most_samples: int = grid.MOST_SAMPLES,
) -> pd.DataFrame:
    """Choose the changed features, bring them to one scale, and order rows and columns.

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample.
    results
        Differential table with ``feature log2FoldChange lfcSE pvalue padj``.
    samples
        Sample sheet, indexed by sample name.
    variables
        Columns of the sheet shown as strips; samples are ordered by the first, then the second, and so on, levels
        in order of first appearance.
    alpha
        Features that are called (`model.results.calls`) are shown, the `most` significant ones.
    target
        Shown even where unchanged.
    most
        Number of changed features shown at most.
    most_samples
        Number of samples at most; of more, so many are chosen, evenly in their order.

    Returns
    -------
    pandas.DataFrame
        One row a cell, from the top left: ``feature role padj call n_changed row_order sample column_order``, the
        variables, ``log2_normalised`` (log2 of the normalised count + 1), and ``z`` (its distance from the row mean
        in standard deviations; 0 where a row does not vary). ``n_changed`` counts changed features, shown or not;
        ``samples_in_all`` is there where samples are chosen: means, deviations and the order of rows are of all.

    Raises
    ------
    ValueError
        Where the sheet lacks a sample or a variable, or a variable has the name of a column of this table.
    """
    called = calls(results, alpha)
    changed = results[called.isin(["up", "down"]) & results["feature"].isin(normalised.index)]
    surest = changed.assign(padj=to_sort_by(changed["padj"]), pvalue=to_sort_by(changed["pvalue"]))
    shown = surest.sort_values(["padj", "pvalue", "feature"])["feature"].head(most).tolist()
    shown += [feature for feature in target if feature in normalised.index and feature not in shown]
    groups = grid.ordered(grid.sheet(samples, [str(name) for name in normalised.columns], variables, _OWN))
    order = groups.index
    log = np.log2(normalised.loc[shown, list(order)].astype(float) + 1)
    spread = log.std(axis=1, ddof=1)
    z = log.sub(log.mean(axis=1), axis=0).div(spread.where(spread > 1e-12), axis=0).fillna(0.0)
    rows = grid.cluster(pdist(z.to_numpy()), len(z)) if shown else []
    of_feature = results.assign(call=called).set_index("feature")[["padj", "call"]].reindex(z.index)
    groups = grid.drawn(groups, most_samples)
    order = groups.index
    log, z = log[order], z[order]
    cells = [
        pd.DataFrame(
            {
                "feature": feature,
                **of_feature.loc[feature].to_dict(),
                "n_changed": len(changed),
                "row_order": row,
                "sample": order,
                "column_order": range(len(order)),
                **{variable: groups[variable].to_numpy() for variable in variables},
                "log2_normalised": log.loc[feature].to_numpy(),
                "z": z.loc[feature].to_numpy(),
            }
        )
        for row, feature in enumerate(z.index[rows])
    ]
    columns = [
        "feature",
        "padj",
        "call",
        "n_changed",
        "row_order",
        "sample",
        "column_order",
        *variables,
        "log2_normalised",
        "z",
    ]
    table = pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(columns=columns)
    table.insert(1, "role", role_of(table["feature"], target, ()))
    return table.assign(**grid.in_all(normalised.shape[1], len(order)))


@style()
def plot(
    table: pd.DataFrame,
    *,
    alpha: float,
    variables: Sequence[str] | None = None,
    colours: grid.Colours | None = None,
    **words: Unpack[Words],
) -> Figure:
    """Draw the table of `tabulate`; where nothing changed, the figure says so.

    Parameters
    ----------
    table
        From `tabulate`, with the same `alpha`.
    variables
        Which variables of the table to show; all by default.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `layout.Words`.
    """
    joint = ((table["padj"] < alpha) & (table["call"] == "none")).any()
    rule = f"adjusted p < {alpha:g}{' and interval beyond 0' if joint else ''}"
    nothing = f"No feature changed ({rule})"
    if table.empty:
        return blank(f"{nothing}.", **words)
    shown = grid.shown_variables(table, _OWN, variables)
    n_changed = int(table["n_changed"].iloc[0])
    rows = table.drop_duplicates("row_order").sort_values("row_order")
    columns = table.drop_duplicates("column_order").sort_values("column_order")
    z = table.sort_values(["row_order", "column_order"])["z"].to_numpy(dtype=float).reshape(len(rows), len(columns))
    features, names = [short_name(feature) for feature in rows["feature"]], columns["sample"].tolist()
    width = ONE_COLUMN if len(columns) <= 12 else TWO_COLUMNS
    legend = 0.15 * (1 + min(9, max((table[variable].nunique() for variable in shown), default=-1)))
    extra = 0.95 + legend + (grid.STRIP + 0.06) * len(shown) + grid.length(names) + 0.2 * words.get("simulated", False)
    height = min(TALLEST, extra + grid.LINE * max(len(rows), 3))
    figure = new_figure(width, height)
    ratios = [grid.STRIP] * len(shown) + [height - extra, grid.BAR]
    axes = figure.subplots(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0].tolist()
    image = grid.matrix(axes[-2], z, -_Z, _Z, "RdBu_r")
    target = {short_name(feature) for feature in rows.loc[rows["role"] == "target", "feature"]}
    room = width - grid.length([*features, *shown]) - 0.15
    thinned = grid.names(axes[-2], names, features, room, height - extra + 0.1, target)
    grid.strips(axes[:-2], columns[shown], grid.palettes(columns[shown], colours))
    colour_bar(axes[-1], image, "z-score of log2(normalised count + 1)", "both")
    significant = int(rows["call"].isin(["up", "down"]).sum())
    counted = f"All {n_changed}" if significant == n_changed else f"The {significant} most significant of {n_changed}"
    explanation = f"{counted} changed features ({rule})." if n_changed else "Only the target is shown."
    chosen = f"{grid.counted_samples(table, len(columns))} are drawn." if grid.IN_ALL in table else ""
    sentence = None if n_changed else f"{nothing}."
    frame(figure, explanation, chosen, thinned, sentence=sentence, **words)
    return figure
