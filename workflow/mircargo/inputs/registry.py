"""Reading count tables: the formats, each a module of `formats/`, and how a table is recognised as one of them."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

from mircargo.inputs import formats
from mircargo.inputs.archive import join_tables
from mircargo.inputs.cells import share_of_mirnas
from mircargo.inputs.content import Document, open_documents
from mircargo.inputs.copies import raise_if_copied
from mircargo.inputs.format import Format
from mircargo.inputs.grid import Grid, parse
from mircargo.inputs.layout import long_to_wide, raise_if_headless
from mircargo.inputs.normalised import raise_if_normalised
from mircargo.inputs.options import DEFAULT_OPTIONS, ReadOptions
from mircargo.inputs.raw import RawTable
from mircargo.inputs.row_names import raise_if_dates, restore_dashes
from mircargo.inputs.signs import raise_if_not_ascii
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing, refusal


def _found() -> dict[str, Format]:
    """Return the `FORMAT` of every module in `mircargo.inputs.formats` by the module's name, in the order of asking."""
    names = [module.name for module in iter_modules(formats.__path__)]
    found = {name: import_module(f"{formats.__name__}.{name}").FORMAT for name in names}
    return dict(sorted(found.items(), key=lambda each: (each[1].order, each[0])))


FORMATS: Final = _found()


def read_table(
    path: str | Path,
    format: str = "auto",  # noqa: A002 - the configuration's key
    options: ReadOptions = DEFAULT_OPTIONS,
) -> RawTable:
    """Read one count table.

    Parameters
    ----------
    path
        A text table (perhaps gzipped), an .xlsx, or an archive (.zip, .tar, .tar.gz) with one file per sample.
    format
        A name of `FORMATS`, or ``auto`` to find out.
    options
        What else the configuration says: samples left out on purpose, the sheet of a workbook, missing cells.

    Returns
    -------
    RawTable
        Its first note says which format was taken and why, and what else would fit.

    Raises
    ------
    ProblemsFound
        Where the file cannot be read, is not of the format, or does not hold raw counts.
    """
    documents, archive = open_documents(path)
    by_path: dict[str, list[Document]] = {}
    for document in documents:
        by_path.setdefault(document.path, []).append(document)
    problems: list[Problem] = []
    tables = []
    for sheets in by_path.values():
        try:
            tables.append(_read_one_of(sheets, format, options))
        except ProblemsFound as found:
            problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    table = join_tables(tables, str(path), options.absent_is_zero) if archive else tables[0]
    return table.noted(*raise_if_normalised(table, options.leave_out, options.raw))


def _read_one_of(sheets: list[Document], format: str, options: ReadOptions) -> RawTable:  # noqa: A002
    """Read a text, or the only sheet of a workbook that holds counts, or the one that the configuration names."""
    titles = [sheet.sheet or "" for sheet in sheets]
    if options.sheet is not None:
        if options.sheet not in titles:
            which = f"sheets {listing(map(repr, titles))}" if sheets[0].from_workbook else "this is no workbook"
            hint = did_you_mean(options.sheet, titles) or "name one of them under `sheet`, or remove the key"
            raise refusal("no_such_sheet", f"this table has no sheet '{options.sheet}'", sheets[0].path, which, hint)
        chosen = sheets[titles.index(options.sheet)]
        # Several sheets of one workbook may be tables of a study: every message says which of them it is about.
        notes = [f"the sheet '{options.sheet}' is read, of {listing(titles)}"] if len(titles) > 1 else []
        named = replace(chosen, path=f"{chosen.path}: {options.sheet}", notes=notes)
        return replace(_read_document(named, format, options), sheet=options.sheet)
    if len(sheets) == 1:
        return _read_document(sheets[0], format, options)
    known = _sheets_of_counts(sheets, format, options)
    if len(known) > 1:
        which = "; ".join(f"'{title}' ({len(t.ids)} rows, {t.counts.shape[1]} samples)" for title, t in known.items())
        hint = "choose with `sheet` of this table; to read several, list the workbook once per sheet"
        what = f"{len(known)} sheets of this workbook hold counts"
        raise refusal("several_sheets", what, sheets[0].path, which, hint)
    return next(iter(known.values()))


def sheets_of_counts(path: str | Path) -> list[str]:
    """Return the titles of the sheets of a workbook that hold counts; none where the file is no workbook of several.

    Raises
    ------
    ProblemsFound
        Where the file cannot be read, or none of its sheets holds counts.
    """
    documents, archive = open_documents(path)
    if archive or len(documents) < 2 or not documents[0].from_workbook:
        return []
    return list(_sheets_of_counts(documents, "auto", DEFAULT_OPTIONS))


def _sheets_of_counts(sheets: list[Document], format: str, options: ReadOptions) -> dict[str, RawTable]:  # noqa: A002
    """Read the sheets of a workbook that hold counts, of miRNAs where one does."""
    read: dict[str, RawTable] = {}
    failed: list[list[Problem]] = []
    for sheet in sheets:
        try:
            table = _read_document(sheet, format, options)
            raise_if_normalised(table, options.leave_out, options.raw)
            read[str(sheet.sheet)] = table
        except ProblemsFound as found:
            failed.append(found.problems)
    known = {title: table for title, table in read.items() if share_of_mirnas(table.ids) > 0.5} or read
    if not known:
        raise ProblemsFound(failed[0])
    return known


def _read_document(document: Document, format: str, options: ReadOptions) -> RawTable:  # noqa: A002
    grid = parse(document, options=options)
    raise_if_headless(grid)
    return _read(long_to_wide(grid) if format in ("auto", "plain") else grid, format)


def _read(grid: Grid, format: str) -> RawTable:  # noqa: A002
    fitting = {name: reason for name, each in FORMATS.items() if (reason := each.fits(grid))}
    name = format if format != "auto" else next(iter(fitting))
    if name not in fitting:
        hint = f"try `format: auto`; the content looks like {', '.join(fitting)}"
        what = f"this is not a table of the format '{name}'"
        raise refusal("other_format", what, grid.path, f"header {grid.header[:6]}", hint)
    table = FORMATS[name].read(grid)
    first = f"read as {name}: {fitting.pop(name)}"
    others = "; ".join(f"{other} ({reason})" for other, reason in fitting.items() if FORMATS[other].order <= 0)
    if others:
        first += f"; would also fit {others}: say `format` if that is what it is"
    where = [f"row {row}" for row in table.rows]
    raise_if_not_ascii(table.ids, where, table.path)
    raise_if_dates(table.ids, where, table.path)
    if table.isomirs is None and (table.same_feature == "sum" or grid.options.summed):
        raise_if_copied(table, grid)
    ids, restored = restore_dashes(table.ids)
    notes = [first, *grid.notes, *table.notes]
    if restored:
        notes.append(f"{restored} names have the dots of R, as in '{table.ids[0]}': dashes are restored")
    isomirs = table.isomirs
    if isomirs is not None and restored:
        isomirs = isomirs.assign(source_id=restore_dashes(isomirs["source_id"].tolist())[0])
    zeros = table.absent_is_zero and not grid.from_workbook  # what somebody opened, somebody may have cut
    return replace(table, format=name, ids=ids, isomirs=isomirs, notes=notes, absent_is_zero=zeros)
