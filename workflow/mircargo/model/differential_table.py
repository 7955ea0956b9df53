"""What a table of differential expression holds, and what can be read from a fold change and its standard error."""

from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from mircargo.vocabulary import DOWN, NO_CALL, UP

LEAST_P = 1e-300
DIGITS = 9


Numbers = TypeVar("Numbers", float, np.ndarray, "pd.Series[float]")


def confidence_interval(log2_fold_change: Numbers, se: Numbers, alpha: float) -> tuple[Numbers, Numbers]:
    """Wald interval of a log2 fold change, or of each of many, that covers 1 - alpha."""
    half = float(ndtri(1 - alpha / 2)) * se
    return log2_fold_change - half, log2_fold_change + half


def calls(table: pd.DataFrame, alpha: float) -> pd.Series:
    """Say of each feature whether it is called up or down: the one rule of a call.

    A feature is called where its adjusted p-value is below alpha *and* the interval of its fold change lies beyond 0.
    A Wald test that rejects has such an interval. A joint test of several levels need not: that the groups differ does
    not say that the two of the fold change do.

    Parameters
    ----------
    table
        `log2FoldChange padj` and, for the interval, `ci_low ci_high` or `lfcSE`.
    alpha
        The interval covers 1 - alpha.

    Returns
    -------
    pandas.Series
        *up*, *down* or *none*, with the index of the table; missing where there is no padj.
    """
    folds = table["log2FoldChange"].astype(float)
    if "ci_low" in table and "ci_high" in table:
        low, high = table["ci_low"].astype(float), table["ci_high"].astype(float)
    else:
        low, high = confidence_interval(folds, table["lfcSE"].astype(float), alpha)
    padj = table["padj"].astype(float)
    shown = (padj < alpha) & ((low > 0) | (high < 0))
    words = np.select([shown & (folds > 0), shown], [UP, DOWN], NO_CALL)
    return pd.Series(words, table.index, dtype=object, name="call").where(padj.notna(), None)


def equivalence_pvalue(log2_fold_change: float, se: float, margin: float) -> float:
    """P-value of two one-sided tests that the log2 fold change lies within +-margin (Schuirmann 1987)."""
    return float(equivalence_pvalues(log2_fold_change, se, margin))


def equivalence_pvalues(log2_fold_changes: ArrayLike, errors: ArrayLike, margin: float) -> np.ndarray:
    """P-values as of `equivalence_pvalue`, one for each fold change."""
    values, errors = np.asarray(log2_fold_changes, dtype=float), np.asarray(errors, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(ndtr((np.abs(values) - margin) / errors))


def to_sort_by(values: "pd.Series[float]") -> "pd.Series[float]":
    """Round numbers to 9 significant digits, so that equal ones are equal whatever their last digits are.

    Features with the same counts have the same p-value on paper. In which order they stand would else hang on the
    processor.
    """
    return values.map(lambda value: float(f"{value:.{DIGITS - 1}e}"), na_action="ignore").astype(float)


def covers(alpha: float) -> str:
    """Write how much an interval covers: `95%`, `99.5%`."""
    return f"{100 * (1 - alpha):.6g}%"


def format_p(p: float) -> str:
    """Write a p-value as papers do: 0.048, 3.3e-42 where it is small, and neither 1 nor 0.

    A p-value of 0 is one that was too small for a number of double precision.
    """
    if p > 0.99:
        return "above 0.99"
    if p < LEAST_P:
        return f"below {LEAST_P:.0e}"
    return f"{p:.2g}" if p >= 1e-3 else f"{p:.1e}"
