"""Which column of which table is which sample of the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mircargo.problems import Problem, did_you_mean, listing

if TYPE_CHECKING:
    from mircargo.names.ledger import Source


def match_samples(sources: Sequence[Source], columns: Mapping[str, str], excluded: Sequence[str]) -> list[Problem]:
    """List samples without a column, columns without a sample, and columns that two tables have."""
    problems = []
    where: dict[str, list[str]] = {}
    for source in sources:
        for column in source.table.counts.columns:
            where.setdefault(column, []).append(source.table.path)
    free = [column for column in where if column not in columns.values() and column not in excluded]
    for sample, column in columns.items():
        if column not in where:
            hint = did_you_mean(column, free) or f"columns without a sample: {listing(free) or 'none'}"
            what = "a sample of the sheet is in no count table"
            problems.append(
                Problem(what, f"sample '{sample}'", f"no column '{column}'", f"{hint}; write it under `column`")
            )
    for column in free:
        hint = "add a row to the sheet, or name it under `exclude_samples`"
        problems.append(
            Problem("a column of the table is no sample of the sheet", where[column][0], f"'{column}'", hint)
        )
    for column, paths in where.items():
        if len(paths) > 1 and column in columns.values():
            problems.append(Problem("two tables have a column of the same name", listing(paths), f"'{column}'"))
    for name in excluded:
        if name not in where:
            hint = did_you_mean(name, where)
            problems.append(
                Problem("`exclude_samples` names a column that no table has", "configuration", f"'{name}'", hint)
            )
        elif name in columns.values():
            problems.append(
                Problem("a sample of the sheet is also under `exclude_samples`", "configuration", f"'{name}'")
            )
    return problems
