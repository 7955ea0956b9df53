"""Which files of a series hold its counts: names that cannot, and then the readers' word for the others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from mircargo.init.accession.delivery import Delivery, sized
from mircargo.init.accession.deposit import Deposit, DepositedFile
from mircargo.init.found_tables import read_tables
from mircargo.init.library_columns import fraction_in
from mircargo.inputs.cells import share_of_mirnas
from mircargo.inputs.raw import RawTable
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal

_NO_TABLE: Final = re.compile(
    r"\.(fastq|fq|fasta|fa|sra|bam|sam|cram|bai|bw|bigwig|wig|bed|bedgraph|bdg|narrowpeak|broadpeak|gtf|cel|chp|cdf|idat"
    r"|pair|gpr|xys|rcc|bpm|ndf|h5|hdf5|h5ad|loom|mtx|rds|rda|rdata|pdf|png|jpe?g|tiff?|docx?|html?|xml|json|ab1|py|r|md5)"
    r"(\.gz|\.bz2)?$",
    re.IGNORECASE,
)
"""Endings of files that are reads, alignments, tracks, arrays or pictures, and no table that is read here."""

_OTHER_UNITS: Final = re.compile(r"norm|rpm|cpm|tpm|fpkm|rpkm|log2|rlog|vst|diff|deseq|edger|fold", re.IGNORECASE)
_LEAST_MIRNAS: Final = 0.1
"""Which part of a table's rows are names of miRNAs at least; of a table of genes it is one in a hundred or fewer."""

_MOST_FILES: Final = 200


@dataclass(frozen=True)
class Found:
    """A file of a series, and the tables of raw counts in it.

    `path` is where it will lie in the user's folder; the tables name it.
    """

    file: DepositedFile
    path: str
    sha256: str
    tables: tuple[RawTable, ...]


@dataclass(frozen=True)
class Choice:
    """What a user chose among the files: names of files, and sheets of a workbook; empty where nothing."""

    files: Sequence[str] = ()
    sheets: Sequence[str] = ()


def find_counts(deposit: Deposit, delivery: Delivery, folder: str, choice: Choice) -> tuple[list[Found], list[str]]:
    """Fetch what may hold counts, and keep what the readers say are raw counts of miRNAs.

    Files of the series are looked at first, its archive of one file a sample only where none of them holds counts.

    Parameters
    ----------
    deposit, delivery
        The series, and how its files are fetched.
    folder
        Where its tables will lie.
    choice
        What the user asks for.

    Returns
    -------
    tuple
        The files that are to be read, and notes on the others.

    Raises
    ------
    ProblemsFound
        Where no file holds raw counts of miRNAs, or several hold counts of the same samples and none was chosen.
    """
    possible = _possible(deposit, choice)
    reasons: list[Problem] = []
    notes = [f"not looked at: {each.name}, by its ending" for each in deposit.files
             if not each.of_sample and not choice.files and _NO_TABLE.search(each.name)]  # fmt: skip
    archives = _archives(possible)
    for group in (_tables(possible), archives or _files_of_samples(deposit, possible)):
        found, problems = _read_all(group, delivery, folder, choice.sheets)
        reasons += problems
        unread = [each for each in problems if each.code in _NOT_READ]
        if unread:
            raise ProblemsFound(list(dict.fromkeys(unread)))
        if found:
            left = [each for each in possible if not each.of_sample and each not in group]
            notes += [f"not fetched: {each.name} ({sized(each.size)}), as counts were found" for each in left]
            notes += [f"no raw counts in {problem.where}: {problem.what}" for problem in problems]
            return _settled(deposit.accession, found, choice), notes
    raise ProblemsFound(_no_counts(deposit, reasons, possible))


def _possible(deposit: Deposit, choice: Choice) -> list[DepositedFile]:
    names = [each.name for each in deposit.files]
    for name in choice.files:
        if name not in names:
            hint = did_you_mean(name, names) or "name one of them"
            what = "this series has no file of this name"
            raise refusal("no_such_file", what, "--file", f"'{name}', of {listing(names)}", hint)
    if choice.files:
        return [each for each in deposit.files if each.name in choice.files]
    return [each for each in deposit.files if not _NO_TABLE.search(each.name) and not _holds_no_table(each)]


def _holds_no_table(file: DepositedFile) -> bool:
    return bool(file.members) and all(_NO_TABLE.search(member) for member in file.members)


def _is_archive(file: DepositedFile) -> bool:
    return bool(re.search(r"\.(tar|tgz|tar\.gz|zip)$", file.name, re.IGNORECASE))


def _tables(files: Sequence[DepositedFile]) -> list[DepositedFile]:
    """Return the tables of the series, those first whose names do not speak of other units."""
    own = [each for each in files if not each.of_sample and not _is_archive(each)]
    return sorted(own, key=lambda each: bool(_OTHER_UNITS.search(each.name)))


def _archives(files: Sequence[DepositedFile]) -> list[DepositedFile]:
    return [each for each in files if not each.of_sample and _is_archive(each)]


