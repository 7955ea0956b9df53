"""Every problem of a study, listed at once, before anything is fitted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import pandas as pd

from mircargo.checks.fractions import fraction_problems
from mircargo.checks.in_short import in_short
from mircargo.checks.libraries import depth_problems, fraction_of
from mircargo.checks.mixups import MAX_SAMPLES, mislabelled_fractions, red_cells, swapped_samples
from mircargo.checks.replicates import Copies, copies_of_study, copy_problems
from mircargo.checks.rows import controls_left_out, row_problems, unknown_rows
from mircargo.checks.scale_warnings import scale_warnings
from mircargo.checks.wary import depth_warnings, design_warnings
from mircargo.config import Config, CountTable, Study, table_path
from mircargo.features.identify import find_target
from mircargo.features.ledger import Counts, Source, assemble
from mircargo.features.spike_ins import common_spike_ins
from mircargo.inputs.fetch import sha256_of
from mircargo.inputs.normalised import normalised_together
from mircargo.inputs.options import ReadOptions
from mircargo.inputs.panel import read_panel
from mircargo.inputs.raw import RawTable
from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet
from mircargo.inputs.signs import plain_name
from mircargo.model.design.matrix import contrast_design, group_of, release_design
from mircargo.model.design.samples import contrast_samples
from mircargo.model.normalisation.choice import Normalisation, choice_problems, chosen_size_factors
from mircargo.problems import Problem, ProblemsFound, listing, raise_if_no_file, refusal

# miRBase's accessions: in rat, miR-451a is called rno-miR-451-5p.
MIR_451A = {"hsa": "MIMAT0001631", "mmu": "MIMAT0001632", "rno": "MIMAT0001633"}
MIR_23A = {"hsa": "MIMAT0000078", "mmu": "MIMAT0000532", "rno": "MIMAT0000792"}
FILL_IN = "FILL_IN"  # what `mircargo init` writes where it could not guess

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
    study = config.studies[name]
    problems: list[Problem] = []
    counts = None
    sheet = _collect(problems, read_sheet, study.samples)
    _collect(problems, read_panel, config.panel)
    sources = [_collect(problems, read_source, name, table, study.exclude_samples) for table in study.counts]
    judged = [source.table for source, table in zip(sources, study.counts, strict=True) if source and not table.raw]
    problems += normalised_together(judged)
    if sheet is not None:
        unfilled = fill_in_problems(study, sheet, f"studies.{name}")
        # A study that is not filled in has no design yet; what is wrong with it would only hide what to fill in.
        problems += unfilled or [
            *design_problems(study, sheet, f"studies.{name}"),
            *design_warnings(study, sheet, f"studies.{name}"),
            *fraction_problems(study, sheet, f"studies.{name}"),
        ]
    if sheet is not None and all(source is not None for source in sources):
        counts = _collect(problems, read_counts_of, study, sheet, [source for source in sources if source is not None])
        if counts is not None:
            copies = _copies_of(study, counts, sheet, f"studies.{name}")
            again = [each for _, found in copies for each in found]
            counts = replace(counts, in_short=in_short(counts, study.species, sheet["column"], again))
            problems += counts.warnings
            problems += _count_problems(config, study, counts, sheet, f"studies.{name}")
            if not counts.counts.empty:
                problems += [problem for place, found in copies for problem in copy_problems(found, place)]
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
        sheet=table.sheet,
        missing_is_zero=table.missing_is_zero,
        raw=table.raw,
        absent_is_zero=table.absent_is_zero,
        summed=table.duplicates == "sum",
    )
    read = _name_sample(read_table(path, table.format, options), table.sample)
    return Source(_prefixed(read, table.prefix), table.duplicates, table.absent_is_zero)


def _name_sample(table: RawTable, sample: str | None) -> RawTable:
    if sample is None:
        return table
    if table.counts.shape[1] != 1:
        found = f"{table.counts.shape[1]} samples: {listing(table.counts.columns)}"
        what = "`sample` names the only sample of a table, and this has more"
        raise refusal("table_of_several_samples", what, table.path, found)
    return table.renamed({table.counts.columns[0]: sample})


def _prefixed(table: RawTable, prefix: str | None) -> RawTable:
    """Put a prefix before the names of the sample columns, where the configuration has one."""
    return table.renamed({column: f"{prefix}{column}" for column in table.counts.columns}) if prefix else table


def read_counts_of(study: Study, sheet: pd.DataFrame, sources: list[Source]) -> Counts:
    """Put the tables of a study together, its samples in the order of the sheet."""
    columns = sheet["column"].to_dict()
    return assemble(sources, columns, study.exclude_samples, study.species, study.biotypes, study.spike_ins)


def raise_errors(problems: list[Problem]) -> None:
    """Raise all problems if one of them is an error."""
    if any(problem.severity == "error" for problem in problems):
        raise ProblemsFound(problems)


def design_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List why contrasts and comparisons cannot be fitted."""
    problems: list[Problem] = []
    for column in study.numeric:
        if column not in sheet:
            what = "`numeric` names a column that the sample sheet lacks"
            problems.append(Problem("numeric_not_in_sheet", what, f"{where}.numeric", f"'{column}'"))
    for key, contrast in study.contrasts.items():
        _collect(problems, contrast_design, sheet, contrast, study.numeric, f"{where}.contrasts.{key}")
    for key, comparison in study.comparisons.items():
        exosome, source = study.contrasts[comparison.exosome], study.contrasts[comparison.source]
        own = f"{where}.comparisons.{key}"
        found: list[Problem] = []
        _collect(found, release_design, sheet, comparison, exosome, source, study.numeric, own)
        # What a contrast of the comparison already said of the same thing is not said again.
        said = {(problem.what, problem.found) for problem in problems}
        problems += [problem for problem in found if (problem.what, problem.found) not in said]
    return problems


