"""Principal components: the two directions in which samples differ most."""

from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from scipy.linalg import eigh

from mircargo.figures import catalogue, labels
from mircargo.figures import sample_grid as grid
from mircargo.figures.inputs import Drawn, SamplesInputs
from mircargo.figures.placement import Words, frame, legend_of_variables, marker_key, new_figure
from mircargo.figures.style import NOTE, ONE_COLUMN, markers_of, style
from mircargo.results.columns import Column, P, common

_NAMED_UP_TO: Final = 24
_EXACT_UP_TO: Final = 1000  # samples
_FULL_SIZE_UP_TO: Final = 200  # samples; with more, points are smaller and translucent
_VECTORS_UP_TO: Final = 2000  # samples; with more, points are rasterized
COLUMNS: Final = {
    **common("sample"),
    **grid.VARIABLE,
    "PC1": Column("Place on the first principal component of log2 normalised counts"),
    "PC2": Column("Place on the second"),
    "PC1_explained": Column("Share of the variance on the first", P),
    "PC2_explained": Column("Share of the variance on the second", P),
    "n_features": Column("Features that took part", "features"),
}
_OWN: Final = grid.reserved(COLUMNS)


def tabulate(normalised: pd.DataFrame, groups: pd.DataFrame, exact_up_to: int = _EXACT_UP_TO) -> pd.DataFrame:
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

    Returns
    -------
    pandas.DataFrame
        One row a sample, with `COLUMNS`; the share of a component that does not exist is 0. The sign of a component is
        such that its largest loading is positive.

    Raises
    ------
    ValueError
        Where a sample has no row in `groups`, or a variable has the name of a column of this table.
    """
    names = [str(name) for name in normalised.columns]
    groups = grid.as_text(groups, names, _OWN)
    log = np.log2(normalised.to_numpy(dtype=float) + 1)
    centred = log - log.mean(axis=1, keepdims=True)
    centred = centred[np.abs(centred).max(axis=1, initial=0.0) > 1e-12]
    scores, explained = np.zeros((len(names), 2)), np.zeros(2)
    if centred.size:
        projected, loadings, shares = _components(centred, len(names) <= exact_up_to)
        # Centring takes one dimension: of two samples there is one component, the second is rounding error.
        found = min(2, len(names) - 1, len(shares))
        # Of loadings that are equal but for rounding error, the first decides.
        largest = np.abs(loadings[:, :found]).round(9).argmax(axis=0)
        signs = np.sign(loadings[largest, range(found)])
        scores[:, :found] = projected[:, :found] * signs
        explained[:found] = shares[:found]
    return pd.DataFrame(
        {
            "sample": names,
            **{variable: levels.to_numpy() for variable, levels in groups.items()},
            "PC1": scores[:, 0],
            "PC2": scores[:, 1],
            "PC1_explained": explained[0],
            "PC2_explained": explained[1],
            "n_features": len(centred),
        }
    )


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
def plot(table: pd.DataFrame, *, colours: grid.Colours | None = None, **words: Unpack[Words]) -> Figure:
    """Draw the table of `tabulate`; up to 24 samples are named.

    Parameters
    ----------
    table
        From `tabulate`.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `placement.Words`.

    Examples
    --------
    >>> table = pca.tabulate(normalised, sheet[["condition", "fraction"]])
    >>> figure = pca.plot(table, simulated=True)
    """
    shown = grid.variables_of(table, _OWN)
    plain = pd.Series("samples", index=table.index, name="samples")
    by_colour = table[shown[0]].astype(str) if shown else plain
    by_marker = table[shown[1]].astype(str) if len(shown) > 1 else plain
    fills = grid.palettes(by_colour.to_frame(), colours)[str(by_colour.name)]
    markers = markers_of(by_marker)
    figure = new_figure(5.0 if 12 < len(table) <= _NAMED_UP_TO else ONE_COLUMN, 3.8)
    axes = figure.subplots()
    shrunk = max(0.1, min(1.0, _FULL_SIZE_UP_TO / len(table)))
    look = {"linewidth": 0.3} if shrunk == 1 else {"alpha": 0.6, "linewidth": 0.0}
    sns.scatterplot(
        x=table["PC1"], y=table["PC2"], hue=by_colour.to_numpy(), style=by_marker.to_numpy(), palette=fills,
        markers=markers, s=24 * shrunk, legend=False, rasterized=len(table) > _VECTORS_UP_TO, ax=axes, **look,
    )  # fmt: skip
    axes.margins(0.12)
    axes.set(
        xlabel=f"PC1 ({table['PC1_explained'].iloc[0]:.1%} of the variance)",
        ylabel=f"PC2 ({table['PC2_explained'].iloc[0]:.1%} of the variance)",
    )
    legends = {}
    if shown:
        legends[shown[0]] = [marker_key(level, "o", colour) for level, colour in fills.items()]
    if len(shown) > 1:
        legends[shown[1]] = [marker_key(level, marker, NOTE) for level, marker in markers.items()]
    if legends:
        legend_of_variables(axes, legends)
    sizes = f"{len(table):,} samples, {int(table['n_features'].iloc[0]):,} features"
    frame(figure, f"{sizes}, log2(normalised count + 1), centred.", **words)
    if len(table) <= _NAMED_UP_TO:
        labels.place(axes, [labels.Label(row.PC1, row.PC2, str(row.sample), radius=2.5) for row in table.itertuples()])
    return figure


def draw(inputs: SamplesInputs) -> Drawn:
    table = tabulate(inputs.normalised, inputs.groups())
    return table, plot(table, colours=inputs.colours, note=inputs.size_factors, simulated=inputs.simulated)


FIGURE: Final = catalogue.Figure(
    name="pca", shows="Principal components of the samples", of="samples", order=1, columns=COLUMNS, draw=draw
)
