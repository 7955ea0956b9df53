"""What figures with a column a sample share: samples in order, strips of groups, and names that never overlap."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.cluster.hierarchy import leaves_list, linkage

from mircargo.figures.placement import counted, legend_of_variables, marker_key
from mircargo.figures.style import LEVELS, TARGET, as_levels, colours_of, markers_of
from mircargo.results.columns import Column

Colours = Mapping[str, Mapping[str, str]]

MOST_SAMPLES: Final = 300  # drawn side by side
IN_ALL: Final = "samples_in_all"  # a column that is there only where some are not drawn
STRIP: Final = 0.12  # inches
STRIP_AND_GAP: Final = STRIP + 0.06
BAR: Final = 0.07  # inches
_MOST_CELLS: Final = 2500  # more are rasterized
_DECIMALS: Final = 9  # that distances are rounded to
_LONGEST: Final = 28  # letters of a name
_LETTER: Final = 0.06  # inches, the width of a letter
LINE: Final = 0.115  # inches, the height of a name
VARIABLE: Final = {"VARIABLE": Column("Columns of the sample sheet that are shown")}


def reserved(columns: Collection[str]) -> set[str]:
    """Return the names that the table of a figure has for columns of its own."""
    return {*columns, IN_ALL} - set(VARIABLE)


def as_text(groups: pd.DataFrame, names: Sequence[str], own: Collection[str] = ()) -> pd.DataFrame:
    """Take the groups of samples in a given order, as text.

    Parameters
    ----------
    groups
        Columns of a sample sheet, indexed by sample name.
    names
        Samples wanted, in this order.
    own
        Names that the table of a figure needs for columns of its own.

    Returns
    -------
    pandas.DataFrame
        Indexed by `names`, one text column a variable.

    Raises
    ------
    ValueError
        Where a sample is not there, or a variable has the name of one of the figure's own columns.
    """
    absent = [name for name in names if name not in groups.index]
    if absent:
        raise ValueError(f"the sample sheet has no row for: {', '.join(map(str, absent))}")
    clashing = [variable for variable in groups if variable in own]
    if clashing:
        raise ValueError(
            f"a figure's table has columns of this name itself: {', '.join(clashing)}; rename them in the sheet"
        )
    taken = groups.loc[list(names)]
    return pd.DataFrame({variable: as_levels(levels) for variable, levels in taken.items()}, index=pd.Index(names))


def ordered(groups: pd.DataFrame) -> pd.DataFrame:
    """Order samples by the first variable, then the second, and so on; levels in order of first appearance."""
    ranks = {variable: pd.Categorical(levels, levels.unique()).codes for variable, levels in groups.items()}
    if not ranks:
        return groups
    return groups.loc[pd.DataFrame(ranks, index=groups.index).sort_values(list(ranks), kind="stable").index]


def drawn(groups: pd.DataFrame, most: int = MOST_SAMPLES) -> pd.DataFrame:
    """Choose the samples to draw: all, or `most` of them, evenly spaced, so that ordered groups keep their shares."""
    if len(groups) <= most:
        return groups
    return groups.iloc[np.linspace(0, len(groups) - 1, most).round().astype(int)]


def in_all(n_samples: int, n_drawn: int) -> dict[str, int]:
    """Return the column with the number of samples, if not all of them are drawn."""
    return {IN_ALL: n_samples} if n_drawn < n_samples else {}


def counted_samples(table: pd.DataFrame, n_drawn: int) -> str:
    """Write how many samples are drawn, and of how many if not all."""
    if IN_ALL not in table:
        return counted(n_drawn, "sample")
    return f"{n_drawn:,} of {table[IN_ALL].iloc[0]:,} samples, chosen evenly,"


def cluster(condensed: npt.NDArray[np.float64], items: int) -> list[int]:
    """Order items so that similar ones stand together (average linkage, optimal leaf order).

    Parameters
    ----------
    condensed
        Distances between all pairs, as of `scipy.spatial.distance.pdist`.
    items
        Number of items.
    """
    return [int(leaf) for leaf in leaves_list(tree(condensed))] if items > 2 else list(range(items))


def tree(condensed: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Join items from the most similar pair on, as of `scipy.cluster.hierarchy.linkage`, for at least two items."""
    # Ties are broken by the order of the items and not by rounding error.
    joined: npt.NDArray[np.float64] = linkage(np.round(condensed, _DECIMALS), method="average", optimal_ordering=True)
    return joined


def variables_of(table: pd.DataFrame, own: Collection[str]) -> list[str]:
    """Return the variables of the sheet in a figure's table: all but its own columns, and those that tell none apart.

    Where no variable does, all are shown: of one sample too, a figure says what it is.
    """
    variables = [str(column) for column in table if column not in own]
    return [each for each in variables if table[each].nunique() > 1] or variables


@dataclass(frozen=True)
class PointLooks:
    """How samples are told apart as points: the first variable of the sheet by colour, the second by marker.

    One variable alone that has more levels than there are colours that differ in grey has markers as well.
    """

    variables: list[str]
    by_colour: pd.Series
    by_marker: pd.Series
    fills: Mapping[str, str]
    markers: Mapping[str, str]

    def legends(self) -> dict[str, list[Line2D]]:
        """Return the entries of the legend of each variable."""
        entries = (
            [marker_key(level, self._marker(level), colour) for level, colour in self.fills.items()],
            [marker_key(level, marker, TARGET) for level, marker in self.markers.items()],
        )
        return dict(zip(self.variables, entries, strict=False))

    def _marker(self, level: str) -> str:
        return self.markers[level] if self.by_marker is self.by_colour else "o"


