"""Columns of the sample sheet, and fractions, that a study names by keys of their own and that are not there."""

import pandas as pd

from mircargo.config import Contrast, Study
from mircargo.model.design.samples import unknown_columns
from mircargo.problems import Problem, did_you_mean, listing

BY_DEFAULT = {key: str(Study.model_fields[key].default) for key in ("fraction", "subject")}
"""Keys of columns that a sheet need not have, unless they are named otherwise."""


def column_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List columns and fractions that are named and not there, so that they would be left out of account in silence."""
    problems = []
    for key, default in BY_DEFAULT.items():
        named = getattr(study, key)
        if named != default:
            problems += unknown_columns(sheet, [named], f"{where}.{key}")
        elif named not in sheet:
            problems += [_nearly(key, column, where) for column in sheet if str(column).casefold() == named]
    for name, comparison in study.comparisons.items():
        if comparison.subject not in (None, study.subject):
            problems += unknown_columns(sheet, [str(comparison.subject)], f"{where}.comparisons.{name}.subject")
    return [*problems, *_no_fractions(study, sheet, where), *_no_numbers(study, sheet, where)]


def _nearly(key: str, column: object, where: str) -> Problem:
    what = f"the sheet's column '{column}' is not taken for the {key}"
    hint = f"write `{key}: {column}` under the study, or rename the column to `{key}`"
    return Problem("column_not_used", what, f"{where}.{key}", "", hint, "warning")


def _no_fractions(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List fractions under `blood_derived` that no sample has."""
    if study.fraction not in sheet:
        if not study.blood_derived or study.fraction != BY_DEFAULT["fraction"]:
            return []  # the column that is named has its own problem
        what, hint = (
            "`blood_derived` names fractions, and the sheet has no column of fractions",
            "add a column `fraction`",
        )
        hint += ", or name the one that there is under `fraction`"
        return [Problem("no_such_column", what, f"{where}.blood_derived", "", hint)]
    known = sheet[study.fraction].dropna().unique()
    what, own = f"no sample has this value in column '{study.fraction}'", f"it has {listing(known, 12)}"
    return [
        Problem("no_such_level", what, f"{where}.blood_derived", f"'{x}'", f"{did_you_mean(x, known)} {own}".strip())
        for x in study.blood_derived
        if x not in known
    ]


def _no_numbers(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List columns under `numeric` that are not there, or hold text and are in no contrast, which would say so."""
    problems = []
    for column in study.numeric:
        if column not in sheet:
            problems += unknown_columns(sheet, [column], f"{where}.numeric")
            continue
        known = sheet[column].dropna()
        used = any(_names(contrast, column) for contrast in study.contrasts.values())
        if len(known) and not used and pd.to_numeric(known, errors="coerce").isna().all():
            what = f"column '{column}' is configured as numeric and holds no number"
            hint = f"take '{column}' out of `numeric`"
            problems.append(Problem("not_numeric", what, f"{where}.numeric", listing(known.unique(), 4), hint))
    return problems


def _names(contrast: Contrast, column: str) -> bool:
    return column == contrast.variable or column in contrast.blocking or column in (contrast.design or "")
