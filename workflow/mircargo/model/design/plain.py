"""Formulas as nearly all studies have them, multiplied out here: formulaic takes a third of a second to start."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np
import pandas as pd

Term = tuple[str, ...]


def plain_terms(words: Sequence[str], names: Mapping[str, str]) -> list[Term] | None:
    """List the terms of a plain formula, main effects first: columns joined by `+`, `:` and `*`, with an intercept.

    Each interaction has all terms of lower order beside it, so that every category is coded against its reference.

    Parameters
    ----------
    words
        Names and operators behind the `~`, without spaces.
    names
        The column of each word that is one.

    Returns
    -------
    list or None
        The intercept first; none where the formula is not so plain.
    """
    summands: list[list[str]] = [[]]
    for word in words:
        if word == "+":
            summands.append([])
        else:
            summands[-1].append(word)
    found: dict[frozenset[str], Term] = {frozenset(): ()}
    for summand in summands:
        columns, operators = summand[::2], {*summand[1::2]}
        if len(summand) % 2 == 0 or operators not in ({":"}, {"*"}, set()) or not names.keys() >= {*columns}:
            return None
        factors = [names[each] for each in columns]
        if len({*factors}) < len(factors):
            return None
        crossed = range(1, len(factors) + 1) if operators == {"*"} else [len(factors)]
        for term in (term for order in crossed for term in combinations(factors, order)):
            found.setdefault(frozenset(term), term)
    if any(
        frozenset(part) not in found for term in found.values() if term for part in combinations(term, len(term) - 1)
    ):
        return None
    return sorted(found.values(), key=len)


def plain_matrix(terms: Iterable[Term], data: pd.DataFrame) -> pd.DataFrame:
    """Multiply terms out over data: rows of the data x coefficients, named as formulaic names them."""
    coded = {str(name): _coded(str(name), data[name]) for name in data}
    columns: dict[str, Any] = {}
    for term in terms:
        # Levels of the first factor change fastest.
        for parts in product(*(coded[name].items() for name in reversed(term))):
            values = prod((values for _, values in reversed(parts)), start=np.ones(len(data)))
            columns[":".join(name for name, _ in reversed(parts)) or "Intercept"] = values
    return pd.DataFrame(columns, index=data.index)


def _coded(name: str, values: "pd.Series[Any]") -> dict[str, np.ndarray]:
    """Code a category against its first level, a column for each other; a number is a column."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return {name: values.to_numpy(dtype=float)}
    codes = values.cat.codes.to_numpy()
    return {f"{name}[T.{level}]": (codes == at).astype(float) for at, level in enumerate(values.cat.categories) if at}
