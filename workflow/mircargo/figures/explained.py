"""How much of the differences between samples goes with each column of the sample sheet."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from mircargo.figures import sample_grid as grid

MOST: Final = 6
_NOT_GIVEN: Final = "not given"


def explained(normalised: pd.DataFrame, sheet: pd.DataFrame) -> pd.DataFrame:
    """Split the variance of log2(normalised count + 1) between and within the levels of each column of a sheet.

    The share of a column is R2 = sum over features of the squares between its levels / sum of all squares about the
    mean, which is the mean of its R2 on each principal component, weighted by the component's variance. A column of
    numbers with more levels than half the samples is taken as a number: its squares are those of a straight line.

    Parameters
    ----------
    normalised
        Normalised counts, feature x sample.
    sheet
        Columns of the sample sheet, indexed by sample name. Samples without a value are left out of a column's share.

    Returns
    -------
    pandas.DataFrame
        ``column share by_chance``, the largest share first. ``by_chance`` is the mean share of a column whose levels
        are dealt out at random: degrees of freedom / (samples - 1). Columns with one level, or one for each sample,
        have no row.

    References
    ----------
    Anderson 2001, Austral Ecol 26:32, with Euclidean distances.
    """
    names = [str(name) for name in normalised.columns]
    log = np.log2(normalised.to_numpy(dtype=float) + 1)
    rows = []
    for column, levels in grid.as_text(sheet, names).items():
        known = (levels != _NOT_GIVEN).to_numpy()
        own, values = levels[known], log[:, known]
        centred = values - values.mean(axis=1, keepdims=True) if known.any() else values
        squares, n, n_levels = float((centred**2).sum()), len(own), own.nunique()
        numbers = pd.to_numeric(own, errors="coerce")
        is_number = numbers.notna().all() and n_levels > n / 2
        if squares < 1e-12 or n_levels < 2 or (n_levels == n and not is_number):
            continue
        between = _of_line(centred, numbers.to_numpy(float)) if is_number else _of_levels(centred, own)
        degrees = 1 if is_number else n_levels - 1
        rows.append({"column": column, "share": between / squares, "by_chance": degrees / (n - 1)})
    table = pd.DataFrame(rows, columns=["column", "share", "by_chance"])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _of_levels(centred: npt.NDArray[np.float64], levels: pd.Series) -> float:
    groups = pd.factorize(levels)[0]
    of_each = [centred[:, groups == group] for group in range(groups.max() + 1)]
    return sum(own.shape[1] * float((own.mean(axis=1) ** 2).sum()) for own in of_each)


def _of_line(centred: npt.NDArray[np.float64], x: npt.NDArray[np.float64]) -> float:
    about = x - x.mean()
    return float(((centred @ about) ** 2).sum() / (about**2).sum())


def as_text(table: pd.DataFrame) -> str:
    """Write the table of `explained` in a cell: `batch 0.12; condition 0.08`."""
    return "; ".join(f"{column} {share:.3g}" for column, share in zip(table["column"], table["share"], strict=True))
