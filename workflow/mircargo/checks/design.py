"""Warnings about a design; an error where a sample would silently leave its group or is a fraction of its own."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mircargo.checks.contrasts import contrasts_with_samples
from mircargo.checks.spellings import misspelled_values, similar_columns, similar_values, values_used
from mircargo.config import Contrast, Study
from mircargo.model.design.matrix import group_of
from mircargo.model.normalisation.choice import Normalisation
from mircargo.problems import Problem, listing

MIN_DEPTH_RATIO = 2.0  # ratio of the geometric means of two groups' reads
MIN_GROUP_SIZE = 3  # samples in a group
MIN_SHARE_IN_LINE = 0.85  # share of samples in line with the groups, from which a column is nearly confounded


def design_warnings(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List warnings about a sample sheet and the contrasts that can be fitted."""
    compared = sheet.drop(columns=["column", "table", *study.numeric], errors="ignore")
    used = values_used(study)
    problems = similar_values(compared, study.samples, used)
    problems += similar_columns(sheet, [*used, *study.numeric], study.samples)
    problems += misspelled_values(sheet, study)
    for _, contrast, place, chosen in contrasts_with_samples(study, sheet, where):
        problems += repeated_subjects(chosen, contrast, study.subject, place)
        if not contrast.per_unit:
            problems += few_samples(chosen, contrast, place)
            problems += confounded_columns(chosen, contrast, [study.subject, *study.numeric], place)
    return problems


