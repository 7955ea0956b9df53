"""Which column of which table is which sample of the sheet."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import combinations
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from mircargo.features.lanes import library_of, without_endings
from mircargo.features.parts import Source
from mircargo.inputs.sheet import TableColumn, table_columns_of
from mircargo.inputs.signs import plain_name
from mircargo.problems import Problem, did_you_mean, listing

MAX_LISTED_SINGLY: Final = 3
"""Up to as many samples without a column have a message each, with the likely column."""


class Match(NamedTuple):
    """The columns of each table with their samples, and what does not match."""

    samples: list[dict[str, str]]
    problems: list[Problem]


def match_columns(
    sources: Sequence[Source],
    columns: Mapping[str, str],
    excluded: Sequence[str],
    kinds: Callable[[int], Collection[str]] | None = None,
) -> Match:
    """Find the table columns of every sample.

    Parameters
    ----------
    sources
        The tables.
    columns
        Sample -> its column, or several (`sheet.Columns`).
    excluded
        Columns of the tables that are left out on purpose.
    kinds
        Of the table of a number, the kinds of RNA that it has. Tables of a library that have no kind in common
        are taken together: miRge's `miR.Counts.csv` and `tRF.Counts.csv`.
    """
    where: dict[str, list[int]] = {}
    for number, source in enumerate(sources):
        for column in source.table.counts.columns:
            where.setdefault(_normalised_name(column), []).append(number)
    spelled = [{_normalised_name(column): column for column in source.table.counts.columns} for source in sources]
    paths = [source.table.path for source in sources]
    found: list[dict[str, str]] = [{} for _ in sources]
    named, missing, problems = set(), {}, []
    shared: dict[tuple[int, ...], list[str]] = {}
    for sample, cell in columns.items():
        for place in table_columns_of(cell):
            column = _normalised_name(place.column)
            named.add(column)
            if column not in where:
                missing[sample] = place.column
                continue
            numbers, problem = _tables_of(place, where[column], paths, sample)
            problems += [problem] if problem else []
            if len(numbers) > 1 and (place.table or not _of_other_kinds(numbers, kinds)):
                shared.setdefault(tuple(numbers), []).append(place.column)
            for number in numbers:
                found[number][spelled[number][column]] = sample
    left_out = {_normalised_name(name): name for name in excluded}
    free = [column for column in where if column not in named and column not in left_out]
    unmatched, meant = _samples_without_column(missing, [spelled[where[column][0]][column] for column in free])
    problems[:0] = unmatched
    problems += _columns_without_sample([column for column in free if column not in meant], where, paths)
    for numbers, names in shared.items():
        hint = (
            "say in the sheet's column `table` which one each sample is of, or give each table a `prefix` in the"
            " configuration, and write it in the sheet"
        )
        what = "two tables have a column of the same name"
        files = listing(paths[number] for number in numbers)
        problems.append(Problem("column_in_two_tables", what, files, listing(map(repr, names)), hint))
    for key, name in left_out.items():
        if key not in where:
            hint = f"{did_you_mean(name, where)} take it out, or write the column's name as the table has it".strip()
            what = "`exclude_samples` names a column that no table has"
            problems.append(Problem("excluded_not_in_tables", what, "configuration", f"'{name}'", hint))
        elif key in named:
            what = "a sample of the sheet is also under `exclude_samples`"
            hint = "take it out of one of the two"
            problems.append(Problem("excluded_and_in_sheet", what, "configuration", f"'{name}'", hint, samples=(name,)))
    return Match(found, problems)


def _normalised_name(name: object) -> str:
    """Write a name with plain signs, as tables are read, and accents as one sign: one name has one spelling."""
    return unicodedata.normalize("NFC", plain_name(str(name)))


def _tables_of(
    place: TableColumn, having: Sequence[int], paths: Sequence[str], sample: str
) -> tuple[Sequence[int], Problem | None]:
    """Return the tables of a column; `table` decides where several have it, and has to be right where it names one."""
    if not place.table:
        return having, None
    by_name = [number for number, path in enumerate(paths) if place.table in _names_of(path)]
    by_number = [number for number in range(len(paths)) if place.table == str(number + 1)]
    chosen = [number for number in by_name or by_number if number in having]
    if chosen:
        return chosen, None
    if len(having) == 1 and not by_name:
        return having, None  # the column tells its table, and `table` may be of something else: an operating table
    code, what = "table_not_named", "`table` names none of the count tables"
    if by_name or by_number:
        code, what = "column_not_in_table", "this table has no such column"
    found = f"column '{place.column}', table '{place.table}'"
    hint = f"the column stands in {listing(paths[number] for number in having)}"
    return [], Problem(code, what, f"sample '{sample}'", found, hint, samples=(sample,))


def _names_of(path: str) -> set[str]:
    name = PurePosixPath(path.replace("\\", "/")).name
    return {path, name, name.split(".")[0], name.rsplit(".", 1)[0], *path.split(": ")[1:]}


def _of_other_kinds(numbers: Sequence[int], kinds: Callable[[int], Collection[str]] | None) -> bool:
    if kinds is None:
        return False
    return all(not set(kinds(one)) & set(kinds(other)) for one, other in combinations(numbers, 2))


def stack_tables(samples: Sequence[Collection[str]], kinds: Sequence[Collection[str]]) -> list[list[int]]:
    """Put the numbers of tables together that have other kinds of RNA of the same samples: one table in parts."""
    found: list[list[int]] = []
    for number, (own, kind) in enumerate(zip(samples, kinds, strict=True)):
        for stack in found:
            shared = any(set(samples[other]) & set(own) for other in stack)
            if shared and not any(set(kinds[other]) & set(kind) for other in stack):
                stack.append(number)
                break
        else:
            found.append([number])
    return found


def _samples_without_column(missing: Mapping[str, str], free: Sequence[str]) -> tuple[list[Problem], set[str]]:
    """Report samples without a column; those whose names differ from columns in one way share a message."""
    pairs = _differ_by_endings(missing, free)
    rest = {sample: column for sample, column in missing.items() if sample not in pairs}
    problems = []
    if pairs:
        ways = sorted({_difference(missing[sample], column) for sample, column in pairs.items()})
        names = (
            f"names of {len(pairs)} samples of the sheet differ"
            if len(pairs) > 1
            else ("name of 1 sample of the sheet differs")
        )
        others = f" and {len(ways) - 3} more" if len(ways) > 3 else ""
        what = f"the {names} from the table's by {' or '.join(ways[:3])}{others}"
        found = listing(f"the column of '{sample}' is '{column}'" for sample, column in list(pairs.items())[:2])
        hint = listing((f"'{column}' for '{sample}'" for sample, column in pairs.items()), 4)
        hint, where = f"write the names of the table under `column`: {hint}", f"samples {listing(pairs, 4)}"
        problems.append(Problem("sample_names_differ", what, where, found, hint, samples=tuple(pairs)))
    left = f"columns without a sample: {listing(free) or 'none'}"
    if len(rest) > MAX_LISTED_SINGLY:
        what, where = f"{len(rest)} samples of the sheet are in no count table", f"samples {listing(rest, 4)}"
        found = f"no columns {listing(map(repr, rest.values()), 4)}"
        hint = f"{left}; write them under `column`"
        problems.append(Problem("sample_not_in_tables", what, where, found, hint, samples=tuple(rest)))
        rest = {}
    for sample, column in rest.items():
        what, where, found = "a sample of the sheet is in no count table", f"sample '{sample}'", f"no column '{column}'"
        near = did_you_mean(column, free)
        hint = f"{near} write it under `column`" if near else f"{left}; write it under `column`"
        problems.append(Problem("sample_not_in_tables", what, where, found, hint, samples=(sample,)))
    return problems, {_normalised_name(column) for column in pairs.values()}


def _differ_by_endings(missing: Mapping[str, str], free: Sequence[str]) -> dict[str, str]:
    """Return the samples whose column has the same name, but for a path and the endings of a program.

    Where many have none, a name may also differ in case, punctuation and the X that R puts before a number.
    """
    for plain in (without_endings, _spelled_alike)[: 1 + (len(missing) > MAX_LISTED_SINGLY)]:
        by_plain: dict[str, list[str]] = {}
        for column in free:
            by_plain.setdefault(plain(column), []).append(column)
        names = Counter(plain(column) for column in missing.values())
        found = {sample: by_plain.get(plain(column), []) for sample, column in missing.items()}
        pairs = {
            sample: columns[0]
            for sample, columns in found.items()
            if len(columns) == 1 and names[plain(missing[sample])] == 1
        }
        if pairs:
            return pairs
    return {}


def _spelled_alike(name: str) -> str:
    plain = re.sub(r"[\W_]+", "", library_of(name).text.casefold())
    return plain[1:] if re.match(r"x\d", plain) else plain


def _difference(name: str, column: str) -> str:
    """Say in which way a column differs from a name."""
    before, found, after = column.rpartition(name) if name in column else ("", "", "")
    if not found:
        return "their spelling"
    kind = "path" if before.endswith(("/", "\\")) else "beginning"
    path, ending = (f"the {kind} '{before}'" if before else ""), (f"the ending '{after}'" if after else "")
    return " and ".join(filter(None, [ending, path]))


def _columns_without_sample(free: Sequence[str], where: Mapping[str, list[int]], paths: Sequence[str]) -> list[Problem]:
    if not free:
        return []
    what = "a column of the table is no sample of the sheet, and is left out"
    if len(free) > 1:
        what = f"{len(free)} columns of the tables are no samples of the sheet, and are left out"
    files = listing(dict.fromkeys(paths[number] for column in free for number in where[column]), 4)
    hint = "add a row to the sheet for each that is one; name the others under `exclude_samples`"
    return [Problem("sheet_lacks_sample", what, files, listing(map(repr, free)), hint, "warning", samples=tuple(free))]
