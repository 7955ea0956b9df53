"""Scores of the callers in the benchmark: false discovery rate, power, and calls of unchanged features."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mircargo.figures.placement import frame, marker_key, new_figure
from mircargo.figures.style import MARKERS, NOTE, TWO_COLUMNS, colours_of, style

QUANTITIES = {
    "fdr": "of the calls,\nthe share that is false",
    "tpr": "of the changed features,\nthe share called",
    "unchanged_called": "of the unchanged features,\nthe share called",
}


def tabulate(summary: pd.DataFrame, pools: pd.DataFrame | None, per_group_of_pools: int = 3) -> pd.DataFrame:
    """Put simulated studies and pools into one table.

    Parameters
    ----------
    summary
        Of simulated studies: `setting caller per_group studies mean_fdr mean_tpr mean_unchanged_called`; may be empty.
    pools
        Scores of the pools, a row a group and caller, if there are any.
    per_group_of_pools
        Libraries of each pool.

    Returns
    -------
    pandas.DataFrame
        `setting caller per_group n fdr tpr unchanged_called`: means over n studies, medians over n groups of pools.
        What was never fitted is left out.
    """
    parts = []
    if len(summary):
        renamed = summary.rename(columns={f"mean_{name}": name for name in QUANTITIES} | {"studies": "n"})
        parts.append(renamed[renamed["fdr"].notna()])
    if pools is not None and len(pools):
        grouped = pools.groupby("caller", sort=False)
        medians = grouped[list(QUANTITIES)].median().assign(n=grouped.size()).reset_index()
        parts.append(medians.assign(setting="pools", per_group=per_group_of_pools))
    columns = ["setting", "caller", "per_group", "n", *QUANTITIES]
    return pd.concat(parts)[columns].reset_index(drop=True) if parts else pd.DataFrame(columns=columns)


@style()
def plot(
    table: pd.DataFrame, *, alpha: float, reference: Mapping[str, Mapping[str, float]], note: str | None = None
) -> Figure:
    """Draw the table of `tabulate`: a row for each setting, in it a line for each caller and a marker for each size.

    Parameters
    ----------
    table
        From `tabulate`, at least one row.
    alpha
        The nominal false discovery rate.
    reference
        Setting -> quantity -> what another tool reaches there, drawn as a black line through the setting's row.
    note
        Below the figure, after the explanation that is always given.
    """
    settings, callers = (list(dict.fromkeys(table[column])) for column in ("setting", "caller"))
    sizes = sorted(table["per_group"].unique())
    colours, markers = colours_of(pd.Series(callers)), dict(zip(sizes, cycle(MARKERS), strict=False))
    figure = new_figure(TWO_COLUMNS, 1.3 + (0.16 * len(callers) + 0.1) * len(settings))
    panels: Sequence[Axes] = figure.subplots(1, len(QUANTITIES), sharey=True)
    for axes, (quantity, label) in zip(panels, QUANTITIES.items(), strict=True):
        for row in table.to_dict("records"):
            line = _spread(callers.index(row["caller"]), len(callers), 0.8)
            y = settings.index(row["setting"]) + line
            y += _spread(sizes.index(row["per_group"]), len(sizes), 0.6 / len(callers))
            axes.plot(
                row[quantity], y, markers[row["per_group"]], color=colours[row["caller"]], markersize=3.8,
                markeredgecolor="white", markeredgewidth=0.4, clip_on=False, zorder=3,
            )  # fmt: skip
        _rows(axes, [reference.get(setting, {}).get(quantity) for setting in settings])
        axes.set_xlabel(label)
        axes.set_xlim(0, 1 if quantity == "tpr" else max(0.1, 1.05 * float(np.nanmax(table[quantity]))))
    panels[0].axvline(alpha, color=NOTE, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    panels[0].set_yticks(range(len(settings)), [setting.replace("_", " ") for setting in settings])
    panels[0].set_ylim(len(settings) - 0.5, -0.5)
    marks = [marker_key(caller, "o", colours[caller], 6) for caller in callers]
    marks += [marker_key(f"{n} a group", mark, NOTE, 6) for n, mark in markers.items()]
    figure.legend(handles=marks, loc="outside upper left", ncols=min(8, len(marks)))
    explanation = f"Dashed: the nominal {alpha:g}. Mean over simulated studies"
    explanation += ", median over groups of the pools." if "pools" in settings else "."
    frame(figure, explanation, note=note)
    return figure


def _spread(item: int, items: int, width: float) -> float:
    """Place items side by side around 0, within a width."""
    return (item - (items - 1) / 2) * width / items


def _rows(axes: Axes, reference: Sequence[float | None]) -> None:
    for place, value in enumerate(reference):
        if value is not None:
            axes.plot([value, value], [place - 0.45, place + 0.45], color="black", linewidth=1.0, zorder=2)
        if place:
            axes.axhline(place - 0.5, color="#E5E5E5", linewidth=0.6, zorder=0)
    axes.tick_params(axis="y", length=0)
