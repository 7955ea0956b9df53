"""Co-cargo: the features that change in exosomes with the target, and the evidence for each."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Unpack

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import CargoInputs, Drawn, group_sizes
from mircargo.figures.labels import short_name
from mircargo.figures.placement import STAMP, Words, blank, counted, frame, new_figure
from mircargo.figures.points import role_of
from mircargo.figures.style import NOTE, TALLEST, TWO_COLUMNS, style
from mircargo.model.differential_table import LEAST_P
from mircargo.results.columns import CO_CARGO, Column, common, take

COLUMNS: Final = {
    **common("feature"),
    "role": Column("How it is shown", "target, co-cargo"),
    **take(
        CO_CARGO,
        "tier log2FoldChange padj share_same_call class release_log2FoldChange release_padj residual_correlation"
        " cautions",
    ),
    "n_co_cargo": Column("Co-cargo in all, of which the best is shown", "features"),
}
MOST: Final = 30
_ROW: Final = 0.2  # inches
_MISSING: Final = "-"
_RELEASE: Final = "release_log2FoldChange"
_CAUTIONS: Final = 1.9  # inches
_LETTERS: Final = 46  # in a line of cautions


@dataclass(frozen=True)
class _Column:
    """A column of the figure: heading, width in inches, how a value is written, and how it is shaded."""

    name: str
    heading: str
    width: float
    written: Callable[[Any], str]
    shaded: Callable[[Any], tuple[float, float, float, float]] | None = None


def tabulate(co_cargo: pd.DataFrame, target: Sequence[str] = (), most: int = MOST) -> pd.DataFrame:
    """Choose the target, then the features with a tier, in the order of the table.

    Parameters
    ----------
    co_cargo
        `cargo/co_cargo/{contrast}.tsv`.
    target
        The target among its features.
    most
        Number of features shown at most, without the target.

    Returns
    -------
    pandas.DataFrame
        One row a feature, with `COLUMNS`; ``n_co_cargo`` is the same in all rows.
    """
    is_target = co_cargo["feature"].isin(list(target))
    found = co_cargo[co_cargo["tier"].notna() & ~is_target]
    table = pd.concat([co_cargo[is_target], found.head(most)]).reindex(columns=list(COLUMNS))
    table["role"] = role_of(table["feature"], target, found["feature"])
    # The target's correlation with itself is no evidence.
    table["residual_correlation"] = table["residual_correlation"].where(table["role"] != "target")
    return table.assign(n_co_cargo=len(found)).reset_index(drop=True)


@style()
def plot(table: pd.DataFrame, *, alpha: float = 0.05, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`: a row for each feature, a column for each kind of evidence.

    Parameters
    ----------
    table
        From `tabulate`.
    alpha
        Adjusted p-values below are shaded.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = co_cargo_evidence.tabulate(cargo, mir_21)
    >>> figure = co_cargo_evidence.plot(table, simulated=True)
    """
    if table.empty:
        return blank("No feature is co-cargo, and the target was not seen.", **words)
    n_shown, n = int((table["role"] == "co-cargo").sum()), int(table["n_co_cargo"].iloc[0])
    columns = _columns(table, alpha)
    height = min(TALLEST, 1.15 + STAMP * words.get("simulated", False) + _ROW * len(table))
    figure = new_figure(TWO_COLUMNS, height)
    axes = figure.subplots()
    _cells(axes, table, columns)
    features = [grid.shorten(short_name(feature)) for feature in table["feature"]]
    axes.set_yticks(np.arange(len(table)) + 0.5, features)
    for label, role in zip(axes.get_yticklabels(), table["role"], strict=True):
        label.set_fontweight("bold" if role == "target" else "normal")
    more = f"The first {n_shown} of {n}." if n > n_shown else ""
    sentence = f"{counted(n, 'feature')} with a tier." if n else "No feature is co-cargo: none has a tier."
    frame(figure, more, _explanation(alpha), sentence=sentence, **words)
    return figure


