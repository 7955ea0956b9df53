"""Abundance in each library, before and after normalisation, and its relative log expression."""

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from mircargo.figures import catalogue
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, SamplesInputs
from mircargo.figures.placement import STAMP, Words, blank, frame, new_figure
from mircargo.figures.style import NOTE, ONE_COLUMN, TARGET, TWO_COLUMNS, style
from mircargo.results.columns import FEATURES_COUNTED, LOG2, Column, common

MEASURES: Final = {
    "counts": "log2(count + 1)",
    "normalised": "log2(normalised + 1)",
    "relative_counts": "",
    "relative": "relative log expression",
}
_QUANTILES: Final = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
COLUMNS: Final = {
    **common("sample"),
    **grid.VARIABLE,
    "sample_order": Column("Place of the sample in the figure"),
    "n_features": Column("Features that the row rests on: with a read in half of the libraries of its fraction or more",
                         FEATURES_COUNTED),
    "measure": Column(
        "Of which numbers: log2(count + 1); log2(normalised count + 1); the same of each, less the median of the"
        " feature over the libraries of the fraction",
        "counts, normalised, relative_counts, relative",
    ),
    "q05": Column("Their 5 % quantile", LOG2),
    "q25": Column("Their lower quartile", LOG2),
    "q50": Column("Their median", LOG2),
    "q75": Column("Their upper quartile", LOG2),
    "q95": Column("Their 95 % quantile", LOG2),
}  # fmt: skip
_OWN: Final = grid.reserved(COLUMNS)
_PANEL: Final = 1.05  # inches
_NARROW_UP_TO: Final = 14  # samples


def tabulate(
    counts: pd.DataFrame,
    normalised: pd.DataFrame,
    groups: pd.DataFrame,
    fraction: pd.Series | None = None,
    most_samples: int = grid.MOST_SAMPLES,
) -> pd.DataFrame:
    """Find quantiles of the counts of each library, before and after normalisation, and of their relative expression.

    Parameters
    ----------
    counts, normalised
        Features x samples.
    groups
        Columns of the sample sheet shown as strips, indexed by sample name; samples are ordered by the first, then the
        second, and so on, levels in order of first appearance.
    fraction
        Of each sample: features are chosen, and relative log expression is found, within fractions. One for all where
        left out.
    most_samples
        Number of samples at most; of more, so many are chosen, evenly in their order.

    Returns
    -------
    pandas.DataFrame
        Four rows a sample, with `COLUMNS`, samples from the left; quantiles are missing where there is no such feature.
        ``samples_in_all`` is added where samples are chosen.

    Raises
    ------
    ValueError
        Where a sample has no row in `groups`, or a variable has the name of a column of this table.
    """
    names = [str(name) for name in counts.columns]
    groups = grid.ordered(grid.as_text(groups, names, _OWN))
    strata = pd.Series("all", index=groups.index) if fraction is None else fraction.loc[names].astype(object)
    parts = [_quantiles(counts[own], normalised[own]) for own in (list(names) for names in _members(strata.fillna("")))]
    groups = grid.drawn(groups, most_samples)
    table = groups.rename_axis("sample").reset_index().assign(sample_order=range(len(groups)))
    merged = table.merge(pd.concat(parts), on="sample", how="left")
    measures = {name: place for place, name in enumerate(MEASURES)}
    in_order = merged.sort_values(["sample_order", "measure"], key=lambda own: own.replace(measures), kind="stable")
    return in_order.reset_index(drop=True).assign(**grid.in_all(len(names), len(groups)))


def _members(strata: pd.Series) -> Sequence[pd.Index]:
    return [own.index for _, own in strata.groupby(strata, sort=False)]


def _quantiles(counts: pd.DataFrame, normalised: pd.DataFrame) -> pd.DataFrame:
    """Return the quantiles of the libraries of one fraction: `sample n_features measure`, and the quantiles."""
    often = ((counts > 0).mean(axis=1) >= 0.5).to_numpy()
    before, after = (np.log2(each.to_numpy(dtype=float)[often] + 1) for each in (counts, normalised))
    if not often.any():
        before = after = np.full((1, counts.shape[1]), np.nan)
    centred = [each - np.median(each, axis=1, keepdims=True) for each in (before, after)]
    parts = []
    for name, values in zip(MEASURES, [before, after, *centred], strict=True):
        found = np.quantile(values, list(_QUANTILES.values()), axis=0)
        own = pd.DataFrame({"sample": counts.columns.astype(str), "n_features": int(often.sum()), "measure": name})
        parts.append(own.assign(**dict(zip(_QUANTILES, found, strict=True))))
    return pd.concat(parts)


