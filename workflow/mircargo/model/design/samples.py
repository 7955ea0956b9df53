"""Which samples a contrast is about, with every reason why it cannot be asked of them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mircargo.config import Contrast
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal, shown


def contrast_samples(sheet: pd.DataFrame, contrast: Contrast, where: str) -> pd.DataFrame:
    """Choose the samples of a contrast: those of its subset in one of its two groups, or in any for a joint test.

    `where` is its key in the configuration, for messages.

    Raises
    ------
    ProblemsFound
        Where a column or a level does not exist, or a group has fewer than two samples.
    """
    pair = contrast.interaction
    problems = unknown_columns(sheet, [*contrast.subset, contrast.variable, *([pair.variable] if pair else [])], where)
    if problems:
        raise ProblemsFound(problems)
    chosen = sheet
    for column, values in contrast.subset.items():
        problems += _unknown_levels(sheet, column, values, [f"{where}.subset"] * len(values))
        chosen = chosen[chosen[column].isin(values)]
    if contrast.per_unit:
        if problems:
            raise ProblemsFound(problems)
        return _with_number(chosen, contrast, where)
    asked = [(where, contrast.variable, contrast.level, contrast.reference)]
    asked += [(f"{where}.interaction", pair.variable, pair.level, pair.reference)] if pair else []
    for key, column, *levels in asked:
        problems += _unknown_levels(sheet, column, levels, [f"{key}.level", f"{key}.reference"])
    if problems:
        raise ProblemsFound(problems)
    if pair is not None:
        chosen = chosen[chosen[pair.variable].isin([pair.level, pair.reference])]
    joint = contrast.reduced is not None
    taking_part = chosen[contrast.variable].isin([contrast.level, contrast.reference])
    chosen = chosen[chosen[contrast.variable].notna() if joint else taking_part]
    groups = [(f"'{value}'", chosen[contrast.variable] == value) for value in (contrast.level, contrast.reference)]
    if pair is not None:
        sides = [(side, chosen[pair.variable] == side) for side in (pair.level, pair.reference)]
        groups = [(f"{name} in '{side}'", inside & there) for side, there in sides for name, inside in groups]
    for name, inside in groups:
        members = chosen.index[inside]
        if len(members) < 2:
            found = f"{name} has {listing(members)}" if len(members) else f"no sample of {name} is in the subset"
            what = f"a group with {'one sample' if len(members) else 'no sample'} cannot be tested"
            hint = "one sample shows no variation; widen the subset or leave the contrast out"
            problems.append(Problem("group_too_small", what, where, found, hint, samples=tuple(members)))
    if problems:
        raise ProblemsFound(problems)
    return chosen


def _with_number(chosen: pd.DataFrame, contrast: Contrast, where: str) -> pd.DataFrame:
    """Choose the samples that have a number, of which a slope needs three and two different ones."""
    chosen = chosen[chosen[contrast.variable].notna()]
    numbers = pd.to_numeric(chosen[contrast.variable], errors="coerce")
    if not np.isfinite(numbers).all():
        sample = str(numbers.index[~np.isfinite(numbers)][0])
        what = f"column '{contrast.variable}' is configured as numeric and has other values"
        found = f"'{chosen.loc[sample, contrast.variable]}' for sample {sample}"
        hint = f"write finite numbers with a decimal point in the sheet, or take '{contrast.variable}' out of `numeric`"
        raise refusal("not_numeric", what, where, found, hint, samples=(sample,))
    if len(numbers) < 3 or numbers.nunique() < 2:
        found = f"{len(numbers)} samples with {numbers.nunique()} different values"
        hint = "a slope needs three samples and two different numbers; widen the subset or leave the contrast out"
        raise refusal("too_few_numbers", "a slope cannot be found in so few numbers", where, found, hint)
    return chosen


def unknown_columns(sheet: pd.DataFrame, columns: Sequence[str], where: str) -> list[Problem]:
    """List the columns that the sample sheet lacks."""
    what, lacking = "the sample sheet has no such column", [x for x in dict.fromkeys(columns) if x not in sheet]
    own = f"it has {listing(sheet.columns.drop('column', errors='ignore'), 15)}"
    hints = {column: f"{did_you_mean(column, sheet.columns)} {own}".strip() for column in lacking}
    problems = [Problem("no_such_column", what, where, shown(column), hint) for column, hint in hints.items()]
    if "sample" in lacking:  # the index of the sheet
        what, hint = "column 'sample' holds the names of the samples, which are no groups", f"name another; {own}"
        problems[lacking.index("sample")] = Problem("names_of_samples", what, where, "", hint)
    return problems


def _unknown_levels(sheet: pd.DataFrame, column: str, values: Sequence[str], where: Sequence[str]) -> list[Problem]:
    known, what = sheet[column].dropna().unique(), f"no sample has this value in column '{column}'"
    return [
        Problem("no_such_level", what, key, shown(x), f"{did_you_mean(x, known)} it has {listing(known, 12)}".strip())
        for x, key in zip(values, where, strict=True)
        if x not in known
    ]
