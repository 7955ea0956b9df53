"""Which samples a contrast is about, with every reason why it cannot be asked of them."""

from collections.abc import Sequence

import pandas as pd

from mircargo.config import Contrast
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing


def contrast_samples(sheet: pd.DataFrame, contrast: Contrast, where: str) -> pd.DataFrame:
    """Choose the samples of a contrast: those of its subset in one of its two groups, or in any for a joint test.

    Parameters
    ----------
    sheet
        Samples x columns, as `read_sheet` gives them.
    contrast
        The question.
    where
        Its key in the configuration, for messages.

    Raises
    ------
    ProblemsFound
        Where a column or a level does not exist, or a group has fewer than two samples.
    """
    problems = unknown_columns(sheet, [*contrast.subset, contrast.variable], where)
    if problems:
        raise ProblemsFound(problems)
    chosen = sheet
    for column, values in contrast.subset.items():
        for value in values:
            if value not in set(sheet[column]):
                problems.append(_unknown_level(sheet, column, value, f"{where}.subset"))
        chosen = chosen[chosen[column].isin(values)]
    for role in ("level", "reference"):
        value = getattr(contrast, role)
        if value not in set(sheet[contrast.variable]):
            problems.append(_unknown_level(sheet, contrast.variable, value, f"{where}.{role}"))
    if problems:
        raise ProblemsFound(problems)
    joint = contrast.reduced is not None
    taking_part = chosen[contrast.variable].isin([contrast.level, contrast.reference])
    chosen = chosen[chosen[contrast.variable].notna() if joint else taking_part]
    for value in (contrast.level, contrast.reference):
        members = chosen.index[chosen[contrast.variable] == value]
        if len(members) < 2:
            found = f"'{value}' has {listing(members)}" if len(members) else f"no sample of '{value}' is in the subset"
            what = f"a group with {'one sample' if len(members) else 'no sample'} cannot be tested"
            hint = "one sample shows no variation; widen the subset or leave the contrast out"
            problems.append(Problem(what, where, found, hint))
    if problems:
        raise ProblemsFound(problems)
    return chosen


def unknown_columns(sheet: pd.DataFrame, columns: Sequence[str], where: str) -> list[Problem]:
    """List the columns that the sample sheet lacks."""
    return [
        Problem(
            "the sample sheet has no such column",
            where,
            f"'{column}'",
            " ".join(
                filter(
                    None,
                    [
                        did_you_mean(column, sheet.columns),
                        f"it has {listing(sheet.columns.drop('column', errors='ignore'), 15)}",
                    ],
                )
            ),
        )
        for column in dict.fromkeys(columns)
        if column not in sheet
    ]


def _unknown_level(sheet: pd.DataFrame, column: str, value: str, where: str) -> Problem:
    known = sheet[column].dropna().unique()
    hint = " ".join(filter(None, [did_you_mean(value, known), f"it has {listing(known, 12)}"]))
    return Problem(f"no sample has this value in column '{column}'", where, f"'{value}'", hint)
