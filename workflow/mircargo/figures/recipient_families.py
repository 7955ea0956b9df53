"""Forest of miRNA families: the shift of the targets of each in the recipient."""

from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, RecipientInputs
from mircargo.figures.labels import short_name
from mircargo.figures.placement import Words, blank, counted, frame, legend_above, marker_key, new_figure
from mircargo.figures.points import ROLE
from mircargo.figures.style import CO_CARGO, DOWN, NOT_SIGNIFICANT, NOTE, TARGET, TWO_COLUMNS, UP, style
from mircargo.model.differential_table import format_p
from mircargo.results.columns import LOG2, Column
from mircargo.results.recipient_columns import FAMILIES
from mircargo.vocabulary import CHANGED
from mircargo.vocabulary import DOWN as FALL
from mircargo.vocabulary import UP as RISE

MOST: Final = 30
COLUMNS: Final = {
    "kind": Column("What the row is", "family, others"),
    "family": FAMILIES["family"],
    "label": Column("Its label"),
    **ROLE,
    **{name: FAMILIES[name] for name in ("n_targets", "shift", "ci_low", "ci_high", "pvalue", "padj", "call")},
    "n_families": Column("Families in the row", "families"),
    "lowest": Column("Of the others: the lowest shift", LOG2),
    "highest": Column("Of the others: the highest shift", LOG2),
}
_ROW: Final = 0.19  # inches
_LONGEST: Final = 32  # letters of the names in a label
_WIDEST: Final = 44  # of a label
_FILL: Final = {RISE: UP, FALL: DOWN}
_MARKER: Final = {"target": "D", "co-cargo": "s", "none": "o"}
_EDGE: Final = {"target": TARGET, "co-cargo": CO_CARGO, "none": NOTE}


def tabulate(
    families: pd.DataFrame, agreement: pd.DataFrame, family: str | None, target: str | None = None
) -> pd.DataFrame:
    """Choose the families to show: that of the target, the called ones, those of co-cargo, then the smallest p.

    Parameters
    ----------
    families, agreement
        `recipient/families.tsv` and `recipient/agreement.tsv`.
    family
        The family (bases 2 to 8) of the target.
    target
        The target among the features, which is named first in its family.

    Returns
    -------
    pandas.DataFrame
        At most `MOST` rows of families that were tested, from the lowest shift to the highest, then a row of all
        others: the median of their shifts, and the interval that holds 95% of these.
    """
    tested = families[families["shift"].notna()].copy()
    of_cargo = set(agreement.loc[agreement["tier"].notna(), "family"])
    tested["role"] = np.select(
        [tested["family"] == family, tested["family"].isin(of_cargo)], ["target", "co-cargo"], "none"
    )
    first = {"target": 0, "co-cargo": 2, "none": 3}
    tested["order"] = np.where(
        tested["call"].isin(CHANGED) & (tested["role"] != "target"), 1, tested["role"].map(first)
    )
    tested = tested.sort_values(["order", "pvalue", "family"], kind="stable")
    tested["label"] = [_label(*names, target) for names in zip(tested["family"], tested["features"], strict=True)]
    shown = tested.head(MOST).sort_values("shift", kind="stable").assign(kind="family", n_families=1)
    parts, others = [shown], tested.iloc[MOST:]
    if len(others):
        low, middle, high = np.quantile(others["shift"], [0.025, 0.5, 0.975])
        row: dict[str, Any] = {
            "kind": "others",
            "label": f"{counted(len(others), 'other')}: 95% of their shifts",
            "role": "none",
        }
        row |= {"shift": middle, "ci_low": low, "ci_high": high, "n_families": len(others)}
        row |= {"lowest": others["shift"].min(), "highest": others["shift"].max()}
        parts.append(pd.DataFrame([row]))
    made = [part.reindex(columns=list(COLUMNS)).astype(object) for part in parts]
    return pd.concat(made, ignore_index=True)


def _label(family: str, features: object, target: str | None) -> str:
    """Name a family by the miRNAs of the study that are in it, or by its bases."""
    if pd.isna(features):
        return f"not in the study: {family}"
    names = str(features).split("/")
    names.sort(key=lambda name: name != target)
    kept = len(names)
    while kept > 1 and len(short_name("/".join(names[:kept]))) > _LONGEST:
        kept -= 1
    more = f" and {len(names) - kept} more" if kept < len(names) else ""
    return short_name("/".join(names[:kept])) + more


