"""From the rows of the input tables to one count matrix, and the ledger of what became of every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from mircargo.names.identify import identify
from mircargo.names.mirbase import load_hairpins, load_mature
from mircargo.problems import Problem, ProblemsFound, did_you_mean, listing
from mircargo.tables.raw import RawTable

FEATURE_COLUMNS = ["feature", "accession", "species", "arm", "family", "seed", "sequence", "n_source_rows"]


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
        One row an input row: `table row source_id feature action reason reads`, the reads over the samples used.
    notes
        How the tables were understood, in words.
    """

    counts: pd.DataFrame
    features: pd.DataFrame
    ledger: pd.DataFrame
    notes: list[str]


def assemble(sources: Sequence[Source], columns: Mapping[str, str], excluded: Sequence[str], species: str) -> Counts:
    """Put the tables of a study together.

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

    Raises
    ------
    ProblemsFound
        With every sample, row or feature that does not fit.
    """
    problems = match_samples(sources, columns, excluded)
    parts, ledgers, notes = [], [], []
    name_of = {column: sample for sample, column in columns.items()}
    for source in sources:
        table = source.table
        identified = identify(table.ids, species)
        used = [column for column in table.counts.columns if column in name_of]
        counts = table.counts[used].rename(columns=name_of)
        how = table.same_feature if source.duplicates == "format" else source.duplicates
        rows = identified.rows.assign(row=table.rows, source_id=table.ids, reads=counts.sum(axis=1).to_numpy())
        problems += _repeated_rows(rows, counts, how, table.path)
        parts.append(_merge_rows(counts, rows["feature"], how))
        ledgers.append(_ledger(rows, how, table.path))
        notes += [f"{table.path}: {note}" for note in (*table.notes, identified.naming) if note]
    problems += _absent_features(sources, parts)
    if problems:
        raise ProblemsFound(problems)
    counts = pd.concat(parts, axis=1, sort=False).fillna(0).astype("int64")[list(columns)]
    counts.index.name = "feature"
    ledger = pd.concat(ledgers, ignore_index=True)
    return Counts(counts, _features(counts.index, ledger, species), ledger.drop(columns="accession"), notes)


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


def _repeated_rows(rows: pd.DataFrame, counts: pd.DataFrame, how: str, path: str) -> list[Problem]:
    if how != "refuse":
        return []
    problems = []
    for feature, group in rows[rows["feature"].duplicated(keep=False)].groupby("feature", sort=False):
        totals = counts.loc[group.index].sum(axis=1)
        found = "; ".join(
            f"row {row} '{id_}' {n:,} reads"
            for row, id_, n in zip(group["row"], group["source_id"], totals, strict=True)
        )
        hint = "say `duplicates: sum` (parts of it) or `duplicates: maximum` (the same reads again), or mend the table"
        problems.append(Problem(f"several rows are {feature}", path, found, hint))
    return problems


def _merge_rows(counts: pd.DataFrame, feature: pd.Series, how: str) -> pd.DataFrame:
    groups = counts.groupby(feature.to_numpy(), sort=False)
    return groups.max() if how == "maximum" else groups.sum()


def _ledger(rows: pd.DataFrame, how: str, path: str) -> pd.DataFrame:
    repeated = rows["feature"].duplicated(keep=False)
    action = pd.Series("kept", index=rows.index)
    action[rows["source_id"] != rows["feature"]] = "renamed"
    action[repeated] = "maximum" if how == "maximum" else "summed"
    action[rows["ambiguous"]] = "ambiguous"
    size = rows.groupby("feature")["feature"].transform("size")
    more = [f"; one of {n} rows of this feature" if n > 1 else "" for n in size]
    return pd.DataFrame(
        {
            "table": path,
            "row": rows["row"],
            "source_id": rows["source_id"],
            "feature": rows["feature"],
            "action": action,
            "reason": rows["reason"] + more,
            "reads": rows["reads"],
            "accession": rows["accession"],
        }
    )


def _absent_features(sources: Sequence[Source], parts: Sequence[pd.DataFrame]) -> list[Problem]:
    everything = parts[0].index
    for part in parts[1:]:
        everything = everything.union(part.index, sort=False)
    problems = []
    for source, part in zip(sources, parts, strict=True):
        absent = everything.difference(part.index, sort=False)
        if len(absent) and not source.absent_is_zero:
            what = f"{len(absent)} features of the other tables have no row here"
            hint = "say `absent_is_zero: true` of this table if it leaves out features without reads"
            problems.append(Problem(what, source.table.path, listing(absent, 5), hint))
    return problems


def _features(index: pd.Index, ledger: pd.DataFrame, species: str) -> pd.DataFrame:
    by_feature = ledger.groupby("feature", sort=False)
    features = pd.DataFrame({"accession": by_feature["accession"].first(), "n_source_rows": by_feature.size()}).reindex(
        index
    )
    mature = load_mature().set_index("accession")[["species", "arm", "family", "seed", "sequence"]]
    hairpins = load_hairpins().set_index("accession")[["species", "family"]]
    facts = pd.concat([mature, hairpins]).reindex(features["accession"]).set_axis(features.index)
    table = features.join(facts).reset_index(names="feature")[FEATURE_COLUMNS]
    return table.astype(object).replace("", pd.NA)
