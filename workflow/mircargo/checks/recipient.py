"""Every problem of the recipient and its targets at once, and the tables that a test of them is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from mircargo.checks.recipient_tables import OwnTables, path_of, read_own, symbols_of
from mircargo.checks.study import collect
from mircargo.checks.target_sites import Sites, dated_genes, families_of, find_sites, refuse_mirnas_of_other_species
from mircargo.config import Config, Study
from mircargo.features.name_history import Vocabulary
from mircargo.features.own_mirbase import names_of_study
from mircargo.features.target_families import read_families, seeds_of
from mircargo.inputs.gene_ids import kind_of
from mircargo.inputs.gene_matching import Matched, match_genes, match_problems, refuse_other_species
from mircargo.inputs.targets.format import RawTargets
from mircargo.inputs.targets.reading import read_targets
from mircargo.problems import Problem, ProblemsFound, Severity, listing, refusal
from mircargo.vocabulary import AS_NAMED, SITE_TYPES

_LETTERS: Final = re.compile(r"[ACGUT]{5,}", re.IGNORECASE)
MOST_TARGETS: Final = 0.5
"""Where more of the genes are targets, few are left that are like them."""
KNOWN_LENGTHS: Final = 0.8
"""Part of the expressed genes whose 3'UTR should be known where a table tells it."""
FEW_GENES: Final = 1_000
"""Tables of fewer genes are chosen ones, and of one miRNA all are its targets."""


@dataclass(frozen=True)
class RecipientTables:
    """What is known of the recipient.

    Attributes
    ----------
    counts
        Genes x samples, raw; None where there are results.
    changes
        Results, a row a gene: `gene log2FoldChange lfcSE baseMean pvalue padj`; None where there are counts.
    sites
        Sites of miRNAs in its genes (`target_sites.Sites`).
    genes
        A row a gene: `gene symbol target_id utr3_length gc`.
    ledger
        What became of all rows, for `recipient/ledger.json`.
    in_short
        What matches, in a sentence.
    """

    counts: pd.DataFrame | None
    changes: pd.DataFrame | None
    sites: pd.DataFrame
    genes: pd.DataFrame
    ledger: dict[str, Any]
    in_short: str


def examine_recipient(config: Config, name: str) -> tuple[list[Problem], RecipientTables | None]:
    """List the problems of a study's recipient and targets, and put its tables together as far as they allow.

    Returns
    -------
    tuple
        Errors, which stop the run, and warnings; and the tables, where there is no error.
    """
    study = config.studies[name]
    problems: list[Problem] = []
    names = collect(problems, names_of_study, name, study)
    raw = collect(problems, _read_targets, name, study)
    assert study.targets is not None  # the model of the configuration wants it with a recipient
    families: dict[str, str] | None = {}
    if study.targets.families is not None:
        families = collect(problems, read_families, study.targets.families, study.species)
    own = collect(problems, read_own, name, study, config.thresholds_of(name), problems)
    if names is None or raw is None or own is None or families is None:
        return list(dict.fromkeys(problems)), None
    study_targets = _StudyTargets(config.target, study, raw, own)
    tables = collect(problems, study_targets.tables, names, families, problems)
    return list(dict.fromkeys(problems)), tables


def _read_targets(name: str, study: Study) -> RawTargets:
    assert study.targets is not None  # the model of the configuration wants it with a recipient
    raw = read_targets(path_of(name, study.targets), study.targets, study.species)
    refuse_mirnas_of_other_species(raw, study.species)
    return raw


