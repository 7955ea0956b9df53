"""Model formulas as data: columns and operators, never code.

formulaic runs Python that stands in a formula. It is therefore never shown what a user wrote: a formula is taken apart
here, and every column goes under a name of ours. Plain formulas do without it.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from mircargo.model.design.plain import Term, plain_matrix, plain_terms
from mircargo.model.design.samples import unknown_columns
from mircargo.problems import Problem, ProblemsFound, refusal

MOST_CHARACTERS: Final = 2000
MOST_TERMS: Final = 100_000
"""What the terms of a formula are estimated to, multiplied out; formulaic needs a second for as many."""

_TOKEN: Final = re.compile(r"`(?P<quoted>[^`]+)`|(?P<plain>[^\W\d][\w.]*)|\d+|\*\*|[~+\-*:/^()]|\s+")
_POWER: Final = re.compile(r"(?:\*\*|\^)\s*(\d+)")


@dataclass(frozen=True)
class Expanded:
    """A formula multiplied out over data."""

    matrix: pd.DataFrame  # rows of the data x coefficients, named as formulaic names them: `column[T.level]`
    terms: list[Term]  # main effects first, each by its columns; the intercept has none
    # Gives the rows of the matrix for other data of the same columns and categories.
    rows_of: Callable[[pd.DataFrame], np.ndarray]


def quoted(column: str) -> str:
    """Write a column as it stands in a formula."""
    return column if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", column) else f"`{column}`"


def formula_of(terms: Sequence[Sequence[str]]) -> str:
    """Write terms as a formula; the intercept, a term without columns, goes without saying or is left out by 0."""
    words = [":".join(map(quoted, term)) for term in terms if term]
    return "~ " + " + ".join(words or ["1"] if () in terms else ["0", *words])


def columns_of(formula: str, sheet: pd.DataFrame, where: str) -> list[str]:
    """Return the columns that a formula names, each once.

    Raises
    ------
    ProblemsFound
        Where anything but columns of the sheet, operators, 0 and 1 stands in it, or it would grow out of bounds.
    """
    tokens = _tokens(formula, where)
    names = [name for token in tokens if (name := _name(token))]
    problems = unknown_columns(sheet, names, where)
    if problems:
        raise ProblemsFound(problems)
    return list(dict.fromkeys(names))


def crossed_columns(formula: str, sheet: pd.DataFrame, where: str) -> set[str]:
    """Return the columns that stand in an interaction; none where it is no formula, which `expand` says.

    Raises
    ------
    ProblemsFound
        As `columns_of`.
    """
    tokens = _tokens(formula, where)
    if not {"*", ":", "/", "^", "**"}.intersection(tokens):
        return set()
    columns = columns_of(formula, sheet, where)
    terms = _plain_terms(tokens)
    if terms is None:
        import formulaic
        from formulaic.errors import FormulaicError

        names = {column: f"c{i}" for i, column in enumerate(columns)}
        own = {name: column for column, name in names.items()}
        text = "".join(names.get(_name(token), token) for token in tokens)
        try:
            terms = [tuple(own[x.expr] for x in term.factors if x.expr in own) for term in formulaic.Formula(text)]
        except (FormulaicError, RecursionError):
            return set()
    return {column for term in terms if len(term) > 1 for column in term}


def expand(formula: str, data: pd.DataFrame, where: str) -> Expanded:
    """Multiply a formula out over data that hold its columns, as categories or numbers.

    Raises
    ------
    ProblemsFound
        Where it is no formula, or has far more coefficients than there are rows.
    """
    tokens = _tokens(formula, where)
    terms = _plain_terms(tokens)
    if terms is None:
        return _expanded_by_formulaic(tokens, data, formula, where)
    _raise_if_vast(terms, data, formula, where)
    return Expanded(plain_matrix(terms, data), terms, lambda rows: plain_matrix(terms, rows).to_numpy())


def _plain_terms(tokens: Sequence[str]) -> list[Term] | None:
    names = {token: name for token in tokens if (name := _name(token))}
    return plain_terms([token for token in tokens if not token.isspace()][1:], names)


def _expanded_by_formulaic(tokens: Sequence[str], data: pd.DataFrame, formula: str, where: str) -> Expanded:
    import formulaic
    from formulaic.errors import FormulaicError

    own_names = _own_names(data)
    columns = {own: column for column, own in own_names.items()}
    try:
        asked = formulaic.Formula("".join(own_names.get(_name(token), token) for token in tokens))
        known = data.rename(columns=own_names) if own_names else pd.DataFrame({"rows": 0}, index=data.index)
        terms = [tuple(columns[x.expr] for x in term.factors if x.expr in columns) for term in asked]
        _raise_if_vast(terms, data, formula, where)
        made = formulaic.model_matrix(asked, known, context={})
    except (FormulaicError, RecursionError) as error:
        raise ProblemsFound(_no_formula(formula, where, _reason(error, own_names))) from None
    matrix = pd.DataFrame(made, dtype=float)
    matrix.columns = pd.Index([_restored(str(column), own_names) for column in matrix.columns])

    def rows_of(rows: pd.DataFrame) -> np.ndarray:
        return np.asarray(made.model_spec.get_model_matrix(rows.rename(columns=own_names)), dtype=float)

    return Expanded(matrix, terms, rows_of)


def _tokens(formula: str, where: str) -> list[str]:
    """Take a formula apart; nothing but names, operators and numbers may stand in it."""
    tokens = [match[0] for match in _TOKEN.finditer(formula)]
    if "".join(tokens) != formula or not formula.lstrip().startswith("~") or len(formula) > MOST_CHARACTERS:
        raise ProblemsFound(_no_formula(formula, where))
    words = [token for token in tokens if not token.isspace()]
    for one, following in pairwise(words):
        if _name(one) and following == "(":
            raise ProblemsFound(_no_formula(formula, where, f"'{one}' stands before a bracket"))
    powers = [int(power) for power in _POWER.findall(formula)] if {"^", "**"}.intersection(words) else []
    crossings = sum(token in ("*", ":", "/") for token in words)
    names = sum(_name(token) != "" for token in words)
    degree = (crossings + 1) * math.prod(min(power, 99) for power in powers)
    if min(degree, 99) * math.log(names / (crossings + 1) + 1) > math.log(MOST_TERMS):
        hint = "write the interactions that you need one by one, as `a:b`"
        raise refusal("vast_formula", "this formula has too many terms when multiplied out", where, formula[:200], hint)
    return tokens


def _name(token: str) -> str:
    match = _TOKEN.fullmatch(token)
    return (match["quoted"] or match["plain"] or "") if match else ""


def _no_formula(formula: str, where: str, reason: str = "") -> Problem:
    hint = "join column names by + : *, for instance `~ batch + condition`; functions are not taken"
    if formula.count("`") % 2:
        hint += "; a column whose name holds a backtick has to be renamed"
    found = formula if len(formula) <= 200 else formula[:200] + "..."
    found = f"{found} ({reason})" if reason else found
    return Problem("invalid_formula", "this is not a model formula", where, found, hint)


def _own_names(data: pd.DataFrame) -> dict[str, str]:
    """Name columns so that no level of any of them holds such a name, and no column is called that already."""
    categories = data.select_dtypes("category")
    levels = [str(level) for column in categories for level in categories[column].cat.categories]
    prefix = "column"
    while any(prefix in text for text in levels):
        prefix += "n"
    return {str(column): f"{prefix}{place}_" for place, column in enumerate(data)}


def _restored(text: str, own_names: dict[str, str]) -> str:
    columns = {own: column for column, own in own_names.items()}
    return re.sub("|".join(map(re.escape, columns)) or "(?!)", lambda match: columns[match[0]], text)


def _reason(error: Exception, own_names: dict[str, str]) -> str:
    """Say in one line what formulaic has to say, without the codes by which it colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m|\u29db\[[0-9;]*m?|\u29da", "", str(error)).strip().splitlines()
    return _restored(lines[0].strip().rstrip("."), own_names) if lines else type(error).__name__


def _raise_if_vast(terms: Sequence[Term], data: pd.DataFrame, formula: str, where: str) -> None:
    """Refuse, before it is made, a matrix with so many columns that it cannot be estimated from its rows."""
    least = 0
    for term in terms:
        columns = [data[name] for name in term]
        categories = [len(each.cat.categories) for each in columns if isinstance(each.dtype, pd.CategoricalDtype)]
        least += math.prod(n - 1 for n in categories)
    if least > 4 * len(data) + 50:
        found = f"at least {least:,} coefficients for {len(data):,} samples: {formula[:200]}"
        hint = "leave out interactions, or columns with many levels"
        raise refusal("too_many_coefficients", "the model has far more coefficients than samples", where, found, hint)
