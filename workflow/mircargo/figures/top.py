"""The surest changed features of a contrast in every sample, in all fractions."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from matplotlib.transforms import ScaledTranslation

from mircargo.config import Contrast
from mircargo.figures import catalogue
from mircargo.figures.changed import OF_CHANGED, counted_surest, label, surest
from mircargo.figures.inputs import ContrastInputs, Drawn
from mircargo.figures.placement import STAMP, Words, blank, frame, log_axis, marker_key, new_figure
from mircargo.figures.sample_grid import shorten
from mircargo.figures.style import LEVELS, ONE_COLUMN, TWO_COLUMNS, as_levels, rim_of, style
from mircargo.model.differential_table import format_p
from mircargo.results.columns import Column, common, take
from mircargo.vocabulary import CHANGED

COLUMNS: Final = {
    **take(OF_CHANGED, "rank feature role log2FoldChange padj call robust n_changed"),
    "block": Column("Where the sample is from: its fraction, and what else the contrast tells apart; missing where"
                    " nothing is"),
    **common("sample"),
    "group": Column("Level or reference; of a slope, the number"),
    "in_contrast": Column("Whether the sample is one of the contrast", "True, False"),
    "normalised_count": Column("Count divided by the size factor", "normalised reads"),
    "drawn_at": Column("The same plus one half, so that 0 can be drawn on a log axis", "normalised reads"),
    "group_mean": Column("Geometric mean of what is drawn in the group of the block; missing in a slope",
                         "normalised reads"),
}  # fmt: skip
MOST: Final = 6  # with the target
_SHIFT: Final = 0.5
_LETTER: Final = 0.065  # inches
_PANEL, _ABOVE = 1.3, 0.34  # inches: a panel, its name and its call
_FULL_SIZE_UP_TO: Final = 30  # samples of a group and block
_MARKERS: Final = "os"


def tabulate(
    chosen: pd.DataFrame,
    normalised: pd.DataFrame,
    samples: pd.DataFrame,
    contrast: Contrast,
    *,
    own: Sequence[str],
    blocks: Sequence[str] = (),
) -> pd.DataFrame:
    """Take the counts of some features in every sample of the groups of a contrast.

    Parameters
    ----------
    chosen
        Features, from `changed.surest`.
    normalised
        Normalised counts, feature x sample.
    samples
        Sample sheet, indexed by sample name.
    contrast
        Samples of its groups are taken, of its subset but for the columns in `blocks`. Of a slope all that have a
        number.
    own
        Samples of the contrast itself.
    blocks
        Columns of the sheet that tell apart where samples are from, for instance the fraction.

    Returns
    -------
    pandas.DataFrame
        One row a feature and sample, with `COLUMNS`; features in their order, then blocks and groups, the reference
        first. Empty where no feature is chosen.
    """
    taken = samples.loc[[str(name) for name in normalised.columns]]
    for column, values in contrast.subset.items():
        taken = taken[taken[column].isin(values)] if column not in blocks else taken
    groups = taken[contrast.variable]
    order = [contrast.reference, contrast.level]
    numbers = pd.to_numeric(groups, errors="coerce")
    taken = taken[numbers.notna() if contrast.per_unit else groups.isin(order)]
    where = _joined(taken, blocks)
    group = taken[contrast.variable].astype(str)
    rank = group.astype(float) if contrast.per_unit else group.map({name: at for at, name in enumerate(order)})
    places = {name: at for at, name in enumerate(dict.fromkeys(where))}
    sorted_by = pd.DataFrame({"block": where.map(places) if blocks else 0, "group": rank})
    names = sorted_by.sort_values(["block", "group"], kind="stable").index
    counts = normalised.reindex(index=chosen["feature"])[list(names)].to_numpy(dtype=float)
    n_features, n_samples = counts.shape
    table = chosen.loc[chosen.index.repeat(n_samples)].reset_index(drop=True)
    samples_of = pd.DataFrame({"sample": names, "block": where[names].to_numpy(), "group": group[names].to_numpy(),
                               "in_contrast": names.isin(list(own))})  # fmt: skip
    table = table.join(pd.concat([samples_of] * n_features, ignore_index=True) if n_features else samples_of.head(0))
    table["normalised_count"] = counts.ravel()
    table["drawn_at"] = table["normalised_count"] + _SHIFT
    log = np.log2(table["drawn_at"])
    means = log.groupby([table["rank"], table["block"], table["group"]], dropna=False).transform("mean")
    table["group_mean"] = np.nan if contrast.per_unit else 2**means
    return table[list(COLUMNS)]


def _joined(samples: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Write the levels of some columns of a sheet, joined by a comma; missing where there is no such column."""
    if not columns:
        return pd.Series(None, index=samples.index, dtype=object)
    rows = zip(*(as_levels(samples[each]) for each in columns), strict=True)
    return pd.Series([", ".join(row) for row in rows], index=samples.index, dtype=object)