@dataclass(frozen=True)
class _StudyTargets:
    """A recipient and a table of targets, both read."""

    target: str
    study: Study
    raw: RawTargets
    own: OwnTables

    def tables(self, names: Vocabulary, families: Mapping[str, str], problems: list[Problem]) -> RecipientTables:
        raw, own = self.raw, self.own
        ids = {column: raw.rows[column].cat.categories for column in raw.layout.ids}
        matched = match_genes(own.genes, ids)
        refuse_other_species(matched, own.genes, ids, raw.path, self.study.species)
        found = match_problems(matched, raw.path, own.path)
        if any(problem.severity == "error" for problem in found):
            raise ProblemsFound(found)
        problems += found
        problems += dated_genes(ids[matched.target_column], raw.path)
        family, unknown = families_of(raw, names, families)
        problems += [*self._unknown_mirnas(family, unknown), *self._unknown_types()]
        own_family = self._target_family(names, families, family)
        sites = find_sites(raw, matched, family, unknown)
        own_targets = sites.sites.loc[sites.sites["family"] == own_family, "gene"].nunique()
        if own_targets > MOST_TARGETS * matched.targets_matched and matched.targets_matched > FEW_GENES:
            what = f"most genes are targets of {self.target}, and few are left to compare them with"
            counted = f"{own_targets:,} of {matched.targets_matched:,} genes of the table of targets"
            hint = "give sites that are conserved, of a type, or limited by `max_score`"
            problems.append(Problem("most_genes_are_targets", what, raw.path, counted, hint, "warning"))
        if not own_targets:
            what = f"no gene of the recipient is a target of {self.target}"
            hint = "give a table that has its targets, or correct `target`"
            problems.append(Problem("target_without_targets", what, raw.path, f"seed {own_family}", hint))
        genes = self._genes(matched, sites)
        problems += self._unknown_lengths(genes)
        return RecipientTables(
            own.counts, own.changes, sites.sites, genes, self._ledger(matched, sites),
            f"Recipient: {matched.in_short}, {len(sites.sites):,} sites.",
        )  # fmt: skip

    def _unknown_mirnas(self, family: pd.Series, unknown: dict[str, str]) -> list[Problem]:
        if not unknown:
            return []
        n_names, rows = len(self.raw.rows["mirna"].cat.categories), int((family == "").sum())
        what = "miRNAs of the table of targets whose seed is not known are left out"
        found = f"{len(unknown):,} of {n_names:,} names, {rows:,} rows: {listing(map(repr, unknown), 4)}"
        hint = "TargetScan's miR_Family_Info.txt under `families` of `targets` tells the seeds of its families"
        if all(map(_LETTERS.fullmatch, unknown)):
            hint = "write seeds as bases 2 to 8 of the miRNA: seven letters"
        every = len(unknown) == n_names
        what = "the seed of no miRNA of the table of targets is known" if every else what
        severity: Severity = "error" if every else "warning"
        return [Problem("seeds_not_known", what, self.raw.path, found, hint, severity)]

    def _unknown_types(self) -> list[Problem]:
        unknown = self.raw.unknown_types
        if not unknown:
            return []
        what = "types of site that are not known count as sites of any strength, 6mers among them"
        found = listing((f"'{text}' in {n:,} rows" for text, n in unknown.items()), 4)
        known_types = ", ".join(each for each in SITE_TYPES if each != "other")
        hint = f"write {known_types}, or name the column: `columns: {{site_type: ...}}` of `targets`"
        return [Problem("site_types_not_known", what, self.raw.path, found, hint, "warning")]

    def _target_family(self, names: Vocabulary, families: Mapping[str, str], family: pd.Series) -> str:
        """Return the family of the configured target, which the table has to have.

        Raises
        ------
        ProblemsFound
            Where it has not.
        """
        there = family[family != ""].cat.remove_unused_categories().cat.categories
        if names.species == AS_NAMED:
            mirnas = {str(text).lower(): text for text in self.raw.rows["mirna"].cat.categories}
            wanted = mirnas.get(self.target.lower())
            seeds = family[self.raw.rows["mirna"] == wanted] if wanted is not None else family.iloc[:0]
            if len(seeds):
                return str(seeds.iloc[0])
            which = f"no miRNA is named {self.target}"
        else:
            seed = str(seeds_of([self.target], names, families)["seed"].iloc[0])
            if seed in there:
                return seed
            which = f"no family has the seed {seed}" if seed else f"the seed of {self.target} is not known"
        examples = listing(self.raw.rows["mirna"].cat.categories, 4)
        found = f"{which}; it has {len(there):,} famil{'y' if len(there) == 1 else 'ies'}: {examples}"
        hint = "give a table that has its targets, or correct `target`"
        if self.raw.layout.named == "seed":
            hint += "; seeds are bases 2 to 8 of the miRNA, not 1 to 7, and not the site, their reverse complement"
        what = f"the table of targets has none of {self.target}"
        raise refusal("target_without_targets", what, self.raw.path, found, hint)

    def _genes(self, matched: Matched, sites: Sites) -> pd.DataFrame:
        own = self.own
        index = own.genes.ids.index
        genes = pd.DataFrame({"gene": index.astype(str)}, index=index)
        genes["symbol"] = symbols_of(own, self._symbols_of_targets(matched))
        genes["target_id"] = matched.target_of.reindex(index)
        lengths = sites.utr3_length.reindex(index)
        own_lengths = own.facts["utr3_length"] if "utr3_length" in own.facts else pd.Series(float("nan"), index)
        genes["utr3_length"] = own_lengths.where(own_lengths.notna(), lengths)
        genes["gc"] = own.facts["gc"] if "gc" in own.facts else float("nan")
        return genes.reset_index(drop=True)

    def _unknown_lengths(self, genes: pd.DataFrame) -> list[Problem]:
        """Warn of lengths of 3'UTRs that some genes lack, or that do not differ: genes are matched for them."""
        path, lengths = self.study.recipient.genes if self.study.recipient else None, genes["utr3_length"]
        of_expressed = lengths[self.own.genes.expressed]
        share = of_expressed.notna().mean()
        if path is None or (share >= KNOWN_LENGTHS and of_expressed.nunique() > 1) or lengths.isna().all():
            return []
        what = "genes cannot be matched well for the length of their 3'UTRs"
        found = f"known of {int(of_expressed.notna().sum()):,} of {len(of_expressed):,} expressed genes"
        if of_expressed.nunique() == 1:
            found += f", and the same of all: {of_expressed.dropna().iloc[0]:g}"
        hint = "give the lengths of all genes, or none: the number of families with a site then stands for them"
        return [Problem("lengths_not_known", what, path, found, hint, "warning")]

    def _symbols_of_targets(self, matched: Matched) -> pd.Series:
        """Return the symbol that the table of targets has of each gene."""
        rows = self.raw.rows
        for column in self.raw.layout.ids:
            if column != matched.target_column and kind_of(rows[column].cat.categories) == "symbol":
                pairs = rows[[matched.target_column, column]].drop_duplicates(matched.target_column)
                symbols = pairs.astype(object).set_index(matched.target_column)[column]
                return symbols.reindex(matched.target_of).set_axis(matched.target_of.index)
        return pd.Series(dtype=object)

    def _ledger(self, matched: Matched, sites: Sites) -> dict[str, Any]:
        raw, own, theirs = self.raw, self.own, matched.unmatched
        n_samples = None if own.counts is None else own.counts.shape[1]
        by_type = sites.sites["site_type"].value_counts()
        return {
            "recipient": {"table": own.path, "genes": len(own.genes.ids), "samples": n_samples, "notes": own.notes},
            "targets": {
                "table": raw.path, "format": raw.format, "rows": raw.n_rows,
                "left_out": raw.left_out | sites.left_out,
                "sites": len(sites.sites), "sites_by_type": {str(each): int(n) for each, n in by_type.items()},
                "families": int(sites.sites["family"].nunique()), "mirnas_not_known": sites.unknown, "notes": raw.notes,
            },
            "genes": {
                "matched_by": matched.kind, "recipient_column": matched.own_column,
                "targets_column": matched.target_column, "expressed": matched.expressed,
                "expressed_matched": matched.expressed_matched, "targets": matched.targets,
                "targets_matched": matched.targets_matched, "repeated": matched.repeated,
                "case_ignored": matched.folded,
                "not_matched": {"targets": theirs[0], "recipient": theirs[1]},
            },
        }  # fmt: skip
