"""The smaller model of a likelihood-ratio test: what it lacks is tested, so that has to be what is asked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mircargo.config import Contrast
from mircargo.model.design.asked import weights
from mircargo.model.design.formula import expand, formula_of
from mircargo.problems import Problem, ProblemsFound, listing, refusal

Term = tuple[str, ...]


def reduced_matrix(
    smaller: pd.DataFrame, contrast: Contrast, data: pd.DataFrame, full: pd.DataFrame, terms: Sequence[Term], where: str
) -> pd.DataFrame:
    """Build the matrix of `contrast.reduced`: the full model without what is asked, and with all else.

    Parameters
    ----------
    smaller, data
        The columns of the reduced formula, and those of the full one.
    full
        Matrix of the full model, its columns independent.
    terms
        The terms of the full model, as `formula.Expanded` has them.

    Raises
    ------
    ProblemsFound
        Where it keeps what is asked, lacks more than that, or does not lie within the full model.
    """
    formula = str(contrast.reduced)
    expanded = expand(formula, smaller, where)
    if contrast.interaction is None and contrast.variable in smaller:
        what = f"the reduced model keeps '{contrast.variable}', so the test would be of something else"
        hint = (
            "leave it out of `reduced`, with its interactions; what `reduced` lacks is what is tested. How a change"
            " differs between levels of another column is asked for by `interaction`"
        )
        raise refusal("reduced_keeps_variable", what, where, formula, hint)
    if weights(expanded, smaller, contrast).any():
        what = "the reduced model keeps the interaction, so the test would be of something else"
        hint = "leave it out of `reduced`; what `reduced` lacks is what is tested"
        raise refusal("reduced_keeps_interaction", what, where, formula, hint)
    matrix = expanded.matrix
    rank = _rank(matrix)
    if _rank(full, matrix) > full.shape[1]:
        hint = "take terms of the full model only"
        raise refusal("reduced_is_not_nested", "the reduced model is no part of the full one", where, formula, hint)
    if rank == full.shape[1]:
        hint = f"leave '{contrast.variable}' out of it"
        what = "the reduced model says all that the full one says"
        raise refusal("reduced_is_the_full_model", what, where, formula, hint)
    if rank < matrix.shape[1]:
        hint = "leave one of its terms out"
        raise refusal("reduced_is_confounded", "the columns of the reduced model are confounded", where, formula, hint)
    if problem := _lacks_more(matrix, contrast, data, full, terms):
        raise ProblemsFound(Problem("reduced_lacks_more", problem[0], where, formula, problem[1]))
    return matrix


def _lacks_more(
    reduced: pd.DataFrame, contrast: Contrast, data: pd.DataFrame, full: pd.DataFrame, terms: Sequence[Term]
) -> tuple[str, str] | None:
    """Say what a reduced model lacks beside what is asked, and which would not; none where it lacks nothing else."""
    kept = _without_what_is_asked(contrast, data, full, terms)
    lacking = [term for term in kept if _rank(reduced, _columns(term, data)) > _rank(reduced)]
    if not lacking:
        return None
    asked = "the interaction" if contrast.interaction else f"'{contrast.variable}'"
    names = listing(f"'{':'.join(term)}'" if term else "the intercept" for term in lacking)
    what = f"the reduced model lacks {names} as well, so the test would not be of {asked} alone"
    return what, f'write `reduced: "{formula_of(kept)}"`: what `reduced` lacks is what is tested'


def _without_what_is_asked(
    contrast: Contrast, data: pd.DataFrame, full: pd.DataFrame, terms: Sequence[Term]
) -> list[Term]:
    """Return the terms of the largest model within the full one that has nothing of what is asked.

    A term that has it holds terms of lower order, which formulas need not name: `~ geno:group` is a mean of each
    cell, and without `group` one of each `geno`. A term adds something to those before it, or it is left out: of
    subjects, the genotype.
    """
    asked = {contrast.variable, *([contrast.interaction.variable] if contrast.interaction else [])}
    within = [term for term in terms if not asked <= {*term}]
    within += [tuple(x for x in term if x != column) for term in terms if asked <= {*term} for column in sorted(asked)]
    kept: list[Term] = []
    columns = np.empty((len(data), 0))
    for term in dict.fromkeys([(), *within]):
        more = np.column_stack([columns, _columns(term, data)])
        if _rank(full, more) == full.shape[1] and _rank(more) > _rank(columns):
            kept.append(term)
            columns = more
    return kept


def _columns(term: Term, data: pd.DataFrame) -> np.ndarray:
    """Return what a term can hold: a column for each combination of its levels, times its numbers."""
    columns = np.ones((len(data), 1))
    for name in term:
        own = pd.get_dummies(data[name]) if isinstance(data[name].dtype, pd.CategoricalDtype) else data[[name]]
        columns = np.einsum("si,sj->sij", columns, own.to_numpy(dtype=float)).reshape(len(data), -1)
    return columns


def _rank(*parts: Any) -> int:
    return int(np.linalg.matrix_rank(np.column_stack(parts)))