@style()
def plot(
    table: pd.DataFrame, *, by: str | None = None, colours: grid.Colours | None = None, **words: Unpack[Words]
) -> Figure:
    """Draw the table of `tabulate`: a box a library in each of three panels.

    Parameters
    ----------
    table
        From `tabulate`.
    by
        The variable whose colours the boxes have; the last one shown if not given.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> groups = sheet[["fraction", "condition"]]
    >>> table = abundance.tabulate(counts, normalised, groups, fraction=sheet["fraction"])
    >>> figure = abundance.plot(table, simulated=True)
    """
    if table.empty:
        return blank("There are no samples.", **words)
    shown = grid.variables_of(table, _OWN)
    samples = table.drop_duplicates("sample_order").sort_values("sample_order")
    names = samples["sample"].tolist()
    width = ONE_COLUMN if len(names) <= _NARROW_UP_TO else TWO_COLUMNS
    height = 3 * _PANEL + 0.75 + grid.legend_height(table[shown]) + grid.STRIP_AND_GAP * len(shown) + grid.length(names)
    figure = new_figure(width, height + STAMP * words.get("simulated", False))
    axes = grid.stack(figure, len(shown), *[_PANEL] * 3)
    palettes = grid.palettes(samples[shown], colours)
    by = by if by in shown else (shown[-1] if shown else None)
    fills = [palettes[by][level] for level in samples[by]] if by else [NOTE] * len(names)
    panels = axes[-3:]
    for panel, measure in zip(panels, ("counts", "normalised", "relative"), strict=True):
        _boxes(panel, table[table["measure"] == measure], fills)
        panel.set_ylabel(MEASURES[measure].replace(" log expression", "\nlog expression").replace("(", "\n("))
        panel.tick_params(axis="x", length=0, labelbottom=False)
    before = table.loc[table["measure"] == "relative_counts", "q50"].to_numpy(dtype=float)
    panels[2].scatter(np.arange(len(names)) + 0.5, before, s=16 if len(names) <= 60 else 5, c=TARGET, marker="_",
                      linewidths=0.9, zorder=4)  # fmt: skip
    panels[2].axhline(0, color=NOTE, linewidth=0.6, zorder=1)
    _limits(panels, table)
    step = grid.name_columns(panels[2], names, width - 0.9)
    panels[2].tick_params(axis="x", labelbottom=True, pad=2)
    grid.strips(axes[:-3], samples[shown], palettes)
    figure.align_ylabels(panels)
    thinned = f"For want of room one sample in {step} is named." if step > 1 else ""
    frame(figure, *_explanation(table, len(names)), thinned, **words)
    return figure


def _boxes(axes: Axes, table: pd.DataFrame, fills: Sequence[str]) -> None:
    """Draw a box from quartile to quartile with its median, and whiskers to the 5 % and 95 % quantiles."""
    low, lower, median, upper, high = table[list(_QUANTILES)].to_numpy(dtype=float).T
    left = np.arange(len(table)) + (0.14 if len(table) <= 60 else 0.05)
    right = np.arange(1, len(table) + 1) - (left[0] if len(table) else 0)
    middle = (left + right) / 2
    for start, end in ((low, lower), (upper, high)):
        ends = np.stack([np.stack([middle, start], axis=1), np.stack([middle, end], axis=1)], axis=1)
        axes.add_collection(
            LineCollection(list(ends), colors=fills, linewidths=0.7 if len(table) <= 60 else 0.25, zorder=2)
        )
    corners = np.stack([left, lower, left, upper, right, upper, right, lower], axis=1).reshape(-1, 4, 2)
    axes.add_collection(PolyCollection(list(corners), facecolors=fills, edgecolors="none", zorder=3))
    ends = np.stack([np.stack([left, median], axis=1), np.stack([right, median], axis=1)], axis=1)
    axes.add_collection(LineCollection(list(ends), colors="white", linewidths=1.0, zorder=3.5))
    axes.set_xlim(0, len(table))


def _limits(panels: Sequence[Axes], table: pd.DataFrame) -> None:
    """Give both panels of abundance one scale, and that of relative expression one around 0."""
    absolute = table[table["measure"].isin(["counts", "normalised"])]
    top = np.nanmax([1.0, *absolute["q95"]])
    for panel in panels[:2]:
        panel.set_ylim(-0.02 * top, 1.05 * top)
    relative = table[table["measure"] == "relative"]
    before = table.loc[table["measure"] == "relative_counts", "q50"]
    reach = 1.08 * np.nanmax([1.0, *relative["q05"].abs(), *relative["q95"].abs(), *before.abs()])
    panels[2].set_ylim(-reach, reach)


def _explanation(table: pd.DataFrame, n_samples: int) -> list[str]:
    n = table["n_features"]
    features = f"{n.min():,}" if n.min() == n.max() else f"{n.min():,} to {n.max():,}"
    return [
        f"{grid.counted_samples(table, n_samples)}; {features} features with a read in half of the libraries of their"
        " fraction or more.",
        "Box: the middle half; whiskers: 5 to 95 %.",
        "Relative: log2(normalised + 1) less the median of the feature in the fraction; dash: the median before"
        " normalisation.",
    ]


def draw(inputs: SamplesInputs) -> Drawn:
    fraction = inputs.sheet[inputs.fraction] if inputs.fraction else None
    table = tabulate(inputs.counts, inputs.normalised, inputs.groups(inputs.fraction), fraction)
    by = next((name for name in inputs.variables if name != inputs.fraction), None)
    return table, plot(table, by=by, colours=inputs.colours, note=inputs.size_factors, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="abundance",
    shows="Abundance in each library before and after normalisation",
    of="samples",
    order=4,
    columns=COLUMNS,
    draw=draw,
)
