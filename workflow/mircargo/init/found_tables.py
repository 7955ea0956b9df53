"""Reading the tables that a new study is configured for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mircargo.features.lanes import without_endings
from mircargo.init.library_columns import fraction_in
from mircargo.inputs.content import open_documents
from mircargo.inputs.options import DEFAULT_OPTIONS, ReadOptions
from mircargo.inputs.raw import RawTable
from mircargo.inputs.registry import read_table, sheets_of_counts
from mircargo.problems import ProblemsFound, listing, refusal
from mircargo.vocabulary import Biotype


def read_tables(path: str, sheets: Sequence[str] = ()) -> list[RawTable]:
    """Read a file; a workbook of fractions, or of other samples in each sheet, is as many tables.

    `sheets` are those of a workbook that are wanted; else they are found.

    Raises
    ------
    ProblemsFound
        Where the file cannot be read, or where several sheets may be the same libraries, raw and filtered.
    """
    is_book = not sheets or open_documents(path)[0][0].from_workbook
    found = list(sheets) or sheets_of_counts(path)
    if not is_book or (len(found) < 2 and not sheets):
        return [_read(path, DEFAULT_OPTIONS)]
    tables = [_read(path, ReadOptions(sheet=sheet)) for sheet in found]
    if sheets or _are_other_samples(tables):
        return tables
    what = f"{len(found)} sheets of this workbook hold counts of the same samples"
    which = "; ".join(f"'{each.sheet}' ({len(each.ids)} rows, {each.counts.shape[1]} samples)" for each in tables)
    hint = f"choose with --sheet '{found[0]}'"
    raise refusal("several_sheets", what, path, which, f"{hint}; repeat it for a second sheet")


def _read(path: str, options: ReadOptions) -> RawTable:
    """Read a table; where only missing cells or rows are to be settled, a configuration is written to do it in."""
    try:
        return read_table(path, options=options)
    except ProblemsFound as found:
        first = found
    for missing, absent in ((True, False), (False, True), (True, True)):
        try:
            table = read_table(path, options=replace(options, missing_is_zero=missing, absent_is_zero=absent))
        except ProblemsFound:
            continue
        asked = "; ".join(dict.fromkeys(f"{problem.what}, {problem.found}" for problem in first.problems))
        return replace(table, notes=[table.notes[0], f"to be settled: {asked}; `mircargo check` says how"])
    raise first


def _are_other_samples(tables: Sequence[RawTable]) -> bool:
    """Whether sheets have no sample in common, or name fractions, which the samples are then told apart by."""
    columns = [str(column) for table in tables for column in table.counts.columns]
    fractions = [fraction_in(re.split(r"[\W_]+", str(table.sheet))) for table in tables]
    return len(set(columns)) == len(columns) or (all(fractions) and len(set(fractions)) == len(fractions))


def describe_tables(tables: Sequence[RawTable]) -> list[str]:
    """Say how the tables were read; many files of one sample each are one line."""
    alike: dict[tuple[int, str], list[str]] = {}
    for table in tables:
        alike.setdefault((table.counts.shape[1], "; ".join(table.notes)), []).append(table.path)
    lines = []
    for (n, notes), paths in alike.items():
        if n == 1 and len(paths) > 1:
            lines.append(f"{len(paths)} tables of one sample each ({listing(paths, 2)}): {notes}")
        else:
            lines += [f"{path}: {n} sample{'' if n == 1 else 's'}, {notes}" for path in paths]
    return lines


def stacked_tables(tables: Sequence[RawTable]) -> list[str]:
    """Return the tables with other kinds of RNA of the libraries of an earlier one: miRge's `tRF.Counts.csv`."""
    stacked: list[str] = []
    for number, table in enumerate(tables):
        own = {without_endings(str(column)) for column in table.counts.columns}
        for other in tables[:number]:
            same = own == {without_endings(str(column)) for column in other.counts.columns}
            if same and not _kinds(table) & _kinds(other) and other.path not in stacked:
                stacked.append(table.path)
                break
    return stacked


def _kinds(table: RawTable) -> set[str]:
    return set(table.biotypes) if table.biotypes else {Biotype.MIRNA}


def reads_beside_umis(columns: Sequence[str]) -> list[str]:
    """Return the columns that count reads where another counts the UMIs of the same library."""
    words = {column: re.fullmatch(r"(.*?)[\W_]*(umi|read)s?", column, re.IGNORECASE) for column in columns}
    libraries = {found[1] for found in words.values() if found and found[2].lower() == "umi"}
    return [column for column, found in words.items() if found and found[2].lower() == "read" and found[1] in libraries]
