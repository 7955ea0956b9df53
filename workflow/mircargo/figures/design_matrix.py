"""The design matrix: which samples inform which coefficient, and which coefficients the contrast tests."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.placement import STAMP, Words, blank, counted, frame, new_figure
from mircargo.figures.style import ONE_COLUMN, TALLEST, TWO_COLUMNS, style
from mircargo.results.columns import Column

COLUMNS: Final = {
    "coefficient": Column("Column of the design matrix"),
    "words": Column("What it stands for"),
    "weight": Column("Its weight in the contrast"),
    "coefficient_order": Column("Its place"),
    "group": Column("Group of the samples"),
    "n_samples": Column("Samples that the design does not tell apart", "samples"),
    "samples": Column("Their names, joined by `;`"),
    "sample_order": Column("Their place"),
    "value": Column("Value of the design matrix"),
}
_MOST_NUMBERS: Final = 150  # written into cells
_LONGEST: Final = 72  # letters of the words of a coefficient
_CELL: Final = 0.17  # inches


def tabulate(facts: Mapping[str, Any]) -> pd.DataFrame:
    """Put the design of a fit into a table.

    Parameters
    ----------
    facts
        Of the fit (`differential/{contrast}.json`): ``design`` and ``contrast_vector``.

    Returns
    -------
    pandas.DataFrame
        One row a coefficient and set of samples with the same row in the design matrix, with `COLUMNS`.
    """
    kinds, coefficients = facts["design"]["rows"], facts["design"]["coefficients"]
    kinds = _in_order(kinds, facts["contrast_vector"])
    rows = [
        [
            coefficient["name"], coefficient["words"], facts["contrast_vector"][row], row, kind["group"],
            len(kind["samples"]), ";".join(kind["samples"]), column, kind["values"][row],
        ]
        for row, coefficient in enumerate(coefficients)
        for column, kind in enumerate(kinds)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _in_order(kinds: Sequence[Mapping[str, Any]], contrast: Sequence[float]) -> list[Mapping[str, Any]]:
    """Put sets of samples of one group side by side, and the reference of the contrast before its level."""
    weights: dict[str, float] = {}
    for kind in kinds:
        weights[kind["group"]] = weights.get(kind["group"], 0.0) + float(np.dot(kind["values"], contrast))
    places = {group: place for place, group in enumerate(sorted(weights, key=lambda group: weights[group]))}
    return sorted(kinds, key=lambda kind: places[kind["group"]])


@style()
def plot(
    table: pd.DataFrame, *, formula: str = "", colours: Mapping[str, str] | None = None, **words: Unpack[Words]
) -> Figure:
    """Draw the table of `tabulate`: a row for each coefficient, a column for each set of samples.

    Parameters
    ----------
    table
        From `tabulate`.
    formula
        The design as a formula, written below the title.
    colours
        Colour of each group, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = design_matrix.tabulate(facts)
    >>> figure = design_matrix.plot(table, formula=facts["formula"], simulated=True)
    """
    if table.empty:
        return blank("There is no design.", **words)
    rows = table.drop_duplicates("coefficient_order")
    kinds = table.drop_duplicates("sample_order")
    names = _names(kinds)
    labels = [_label(words, weight) for words, weight in zip(rows["words"], rows["weight"], strict=True)]
    tested = {label for label, weight in zip(labels, rows["weight"], strict=True) if weight}
    beside = 1.05 * grid.length(labels, _LONGEST) + 0.25
    room = max(1.0, _CELL * 1.4 * len(kinds))
    width = next((width for width in (ONE_COLUMN, 5.0) if beside + room <= width), TWO_COLUMNS)
    room = max(0.8, width - beside)
    extra = (
        1.1
        + grid.legend_height(kinds[["group"]])
        + grid.STRIP
        + grid.length(names)
        + STAMP * words.get("simulated", False)
    )
    height = min(TALLEST, extra + _CELL * max(len(rows), 2))
    figure = new_figure(width, height)
    strip, axes = grid.stack(figure, 1, height - extra)
    values = table["value"].to_numpy(dtype=float).reshape(len(rows), len(kinds))
    largest = np.abs(values).max(axis=1, keepdims=True)
    grid.matrix(axes, np.abs(values) / np.where(largest > 0, largest, 1.0), 0.0, 1.4, "Blues")
    _separate(axes, values)
    thinned = grid.names(axes, names, labels, (room, height - extra), tested, _LONGEST)
    grid.strips([strip], kinds[["group"]], grid.palettes(kinds[["group"]], {"group": colours or {}}))
    frame(figure, *_explanation(table), thinned, sentence=formula or None, **words)
    return figure


def _names(kinds: pd.DataFrame) -> list[str]:
    """Name a column by its sample, or by the number of samples."""
    return [
        samples if n == 1 else counted(n, "sample")
        for samples, n in zip(kinds["samples"], kinds["n_samples"], strict=True)
    ]


def _label(words: str, weight: float) -> str:
    return words if weight in (0.0, 1.0) else f"{words} (times {weight:.3g})"


def _separate(axes: Axes, values: np.ndarray) -> None:
    """Draw white lines between the cells, and write values where there is room for them."""
    height, width = values.shape
    if values.size > _MOST_NUMBERS:
        return
    axes.hlines(range(1, height), 0, width, color="white", linewidth=1.0)
    axes.vlines(range(1, width), 0, height, color="white", linewidth=1.0)
    for row, column in zip(*np.nonzero(values), strict=True):
        value = values[row, column]
        axes.text(column + 0.5, row + 0.5, f"{value:.3g}", size=6, ha="center", va="center_baseline")


def _explanation(table: pd.DataFrame) -> list[str]:
    kinds = table.drop_duplicates("sample_order")
    n, n_coefficients = int(kinds["n_samples"].sum()), table["coefficient_order"].nunique()
    shaded = "" if set(table["value"]) <= {0, 1} else " Shade: relative to the largest value of the row."
    alike = " Samples that the design does not tell apart share a column." if n > len(kinds) else ""
    return [
        f"{counted(n, 'sample')}, {counted(n_coefficients, 'coefficient')}.",
        f"Bold: what the contrast asks about; empty: 0.{shaded}{alike}",
    ]


def draw(inputs: ContrastInputs) -> Drawn:
    table, colours = tabulate(inputs.facts), inputs.colours[inputs.contrast.variable]
    return table, plot(table, formula=inputs.facts["formula"], colours=colours, **inputs.words(f"{inputs.test}."))


FIGURE: Final = catalogue.Figure(
    name="design", shows="The design matrix", of="contrast", order=6, columns=COLUMNS, draw=draw
)