@style()
def plot(
    table: pd.DataFrame,
    contrast: Contrast,
    *,
    alpha: float,
    colours: Mapping[str, str] | None = None,
    **words: Unpack[Words],
) -> Figure:
    """Draw the table of `tabulate`: a panel a feature, a point a sample; where nothing changed, the figure says so.

    Parameters
    ----------
    table
        From `tabulate`.
    contrast
        The same as of the table.
    alpha
        Of the calls, for the caption.
    colours
        Colour of each group, so that figures agree.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> injury = Contrast(variable="condition", level="injured", reference="control", subset={"fraction": ["exosome"]})
    >>> chosen = surest(fit, example.stress["exosome_injury"], {}, alpha=0.05, target=mir_21, most=5)
    >>> table = top.tabulate(chosen, normalised, sheet, injury, own=exosomes.index, blocks=["fraction"])
    >>> figure = top.plot(table, injury, alpha=0.05, simulated=True)
    """
    if table.empty:
        return blank(f"No feature changed (adjusted p < {alpha:g}).", **words)
    order = (contrast.reference, contrast.level)
    fills = {group: (colours or {}).get(group, LEVELS[at]) for at, group in enumerate(order)}
    blocks = list(dict.fromkeys(table["block"].fillna("")))
    features = table.drop_duplicates("rank")
    across = min(len(features), 3 if len(blocks) <= 3 else 2 if len(blocks) <= 5 else 1)
    down = -(-len(features) // across)
    height = (_PANEL + 0.38) * down + 1.1 + STAMP * words.get("simulated", False)
    figure = new_figure(ONE_COLUMN if len(features) <= 2 and len(blocks) <= 2 else TWO_COLUMNS, height)
    panels = figure.subplots(down, across, squeeze=False).ravel()
    for panel, (_, own) in zip(panels, table.groupby("rank"), strict=False):
        name = label(own["feature"].iloc[0], features["feature"])
        _panel(panel, own, contrast, fills, blocks)
        bold = "bold" if own["role"].iloc[0] == "target" else "normal"
        panel.annotate(name, (0.5, 1.0), (0, 12), xycoords="axes fraction", textcoords="offset points",
                       ha="center", size=8, weight=bold)  # fmt: skip
    longest = max(6, int((figure.get_figwidth() / across - 0.6) / len(blocks) / _LETTER))
    for panel in panels[: len(features)]:
        panel.set_xticks(range(len(blocks)), [shorten(block, longest) for block in blocks])
    for panel in panels[len(features) :]:
        panel.set_axis_off()
    for panel in panels[: max(0, len(features) - across)]:
        panel.tick_params(labelbottom=False)
    for panel in panels[::across]:
        panel.set_ylabel(f"normalised count + {_SHIFT:g}", size=7)
    if not contrast.per_unit:
        _legend(panels[0], fills)
    frame(figure, *_explanation(table, features, blocks, contrast, alpha), **words)
    return figure


def _panel(
    axes: Axes, table: pd.DataFrame, contrast: Contrast, fills: Mapping[str, str], blocks: Sequence[str]
) -> None:
    """Draw a feature: blocks side by side, in each the reference on the left; those of the contrast on grey."""
    first = table.iloc[0]
    x = _places(table, contrast, blocks)
    for at, block in enumerate(blocks):
        inside = table["block"].fillna("") == block
        if len(blocks) > 1 and table.loc[inside, "in_contrast"].any():
            axes.axvspan(at - 0.46, at + 0.46, color="#F0F0F0", linewidth=0, zorder=0)
    most = table.groupby(["block", "group"], dropna=False).size().max()
    look: dict[str, Any] = {"linewidths": 0.3, "edgecolors": "white", "s": 16.0, "zorder": 3}
    if most > _FULL_SIZE_UP_TO:
        look |= {"linewidths": 0.0, "alpha": 0.6, "s": max(2.0, 16.0 * _FULL_SIZE_UP_TO / most)}
    if contrast.per_unit:
        axes.scatter(x, table["drawn_at"], c=LEVELS[0], **look)
    for marker, (group, colour) in zip(_MARKERS, fills.items(), strict=True) if not contrast.per_unit else ():
        rows = table["group"] == group
        axes.scatter(
            x[rows], table.loc[rows, "drawn_at"], c=colour, marker=marker, **look | {"edgecolors": rim_of(colour)}
        )
        means = table[rows].drop_duplicates("block")
        middle = np.array([blocks.index(block) for block in means["block"].fillna("")])
        middle = middle + (-0.2 if group == contrast.reference else 0.2)
        axes.hlines(means["group_mean"], middle - 0.16, middle + 0.16, colors="black", linewidth=1.0, zorder=4)
    axes.set_xlim(-0.5, len(blocks) - 0.5)
    axes.tick_params(axis="x", length=0)
    low, high = table["drawn_at"].min(), table["drawn_at"].max()
    # An axis over less than a factor of four would make noise look like a difference.
    middle_count, reach = np.sqrt(low * high), max(2.0, 1.25 * np.sqrt(high / low))
    log_axis(axes.yaxis, middle_count / reach, middle_count * reach)
    axes.yaxis.set_minor_locator(NullLocator())
    robust = ", robust" if first["robust"] is True or str(first["robust"]).lower() == "true" else ""
    called = first["call"] if first["call"] in CHANGED else "not called"
    padj = "" if pd.isna(first["padj"]) else f", p {format_p(first['padj'])}"
    axes.set_title(f"{called}{robust}{padj}", size=6.5, pad=2)


def _places(table: pd.DataFrame, contrast: Contrast, blocks: Sequence[str]) -> "pd.Series[float]":
    """Return where samples stand: the block, the group in it, and evenly beside each other."""
    block = table["block"].fillna("").map({name: at for at, name in enumerate(blocks)}).astype(float)
    if contrast.per_unit:
        numbers = table["group"].astype(float)
        return block + 0.8 * (numbers - numbers.min()) / (numbers.max() - numbers.min()) - 0.4
    groups = table.groupby(["block", "group"], dropna=False)["sample"]
    at, n = groups.cumcount(), groups.transform("size")
    spread = np.minimum(0.15, 0.025 * (n - 1))
    beside = np.where(n > 1, spread * (2 * at / np.maximum(n - 1, 1) - 1), 0.0)
    return block + np.where(table["group"] == contrast.reference, -0.2, 0.2) + beside


def _legend(axes: Axes, fills: Mapping[str, str]) -> None:
    """Put the legend of the groups above a panel, its name and its call."""
    above = axes.transAxes + ScaledTranslation(0, _ABOVE, axes.figure.dpi_scale_trans)
    entries = zip(_MARKERS, fills.items(), strict=True)
    handles = [marker_key(group, marker, colour) for marker, (group, colour) in entries]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 1.0), bbox_transform=above, ncols=2)