def point_looks(table: pd.DataFrame, own: Collection[str], colours: Colours | None) -> PointLooks:
    """Choose the looks of a table of samples, whose own columns are no variables of the sheet."""
    shown = variables_of(table, own)[:2]
    plain = pd.Series("samples", index=table.index, name="samples")
    by_colour, by_marker = [*(table[each].astype(str) for each in shown), plain, plain][:2]
    if len(shown) == 1 and by_colour.nunique() > len(LEVELS):
        by_marker = by_colour
    fills = palettes(by_colour.to_frame(), colours)[str(by_colour.name)]
    return PointLooks(shown, by_colour, by_marker, fills, markers_of(by_marker))


def legend_height(groups: pd.DataFrame) -> float:
    """Return the height in inches of the legend of the strips, which has at most nine levels a variable."""
    return 0.15 * (1 + min(9, max((groups[variable].nunique() for variable in groups), default=-1)))


def stack(figure: Figure, n_strips: int, *heights: float) -> list[Axes]:
    """Divide a figure into strips and, below them, axes of the given heights in inches."""
    ratios = [STRIP] * n_strips + list(heights)
    stacked: list[Axes] = figure.subplots(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0].tolist()
    return stacked


def matrix(axes: Axes, values: npt.NDArray[np.float64], lowest: float, highest: float, colours: str) -> QuadMesh:
    """Draw a matrix of cells, with missing values in grey and room for row names on the right."""
    axes.set_facecolor("#BBBBBB")
    mesh = axes.pcolormesh(
        np.ma.masked_invalid(values),
        cmap=colours,
        vmin=lowest,
        vmax=highest,
        rasterized=values.size > _MOST_CELLS,
    )
    axes.set(xlim=(0, values.shape[1]), ylim=(values.shape[0], 0), xticks=[], yticks=[])
    axes.yaxis.tick_right()
    axes.tick_params(length=0, pad=2, bottom=False, right=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return mesh


def names(
    axes: Axes,
    across: Sequence[str],
    down: Sequence[str],
    room: tuple[float, float],
    bold: Collection[str] = (),
    longest: int = _LONGEST,
) -> str:
    """Write names under columns and beside rows; where they would overlap, only every second, third, ...

    Parameters
    ----------
    across, down
        All names, in order.
    room
        Width and height in inches that the matrix will at least have.
    bold
        Row names written bold, and never left out.
    longest
        Letters of a row name that is not cut.

    Returns
    -------
    str
        A sentence for the caption if names are left out, else an empty text.
    """
    step, step_down = name_columns(axes, across, room[0]), _step(down, room[1])
    kept = {row for row, name in enumerate(down) if name in bold}
    rows = sorted(
        kept | {row for row in range(0, len(down), step_down) if all(abs(row - k) >= step_down for k in kept)}
    )
    axes.set_yticks([row + 0.5 for row in rows], [shorten(down[row], longest) for row in rows], rotation=0)
    for row, label in zip(rows, axes.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if row in kept else "normal")
    counted = [f"one column in {step}"] * (step > 1) + [f"one row in {step_down}"] * (step_down > 1)
    return f"For want of room {' and '.join(counted)} is named." if counted else ""


def name_columns(axes: Axes, across: Sequence[str], width: float) -> int:
    """Write names under columns; where they would overlap, only every second, third, ..., and return which."""
    step = _step(across, width)
    middles = np.arange(0, len(across), step) + 0.5
    axes.set_xticks(middles, [shorten(name) for name in across[::step]], rotation=90)
    return step


def _step(names: Sequence[str], room: float) -> int:
    return max(1, math.ceil(LINE * len(names) / room))


def shorten(name: str, longest: int = _LONGEST) -> str:
    """Cut the middle of a very long name; the table beside the figure has it in full."""
    return name if len(name) <= longest else f"{name[: longest // 2]}…{name[-longest // 2 + 1 :]}"


def length(names: Sequence[str], longest: int = _LONGEST) -> float:
    """Estimate the length in inches of the longest name at 7 points."""
    return _LETTER * max((len(shorten(name, longest)) for name in names), default=0)


def palettes(groups: pd.DataFrame, given: Colours | None) -> dict[str, dict[str, str]]:
    """Colour the levels that occur: as given, else in order of first appearance, other variables in other colours.

    Parameters
    ----------
    groups
        One text column a variable.
    given
        Of each variable, level to colour; may lack variables and levels.
    """
    found: dict[str, dict[str, str]] = {}
    used: list[str] = []
    for variable in groups.columns:
        wanted = (given or {}).get(variable, {})
        others = colours_of(groups[variable], used=used)
        found[variable] = {level: wanted.get(level, other) for level, other in others.items()}
        used += found[variable].values()
    return found


def strips(axes: Sequence[Axes], groups: pd.DataFrame, colours: Colours) -> None:
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
