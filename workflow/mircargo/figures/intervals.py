"""The surest changed features of a contrast as intervals, in the order of their fold changes."""

import re
from dataclasses import dataclass
from typing import Final, Unpack

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mircargo.figures import catalogue
from mircargo.figures.changed import OF_CHANGED, counted_surest, label, surest
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.placement import STAMP, Words, blank, frame, legend_above, limit, marker_key, new_figure
from mircargo.figures.style import DOWN, NOTE, ONE_COLUMN, TARGET, UP, style
from mircargo.model.differential_table import covers
from mircargo.problems import listing
from mircargo.results.columns import Column
from mircargo.vocabulary import CHANGED

COLUMNS: Final = {"row": Column("Place of the feature, from the top"), **OF_CHANGED}
MOST: Final = 25
_LONGEST_CAUTIONS: Final = 120  # letters; longer ones stand in the data of the figure only
_ROW: Final = 0.16  # inches
_COLOURS: Final = {"up": UP, "down": DOWN}


@dataclass(frozen=True)
class _Look:
    """How a call is drawn: width of its line and size of its marker in points (squared)."""

    words: str
    marker: str
    line: float
    size: float


_LOOKS: Final = {
    True: _Look("robust", "o", 1.8, 24.0),
    False: _Look("not robust", "o", 0.6, 11.0),
    None: _Look("robustness undecided", "s", 0.6, 12.0),
}
_NOT_CALLED: Final = _Look("black: not called", "o", 0.6, 12.0)


def tabulate(chosen: pd.DataFrame) -> pd.DataFrame:
    """Put the features of `changed.surest` in the order of their fold changes, the largest first.

    Returns
    -------
    pandas.DataFrame
        One row a feature, with `COLUMNS`.
    """
    table = chosen.sort_values(["log2FoldChange", "rank"], ascending=[False, True], kind="stable")
    return table.assign(row=range(len(table)))[list(COLUMNS)].reset_index(drop=True)


