"""Each sample left out in turn; of many samples, blocks of them."""

from dataclasses import replace
from functools import partial
from typing import Final

import pandas as pd

from mircargo.config import Study, Thresholds
from mircargo.problems import listing
from mircargo.robustness.kind import BaseFit, Facts, Kind, Variant
from mircargo.robustness.leave_out import blocks, units, without

MOST_IN_TURN: Final = 100  # samples that are left out in turn; of more, blocks are
N_BLOCKS: Final = 10


def samples_left_out(question: BaseFit, most_in_turn: int = MOST_IN_TURN) -> list[Variant]:
    """Leave out each sample in turn, with those that mean nothing without it.

    With more samples than `most_in_turn`, blocks of them are left out instead, of which each sample is in one.
    """
    if len(question.design.matrix) <= most_in_turn:
        return [
            Variant(_name(unit, question), "sample", partial(_refit, question, unit), unit)
            for unit in units(question.design)
        ]
    every = blocks(question.design, question.groups, N_BLOCKS)
    return [
        Variant(
            f"without block {number} of {len(every)} ({len(block):,} samples)", "sample",
            partial(_refit, question, block), block, block=True,
        )
        for number, block in enumerate(every, 1)
    ]  # fmt: skip


def _refit(question: BaseFit, left_out: tuple[str, ...]) -> pd.DataFrame:
    return replace(question, design=without(question.design, left_out, question.groups)).refit()


def _name(unit: tuple[str, ...], question: BaseFit) -> str:
    """Name samples that are left out together: by the column of the sheet that holds them together, if one does."""
    if len(unit) == 1:
        return f"without sample {unit[0]}"
    rows = question.sheet.loc[list(question.design.matrix.index)].drop(columns="column", errors="ignore")
    shared = [column for column in rows if rows[column].notna().all() and rows.loc[list(unit), column].nunique() == 1]
    exact = [column for column in shared if (rows[column] == rows.at[unit[0], column]).sum() == len(unit)]
    # The blocking first: another column may happen to say the same of these samples.
    for column in sorted(exact, key=lambda column: column not in question.design.formula):
        return f"without {column} {rows.at[unit[0], column]}"
    return f"without samples {listing(unit)}"


def _methods(study: Study, thresholds: Thresholds, facts: Facts) -> str:
    largest = max(sum(fact["groups"].values()) for fact in facts.values())
    in_blocks = (
        f" (in contrasts of more than {MOST_IN_TURN} samples, without each of {N_BLOCKS} blocks of them, drawn by lot)"
        if largest > MOST_IN_TURN
        else ""
    )
    return (
        f"without each sample in turn{in_blocks} (without each pair, where one sample means nothing without the other)"
    )


KIND = Kind(
    name="sample",
    order=1,
    heading="Left out",
    variants=samples_left_out,
    methods=_methods,
    phrase="{}",
    heading_says=("without sample ", "without "),
)
