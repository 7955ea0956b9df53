"""What a contrast asks of its model: weights of coefficients, the samples that they compare, and the same in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from mircargo.config import Contrast
from mircargo.model.design.formula import Expanded

MOST_ELSEWHERE = 6
Term = Literal["difference", "interaction", "slope"]


@dataclass(frozen=True)
class Asked:
    """What is asked, with the samples that it is asked of."""

    contrast: Contrast
    # Columns whose levels the model lets differ in what is asked, and the level at which it is asked.
    held: dict[str, str] = field(default_factory=dict)
    # Numbers with which the model lets it change, and where it is asked: at their mean.
    at: dict[str, float] = field(default_factory=dict)
    # Samples of each group that is compared: `level` and `reference`, of an interaction those of each of its sides.
    n: tuple[int, ...] = ()
    n_samples: int = 0  # samples of the model
    span: tuple[float, float] = (0.0, 0.0)  # smallest and largest number of the variable, where the contrast is a slope
    # The other columns of the model: those of which each level has samples of both groups, and all others.
    within: tuple[str, ...] = ()
    adjusted_for: tuple[str, ...] = ()
    # The same question at the other levels of `held`: where, and its weights.
    elsewhere: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def term(self) -> Term:
        if self.contrast.per_unit:
            return "slope"
        return "interaction" if self.contrast.interaction else "difference"

    @property
    def width(self) -> float:
        """By how much a fold change of one unit is multiplied over all that is asked: 1 where it is of two groups."""
        return self.span[1] - self.span[0] if self.term == "slope" else 1.0

    @property
    def samples(self) -> str:
        """How many samples are compared, and what is taken out of the difference."""
        if self.term == "slope":
            low, high = self.span
            text = f"over {self.n_samples:,} samples from {low:g} to {high:g}"
        elif self.contrast.interaction is not None:
            pair, words = self.contrast.interaction, "{:,} against {:,} samples in {} and {:,} against {:,} in {}"
            text = words.format(*self.n[:2], pair.level, *self.n[2:], pair.reference)
        else:
            text = "{:,} against {:,} samples".format(*self.n)
        taken_out = {"within": self.within, "adjusted for": self.adjusted_for}
        return ", ".join([text, *(f"{how} {' and '.join(names)}" for how, names in taken_out.items() if names)])

    @property
    def words(self) -> str:
        """The question in a line: level, reference, where, samples."""
        return f"{place(self.contrast, self.held, self.at)}, {self.samples}"

    def facts(self, coefficients: Mapping[str, float]) -> dict[str, Any]:
        """Return what stands of it in `differential/{contrast}.json`; `coefficients` are the contrast's weights."""
        contrast, pair = self.contrast, self.contrast.interaction
        return {
            "term": self.term,
            "coefficients": [name for name, weight in coefficients.items() if weight],
            "variable": contrast.variable,
            "level": contrast.level,
            "reference": contrast.reference,
            "interaction": pair.model_dump() if pair else None,
            "where": self.held,
            "at": self.at,
            "n_level": self.n[0] if self.n else None,
            "n_reference": self.n[1] if self.n else None,
            "n_samples": self.n_samples,
            "width": self.width,
            "within": list(self.within),
            "adjusted_for": list(self.adjusted_for),
            "elsewhere": list(self.elsewhere),
            "place": place(contrast, self.held, self.at),
            "samples": self.samples,
            "words": self.words,
        }


def place(contrast: Contrast, held: Mapping[str, str], at: Mapping[str, float]) -> str:
    """Say in which samples what is compared with what, for instance `geno wt, snl against sham`."""
    where = within_subset(contrast)
    where += [f"{column} {level}" for column, level in held.items()]
    means = "".join(f" at {column} {value:.4g} (the mean)" for column, value in at.items())
    if contrast.per_unit:
        back = float(contrast.level) < float(contrast.reference)
        return ", ".join([*where, f"{'each unit less' if back else 'each unit'} of {contrast.variable}{means}"])
    pair, change = contrast.interaction, f"{contrast.level} against {contrast.reference}{means}"
    if pair is None:
        return ", ".join([*where, change])
    return ", ".join([*where, f"{pair.variable} {pair.level} relative to {pair.variable} {pair.reference}", change])


def within_subset(contrast: Contrast) -> list[str]:
    """Say which samples a subset chooses; levels of what is compared go without saying."""
    compared = {contrast.variable, *([contrast.interaction.variable] if contrast.interaction else [])}
    return [" or ".join(values) for column, values in contrast.subset.items() if column not in compared]


