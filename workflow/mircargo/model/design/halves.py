"""Two halves of the samples of a contrast: by chance, or by a column of the sheet."""

from typing import Final

import numpy as np
import pandas as pd

from mircargo.config import Contrast
from mircargo.model.design.samples import contrast_samples
from mircargo.problems import did_you_mean, listing, refusal, shown

RANDOM: Final = "random"
FEWEST: Final = 2  # samples of a group in each half
SEED: Final = 1
NAMES: Final = ("first half", "second half")


def halves_of(sheet: pd.DataFrame, contrast: Contrast, by: str, subject: str, where: str) -> dict[str, pd.Index]:
    """Return the samples of each half, by what people call it.

    Parameters
    ----------
    by
        `random`, or a column of the sheet that has two values in the contrast.
    subject
        Column of the sheet with the animal: its samples stay together in random halves.
    where
        What is halved, for messages.

    Raises
    ------
    ProblemsFound
        Where the column is none of the sheet or has not two values, or a half has fewer than two samples of a group.
    """
    chosen = contrast_samples(sheet, contrast, where)
    if by == RANDOM:
        half = _dealt(chosen, contrast.variable, subject)
        names = NAMES
    else:
        values = sorted(map(str, chosen[by].dropna().unique())) if by in chosen else []
        if len(values) != 2:
            found = listing(values) if values else "no cell of it is filled"
            found = found if by in chosen else "no such column"
            what = f"halves by {shown(by)} need a column of the sheet with two values"
            columns = [*sheet.columns.drop(["column", "table"], errors="ignore"), RANDOM]
            meant = did_you_mean(by, columns) if by not in chosen else ""
            hint = f"{meant} name another column under `halves`, or `random`"
            raise refusal("halves_need_two_values", what, where, found, hint.strip())
        half = chosen[by].map(lambda value: values.index(str(value)) if pd.notna(value) else -1)
        names = (f"{by} {values[0]}", f"{by} {values[1]}")
    groups = chosen[contrast.variable]
    sizes = pd.crosstab(half, groups).reindex(index=[0, 1], fill_value=0)
    compared = [contrast.reference, contrast.level]
    if contrast.per_unit or sizes.reindex(columns=compared, fill_value=0).to_numpy().min() < FEWEST:
        counted = sizes.reindex(columns=groups.value_counts().index).set_axis(names)
        found = "; ".join(
            f"{name}: " + ", ".join(f"{n} {group}" for group, n in row.items()) for name, row in counted.iterrows()
        )
        what = f"each half needs {FEWEST} samples of each group"
        raise refusal("halves_too_small", what, where, found, "leave out `halves`")
    return {name: half.index[half == place] for place, name in enumerate(names)}


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
