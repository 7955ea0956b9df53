"""Principal components: the two directions in which samples differ most."""

from collections.abc import Sequence
from typing import Final, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.linalg import eigh

from mircargo.figures import labels
from mircargo.figures import sample_grid as grid
from mircargo.figures.placement import Words, frame, legend_of_variables, new_figure
from mircargo.figures.style import ONE_COLUMN, markers_of, style

_NAMED_UP_TO: Final = 24
_EXACT_UP_TO: Final = 1000  # samples
_FULL_SIZE_UP_TO: Final = 200  # samples; the points of more are smaller and let others shine through
_SHAPES_UP_TO: Final = 2000  # samples; the points of more are a picture
_OWN: Final = ("sample", "PC1", "PC2", "PC1_explained", "PC2_explained", "n_features")


def tabulate(
    normalised: pd.DataFrame, samples: pd.DataFrame, variables: Sequence[str], exact_up_to: int = _EXACT_UP_TO
) -> pd.DataFrame:
    """Find the first two principal components of log2(normalised count + 1).

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample. Features that do not vary are left out, the others centred.
    samples
        Sample sheet, indexed by sample name.
    variables
        Columns of the sheet: the first becomes colour, the second, if any, marker.
    exact_up_to
        With more samples the components are found from the products of features, many times faster; they agree to
        about seven digits.

    Returns
    -------
    pandas.DataFrame
        One row a sample: ``sample``, the variables, ``PC1 PC2`` (scores, in log2 units), ``PC1_explained
        PC2_explained`` (share of the variance, 0 to 1; 0 where there is no such component), ``n_features``.
        The sign of a component is such that its largest loading is positive.

    Raises
    ------
    ValueError
        Where the sheet lacks a sample or a variable, or a variable has the name of a column of this table.
    """
    names = [str(name) for name in normalised.columns]
    groups = grid.sheet(samples, names, variables, _OWN)
    log = np.log2(normalised.to_numpy(dtype=float) + 1)
    centred = log - log.mean(axis=1, keepdims=True)
    centred = centred[np.abs(centred).max(axis=1, initial=0.0) > 1e-12]
    scores, explained = np.zeros((len(names), 2)), np.zeros(2)
    if centred.size:
        projected, loadings, shares = _components(centred, len(names) <= exact_up_to)
        # Centring takes one dimension: of two samples there is one component, the second is rounding error.
        found = min(2, len(names) - 1, len(shares))
        # Of loadings that are equal on paper the first decides, whatever their last digits.
        largest = np.abs(loadings[:, :found]).round(9).argmax(axis=0)
        signs = np.sign(loadings[largest, range(found)])
        scores[:, :found] = projected[:, :found] * signs
        explained[:found] = shares[:found]
    return pd.DataFrame(
        {
            "sample": names,
            **{variable: groups[variable].to_numpy() for variable in variables},
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
    """Return samples on the components, features on them, and their shares of the variance; two or more of each."""
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
    variables: Sequence[str] | None = None,
    colours: grid.Colours | None = None,
    **words: Unpack[Words],
) -> Figure:
    """Draw the table of `tabulate`; up to 24 samples are named.

    Parameters
    ----------
    table
        From `tabulate`.
    variables
        Which variables of the table to show; all by default.
    colours
        Of each variable, level to colour, so that figures agree; otherwise by first appearance.
    words
        Title, note, and whether the data are simulated: see `layout.Words`.
    """
    shown = grid.shown_variables(table, _OWN, variables)
    plain = pd.Series("samples", index=table.index, name="samples")
    by_colour = table[shown[0]].astype(str) if shown else plain
    by_marker = table[shown[1]].astype(str) if len(shown) > 1 else plain
    fills = grid.palettes(by_colour.to_frame(), colours)[str(by_colour.name)]
    markers = markers_of(by_marker)
    figure = new_figure(5.0 if 12 < len(table) <= _NAMED_UP_TO else ONE_COLUMN, 3.8)
    axes = figure.subplots()
    shrunk = max(0.1, min(1.0, _FULL_SIZE_UP_TO / len(table)))
    sns.scatterplot(
        x=table["PC1"],
        y=table["PC2"],
        hue=by_colour.to_numpy(),
        style=by_marker.to_numpy(),
        palette=fills,
        markers=markers,
        s=24 * shrunk,
        linewidth=0.3 if shrunk == 1 else 0.0,
        legend=False,
        ax=axes,
        **({} if shrunk == 1 else {"alpha": 0.6, "rasterized": len(table) > _SHAPES_UP_TO}),
    )
    axes.margins(0.12)
    axes.set(
        xlabel=f"PC1 ({table['PC1_explained'].iloc[0]:.1%} of the variance)",
        ylabel=f"PC2 ({table['PC2_explained'].iloc[0]:.1%} of the variance)",
    )
    legends = {}
    if shown:
        legends[shown[0]] = [_dot(level, "o", colour) for level, colour in fills.items()]
    if len(shown) > 1:
        legends[shown[1]] = [_dot(level, marker, "#666666") for level, marker in markers.items()]
    if legends:
        legend_of_variables(axes, legends)
    sizes = f"{len(table):,} samples, {int(table['n_features'].iloc[0]):,} features"
    explanation = f"{sizes}, log2(normalised count + 1), centred."
    frame(figure, explanation, **words)
    if len(table) <= _NAMED_UP_TO:
        x, y = table["PC1"].to_numpy(), table["PC2"].to_numpy()
        labels.place(axes, x, y, table["sample"].astype(str).tolist(), radii=[2.5] * len(table))
    return figure


def _dot(text: str, marker: str, colour: str) -> Line2D:
    return Line2D([], [], linestyle="", marker=marker, color=colour, markersize=4.5, label=text)