def weights(expanded: Expanded, data: pd.DataFrame, contrast: Contrast, at: Mapping[str, Any] | None = None) -> Any:
    """Weigh the coefficients of a model so that their sum is what the contrast asks.

    All weights are 0 where the model holds nothing of it. `at` are values of other columns to ask it at; by default the
    first level of a category, the mean of a number.
    """
    ends = [(sign, {**(at or {}), **values}) for sign, values in _ends(data, contrast)]
    rows = pd.concat([_typical(data, values) for _, values in ends], ignore_index=True)
    for name, column in data.items():
        if isinstance(column.dtype, pd.CategoricalDtype):
            rows[name] = pd.Categorical(rows[name], column.cat.categories)
    return np.array([sign for sign, _ in ends]) @ expanded.rows_of(rows)


def ask(expanded: Expanded, data: pd.DataFrame, contrast: Contrast, sheet: pd.DataFrame) -> Asked:
    """Find where what a contrast asks holds, and how many samples it compares.

    Parameters
    ----------
    sheet
        The samples of the contrast, with the columns of the sheet.
    """
    base = weights(expanded, data, contrast)
    held: dict[str, str] = {}
    at: dict[str, float] = {}
    elsewhere: dict[str, np.ndarray] = {}
    others: list[str] = []
    for name in map(str, data):
        values, pair = data[name], contrast.interaction
        if name in (contrast.variable, pair and pair.variable):
            continue
        number = not isinstance(values.dtype, pd.CategoricalDtype)
        first, *rest = [values.mean(), values.mean() + 1] if number else map(str, values.cat.categories)
        found = {level: weights(expanded, data, contrast, {name: level}) for level in rest}
        if all(np.allclose(weighed, base) for weighed in found.values()):
            others.append(name)
        elif number:
            at[name] = float(first)
        else:
            held[name] = first
            elsewhere |= {f"{name} {level}": weighed for level, weighed in found.items()}
    chosen = sheet[[all(row[name] == level for name, level in held.items()) for _, row in sheet.iterrows()]]
    within = [name for name in others if _has_both_everywhere(chosen, name, contrast, data)]
    numbers = data[contrast.variable] if contrast.per_unit else pd.Series([0.0])
    return Asked(
        contrast,
        held,
        at,
        _counted(chosen, contrast),
        len(sheet),
        (float(numbers.min()), float(numbers.max())),
        tuple(within),
        tuple(name for name in others if name not in within),
        dict(list(elsewhere.items())[:MOST_ELSEWHERE]),
    )


def _ends(data: pd.DataFrame, contrast: Contrast) -> list[tuple[float, dict[str, Any]]]:
    """List the ends of what is asked, each with its sign; columns that the model lacks have no part in it."""
    variable, pair = contrast.variable, contrast.interaction
    if contrast.per_unit:
        middle = float(data[variable].mean()) if variable in data else 0.0
        sign = 1.0 if float(contrast.level) > float(contrast.reference) else -1.0
        return [(sign, {variable: middle + 1}), (-sign, {variable: middle})]
    ends: list[tuple[float, dict[str, Any]]] = [
        (1.0, {variable: contrast.level}),
        (-1.0, {variable: contrast.reference}),
    ]
    if pair is None:
        return ends
    sides = [(1.0, pair.level), (-1.0, pair.reference)]
    return [(side * sign, {**values, pair.variable: level}) for side, level in sides for sign, values in ends]


def _typical(data: pd.DataFrame, values: Mapping[str, Any]) -> pd.DataFrame:
    """One row with each category at its first level and each number at its mean, but for the values given."""
    categories = data.select_dtypes("category")
    row = {name: column.cat.categories[0] if name in categories else column.mean() for name, column in data.items()}
    return pd.DataFrame([row | {name: value for name, value in values.items() if name in data}], columns=data.columns)


def _counted(chosen: pd.DataFrame, contrast: Contrast) -> tuple[int, ...]:
    if contrast.per_unit:
        return ()
    pair = contrast.interaction
    sides = [chosen[pair.variable] == level for level in (pair.level, pair.reference)] if pair else [True]
    groups = [chosen[contrast.variable] == level for level in (contrast.level, contrast.reference)]
    return tuple(int((side & group).sum()) for side in sides for group in groups)


def _has_both_everywhere(chosen: pd.DataFrame, column: str, contrast: Contrast, data: pd.DataFrame) -> bool:
    if contrast.per_unit or not isinstance(data[column].dtype, pd.CategoricalDtype):
        return False
    table = pd.crosstab(chosen[column], chosen[contrast.variable])
    return bool((table.reindex(columns=[contrast.level, contrast.reference], fill_value=0) > 0).all(axis=None))
