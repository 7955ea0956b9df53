"""Co-cargo: the features that change in exosomes with the target, and the evidence for each."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import CargoInputs, Drawn, group_sizes
from mircargo.figures.labels import short_name
from mircargo.figures.placement import STAMP, Words, blank, colour_bar, counted, frame, new_figure
from mircargo.figures.points import role_of
from mircargo.figures.style import DOWN, NOTE, ONE_COLUMN, SMALLEST, TALLEST, TWO_COLUMNS, UP, style
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
_KEY: Final = 0.45  # inches, of the colour scale
_BAR: Final = "#D5D5D5"
_MISSING: Final = "-"
_RELEASE: Final = "release_log2FoldChange"
_CAUTIONS: Final = 1.9  # inches
_LETTERS: Final = 24  # in an inch of cautions


def _p(value: float) -> str:
    if value < LEAST_P:
        return f"<{LEAST_P:.0e}"
    return f"{value:.2g}" if value >= 1e-3 else f"{value:.0e}"


@dataclass(frozen=True)
class _Column:
    """A column of the figure: heading, width in inches, and how a value is written.

    A fold change is coloured where the p-value of the column `tested_by` passes. A value with a `bar_from` has a bar
    from 0, on a scale from there to 1.
    """

    name: str
    heading: str
    width: float
    written: Callable[[Any], str]
    tested_by: str = ""
    bar_from: float | None = None


_COLUMNS: Final = (
    _Column("tier", "tier", 0.62, str),
    _Column("log2FoldChange", "log2 fold\nchange", 0.56, "{:+.2f}".format, tested_by="padj"),
    _Column("padj", "adjusted\np", 0.56, _p),
    _Column("share_same_call", "same call in\nre-analyses", 0.72, "{:.0%}".format, bar_from=0.0),
    _Column("class", "release\nclass", 0.82, lambda name: str(name).replace("_", " ")),
    _Column(_RELEASE, "release,\nlog2", 0.56, "{:+.2f}".format, tested_by="release_padj"),
    _Column("release_padj", "release,\nadjusted p", 0.6, _p),
    _Column("residual_correlation", "residual\ncorrelation", 0.66, "{:+.2f}".format, bar_from=-1.0),
)


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
    """Draw the table of `tabulate`: a row for each feature, a column for each kind of evidence that there is.

    One feature alone, as where nothing travels with the target, has a row for each kind of evidence instead.

    Parameters
    ----------
    table
        From `tabulate`.
    alpha
        Fold changes whose adjusted p-values are below are coloured.
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
    colours = _colours(table)
    cells = [_Cells(column, table, alpha, colours) for column in _COLUMNS if _is_known(table, column)]
    coloured = any(fill is not None for each in cells for fill in each.fills())
    draw_all = _draw_one if len(table) == 1 else _draw_table
    figure, flat = draw_all(table, cells, coloured, STAMP * words.get("simulated", False))
    if coloured:
        colour_bar(flat, colours, f"log2 fold change, where adjusted p < {alpha:g}", "neither")
    more = f"The first {n_shown} of {n}." if n > n_shown else ""
    sentence = f"{counted(n, 'feature')} with a tier." if n else "No feature is co-cargo: none has a tier."
    frame(figure, more, _explanation(cells), sentence=sentence, **words)
    return figure


def _is_known(table: pd.DataFrame, column: _Column) -> bool:
    return column.name == "tier" or bool(table[column.name].notna().any())


def _colours(table: pd.DataFrame) -> ScalarMappable:
    """Return the colours of fold changes: those of down and up, with white between."""
    changes = table[["log2FoldChange", _RELEASE]].to_numpy(dtype=float)
    reach = max(1.0, float(np.abs(changes[np.isfinite(changes)]).max(initial=0.0)))
    shades = LinearSegmentedColormap.from_list("down_up", [DOWN, "#FFFFFF", UP])
    return ScalarMappable(Normalize(-reach, reach), shades)


@dataclass(frozen=True)
class _Cells:
    """The cells of a column, from the top."""

    column: _Column
    table: pd.DataFrame
    alpha: float
    colours: ScalarMappable

    def texts(self) -> list[str]:
        values = self.table[self.column.name]
        if self.column.name == "tier":
            values = values.mask(self.table["role"] == "target", "target")
        return [_MISSING if pd.isna(value) else self.column.written(value) for value in values]

    def fills(self) -> list[Any]:
        """Return the colour of each cell: none where its p-value does not pass, so that chance is not coloured."""
        if not self.column.tested_by:
            return [None] * len(self.table)
        passed = self.table[self.column.tested_by] < self.alpha
        values = self.table[self.column.name].astype(float)
        return [
            self.colours.to_rgba(value) if ok else None
            for value, ok in zip(values, passed & values.notna(), strict=True)
        ]

    def bars(self) -> list[tuple[float, float]]:
        """Return from where to where in each cell, of 0 to 1, a bar shows its value; nowhere where it is unknown."""
        if self.column.bar_from is None:
            return [(0.0, 0.0)] * len(self.table)
        low, width = self.column.bar_from, 1 - self.column.bar_from
        values = self.table[self.column.name].astype(float).fillna(0.0)
        zero = -low / width
        return [(min(zero, end), max(zero, end)) for end in ((values - low) / width).clip(0, 1)]

    def draw(self, axes: Axes, row: int, box: tuple[float, float, float]) -> None:
        """Draw the cell of a row between two places on the x axis, from a place on the y axis downwards."""
        left, right, top = box
        fill, (start, end) = self.fills()[row], self.bars()[row]
        if fill is not None:
            axes.add_patch(Rectangle((left, top), right - left, 1, facecolor=fill, edgecolor="white", zorder=0.5))
        if end > start:
            inner = 0.9 * (right - left)
            at = left + 0.05 * (right - left) + inner * start
            axes.add_patch(Rectangle((at, top + 0.14), inner * (end - start), 0.72, facecolor=_BAR, zorder=0.5))
        axes.text((left + right) / 2, top + 0.5, self.texts()[row], size=6.5, ha="center", va="center_baseline")


