"""Correlation between samples: which are similar, and whether that follows the groups."""

from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection, QuadMesh
from matplotlib.figure import Figure
from scipy.cluster.hierarchy import dendrogram
from scipy.spatial.distance import squareform

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, SamplesInputs
from mircargo.figures.placement import Words, colour_bar, frame, new_figure
from mircargo.figures.style import NOTE, ONE_COLUMN, SMALLEST, TWO_COLUMNS, style
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
_CELL: Final = 0.2  # inches
_LEAST: Final = 1.2  # inches, of the matrix
_TREE: Final = 0.4  # inches
Floats = npt.NDArray[np.float64]


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
    position = np.argsort(grid.cluster(_distances(rho), len(names)))
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


def _distances(rho: Floats) -> Floats:
    """Return 1 - correlation of each pair, as of `scipy.spatial.distance.pdist`; 1 where there is no correlation."""
    distance = 1 - np.nan_to_num((rho + rho.T) / 2, nan=0.0)
    np.fill_diagonal(distance, 0.0)
    condensed: Floats = squareform(distance, checks=False)
    return condensed


@style()
def plot(table: pd.DataFrame, *, colours: grid.Colours | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`, with a dendrogram; the correlations of up to about 25 samples are written.

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
    ordered, n = each.sort_values("order"), len(each)
    rho = table.sort_values(["order", "other_order"])["rho"].to_numpy(dtype=float).reshape(n, n)
    names = ordered["sample"].tolist()
    beside = grid.length([*names, *shown]) + _TREE + 0.25
    side = min(max(_CELL * n, _LEAST), TWO_COLUMNS - beside)
    width = max(ONE_COLUMN, side + beside)
    height = side + 1.1 + grid.legend_height(table[shown]) + grid.STRIP_AND_GAP * len(shown) + grid.length(names)
    figure = new_figure(width, height)
    axes = grid.stack(figure, len(shown), side, grid.BAR)
    # That of a sample with itself is no finding, and would use up the scale.
    apart = np.where(np.eye(n, dtype=bool), np.nan, rho)
    image = grid.matrix(axes[-2], apart, *_limits(apart), "viridis")
    axes[-2].add_collection(PolyCollection([_square(i) for i in range(n)], facecolors="white"))
    if side / n >= 0.9 * _CELL:
        _write(axes[-2], apart, image)
    if n > 2:
        _draw_tree(axes[-2].inset_axes((-_TREE / side, 0, 0.95 * _TREE / side, 1)), rho)
    thinned = grid.names(axes[-2], names, names, (side, side))
    grid.strips(axes[:-2], ordered[shown], grid.palettes(each[shown], colours))
    colour_bar(axes[-1], image, "Spearman correlation", "neither")
    samples = f"{n} samples," if grid.IN_ALL not in table else grid.counted_samples(table, n)
    joined = "Left: which samples are most alike (average linkage)." if n > 2 else ""
    features = f"{int(table['n_features'].iloc[0]):,} features, normalised counts."
    frame(figure, f"{samples} {features}", joined, thinned, **words)
    return figure


def _limits(apart: Floats) -> tuple[float, float]:
    """Return the ends of the scale: those of the correlations, as samples of one tissue all correlate highly."""
    known = apart[np.isfinite(apart)]
    if not known.size:
        return 0.0, 1.0
    step = 0.05 if np.ptp(known) > 0.05 else 0.01
    low, high = np.floor(known.min() / step) * step, np.ceil(known.max() / step) * step
    return (float(low), float(high)) if high > low else (float(low) - step, float(high))


def _square(i: int) -> list[tuple[int, int]]:
    return [(i, i), (i + 1, i), (i + 1, i + 1), (i, i + 1)]


def _write(axes: Axes, values: Floats, image: QuadMesh) -> None:
    low, high = image.get_clim()
    for row, column in zip(*np.nonzero(np.isfinite(values)), strict=True):
        text = f"{values[row, column]:.2f}".replace("0.", ".")
        colour = "black" if values[row, column] > low + 0.55 * (high - low) else "white"
        x, y = column + 0.5, row + 0.5
        axes.text(x, y, text, size=SMALLEST, ha="center", va="center_baseline", color=colour)


def _draw_tree(axes: Axes, rho: Floats) -> None:
    """Draw which samples are joined first, with the rows of the matrix as leaves."""
    drawn = dendrogram(grid.tree(_distances(rho)), no_plot=True)
    # scipy puts the leaves at 5, 15, 25, ...
    lines = [
        np.column_stack([distances, np.array(places) / 10])
        for distances, places in zip(drawn["dcoord"], drawn["icoord"], strict=True)
    ]
    axes.add_collection(LineCollection(lines, colors=NOTE, linewidths=0.5))
    farthest = max(float(np.max(drawn["dcoord"])), 1e-9)
    axes.set(xlim=(1.02 * farthest, 0), ylim=(len(rho), 0))
    axes.set_axis_off()


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
