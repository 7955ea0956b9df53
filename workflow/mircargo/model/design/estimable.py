"""Why a model cannot be estimated: which columns determine which, so that their effects cannot be told apart."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from mircargo.model.design.names import parts_of, tokens_of
from mircargo.problems import Problem, listing

NO_WEIGHT = 1e-8
MOST_COLUMNS = 10  # of a model with more, sets of more than three columns are not looked through one by one
MOST_PROBLEMS = 4


def confounded(
    matrix: pd.DataFrame, data: pd.DataFrame, question: Sequence[str], formula: str, where: str
) -> list[Problem]:
    """Say which columns of a model say the same; nothing where each of its coefficients can be estimated.

    The smallest sets of columns whose coefficients are a sum of one another are found, and of each is said how. Where
    some hold the groups, they alone are told.

    Parameters
    ----------
    matrix, data
        Samples x coefficients, and the columns that they are made of: categories or numbers.
    question
        Which of these the contrast is about, the variable last.
    formula, where
        The model, and its key in the configuration.
    """
    if np.linalg.matrix_rank(matrix.to_numpy(dtype=float)) == matrix.shape[1]:
        return []
    found = list(smallest_sets(matrix, data))
    variable, reasons = question[-1], _Reasons(data, formula, where)
    groups = [reasons.groups(each, variable) for each in found if variable in each]
    problems = [problem for problem in groups if problem is not None]
    if not problems:
        empty = _empty(matrix, data)
        problems = [reasons.empty(empty)] if empty else []
    leave_out: set[str] = set()
    for each in found if not problems else ():
        if sum(columns <= set(each) for columns in _columns_of(matrix, data)) > len(data):
            return [saturated(matrix, data, formula, where)]
        problem, column = reasons.of(each, variable, question)
        if column not in leave_out:
            problems.append(problem)
            leave_out.add(column)
    return problems[:MOST_PROBLEMS]


def saturated(matrix: pd.DataFrame, data: pd.DataFrame, formula: str, where: str) -> Problem:
    """Say that no sample is left to show variation."""
    n, p = matrix.shape
    what = "the model has as many coefficients as samples, so no variation is left to test against"
    named = [_as_a_number(data, str(column)) for column in data]
    hint = next(filter(None, named), "leave out a blocking column")
    return Problem("saturated_model", what, where, f"{n} samples, {p} coefficients: {formula}", hint)


def holding(matrix: pd.DataFrame, data: pd.DataFrame, asked: str, others: Sequence[str]) -> tuple[str, ...]:
    """Return the fewest of some columns that hold a coefficient, together with those that it is of."""
    columns, place = _columns_of(matrix, data), list(map(str, matrix)).index(asked)
    values = matrix.to_numpy(dtype=float)
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            own = [at for at, names in enumerate(columns) if names <= {*columns[place], *chosen}]
            rest = [at for at in own if at != place]
            if np.linalg.matrix_rank(values[:, own]) == np.linalg.matrix_rank(values[:, rest]):
                return chosen
    return tuple(others)


def levels_by(data: pd.DataFrame, by: str, columns: Sequence[str], name: str = "") -> str:
    """Write which levels of some columns stand with each level of another: `sham: batch 1; snl: batch 2`.

    `name` stands before each level of the other.
    """
    parts = []
    for level, part in data.groupby(data[by].map(_text).astype(str), sort=False):
        level = f"{name} {level}".strip()
        if len(columns) == 1:
            levels = sorted(dict.fromkeys(map(_text, part[columns[0]])), key=_in_order)
            parts.append(f"{level}: {columns[0]} {listing(levels)}")
            continue
        rows = part[list(columns)].drop_duplicates().itertuples(index=False)
        cells = [" ".join(f"{column} {_text(x)}" for column, x in zip(columns, row, strict=True)) for row in rows]
        parts.append(f"{level}: {listing(cells, 4)}")
    return "; ".join(parts if len(parts) <= MOST_COLUMNS else [*parts[:MOST_COLUMNS], f"{len(parts)} in all"])


def smallest_sets(matrix: pd.DataFrame, data: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Find the sets of columns whose coefficients are a sum of one another, and no part of which is such a set."""
    values, columns = matrix.to_numpy(dtype=float), _columns_of(matrix, data)
    _, sizes, right = np.linalg.svd(values)
    rank = int((sizes > sizes.max() * max(values.shape) * np.finfo(float).eps).sum())
    weights = np.abs(right[rank:]).max(axis=0)
    involved = set().union(*(names for names, weight in zip(columns, weights, strict=True) if weight > NO_WEIGHT))
    candidates = [str(column) for column in data if column in involved]
    most = len(candidates) if len(candidates) <= MOST_COLUMNS else 3
    found: list[tuple[str, ...]] = []
    for size in range(1, most + 1):
        for chosen in combinations(candidates, size):
            own = [at for at, names in enumerate(columns) if names <= set(chosen)]
            smaller = any(set(each) <= set(chosen) for each in found)
            if not smaller and np.linalg.matrix_rank(values[:, own]) < len(own):
                found.append(chosen)
                yield chosen
    if not found:
        yield tuple(candidates)