def _files_of_samples(deposit: Deposit, files: Sequence[DepositedFile]) -> list[DepositedFile]:
    """Return the files of single samples, which an archive has all of where there is one."""
    own = [each for each in files if each.of_sample]
    if len(own) > _MOST_FILES:
        what = f"the counts may be in {len(own)} files of single samples, which are too many to fetch one by one"
        hint = "fetch them, pack them into a .zip, and begin with `mircargo init FILE.zip --species ...`"
        raise refusal("many_files", what, deposit.accession, listing((each.name for each in own), 3), hint)
    return own


def _read_all(
    files: Sequence[DepositedFile], delivery: Delivery, folder: str, sheets: Sequence[str]
) -> tuple[list[Found], list[Problem]]:
    """Fetch and read files; return those with raw counts of miRNAs, and why the others are none, a problem each."""
    found, problems = [], []
    for file in files:
        # An archive's names may have folders; none may lead out of the study's own.
        path = "/".join([folder, *(part for part in file.name.split("/") if part not in ("", ".", ".."))])
        try:
            delivered = delivery.get(file.url, file.size)
            tables = [_moved(each, str(delivered.path), path) for each in read_tables(str(delivered.path), sheets)]
            tables = [each for each in tables if share_of_mirnas(each.ids) >= _LEAST_MIRNAS] or _refuse_others(tables)
            found.append(Found(file, path, delivered.sha256, tuple(tables)))
        except ProblemsFound as refused:
            first = refused.problems[0]
            more = f" (and {len(refused.problems) - 1} more)" if len(refused.problems) > 1 else ""
            if first.code in _NOT_READ:
                problems.append(replace(first, hint=f"{first.hint}; or name the files to take with `--file`"))
            else:
                problems.append(replace(first, what=f"{first.what}{more}", where=file.name, hint=""))
    return found, problems


_NOT_READ: Final = (
    "file_too_large", "not_fetched", "server_too_slow", "address_not_found", "file_not_whole", "web_page", "other_size",
    "redirected_off_https", "not_https", "changed_in_cache", "several_sheets",
)  # fmt: skip
"""Codes of what keeps a file from being looked at: what is in it stays unknown, and nothing is begun without it."""


def _moved(table: RawTable, old: str, new: str) -> RawTable:
    """Name a table after where its file will lie."""
    return replace(table, path=new + table.path.removeprefix(old))


def _refuse_others(tables: Sequence[RawTable]) -> list[RawTable]:
    first = tables[0]
    what = "its rows are no miRNAs"
    raise refusal("no_mirnas", what, first.path, f"{len(first.ids)} rows: {listing(first.ids, 3)}")


def _settled(accession: str, found: list[Found], choice: Choice) -> list[Found]:
    """Keep all files where each has samples or a fraction of its own; else ask which one it is."""
    if choice.files or len(found) < 2 or all(each.file.of_sample for each in found):
        return found
    columns = [{str(column) for table in each.tables for column in table.counts.columns} for each in found]
    pairs = combinations(range(len(found)), 2)
    if not any(columns[at] & columns[to] and not _are_fractions(found[at], found[to]) for at, to in pairs):
        return found
    what = f"{len(found)} files of this series hold raw counts of the same samples"
    which = "; ".join(
        f"{each.file.name} ({sum(len(table.ids) for table in each.tables)} rows, {len(own_columns)} samples)"
        for each, own_columns in zip(found, columns, strict=True)
    )
    hint = f"choose with `--file {found[0].file.name}`; repeat it for a second file"
    raise refusal("several_tables", what, accession, which, hint)


def _are_fractions(one: Found, other: Found) -> bool:
    """Whether the names of two files say that they are of different fractions: cells and vesicles."""
    fractions = [fraction_in(re.split(r"[\W_]+", each.file.name)) for each in (one, other)]
    return all(fractions) and fractions[0] != fractions[1]


def _no_counts(deposit: Deposit, reasons: Sequence[Problem], possible: Sequence[DepositedFile]) -> list[Problem]:
    """Say what was found in the place of counts."""
    own = [each for each in deposit.files if not each.of_sample]
    reads = f"; its reads are {listing(deposit.reads, 3)}" if deposit.reads else ""
    hint = (
        "count the reads (nf-core/smrnaseq, miRge3, ...), or ask the authors for the counts; where a file has them in a"
        " form that is not read, save it as text; then begin with `mircargo init TABLE`"
    )
    if not possible:
        what = f"{deposit.archive} holds no table of counts of this series"
        held = listing(f"{each.name}{_content(each)}" for each in own or deposit.files)
        return [Problem("no_counts", what, deposit.accession, f"{held or 'no supplementary file'}{reads}", hint)]
    what = "no file of this series holds raw counts of miRNAs"
    found = "; ".join(dict.fromkeys(f"{each.where}: {each.what}" for each in reasons)) + reads
    return [Problem("no_counts", what, deposit.accession, found, hint)]


def _content(file: DepositedFile) -> str:
    kinds = sorted({match[1].lower() for member in file.members if (match := _NO_TABLE.search(member))})
    return f" (files of {listing(kinds)})" if kinds else ""