def _draw_table(table: pd.DataFrame, cells: list[_Cells], coloured: bool, extra: float) -> tuple[Figure, Axes]:
    """Draw a row for each feature, with cautions, which are sentences, in the last column."""
    features = [grid.shorten(short_name(feature, table["feature"])) for feature in table["feature"]]
    ends = np.cumsum([0.0, *(each.column.width for each in cells)])
    cautioned = table["cautions"].notna().any()
    wanted = grid.length(features) + ends[-1] + 0.2
    width = TWO_COLUMNS if cautioned else next(each for each in (5.0, TWO_COLUMNS, np.inf) if wanted <= each)
    width = min(width, TWO_COLUMNS)
    rest = max(_CAUTIONS, width - wanted) if cautioned else 0.0
    bar = _KEY if coloured else 0.0
    height = min(TALLEST, 1.15 + bar + extra + _ROW * len(table))
    figure = new_figure(width, height)
    axes, *flat = grid.stack(figure, 0, height - 1.15 - bar - extra, *([grid.BAR] if coloured else []))
    for each, left, right in zip(cells, ends[:-1], ends[1:], strict=True):
        for row in range(len(table)):
            each.draw(axes, row, (left, right, row))
        axes.text((left + right) / 2, -0.15, each.column.heading, size=6.5, ha="center", va="bottom", color=NOTE)
    for row, cautions in enumerate(table["cautions"]):
        if pd.notna(cautions):
            lines = _lines(cautions, int(_LETTERS * rest), 2)
            axes.text(ends[-1] + 0.06, row + 0.5, lines, size=SMALLEST, va="center", linespacing=1.0)
    if cautioned:
        axes.text(ends[-1] + 0.06, -0.15, "cautions", size=6.5, va="bottom", color=NOTE)
    axes.hlines(range(len(table) + 1), 0, ends[-1] + rest, color="#E5E5E5", linewidth=0.4, zorder=1)
    axes.set(xlim=(0, ends[-1] + rest), ylim=(len(table), -0.2), xticks=[])
    _name_rows(axes, features, (table["role"] == "target").tolist())
    return figure, flat[0] if flat else axes


def _draw_one(table: pd.DataFrame, cells: list[_Cells], coloured: bool, extra: float) -> tuple[Figure, Axes]:
    """Draw the evidence for one feature: a row for each kind, cautions below."""
    cautions = table["cautions"].iloc[0]
    lines = _lines(cautions, 60, 3) if pd.notna(cautions) else ""
    rows = len(cells) + (1 + lines.count("\n")) * bool(lines)
    bar = _KEY if coloured else 0.0
    figure = new_figure(ONE_COLUMN, 1.5 + bar + extra + _ROW * rows)
    axes, *flat = grid.stack(figure, 0, _ROW * rows, *([grid.BAR] if coloured else []))
    for at, each in enumerate(cells):
        each.draw(axes, 0, (0.0, 1.0, at))
    if lines:
        axes.text(0.0, len(cells) + 0.2, lines, size=6.5, va="top")
    names = [each.column.heading.replace("\n", " ") for each in cells] + ["cautions"] * bool(lines)
    axes.hlines(range(len(cells) + 1), 0, 1, color="#E5E5E5", linewidth=0.4, zorder=1)
    axes.set(xlim=(0, 1.6), ylim=(rows, 0), xticks=[])
    axes.set_title(grid.shorten(short_name(table["feature"].iloc[0])), weight="bold", loc="left")
    _name_rows(axes, names, [False] * len(names))
    return figure, flat[0] if flat else axes


def _name_rows(axes: Axes, names: list[str], bold: list[bool]) -> None:
    axes.set_yticks(np.arange(len(names)) + 0.5, names)
    for label, is_bold in zip(axes.get_yticklabels(), bold, strict=True):
        label.set_fontweight("bold" if is_bold else "normal")
    axes.tick_params(axis="y", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _lines(text: str, letters: int, most: int) -> str:
    """Break a sentence into lines; the table beside the figure has it in full."""
    lines = textwrap.wrap(short_name(text), letters)
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], textwrap.shorten(rest, letters, placeholder="…")]
    return "\n".join(lines)


def _explanation(cells: Sequence[_Cells]) -> str:
    known = {each.column.name for each in cells}
    parts = ["P-values: Wald test."]
    if "share_same_call" in known:
        parts.append("Same call: share of the re-analyses with the call as configured, averaged over kinds.")
    if "residual_correlation" in known:
        parts.append(
            "Residual correlation: with the target, within groups (bar: -1 to 1); co-cargo is about the vesicle"
            " fraction, not about one vesicle."
        )
    return " ".join(parts)


def draw(inputs: CargoInputs) -> Drawn:
    table, note = tabulate(inputs.co_cargo, inputs.target), group_sizes(inputs.facts) + "."
    return table, plot(table, alpha=inputs.alpha, title=inputs.name, note=note, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="co_cargo", shows="Co-cargo and the evidence for each", of="exosomes", order=1, columns=COLUMNS, draw=draw
)
