"""The look of all figures: sizes, fonts, colours safe for colour-blind readers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any, Final

import matplotlib
import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.font_manager import fontManager

from mircargo.figures.kept import text_kept
from mircargo.vocabulary import FEATURE_CALLS

ONE_COLUMN: Final = 3.5
TWO_COLUMNS: Final = 7.2
TALLEST: Final = 10.6

UP, DOWN, NOT_SIGNIFICANT = (FEATURE_CALLS[call].colour for call in ("up", "down", "none"))
TARGET: Final = "#000000"
CO_CARGO: Final = "#004E39"
NOTE: Final = "#666666"
# Any two of black, the levels and the first of the references differ 1.5-fold in luminance (WCAG 2.2): in grey print,
# and to whoever tells no red from green.
LEVELS: Final = ("#0072B2", "#E69F00", "#5D173A", "#F0E442", "#005A42")
# More than that do not fit between black and white. These differ in hue, for the colour-blind too, and not in grey:
# where points take them, markers differ as well.
MORE_LEVELS: Final = (*LEVELS, "#6C00D8", "#90D890", "#B44800", "#48006C")
REFERENCES: Final = ("#8B8B8B", "#505050", "#DADADA")
CONTRAST: Final = 1.5
_PALE: Final = 2.0  # contrast with the paper below which a marker needs a rim
SMALLEST: Final = 6.0  # points, of any text: the least that journals take
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "<", "p", ">")

# Text is measured to place labels and must have the same size when saved: one resolution, no hinting.
_RESOLUTION: Final = 300
FONTS: Final = ("Liberation Sans", "DejaVu Sans")
_RC: Final[dict[str, Any]] = {
    "figure.dpi": _RESOLUTION,
    "savefig.dpi": _RESOLUTION,
    "savefig.facecolor": "white",
    "text.hinting": "none",
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "mircargo",
    "pdf.fonttype": 42,
    # By name: texts keep the fonts when a notebook saves the figure with its own settings.
    "font.family": list(FONTS),
    "font.size": 8.0,
    "axes.titlesize": 8.0,
    "axes.labelsize": 8.0,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "legend.fontsize": 7.0,
    "legend.title_fontsize": 7.0,
    "legend.handlelength": 1.0,
    "legend.labelspacing": 0.35,
    "legend.frameon": False,
    "legend.borderaxespad": 0.2,
    "legend.handletextpad": 0.4,
    "legend.columnspacing": 1.2,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 0.8,
}


def _add_fonts() -> None:
    """Tell matplotlib of our fonts, which come before any of the same name on the machine."""
    for name in ("Bold", "Regular"):
        with as_file(files("mircargo.resources").joinpath("fonts", f"LiberationSans-{name}.ttf")) as path:
            fontManager.addfont(path)
        fontManager.ttflist.insert(0, fontManager.ttflist.pop())


_add_fonts()


@contextmanager
def style() -> Iterator[None]:
    """Draw with mircargo's settings, as a context or a decorator; the caller's settings return afterwards."""
    with matplotlib.rc_context(), text_kept():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_RC)
        yield


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1, as WCAG 2.2 defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    """Return by what factor two colours differ in grey print, 1 to 21 (WCAG 2.2: 0.05 is added to luminances)."""
    low, high = sorted(luminance(colour) + 0.05 for colour in (one, two))
    return high / low


def rim_of(colour: str) -> str:
    """Return the colour of the rim of a marker: white, which parts it from others, or grey around what is pale."""
    return "white" if contrast(colour, "#ffffff") >= _PALE else NOTE


def colours_of(values: pd.Series, references: Sequence[str] = (), used: Sequence[str] = ()) -> dict[str, str]:
    """Give each level a colour, in order of first appearance; references are grey.

    Parameters
    ----------
    values
        Levels, any length; a missing value is the level ``not given``.
    references
        Levels that others are compared with.
    used
        Colours to leave to others, if there are enough without them.

    Returns
    -------
    dict
        Level to ``#rrggbb``. Any two differ `CONTRAST`-fold in luminance, as far as there are so many colours: five
        beside black and grey. Up to nine are `MORE_LEVELS`, beyond that evenly spaced steps of *viridis*, and of grey.
    """
    levels = list(dict.fromkeys(as_levels(values)))
    greys = [level for level in levels if level in references]
    found = dict(zip(greys, REFERENCES if len(greys) <= len(REFERENCES) else _steps("gray", greys), strict=False))
    rest = [level for level in levels if level not in found]
    apart = [each for each in LEVELS if all(contrast(each, grey) >= CONTRAST for grey in found.values())]
    unused = [each for each in apart if each not in used]
    choices = (unused, apart, LEVELS, MORE_LEVELS)
    enough = next((colours for colours in choices if len(rest) <= len(colours)), _steps("viridis", rest))
    found |= dict(zip(rest, enough, strict=False))
    return {level: found[level] for level in levels}


def _steps(name: str, levels: Sequence[str]) -> list[str]:
    shades = matplotlib.colormaps[name]
    return [to_hex(shades(0.9 * i / max(1, len(levels) - 1))) for i in range(len(levels))]


def colours_of_sheet(sheet: pd.DataFrame, references: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Give the levels of each column of a sample sheet a colour, for all figures of a study.

    No two columns share a colour as long as there are enough; the columns that are compared come first. Grey is the
    reference in each of them.

    Parameters
    ----------
    sheet
        Samples x columns, all of the study.
    references
        Of columns that are compared, the levels that others are compared with.

    Returns
    -------
    dict
        Column -> level -> colour.
    """
    found: dict[str, dict[str, str]] = {}
    used: list[str] = []
    for column in sorted(sheet, key=lambda column: column not in references):
        found[column] = colours_of(sheet[column], references.get(column, ()), used)
        used += found[column].values()
    return found


def markers_of(values: pd.Series) -> dict[str, str]:
    """Give each level a marker, in order of first appearance; beyond ten levels markers repeat."""
    return {level: MARKERS[i % len(MARKERS)] for i, level in enumerate(dict.fromkeys(as_levels(values)))}


def as_levels(values: pd.Series) -> list[str]:
    """Return the levels of a column as text, missing ones as ``not given``."""
    return ["not given" if pd.isna(value) else str(value) for value in values]