def fraction_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List contrasts of fractions, whose size factors are found over them; refuse a fraction for each sample."""
    if study.fraction not in sheet or not study.size_factors.within_fraction:
        return []
    own = sheet[study.fraction].dropna()
    if len(own) > 1 and own.nunique() == len(own):
        what = "each sample is a fraction of its own, so that no size factor can be found within fractions"
        hint = "name the column with the kind of sample (exosome, cell) under `fraction`, or `within_fraction: false`"
        found = f"column '{study.fraction}': {listing(own, 4)}"
        return [Problem("fraction_of_each_sample", what, f"{where}.fraction", found, hint)]
    how = Normalisation(sheet, study.size_factors, study.fraction)
    what = "this contrast compares fractions, so its size factors are found over them and not within each"
    hint = "fold changes are relative to the typical miRNA; spike-ins would show the change of the total"
    problems = []
    for _, contrast, place, chosen in contrasts_with_samples(study, sheet, where):
        if how.between(group_of(chosen, contrast)) is not how:
            found = f"{contrast.level} against {contrast.reference} of '{contrast.variable}'"
            problems.append(Problem("contrast_of_fractions", what, place, found, hint, "warning"))
    return problems


def few_samples(chosen: pd.DataFrame, contrast: Contrast, where: str) -> list[Problem]:
    """Say where a group has fewer than three samples."""
    sizes = chosen[contrast.variable].value_counts()
    few = {value: int(sizes[value]) for value in (contrast.level, contrast.reference) if sizes[value] < MIN_GROUP_SIZE}
    if contrast.interaction is not None:
        cells = chosen.groupby([contrast.interaction.variable, contrast.variable]).size()
        few = {" ".join(map(str, cell)): int(n) for cell, n in cells.items() if n < MIN_GROUP_SIZE}
    if not few:
        return []
    found = listing(f"'{value}' has {n}" for value, n in few.items())
    hint = "with two samples a group only large changes are found; read `inconclusive` as what it says"
    return [Problem("few_samples", "a group with fewer than three samples", where, found, hint, "warning")]


def repeated_subjects(chosen: pd.DataFrame, contrast: Contrast, subject: str, where: str) -> list[Problem]:
    """List subjects that stand twice in a group, or in both groups, while the model does not know it."""
    if subject not in chosen or _in_model(contrast, subject):
        return []
    per_group = pd.crosstab(chosen[subject], group_of(chosen, contrast))
    problems = []
    twice = per_group.index[(per_group > 1).any(axis=1)]
    both = per_group.index[(per_group > 0).all(axis=1)] if per_group.shape[1] > 1 else []
    if len(twice):
        found = listing(f"{subject} {each}: {listing(chosen.index[chosen[subject] == each], 4)}" for each in twice)
        what = f"a {subject} stands more than once in a group and counts as several replicates (pseudo-replication)"
        hint = f"add up the libraries of one {subject}, or keep one of them"
        hint += f"; `blocking: [{subject}]` helps only where each is in both groups"
        samples = tuple(chosen.index[chosen[subject].isin(twice)])
        problems.append(Problem("subject_twice_in_group", what, where, found, hint, "warning", samples))
    if len(both):
        what = f"a {subject} occurs in both groups and the model does not pair its samples"
        hint = f"say `blocking: [{subject}]` if its samples belong together"
        samples, found = tuple(chosen.index[chosen[subject].isin(both)]), f"{subject} {listing(both)}"
        problems.append(Problem("subject_in_both_groups", what, where, found, hint, "warning", samples))
    return problems


def confounded_columns(chosen: pd.DataFrame, contrast: Contrast, apart: Sequence[str], where: str) -> list[Problem]:
    """Name the columns that go, or nearly go, with the groups of a contrast although they are not in its model.

    Left out are columns with one value or with a value of its own for every sample, those of the subset, those
    whose values are words of the group's name (a leg `left` of a group `day_7_left`), and those `apart` (the
    subject, numbers).
    """
    groups = chosen[contrast.variable]
    within, nearly = [], []
    for column, values in chosen.drop(columns=["column", contrast.variable, *apart], errors="ignore").items():
        known = values.dropna()
        sizes = known.value_counts()
        if column in contrast.subset or _in_model(contrast, str(column)) or not 1 < len(sizes) < len(known):
            continue
        table = pd.crosstab(known, groups[known.index])
        if len(known) < len(groups) or sizes.min() < 2 or table.shape[1] < 2 or _restates(known, groups):
            continue
        in_line = table.max(axis=1).sum() / len(known)
        described = _levels_by_group(known, groups)
        if in_line == 1:
            within.append(f"{column} ({described})")
        elif in_line >= MIN_SHARE_IN_LINE and table.idxmax(axis=1).nunique() == 2:
            nearly.append(f"{column} ({described}; {round((1 - in_line) * len(known))} sample out of line)")
    if not within and not nearly:
        return []
    names = listing([*within, *nearly])
    what = (
        f"{'columns go' if len(within + nearly) > 1 else 'a column goes'} with the groups: what it does and what"
        f" '{contrast.variable}' does cannot be told apart"
    )
    hint = (
        f"no harm where it only says '{contrast.variable}' in other words; a batch, kit, cage or day that differs with"
        " the group is a second explanation of every change"
    )
    return [Problem("column_goes_with_groups", what, where, names, hint, "warning")]


def depth_with_group(counts: pd.DataFrame, chosen: pd.DataFrame, contrast: Contrast, where: str) -> list[Problem]:
    """Say where all libraries of one group are deeper than all of the other, and over 2-fold on average."""
    totals = counts[chosen.index].sum()
    if (totals == 0).any():
        return []
    parts = {value: totals[chosen[contrast.variable] == value] for value in (contrast.level, contrast.reference)}
    shallow, deep = sorted(parts, key=lambda value: float(np.log(parts[value]).mean()))
    ratio = float(np.exp(np.log(parts[deep]).mean() - np.log(parts[shallow]).mean()))
    if parts[shallow].max() >= parts[deep].min() or ratio <= MIN_DEPTH_RATIO:
        return []
    spans = [f"'{value}' {parts[value].min():,} to {parts[value].max():,} reads" for value in (deep, shallow)]
    what = "sequencing depth is confounded with the groups: every library of one is deeper than every one of the other"
    hint = (
        f"rare features are seen in '{deep}' only because it is deeper; trust changes of abundant ones, and give"
        " similar depths to both groups in the next experiment"
    )
    found = f"{'; '.join(spans)}; {ratio:.1f}-fold on average"
    return [Problem("depth_goes_with_groups", what, where, found, hint, "warning")]


def _in_model(contrast: Contrast, column: str) -> bool:
    words = re.findall(r"`([^`]+)`|([A-Za-z_][A-Za-z0-9_.]*)", contrast.design or "")
    return column in contrast.blocking or any(column in word for word in words)


def _words(text: object) -> set[str]:
    return set(re.findall(r"[a-z]+|\d+", str(text).lower()))


def _restates(values: pd.Series, groups: pd.Series) -> bool:
    """Whether every value is made of words of the name of the group that it stands in."""
    pairs = set(zip(values, groups[values.index], strict=True))
    return all(_words(value) and _words(value) <= _words(group) for value, group in pairs)


def _levels_by_group(values: pd.Series, groups: pd.Series) -> str:
    aligned = groups[values.index]
    return "; ".join(f"{group}: {listing(values[aligned == group].unique(), 4)}" for group in aligned.unique())
