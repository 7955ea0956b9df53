"""UpSet plot: which features changed in which contrasts, and in which direction (Lex et al. 2014)."""

from collections.abc import Mapping, Sequence
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mircargo.figures import catalogue
from mircargo.figures.inputs import ContrastsInputs, Drawn
from mircargo.figures.placement import Words, blank, counted, frame, marker_key, new_figure
from mircargo.figures.sample_grid import length, shorten
from mircargo.figures.style import DOWN, NOT_SIGNIFICANT, ONE_COLUMN, TARGET, TWO_COLUMNS, UP, style
from mircargo.problems import listing
from mircargo.results.columns import FEATURES_COUNTED, Column, common
from mircargo.vocabulary import CHANGED, NO_CALL

COLUMNS: Final = {
    "column": Column("Place of the column: features that exactly these contrasts call so"),
    "size": Column("Features of the column", FEATURES_COUNTED),
    "n_robust": Column("Of these, those of which every call is robust", FEATURES_COUNTED),
    "role": Column("Whether the target is among them", "target, none"),
    "features": Column("Their names, joined by `; `"),
    "row": Column("Place of the contrast"),
    **common("contrast"),
    "title": Column("What people read of the contrast"),
    "call": Column("What the contrast calls the features of the column", "up, down, none"),
    "n_not_tested": Column("Of these, those that the contrast did not test", FEATURES_COUNTED),
    "robust_decided": Column("Whether it is said of the calls of the contrast if they are robust", "True, False"),
    "n_contrasts": Column("Contrasts of the study, of which those with the most calls are shown"),
}
MOST_CONTRASTS: Final = 12
_LOOK: Final = {"up": ("^", UP), "down": ("v", DOWN)}
_ROBUST, _NOT_ROBUST = "#333333", "#FFFFFF"
_PITCH: Final = (0.19, 0.34)  # inches of a column: at least, so that numbers stay apart; at most
_ROW, _BARS, _SETS = 0.22, 1.3, 1.5  # inches: a contrast, the bars of sizes, those of contrasts with their numbers


def tabulate(
    fits: Mapping[str, pd.DataFrame],
    stress: Mapping[str, pd.DataFrame],
    titles: Mapping[str, str],
    target: Sequence[str] = (),
    most: int = MOST_CONTRASTS,
) -> pd.DataFrame:
    """Group the changed features by what each contrast calls them.

    Parameters
    ----------
    fits, stress
        By contrast: `differential/{contrast}.tsv` (``feature call``) and `robustness/{contrast}.tsv` (``feature
        robust``).
    titles
        By contrast, what people read of it.
    target
        The column that holds it is marked.
    most
        Contrasts shown at most: those with the most calls, in their order.

    Returns
    -------
    pandas.DataFrame
        One row a column and contrast, with `COLUMNS`: the largest column first, then that of fewer contrasts. A feature
        is in one column. Empty where nothing changed.
    """
    calls = pd.DataFrame({name: fit.set_index("feature")["call"] for name, fit in fits.items()})
    n_calls = calls.isin(CHANGED).sum().sort_values(ascending=False, kind="stable")
    calls = calls[[name for name in fits if name in n_calls.index[:most]]]
    calls = calls[calls.isin(CHANGED).any(axis=1)]
    if calls.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    survives = pd.DataFrame({name: _robust(stress[name]) for name in calls}).reindex(calls.index)
    robust = (survives.eq(True) | ~calls.isin(CHANGED)).all(axis=1)
    decided = {name: bool(survives.loc[calls[name].isin(CHANGED), name].notna().all()) for name in calls}
    patterns = calls.where(calls.isin(CHANGED), NO_CALL)
    # The first contrasts and calls up come first among columns of the same size.
    rank = patterns.replace({"up": "0", "down": "1", NO_CALL: "2"}).agg("".join, axis=1)
    own = pd.DataFrame({"rank": rank, "degree": (patterns != NO_CALL).sum(axis=1), "robust": robust})
    own["feature"], own["target"] = calls.index, calls.index.isin(list(target))
    groups = own.groupby("rank").agg(
        size=("feature", "size"),
        degree=("degree", "first"),
        n_robust=("robust", "sum"),
        target=("target", "any"),
        features=("feature", "; ".join),
    )
    order = groups.sort_values(["size", "degree", "rank"], ascending=[False, True, True]).index
    columns = groups.loc[order].assign(column=range(len(order)))
    columns["role"] = np.where(columns["target"], "target", "none")
    untested = calls.isna().groupby(rank).sum()
    parts = [
        columns.assign(
            row=row,
            contrast=name,
            title=titles[name],
            call=patterns[name].groupby(rank).first(),
            n_not_tested=untested[name],
            robust_decided=decided[name],
            n_contrasts=len(fits),
        )
        for row, name in enumerate(calls)
    ]
    return pd.concat(parts).sort_values(["column", "row"])[list(COLUMNS)].reset_index(drop=True)


