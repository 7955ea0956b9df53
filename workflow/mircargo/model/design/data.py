"""The columns of a sample sheet that a model is made of."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from mircargo.model.design.formula import columns_of, crossed_columns
from mircargo.problems import Problem, ProblemsFound, listing


def in_order(levels: Iterable[object]) -> list[str]:
    """Sort levels, numbers within them by their value: `day2` stands before `day10`."""

    def key(level: str) -> tuple[list[tuple[str, int]], str]:
        parts = re.split("([0-9]+)", level)
        return [(text, int(number or 0)) for text, number in zip(parts[::2], [*parts[1::2], ""], strict=True)], level

    return sorted(map(str, levels), key=key)


def model_data(
    chosen: pd.DataFrame,
    formula: str,
    numeric: Sequence[str],
    levels: Mapping[str, list[str]],
    where: str,
    key: str = "design",
) -> pd.DataFrame:
    """Return the columns of a formula, for the samples of a model: categories, or numbers where they are `numeric`.

    Parameters
    ----------
    levels
        The levels of categories, the reference first. Those of other columns are sorted, so that the order of the
        sheet moves no result; in an interaction they are in its order, as what is asked is of the first of them.
    key
        The key of the contrast that holds the formula, for messages.

    Raises
    ------
    ProblemsFound
        Where the sheet lacks a column, a value is missing, or a number is none.
    """
    problems, data = [], {}
    crossed = crossed_columns(formula, chosen, f"{where}.{key}")
    for column in columns_of(formula, chosen, f"{where}.{key}"):
        values = chosen[column]
        missing = chosen.index[values.isna()]
        if len(missing):
            hint = "fill it in, or leave these samples out of the subset"
            what = f"column '{column}' has no value"
            found = f"samples {listing(missing)}"
            problems.append(Problem("missing_value", what, where, found, hint, samples=tuple(missing)))
        elif column in numeric:
            numbers = pd.to_numeric(values, errors="coerce")
            if not np.isfinite(numbers).all():
                bad = values[~np.isfinite(numbers)]
                found = f"'{bad.iloc[0]}' for sample {bad.index[0]}"
                what = f"column '{column}' is configured as numeric and has other values"
                hint = f"write finite numbers with a decimal point in the sheet, or take '{column}' out of `numeric`"
                problems.append(Problem("not_numeric", what, where, found, hint, samples=tuple(bad.index)))
            data[column] = numbers
        else:
            own = values.unique()
            data[column] = pd.Categorical(values, levels.get(column, list(own) if column in crossed else in_order(own)))
    if problems:
        raise ProblemsFound(problems)
    return pd.DataFrame(data, index=chosen.index)
