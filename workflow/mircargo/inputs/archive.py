"""The tables of an archive, side by side."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mircargo.inputs.absent import lost_features, lost_features_problem
from mircargo.inputs.content import sample_of
from mircargo.inputs.raw import RawTable
from mircargo.problems import Problem, ProblemsFound, listing, refusal

_HINT = "set `absent_is_zero: true` for this table if its files leave out features without reads"


def join_tables(tables: Sequence[RawTable], path: str, absent_is_zero: bool = False) -> RawTable:
    """Join the tables of an archive, one column per sample.

    A feature that a table lacks is a zero only where its format leaves out features without reads, or the user says so.

    Raises
    ------
    ProblemsFound
        Where the members are of several formats, lack features, or two have a sample of the same name.
    """
    formats = {table.format for table in tables}
    if len(formats) > 1:
        what = "the files of this archive are of several formats"
        hint = "give each format an archive of its own, or list the files under `counts`"
        raise refusal("several_formats", what, path, listing(sorted(formats)), hint)
    tables = _name_samples_by_file(tables)
    keyed = [table.counts.set_axis(_keys(table.ids), axis=0) for table in tables]
    first = {key: row for table in reversed(tables) for key, row in zip(_keys(table.ids), table.rows, strict=True)}
    index = pd.Index(list(dict.fromkeys(key for frame in keyed for key in frame.index)), tupleize_cols=False)
    problems, filled = [], 0
    missed = lost_features([table.counts.groupby(np.asarray(table.ids)).sum() for table in tables])
    for table, frame, seen in zip(tables, keyed, missed, strict=True):
        absent = index.difference(frame.index, sort=False)
        if len(absent) and not (table.absent_is_zero or absent_is_zero):
            what = f"{len(absent)} features of the other files have no row here"
            problems.append(Problem("features_absent", what, table.path, listing([key[0] for key in absent], 5), _HINT))
        elif len(absent):
            filled += len(absent) * frame.shape[1]
            if seen and not absent_is_zero:
                problems.append(lost_features_problem(table.path, seen, configured=False))
    columns = [name for frame in keyed for name in frame.columns]
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        what = "two files of this archive have a sample of the same name"
        hint = "take one of them out of the archive, or rename its sample"
        problems.append(Problem("sample_in_two_files", what, path, listing(repeated), hint, samples=tuple(repeated)))
    if problems:
        raise ProblemsFound(problems)
    counts = pd.concat([frame.reindex(index, fill_value=0) for frame in keyed], axis=1).reset_index(drop=True)
    isomirs = None
    if all(table.isomirs is not None for table in tables):
        keys = ["source_id", "variant", "sequence"]
        parts = [table.isomirs.groupby(keys, sort=False).sum() for table in tables if table.isomirs is not None]
        isomirs = pd.concat(parts, axis=1).fillna(0).reset_index()
        if not any(table.fractional for table in tables):
            isomirs = isomirs.astype(dict.fromkeys(counts.columns, "int64"))
    kinds = {key: kind for t in tables if t.biotypes for key, kind in zip(_keys(t.ids), t.biotypes, strict=True)}
    return replace(
        tables[0],
        path=path,
        ids=[key[0] for key in index],
        rows=[first[key] for key in index],
        counts=counts,
        notes=[
            *([f"{filled} cells are filled with zero: features that a file has no row of"] if filled else []),
            f"an archive of {len(tables)} files, put side by side; `row` is that of the first file with the feature",
            *dict.fromkeys(note for table in tables for note in table.notes),
        ],
        fractional=any(table.fractional for table in tables),
        same_feature="sum" if any(table.same_feature == "sum" for table in tables) else tables[0].same_feature,
        biotypes=[kinds.get(key, "miRNA") for key in index] if kinds else None,
        isomirs=isomirs,
        n_left_out=sum(table.n_left_out for table in tables),
        n_filled=filled,
    )


def _keys(ids: Sequence[str]) -> list[tuple[str, int]]:
    """Give each row its id and how often that stood before, so that repeated ids of two files fit each other."""
    texts = pd.Series(ids, dtype=object)
    return list(zip(ids, texts.groupby(texts).cumcount().tolist(), strict=True))


def _name_samples_by_file(tables: Sequence[RawTable]) -> list[RawTable]:
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
    return [
        replace(table.renamed({old: new}), notes=[*table.notes, "samples are named after their files"])
        for table, old, new in zip(tables, names, stems, strict=True)
    ]
