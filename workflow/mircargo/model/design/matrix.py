"""From a contrast and the sample sheet to a design matrix, with every reason why that cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.config import Comparison, Contrast
from mircargo.model.design.asked import Asked, ask, weights
from mircargo.model.design.data import in_order, model_data
from mircargo.model.design.estimable import confounded, holding, levels_by, saturated
from mircargo.model.design.formula import expand, quoted
from mircargo.model.design.reduced import reduced_matrix
from mircargo.model.design.samples import contrast_samples, unknown_columns
from mircargo.problems import Problem, ProblemsFound, listing, refusal

ALL: Final = "samples"
"""What the samples of a slope are called together, as they are in no groups."""


@dataclass(frozen=True)
class Design:
    """A linear model and the question asked of it."""

    matrix: pd.DataFrame  # samples x coefficients
    contrast: np.ndarray  # weight of each coefficient in the log fold change, level over reference
    formula: str  # the model as a formula of columns of the sheet
    groups: dict[str, int]  # samples in each group, reference first
    # Matrix of the model without what is asked about, where that is a joint test of several coefficients.
    reduced: pd.DataFrame | None = None
    reduced_formula: str = ""  # the same as a formula
    # The columns of the sheet that the model is made of: categories (their reference first) or numbers.
    data: pd.DataFrame | None = None
    question: tuple[str, ...] = ()  # which of these columns the contrast is about, the variable last
    # The samples of the two levels that the contrast compares; none where it is about more than two groups.
    compared: tuple[str, ...] = ()
    # What the contrast asks, and of which samples; none where the design is not of a contrast.
    asked: Asked | None = None

    @property
    def two_groups(self) -> tuple[str, ...]:
        """The samples whose two groups are compared by themselves; none where more than two take part in the answer."""
        asked = self.asked
        if asked is None or asked.term != "difference" or self.reduced is not None or self.data is None:
            return ()
        there = [(self.data[column] == level).to_numpy() for column, level in asked.held.items()]
        return tuple(self.matrix.index[np.all(there, axis=0)] if there else self.matrix.index)

    @property
    def width(self) -> float:
        """By how much a fold change is multiplied over all that is asked: 1 where it is of groups (`Asked.width`)."""
        return self.asked.width if self.asked else 1.0

    @property
    def residual_degrees_of_freedom(self) -> int:
        return int(self.matrix.shape[0] - self.matrix.shape[1])


def contrast_design(sheet: pd.DataFrame, contrast: Contrast, numeric: Sequence[str], where: str) -> Design:
    """Build the model of a contrast: blocking columns, then the variable, its reference first.

    Raises
    ------
    ProblemsFound
        As `contrast_samples`; and where a value is missing, a formula is not one, or columns are confounded.
    """
    problems = unknown_columns(sheet, contrast.blocking, where)
    try:
        chosen = contrast_samples(sheet, contrast, where)
    except ProblemsFound as error:
        raise ProblemsFound([*error.problems, *problems]) from None
    if problems:
        raise ProblemsFound(problems)
    numeric = [*numeric, contrast.variable] if contrast.per_unit else [c for c in numeric if c != contrast.variable]
    formula, levels = _formula(contrast), _levels(chosen, contrast)
    data = model_data(chosen, formula, numeric, levels, where)
    if contrast.variable not in data:
        raise ProblemsFound(_left_out(contrast, formula, f"{where}.design"))
    expanded = expand(formula, data, f"{where}.design")
    asked_weights = weights(expanded, data, contrast)
    if not asked_weights.any():
        raise ProblemsFound(_left_out(contrast, formula, f"{where}.design"))
    groups = group_of(chosen, contrast)
    pair, matrix = contrast.interaction, expanded.matrix
    if pair and not contrast.design:
        matrix, asked_weights = _without_repetition(matrix, asked_weights)
    design = Design(
        matrix,
        asked_weights,
        formula,
        groups.value_counts()[levels.get(contrast.variable, [ALL])].to_dict(),
        data=data,
        question=(*([pair.variable] if pair else []), contrast.variable),
        compared=() if contrast.per_unit else tuple(chosen.index[groups.isin([contrast.level, contrast.reference])]),
        asked=ask(expanded, data, contrast, chosen),
    )
    if contrast.reduced is not None:
        smaller = model_data(chosen, contrast.reduced, numeric, levels, where, "reduced")
        reduced = reduced_matrix(smaller, contrast, data, design.matrix, expanded.terms, f"{where}.reduced")
        design = replace(design, reduced=reduced, reduced_formula=contrast.reduced)
    problems = confounded(design.matrix, data, design.question, formula, where)
    if not problems and design.residual_degrees_of_freedom < 1:
        problems = [saturated(design.matrix, data, formula, where)]
    if problems:
        raise ProblemsFound(problems)
    return design


def group_of(sheet: pd.DataFrame, contrast: Contrast) -> pd.Series:
    """Return the group of each sample, as counted in `Design.groups`; of a slope all samples are one."""
    return pd.Series(ALL, sheet.index, dtype=object) if contrast.per_unit else sheet[contrast.variable]


def _formula(contrast: Contrast) -> str:
    if contrast.design:
        return contrast.design
    pair = contrast.interaction
    blocking = [column for column in contrast.blocking if pair is None or column != pair.variable]
    asked = quoted(contrast.variable)
    return "~ " + " + ".join([*map(quoted, blocking), f"{quoted(pair.variable)} * {asked}" if pair else asked])


def _levels(chosen: pd.DataFrame, contrast: Contrast) -> dict[str, list[str]]:
    """Order the levels of what is asked about, the reference first; numbers have none."""
    levels = {}
    for asked in (contrast, contrast.interaction) if not contrast.per_unit else ():
        if asked is not None:
            own = [asked.reference, asked.level]
            others = chosen[asked.variable][~chosen[asked.variable].isin(own)].dropna()
            levels[asked.variable] = own + in_order(others.unique())
    return levels


def _without_repetition(matrix: pd.DataFrame, asked: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Leave out the columns that the blocking already holds (of subjects, the genotype), but not what is asked."""
    kept = independent_columns(matrix.to_numpy(), first=np.flatnonzero(asked).tolist())
    estimable = np.linalg.matrix_rank(matrix.to_numpy()[:, asked == 0]) < len(kept)
    return (matrix.iloc[:, kept], asked[kept]) if estimable else (matrix, asked)


