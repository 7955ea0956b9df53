"""What stands in the tables that a study is begun with, before anything is guessed."""

import re
from collections.abc import Sequence

from mircargo.names.lanes import without_endings
from mircargo.problems import listing
from mircargo.tables.raw import RawTable


def said_of_tables(tables: Sequence[RawTable]) -> list[str]:
    """Say how the tables were read; many files of one sample each are one line."""
    alike: dict[tuple[int, str], list[str]] = {}
    for table in tables:
        alike.setdefault((table.counts.shape[1], "; ".join(table.notes)), []).append(table.path)
    lines = []
    for (n, notes), paths in alike.items():
        if n == 1 and len(paths) > 1:
            lines.append(f"{len(paths)} tables of one sample each ({listing(paths, 2)}): {notes}")
        else:
            lines += [f"{path}: {n} samples, {notes}" for path in paths]
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
    return set(table.biotypes) if table.biotypes else {"miRNA"}


def reads_beside_umis(columns: Sequence[str]) -> list[str]:
    """Return the columns that count reads where another counts the UMIs of the same library."""
    words = {column: re.fullmatch(r"(.*?)[\W_]*(umi|read)s?", column, re.IGNORECASE) for column in columns}
    libraries = {found[1] for found in words.values() if found and found[2].lower() == "umi"}
    return [column for column, found in words.items() if found and found[2].lower() == "read" and found[1] in libraries]