def fill_in_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List the places that `mircargo init` left to be filled in, in the configuration and in columns that it uses."""
    problems = []
    columns = [study.fraction, study.subject]
    for key, contrast in study.contrasts.items():
        columns += [contrast.variable, *contrast.subset, *contrast.blocking]
        values = {"level": [contrast.level], "reference": [contrast.reference], **contrast.subset}
        left = [part for part, texts in values.items() if any(text.startswith(FILL_IN) for text in texts)]
        if left:
            known = sheet[contrast.variable].dropna().unique() if contrast.variable in sheet else []
            known = [value for value in known if not value.startswith(FILL_IN)]
            hint = f"write one of {listing(known)}" if known else "write a group, as you name it in the sheet"
            what = f"{'values that are' if len(left) > 1 else 'a value that is'} still to be filled in"
            place, found = f"{where}.contrasts.{key}", "; ".join(f"{part}: '{values[part][0]}'" for part in left)
            problems.append(Problem("to_fill_in", what, place, found, hint))
    for column in dict.fromkeys(columns):
        cells = sheet[column].astype(str).str.startswith(FILL_IN) if column in sheet else pd.Series(dtype=bool)
        if cells.any():
            found = (
                f"samples {listing(sheet.index[cells])}" if len(sheet) > cells.sum() else f"all {len(sheet)} samples"
            )
            hint = f"write for each what it is; a column that you do not need can be taken out, '{column}' is used"
            what = "cells that are still to be filled in"
            place = f"{study.samples}, column '{column}'"
            problems.append(Problem("to_fill_in", what, place, found, hint, samples=tuple(sheet.index[cells])))
    return problems


def _spike_ins_not_named(counts: Counts, where: str) -> list[Problem]:
    """Warn of spike-ins that the configuration does not name: they are left out, or fitted like features."""
    found = []
    for fitted, rows in counts.ledger.groupby(counts.rows["kept"]):
        spike_ins = common_spike_ins(rows[~rows["feature"].isin(counts.spike_ins.index)])
        if len(spike_ins):
            done = "fitted like miRNAs of the samples" if fitted else "left out of the fit"
            what = f"rows that look like spike-ins are {done}"
            hint = "name them under `spike_ins`, and they are kept aside"
            found.append(
                Problem("spike_ins_not_named", what, f"{where}.spike_ins", listing(spike_ins), hint, "warning")
            )
    return found


def _size_factor_problems(
    config: Config, study: Study, counts: Counts, sheet: pd.DataFrame, where: str
) -> list[Problem]:
    """List why size factors cannot be found as configured: over all samples, else over those of each question."""
    how = Normalisation(sheet, study.size_factors, study.fraction, counts.spike_ins)
    own = f"{where}.size_factors"
    if how.choice.method == "auto":
        return []
    problems = [problem for problem in choice_problems(counts.counts, how, own) if problem.severity == "warning"]
    found: list[Problem] = []
    _collect(found, chosen_size_factors, counts.counts, how, where=own)
    if not found:
        least = (study.thresholds or config.thresholds).min_total_count
        for samples, column in _questions(study, sheet):
            part = counts.counts[[sample for sample in counts.counts if sample in samples]]
            _collect(found, chosen_size_factors, part, replace(how, fraction=column), least, own)
    return problems + found


def _questions(study: Study, sheet: pd.DataFrame) -> list[tuple[pd.Index, str]]:
    """Return the samples of each contrast and comparison that can be asked, and the column with their fraction."""
    found = {key: _collect([], contrast_samples, sheet, contrast, key) for key, contrast in study.contrasts.items()}
    samples = {key: table.index for key, table in found.items() if table is not None}
    return [(index, study.fraction) for index in samples.values()] + [
        (samples[each.exosome].union(samples[each.source]), each.fraction)
        for each in study.comparisons.values()
        if each.exosome in samples and each.source in samples
    ]


def _count_problems(config: Config, study: Study, counts: Counts, sheet: pd.DataFrame, where: str) -> list[Problem]:
    fraction = fraction_of(sheet, study.fraction)
    rows = row_problems(counts, study.species, config.target)
    if counts.counts.empty and not rows:
        what = f"no row of the tables is of the kinds configured: {listing(study.biotypes)}"
        reason = str(counts.ledger["reason"].iloc[0])
        hint = "name under `biotypes` what is to be fitted"
        return [Problem("no_row_of_biotypes", what, "configuration, biotypes", reason, hint)]
    problems = rows + _spike_ins_not_named(counts, where)
    problems += controls_left_out(counts, study.size_factors.features, f"{where}.size_factors.features")
    if counts.counts.empty:
        return problems
    problems += depth_problems(counts.counts, fraction)
    if not any(problem.severity == "error" for problem in problems):
        problems += depth_warnings(study, sheet, counts.counts, where)
        problems += _size_factor_problems(config, study, counts, sheet, where)
        thresholds = study.thresholds or config.thresholds
        problems += scale_warnings(study, sheet, counts.counts, counts.spike_ins, thresholds, where)
        problems += _mixup_problems(study, counts, sheet, fraction, where)
    if unknown_rows(counts, study.species, config.target):
        return problems  # that such a table has no row of the target says nothing
    found: list[Problem] = []
    target = _collect(found, find_target, config.target, study.species, counts.features)
    if target is not None and target[1]:
        found.append(Problem("target_not_found", target[1], "target", f"'{config.target}'", severity="warning"))
    if target is not None and target[0] in study.size_factors.features:
        what = "the target is one of the features that size factors rest on, so its own change is divided out"
        hint = "name control features that are known not to change; of fewer than three none is tested"
        found.append(
            Problem("target_in_size_factors", what, f"{where}.size_factors.features", f"'{target[0]}'", hint, "warning")
        )
    return problems + found


def _mixup_problems(
    study: Study, counts: Counts, sheet: pd.DataFrame, fraction: pd.Series | None, where: str
) -> list[Problem]:
    problems: list[Problem] = []
    if counts.counts.shape[1] > MAX_SAMPLES:
        what = f"samples that look swapped or of another fraction are not looked for among more than {MAX_SAMPLES:,}"
        problems.append(
            Problem("too_many_for_mixups", what, where, f"{counts.counts.shape[1]:,} samples", severity="warning")
        )
    for key, contrast in study.contrasts.items():
        place = f"{where}.contrasts.{key}"
        chosen = _collect([], contrast_samples, sheet, contrast, place)  # its own errors are listed already
        if chosen is not None and not contrast.per_unit:
            problems += swapped_samples(counts.counts, chosen, contrast.variable, place)
    if fraction is None:
        return problems
    problems += mislabelled_fractions(counts.counts, fraction)
    features = [_feature(accessions[study.species], study, counts) for accessions in (MIR_451A, MIR_23A)]
    if study.blood_derived and features[0] and features[1]:
        problems += red_cells(counts.counts, fraction, study.blood_derived, features[0], features[1])
    return problems


def _copies_of(study: Study, counts: Counts, sheet: pd.DataFrame, where: str) -> list[tuple[str, list[Copies]]]:
    """Find the libraries that are counted more than once, each of them at the first contrast that has it."""
    places, groups = [], []
    for key, contrast in study.contrasts.items():
        place = f"{where}.contrasts.{key}"
        chosen = _collect([], contrast_samples, sheet, contrast, place)
        if chosen is not None:
            places.append(place)
            groups.append(group_of(chosen, contrast))
    return copies_of_study(counts.counts, groups, places, sheet["column"], where)


def _feature(accession: str, study: Study, counts: Counts) -> str | None:
    return find_target(accession, study.species, counts.features)[0]


def _collect(problems: list[Problem], function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R | None:
    """Call a function; if it finds problems, keep them and return None."""
    try:
        return function(*arguments, **named)
    except ProblemsFound as error:
        problems += error.problems
        return None
