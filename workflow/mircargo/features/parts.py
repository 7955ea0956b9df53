"""One table of a study: what its rows are, and how rows of one feature are merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mircargo.features.balance import DECIMALS, add_up
from mircargo.features.describe import biotypes_of
from mircargo.features.isomirs import name_isomirs
from mircargo.features.loci import decide_loci, merge_rows, notes_on_names
from mircargo.features.spike_ins import find_spike_ins
from mircargo.inputs.raw import RawTable
from mircargo.problems import listing
from mircargo.vocabulary import Biotype


@dataclass(frozen=True)
class Source:
    """A table as read, and what the configuration says of it."""

    table: RawTable
    duplicates: Literal["format", "refuse", "sum", "maximum"] = "format"
    absent_is_zero: bool = False


@dataclass(frozen=True)
class IdentifiedTable:
    """One table of a study whose rows are known.

    Attributes
    ----------
    source
        The table, and what the configuration says of it.
    rows
        What each input row is: `source_id feature accession level ambiguous reason locus variant biotype`, its reads,
        and whether it is kept.
    given
        Input rows x samples of the study.
    isomirs
        One row per isomiR, its feature named, if the table has them.
    name_of
        Column of the table -> sample.
    """

    source: Source
    rows: pd.DataFrame
    given: pd.DataFrame
    isomirs: pd.DataFrame | None
    name_of: Mapping[str, str]

    @property
    def configured_how(self) -> str:
        """What its format or the configuration says of rows of one feature."""
        return self.source.table.same_feature if self.source.duplicates == "format" else self.source.duplicates

    @property
    def path(self) -> str:
        return self.source.table.path

    @property
    def absent_is_zero(self) -> bool:
        return self.source.absent_is_zero or self.source.table.absent_is_zero


@dataclass(frozen=True)
class MergedTable(IdentifiedTable):
    """A table whose rows of one feature are merged.

    Attributes
    ----------
    merged, spike_ins
        Features, and spike-ins, x samples; the spike-ins are rounded.
    how
        How rows of one feature became one: `sum` or `maximum`.
    """

    merged: pd.DataFrame
    spike_ins: pd.DataFrame
    how: str


def read_rows(
    source: Source,
    named: pd.DataFrame,
    name_of: Mapping[str, str],
    species: str,
    biotypes: Sequence[str] | None,
    spike_ins: Sequence[str],
) -> IdentifiedTable:
    """Identify the rows of a table, and say which are kept; parameters as of `ledger.assemble`.

    `named` is what `identify` found for each id, indexed by id; `name_of` the sample of each column of the table.
    """
    table = source.table
    own = [column for column in table.counts.columns if column in name_of]
    given = add_up(table.counts[own].rename(columns=name_of).reset_index(drop=True))
    rows = named.loc[table.ids].reset_index().assign(row=table.rows, reads=_tidy(given.sum(axis=1)).to_numpy())
    rows["biotype"] = biotypes_of(rows, table.biotypes, species)
    rows["guessed"] = True if table.biotypes is None else [not kind for kind in table.biotypes]
    added = find_spike_ins(rows, spike_ins)
    rows["spike_in"], rows["feature"] = added.notna(), added.fillna(rows["feature"])
    listed = rows["biotype"].isin([*biotypes, Biotype.UNKNOWN]) if biotypes is not None else True
    rows["kept"] = ~rows["spike_in"] & listed
    isomirs = _isomirs_of(table, rows)
    if isomirs is not None:
        facts = named.loc[isomirs["source_id"], ["feature", "accession"]].reset_index(drop=True)
        isomirs = pd.concat([facts, isomirs.drop(columns="source_id").reset_index(drop=True)], axis=1)
    return IdentifiedTable(source, rows, given, isomirs, name_of)


def merge_loci_how(tables: Sequence[IdentifiedTable]) -> tuple[dict[str, str], list[str]]:
    """Say, by format, what becomes of the loci of tables whose rows are not to be repeated; and the notes of it."""
    by_format: dict[str, list[IdentifiedTable]] = {}
    for table in tables:
        if table.configured_how == "refuse":
            by_format.setdefault(table.source.table.format, []).append(table)
    found, notes = {}, []
    for name, group in by_format.items():
        used = [table.rows["kept"] | table.rows["spike_in"] for table in group]
        found[name], note = decide_loci(
            [(table.given[mask], table.rows[mask]) for table, mask in zip(group, used, strict=True)]
        )
        notes += [f"{listing([table.path for table in group], 1)}: {note}"] if note else []
    return found, notes


def merge(table: IdentifiedTable, loci: str) -> MergedTable:
    """Merge the rows of each feature; `loci` says how, where the table should not have repeated rows."""
    rows, given = table.rows, table.given
    how = loci if table.configured_how == "refuse" else table.configured_how
    merged, aside = (merge_rows(given[rows[part]], rows[rows[part]], how) for part in ("kept", "spike_in"))
    used = rows["kept"] | rows["spike_in"]
    rows = rows.assign(rounded=used & rows["feature"].isin([*_with_fractions(merged), *_with_fractions(aside)]))
    isomirs = None
    if table.isomirs is not None:
        isomirs = name_isomirs(table.isomirs, set(merged.index), table.name_of, how)
    return MergedTable(table.source, rows, given, isomirs, table.name_of, merged, rounded(aside), how)


def naming_notes(parts: Sequence[MergedTable], biotypes: Sequence[str] | None) -> list[str]:
    """Return notes on rows identified by their names alone; tables of one sample and format share a note."""
    groups: dict[object, list[MergedTable]] = {}
    for at, part in enumerate(parts):
        alone = part.source.table.counts.shape[1] == 1
        groups.setdefault(part.source.table.format if alone else at, []).append(part)
    notes = []
    for group in groups.values():
        rows = pd.concat([part.rows[~part.rows["spike_in"]] for part in group], ignore_index=True)
        paths = listing([part.path for part in group], 1)
        notes += [f"{paths}: {note}" for note in notes_on_names(rows, biotypes is None)]
    return notes


def _isomirs_of(table: RawTable, rows: pd.DataFrame) -> pd.DataFrame | None:
    """Return the isomiRs of a table: its own, or its rows where some are named as isomiRs."""
    if table.isomirs is not None or not (rows["variant"] != "").any():
        return table.isomirs
    given = pd.DataFrame({"source_id": table.ids, "variant": rows["variant"], "sequence": ""})
    return pd.concat([given, table.counts.reset_index(drop=True)], axis=1)


def _with_fractions(merged: pd.DataFrame) -> pd.Index:
    """Return the features one of whose counts is no integer."""
    shared = merged.select_dtypes("float")
    return merged.index[(shared - shared.round()).abs().gt(10.0**-DECIMALS).any(axis=1)]


def rounded(merged: pd.DataFrame) -> pd.DataFrame:
    """Round half to even, after what sums of fractions lack by binary arithmetic."""
    floats = merged.select_dtypes("float").columns
    return merged.assign(**merged[floats].round(DECIMALS).round()) if len(floats) else merged


def _tidy(values: pd.Series) -> pd.Series:
    """Return integers where all of them are."""
    rounded = values.round(DECIMALS)
    return rounded.astype("int64") if np.array_equal(rounded, np.rint(rounded)) else rounded