def _columns(table: pd.DataFrame, alpha: float) -> list[_Column]:
    changes = table[["log2FoldChange", _RELEASE]].to_numpy(dtype=float)
    reach = max(1.0, float(np.abs(changes[np.isfinite(changes)]).max(initial=0.0)))
    change = _shade("RdBu_r", -1.6 * reach, 1.6 * reach)
    significant = _shade("Greys", 0.0, 1.0)

    def below(value: float) -> tuple[float, float, float, float]:
        return significant(0.22 if value < alpha else 0.0)

    return [
        _Column("tier", "tier", 0.62, str),
        _Column("log2FoldChange", "log2 fold\nchange", 0.56, "{:+.2f}".format, change),
        _Column("padj", "padj", 0.56, _p, below),
        _Column("share_same_call", "same call\nin variants", 0.62, "{:.0%}".format, _shade("Greens", 0.0, 2.2)),
        _Column("class", "release\nclass", 0.82, lambda name: str(name).replace("_", " ")),
        _Column(_RELEASE, "release,\nlog2", 0.56, "{:+.2f}".format, change),
        _Column("release_padj", "release,\npadj", 0.56, _p, below),
        _Column("residual_correlation", "residual\ncorrelation", 0.66, "{:+.2f}".format, _shade("PuOr_r", -1.8, 1.8)),
    ]


def _shade(name: str, lowest: float, highest: float) -> Callable[[float], tuple[float, float, float, float]]:
    colours, scale = matplotlib.colormaps[name], Normalize(lowest, highest, clip=True)
    return lambda value: colours(float(scale(value)))


def _cells(axes: Axes, table: pd.DataFrame, columns: Sequence[_Column]) -> None:
    """Draw the cells, with cautions, which are sentences, in the last column."""
    ends = np.cumsum([0.0, *(column.width for column in columns)])
    corners, colours, headings = [], [], []
    for column, left, right in zip(columns, ends[:-1], ends[1:], strict=True):
        headings.append(((left + right) / 2, column.heading))
        for row, value in enumerate(table[column.name]):
            missing = pd.isna(value)
            text = _MISSING if missing else column.written(value)
            if column.name == "tier" and table["role"].iloc[row] == "target":
                text = "target"
            axes.text((left + right) / 2, row + 0.5, text, size=6.5, ha="center", va="center_baseline")
            if column.shaded and not missing:
                colours.append(column.shaded(value))
                corners.append([(left, row), (left, row + 1), (right, row + 1), (right, row)])
    axes.add_collection(PolyCollection(corners, facecolors=colours, edgecolors="white", linewidths=0.8, zorder=0.5))
    for row, cautions in enumerate(table["cautions"]):
        if pd.notna(cautions):
            axes.text(ends[-1] + 0.06, row + 0.5, _two_lines(cautions), size=5, va="center", linespacing=1.0)
    axes.hlines(range(len(table) + 1), 0, ends[-1] + _CAUTIONS, color="#E5E5E5", linewidth=0.4, zorder=1)
    for x, heading in headings:
        axes.text(x, -0.15, heading, size=6.5, ha="center", va="bottom", color=NOTE)
    axes.text(ends[-1] + 0.06, -0.15, "cautions", size=6.5, va="bottom", color=NOTE)
    axes.set(xlim=(0, ends[-1] + _CAUTIONS), ylim=(len(table), -0.2), xticks=[])
    axes.tick_params(axis="y", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _two_lines(text: str) -> str:
    """Break a sentence into at most two lines; the table beside the figure has it in full."""
    first, *rest = textwrap.wrap(short_name(text), _LETTERS)
    return "\n".join([first, *([textwrap.shorten(" ".join(rest), _LETTERS, placeholder="…")] if rest else [])])


def _p(value: float) -> str:
    if value < LEAST_P:
        return f"<{LEAST_P:.0e}"
    return f"{value:.2g}" if value >= 1e-3 else f"{value:.0e}"


def _explanation(alpha: float) -> str:
    return (
        f"Grey: adjusted p < {alpha:g} (Wald test). Same call: share of the variants, averaged over kinds. Residual "
        "correlation: with the target, within groups; co-cargo is about the vesicle fraction, not about one vesicle."
    )


def draw(inputs: CargoInputs) -> Drawn:
    table, note = tabulate(inputs.co_cargo, inputs.target), group_sizes(inputs.facts) + "."
    return table, plot(table, alpha=inputs.alpha, title=inputs.name, note=note, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="co_cargo", shows="Co-cargo and the evidence for each", of="exosomes", order=1, columns=COLUMNS, draw=draw
)
