"""What a table that has samples in rows says of them beside their counts: groups, sex, batch, subject."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from mircargo.init.accession.characteristics import MISSING, column_name, facts_in, groups_in
from mircargo.init.groups import group_sizes, references
from mircargo.init.guess import Guess
from mircargo.inputs.raw import RawTable
from mircargo.problems import listing


def guess_from_columns(guess: Guess, tables: Sequence[RawTable]) -> Guess:
    """Take groups, facts and further columns of the sheet from the tables' columns about samples, where there are any.

    Parameters
    ----------
    guess
        From the names of the samples; what no column says stays as it is there.
    tables
        As read.
    """
    columns = _columns(guess, tables)
    if not columns:
        return guess
    stated = facts_in(columns)
    used = {name for name, _ in stated.values()}
    fractions = (stated["fraction"][1] if "fraction" in stated else guess.column("fraction")) or [""] * len(
        guess.samples
    )
    grouping = groups_in({name: values for name, values in columns.items() if name not in used}, fractions)
    further = [name for name in columns if name not in {*used, *(grouping.columns if grouping else ())}]
    samples = []
    for number, sample in enumerate(guess.samples):
        facts = {fact: values[number] for fact, (_, values) in stated.items()}
        facts |= {name: columns[name][number] for name in further}
        group = grouping.groups[number] if grouping else sample.group
        samples.append(replace(sample, facts=sample.facts | facts, group=group))
    notes = [f"GUESSED: {fact} is the table's column `{name}`" for fact, (name, _) in stated.items()]
    if further:
        notes.append(f"the sheet has the table's columns {listing(further)} as well")
    if not grouping:
        return replace(guess, samples=samples, notes=[*guess.notes, *notes], further=tuple(further))
    names = " and ".join(f"`{name.removeprefix('given_')}`" for name in grouping.columns)
    notes.insert(0, f"GUESSED: groups are the table's column{'s' if len(grouping.columns) > 1 else ''} {names}")
    found = references(group_sizes(grouping.groups, fractions))
    kept = [note for note in guess.notes if note != guess.pairing and "groups" not in note]
    return Guess(samples, *found, [*kept, *notes], further=tuple(further))


def _columns(guess: Guess, tables: Sequence[RawTable]) -> dict[str, list[str]]:
    """Return the columns that tell samples apart: the value of each sample, `NA` where its table has none."""
    about = {table.path: table.about for table in tables if table.about is not None}
    frames = [about[each.table].loc[each.column] if each.table in about else pd.Series(dtype=str)
              for each in guess.samples]  # fmt: skip
    columns: dict[str, list[str]] = {}
    for header in dict.fromkeys(name for frame in frames for name in frame.index):
        values = [str(frame.get(header, "")).strip() or MISSING for frame in frames]
        if len(set(values)) > 1:
            columns.setdefault(column_name(header), values)
    return columns
