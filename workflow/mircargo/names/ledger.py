"""From the rows of the input tables to one count matrix, and the ledger of what became of every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from mircargo.names.balance import BALANCE_COLUMNS, DECIMALS, balance_of
from mircargo.names.features import FEATURE_COLUMNS, UNKNOWN, biotypes_of, describe_features
from mircargo.names.identify import identify
from mircargo.names.isomers import join_isomers, name_isomers
from mircargo.names.matching import match_samples
from mircargo.names.spike_ins import find_spike_ins, names_without_row
from mircargo.problems import Problem, ProblemsFound, listing
from mircargo.tables.absent import absent_but_seen, seen_everywhere
from mircargo.tables.raw import RawTable

__all__ = ["FEATURE_COLUMNS", "Counts", "Source", "assemble", "match_samples"]


@dataclass(frozen=True)
class Source:
    """A table as read, and what the configuration says of it."""

    table: RawTable
    duplicates: Literal["format", "refuse", "sum", "maximum"] = "format"
    absent_is_zero: bool = False


@dataclass(frozen=True)
class Counts:
    """The count matrix of a study.

    Attributes
    ----------
    counts
        Features x samples, integers; samples in the order of the sheet.
    features
        One row a feature, columns `FEATURE_COLUMNS`.
    ledger
        One row an input row: `table row source_id feature action reason reads`, the reads over the samples used,
        before rounding.
    notes
        How the tables were understood, in words.
    balance
        One row a sample: `sample input_reads kept_reads dropped_reads repeated_reads rounding`, where the first
        number is the sum of the others (see `balance_of`).
    isomers
        One row an isomer, if a table has them: `feature accession variant sequence`, then the samples in the order
        of the sheet; as in the table, so not rounded. Of features that were kept only.
    spike_ins
        Spike-ins x samples, integers; missing where the sample's table has no row of a spike-in.
    warnings
        What a user has to know of how the tables were put together.
    """

    counts: pd.DataFrame
    features: pd.DataFrame
    ledger: pd.DataFrame
    notes: list[str]
    balance: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=BALANCE_COLUMNS))
    isomers: pd.DataFrame | None = None
    spike_ins: pd.DataFrame = field(default_factory=pd.DataFrame)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Part:
    """One table of a study on its way into the matrix."""

    source: Source
    rows: pd.DataFrame
    given: pd.DataFrame
    merged: pd.DataFrame
    spike_ins: pd.DataFrame
    how: str
    isomers: pd.DataFrame | None

    @property
    def path(self) -> str:
        return self.source.table.path

    @property
    def absent_is_zero(self) -> bool:
        return self.source.absent_is_zero or self.source.table.absent_is_zero


def assemble(
    sources: Sequence[Source],
    columns: Mapping[str, str],
    excluded: Sequence[str],
    species: str,
    biotypes: Sequence[str] | None = None,
    spike_ins: Sequence[str] = (),
) -> Counts:
    """Put the tables of a study together.

    Rows of one feature are summed, or their maximum is taken, as the format or the configuration says; fractions
    are rounded after that, half to even. Tables of one sample each and of one format are named together, so that a
    short one does not lack the names that tell its release.

    Parameters
    ----------
    sources
        The tables.
    columns
        Sample -> its column in the tables, in the order wanted.
    excluded
        Columns of the tables that are left out on purpose.
    species
        miRBase's letters: mmu, rno or hsa.
    biotypes
        Kinds of RNA to keep; None keeps all. Rows whose kind nobody states (`unknown`: a user's own features) are
        kept always, for nothing says that they are of another kind.
    spike_ins
        Names of rows to keep aside, whatever their kind; `*` and `?` stand for any letters.

    Raises
    ------
    ProblemsFound
        With every sample, row or feature that does not fit.
    """
    problems = match_samples(sources, columns, excluded)
    named, notes = _name_rows(sources, species)
    parts = [
        _part(source, rows, columns, species, biotypes, spike_ins) for source, rows in zip(sources, named, strict=True)
    ]
    problems += names_without_row(spike_ins, [part.rows for part in parts])
    for part in parts:
        problems += _repeated_rows(part)
    absent, filled = _absent_features(parts)
    problems += [problem for problem in absent if problem.severity == "error"]
    if problems:
        raise ProblemsFound(problems)
    counts = pd.concat([_rounded(part.merged) for part in parts], axis=1, sort=False)
    counts = counts.fillna(0).astype("int64")[list(columns)]
    counts.index.name = "feature"
    everything = pd.concat([part.rows for part in parts], ignore_index=True)
    return Counts(
        counts,
        describe_features(counts.index, everything[everything["kept"]]),
        pd.concat([_ledger(part) for part in parts], ignore_index=True),
        [*notes, *filled],
        balance_of(counts, *zip(*[(part.merged, part.given, part.rows["kept"]) for part in parts], strict=True)),
        join_isomers([part.isomers for part in parts], list(columns)),
        _join_spike_ins(parts, list(columns)),
        absent,
    )


def _name_rows(sources: Sequence[Source], species: str) -> tuple[list[pd.DataFrame], list[str]]:
    """Identify the ids of each table and of its isomers; return one table a source, indexed by id, and the notes."""
    groups: dict[object, list[RawTable]] = {}
    for position, source in enumerate(sources):
        alone = source.table.counts.shape[1] == 1
        groups.setdefault(source.table.format if alone else position, []).append(source.table)
    found, notes = {}, []
    for tables in groups.values():
        ids = list(dict.fromkeys(text for table in tables for text in _ids_of(table)))
        identified = identify(ids, species)
        rows = identified.rows.set_axis(pd.Index(ids, name="source_id"))
        for table in tables:
            found[id(table)] = rows
            notes += [f"{table.path}: {note}" for note in table.notes if note]
        if identified.naming:
            more = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
            notes.append(f"{tables[0].path}{more}: {identified.naming}")
    return [found[id(source.table)] for source in sources], notes


def _ids_of(table: RawTable) -> list[str]:
    return table.ids if table.isomers is None else [*table.ids, *table.isomers["source_id"]]


def _part(
    source: Source,
    named: pd.DataFrame,
    columns: Mapping[str, str],
    species: str,
    biotypes: Sequence[str] | None,
    spike_ins: Sequence[str],
) -> _Part:
    table = source.table
    name_of = {column: sample for sample, column in columns.items()}
    given = table.counts[[column for column in table.counts.columns if column in name_of]].rename(columns=name_of)
    given = given.reset_index(drop=True)
    rows = named.loc[table.ids].reset_index().assign(row=table.rows, reads=_tidy(given.sum(axis=1)).to_numpy())
    rows["biotype"] = biotypes_of(rows, table.biotypes, species)
    added = find_spike_ins(rows, spike_ins)
    rows["spike_in"], rows["feature"] = added.notna(), added.fillna(rows["feature"])
    rows["kept"] = ~rows["spike_in"] & (rows["biotype"].isin([*biotypes, UNKNOWN]) if biotypes is not None else True)
    how = table.same_feature if source.duplicates == "format" else source.duplicates
    used = rows["kept"] | rows["spike_in"]
    merged, aside = (
        _merge_rows(given[rows[part]], rows.loc[rows[part], "feature"], how) for part in ("kept", "spike_in")
    )
    rows["rounded"] = used & rows["feature"].isin([*_with_fractions(merged), *_with_fractions(aside)])
    isomers = None if table.isomers is None else name_isomers(table.isomers, named, set(merged.index), name_of, how)
    return _Part(source, rows, given, merged, _rounded(aside), how, isomers)


def _with_fractions(merged: pd.DataFrame) -> pd.Index:
    """Return the features one of whose counts is no integer."""
    shared = merged.select_dtypes("float")
    return merged.index[(shared - shared.round()).abs().gt(10.0**-DECIMALS).any(axis=1)]


def _join_spike_ins(parts: Sequence[_Part], samples: Sequence[str]) -> pd.DataFrame:
    """Put the spike-ins of the tables side by side; where a table has no row of one, its reads are not known."""
    table = pd.concat([part.spike_ins.astype("Int64") for part in parts], axis=1, sort=False)
    for part in parts:
        if part.absent_is_zero:
            table[part.given.columns] = table[part.given.columns].fillna(0)
    return table[samples].rename_axis("feature")


def _rounded(merged: pd.DataFrame) -> pd.DataFrame:
    """Round half to even, after what sums of fractions lack by binary arithmetic."""
    floats = merged.select_dtypes("float").columns
    return merged.assign(**merged[floats].round(DECIMALS).round()) if len(floats) else merged


def _tidy(values: pd.Series) -> pd.Series:
    """Return integers where all of them are."""
    rounded = values.round(DECIMALS)
    return rounded.astype("int64") if np.array_equal(rounded, np.rint(rounded)) else rounded


def _repeated_rows(part: _Part) -> list[Problem]:
    if part.how != "refuse":
        return []
    problems = []
    kept = part.rows[part.rows["kept"] | part.rows["spike_in"]]
    for feature, group in kept[kept["feature"].duplicated(keep=False)].groupby("feature", sort=False):
        found = "; ".join(
            f"row {row} '{id_}' {n:,} reads"
            for row, id_, n in zip(group["row"], group["source_id"], group["reads"], strict=True)
        )
        hint = "say `duplicates: sum` (parts of it) or `duplicates: maximum` (the same reads again), or mend the table"
        problems.append(Problem(f"several rows are {feature}", part.path, found, hint))
    return problems


def _merge_rows(counts: pd.DataFrame, feature: pd.Series, how: str) -> pd.DataFrame:
    groups = counts.groupby(feature.to_numpy(), sort=False)
    return groups.max() if how == "maximum" else groups.sum()


def _ledger(part: _Part) -> pd.DataFrame:
    rows = part.rows
    kept = rows["kept"]
    used = rows[kept | rows["spike_in"]]
    size = used.groupby("feature")["feature"].transform("size").reindex(rows.index, fill_value=1)
    action = pd.Series("kept", index=rows.index)
    action[rows["source_id"] != rows["feature"]] = "renamed"
    action[size > 1] = "maximum" if part.how == "maximum" else "summed"
    action[rows["ambiguous"]] = "ambiguous"
    action[~kept] = "dropped"
    more = [f"; one of {n} rows of this feature" if n > 1 else "" for n in size]
    rounded = ["; rounded, for the program shares reads out in fractions" if each else "" for each in rows["rounded"]]
    left_out = [
        ""
        if each
        else "; a spike-in by the configuration: it stands in counts/spike_ins.tsv and is not fitted"
        if spike_in
        else f"; left out: the configuration does not list {biotype} under `biotypes`"
        for each, spike_in, biotype in zip(kept, rows["spike_in"], rows["biotype"], strict=True)
    ]
    reason = rows["reason"] + more + rounded + left_out
    table = rows[["row", "source_id", "feature"]].assign(action=action, reason=reason, reads=rows["reads"])
    table.insert(0, "table", part.path)
    return table


def _absent_features(parts: Sequence[_Part]) -> tuple[list[Problem], list[str]]:
    """Ask about features of other tables that a table has no row of, or say how many cells are filled with zero."""
    everything = parts[0].merged.index
    for part in parts[1:]:
        everything = everything.union(part.merged.index, sort=False)
    problems: list[Problem] = []
    filled: list[tuple[str, int]] = []
    features: set[str] = set()
    for part, seen in zip(parts, seen_everywhere([part.merged for part in parts]), strict=True):
        absent = everything.difference(part.merged.index, sort=False)
        if not len(absent):
            continue
        if not part.absent_is_zero:
            what = f"{len(absent)} features of the other tables have no row here"
            hint = "say `absent_is_zero: true` of this table if it leaves out features without reads"
            problems.append(Problem(what, part.path, listing(absent, 5), hint))
            continue
        filled.append((part.path, len(absent) * part.merged.shape[1]))
        features |= set(absent)
        if seen:
            problems.append(absent_but_seen(part.path, seen, part.source.absent_is_zero))
    if not filled:
        return problems, []
    more = f" and {len(filled) - 1} more" if len(filled) > 1 else ""
    number = sum(cells for _, cells in filled)
    which = f"{len(features)} features of the other tables have no row in them, such as {listing(sorted(features), 3)}"
    return problems, [f"{filled[0][0]}{more}: {number:,} cells are filled with zero: {which}"]
