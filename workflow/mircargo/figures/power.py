"""Power of the next experiment against animals per group, by the size of the change."""

import textwrap
from typing import Any, Final, Unpack

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from mircargo.figures import catalogue
from mircargo.figures.inputs import Drawn, NextExperimentInputs
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, frame, legend_above, new_figure
from mircargo.figures.style import ONE_COLUMN, TARGET, TWO_COLUMNS, style
from mircargo.results.columns import Column, take
from mircargo.results.next_experiment_columns import NEXT_EXPERIMENT, NEXT_EXPERIMENT_POWER

COLUMNS: Final = {
    **NEXT_EXPERIMENT_POWER,
    "title": Column("What people read of the contrast or comparison"),
    **take(NEXT_EXPERIMENT, "animals_now"),
}
_LINES: Final[dict[str, Any]] = {"wald": "-", "release": "-", "robust": (0, (3, 1.5))}
_PANEL_HEIGHT, _ABOVE = 2.1, 0.9  # inches
_ABOVE_TITLE, _LONGEST_TITLE = 1.09, 52  # of the axes' height; letters


def tabulate(powers: pd.DataFrame, needed: pd.DataFrame, target: str | None, titles: dict[str, str]) -> pd.DataFrame:
    """Take the power of the target at the depth nearest to this study's.

    Parameters
    ----------
    powers, needed
        `cargo/next_experiment.power.tsv` and `cargo/next_experiment.tsv`.
    target
        The target among the features.
    titles
        What people read of each contrast and comparison.

    Returns
    -------
    pandas.DataFrame
        A row each contrast, call, fold change and number of animals, with `COLUMNS`.
    """
    own = powers[powers["feature"] == target]
    nearest = own["depth"].sub(1).abs()
    own = own[nearest == nearest.min()]
    now = needed.drop_duplicates("contrast").set_index("contrast")["animals_now"]
    own = own.assign(title=own["contrast"].map(titles), animals_now=own["contrast"].map(now))
    return own[list(COLUMNS)].reset_index(drop=True)


@style()
def plot(table: pd.DataFrame, power: float, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`.

    Parameters
    ----------
    table
        From `tabulate`.
    power
        The power asked for.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> titles = {"exosome_injury": "Exosomes"}
    >>> table = power.tabulate(plan.powers(), plan.needed(), mir_21[0], titles)
    >>> figure = power.plot(table, power=0.8, simulated=True)
    """
    if table.empty:
        return blank("The target was fitted in no contrast, so its power is not known.", **words)
    names = table["contrast"].drop_duplicates().tolist()
    across = min(len(names), 2)
    down = -(-len(names) // across)
    figure = new_figure(ONE_COLUMN if across == 1 else TWO_COLUMNS, _ABOVE + _PANEL_HEIGHT * down)
    grid = figure.subplots(down, across, squeeze=False, sharey=True, sharex=True)
    folds = sorted(table["fold_change"].unique())
    colours = dict(zip(folds, sns.color_palette("viridis", len(folds) + 1)[: len(folds)], strict=True))
    for place, axes in enumerate(grid.ravel()):
        if place >= len(names):
            axes.set_visible(False)
            continue
        _panel(axes, table[table["contrast"] == names[place]], colours, power)
        if place % across == 0:
            axes.set_ylabel("power")
        if place + across >= len(names):
            axes.set_xlabel("animals per group")
            axes.tick_params(labelbottom=True)
    handles = [Line2D([], [], color=colours[fold], label=f"{fold:g}-fold") for fold in folds]
    if (table["call_kind"] == "robust").any():
        handles.append(Line2D([], [], color=TARGET, linestyle=_LINES["robust"], label="robust call"))
    legend = legend_above(grid[0, 0], handles, most=4)
    legend.set_bbox_to_anchor((-0.02, _ABOVE_TITLE), grid[0, 0].transAxes)
    depth = table["depth"].iloc[0]
    where = "the depth" if depth == 1 else f"{depth:g} times the depth"
    frame(
        figure,
        f"Lines: {short_name(str(table['feature'].iloc[0]))}, at {where} of this study.",
        f"Grey: this study's animals, and {power:.0%} power.",
        **words,
    )
    return figure


def _panel(axes: Axes, table: pd.DataFrame, colours: dict[float, tuple[float, float, float]], power: float) -> None:
    axes.axhline(power, color="#B0B0B0", linewidth=0.8, zorder=1)
    axes.axvline(float(table["animals_now"].iloc[0]), color="#B0B0B0", linewidth=0.8, zorder=1)
    for (kind, fold), line in table.groupby(["call_kind", "fold_change"], sort=False):
        # A single number of animals makes no line.
        marker = "o" if len(line) == 1 else ""
        look: dict[str, Any] = {
            "color": colours[fold],
            "linestyle": _LINES[str(kind)],
            "marker": marker,
            "markersize": 3,
        }
        axes.plot(line["animals"], line["power"], linewidth=1.2, **look)
    axes.set(ylim=(0, 1.02))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_title(
        textwrap.shorten(str(table["title"].iloc[0]), _LONGEST_TITLE, placeholder=" ..."), loc="left", fontsize=7
    )


def draw(inputs: NextExperimentInputs) -> Drawn:
    table = tabulate(inputs.powers, inputs.needed, inputs.target, dict(inputs.titles))
    return table, plot(table, inputs.power, title="Power of the next experiment", simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="power",
    shows="Power of the next experiment against animals per group",
    of="next_experiment",
    order=1,
    columns=COLUMNS,
    draw=draw,
)
