"""Principal components: the two directions in which samples differ most, over all samples and in each fraction."""

from collections.abc import Mapping
from typing import Any, Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from scipy.linalg import eigh

from mircargo.figures import catalogue, labels
from mircargo.figures import sample_grid as grid
from mircargo.figures.explained import MOST, as_text, explained
from mircargo.figures.inputs import Drawn, SamplesInputs
from mircargo.figures.placement import Words, counted, frame, legend_of_variables, new_figure
from mircargo.figures.style import ONE_COLUMN, REFERENCES, TARGET, TWO_COLUMNS, style
from mircargo.results.columns import Column, P, common

_NAMED_UP_TO: Final = 24
_NAMED_IN_PANEL: Final = 12  # of several
_EXACT_UP_TO: Final = 1000  # samples
_FULL_SIZE_UP_TO: Final = 200  # samples; with more, points are smaller and translucent
_VECTORS_UP_TO: Final = 2000  # samples; with more, points are rasterized
_LEAST: Final = 3  # samples of a fraction with components of its own
_MOST_PANELS: Final = 4
_ROW: Final = 0.16  # inches, of a bar
_PLACES: Final = ("PC1", "PC2", "PC1_explained", "PC2_explained")
ALL: Final = "all samples"
COLUMNS: Final = {
    **common("sample"),
    **grid.VARIABLE,
    "PC1": Column("Place on the first principal component of log2 normalised counts"),
    "PC2": Column("Place on the second"),
    "PC1_explained": Column("Share of the variance on the first", P),
    "PC2_explained": Column("Share of the variance on the second", P),
    "n_features": Column("Features that took part", "features"),
    "within": Column("Fraction whose samples have components of their own; missing where there is none"),
    "within_PC1": Column("Place on the first principal component of the fraction"),
    "within_PC2": Column("Place on its second"),
    "within_PC1_explained": Column("Share of the fraction's variance on the first", P),
    "within_PC2_explained": Column("Share of the fraction's variance on the second", P),
    "explained": Column("Share of the variance between the levels of columns of the sheet, joined by `; `"),
    "within_explained": Column("The same in the fraction"),
}
_OWN: Final = grid.reserved(COLUMNS)


def tabulate(
    normalised: pd.DataFrame, groups: pd.DataFrame, exact_up_to: int = _EXACT_UP_TO, fraction: str | None = None
) -> pd.DataFrame:
    """Find the first two principal components of log2(normalised count + 1).

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample. Features that do not vary are left out, the others centred.
    groups
        Columns of the sample sheet, indexed by sample name: the first becomes colour, the second, if any, marker.
    exact_up_to
        With more samples, components are found from the cross-products of features, which is many times faster and
        agrees to about seven digits.
    fraction
        One of `groups`: where it has several levels, each of at least three samples has components of its own as well,
        as the first component of all samples is little more than the fraction.

    Returns
    -------
    pandas.DataFrame
        One row a sample, with `COLUMNS` but what columns explain; the share of a component that does not exist is 0.
        The sign of a component is such that its largest loading is positive.

    Raises
    ------
    ValueError
        Where a sample has no row in `groups`, or a variable has the name of a column of this table.
    """
    names = [str(name) for name in normalised.columns]
    groups = grid.as_text(groups, names, _OWN)
    log = np.log2(normalised.to_numpy(dtype=float) + 1)
    places, n_features = _places(log, exact_up_to)
    table = pd.DataFrame(
        {
            "sample": names,
            **{variable: levels.to_numpy() for variable, levels in groups.items()},
            **places,
            "n_features": n_features,
            "within": None,
            **dict.fromkeys([f"within_{name}" for name in _PLACES], np.nan),
        }
    )
    sizes = groups[fraction].value_counts(sort=False) if fraction else pd.Series(dtype=int)
    for level in sizes.index[sizes >= _LEAST] if len(sizes) > 1 else ():
        own = (groups[fraction] == level).to_numpy()
        table.loc[own, "within"] = level
        for name, values in _places(log[:, own], exact_up_to)[0].items():
            table.loc[own, f"within_{name}"] = values
    return table


