"""Every problem of a study, listed at once, before anything is fitted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import pandas as pd

from mircargo.checks.columns import column_problems
from mircargo.checks.contrasts import ContrastSamples, contrasts_with_samples
from mircargo.checks.design import depth_with_group, design_warnings, fraction_problems
from mircargo.checks.in_short import in_short
from mircargo.checks.libraries import depth_problems
from mircargo.checks.mixups import MAX_SAMPLES, mislabelled_fractions, red_cells, swapped_samples
from mircargo.checks.replicates import Copies, copies_of_study, copy_problems
from mircargo.checks.rows import FEW_KNOWN_ROWS, controls_left_out, row_problems, unknown_kinds
from mircargo.checks.scale_warnings import scale_warnings
from mircargo.checks.spellings import values_used
from mircargo.config import Config, CountTable, Study, table_path
from mircargo.features.find_target import find_by_sequence, find_target
from mircargo.features.ledger import Counts, Source, assemble
from mircargo.features.name_history import Vocabulary
from mircargo.features.own_mirbase import names_of_study
from mircargo.features.spike_ins import common_spike_ins
from mircargo.inputs.fetch import sha256_of
from mircargo.inputs.normalised import normalised_together
from mircargo.inputs.options import ReadOptions
from mircargo.inputs.panel import read_panel
from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet
from mircargo.inputs.signs import plain_name
from mircargo.model.design.matrix import contrast_design, group_of, release_design
from mircargo.model.normalisation.choice import Normalisation, choice_problems, chosen_size_factors
from mircargo.problems import Problem, ProblemsFound, listing, raise_if_no_file, refusal
from mircargo.vocabulary import FILL_IN, Biotype

# miRBase's accessions: in rat, miR-451a is called rno-miR-451-5p.
MIR_451A = {"hsa": "MIMAT0001631", "mmu": "MIMAT0001632", "rno": "MIMAT0001633"}
MIR_23A = {"hsa": "MIMAT0000078", "mmu": "MIMAT0000532", "rno": "MIMAT0000792"}

P = ParamSpec("P")
R = TypeVar("R")


def examine_study(config: Config, name: str) -> tuple[list[Problem], Counts | None]:
    """List the problems of one study of a configuration, and put its tables together as far as they allow.

    What depends on a part that cannot be read is left out; everything else is looked at, so that a user mends all
    of it in one go.

    Returns
    -------
    tuple
        Errors, which stop the run, and warnings, which go into the report; and the counts, if there are any.
    """
    study, where = config.studies[name], f"studies.{name}"
    problems: list[Problem] = []
    counts = None
    sheet = collect(problems, read_sheet, study.samples)
    collect(problems, read_panel, config.panel)
    names = collect(problems, names_of_study, name, study)
    sources = [collect(problems, read_source, name, table, study.exclude_samples) for table in study.counts]
    judged = [source.table for source, table in zip(sources, study.counts, strict=True) if source and not table.raw]
    problems += normalised_together(judged)
    if sheet is not None:
        # A study that is not filled in has no design yet; what is wrong with it would only hide what to fill in.
        problems += fill_in_problems(study, sheet, where) or [
            problem for check in CHECKS_OF_SHEET for problem in check(study, sheet, where)
        ]
    read = [source for source in sources if source is not None]
    if sheet is not None and names is not None and len(read) == len(sources):
        counts = collect(problems, read_counts_of, study, sheet, read, names)
        if counts is not None:
            problems += counts.warnings
            counted = _Counted(config, study, sheet, counts, where, names)
            copies = counted.copies()
            problems += counted.problems()
            if not counts.counts.empty:
                problems += [problem for place, found in copies for problem in copy_problems(found, place)]
            again = [each for _, found in copies for each in found]
            counts = replace(counts, in_short=in_short(counts, study.species, sheet["column"], again))
    return list(dict.fromkeys(problems)), counts


def read_source(study: str, table: CountTable, leave_out: Sequence[str] = ()) -> Source:
    """Read a count table as configured; a fetched one must still have its checksum, samples left out are not judged."""
    path = table_path(study, table)
    raise_if_no_file(path)
    if table.sha256 and Path(path).exists() and sha256_of(path) != table.sha256:
        hint = "if the change is meant, correct `sha256`; else delete the file, it is fetched again"
        raise refusal("other_checksum", "this file does not have the configured checksum", path, sha256_of(path), hint)
    # With a prefix, a sample is left out under the name that it then has.
    leave_out = [*leave_out, *(name.removeprefix(table.prefix) for name in leave_out if table.prefix)]
    options = ReadOptions(
        leave_out=frozenset([*leave_out, *map(plain_name, leave_out)]),
        summed=table.duplicates == "sum",
        **table.model_dump(include={"sheet", "missing_is_zero", "raw", "absent_is_zero"}),
    )
    read = read_table(path, table.format, options)
    names = list(read.counts.columns)
    if table.sample is not None and len(names) != 1:
        what = "`sample` names the only sample of a table, and this has more"
        found = f"{len(names)} samples: {listing(names)}"
        raise refusal("table_of_several_samples", what, read.path, found, "take `sample` out")
    named = {name: f"{table.prefix or ''}{name if table.sample is None else table.sample}" for name in names}
    return Source(read.renamed(named), table.duplicates, table.absent_is_zero)


def read_counts_of(study: Study, sheet: pd.DataFrame, sources: list[Source], names: Vocabulary) -> Counts:
    """Put the tables of a study together, its samples in the order of the sheet."""
    columns = sheet["column"].to_dict()
    return assemble(sources, columns, study.exclude_samples, names, study.biotypes, study.spike_ins)


def raise_errors(problems: list[Problem]) -> None:
    """Raise all problems if one of them is an error."""
    if any(problem.severity == "error" for problem in problems):
        raise ProblemsFound(problems)


def design_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List why contrasts and comparisons cannot be fitted."""
    problems: list[Problem] = []
    for key, contrast in study.contrasts.items():
        collect(problems, contrast_design, sheet, contrast, study.numeric, f"{where}.contrasts.{key}")
    for key, comparison in study.comparisons.items():
        exosome, source = study.contrasts[comparison.exosome], study.contrasts[comparison.source]
        own = f"{where}.comparisons.{key}"
        found: list[Problem] = []
        collect(found, release_design, sheet, comparison, exosome, source, study.numeric, own)
        # What a contrast of the comparison has listed of the same thing is not listed again.
        known = {(problem.what, problem.found) for problem in problems}
        problems += [problem for problem in found if (problem.what, problem.found) not in known]
    return problems


