"""From the rows of the input tables to one count matrix, and the ledger of what became of every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import pandas as pd

from mircargo.features.balance import add_up, balance_of
from mircargo.features.describe import biotypes_of, describe_features
from mircargo.features.identify import identify
from mircargo.features.isomirs import join_isomirs
from mircargo.features.loci import repeated_rows
from mircargo.features.name_history import Vocabulary
from mircargo.features.parts import MergedTable, Source, merge, merge_loci_how, naming_notes, read_rows, rounded
from mircargo.features.sample_columns import match_columns, stack_tables
from mircargo.features.spike_ins import names_without_row
from mircargo.inputs.absent import lost_features, lost_features_problem
from mircargo.inputs.raw import RawTable
from mircargo.problems import Problem, ProblemsFound, listing
from mircargo.results.contract import BALANCE_TABLE

ROW_COLUMNS = ["table", "row", "source_id", "feature", "level", "ambiguous", "biotype", "variant", "kept", "reads"]

__all__ = ["ROW_COLUMNS", "Counts", "Source", "assemble"]


@dataclass(frozen=True)
class Counts:
    """The count matrix of a study.

    Attributes
    ----------
    counts
        Features x samples, integers; samples in the order of the sheet.
    features
        One row per feature, as in `counts/features.tsv`.
    ledger
        One row per input row: `table row source_id feature action reason reads`, the reads over the samples used,
        before rounding.
    notes
        How the tables were read, in words.
    balance
        One row per sample: `sample input_reads kept_reads dropped_reads repeated_reads rounding`, where the first
        number is the sum of the others (see `balance_of`).
    isomirs
        One row per isomiR, if a table has them: `feature accession variant sequence`, then the samples in the order
        of the sheet; as in the table, so not rounded. Of features that were kept only.
    spike_ins
        Spike-ins x samples, integers; missing where the sample's table has no row of a spike-in.
    warnings
        What a user has to know about how the tables were joined.
    rows
        One row per input row, as in the ledger: what it was identified as, columns `ROW_COLUMNS`.
    n_filled
        How many cells of features x samples are zero because a table has no row of the feature.
    n_left_out
        How many rows and columns of the tables are not counts of a feature in a sample: sums, other units, tests.
    in_short
        What was counted, in a paragraph, once the study has been looked at (`check.examine_study`).
    """

    counts: pd.DataFrame
    features: pd.DataFrame
    ledger: pd.DataFrame
    notes: list[str]
    balance: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BALANCE_TABLE.columns)))
    isomirs: pd.DataFrame | None = None
    spike_ins: pd.DataFrame = field(default_factory=pd.DataFrame)
    warnings: list[Problem] = field(default_factory=list)
    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ROW_COLUMNS))
    n_filled: int = 0
    n_left_out: int = 0
    in_short: str = ""


def assemble(
    sources: Sequence[Source],
    columns: Mapping[str, str],
    excluded: Sequence[str],
    names: Vocabulary,
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
        Sample -> its column in the tables, in the order wanted; or several columns (`sheet.Columns`: lanes, runs,
        technical replicates), whose reads are added up.
    excluded
        Columns of the tables that are left out on purpose.
    names
        What names mean in the study's species.
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
    named, notes = _name_rows(sources, names)
    species = names.species
    samples, problems = match_columns(sources, columns, excluded, lambda at: _kinds(sources[at], named[at], species))
    known = [
        read_rows(source, rows, own, species, biotypes, spike_ins)
        for source, rows, own in zip(sources, named, samples, strict=True)
    ]
    loci, about_loci = merge_loci_how(known)
    parts = [merge(table, loci.get(table.source.table.format, "sum")) for table in known]
    notes += about_loci
    problems += names_without_row(spike_ins, [part.rows for part in parts])
    for part in parts:
        used = part.rows["kept"] | part.rows["spike_in"]
        problems += repeated_rows(part.rows[used], part.path) if part.configured_how == "refuse" else []
    absent, filled, n_filled = _absent_features(parts)
    problems += absent
    if any(problem.severity == "error" for problem in problems):
        raise ProblemsFound(problems)
    counts = add_up(pd.concat([rounded(part.merged) for part in parts], axis=1, sort=False))
    counts = counts.fillna(0).astype("int64")[list(columns)]
    counts.index.name = "feature"
    everything = pd.concat([part.rows for part in parts], ignore_index=True)
    return Counts(
        counts,
        describe_features(counts.index, everything[everything["kept"]], names.own_facts),
        pd.concat([_ledger(part) for part in parts], ignore_index=True),
        [*names.notes, *notes, *naming_notes(parts, biotypes), *filled],
        balance_of(counts, *zip(*[(part.merged, part.given, part.rows["kept"]) for part in parts], strict=True)),
        join_isomirs([part.isomirs for part in parts], list(columns)),
        _join_spike_ins(parts, list(columns)),
        problems,
        pd.concat([part.rows.assign(table=part.path)[ROW_COLUMNS] for part in parts], ignore_index=True),
        n_filled + sum(source.table.n_filled for source in sources),
        sum(source.table.n_left_out for source in sources),
    )


def _kinds(source: Source, named: pd.DataFrame, species: str) -> set[str]:
    rows = named.loc[source.table.ids].reset_index()
    return set(biotypes_of(rows, source.table.biotypes, species))


def _name_rows(sources: Sequence[Source], names: Vocabulary) -> tuple[list[pd.DataFrame], list[str]]:
    """Identify the ids of each table and of its isomiRs; return one table per source, indexed by id, and the notes."""
    groups: dict[object, list[RawTable]] = {}
    for position, source in enumerate(sources):
        alone = source.table.counts.shape[1] == 1
        groups.setdefault(source.table.format if alone else position, []).append(source.table)
    found, notes = {}, []
    for tables in groups.values():
        ids = list(dict.fromkeys(text for table in tables for text in _ids_of(table)))
        identified = identify(ids, names)
        rows = pd.concat([identified.rows, identified.parts], axis=1).set_axis(pd.Index(ids, name="source_id"))
        for table in tables:
            found[id(table)] = rows
            notes += [f"{table.path}: {note}" for note in table.notes if note]
        if identified.naming:
            notes.append(f"{listing([table.path for table in tables], 1)}: {identified.naming}")
    return [found[id(source.table)] for source in sources], notes


def _ids_of(table: RawTable) -> list[str]:
    return table.ids if table.isomirs is None else [*table.ids, *table.isomirs["source_id"]]


def _join_spike_ins(parts: Sequence[MergedTable], samples: Sequence[str]) -> pd.DataFrame:
    """Put the spike-ins of the tables side by side; where a table has no row of one, its reads are not known."""
    table = add_up(pd.concat([part.spike_ins.astype("Int64") for part in parts], axis=1, sort=False))
    for part in parts:
        if part.absent_is_zero:
            table[part.given.columns] = table[part.given.columns].fillna(0)
    return table[samples].rename_axis("feature")


def _ledger(part: MergedTable) -> pd.DataFrame:
    rows = part.rows
    kept = rows["kept"]
    used = rows[kept | rows["spike_in"]]
    size = used.groupby("feature")["feature"].transform("size").reindex(rows.index, fill_value=1)
    action = pd.Series("kept", index=rows.index)
    action[rows["source_id"] != rows["feature"]] = "renamed"
    action[size > 1] = "maximum" if part.how == "maximum" else "summed"
    action[rows["ambiguous"]] = "ambiguous"
    action[~kept] = "dropped"
    reason = rows["reason"] + ("; one of " + size.astype(str) + " rows of this feature").where(size > 1, "")
    reason[rows["rounded"]] += "; rounded, for the program shares reads out in fractions"
    reason[rows["spike_in"]] += "; a spike-in by the configuration: it stands in counts/spike_ins.tsv and is not fitted"
    left_out = ~kept & ~rows["spike_in"]
    kinds = rows.loc[left_out, "biotype"]
    reason[left_out] += "; left out: the configuration does not list " + kinds + " under `biotypes`"
    table = rows[["row", "source_id", "feature"]].assign(action=action, reason=reason, reads=rows["reads"])
    table.insert(0, "table", part.path)
    return table


def _absent_features(parts: Sequence[MergedTable]) -> tuple[list[Problem], list[str], int]:
    """Report features of other tables that a table has no row for, or how many cells are filled with zero.

    Tables of the same libraries with other kinds of RNA are one table in parts.
    """
    everything = reduce(lambda one, other: one.union(other, sort=False), [part.merged.index for part in parts])
    problems: list[Problem] = []
    filled: list[tuple[str, int]] = []
    features: set[str] = set()
    together = stack_tables([set(part.given.columns) for part in parts], [set(part.rows["biotype"]) for part in parts])
    stacked = [[parts[at] for at in stack] for stack in together]
    joined = [pd.concat([part.merged for part in stack]) for stack in stacked]
    for stack, merged, seen in zip(stacked, joined, lost_features(joined), strict=True):
        absent = everything.difference(merged.index, sort=False)
        if not len(absent):
            continue
        where = listing(part.path for part in stack)
        if not any(part.absent_is_zero for part in stack):
            what = f"{len(absent)} features of the other tables have no row here"
            hint = "set `absent_is_zero: true` for this table if it leaves out features without reads"
            problems.append(Problem("features_absent", what, where, listing(absent, 5), hint))
            continue
        filled.append((stack[0].path, len(absent) * merged.shape[1]))
        features |= set(absent)
        if seen:
            configured = any(part.source.absent_is_zero for part in stack)
            problems.append(lost_features_problem(where, seen, configured))
    number = sum(cells for _, cells in filled)
    if not filled:
        return problems, [], number
    paths = listing([path for path, _ in filled], 1)
    which = f"{len(features)} features of the other tables have no row in them, such as {listing(sorted(features), 3)}"
    return problems, [f"{paths}: {number:,} cells are filled with zero: {which}"], number
