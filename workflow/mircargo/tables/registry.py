"""Reading count tables: one module a format, and a registry that recognises them by their content."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

from mircargo.problems import Problem, ProblemsFound
from mircargo.tables import (
    bcbio,
    chimira,
    compsra,
    excerpt,
    featurecounts,
    gdc,
    isomir_sea,
    mirdeep2,
    mirge,
    mirtop_counts,
    mirtop_gff,
    nfcore_smrnaseq,
    plain,
    seqbuster,
    seqcluster,
    smallrnaseq,
    srnabench,
)
from mircargo.tables.cells import raise_if_dates, restore_dashes, side_by_side
from mircargo.tables.content import open_documents
from mircargo.tables.grid import Grid, parse
from mircargo.tables.raw import RawTable

# Special formats first: a plain matrix is what is left.
FORMATS: dict[str, ModuleType] = {
    "mirdeep2": mirdeep2,
    "nfcore_smrnaseq": nfcore_smrnaseq,
    "featurecounts": featurecounts,
    "chimira": chimira,
    "mirge": mirge,
    "mirtop_gff": mirtop_gff,
    "isomir_sea": isomir_sea,
    "mirtop_counts": mirtop_counts,
    "excerpt": excerpt,
    "srnabench": srnabench,
    "gdc": gdc,
    "seqbuster": seqbuster,
    "smallrnaseq": smallrnaseq,
    "compsra": compsra,
    "seqcluster": seqcluster,
    "bcbio": bcbio,
    "plain": plain,
}


def read_table(
    path: str | Path,
    format: str = "auto",  # noqa: A002 - the configuration's key
    most_bytes: int | None = None,
) -> RawTable:
    """Read one count table.

    Parameters
    ----------
    path
        A text table (perhaps gzipped), an .xlsx, or an archive (.zip, .tar, .tar.gz) of one file a sample.
    format
        A name of `FORMATS`, or ``auto`` to find out.
    most_bytes
        What a packed file may hold, unpacked; see `open_documents`.

    Returns
    -------
    RawTable
        Its first note says which format was taken and why, and what else would fit.

    Raises
    ------
    ProblemsFound
        Where the file cannot be read, is not of the format, or does not hold raw counts.
    """
    documents, archive = open_documents(path, most_bytes)
    problems: list[Problem] = []
    tables = []
    for document in documents:
        try:
            tables.append(_read(parse(document), format))
        except ProblemsFound as found:
            problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return side_by_side(tables, str(path)) if archive else tables[0]


def _read(grid: Grid, format: str) -> RawTable:  # noqa: A002
    fitting = {name: reason for name, module in FORMATS.items() if (reason := module.fits(grid))}
    name = format if format != "auto" else next(iter(fitting))
    if name not in fitting:
        hint = f"try `format: auto`; the content looks like {', '.join(fitting)}"
        what = f"this is not a table of the format '{name}'"
        raise ProblemsFound(Problem(what, grid.path, f"header {grid.header[:6]}", hint))
    table: RawTable = FORMATS[name].read(grid)
    first = f"read as {name}: {fitting.pop(name)}"
    fitting.pop("plain", None)
    if fitting:
        others = "; ".join(f"{other} ({reason})" for other, reason in fitting.items())
        first += f"; would also fit {others}: say `format` if that is what it is"
    raise_if_dates(table.ids, [f"row {row}" for row in table.rows], table.path)
    ids, restored = restore_dashes(table.ids)
    notes = [first, *grid.notes, *table.notes]
    if restored:
        notes.append(f"{restored} names have the dots of R, as in '{table.ids[0]}': dashes are restored")
    isomers = table.isomers
    if isomers is not None and restored:
        isomers = isomers.assign(source_id=restore_dashes(isomers["source_id"].tolist())[0])
    return replace(table, ids=ids, isomers=isomers, notes=notes)