def fill_in_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List the places that `mircargo init` left to be filled in, in the configuration and in columns that it uses."""
    problems = []
    for key, contrast in study.contrasts.items():
        values = {"level": [contrast.level], "reference": [contrast.reference], **contrast.subset}
        left = [part for part, texts in values.items() if any(text.startswith(FILL_IN) for text in texts)]
        if left:
            known = sheet[contrast.variable].dropna().unique() if contrast.variable in sheet else []
            known = [value for value in known if not value.startswith(FILL_IN)]
            hint = f"write one of {listing(known)}" if known else "write a group, as you name it in the sheet"
            what = f"{'values that are' if len(left) > 1 else 'a value that is'} still to be filled in"
            place, found = f"{where}.contrasts.{key}", "; ".join(f"{part}: '{values[part][0]}'" for part in left)
            problems.append(Problem("to_fill_in", what, place, found, hint))
    for column in [each for each in values_used(study) if each in sheet]:
        samples = tuple(sheet.index[sheet[column].astype(str).str.startswith(FILL_IN)])
        if samples:
            found = f"samples {listing(samples)}" if len(samples) < len(sheet) else f"all {len(sheet)} samples"
            hint = f"write for each what it is; a column that you do not need can be taken out, '{column}' is used"
            what, place = "cells that are still to be filled in", f"{study.samples}, column '{column}'"
            problems.append(Problem("to_fill_in", what, place, found, hint, samples=samples))
    return problems


CHECKS_OF_SHEET: Final = (column_problems, design_problems, design_warnings, fraction_problems)
"""What is looked at before anything is counted."""


@dataclass(frozen=True)
class _Counted:
    """A study whose tables are put together, and what its counts say against it."""

    config: Config
    study: Study
    sheet: pd.DataFrame
    counts: Counts
    where: str
    names: Vocabulary

    @cached_property
    def contrasts(self) -> list[ContrastSamples]:
        return contrasts_with_samples(self.study, self.sheet, self.where)

    def problems(self) -> list[Problem]:
        """List what is wrong, or to be known, of rows, libraries, size factors, samples and target."""
        study, counts = self.study, self.counts
        if unknown := unknown_kinds(counts, study.biotypes, f"{self.where}.biotypes"):
            return unknown
        rows = row_problems(counts, self.names, self.config.target)
        # Of kinds that no row is of, the spike-ins are all that is left.
        every = Biotype.MIRNA in study.biotypes or counts.ledger["feature"].isin(counts.spike_ins.index).all()
        if counts.counts.empty and not rows and len(counts.spike_ins) and every:
            what, found = "every row that could be fitted is taken as a spike-in", listing(study.spike_ins)
            hint = "name the spike-ins only, for instance cel-miR-39-3p or ERCC-*"
            return [Problem("all_spike_ins", what, f"{self.where}.spike_ins", found, hint)]
        if counts.counts.empty and not rows:
            what = f"no row of the tables is of the kinds configured: {listing(study.biotypes)}"
            reason = str(counts.ledger["reason"].iloc[0])
            hint = "name under `biotypes` what is to be fitted"
            return [Problem("no_row_of_biotypes", what, f"{self.where}.biotypes", reason, hint)]
        problems = rows + self._spike_ins_not_named()
        problems += controls_left_out(counts, study.size_factors.features, f"{self.where}.size_factors.features")
        if counts.counts.empty:
            return problems
        problems += depth_problems(counts.counts, self.sheet.get(study.fraction))
        if not any(problem.severity == "error" for problem in problems):
            thresholds = study.thresholds or self.config.thresholds
            for _, contrast, place, samples in self.contrasts:
                problems += [] if contrast.per_unit else depth_with_group(counts.counts, samples, contrast, place)
            problems += self._size_factor_problems(thresholds.min_total_count)
            problems += scale_warnings(study, self.sheet, counts.counts, counts.spike_ins, thresholds, self.where)
            problems += self._mixups()
        # That a table without known rows has none of the target says nothing.
        return problems + ([] if any(each.code == FEW_KNOWN_ROWS for each in rows) else self._target_problems())

    def copies(self) -> list[tuple[str, list[Copies]]]:
        """Find the libraries that are counted more than once, each of them at the first contrast that has it."""
        groups = {place: group_of(samples, contrast) for _, contrast, place, samples in self.contrasts}
        return copies_of_study(self.counts.counts, groups, self.sheet["column"], self.where)

    def _spike_ins_not_named(self) -> list[Problem]:
        """Warn of spike-ins that the configuration does not name: they are left out, or fitted like features."""
        found = []
        for fitted, rows in self.counts.ledger.groupby(self.counts.rows["kept"]):
            aside = rows["feature"].isin(self.counts.spike_ins.index)
            # cel-miR-39-3p is no spike-in of a worm.
            own = rows["feature"].str.startswith(f"{self.study.species}-")
            spike_ins = common_spike_ins(rows[~aside & ~own])
            if len(spike_ins):
                done = "fitted like miRNAs of the samples" if fitted else "left out of the fit"
                what, place = f"rows that look like spike-ins are {done}", f"{self.where}.spike_ins"
                hint = "name them under `spike_ins`, and they are kept aside"
                found.append(Problem("spike_ins_not_named", what, place, listing(spike_ins), hint, "warning"))
        return found

    def _size_factor_problems(self, least: int) -> list[Problem]:
        """List why size factors cannot be found as configured: over all samples, else over those of each question."""
        study, counts, own = self.study, self.counts.counts, f"{self.where}.size_factors"
        how = Normalisation(self.sheet, study.size_factors, study.fraction, self.counts.spike_ins)
        if how.choice.method == "auto":
            return []
        problems = [problem for problem in choice_problems(counts, how, own) if problem.severity == "warning"]
        found: list[Problem] = []
        collect(found, chosen_size_factors, counts, how, where=own)
        if not found:
            samples = {each.key: each.samples.index for each in self.contrasts}
            questions = [(index, study.fraction) for index in samples.values()] + [
                (samples[each.exosome].union(samples[each.source]), each.fraction)
                for each in study.comparisons.values()
                if each.exosome in samples and each.source in samples
            ]
            for index, column in questions:
                part = counts[[sample for sample in counts if sample in index]]
                collect(found, chosen_size_factors, part, replace(how, fraction=column), least, own)
        return problems + found

    def _mixups(self) -> list[Problem]:
        """List samples that look swapped, of another fraction, or haemolysed."""
        problems: list[Problem] = []
        study, counts = self.study, self.counts.counts
        if counts.shape[1] > MAX_SAMPLES:
            what = "samples that look swapped or of another fraction are not looked for among more than"
            what, found = f"{what} {MAX_SAMPLES:,}", f"{counts.shape[1]:,} samples"
            problems.append(Problem("too_many_for_mixups", what, self.where, found, severity="warning"))
        for _, contrast, place, samples in self.contrasts:
            problems += [] if contrast.per_unit else swapped_samples(counts, samples, contrast.variable, place)
        fraction = self.sheet.get(study.fraction)
        if fraction is None:
            return problems
        problems += mislabelled_fractions(counts, fraction)
        features = [self._feature_of(each) for each in (MIR_451A, MIR_23A)]
        if study.blood_derived and features[0] and features[1]:
            problems += red_cells(counts, fraction, study.blood_derived, features[0], features[1])
        elif study.blood_derived and study.species not in MIR_451A:
            what = "red blood cells are not looked for: no row is known to be miR-451a, or miR-23a-3p, by its sequence"
            where, found = f"{self.where}.blood_derived", f"species: {study.species}"
            problems.append(Problem("red_cells_not_looked_for", what, where, found, severity="warning"))
        return problems

    def _feature_of(self, accessions: Mapping[str, str]) -> str | None:
        """Return the feature that is a miRNA, by its accession in the study's species or else by its sequence."""
        species, features = self.study.species, self.counts.features
        if species in accessions:
            return find_target(accessions[species], species, features)[0]
        return find_by_sequence(accessions["hsa"], features)

    def _target_problems(self) -> list[Problem]:
        """Say where the target has no row of its own, or size factors rest on it."""
        problems: list[Problem] = []
        name, controls = self.config.target, self.study.size_factors.features
        target = collect(problems, find_target, name, self.study.species, self.counts.features)
        if target is not None and target[1]:
            problems.append(Problem("target_not_found", target[1], "target", f"'{name}'", severity="warning"))
        if target is not None and target[0] in controls:
            what = "the target is one of the features that size factors rest on, so its own change is divided out"
            hint = "name control features that are known not to change; of fewer than three none is tested"
            where, found = f"{self.where}.size_factors.features", f"'{target[0]}'"
            problems.append(Problem("target_in_size_factors", what, where, found, hint, "warning"))
        return problems


def collect(problems: list[Problem], function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R | None:
    """Call a function; if it finds problems, keep them and return None."""
    try:
        return function(*arguments, **named)
    except ProblemsFound as error:
        problems += error.problems
        return None
