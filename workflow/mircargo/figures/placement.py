"""Layout of a figure: title, caption, legends, and axes that have to cope with any data."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypedDict, Unpack

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from mircargo.figures.style import NOTE, ONE_COLUMN, UP

STAMP: Final = 0.2  # inches, the height of SIMULATED DATA
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Words(TypedDict, total=False):
    """What every figure can be given to say.

    Attributes
    ----------
    title
        Above everything, left, wrapped to the width of the figure.
    note
        Below everything, after the explanation that the figure gives itself.
    simulated
        Write SIMULATED DATA above the title.
    """

    title: str | None
    note: str | None
    simulated: bool


def new_figure(width: float, height: float) -> Figure:
    """Make a figure (inches) that pyplot does not know of, so that it need not be closed."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def frame(figure: Figure, *explanation: str, sentence: str | None = None, **words: Unpack[Words]) -> None:
    """Write title and caption, lay the axes out between them, and fix the layout.

    Call it when all axes are drawn and before labels are placed: afterwards nothing moves.

    Parameters
    ----------
    explanation
        Sentences of the caption below everything, small and grey, wrapped; empty ones are left out.
    sentence
        Below the title: what the figure shows, in a sentence; wrapped.
    words
        Title, note, and whether the data are simulated: see `Words`.
    """
    width, height = figure.get_size_inches() * figure.dpi
    edge = 0.05 * figure.dpi
    top, bottom = height - edge, edge
    if words.get("simulated"):
        stamp = figure.text(edge / width, top / height, "SIMULATED DATA", va="top", weight="bold", color=UP, size=9)
        top -= stamp.get_window_extent().height + edge
    for text, size in ((words.get("title"), 9), (sentence, 8)):
        if text:
            heading = figure.text(edge / width, top / height, text, va="top", size=size)
            wrap(heading, width - 2 * edge)
            top -= heading.get_window_extent().height + edge
    caption = " ".join(filter(None, [*explanation, words.get("note")]))
    if caption:
        foot = figure.text(edge / width, bottom / height, caption, va="bottom", size=7, color=NOTE)
        wrap(foot, width - 2 * edge)
        bottom += foot.get_window_extent().height + edge
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(
            h_pad=0.03, w_pad=0.03, hspace=0.01, wspace=0.02, rect=(0.0, bottom / height, 1.0, (top - bottom) / height)
        )
        engine.execute(figure)
        figure.set_layout_engine("none")
        # The solver's rounding error depends on the order of sets in memory; files must be the same every time.
        for axes in figure.axes:
            for original in (True, False):
                box = np.round(axes.get_position(original=original).bounds, 6)
                axes.set_position(tuple(box), which="original" if original else "active")


def counted(n: int, what: str) -> str:
    """Write a number with its noun: 1 sample, 2 samples."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def wrap(text: Text, width: float) -> None:
    """Break a text between words so that no line is wider than `width` pixels (a single long word may be)."""
    words = text.get_text().split()
    lines: list[str] = []
    reached = 0.0
    space = _width(text, "n n") - 2 * _width(text, "n")
    for word, own in zip(words, [_width(text, word) for word in words], strict=True):
        if lines and reached + space + own <= width:
            lines[-1] += f" {word}"
            reached += space + own
        else:
            lines.append(word)
            reached = own
    text.set_text("\n".join(lines))


def _width(text: Text, word: str) -> float:
    text.set_text(word)
    return float(text.get_window_extent().width)


def blank(sentence: str, **words: Unpack[Words]) -> Figure:
    """Make a figure that only says why nothing is drawn."""
    figure = new_figure(ONE_COLUMN, 1.4)
    axes = figure.subplots()
    axes.set_axis_off()
    frame(figure, **words)
    text = axes.text(0.5, 0.5, sentence, ha="center", va="center", transform=axes.transAxes)
    wrap(text, 0.9 * axes.get_window_extent().width)
    return figure


def legend_of_variables(axes: Axes, variables: Mapping[str, Sequence[Artist]]) -> Legend:
    """Put a legend above the axes, with a column for each variable: its name, then its levels (at most nine)."""
    columns: list[list[Artist]] = []
    for name, levels in variables.items():
        more = [_words(f"and {len(levels) - 8} more")] if len(levels) > 9 else []
        columns.append([_words(name), *(levels[:8] if more else levels), *more])
    longest = max(map(len, columns))
    handles = [handle for column in columns for handle in [*column, *[_words(" ")] * (longest - len(column))]]
    legend = legend_above(axes, handles, len(columns))
    for heading in legend.get_texts()[::longest]:
        heading.set_fontweight("bold")
    return legend


def colour_bar(axes: Axes, image: ScalarMappable, label: str, extend: Literal["neither", "both"]) -> None:
    """Fill axes, which should be flat, with the colour scale of a matrix."""
    axes.set_axis_off()
    bar = axes.figure.colorbar(
        image, cax=axes.inset_axes((0.2, 0.0, 0.6, 1.0)), orientation="horizontal", extend=extend
    )
    bar.set_label(label, size=7)
    bar.locator = MaxNLocator(5)
    bar.update_ticks()
    bar.outline.set_visible(False)


def _words(text: str) -> Line2D:
    return Line2D([], [], linestyle="", label=text)


def marker_key(label: str, marker: str, colour: str, size: float = 4.5, **look: Any) -> Line2D:
    """Return an entry of a legend: a marker without a line."""
    return Line2D([], [], linestyle="", marker=marker, color=colour, markersize=size, label=label, **look)


def legend_above(axes: Axes, handles: Sequence[Artist], most: int = 3) -> Legend:
    """Put a legend above the axes, in as many columns (at most `most`) as fit into the figure."""
    width = axes.figure.bbox.width - 0.5 * axes.figure.dpi
    for columns in range(min(most, max(1, len(handles))), 0, -1):
        legend = axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=columns)
        if legend.get_window_extent().width <= width:
            break
    return legend


def limit(values: "pd.Series[float]", least: float) -> float:
    """Return how far an axis should reach so that a few outliers do not compress the rest.

    Parameters
    ----------
    values
        Distances from zero; infinite and missing ones are allowed.
    least
        The axis reaches at least this far.

    Returns
    -------
    float
        The largest finite value, or, where that is far out, three times the value that 2 % (and two) exceed.
    """
    finite = values[values.map(math.isfinite)].abs().sort_values(ascending=False)
    if finite.empty:
        return least
    common = float(finite.iloc[min(len(finite) - 1, max(2, len(finite) // 50))])
    return max(least, min(float(finite.iloc[0]), 3 * common))


def _number(value: float) -> str:
    """Write a number in full, or as a power of ten where that is shorter."""
    if 1e-4 < value < 1e6:
        return f"{value:,.6g}"
    factor, exponent = f"{value:e}".split("e")
    power = f"10{str(int(exponent)).translate(_RAISED)}"
    return power if float(factor) == 1 else f"{float(factor):g}·{power}"


def log_axis(axis: Axis, low: float, high: float) -> None:
    """Make an axis logarithmic from `low` to `high`, with numbers in full: 1, 10, 1,000."""
    which = "x" if axis is axis.axes.xaxis else "y"
    axis.axes.set(**{f"{which}scale": "log", f"{which}lim": (low, high)})
    if high / low < 50:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    if high / low > 1e3:
        # Over so many decades minor ticks tell nothing, and take longer to draw than everything else.
        axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