def _robust(stress: pd.DataFrame) -> pd.Series:
    """Return by feature True or False, missing where there is no call or it is not said."""
    words = stress.set_index("feature")["robust"].astype(str).str.lower()
    return words.map({"true": True, "false": False}).astype(object)


@style()
def plot(table: pd.DataFrame, *, alpha: float, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`; where nothing changed, the figure says so.

    Parameters
    ----------
    table
        From `tabulate`.
    alpha
        Of the calls, for the caption.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> titles = {name: name for name in example.fit}
    >>> table = upset.tabulate(example.fit, example.stress, titles, target=mir_21)
    >>> figure = upset.plot(table, alpha=0.05, simulated=True)
    """
    if table.empty:
        return blank(f"No feature changed in any contrast (adjusted p < {alpha:g}).", **words)
    rows = table.drop_duplicates("row").sort_values("row")
    names = [shorten(title) for title in rows["title"]]
    sizes = table.drop_duplicates("column").sort_values("column")
    beside = length(names) + _SETS + 0.15
    width = ONE_COLUMN
    if beside + _PITCH[0] * len(sizes) > ONE_COLUMN:
        width = min(TWO_COLUMNS, beside + _PITCH[1] * len(sizes))
    n_drawn = min(len(sizes), int((width - beside) / _PITCH[0]))
    matrix_width = min(n_drawn * _PITCH[1], width - beside)
    drawn = table[table["column"] < n_drawn]
    figure = new_figure(width, _BARS + _ROW * len(rows) + 1.1)
    sets_width = width - length(names) - 0.15 - matrix_width
    (key, bars), (sets, matrix) = figure.subplots(
        2, 2, width_ratios=(sets_width, matrix_width), height_ratios=(_BARS, _ROW * len(rows))
    )
    _bars(bars, sizes[:n_drawn])
    _matrix(matrix, drawn, len(rows), n_drawn)
    _sets(sets, table, names, sets_width)
    _key(key, (sizes["role"] == "target").any())
    frame(figure, *_explanation(table, sizes[n_drawn:], alpha), **words)
    return figure


def _bars(axes: Axes, sizes: pd.DataFrame) -> None:
    """Draw the sizes of the columns: the robust ones dark, the others open on top, the number above."""
    x, size, robust = np.arange(len(sizes)), sizes["size"].to_numpy(), sizes["n_robust"].to_numpy()
    axes.bar(x, robust, 0.62, color=_ROBUST, linewidth=0)
    axes.bar(x, size - robust, 0.62, bottom=robust, color=_NOT_ROBUST, edgecolor=_ROBUST, linewidth=0.6)
    for place, height, role in zip(x, size, sizes["role"], strict=True):
        bold = "bold" if role == "target" else "normal"
        axes.annotate(
            f"{height:,}", (place, height), (0, 1.5), textcoords="offset points", ha="center", size=7, weight=bold
        )
    axes.set(xlim=(-0.6, len(sizes) - 0.4), ylim=(0, 1.12 * size.max()), ylabel="features", xticks=[])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))


def _matrix(axes: Axes, table: pd.DataFrame, n_rows: int, n_columns: int) -> None:
    """Draw a triangle for each call, a grey dot where there is none, and a line through the calls of a column."""
    for row in range(0, n_rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color="#F4F4F4", linewidth=0, zorder=0)
    silent = table[table["call"] == NO_CALL]
    axes.scatter(silent["column"], silent["row"], s=9, c=NOT_SIGNIFICANT, linewidths=0, zorder=1)
    called = table[table["call"] != NO_CALL]
    ends = called.groupby("column")["row"].agg(["min", "max"])
    axes.vlines(ends.index, ends["min"], ends["max"], color=_ROBUST, linewidth=0.8, zorder=2)
    for call, (marker, colour) in _LOOK.items():
        own = called[called["call"] == call]
        axes.scatter(own["column"], own["row"], s=26, c=colour, marker=marker, linewidths=0, zorder=3)
    axes.set(xlim=(-0.6, n_columns - 0.4), ylim=(n_rows - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def _sets(axes: Axes, table: pd.DataFrame, names: Sequence[str], width: float) -> None:
    """Draw how many features each contrast calls up and down, with the numbers beside the bars."""
    sums = table.pivot_table(index="row", columns="call", values="size", aggfunc="sum", fill_value=0)
    up, down = (sums[call].to_numpy() if call in sums else np.zeros(len(names), dtype=int) for call in CHANGED)
    y = np.arange(len(names))
    axes.barh(y, up, 0.6, color=UP, linewidth=0)
    axes.barh(y, down, 0.6, left=up, color=DOWN, linewidth=0)
    numbers = [f"{n:,} up, {m:,} down" for n, m in zip(up, down, strict=True)]
    for place, end, text in zip(y, up + down, numbers, strict=True):
        axes.annotate(text, (end, place), (2, 0), textcoords="offset points", va="center", size=6.5)
    # The longest bar leaves room for its numbers.
    share = max(0.15, 1 - (0.05 * max(map(len, numbers)) + 0.05) / width)
    axes.set(xlim=(0, max(1, int((up + down).max())) / share), ylim=(len(names) - 0.5, -0.5), xticks=[])
    axes.set_yticks(y, names)
    axes.tick_params(axis="y", length=0)
    axes.spines[["bottom", "left"]].set_visible(False)


def _key(axes: Axes, has_target: bool) -> None:
    axes.set_axis_off()
    entries: list[Patch | Line2D] = [
        *(marker_key(call, marker, colour, markeredgecolor="none") for call, (marker, colour) in _LOOK.items()),
        Patch(color=_ROBUST, label="every call robust"),
        Patch(facecolor=_NOT_ROBUST, edgecolor=_ROBUST, linewidth=0.6, label="not every one"),
    ]
    if has_target:
        entries.append(marker_key("bold number: with the target", "", TARGET))
    axes.legend(handles=entries, loc="upper right", bbox_to_anchor=(1.0, 1.0))


def _explanation(table: pd.DataFrame, left_out: pd.DataFrame, alpha: float) -> list[str]:
    rows = table.drop_duplicates("row")
    n_contrasts = int(rows["n_contrasts"].iloc[0])
    fewer = f"Of {n_contrasts} contrasts, the {len(rows)} with the most calls." if len(rows) < n_contrasts else ""
    more = f"{counted(len(left_out), 'smaller column')} of {counted(int(left_out['size'].sum()), 'feature')} not drawn."
    open_ones = rows.loc[~rows["robust_decided"], "title"]
    undecided = f"Which calls of {listing(open_ones, 3)} are robust is not said, and none is shown so."
    return [
        "A column: the features that exactly these contrasts call, in these directions.",
        f"Called: adjusted p < {alpha:g}. Grey dot: not called, or not tested, which is no proof of no change.",
        fewer,
        more if len(left_out) else "",
        undecided if len(open_ones) else "",
    ]


def draw(inputs: ContrastsInputs) -> Drawn:
    table = tabulate(inputs.fits, inputs.stress, inputs.titles, inputs.target)
    return table, plot(table, alpha=inputs.alpha, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="upset",
    shows="What changed in which contrasts",
    of="contrasts",
    order=1,
    columns=COLUMNS,
    draw=draw,
)
