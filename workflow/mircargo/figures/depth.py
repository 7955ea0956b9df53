"""How many features each library shows, against its depth."""

from typing import Final, Unpack

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from mircargo.figures import catalogue, labels
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, SamplesInputs
from mircargo.figures.placement import (
    Words,
    blank,
    frame,
    legend_of_variables,
    log_axis,
    new_figure,
)
from mircargo.figures.style import ONE_COLUMN, TARGET, style
from mircargo.problems import listing
from mircargo.results.columns import QUALITY, Column, common, take

COLUMNS: Final = {
    **common("sample"),
    **grid.VARIABLE,
    **take(QUALITY, "total detected flags"),
    "label_rank": Column("Order in which flagged libraries were named; missing for what has no name"),
}
_OWN: Final = grid.reserved(COLUMNS)
_FLAGS: Final = {"shallow": "shallow", "dominated": "dominated by one feature"}  # `poscounts` is of a whole fraction
MOST_NAMED: Final = 6  # libraries of a flag
_FULL_SIZE_UP_TO: Final = 60


def tabulate(libraries: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Take depth and number of features of each library.

    Parameters
    ----------
    libraries
        `quality/samples.tsv`: ``sample total detected flags``.
    groups
        Columns of the sample sheet, indexed by sample name: the first becomes colour, the second, if any, marker.

    Returns
    -------
    pandas.DataFrame
        One row a sample, with `COLUMNS`; shallow and dominated libraries are ranked, the shallowest first, unless so
        many have the flag that the caption has to do.

    Raises
    ------
    ValueError
        Where a sample has no row in `groups`, or a variable has the name of a column of this table.
    """
    taken = libraries[["sample", "total", "detected", "flags"]].reset_index(drop=True)
    groups = grid.as_text(groups, taken["sample"].tolist(), _OWN)
    flags = taken["flags"].fillna("").astype(str)
    named = pd.Series(False, index=taken.index)
    for flag in _FLAGS:
        has = flags.str.contains(flag)
        named |= has & (has.sum() <= MOST_NAMED)
    rank = taken.loc[named, "total"].rank(method="first").astype("Int64")
    variables = {variable: levels.to_numpy() for variable, levels in groups.items()}
    table = taken.assign(flags=flags, label_rank=rank.reindex(taken.index), **variables)
    return table[["sample", *variables, "total", "detected", "flags", "label_rank"]]


@style()
def plot(table: pd.DataFrame, *, colours: grid.Colours | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`: a point a library; flagged ones have a black rim, and a name where they are few.

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
    >>> table = depth.tabulate(example.libraries, sheet[["condition", "fraction"]])
    >>> figure = depth.plot(table, simulated=True)
    """
    drawn = table[table["total"] > 0]
    if drawn.empty:
        return blank("No library has a read.", **words)
    looks = grid.point_looks(drawn, _OWN, colours)
    figure = new_figure(ONE_COLUMN, 3.3)
    axes = figure.subplots()
    size = 24 * max(0.2, min(1.0, _FULL_SIZE_UP_TO / len(drawn)))
    sns.scatterplot(
        x=drawn["total"], y=drawn["detected"], hue=looks.by_colour.to_numpy(), style=looks.by_marker.to_numpy(),
        palette=looks.fills, markers=looks.markers, s=size, linewidth=0.3, legend=False, ax=axes, clip_on=False,
    )  # fmt: skip
    rimmed = drawn[drawn["flags"].str.contains("|".join(_FLAGS))]
    for level, marker in looks.markers.items():
        own = rimmed[looks.by_marker[rimmed.index] == level]
        axes.scatter(
            own["total"], own["detected"], s=size, marker=marker, facecolors="none", edgecolors=TARGET, linewidths=0.9,
            zorder=3, clip_on=False,
        )  # fmt: skip
    low, high = float(drawn["total"].min()), float(drawn["total"].max())
    # Depths over less than a factor of four would look more different than they are.
    middle, reach = (low * high) ** 0.5, max(2.0, 1.3 * (high / low) ** 0.5)
    log_axis(axes.xaxis, middle / reach, middle * reach)
    axes.set(ylim=(0, 1.1 * drawn["detected"].max()), xlabel="reads of features", ylabel="features with a read")
    if looks.variables:
        legend_of_variables(axes, looks.legends())
    empty = f"{len(table) - len(drawn):,} without a read not drawn." if len(drawn) < len(table) else ""
    frame(figure, f"Point: a library, of {len(table):,}.", _flags_in_words(drawn), empty, **words)
    wanted = [
        labels.Label(
            row.total, row.detected, f"{grid.shorten(row.sample)} ({row.flags.replace(';', ', ')})", radius=2.5
        )
        for row in drawn[drawn["label_rank"].notna()].sort_values("label_rank").itertuples()
    ]
    labels.place(axes, wanted, labels.Crowd(drawn[["total", "detected"]].to_numpy(dtype=float), radius=2.5))
    return figure


def _flags_in_words(table: pd.DataFrame) -> str:
    """Say for the caption which libraries are flagged."""
    own = {words: table.loc[table["flags"].str.contains(flag), "sample"] for flag, words in _FLAGS.items()}
    parts = [f"{len(has):,} {words} ({listing(map(grid.shorten, has), 3)})" for words, has in own.items() if len(has)]
    return f"Black rim: {'; '.join(parts)}." if parts else "No library is shallow or dominated by one feature."


def draw(inputs: SamplesInputs) -> Drawn:
    first = next((name for name in inputs.variables if name != inputs.fraction), None)
    names = list(dict.fromkeys(name for name in (first, inputs.fraction) if name))
    table = tabulate(inputs.libraries, inputs.sheet[names])
    return table, plot(table, colours=inputs.colours, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="depth", shows="Features detected against depth", of="samples", order=5, columns=COLUMNS, draw=draw
)