def _explanation(
    table: pd.DataFrame, features: pd.DataFrame, blocks: Sequence[str], contrast: Contrast, alpha: float
) -> list[str]:
    tick = f"from left to right by {contrast.variable}" if contrast.per_unit else "tick: geometric mean of the group"
    elsewhere = len(blocks) > 1 and not table["in_contrast"].all()
    return [
        counted_surest(features, alpha),
        f"Point: a sample, {tick}; p: adjusted.",
        "On grey: the samples of the contrast, which the calls are of." if elsewhere else "",
        "Bold: the target." if (features["role"] == "target").any() else "",
    ]


def draw(inputs: ContrastInputs) -> Drawn:
    contrast, alpha = inputs.contrast, inputs.thresholds.alpha
    most = MOST - len(inputs.target)
    chosen = surest(inputs.table, inputs.robustness, {}, alpha, inputs.target, most)
    wanted = dict.fromkeys(name for name in (inputs.fraction, inputs.facet) if name)
    blocks = [name for name in wanted if name != contrast.variable]
    table = tabulate(chosen, inputs.everywhere, inputs.sheet, contrast, own=list(inputs.samples.index), blocks=blocks)
    within = "all" not in inputs.facts["size_factor_methods"] and table["block"].nunique() > 1
    note = "Counts are normalised within fractions: compare groups, not fractions." if within else ""
    return table, plot(table, contrast, alpha=alpha, colours=inputs.colours[contrast.variable], **inputs.words(note))


FIGURE: Final = catalogue.Figure(
    name="top",
    shows="The surest changed features in all fractions",
    of="contrast",
    order=10,
    columns=COLUMNS,
    draw=draw,
)