def _places(log: npt.NDArray[np.float64], exact_up_to: int) -> tuple[dict[str, Any], int]:
    """Return the columns of the components of some samples, and how many features vary among them."""
    n = log.shape[1]
    centred = log - log.mean(axis=1, keepdims=True)
    centred = centred[np.abs(centred).max(axis=1, initial=0.0) > 1e-12]
    scores, shares = np.zeros((n, 2)), np.zeros(2)
    if centred.size:
        projected, loadings, of_all = _components(centred, n <= exact_up_to)
        # Centring takes one dimension: of two samples there is one component, the second is rounding error.
        found = min(2, n - 1, len(of_all))
        # Of loadings that are equal but for rounding error, the first decides.
        largest = np.abs(loadings[:, :found]).round(9).argmax(axis=0)
        signs = np.sign(loadings[largest, range(found)])
        scores[:, :found] = projected[:, :found] * signs
        shares[:found] = of_all[:found]
    return dict(zip(_PLACES, (scores[:, 0], scores[:, 1], shares[0], shares[1]), strict=True)), len(centred)


def _components(
    centred: npt.NDArray[np.float64], exact: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return scores, loadings and shares of the variance of at least two components, or of all there are."""
    if exact:
        left, singular, right = np.linalg.svd(centred, full_matrices=False)
        return (right * singular[:, None]).T, left, singular**2 / (singular**2).sum()
    products = centred @ centred.T
    n = len(products)
    variances, loadings = eigh(products, subset_by_index=[max(0, n - 2), n - 1])
    loadings = loadings[:, ::-1]
    return centred.T @ loadings, loadings, variances[::-1] / np.trace(products)


@style()
def plot(
    table: pd.DataFrame,
    *,
    colours: grid.Colours | None = None,
    shares: Mapping[str, pd.DataFrame] | None = None,
    **words: Unpack[Words],
) -> Figure:
    """Draw the table of `tabulate`: a panel for all samples, and one for each fraction; up to 24 samples are named.

    Parameters
    ----------
    table
        From `tabulate`.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    shares
        Of each panel (`ALL`, or a fraction), the variance that columns of the sheet explain, from `shares_of`: drawn as
        bars below it.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = pca.tabulate(normalised, sheet[["condition", "fraction"]], fraction="fraction")
    >>> figure = pca.plot(table, shares=pca.shares_of(normalised, sheet[["condition", "batch"]], table), simulated=True)
    """
    looks = grid.point_looks(table, _OWN, colours)
    panels = {ALL: table, **_fractions(table)}
    drawn = {name: shares[name] for name in panels if len(shares[name])} if shares else {}
    bars = max((min(MOST, len(each)) for each in drawn.values()), default=0)
    figure, places = _layout(table, panels, bars)
    for (name, own), axes in zip(panels.items(), places[0], strict=True):
        look = {"hue": looks.by_colour[own.index].to_numpy(), "style": looks.by_marker[own.index].to_numpy()}
        _points(axes, own, palette=looks.fills, markers=looks.markers, **look)
        if len(panels) > 1:
            axes.set_title(name, weight="bold", loc="left")
    for name, axes in zip(panels, places[1] if bars else (), strict=bool(bars)):
        _bars(axes, drawn.get(name), bars)
    if looks.variables:
        legend = legend_of_variables(places[0][0], looks.legends())
        if len(panels) > 1:
            # Above the title of the panel.
            legend.set_bbox_to_anchor((-0.02, 1.1))
    sizes = f"{len(table):,} samples, {int(table['n_features'].iloc[0]):,} features"
    explanation = [f"{sizes}, log2(normalised count + 1), centred."]
    if bars:
        explanation.append("Bars: share of the variance that goes with a column of the sheet (R2); line: as by chance.")
    if left_out := table["within"].nunique() - len(panels) + 1:
        explanation.append(f"For want of room {counted(left_out, 'fraction')} more without a panel of its own.")
    frame(figure, *explanation, **words)
    for (name, own), axes in zip(panels.items(), places[0], strict=True):
        if len(own) <= (_NAMED_UP_TO if len(panels) == 1 else _NAMED_IN_PANEL) and (len(panels) == 1 or name != ALL):
            wanted = [labels.Label(row.PC1, row.PC2, str(row.sample), radius=2.5) for row in own.itertuples()]
            labels.place(axes, wanted)
    return figure


def _fractions(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the samples of each fraction with components of its own, as many as there is room for."""
    own = table[table["within"].notna()]
    names = {f"within_{name}": name for name in _PLACES}
    return {
        str(level): rows.drop(columns=list(_PLACES)).rename(columns=names)
        for level, rows in list(own.groupby("within", sort=False))[: _MOST_PANELS - 1]
    }


def _layout(table: pd.DataFrame, panels: Mapping[str, pd.DataFrame], bars: int) -> tuple[Figure, npt.NDArray[Any]]:
    """Make a row of panels, and below them, if there are bars, a row for these."""
    alone = 5.0 if 12 < len(table) <= _NAMED_UP_TO else ONE_COLUMN
    below = 0.35 + _ROW * bars if bars else 0.0
    figure = new_figure(TWO_COLUMNS if len(panels) > 1 else alone, 3.8 + below)
    ratios = [3.0, _ROW * bars] if bars else [1.0]
    return figure, figure.subplots(len(ratios), len(panels), height_ratios=ratios, squeeze=False)


def _points(axes: Axes, table: pd.DataFrame, **look: Any) -> None:
    shrunk = max(0.1, min(1.0, _FULL_SIZE_UP_TO / len(table)))
    look |= {"linewidth": 0.3} if shrunk == 1 else {"alpha": 0.6, "linewidth": 0.0}
    sns.scatterplot(
        x=table["PC1"], y=table["PC2"], s=24 * shrunk, legend=False, rasterized=len(table) > _VECTORS_UP_TO, ax=axes,
        **look,
    )  # fmt: skip
    axes.margins(0.12)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set(
        xlabel=f"PC1 ({table['PC1_explained'].iloc[0]:.1%} of the variance)",
        ylabel=f"PC2 ({table['PC2_explained'].iloc[0]:.1%} of the variance)",
    )


def _bars(axes: Axes, shares: pd.DataFrame | None, room: int) -> None:
    """Draw the columns that explain most, with what each would explain by chance."""
    if shares is None:
        axes.set_axis_off()
        return
    shares = shares.head(MOST)
    places = np.arange(len(shares))
    axes.barh(places, shares["share"], height=0.7, color=REFERENCES[0])
    axes.vlines(shares["by_chance"], places - 0.42, places + 0.42, color=TARGET, linewidth=1.2)
    axes.set_yticks(places, [grid.shorten(str(column), 16) for column in shares["column"]])
    axes.set(xlim=(0, 1), ylim=(room - 0.4, -0.6), xlabel="share of the variance")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.tick_params(axis="y", length=0)


def shares_of(normalised: pd.DataFrame, sheet: pd.DataFrame, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Work out what each column of a sheet explains, in each panel of the figure.

    Parameters
    ----------
    normalised
        As in `tabulate`.
    sheet
        Columns of the sample sheet, indexed by sample name.
    table
        From `tabulate`.

    Returns
    -------
    dict
        Panel (`ALL`, or a fraction) to the table of `explained.explained`.
    """
    samples = {ALL: table["sample"], **{name: own["sample"] for name, own in _fractions(table).items()}}
    return {name: explained(normalised[list(own)], sheet) for name, own in samples.items()}


def draw(inputs: SamplesInputs) -> Drawn:
    table = tabulate(inputs.normalised, inputs.groups(), fraction=inputs.fraction)
    shares = shares_of(inputs.normalised, inputs.sheet.drop(columns="column"), table)
    figure = plot(table, colours=inputs.colours, shares=shares, note=inputs.size_factors, simulated=inputs.simulated)
    written = {name: as_text(each) for name, each in shares.items()}
    table = table.assign(explained=written[ALL], within_explained=table["within"].map(written))
    return table, figure


FIGURE: Final = catalogue.Figure(
    name="pca", shows="Principal components of the samples", of="samples", order=1, columns=COLUMNS, draw=draw
)
