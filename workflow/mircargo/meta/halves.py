"""Two halves of a contrast: fitted each by itself, to see how many calls of one the other repeats."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from mircargo.analysis import Question
from mircargo.meta.replication import compare, of_pair
from mircargo.model.design.samples import contrast_samples
from mircargo.problems import ProblemsFound, listing, refusal

RANDOM: Final = "random"
FEWEST: Final = 2  # samples of a group in each half
SEED: Final = 1
NAMES: Final = ("first half", "second half")


def replication_of_halves(question: Question, study: str, by: str, subject: str) -> list[dict[str, object]]:
    """Return the rows of `results/meta/{meta}/replication.tsv` of the halves of a contrast, both ways.

    A contrast that cannot be halved, or of which a half cannot be fitted, has one row whose sentence says why.

    Parameters
    ----------
    question
        The contrast.
    study
        Its study.
    by
        `random`, or a column of the sheet that has two values in the contrast.
    subject
        Column of the sheet with the animal: its samples stay together in random halves.
    """
    name, label = f"{study}.{question.name}", question.contrast.title or f"{study}.{question.name}"
    try:
        halves = halved(question, by, subject)
        fits = [each.fit().results.set_index("feature", drop=False) for each in halves.values()]
    except ProblemsFound as error:
        why = "; ".join(": ".join(filter(None, [each.what, each.found])) for each in error.problems)
        return [{"from_contrast": name, "in_contrast": name, "sentence": f"{label} cannot be halved: {why}."}]
    rows = []
    for first, second in ((0, 1), (1, 0)):
        names = [f"{tuple(halves)[place]} of {name}" for place in (first, second)]
        labels = [f"{tuple(halves)[place]} of {label}" for place in (first, second)]
        found = compare(fits[first], fits[second], (labels[0], labels[1]), question.thresholds.alpha)
        rows += of_pair(found, names[0], names[1])
    return rows


def halved(question: Question, by: str, subject: str) -> dict[str, Question]:
    """Return the question of each half, by what people call it.

    Raises
    ------
    ProblemsFound
        Where the column is none of the sheet or has not two values, or a half has fewer than two samples of a group.
    """
    where = f"contrast '{question.name}'"
    chosen = contrast_samples(question.data.sheet, question.contrast, where)
    if by == RANDOM:
        half = _dealt(chosen, question.contrast.variable, subject)
        names = NAMES
    else:
        values = sorted(map(str, chosen[by].dropna().unique())) if by in chosen else []
        if len(values) != 2:
            found = f"{listing(values)}" if values else "no such column, or none of its cells is filled"
            what = f"halves by '{by}' need a column of the sheet with two values"
            raise refusal("halves_need_two_values", what, where, found, "name another column under `halves`")
        half = chosen[by].map(lambda value: values.index(str(value)) if pd.notna(value) else -1)
        names = (f"{by} {values[0]}", f"{by} {values[1]}")
    groups = chosen[question.contrast.variable]
    sizes = pd.crosstab(half, groups).reindex(index=[0, 1], fill_value=0)
    compared = [question.contrast.reference, question.contrast.level]
    if question.contrast.per_unit or sizes.reindex(columns=compared, fill_value=0).to_numpy().min() < FEWEST:
        found = ", ".join(f"{n} {group}" for group, n in groups.value_counts().items())
        what = f"each half needs {FEWEST} samples of each group"
        raise refusal("halves_too_small", what, where, found, "leave out `halves`")
    return {
        name: replace(question, data=replace(question.data, sheet=question.data.sheet.loc[half.index[half == place]]))
        for place, name in enumerate(names)
    }


def _dealt(chosen: pd.DataFrame, variable: str, subject: str) -> "pd.Series[int]":
    """Deal the animals at random to two halves, those of each group (or with samples of several groups) by turns."""
    named = subject in chosen and chosen[subject].notna().all()
    unit = chosen[subject].astype(str) if named else pd.Series(chosen.index, chosen.index)
    kinds = chosen.groupby(unit, sort=False)[variable].agg(lambda groups: "|".join(sorted(set(map(str, groups)))))
    rng = np.random.default_rng(SEED)
    half: dict[str, int] = {}
    for _, own in kinds.groupby(kinds, sort=True):
        half |= {each: place % 2 for place, each in enumerate(rng.permutation(own.index.to_numpy(dtype=object)))}
    return unit.map(half).astype(int)
