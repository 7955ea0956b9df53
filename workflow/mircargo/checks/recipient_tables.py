"""The recipient's own tables: its counts with their sheet and contrast, or its results; and what is known of genes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mircargo.checks.recipient_libraries import unusable_libraries, without_key
from mircargo.config import FetchedTable, Recipient, Study, Thresholds, fetched_path
from mircargo.config.count_table import CountTable
from mircargo.features.parts import Source
from mircargo.features.sample_columns import match_columns
from mircargo.inputs.cells import share_of_mirnas
from mircargo.inputs.fetch import sha256_of
from mircargo.inputs.gene_ids import WORDS, kind_of
from mircargo.inputs.gene_matching import ENOUGH, OwnGenes, match_genes
from mircargo.inputs.recipient.counts import read_gene_counts
from mircargo.inputs.recipient.genes import read_gene_table
from mircargo.inputs.recipient.results import read_gene_results
from mircargo.inputs.row_names import DATE
from mircargo.inputs.sheet import read_sheet
from mircargo.model.design.matrix import contrast_design
from mircargo.model.design.samples import contrast_samples, unknown_columns
from mircargo.problems import Problem, ProblemsFound, Severity, listing, raise_if_no_file, refusal


@dataclass(frozen=True)
class OwnTables:
    """The recipient as its tables have it.

    Attributes
    ----------
    path
        The table of counts or results.
    genes
        Its genes, with all identifiers of them.
    counts
        Genes x samples of its sheet; None where there are results.
    changes
        Results, a row a gene; None where there are counts.
    facts
        By gene: `utr3_length` and `gc` where a table of genes has them.
    notes
        How they were read, in words.
    """

    path: str
    genes: OwnGenes
    counts: pd.DataFrame | None = None
    changes: pd.DataFrame | None = None
    facts: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: list[str] = field(default_factory=list)


def path_of(study: str, table: CountTable | FetchedTable) -> str:
    """Return the path of a table, which has to be there and to have its checksum.

    Raises
    ------
    ProblemsFound
        Where it is not, or has not.
    """
    path = fetched_path(study, table)
    raise_if_no_file(path)
    if table.sha256 and (found := _sha256(path)) not in (None, table.sha256):
        hint = "if the change is meant, correct `sha256`; else delete the file, it is fetched again"
        raise refusal("other_checksum", "this file does not have the configured checksum", path, str(found), hint)
    return path


def _sha256(path: str) -> str | None:
    try:
        return sha256_of(path)
    except OSError:  # what reads it says why
        return None


def read_own(name: str, study: Study, thresholds: Thresholds, problems: list[Problem]) -> OwnTables:
    """Read the recipient's tables; warnings are added to `problems`.

    Raises
    ------
    ProblemsFound
        Where one cannot be used.
    """
    recipient = study.recipient
    assert recipient is not None  # asked for only where it is configured
    own = (
        _from_results(name, recipient, problems)
        if recipient.counts is None
        else _from_counts(name, study, recipient, thresholds, problems)
    )
    return own if recipient.genes is None else _with_facts(own, recipient.genes)


def _from_counts(
    name: str, study: Study, recipient: Recipient, thresholds: Thresholds, problems: list[Problem]
) -> OwnTables:
    table, contrast, samples = recipient.counts, recipient.contrast, recipient.samples
    assert table is not None  # the model of the configuration wants all three
    assert contrast is not None
    assert samples is not None
    found: list[Problem] = []
    where = f"studies.{name}.recipient"
    path = path_of(name, table)
    try:
        sheet = read_sheet(samples)
    except ProblemsFound as error:
        found, sheet = error.problems, None
    try:
        read = read_gene_counts(path, table)
    except ProblemsFound as error:
        raise ProblemsFound([*error.problems, *found]) from None
    if sheet is None:
        raise ProblemsFound(found)
    _refuse_mirnas(read.table.ids, path)
    match = match_columns([Source(read.table)], sheet["column"].to_dict(), [])
    found += map(without_key, match.problems)
    found += unknown_columns(sheet, recipient.numeric, f"{where}.numeric")
    try:
        contrast_design(sheet, contrast, recipient.numeric, f"{where}.contrast")
    except ProblemsFound as error:
        found += error.problems
    try:
        found += pairing_problems(study, sheet, where)
    except ProblemsFound as error:
        found += error.problems
    by_sample = read.table.counts[list(match.samples[0])].T.groupby(match.samples[0], sort=False).sum().T
    counts = by_sample[[sample for sample in sheet.index if sample in by_sample]].set_axis(
        pd.Index(read.table.ids, name="gene")
    )
    found += unusable_libraries(counts, path)
    if any(problem.severity == "error" for problem in found):
        raise ProblemsFound(found)
    problems += found
    ids = read.ids.set_axis(counts.index)
    notes = list(read.table.notes)
    if counts.index.has_duplicates:
        again = counts.index[counts.index.duplicated()].unique()
        if table.duplicates == "refuse":
            what = "genes with several rows, and `duplicates: refuse`"
            raise refusal("repeated_genes", what, path, listing(map(repr, again), 4), "give each gene one row")
        together = counts.groupby(level=0, sort=False)
        counts = together.max() if table.duplicates == "maximum" else together.sum()
        ids = ids[~ids.index.duplicated()]
        notes.append(f"several rows of a gene are put together: {listing(map(repr, again), 4)}")
    totals = counts.sum(axis=1).to_numpy(dtype=float)
    own = OwnGenes(with_parts(ids), totals, totals >= max(thresholds.min_total_count, 1))
    return OwnTables(path, own, counts=counts, notes=notes)


def _from_results(name: str, recipient: Recipient, problems: list[Problem]) -> OwnTables:
    assert recipient.results is not None  # one of both is required
    path = path_of(name, recipient.results)
    table, ids, notes = read_gene_results(path, recipient.columns)
    _refuse_mirnas(table["gene"].tolist(), path)
    dates = table["gene"].str.match(DATE)
    if dates.any():
        what = "names of genes that a spreadsheet made dates are left out"
        found = listing(map(repr, table["gene"][dates]), 4)
        hint = "use the table from before it was opened there"
        problems.append(Problem("name_is_a_date", what, path, found, hint, "warning"))
    unnamed = table["gene"].isin(["", "NA", "nan"])
    if unnamed.any():
        notes.append(f"{int(unnamed.sum())} rows without a gene are left out")
    kept = ~(dates | unnamed)
    table, ids = table[kept], ids[kept]
    if table["gene"].duplicated().any():
        again = table["gene"][table["gene"].duplicated()].unique()
        order = (
            table.get("baseMean", pd.Series(0.0, table.index)).fillna(-1).sort_values(ascending=False, kind="stable")
        )
        first = table.loc[order.index].drop_duplicates("gene").index.sort_values()
        table, ids = table.loc[first], ids.loc[first]
        notes.append(f"of several rows of a gene the most expressed is taken: {listing(map(repr, again), 4)}")
        if "baseMean" not in table:
            what = "of several rows of a gene the first is taken, as the table has no mean expression"
            found = f"{len(again):,} gene{'s' * (len(again) > 1)}: {listing(map(repr, again), 4)}"
            hint = "give each gene one row, or a column of the mean expression (`columns: {base_mean: ...}`)"
            problems.append(Problem("repeated_genes", what, path, found, hint, "warning"))
    genes = pd.Index(table["gene"], name="gene")
    weight = table["baseMean"].fillna(0).to_numpy() if "baseMean" in table else np.zeros(len(table))
    own = OwnGenes(with_parts(ids.set_axis(genes)), weight, table["log2FoldChange"].notna().to_numpy())
    return OwnTables(path, own, changes=table.reset_index(drop=True), notes=notes)


def _refuse_mirnas(ids: Sequence[str], path: str) -> None:
    if share_of_mirnas(ids) > ENOUGH:
        what, hint = "these are miRNAs, and messenger RNA is needed", "give the table of genes of the recipient cells"
        raise refusal("mirnas_and_no_genes", what, path, listing(map(repr, ids), 3), hint)


def with_parts(ids: pd.DataFrame) -> pd.DataFrame:
    """Return identifiers with the gene itself first; of ids such as `ENSMUSG00000027708.5|Pten` both parts too."""
    genes = pd.Series(ids.index.astype(str), index=ids.index)
    parts = genes.str.extract(r"^((?:ENS[A-Z]*G\d{6,}|FBgn\d{7})(?:\.\d+)?)[|_:;](.+)$")
    table = ids.copy()
    if parts[0].notna().mean() > ENOUGH:
        table.insert(0, "second part of the gene", parts[1])
        table.insert(0, "first part of the gene", parts[0])
    table.insert(0, "gene", genes)
    return table.loc[:, ~table.columns.duplicated()]


def pairing_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """Say that samples of the recipient are not those of the exosomes by their subjects, where sheets have subjects.

    Raises
    ------
    ProblemsFound
        Where the sheet of the study, or a contrast's samples, cannot be read.
    """
    recipient, subject = study.recipient, study.subject
    assert recipient is not None and recipient.contrast is not None  # noqa: PT018 - both are there with counts
    exosomes = read_sheet(study.samples)
    severity: Severity = "error" if recipient.paired else "warning"
    lacking = [path for path, each in ((recipient.samples, sheet), (study.samples, exosomes)) if subject not in each]
    if lacking:
        if not recipient.paired:
            return []
        what = f"`paired` needs a column '{subject}' in both sheets"
        hint = "add it, or leave `paired` out"
        return [Problem("no_subjects", what, listing(map(str, lacking)), "", hint)]
    cargo = study.contrasts[study.cargo_contrast or ""]
    of_exosomes = set(contrast_samples(exosomes, cargo, f"{where}.cargo")[subject].dropna())
    own = contrast_samples(sheet, recipient.contrast, f"{where}.contrast")[subject].dropna()
    alone = own[~own.isin(of_exosomes)]
    without = sorted(of_exosomes - set(own))
    if alone.empty and not without:
        return []
    what = "samples of the recipient are not paired with those of the exosomes"
    parts = []
    if len(alone):
        parts.append(f"{subject} {listing(map(repr, alone.unique()), 4)} of the recipient has no exosomes")
    if without:
        parts.append(f"{subject} {listing(map(repr, without), 4)} of the exosomes has no recipient")
    hint = f"correct the column '{subject}' of one of the sheets"
    hint += ", or leave `paired` out" if recipient.paired else "; both are then compared by their contrasts alone"
    found = "; ".join(parts)
    return [
        Problem("not_paired", what, str(recipient.samples), found, hint, severity, samples=tuple(map(str, alone.index)))
    ]


def _with_facts(own: OwnTables, path: str) -> OwnTables:
    """Put what a table of genes has to the recipient's genes: facts, and further identifiers."""
    table, columns, notes = read_gene_table(path)
    texts = {name: pd.Index(table[name][table[name] != ""].unique()) for name in columns}
    matched = match_genes(own.genes, texts) if texts else None
    if matched is None or matched.shares[0] < ENOUGH:
        what = "the table of genes does not have the recipient's genes"
        found = f"columns {listing(columns, 12) or 'none'}"
        if matched is not None:
            theirs, ours = (listing(map(repr, each)) or "nothing" for each in matched.unmatched)
            by = (
                f"{matched.expressed_matched:,} of {matched.expressed:,} expressed genes match by {WORDS[matched.kind]}"
            )
            found = f"{by}; for instance {theirs} against {ours}"
        raise refusal(
            "genes_do_not_match", what, path, found, "give a table with identifiers as the recipient has them"
        )
    # A gene has a row for each transcript: of their 3'UTRs the longest is taken.
    numbers = {"utr3_length": "max", "gc": "median"}
    by_id = table.groupby(matched.target_column, sort=False)
    of_id = by_id.agg({name: how for name, how in numbers.items() if name in table} | dict.fromkeys(columns, "first"))
    facts = of_id.reindex(matched.target_of).set_axis(matched.target_of.index).reindex(own.genes.ids.index)
    more = facts[columns].add_prefix("genes: ")
    genes = OwnGenes(own.genes.ids.join(more), own.genes.weight, own.genes.expressed)
    notes = [*own.notes, f"{path}: {'; '.join(notes)}; {matched.expressed_matched:,} of {matched.expressed:,} match"]
    kept = facts[[name for name in numbers if name in facts]]
    return OwnTables(own.path, genes, own.counts, own.changes, kept, notes)


def symbols_of(own: OwnTables, of_targets: pd.Series) -> pd.Series:
    """Return the symbol of each gene, where any table has it."""
    for name in own.genes.ids:
        texts = own.genes.ids[name].dropna().astype(str)
        if len(texts) and kind_of(texts) == "symbol":
            return own.genes.ids[name]
    return of_targets.reindex(own.genes.ids.index)