@style()
def plot(table: pd.DataFrame, *, alpha: float, change: str, least: float = 0.0, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`: a point and its interval for each feature; where nothing changed, it is said.

    Parameters
    ----------
    table
        From `tabulate`.
    alpha
        Of the calls; the intervals cover 1 - alpha.
    change
        What a positive fold change is of: `injured / control`.
    least
        The smallest absolute log2 fold change of interest; lines show where it lies, if it is above 0.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> stress = example.stress["exosome_injury"]
    >>> table = intervals.tabulate(surest(fit, stress, {}, alpha=0.05, target=mir_21, most=25))
    >>> figure = intervals.plot(table, alpha=0.05, change="injured / control", simulated=True)
    """
    if table.empty:
        return blank(f"No feature changed (adjusted p < {alpha:g}).", **words)
    height = 1.55 + _ROW * max(len(table), 3) + STAMP * words.get("simulated", False)
    figure = new_figure(ONE_COLUMN, height)
    axes = figure.subplots()
    low, high = _ends(table)
    axes.set(xlim=(low, high), ylim=(len(table) - 0.4, -0.6), xlabel=f"log2 fold change ({change})")
    axes.axvline(0, color=NOTE, linewidth=0.6, zorder=1)
    for at in (-least, least) if least > 0 else ():
        axes.axvline(at, color=NOTE, linewidth=0.6, linestyle=(0, (3, 3)), zorder=1)
    _draw(axes, table, low, high)
    axes.set_yticks(range(len(table)), [label(feature, table["feature"]) for feature in table["feature"]])
    for text, role in zip(axes.get_yticklabels(), table["role"], strict=True):
        text.set_fontweight("bold" if role == "target" else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    legend_above(axes, _key(table, least), 2)
    beyond = table.loc[(table["log2FoldChange"] < low) | (table["log2FoldChange"] > high), "feature"]
    off = f"Beyond the axis: {listing([label(each, table['feature']) for each in beyond], 4)}." if len(beyond) else ""
    what = list(
        dict.fromkeys(re.sub(r" \[[^]]*\]", "", each) for each in "; ".join(table["cautions"].dropna()).split("; "))
    )
    cautions = f"Cautions: {'; '.join(what)}." if 0 < len("".join(what)) <= _LONGEST_CAUTIONS else ""
    target = "Bold: the target." if (table["role"] == "target").any() else ""
    frame(
        figure,
        counted_surest(table, alpha),
        f"Line: the interval that covers {covers(alpha)}.",
        target,
        cautions,
        off,
        **words,
    )
    return figure


def _ends(table: pd.DataFrame) -> tuple[float, float]:
    """Return where the axis begins and ends: around all intervals, unless a few reach far beyond the others."""
    ends = table[["ci_low", "ci_high", "log2FoldChange"]].astype(float)
    rim = 1.05 * limit(pd.concat([ends["ci_low"], ends["ci_high"]]), 1.0)
    low, high = max(-rim, float(ends.min().min())), min(rim, float(ends.max().max()))
    room = 0.05 * (max(high, 0.0) - min(low, 0.0))
    return min(low, 0.0) - room, max(high, 0.0) + room


def _colour(call: str | None) -> str:
    """Return the colour of a call; black where there is none."""
    return _COLOURS.get(str(call), TARGET)


def _look(call: str | None, robust: object) -> _Look:
    """Return how a feature is drawn; whether a call is robust is asked of calls only."""
    return _LOOKS[robust if isinstance(robust, bool) else None] if call in CHANGED else _NOT_CALLED


def _draw(axes: Axes, table: pd.DataFrame, low: float, high: float) -> None:
    """Draw lines and points; what lies beyond the axes ends at their rim in an arrow head."""
    colours = [_colour(call) for call in table["call"]]
    looks = [_look(call, robust) for call, robust in zip(table["call"], table["robust"], strict=True)]
    starts, ends = (table[end].astype(float).clip(low, high) for end in ("ci_low", "ci_high"))
    axes.hlines(table["row"], starts, ends, colours, linewidth=[look.line for look in looks], zorder=2)
    beyond = (table["ci_low"] < low, low, "<"), (table["ci_high"] > high, high, ">")
    for rows, rim, marker in beyond:
        shown = [colour for colour, chosen in zip(colours, rows, strict=True) if chosen]
        axes.scatter([rim] * len(shown), table.loc[rows, "row"], s=12, c=shown, marker=marker, zorder=3, clip_on=False)
    fills = ["white" if isinstance(each, str) else own for each, own in zip(table["cautions"], colours, strict=True)]
    at = table["log2FoldChange"].clip(low, high)
    for x, y, fill, colour, look in zip(at, table["row"], fills, colours, looks, strict=True):
        axes.scatter(x, y, s=look.size, c=fill, marker=look.marker, edgecolors=colour, linewidths=1.0, zorder=4)


def _key(table: pd.DataFrame, least: float) -> list[Line2D]:
    called = table[table["call"].isin(CHANGED)]
    entries = [marker_key(call, "o", _COLOURS[call]) for call in CHANGED if (called["call"] == call).any()]
    there = {_look(call, robust) for call, robust in zip(table["call"], table["robust"], strict=True)}
    entries += [
        Line2D([], [], color=TARGET, marker=look.marker, markersize=look.size**0.5, linewidth=look.line,
               label=look.words)
        for look in (*_LOOKS.values(), _NOT_CALLED) if look in there
    ]  # fmt: skip
    if n_cautions := int(table["cautions"].notna().sum()):
        words = "hollow: a caution" + (f" (all {len(table)})" if n_cautions == len(table) else "")
        entries.append(marker_key(words, "o", "white", markeredgecolor=TARGET))
    if least > 0:
        entries.append(Line2D([], [], color=NOTE, linewidth=0.6, linestyle=(0, (3, 3)), label=f"±{least:g}"))
    return entries


def draw(inputs: ContrastInputs) -> Drawn:
    alpha, least = inputs.thresholds.alpha, inputs.thresholds.min_log2_fold_change
    chosen = surest(inputs.table, inputs.robustness, inputs.cautions, alpha, inputs.target, MOST)
    table = tabulate(chosen)
    note = inputs.sizes_and_test
    return table, plot(table, alpha=alpha, change=inputs.change, least=least, **inputs.words(note))


FIGURE: Final = catalogue.Figure(
    name="intervals",
    shows="The surest changed features in the order of their fold changes",
    of="contrast",
    order=9,
    columns=COLUMNS,
    draw=draw,
)
