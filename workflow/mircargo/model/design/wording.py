"""What the coefficients of a design say, in words, and which samples the design does not tell apart."""

from typing import Any

import numpy as np

from mircargo.model.design.matrix import Design
from mircargo.model.design.names import Part, parts_of, tokens_of


def describe(design: Design) -> dict[str, Any]:
    """Describe a design for readers who do not read formulas.

    Where it was not made by `contrast_design` or `release_design`, names stand for words, and groups are empty.

    Returns
    -------
    dict
        `coefficients`: of each, `name` and `words`, for instance "injured against control". `rows`: the distinct rows
        of the matrix in order of first appearance, of each its `values` (one per coefficient), its `samples` and its
        `group`.
    """
    rows: dict[tuple[float, ...], list[str]] = {}
    for sample, values in zip(design.matrix.index, design.matrix.to_numpy(dtype=float), strict=True):
        rows.setdefault(tuple(map(float, values)), []).append(str(sample))
    named = zip(map(str, design.matrix), coefficient_words(design), strict=True)
    return {
        "coefficients": [{"name": name, "words": words} for name, words in named],
        "rows": [
            {"values": list(values), "samples": samples, "group": _group(design, samples[0])}
            for values, samples in rows.items()
        ],
    }


def coefficient_words(design: Design) -> list[str]:
    """Say of each coefficient, in order, what it measures; where that is not known, its name."""
    names = list(map(str, design.matrix.columns))
    if design.data is None:
        return names
    parts = [parts_of(name, tokens_of(design.data)) for name in names]
    words = []
    for name, own in zip(names, parts, strict=True):
        if name == "Intercept":
            words.append(_mean(design, {}, parts))
        elif own is None:
            words.append(name)
        elif all(part.level is not None and part.reference is None for part in own):
            words.append(_mean(design, {part.column: str(part.level) for part in own}, parts))
        else:
            words.append(_difference(design, own) + _held(design, own, parts))
    return words


def _group(design: Design, sample: str) -> str:
    if design.data is None:
        return ""
    held = design.asked.held if design.asked else {}
    values = (design.data.loc[sample, column] for column in (*held, *design.question))
    return " ".join(str(value) if isinstance(value, str) else f"{value:.12g}" for value in values)


def _named(design: Design, column: str, level: str) -> str:
    """Write a level: alone where the question is about its column, else with the column's name."""
    return level if column in design.question else f"{column} {level}"


def _difference(design: Design, parts: list[Part]) -> str:
    changes = [part for part in parts if part.level is None or part.reference is not None]
    # What is asked about is what differs; all else is where it differs.
    *others, main = sorted(
        changes, key=lambda part: design.question.index(part.column) if part.column in design.question else -1
    )
    if main.level is None:
        words = f"each unit of {main.column}"
    else:
        words = f"{_named(design, main.column, main.level)} against {main.reference}"
    if others:
        places = (
            f"with each unit of {part.column}"
            if part.level is None
            else f"in {_named(design, part.column, part.level)} from {part.reference}"
            for part in others
        )
        words = f"how {words} differs {', and this '.join(places)}"
    fixed = [part for part in parts if part.level and part not in changes]
    return words + _within([_named(design, part.column, str(part.level)) for part in fixed], [])


def _held(design: Design, own: list[Part], all_parts: list[list[Part] | None]) -> str:
    """Say at which levels of other columns a difference holds: those of its interactions, at their reference."""
    columns = {part.column for part in own}
    others = {
        part.column: part
        for parts in all_parts
        if parts is not None and columns < {part.column for part in parts}
        for part in parts
        if part.column not in columns
    }
    levels = [_named(design, name, part.reference) for name, part in others.items() if part.reference is not None]
    return _within(levels, [name for name, part in others.items() if part.level is None])


def _mean(design: Design, given: dict[str, str], all_parts: list[list[Part] | None]) -> str:
    """Say whose mean a coefficient is: the given levels, and the reference of whatever else the model holds."""
    parts = [part for found in all_parts for part in found or []]
    references = {part.column: part.reference for part in parts if part.reference is not None}
    levels = {**references, **_levels_at_intercept(design), **given} if not given else {**references, **given}
    asked = [levels.pop(column) for column in reversed(design.question) if column in levels]
    rest = [_named(design, column, level) for column, level in levels.items()]
    head, *places = [*asked, *rest] or ["all samples"]
    return f"mean of {head}" + _within(places, list(dict.fromkeys(p.column for p in parts if p.level is None)))


def _levels_at_intercept(design: Design) -> dict[str, str]:
    """Return the levels of the samples that only the intercept describes.

    A column that the blocking already holds has no coefficient, and the level of these samples need not be its
    reference.
    """
    data = design.data
    values = design.matrix.to_numpy(dtype=float)
    alone = (values == (design.matrix.columns == "Intercept")).all(axis=1)
    if data is None or not alone.any():
        return {}
    there = data.loc[design.matrix.index[np.flatnonzero(alone)]].select_dtypes("category").astype(str)
    return {str(column): str(levels.iloc[0]) for column, levels in there.items() if levels.nunique() == 1}


def _within(levels: list[str], numbers: list[str]) -> str:
    where = f" in {', '.join(levels)}" if levels else ""
    return where + (f" at {' and '.join(f'{name} 0' for name in numbers)}" if numbers else "")
