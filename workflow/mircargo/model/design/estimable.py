"""Why a model cannot be estimated: which column determines which, so that their effects cannot be told apart."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pandas as pd

from mircargo.problems import Problem, listing

NO_WEIGHT = 1e-8


def confounded(
    matrix: pd.DataFrame, data: pd.DataFrame, question: Sequence[str], formula: str, where: str
) -> Problem | None:
    """Say which columns of a model say the same; None where each of its coefficients can be estimated.

    Parameters
    ----------
    matrix, data
        Samples x coefficients, and the columns that they are made of: categories or numbers.
    question
        Which of these the contrast is about, the variable last.
    formula, where
        The model, and its key in the configuration.
    """
    values = matrix.to_numpy(dtype=float)
    if np.linalg.matrix_rank(values) == values.shape[1]:
        return None
    variable = question[-1]
    others = [str(column) for column in data if column not in question]
    for column in others:
        if _determines(data, column, variable):
            return _with_the_groups(data, column, variable, where)
    constant = [column for column in others if data[column].nunique() < 2]
    if constant:
        what = f"column '{constant[0]}' of the model has one value in all samples"
        return Problem("constant_column", what, where, formula, f"leave '{constant[0]}' out of the model")
    pairs = [*((variable, column) for column in others), *permutations([*question[:-1], *others], 2)]
    for column, other in pairs:
        if _determines(data, column, other):
            what = f"'{column}' determines '{other}': each '{column}' has one '{other}', so '{other}' adds nothing"
            return Problem("column_within_column", what, where, formula, f"leave '{other}' out of the model")
    empty = [str(name) for name, column in zip(matrix, values.T, strict=True) if not column.any()]
    if empty:
        what = "a coefficient of the model has no sample"
        hint = "leave the interaction out, or the level that is not complete"
        return Problem("coefficient_without_sample", what, where, listing(empty), hint)
    together = listing(f"'{column}'" for column in _in_line(matrix, data))
    what = f"the columns {together} together are confounded: one is a sum of the others"
    hint = "some columns of the design say the same; leave one of them out"
    return Problem("confounded_columns", what, where, formula, hint)


def saturated(matrix: pd.DataFrame, data: pd.DataFrame, formula: str, where: str) -> Problem:
    """Say that no sample is left to show variation."""
    n, p = matrix.shape
    what = "the model has as many coefficients as samples, so no variation is left to test against"
    named = [_as_a_number(data, str(column)) for column in data]
    hint = next(filter(None, named), "leave out a blocking column")
    return Problem("saturated_model", what, where, f"{n} samples, {p} coefficients: {formula}", hint)


def _determines(data: pd.DataFrame, column: str, other: str) -> bool:
    """Whether each level of a category has one value of another column; it has fewer samples than levels to itself."""
    if not isinstance(data[column].dtype, pd.CategoricalDtype):
        return False
    return bool((data.groupby(column, observed=True)[other].nunique() == 1).all())


def _with_the_groups(data: pd.DataFrame, column: str, variable: str, where: str) -> Problem:
    is_number = not isinstance(data[variable].dtype, pd.CategoricalDtype)
    both = not is_number and _determines(data, variable, column)
    how = "each determines the other" if both else f"'{column}' determines '{variable}'"
    what = f"'{column}' and '{variable}' are confounded: {how}, and their effects cannot be told apart"
    if is_number:
        found = f"each '{column}' has one '{variable}'"
    else:
        groups = data.groupby(data[variable].astype(str))[column]
        found = "; ".join(f"{group}: {column} {listing(sorted(map(str, part.unique())))}" for group, part in groups)
    hint = f"leave '{column}' out of the blocking and say so, or have it in both groups in the next experiment"
    return Problem("confounded_with_groups", what, where, found, _as_a_number(data, column) or hint)


def _in_line(matrix: pd.DataFrame, data: pd.DataFrame) -> list[str]:
    """Name the columns whose coefficients are a sum of one another, by a vector that the matrix takes to 0."""
    _, _, right = np.linalg.svd(matrix.to_numpy(dtype=float))
    weights = np.abs(right[-1])
    named = [str(name) for name, weight in zip(matrix, weights, strict=True) if weight > NO_WEIGHT]
    return [str(column) for column in data if any(str(column) in name for name in named)]


def _as_a_number(chosen: pd.DataFrame, column: str) -> str:
    """Return what to do where a column of numbers stands in a model as categories, else an empty text."""
    values = chosen[column].astype(str)
    n, numbers = values.nunique(), pd.to_numeric(values, errors="coerce")
    if n < 3 or not np.isfinite(numbers).all() or pd.api.types.is_numeric_dtype(chosen[column]):
        return ""
    return f"'{column}' holds numbers and is taken as {n} categories: say `numeric: [{column}]` of the study"