def _left_out(contrast: Contrast, formula: str, where: str) -> Problem:
    pair, variable = contrast.interaction, quoted(contrast.variable)
    if pair is None:
        what = "the design leaves out the contrast's variable"
        return Problem("design_lacks_variable", what, where, formula, f"add `+ {variable}`")
    what = f"the design has no interaction of '{pair.variable}' and '{contrast.variable}'"
    return Problem("design_lacks_interaction", what, where, formula, f"add `+ {quoted(pair.variable)}:{variable}`")


def release_design(
    sheet: pd.DataFrame, comparison: Comparison, exosome: Contrast, source: Contrast, numeric: Sequence[str], where: str
) -> Design:
    """Build the interaction model: how much more the exosomes change than their source.

    Samples are paired by the comparison's subject where each subject has both fractions. Columns that the blocking
    already holds (the condition, where subjects are blocked) are left out of the model;
    the interaction, which is what is asked, never is.

    Raises
    ------
    ProblemsFound
        Where the two contrasts share samples, or the interaction cannot be told apart from the blocking.
    """
    problems = unknown_columns(sheet, [comparison.fraction, *comparison.blocking], where)
    if problems:
        raise ProblemsFound(problems)
    parts = [contrast_samples(sheet, contrast, where) for contrast in (exosome, source)]
    outside, inside = (sorted(part[comparison.fraction].dropna().unique()) for part in parts)
    if len(outside) != 1 or len(inside) != 1 or outside == inside:
        found = f"exosome contrast: {listing(outside)}; source contrast: {listing(inside)}"
        what = f"column '{comparison.fraction}' does not tell the exosome samples from the source samples"
        hint = "name the right column under `fraction`, or mend the subsets"
        raise refusal("fraction_does_not_tell", what, where, found, hint)
    chosen = pd.concat(parts[::-1])
    variable, fraction = exosome.variable, comparison.fraction
    blocking = list(dict.fromkeys([*_pairing(chosen, comparison), *comparison.blocking]))
    formula = "~ " + " + ".join(map(quoted, [*blocking, fraction, variable]))
    formula += f" + {quoted(fraction)}:{quoted(variable)}"
    levels = {variable: [exosome.reference, exosome.level], fraction: [*inside, *outside]}
    data = model_data(chosen, formula, numeric, levels, where)
    full = expand(formula, data, where).matrix
    *columns, asked = map(str, full.columns)
    kept = independent_columns(full.to_numpy(), first=[len(columns)])
    others = [column for place, column in enumerate(columns) if place in kept]
    if np.linalg.matrix_rank(full[columns].to_numpy()) == len(kept):
        held_by = holding(full, data, asked, blocking)
        what = "the blocking holds all of the difference that is asked for"
        cells = data.assign(**{asked: [f"{row[fraction]} {row[variable]}" for _, row in data.iterrows()]})
        found = f"blocking {listing(blocking)}; {levels_by(cells, asked, held_by)}"
        hint = f"leave {' or '.join(held_by)} out of the blocking"
        raise refusal("blocking_holds_the_difference", what, where, found, hint)
    matrix = full[[*others, asked]]
    groups = chosen.groupby([fraction, variable], sort=False).size()
    counted = {" ".join(map(str, key)): int(n) for key, n in groups.items()}
    design = Design(matrix, np.eye(len(kept))[-1], formula, counted, data=data, question=(fraction, variable))
    if design.residual_degrees_of_freedom < 1:
        raise ProblemsFound(saturated(design.matrix, data, formula, where))
    return design


def _pairing(chosen: pd.DataFrame, comparison: Comparison) -> list[str]:
    """Return the column that pairs the fractions, if the sheet has it and each of its values stands in both."""
    subject = comparison.subject
    if subject is None or subject not in chosen or chosen[subject].isna().any():
        return []
    return [subject] if (chosen.groupby(subject)[comparison.fraction].nunique() == 2).all() else []


def independent_columns(matrix: np.ndarray, first: Sequence[int] = ()) -> list[int]:
    """Choose columns that span a matrix, each as early as it can be, but `first` before all others."""
    kept: list[int] = []
    for column in [*first, *(column for column in range(matrix.shape[1]) if column not in first)]:
        if np.linalg.matrix_rank(matrix[:, [*kept, column]]) > len(kept):
            kept.append(column)
    return sorted(kept)
