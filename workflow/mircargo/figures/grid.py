"""What heatmap and correlation share: the sample sheet in order, group strips, and names that never run together."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from scipy.cluster.hierarchy import leaves_list, linkage

from mircargo.figures.layout import legend_of_variables
from mircargo.figures.style import as_levels

STRIP: Final = 0.12  # inches
LINE: Final = 0.115  # inches that a name of 7 points needs


def sheet(
    samples: pd.DataFrame, names: Sequence[str], variables: Sequence[str], reserved: Collection[str] = ()
) -> pd.DataFrame:
    """Take variables of samples in a given order, as text.

    Parameters
    ----------
    samples
        Sample sheet, indexed by sample name.
    names
        Samples wanted, in this order.
    variables
        Columns wanted.
    reserved
        Names that the table of a figure needs for columns of its own.

    Returns
    -------
    pandas.DataFrame
        Indexed by `names`, one text column a variable.

    Raises
    ------
    ValueError
        Where the sheet has no such sample or column, or a column has a reserved name.
    """
    absent = [name for name in names if name not in samples.index]
    if absent:
        raise ValueError(f"the sample sheet has no row for: {', '.join(map(str, absent))}")
    unknown = [variable for variable in variables if variable not in samples.columns]
    if unknown:
        raise ValueError(f"the sample sheet has no column: {', '.join(unknown)}; it has: {', '.join(samples.columns)}")
    clashing = [variable for variable in variables if variable in reserved]
    if clashing:
        raise ValueError(
            f"a figure's table has columns of this name itself: {', '.join(clashing)}; rename them in the sheet"
        )
    taken = samples.loc[list(names), list(variables)]
    return pd.DataFrame({variable: as_levels(taken[variable]) for variable in variables}, index=pd.Index(names))


def cluster(condensed: npt.NDArray[np.float64], items: int) -> list[int]:
    """Order items so that like ones stand together (average linkage, optimal leaf order).

    Parameters
    ----------
    condensed
        Distances between all pairs, as of `scipy.spatial.distance.pdist`.
    items
        Number of items.
    """
    if items < 3:
        return list(range(items))
    return [int(leaf) for leaf in leaves_list(linkage(condensed, method="average", optimal_ordering=True))]


def matrix(axes: Axes, values: npt.NDArray[np.float64], lowest: float, highest: float, colours: str) -> AxesImage:
    """Draw a matrix of cells; a missing value is grey, and row names stand on the right."""
    axes.set_facecolor("#BBBBBB")
    image = axes.imshow(
        np.ma.masked_invalid(values),
        aspect="auto",
        interpolation="nearest",
        cmap=colours,
        vmin=lowest,
        vmax=highest,
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, pad=2)
    axes.yaxis.tick_right()
    return image


def names(axes: Axes, across: Sequence[str], down: Sequence[str], width: float, height: float) -> int:
    """Write names under columns and beside rows, every second, third, ... where they would run together.

    Parameters
    ----------
    across, down
        All names, in order.
    width, height
        Inches that the matrix will at least have.

    Returns
    -------
    int
        Step between named columns: 1 where every one is named.
    """
    step = max(1, int(np.ceil(LINE * len(across) / width)))
    axes.set_xticks(range(0, len(across), step), list(across)[::step], rotation=90)
    step_down = max(1, int(np.ceil(LINE * len(down) / height)))
    axes.set_yticks(range(0, len(down), step_down), list(down)[::step_down])
    return step


def strips(axes: Sequence[Axes], groups: pd.DataFrame, colours: Mapping[str, Mapping[str, str]]) -> None:
    """Draw a coloured strip a variable, with a legend above the first.

    Parameters
    ----------
    axes
        One per column of `groups`, from the top.
    groups
        Samples in the order of the columns, one text column a variable.
    colours
        Of each variable, level to colour.
    """
    legends: dict[str, list[Patch]] = {}
    for one, variable in zip(axes, groups.columns, strict=True):
        cells = [[to_rgb(colours[variable][level]) for level in groups[variable]]]
        one.imshow(np.array(cells), aspect="auto", interpolation="nearest")
        one.set_xticks([])
        one.yaxis.tick_right()
        one.set_yticks([0], [variable])
        one.tick_params(length=0, pad=2)
        for spine in one.spines.values():
            spine.set_visible(False)
        legends[variable] = [Patch(color=colour, label=level) for level, colour in colours[variable].items()]
    if legends:
        legend_of_variables(axes[0], legends)
