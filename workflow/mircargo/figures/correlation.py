"""Correlation of samples: which are alike, and whether that follows the groups."""

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.spatial.distance import squareform

from mircargo.figures import sample_grid as grid
from mircargo.figures.placement import Words, colour_bar, frame, new_figure
from mircargo.figures.style import ONE_COLUMN, TWO_COLUMNS, style

_OWN: Final = ("sample", "order", "other", "other_order", "rho", "n_features", grid.IN_ALL)


def tabulate(
    normalised: pd.DataFrame, samples: pd.DataFrame, variables: Sequence[str], most: int = grid.MOST_SAMPLES
) -> pd.DataFrame:
    """Correlate every sample with every other (Spearman), and order them so that like ones stand together.

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample; features that are 0 in all samples are left out.
    samples
        Sample sheet, indexed by sample name.
    variables
        Columns of the sheet shown as strips.
    most
        Number of samples at most; of more, so many are chosen, evenly in the order of their groups.

    Returns
    -------
    pandas.DataFrame
        One row a pair, in the order of the columns of `normalised` (of groups, where samples are chosen): ``sample``,
        its variables, ``order``, ``other``, ``other_order``, ``rho`` (missing where a sample does not vary),
        ``n_features``; and ``samples_in_all`` where samples are chosen.

    Raises
    ------
    ValueError
        Where the sheet lacks a sample or a variable, or a variable has the name of a column of this table.
    """
    names = [str(name) for name in normalised.columns]
    groups = grid.sheet(samples, names, variables, _OWN)
    counted = normalised[(normalised > 0).any(axis=1)].astype(float)
    n_samples = len(names)
    if n_samples > most:
        groups = grid.drawn(grid.ordered(groups), most)
        names = list(groups.index)
        counted = counted[names]
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = (
            np.atleast_2d(np.corrcoef(counted.rank().to_numpy(), rowvar=False)) if len(counted) > 1 else _unknown(names)
        )
    distance = 1 - np.nan_to_num((rho + rho.T) / 2, nan=0.0)
    np.fill_diagonal(distance, 0.0)
    position = np.argsort(grid.cluster(squareform(distance, checks=False), len(names)))
    n = len(names)
    first, second = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    return pd.DataFrame(
        {
            "sample": np.array(names)[first],
            **{variable: groups[variable].to_numpy()[first] for variable in variables},
            "order": position[first],
            "other": np.array(names)[second],
            "other_order": position[second],
            "rho": rho.ravel(),
            "n_features": len(counted),
            **grid.in_all(n_samples, n),
        }
    )


def _unknown(names: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.full((len(names), len(names)), np.nan)


@style()
def plot(
    table: pd.DataFrame,
    *,
    variables: Sequence[str] | None = None,
    colours: grid.Colours | None = None,
    **words: Unpack[Words],
) -> Figure:
    """Draw the table of `tabulate`.

    Parameters
    ----------
    table
        From `tabulate`.
    variables
        Which variables of the table to show; all by default.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `layout.Words`.
    """
    shown = grid.shown_variables(table, _OWN, variables)
    each = table.drop_duplicates("sample")
    ordered = each.sort_values("order")
    rho = table.sort_values(["order", "other_order"])["rho"].to_numpy(dtype=float).reshape(len(each), len(each))
    names = ordered["sample"].tolist()
    width = ONE_COLUMN if len(each) <= 14 else TWO_COLUMNS
    side = width - grid.length([*names, *shown]) - 0.15
    legend = 0.15 * (1 + min(9, max((table[variable].nunique() for variable in shown), default=-1)))
    height = side + 1.1 + legend + (grid.STRIP + 0.06) * len(shown) + grid.length(names)
    figure = new_figure(width, height)
    ratios = [grid.STRIP] * len(shown) + [side, grid.BAR]
    axes = figure.subplots(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0].tolist()
    apart = rho[~np.eye(len(rho), dtype=bool)]
    apart = apart[np.isfinite(apart)]
    # The scale begins below the least alike pair: samples of one kind of tissue all correlate highly.
    lowest = min(float(np.floor(apart.min() * 20) / 20), 0.95) if apart.size else 0.0
    image = grid.matrix(axes[-2], rho, lowest, 1.0, "viridis")
    thinned = grid.names(axes[-2], names, names, side, side)
    grid.strips(axes[:-2], ordered[shown], grid.palettes(each[shown], colours))
    colour_bar(axes[-1], image, "Spearman correlation", "neither")
    shown_samples = f"{len(each)} samples," if grid.IN_ALL not in table else grid.counted_samples(table, len(each))
    explanation = f"{shown_samples} {int(table['n_features'].iloc[0]):,} features, normalised counts."
    frame(figure, explanation, thinned, **words)
    return figure
