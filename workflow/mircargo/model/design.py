"""From a contrast and the sample sheet to a design matrix, with every reason why that cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mircargo.config import Comparison, Contrast
from mircargo.model.formula import columns_of, expand, quoted
from mircargo.model.samples import contrast_samples, unknown_columns
from mircargo.problems import Problem, ProblemsFound, listing


@dataclass(frozen=True)
class Design:
    """A linear model and the question asked of it.

    Attributes
    ----------
    matrix
        Samples x coefficients.
    contrast
        Weight of each coefficient in the log fold change, level over reference.
    formula
        The model as a formula of columns of the sheet.
    groups
        Samples in each group, reference first.
    reduced
        Matrix of the model without what is asked about, where that is a joint test of several coefficients.
    reduced_formula
        The same as a formula.
    data
        The columns of the sheet that the model is made of: categories (their reference first) or numbers.
    question
        Which of these columns the contrast is about, the variable last.
    compared
        The samples of the two levels that the contrast compares; none where it is about more than two groups.
    """

    matrix: pd.DataFrame
    contrast: np.ndarray
    formula: str
    groups: dict[str, int]
    reduced: pd.DataFrame | None = None
    reduced_formula: str = ""
    data: pd.DataFrame | None = None
    question: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()

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
    if contrast.variable in numeric:
        what = f"the contrast compares two groups, and its variable '{contrast.variable}' is under `numeric`"
        hint = (
            f"take '{contrast.variable}' out of `numeric` to compare '{contrast.level}' with '{contrast.reference}';"
            " a slope per unit cannot be asked for: give the samples a column of groups (low, high), or put the number"
            " under `blocking` of another question"
        )
        raise ProblemsFound(Problem(what, f"{where}.variable", f"'{contrast.variable}'", hint))
    formula = contrast.design or "~ " + " + ".join([*map(quoted, contrast.blocking), quoted(contrast.variable)])
    asked = [contrast.reference, contrast.level]
    others = [str(value) for value in chosen[contrast.variable].unique() if value not in asked]
    data = _model_data(chosen, formula, numeric, {contrast.variable: [*asked, *others]}, where)
    hint = f"add `+ {quoted(contrast.variable)}`"
    left_out = Problem("the design leaves out the contrast's variable", f"{where}.design", formula, hint)
    if contrast.variable not in data:
        raise ProblemsFound(left_out)
    expanded = expand(formula, data, f"{where}.design")
    ends = pd.concat([_typical(data)] * 2, ignore_index=True)
    ends[contrast.variable] = pd.Categorical(
        [contrast.level, contrast.reference], data[contrast.variable].cat.categories
    )
    rows = expanded.rows_of(ends)
    if (rows[0] == rows[1]).all():
        raise ProblemsFound(left_out)
    design = Design(
        expanded.matrix,
        rows[0] - rows[1],
        formula,
        chosen[contrast.variable].value_counts()[[*asked, *others]].to_dict(),
        data=data,
        question=(contrast.variable,),
        compared=tuple(chosen.index[chosen[contrast.variable].isin(asked)]),
    )
    if contrast.reduced is not None:
        reduced = _reduced_matrix(chosen, contrast, numeric, design.matrix, where)
        design = replace(design, reduced=reduced, reduced_formula=contrast.reduced)
    _raise_if_not_estimable(design, chosen, contrast, where)
    return design


def release_design(
    sheet: pd.DataFrame,
    comparison: Comparison,
    exosome: Contrast,
    source: Contrast,
    numeric: Sequence[str],
    where: str,
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
    parts = {
        role: contrast_samples(sheet, contrast, where) for role, contrast in (("exosome", exosome), ("source", source))
    }
    names = {role: sorted(part[comparison.fraction].dropna().unique()) for role, part in parts.items()}
    if any(len(name) != 1 for name in names.values()) or names["exosome"] == names["source"]:
        found = f"exosome contrast: {listing(names['exosome'])}; source contrast: {listing(names['source'])}"
        what = f"column '{comparison.fraction}' does not tell the exosome samples from the source samples"
        raise ProblemsFound(Problem(what, where, found, "name the right column under `fraction`, or mend the subsets"))
    chosen = pd.concat([parts["source"], parts["exosome"]])
    variable, fraction = exosome.variable, comparison.fraction
    blocking = list(dict.fromkeys([*_pairing(chosen, comparison), *comparison.blocking]))
    formula = "~ " + " + ".join(map(quoted, [*blocking, fraction, variable]))
    formula += f" + {quoted(fraction)}:{quoted(variable)}"
    levels = {variable: [exosome.reference, exosome.level], fraction: [*names["source"], *names["exosome"]]}
    data = _model_data(chosen, formula, numeric, levels, where)
    full = expand(formula, data, where).matrix
    *columns, asked = map(str, full.columns)
    kept = independent_columns(full.to_numpy(), first=[len(columns)])
    others = [column for place, column in enumerate(columns) if place in kept]
    if np.linalg.matrix_rank(full[columns].to_numpy()) == len(kept):
        raise ProblemsFound(
            Problem(
                "the blocking holds all of the difference that is asked for",
                where,
                f"blocking {listing(blocking)}",
            )
        )
    matrix = full[[*others, asked]]
    groups = chosen.groupby([fraction, variable], sort=False).size()
    counted = {" ".join(map(str, key)): int(n) for key, n in groups.items()}
    design = Design(matrix, np.eye(len(kept))[-1], formula, counted, data=data, question=(fraction, variable))
    if design.residual_degrees_of_freedom < 1:
        raise ProblemsFound(_saturated(design, where))
    return design


def _pairing(chosen: pd.DataFrame, comparison: Comparison) -> list[str]:
    """Return the column that pairs the fractions, if the sheet has it and each of its values stands in both."""
    subject = comparison.subject
    if subject is None or subject not in chosen or chosen[subject].isna().any():
        return []
    fractions = chosen.groupby(subject)[comparison.fraction].nunique()
    return [subject] if (fractions == 2).all() else []


def independent_columns(matrix: np.ndarray, first: Sequence[int] = ()) -> list[int]:
    """Choose columns that span a matrix, each as early as it can be, but `first` before all others."""
    kept: list[int] = []
    for column in [*first, *(column for column in range(matrix.shape[1]) if column not in first)]:
        if np.linalg.matrix_rank(matrix[:, [*kept, column]]) > len(kept):
            kept.append(column)
    return sorted(kept)


def _reduced_matrix(
    chosen: pd.DataFrame, contrast: Contrast, numeric: Sequence[str], full: pd.DataFrame, where: str
) -> pd.DataFrame:
    """Build the smaller model of a likelihood-ratio test, which has to lie within the full one."""
    formula = str(contrast.reduced)
    data = _model_data(chosen, formula, numeric, {}, where, "reduced")
    where = f"{where}.reduced"
    if contrast.variable in data:
        what = f"the reduced model keeps '{contrast.variable}', so the test would be of something else"
        hint = "leave it out of `reduced`, with its interactions; what `reduced` lacks is what is tested"
        raise ProblemsFound(Problem(what, where, formula, hint))
    matrix = expand(formula, data, where).matrix
    rank = np.linalg.matrix_rank(matrix.to_numpy())
    if np.linalg.matrix_rank(np.column_stack([full, matrix])) > full.shape[1]:
        hint = "take terms of the full model only"
        raise ProblemsFound(Problem("the reduced model is no part of the full one", where, formula, hint))
    if rank == full.shape[1]:
        hint = f"leave '{contrast.variable}' out of it"
        raise ProblemsFound(Problem("the reduced model says all that the full one says", where, formula, hint))
    if rank < matrix.shape[1]:
        hint = "leave one of its terms out"
        raise ProblemsFound(Problem("the columns of the reduced model are confounded", where, formula, hint))
    return matrix


def _model_data(
    chosen: pd.DataFrame,
    formula: str,
    numeric: Sequence[str],
    levels: Mapping[str, list[str]],
    where: str,
    key: str = "design",
) -> pd.DataFrame:
    problems, data = [], {}
    for column in columns_of(formula, chosen, f"{where}.{key}"):
        values = chosen[column]
        missing = chosen.index[values.isna()]
        if len(missing):
            hint = "fill it in, or leave these samples out of the subset"
            problems.append(Problem(f"column '{column}' has no value", where, f"samples {listing(missing)}", hint))
        elif column in numeric:
            numbers = pd.to_numeric(values, errors="coerce")
            if not np.isfinite(numbers).all():
                bad = values[~np.isfinite(numbers)]
                found = f"'{bad.iloc[0]}' for sample {bad.index[0]}"
                problems.append(
                    Problem(f"column '{column}' is configured as numeric and has other values", where, found)
                )
            data[column] = numbers
        else:
            data[column] = pd.Categorical(values, levels.get(column, list(values.unique())))
    if problems:
        raise ProblemsFound(problems)
    return pd.DataFrame(data, index=chosen.index)


def _typical(data: pd.DataFrame) -> pd.DataFrame:
    """One row with each category at its first level and each number at its mean."""
    row = {
        name: pd.Categorical([column.cat.categories[0]], column.cat.categories)
        if isinstance(column.dtype, pd.CategoricalDtype)
        else [column.mean()]
        for name, column in data.items()
    }
    return pd.DataFrame(row)


def _raise_if_not_estimable(design: Design, chosen: pd.DataFrame, contrast: Contrast, where: str) -> None:
    values = design.matrix.to_numpy()
    if np.linalg.matrix_rank(values) < values.shape[1]:
        raise ProblemsFound(_confounded(chosen, contrast, design.formula, where))
    if design.residual_degrees_of_freedom < 1:
        raise ProblemsFound(_saturated(design, where))


def _confounded(chosen: pd.DataFrame, contrast: Contrast, formula: str, where: str) -> Problem:
    for column in contrast.blocking:
        table = pd.crosstab(chosen[contrast.variable], chosen[column])
        if (table > 0).sum(axis=0).max() == 1:  # each of its levels stands in one group only
            found = "; ".join(f"{group}: {column} {listing(row.index[row > 0])}" for group, row in table.iterrows())
            what = f"'{column}' and '{contrast.variable}' are confounded: their effects cannot be told apart"
            hint = f"leave '{column}' out of the blocking and say so, or have it in both groups in the next experiment"
            hint = _as_a_number(chosen, column) or hint
            return Problem(what, where, found, hint)
    hint = "some columns of the design say the same; leave one of them out"
    return Problem("the columns of the design are confounded", where, formula, hint)


def _saturated(design: Design, where: str) -> Problem:
    n, p = design.matrix.shape
    what = "the model has as many coefficients as samples, so no variation is left to test against"
    named = [] if design.data is None else [_as_a_number(design.data, str(column)) for column in design.data]
    hint = next(filter(None, named), "leave out a blocking column")
    return Problem(what, where, f"{n} samples, {p} coefficients: {design.formula}", hint)


def _as_a_number(chosen: pd.DataFrame, column: str) -> str:
    """Return what to do where a column of numbers stands in a model as categories, else an empty text."""
    values = chosen[column].astype(str)
    if values.nunique() < 3 or not np.isfinite(pd.to_numeric(values, errors="coerce")).all():
        return ""
    if pd.api.types.is_numeric_dtype(chosen[column]):
        return ""
    n = values.nunique()
    return f"'{column}' holds numbers and is taken as {n} categories: say `numeric: [{column}]` of the study"
