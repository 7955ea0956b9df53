"""Cargo and consequence: the change of each miRNA in exosomes against the shift of its targets in the recipient."""

from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from mircargo.figures import catalogue, labels, points
from mircargo.figures.inputs import Drawn, RecipientInputs
from mircargo.figures.placement import Words, blank, counted, frame, legend_above, marker_key, new_figure
from mircargo.figures.style import LEVELS, NOTE, ONE_COLUMN, REFERENCES, TARGET, rim_of, style
from mircargo.recipient.agreement import (
    AGREEMENTS,
    CANDIDATE,
    NO_RESPONSE,
    NOT_ASKED,
    OPPOSED,
    STRONG,
    SUPPORTED,
    UNCHANGED,
)
from mircargo.results.columns import Column
from mircargo.results.recipient_columns import AGREEMENT

COLUMNS: Final = {
    **{name: AGREEMENT[name] for name in ("feature", "family", "log2FoldChange", "padj", "shift", "ci_low", "ci_high")},
    **{name: AGREEMENT[name] for name in ("shift_pvalue", "n_targets", "agreement", "same_family")},
    "role": Column("How it is shown", "target, none"),
    **points.LABEL_RANK,
}
_MOST: Final = 10
# Marker, colour and area of each; the colours differ in grey print.
_LOOKS: Final = {
    STRONG: ("D", LEVELS[4], 26.0),
    SUPPORTED: ("s", LEVELS[0], 24.0),
    CANDIDATE: ("^", LEVELS[1], 26.0),
    OPPOSED: ("X", LEVELS[2], 30.0),
    NO_RESPONSE: ("o", REFERENCES[0], 14.0),
    UNCHANGED: ("o", REFERENCES[2], 9.0),
}
# Of the axes; the note of labels that found no room stands in the very corner.
_CORNERS: Final = (
    (0.98, 0.05, "more in exosomes,\ntargets fall: as predicted"),
    (0.02, 0.95, "less in exosomes,\ntargets rise: as predicted"),
    (0.98, 0.95, "more in exosomes,\ntargets rise: against it"),
    (0.02, 0.05, "less in exosomes,\ntargets fall: against it"),
)


def tabulate(agreement: pd.DataFrame, target: str | None) -> pd.DataFrame:
    """Work out how each miRNA is drawn.

    Parameters
    ----------
    agreement
        `recipient/agreement.tsv`.
    target
        The target among the features.

    Returns
    -------
    pandas.DataFrame
        One row a miRNA, with `COLUMNS`, in the order of `agreement`. The target is named first, then what is strong,
        supported and opposed, by p.
    """
    table = agreement.reset_index(drop=True)
    table["role"] = "none"
    table.loc[table["feature"] == target, "role"] = "target"
    worth = {tier: place for place, tier in enumerate((STRONG, SUPPORTED, OPPOSED))}
    named = table[table["shift"].notna() & (table["agreement"].isin([*worth]) | (table["role"] == "target"))]
    named = named.assign(own=named["role"] != "target", worth=named["agreement"].map(worth))
    named = named.sort_values(["own", "worth", "shift_pvalue", "padj"], kind="stable").head(_MOST)
    table["label_rank"] = pd.Series(range(1, len(named) + 1), index=named.index, dtype="Int64").reindex(table.index)
    return table.reindex(columns=list(COLUMNS))