class _Reasons:
    """Says how columns hold one another."""

    def __init__(self, data: pd.DataFrame, formula: str, where: str) -> None:
        self.data, self.formula, self.where = data, formula, where

    def groups(self, columns: Sequence[str], variable: str) -> Problem | None:
        """Say that a column holds the groups, if it does."""
        others = [column for column in columns if column != variable]
        if len(others) != 1 or not _determines(self.data, others[0], variable):
            return None
        column, data = others[0], self.data
        is_number = not isinstance(data[variable].dtype, pd.CategoricalDtype)
        both = not is_number and _determines(data, variable, column)
        how = "each determines the other" if both else f"'{column}' determines '{variable}'"
        what = f"'{column}' and '{variable}' are confounded: {how}, and their effects cannot be told apart"
        found = f"each '{column}' has one '{variable}'" if is_number else levels_by(data, variable, [column])
        hint = f"leave '{column}' out of the blocking and say so, or have it in both groups in the next experiment"
        hint = _as_a_number(data, column) or hint
        return Problem("confounded_with_groups", what, self.where, found, hint)

    def empty(self, cells: Sequence[str]) -> Problem:
        """Say of which coefficients there is no sample."""
        what = "a coefficient of the model has no sample"
        hint = "leave the interaction out, or the level that is not complete"
        return Problem("coefficient_without_sample", what, self.where, listing(cells), hint)

    def of(self, columns: Sequence[str], variable: str, question: Sequence[str]) -> tuple[Problem, str]:
        """Say how columns hold one another; return that, and which column it says to leave out."""
        if len(columns) == 1:
            what = f"column '{columns[0]}' of the model has one value in all samples"
            hint = f"leave '{columns[0]}' out of the model"
            return Problem("constant_column", what, self.where, self.formula, hint), columns[0]
        if len(columns) == 2:
            first, second = sorted(columns, key=lambda column: (column != variable, column not in question))
            for column, other in ((first, second), (second, first)):
                if other != variable and _determines(self.data, column, other):
                    return self._within(column, other), other
            if parts := _apart(self.data, first, second):
                return self._apart(first, second, parts), second
        *others, last = sorted(columns, key=lambda column: (column == variable, column in question))
        return self._sum(others, last, variable), ""

    def _within(self, column: str, other: str) -> Problem:
        what = f"'{column}' determines '{other}': each '{column}' has one '{other}', so '{other}' adds nothing"
        if _determines(self.data, other, column):
            what = f"'{column}' and '{other}' determine each other, so '{other}' adds nothing"
        found = f"{levels_by(self.data, other, [column], other)}; model {self.formula}"
        hint = f"leave '{other}' out of the model"
        return Problem("column_within_column", what, self.where, found, hint)

    def _apart(self, first: str, second: str, parts: Sequence[tuple[list[str], list[str]]]) -> Problem:
        what = f"'{first}' and '{second}' are confounded: no sample links some of their levels with the others"
        cells = [f"{first} {listing(one, 4)} with {second} {listing(other, 4)}" for one, other in parts]
        hint = f"leave '{second}' out of the model, or choose samples within one of these by `subset`"
        return Problem("confounded_columns", what, self.where, "; ".join(cells), hint)

    def _sum(self, others: Sequence[str], last: str, variable: str) -> Problem:
        named = " and ".join(f"'{column}'" for column in others)
        if len(others) == 1:
            what = f"{named} and '{last}' lie on a straight line, so their effects cannot be told apart"
        else:
            what = f"{named} and '{last}' are confounded: the effects of {named} add up to one of '{last}'"
        is_category = isinstance(self.data[last].dtype, pd.CategoricalDtype)
        levels = f"{levels_by(self.data, last, others, last)}; model " if is_category else ""
        leave = " or ".join(f"'{column}'" for column in [*others, *([] if last == variable else [last])])
        hint = f"leave {leave} out of the model" + ("" if last != variable else ", or fill in the missing combinations")
        return Problem("confounded_columns", what, self.where, f"{levels}{self.formula}", hint)