@style()
def plot(table: pd.DataFrame, *, where: str, alpha: float = 0.05, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`.

    Parameters
    ----------
    table
        From `tabulate`.
    where
        What people read of the cells.
    alpha
        1 - alpha is the coverage of the intervals.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.
    """
    if table.empty:
        return blank("No family has enough targets to be tested.", **words)
    figure = new_figure(TWO_COLUMNS, 1.75 + _ROW * len(table))
    axes = figure.subplots()
    ends = table[["ci_low", "ci_high", "lowest", "highest"]].to_numpy(dtype=float)
    low, high = min(float(np.nanmin(ends)), -0.05), max(float(np.nanmax(ends)), 0.05)
    edge = 0.04 * (high - low)
    axes.set(xlim=(low - edge, high + edge), ylim=(len(table) - 0.4, -0.6), xlabel="shift of the targets (log2)")
    axes.axvline(0, color=NOTE, linewidth=0.6, linestyle=(0, (3, 3)), zorder=0)
    for y, row in enumerate(table.itertuples()):
        _draw(axes, y, row)
    labels = axes.set_yticks(range(len(table)), [grid.shorten(label, _WIDEST) for label in table["label"]])
    for tick, role in zip(labels, table["role"], strict=True):
        tick.label1.set_fontweight("bold" if role == "target" else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _write_numbers(axes, table)
    legend_above(axes, _keys(table), 5)
    others = table[table["kind"] == "others"]
    note = (
        ""
        if others.empty
        else "Thin line: the lowest and the highest of the others; bar: 95% of them; stroke: their median."
    )
    frame(
        figure,
        f"In {where}. Line: {1 - alpha:.0%} interval. Fall and rise: padj < {alpha:g} over all families tested.",
        "To the left: the targets fall against genes that are like them but for the site.",
        note,
        **words,
    )
    return figure


def _draw(axes: Axes, y: int, row: pd.Series) -> None:
    if row.kind == "others":
        axes.plot([row.lowest, row.highest], [y, y], color=NOTE, linewidth=0.6, zorder=2)
        axes.plot(
            [row.ci_low, row.ci_high], [y, y], color=NOT_SIGNIFICANT, linewidth=5, solid_capstyle="butt", zorder=2
        )
        axes.plot([row.shift, row.shift], [y - 0.3, y + 0.3], color=NOTE, linewidth=1.2, zorder=3)
        return
    edge = _EDGE[row.role]
    axes.plot([row.ci_low, row.ci_high], [y, y], color=edge, linewidth=0.9, zorder=2)
    size = {"target": 34, "co-cargo": 24, "none": 20}[row.role]
    axes.scatter(
        [row.shift], [y], s=size, marker=_MARKER[row.role], c=_FILL.get(row.call, NOT_SIGNIFICANT), edgecolors=edge,
        linewidths=0.9, zorder=3,
    )  # fmt: skip


def _write_numbers(axes: Axes, table: pd.DataFrame) -> None:
    """Write shift, interval, number of targets and padj of each row to the right of the axes."""
    across = blended_transform_factory(axes.transAxes, axes.transData)
    texts = [_numbers(row) for row in table.itertuples()]
    right = axes.secondary_yaxis("right")
    right.set_yticks(range(len(table)), texts)
    right.tick_params(axis="y", length=0)
    right.spines["right"].set_visible(False)
    axes.text(1.01, -0.95, "shift [interval], targets, padj", transform=across, fontsize=7, color=NOTE, va="bottom")


def _numbers(row: pd.Series) -> str:
    if row.kind == "others":
        return f"{row.shift:+z.2f} [{row.ci_low:+z.2f}, {row.ci_high:+z.2f}]"
    return f"{row.shift:+z.2f} [{row.ci_low:+z.2f}, {row.ci_high:+z.2f}], {int(row.n_targets):,}, {format_p(row.padj)}"


def _keys(table: pd.DataFrame) -> list[Line2D]:
    shown = table[table["kind"] == "family"]
    keys = [
        marker_key(words, "o", _FILL[call], markeredgecolor=NOTE)
        for call, words in ((FALL, "targets fall"), (RISE, "targets rise"))
        if (shown["call"] == call).any()
    ]
    names = {"target": "the target's family", "co-cargo": "a family of co-cargo", "none": "another family"}
    keys += [
        # In black, green and grey: these differ in print.
        marker_key(
            names[role], _MARKER[role], NOT_SIGNIFICANT if role == "none" else "white", markeredgecolor=_EDGE[role]
        )
        for role in names
        if (shown["role"] == role).any()
    ]
    return keys


def draw(inputs: RecipientInputs) -> Drawn:
    table = tabulate(inputs.families, inputs.agreement, inputs.facts["family"], inputs.target)
    title = "Targets of each miRNA family in the recipient"
    return table, plot(table, where=inputs.where, alpha=inputs.alpha, title=title, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="recipient_families",
    shows="Shift of the targets of each miRNA family in the recipient",
    of="recipient",
    order=2,
    columns=COLUMNS,
    draw=draw,
)
