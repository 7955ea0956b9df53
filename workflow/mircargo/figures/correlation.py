"""Correlation between samples: which are similar, and whether that follows the groups."""

from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.spatial.distance import squareform

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, SamplesInputs
from mircargo.figures.placement import Words, colour_bar, frame, new_figure
from mircargo.figures.style import ONE_COLUMN, TWO_COLUMNS, style
from mircargo.results.columns import Column, common

COLUMNS: Final = {
    **common("sample"),
    **grid.VARIABLE,
    "order": Column("Place of the sample in the figure"),
    "other": Column("The other sample"),
    "other_order": Column("Its place"),
    "rho": Column("Spearman correlation of the two", "-1 to 1"),
    "n_features": Column("Features that took part", "features"),
}
_OWN: Final = grid.reserved(COLUMNS)


def tabulate(normalised: pd.DataFrame, groups: pd.DataFrame, most: int = grid.MOST_SAMPLES) -> pd.DataFrame:
    """Correlate every sample with every other (Spearman), and order them so that similar ones stand together.

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample; features that are 0 in all samples are left out.
    groups
        Columns of the sample sheet shown as strips, indexed by sample name.
    most
        Number of samples at most; of more, so many are chosen, evenly in the order of their groups.

    Returns
    -------
    pandas.DataFrame
        One row a pair, with `COLUMNS`, in the order of the columns of `normalised` (of groups, where samples are
        chosen). ``rho`` is missing where a sample does not vary. ``samples_in_all`` is added where samples are chosen.

    Raises
    ------
    ValueError
        Where a sample has no row in `groups`, or a variable has the name of a column of this table.
    """
    names = [str(name) for name in normalised.columns]
    groups = grid.as_text(groups, names, _OWN)
    counted = normalised[(normalised > 0).any(axis=1)].astype(float)
    n_samples = len(names)
    if n_samples > most:
        groups = grid.drawn(grid.ordered(groups), most)
        names = list(groups.index)
        counted = counted[names]
    with np.errstate(invalid="ignore", divide="ignore"):
        known = len(counted) > 1
        rho = np.atleast_2d(np.corrcoef(counted.rank(), rowvar=False)) if known else np.full([len(names)] * 2, np.nan)
    distance = 1 - np.nan_to_num((rho + rho.T) / 2, nan=0.0)
    np.fill_diagonal(distance, 0.0)
    position = np.argsort(grid.cluster(squareform(distance, checks=False), len(names)))
    n = len(names)
    first, second = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    return pd.DataFrame(
        {
            "sample": np.array(names)[first],
            **{variable: levels.to_numpy()[first] for variable, levels in groups.items()},
            "order": position[first],
            "other": np.array(names)[second],
            "other_order": position[second],
            "rho": rho.ravel(),
            "n_features": len(counted),
            **grid.in_all(n_samples, n),
        }
    )


@style()
def plot(table: pd.DataFrame, *, colours: grid.Colours | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`.

    Parameters
    ----------
    table
        From `tabulate`.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = correlation.tabulate(normalised, sheet[["condition", "fraction"]])
    >>> figure = correlation.plot(table, simulated=True)
    """
    shown = grid.variables_of(table, _OWN)
    each = table.drop_duplicates("sample")
    ordered = each.sort_values("order")
    rho = table.sort_values(["order", "other_order"])["rho"].to_numpy(dtype=float).reshape(len(each), len(each))
    names = ordered["sample"].tolist()
    width = ONE_COLUMN if len(each) <= 14 else TWO_COLUMNS
    side = width - grid.length([*names, *shown]) - 0.15
    height = side + 1.1 + grid.legend_height(table[shown]) + grid.STRIP_AND_GAP * len(shown) + grid.length(names)
    figure = new_figure(width, height)
    axes = grid.stack(figure, len(shown), side, grid.BAR)
    apart = rho[~np.eye(len(rho), dtype=bool)]
    apart = apart[np.isfinite(apart)]
    # The scale begins just below the lowest correlation: samples of one tissue all correlate highly.
    lowest = min(float(np.floor(apart.min() * 20) / 20), 0.95) if apart.size else 0.0
    image = grid.matrix(axes[-2], rho, lowest, 1.0, "viridis")
    thinned = grid.names(axes[-2], names, names, (side, side))
    grid.strips(axes[:-2], ordered[shown], grid.palettes(each[shown], colours))
    colour_bar(axes[-1], image, "Spearman correlation", "neither")
    samples = f"{len(each)} samples," if grid.IN_ALL not in table else grid.counted_samples(table, len(each))
    frame(figure, f"{samples} {int(table['n_features'].iloc[0]):,} features, normalised counts.", thinned, **words)
    return figure


def draw(inputs: SamplesInputs) -> Drawn:
    table = tabulate(inputs.normalised, inputs.groups())
    return table, plot(table, colours=inputs.colours, note=inputs.size_factors, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="sample_correlation",
    shows="Correlation between the samples",
    of="samples",
    order=2,
    columns=COLUMNS,
    draw=draw,
)
