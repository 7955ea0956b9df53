"""Values and columns of the sample sheet that may be one, spelled in two ways."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import groupby

import pandas as pd

from mircargo.config import Contrast, Study
from mircargo.problems import Problem, Severity, latin, listing

MIN_SIMILARITY = 0.8  # of the letters, by difflib
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


def similar_values(sheet: pd.DataFrame, path: str, used: Mapping[str, Collection[str]] | None = None) -> list[Problem]:
    """List values of a column that differ only in case, spaces, punctuation or how a number is written.

    They are an error in a column of `used`, where a sample would leave its group in silence, unless the study names
    each of them.
    """
    problems = []
    for column, values in sheet.items():
        for plain, near in _alike(values.dropna().unique()):
            named = None if used is None else used.get(str(column))
            if not plain or (named is not None and set(near) <= set(named)):
                continue
            found = listing(f"{_shown(value)} ({int((values == value).sum())} samples)" for value in near)
            what = "values that differ only in case, spaces or punctuation are taken as different"
            if _number(near[0]):
                what = "values that are the same number, written in different ways, are taken as different"
            elif any(not value.isascii() for value in near):
                what = "values that look alike and are written with different signs are taken as different"
            hint = "write them alike if they mean the same"
            if named is not None:
                hint += "; if they do not, give them names that differ by more than that"
            severity: Severity = "warning" if named is None else "error"
            problems.append(Problem("similar_values", what, f"{path}, column '{column}'", found, hint, severity))
    return problems


def _levels(contrast: Contrast) -> tuple[str, ...]:
    """Return the values that a contrast names; of a number it names where its slope runs from and to."""
    return () if contrast.per_unit else (contrast.level, contrast.reference)


def values_used(study: Study) -> dict[str, set[str]]:
    """Return the columns of the sheet whose values a study uses, each with those that it names."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    used |= {study.fraction: set(study.blood_derived), study.subject: set()}
    for contrast in study.contrasts.values():
        used[contrast.variable].update(_levels(contrast))
        for column, values in [*contrast.subset.items(), *((column, ()) for column in contrast.blocking)]:
            used[column].update(values)
    for comparison in study.comparisons.values():
        for column in (comparison.fraction, *comparison.blocking):
            used[column].update()
    return dict(used)


def misspelled_values(sheet: pd.DataFrame, study: Study) -> list[Problem]:
    """List values that a single sample has, that no contrast names, and that are spelled almost like one that is named.

    Numbers must agree: `day1` is no slip for `day7`.
    """
    levels_of: defaultdict[str, set[str]] = defaultdict(set)
    for contrast in study.contrasts.values():
        levels_of[contrast.variable].update(_levels(contrast))
    problems = []
    for column, levels in levels_of.items():
        values = sheet[column].dropna().astype(str) if column in sheet else pd.Series(dtype=str)
        counted = values.value_counts()
        for value in counted.index[counted == 1].difference(list(levels)):
            same_numbers = [level for level in sorted(levels) if re.findall(r"\d+", level) == re.findall(r"\d+", value)]
            near = difflib.get_close_matches(value, same_numbers, n=1, cutoff=MIN_SIMILARITY)
            if near:
                found = f"'{value}' of sample {values.index[values == value][0]}"
                what = "a value that is in no contrast nearly spells one that is"
                hint = f"if '{near[0]}' is meant, correct it: the sample is left out of every contrast"
                where = f"{study.samples}, column '{column}'"
                problems.append(Problem("nearly_a_level", what, where, found, hint, "warning"))
    return problems


def similar_columns(sheet: pd.DataFrame, used: Collection[str], path: str) -> list[Problem]:
    """List columns that differ only in case, spaces or punctuation from one that the study uses."""
    problems = []
    for _, near in _alike(sheet.columns):
        named = [column for column in near if column in used]
        if named:
            others = [column for column in near if column not in named]
            found = f"'{named[0]}' is used, {listing(map(repr, others or named[1:]))} is there too"
            what = "columns whose names differ only in case, spaces or punctuation"
            hint = "take one of them out, or rename it"
            problems.append(Problem("similar_columns", what, path, found, hint, "warning"))
    return problems


def _alike(texts: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return the texts of which several are the same but for case, spaces, punctuation and how a number is written.

    Signs count, and so do points and dashes before a digit where a number begins (`1.5` is not `15`).
    """
    ordered = sorted(map(str, texts), key=lambda text: (_plain(text), text))
    grouped = [(key, list(group)) for key, group in groupby(ordered, _plain)]
    return [(key, group) for key, group in grouped if len(group) > 1]


def _plain(text: str) -> str:
    lowered = "".join(sign for sign in latin(str(text)) if unicodedata.category(sign) != "Cf").strip()
    number = _number(lowered)
    if number:
        return number
    if re.fullmatch(r"[-+]?[\d.,]+", lowered):
        return lowered
    lowered = re.sub(r"(?<![\d.,])0+(?=\d)", "", lowered)  # day01 is day1
    return re.sub(r"[^\w+]|_|(?<=\w)\+(?=\w)", "", re.sub(r"(?<=\d)[.,](?=\d)", "p", lowered))


def _number(text: str) -> str:
    """Return a number in one spelling, with its sign where it has one; '' for what is none."""
    written = unicodedata.normalize("NFKC", text.casefold()).strip()
    if _THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(written):
        written = written.replace(",", ".")
    if not _NUMBER.fullmatch(written):
        return ""
    try:
        value = Decimal(written)
    except InvalidOperation:
        return ""
    sign = "+" if written.startswith("+") and value else ""
    return f"{sign}{value.normalize() + 0:f}" if abs(value.adjusted()) < 100 else ""


def _shown(value: str) -> str:
    """Write a value so that signs which look like others, or like nothing, are seen."""
    return f"'{value}'" if value.isascii() and value == value.strip() else f"'{value}' ({ascii(value)[1:-1]})"
