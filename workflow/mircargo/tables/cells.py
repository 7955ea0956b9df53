"""What readers share: names that look like miRNAs, rows of totals, isomers, samples side by side."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.problems import Problem, ProblemsFound, listing
from mircargo.tables.content import sample_of
from mircargo.tables.grid import MIRNA, Grid
from mircargo.tables.raw import RawTable, to_counts

DOTTED = re.compile(r"^[a-z]{3,4}\.(?:miR|mir|let|lin|bantam)\.")
TOTAL = re.compile(r"^(?:grand[ _]?)?(?:total|sum|totaldepth|mirnatotal|total[ _]?(?:reads|counts?|depth))s?$", re.I)
DATE = re.compile(
    r"^(?:\d{4}-\d\d-\d\d(?: 00:00:00)?|\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-\d{1,2})$",
    re.I,
)

OTHERS = {"unique reads", "uniquereadcount", "totalreadcount", "multimapadjustedreadcount", "freq", "readcount", "mism"}
OTHERS |= {"ambiguity", "iso_5p", "iso_3p", "iso_add3p", "iso_snp", "nloci", "total_reads", "read count", "read_count"}
OTHERS |= {"basemean", "log2foldchange", "logfc", "padj", "pvalue", "fdr", "p.value", "adj.p.val", "rpm", "cpm", "tpm"}
NO_NAMES = {"", "count", "counts", "read_count", "read count", "readcount", "reads", "raw_count", "raw_counts", "value"}
NO_NAMES |= {"raw count", "raw counts", "expression", "read_counts", "x", "v2"}


def sample_names(grid: Grid, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Check that columns can be samples; one column `count` is named after the file.

    Returns
    -------
    tuple
        The names, and notes.

    Raises
    ------
    ProblemsFound
        Where a column is one that a program writes beside its counts.
    """
    if len(names) == 1 and names[0].lower() in NO_NAMES:
        return [grid.sample], ["its one sample is named after the file"]
    other = [name for name in names if name.lower() in OTHERS]
    if other:
        what = f"column '{other[0]}' is no sample, and the table is of no known format"
        hint = "was a column or its name taken out? give the file as its program wrote it, or names and counts only"
        raise ProblemsFound(Problem(what, grid.path, f"columns {listing(grid.header)}", hint))
    return list(names), []


def is_text(column: pd.Series) -> bool:
    """Whether every cell of two or more is a text, and none is a number or stands for a missing one."""
    if pd.api.types.is_numeric_dtype(column) or len(column) < 2:
        return False
    texts = column.astype(str).str.strip()
    missing = texts.str.lower().isin(["", "na", "nan", "n/a", "null", "none", "-", ".", "inf", "-inf"])
    return not missing.any() and bool(pd.to_numeric(texts.str.replace(",", ""), errors="coerce").isna().all())


def share_of_mirnas(names: Sequence[str]) -> float:
    return sum(bool(MIRNA.search(name)) for name in names) / len(names) if names else 0.0