def _columns_of(matrix: pd.DataFrame, data: pd.DataFrame) -> list[set[str]]:
    """Return the columns of the sheet that each coefficient is of; the intercept is of none."""
    tokens = tokens_of(data)
    return [{part.column for part in parts_of(str(name), tokens) or []} for name in matrix]


def _determines(data: pd.DataFrame, column: str, other: str) -> bool:
    """Whether each level of a category has one value of another column; it has fewer samples than levels to itself."""
    if not isinstance(data[column].dtype, pd.CategoricalDtype):
        return False
    return bool((data.groupby(column, observed=True)[other].nunique() == 1).all())


def _apart(data: pd.DataFrame, first: str, second: str) -> list[tuple[list[str], list[str]]]:
    """Return the parts into which two categories fall, no sample being in two of them; nothing where it is one."""
    if not all(isinstance(data[column].dtype, pd.CategoricalDtype) for column in (first, second)):
        return []
    parts: list[tuple[list[str], list[str]]] = []
    for one, other in data[[first, second]].drop_duplicates().astype(str).itertuples(index=False):
        linked = [part for part in parts if one in part[0] or other in part[1]]
        parts = [part for part in parts if part not in linked]
        joined = [*(part[0] for part in linked), [one]], [*(part[1] for part in linked), [other]]
        firsts, seconds = (list(dict.fromkeys(level for levels in side for level in levels)) for side in joined)
        parts.append((firsts, seconds))
    return parts if len(parts) > 1 else []


def _empty(matrix: pd.DataFrame, data: pd.DataFrame) -> list[str]:
    """Name the coefficients that no sample has, by the levels of their columns."""
    tokens, values = tokens_of(data), matrix.to_numpy(dtype=float)
    names = [str(name) for name, column in zip(matrix, values.T, strict=True) if not column.any()]
    named = [(name, parts_of(name, tokens) or []) for name in names]
    words = [" with ".join(f"{part.column} {part.level or ''}".strip() for part in parts) for _, parts in named]
    return [text or name for text, (name, _) in zip(words, named, strict=True)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _in_order(text: str) -> tuple[bool, float, str]:
    try:
        return False, float(text), text
    except ValueError:
        return True, 0.0, text


def _as_a_number(chosen: pd.DataFrame, column: str) -> str:
    """Return what to do where a column of numbers stands in a model as categories, else an empty text."""
    values = chosen[column].astype(str)
    n, numbers = values.nunique(), pd.to_numeric(values, errors="coerce")
    if n < 3 or not np.isfinite(numbers).all() or pd.api.types.is_numeric_dtype(chosen[column]):
        return ""
    return f"'{column}' holds numbers and is taken as {n} categories: say `numeric: [{column}]` of the study"