@style()
def plot(table: pd.DataFrame, *, where: str, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`.

    Parameters
    ----------
    table
        From `tabulate`.
    where
        What people read of the cells.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.
    """
    drawn = table[table["shift"].notna() & table["log2FoldChange"].notna()]
    if drawn.empty:
        return blank("No miRNA of the exosomes has targets that were tested.", **words)
    x, x_rim = points.within(drawn["log2FoldChange"], 1.0)
    # The target is where it is, and what lies farther off stands at the rim.
    own = drawn.loc[drawn["role"] == "target", "shift"].abs().max()
    y, y_rim = points.within(drawn["shift"], 0.05 if pd.isna(own) else max(0.05, own))
    number = drawn["agreement"].value_counts()
    tiers = [name for name in AGREEMENTS if name in number.index]
    figure = new_figure(ONE_COLUMN, 4.1 + 0.135 * -(-len(tiers) // 2))
    axes = figure.subplots()
    axes.axhline(0, color=NOTE, linewidth=0.5, zorder=0)
    axes.axvline(0, color=NOTE, linewidth=0.5, zorder=0)
    for name in reversed(tiers):
        marker, colour, size = _LOOKS[name]
        for role, rim, width in (("none", rim_of(colour), 0.3), ("target", TARGET, 1.1)):
            chosen = (drawn["agreement"] == name) & (drawn["role"] == role)
            if not chosen.any():
                continue
            axes.scatter(
                x[chosen], y[chosen], s=size, c=colour, marker=marker, edgecolors=rim, linewidths=width, clip_on=False,
                zorder=2 + (name in (STRONG, SUPPORTED, OPPOSED)) + 2 * (role == "target"),
            )  # fmt: skip
    axes.set(
        xlim=(-1.12 * x_rim, 1.12 * x_rim),
        ylim=(-1.45 * y_rim, 1.45 * y_rim),
        xlabel="log2 fold change in the exosomes",
        ylabel="shift of the targets (log2)",
    )
    corners = [
        axes.text(
            across, up, text, transform=axes.transAxes, fontsize=6.5, color=NOTE,
            ha="right" if across > 0.5 else "left", va="top" if up > 0.5 else "bottom",
        )
        for across, up, text in _CORNERS
    ]  # fmt: skip
    keys = [marker_key(f"{name} ({number[name]:,})", *_LOOKS[name][:2]) for name in tiers]
    legend_above(axes, keys, 2)
    beyond = drawn.loc[(x != drawn["log2FoldChange"]) | (y != drawn["shift"]), "feature"].tolist()
    untested = len(table) - len(drawn)
    frame(
        figure,
        f"In {where}. {counted(len(drawn), 'miRNA')}; those of one family have the same targets, and the same shift.",
        "Black rim: the target." if (drawn["role"] == "target").any() else "",
        f"{untested:,} {NOT_ASKED}, not drawn." if untested else "",
        points.rim_note(beyond, drawn["feature"].tolist()),
        **words,
    )
    _name(axes, drawn, (x, y), corners)
    return figure


def _name(axes: Axes, drawn: pd.DataFrame, at: tuple[pd.Series, pd.Series], corners: list[Text]) -> None:
    """Write the names of the ranked points, off the words in the corners."""
    x, y = at
    named = drawn[drawn["label_rank"].notna()].sort_values("label_rank")
    reach = {name: 1.1 * (size / 2) ** 0.5 for name, (_, _, size) in _LOOKS.items()}
    wanted = [
        labels.Label(
            x[row], y[row], labels.short_name(feature, drawn["feature"]), bold=role == "target", radius=reach[tier]
        )
        for row, feature, role, tier in zip(
            named.index, named["feature"], named["role"], named["agreement"], strict=True
        )
    ]
    places = pd.DataFrame({"x": x, "y": y}).to_numpy(dtype=float)
    to_data = axes.transData.inverted()
    boxes = [corner.get_window_extent() for corner in corners]
    taken = [to_data.transform((box.x0 + box.width * i / 8, box.y0 + box.height * j / 2)) for box in boxes
             for i in range(9) for j in range(3)]  # fmt: skip
    crowd = labels.Crowd(places, drawn["agreement"].map(reach).to_numpy(dtype=float), np.array(taken))
    labels.place(axes, wanted, crowd, walls=(0.0, 0.0), sparing=True)


def draw(inputs: RecipientInputs) -> Drawn:
    table = tabulate(inputs.agreement, inputs.target)
    return table, plot(table, where=inputs.where, title="Cargo and consequence", simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="recipient_agreement",
    shows="Change in exosomes against the shift of the targets in the recipient",
    of="recipient",
    order=3,
    columns=COLUMNS,
    draw=draw,
)