def has_fractions(body: pd.DataFrame) -> bool:
    """Whether a number in these columns is no integer; texts are left to `to_counts`."""
    numbers = body.select_dtypes("number").to_numpy(dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    return bool((np.abs(numbers - np.rint(numbers)) > 1e-6).any())


def mostly_integers(body: pd.DataFrame) -> bool:
    """Whether most counts above zero are integers, as where a program shares out a few reads in fractions."""
    numbers = body.select_dtypes("number").to_numpy(dtype=float)
    above = numbers[np.isfinite(numbers) & (numbers > 0)]
    return bool(len(above)) and float(np.mean(np.abs(above - np.rint(above)) <= 1e-6)) >= 0.3


def restore_dashes(ids: Sequence[str]) -> tuple[list[str], int]:
    """Give names back the dashes that R made dots (`mmu.miR.21a.5p`); a final dot was a star."""
    restored = [
        (text[:-1].replace(".", "-") + "*" if text.endswith(".") else text.replace(".", "-"))
        if DOTTED.match(text)
        else text
        for text in ids
    ]
    return restored, sum(old != new for old, new in zip(ids, restored, strict=True))


def raise_if_dates(ids: Sequence[str], where: Sequence[str], path: str) -> None:
    dates = [(text, place) for text, place in zip(ids, where, strict=True) if DATE.match(text)]
    if dates:
        text, place = dates[0]
        cell = f" (cell A{place.removeprefix('row ')})" if place.startswith("row ") else ""
        found = f"'{text}'" + (f" and {len(dates) - 1} more" if len(dates) > 1 else "")
        hint = "a spreadsheet made dates of names: take the table from before it was opened there"
        raise ProblemsFound(Problem("a name that is a date", f"{path}, {place}{cell}", found, hint))


def raise_if_unnamed(ids: Sequence[str], where: Sequence[str], path: str) -> None:
    for text, place in zip(ids, where, strict=True):
        if text in ("", "nan", "NA"):
            raise ProblemsFound(Problem("a row without a name", f"{path}, {place}", "", "name it or take it out"))


def drop_totals(table: RawTable, where: Sequence[str]) -> RawTable:
    """Leave out rows that are named as totals and are the sums of the others, and HTSeq's rows of what had no feature.

    Raises
    ------
    ProblemsFound
        Where a row is named as a total and is not the sum.
    """
    total = np.array([bool(TOTAL.match(text)) for text in table.ids])
    without = np.array([text.startswith("__") or text == "*" for text in table.ids])
    notes = list(table.notes)
    if not (total | without).any():
        return table
    sums = table.counts[~total & ~without].sum().to_numpy()
    everything = table.counts[~total].sum().to_numpy()
    for at in np.flatnonzero(total).tolist():
        row = table.counts.iloc[at].to_numpy()
        if not (np.allclose(row, sums, rtol=0, atol=0.5) or np.allclose(row, everything, rtol=0, atol=0.5)):
            hint = "take the row out if it is a total, or rename it if it is a feature"
            what = "a row is named as a total and is not the sum of the others"
            found = f"'{table.ids[at]}': {row.sum():,.0f} against {sums.sum():,.0f} over all samples"
            raise ProblemsFound(Problem(what, f"{table.path}, {where[at]}", found, hint))
        notes.append(f"left out: {where[at]}, '{table.ids[at]}', the sum of the others")
    for at in np.flatnonzero(without).tolist():
        reads = table.counts.iloc[at].sum()
        notes.append(f"left out: {where[at]}, '{table.ids[at]}', {reads:,.0f} reads of no feature")
    return keep_rows(table, ~total & ~without, notes)


def keep_rows(table: RawTable, keep: np.ndarray, notes: list[str]) -> RawTable:
    at = np.flatnonzero(keep)
    if not len(at):
        raise ProblemsFound(Problem("this table has no row of a feature", table.path, listing(table.ids)))
    return replace(
        table,
        ids=[table.ids[i] for i in at],
        rows=[table.rows[i] for i in at],
        counts=table.counts.iloc[at].reset_index(drop=True),
        biotypes=[table.biotypes[i] for i in at] if table.biotypes else None,
        isomers=table.isomers.iloc[at].reset_index(drop=True) if table.isomers is not None else None,
        notes=notes,
    )


def with_isomers(table: RawTable, variants: Sequence[str], sequences: Sequence[str]) -> RawTable:
    """Add the isomers of a table that has one row an isomer, and count the same reads of one mature once.

    A read that fits several hairpins of one mature stands on several rows; the first is kept.
    """
    isomers = pd.DataFrame({"source_id": table.ids, "variant": variants, "sequence": sequences})
    whole = pd.concat([isomers, table.counts.set_axis(range(table.counts.shape[1]), axis=1)], axis=1)
    again = whole.duplicated().to_numpy()
    notes = [*table.notes, "one row an isomer: they are summed, and kept beside the sums"]
    if again.any():
        reads = table.counts[again].to_numpy().sum()
        what = "the same read of the same miRNA again (on another of its hairpins)"
        lines = listing([table.rows[i] for i in np.flatnonzero(again)])
        notes.append(f"left out: {int(again.sum())} rows with {reads:,.0f} reads that are {what}: rows {lines}")
    isomers = pd.concat([isomers, table.counts], axis=1)
    kept = keep_rows(replace(table, isomers=isomers), ~again, notes)
    assert kept.isomers is not None
    kept.notes.extend(_several_mirnas(kept.isomers, list(table.counts.columns)))
    return kept


def _several_mirnas(isomers: pd.DataFrame, samples: Sequence[str]) -> list[str]:
    """Say how many reads stand under several miRNAs: each sequence once, its reads over all samples."""
    several = isomers[isomers["sequence"] != ""]
    several = several[several.groupby("sequence")["source_id"].transform("nunique") > 1]
    if several.empty:
        return []
    # A sequence may have several rows under one miRNA (on other hairpins): they are parts.
    parts = several.groupby(["sequence", "source_id"])[list(samples)].sum()
    reads = parts.groupby(level="sequence").max().sum()
    n = several["sequence"].nunique()
    where = f"in {samples[0]}" if len(samples) == 1 else f"in {len(samples)} samples together"
    sequences = "1 sequence" if n == 1 else f"{n:,} sequences"
    return [f"{reads.sum():,.0f} reads ({sequences}) {where} stand under several miRNAs and count for each of them"]


def side_by_side(tables: Sequence[RawTable], path: str) -> RawTable:
    """Put the tables of an archive together, a column a sample.

    A feature that a table lacks is a zero only where its format leaves out features without reads.

    Raises
    ------
    ProblemsFound
        Where the members are of several formats, lack features, or two have a sample of the same name.
    """
    formats = {table.format for table in tables}
    if len(formats) > 1:
        raise ProblemsFound(Problem("the files of this archive are of several formats", path, listing(sorted(formats))))
    tables = _own_names(tables)
    keyed = [table.counts.set_axis(_keys(table.ids), axis=0) for table in tables]
    first = {key: row for table in reversed(tables) for key, row in zip(_keys(table.ids), table.rows, strict=True)}
    index = pd.Index(list(dict.fromkeys(key for frame in keyed for key in frame.index)), tupleize_cols=False)
    problems = []
    for table, frame in zip(tables, keyed, strict=True):
        absent = index.difference(frame.index, sort=False)
        if len(absent) and not table.absent_is_zero:
            what = f"{len(absent)} features of the other files have no row here"
            problems.append(Problem(what, table.path, listing([key[0] for key in absent], 5)))
    columns = [name for frame in keyed for name in frame.columns]
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        problems.append(Problem("two files of this archive have a sample of the same name", path, listing(repeated)))
    if problems:
        raise ProblemsFound(problems)
    counts = pd.concat([frame.reindex(index, fill_value=0) for frame in keyed], axis=1).reset_index(drop=True)
    isomers = None
    if all(table.isomers is not None for table in tables):
        keys = ["source_id", "variant", "sequence"]
        parts = [table.isomers.groupby(keys, sort=False).sum() for table in tables if table.isomers is not None]
        isomers = pd.concat(parts, axis=1).fillna(0).reset_index()
        if not any(table.fractional for table in tables):
            isomers = isomers.astype(dict.fromkeys(counts.columns, "int64"))
    kinds = {key: kind for t in tables if t.biotypes for key, kind in zip(_keys(t.ids), t.biotypes, strict=True)}
    return replace(
        tables[0],
        path=path,
        ids=[key[0] for key in index],
        rows=[first[key] for key in index],
        counts=counts,
        notes=[
            f"an archive of {len(tables)} files, put side by side; `row` is that of the first file with the feature",
            *dict.fromkeys(note for table in tables for note in table.notes),
        ],
        fractional=any(table.fractional for table in tables),
        same_feature="sum" if any(table.same_feature == "sum" for table in tables) else tables[0].same_feature,
        biotypes=[kinds.get(key, "miRNA") for key in index] if kinds else None,
        isomers=isomers,
    )


def _keys(ids: Sequence[str]) -> list[tuple[str, int]]:
    """Give each row its id and how often that stood before, so that repeated ids of two files fit each other."""
    seen: dict[str, int] = {}
    keys = []
    for text in ids:
        seen[text] = seen.get(text, -1) + 1
        keys.append((text, seen[text]))
    return keys


def _own_names(tables: Sequence[RawTable]) -> list[RawTable]:
    """Name samples after folder and file where files of one sample each have the same name or column."""
    if any(table.counts.shape[1] != 1 for table in tables):
        return list(tables)
    names = [str(table.counts.columns[0]) for table in tables]
    if len(set(names)) == len(names):
        return list(tables)
    members = [table.path.split(": ", 1)[-1] for table in tables]
    stems = [sample_of(member) for member in members]
    if len(set(stems)) < len(stems):
        stems = [member.rsplit("/", 2)[-2] if "/" in member else sample_of(member) for member in members]
    return [_renamed(table, old, new) for table, old, new in zip(tables, names, stems, strict=True)]


def _renamed(table: RawTable, old: str, new: str) -> RawTable:
    isomers = table.isomers.rename(columns={old: new}) if table.isomers is not None else None
    notes = [*table.notes, "samples are named after their files"]
    return replace(table, counts=table.counts.rename(columns={old: new}), isomers=isomers, notes=notes)


def read_columns(
    grid: Grid, name: str, ids: Sequence[str], body: pd.DataFrame, samples: Sequence[str], fractional: bool = False
) -> RawTable:
    """Make a table of columns of a grid, its ids stripped and checked."""
    ids = [text.strip() for text in ids]
    raise_if_unnamed(ids, grid.where, grid.path)
    counts = to_counts(body, samples, grid.path, grid.where, fractional)
    return RawTable(grid.path, name, ids, grid.rows, counts, "refuse", fractional=fractional)
