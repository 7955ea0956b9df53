"""Every problem of a study, listed at once, before anything is fitted."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pandas as pd

from mircargo.config import Config, CountTable, Study, table_path
from mircargo.model.design import contrast_design, release_design
from mircargo.names.identify import find_target
from mircargo.names.ledger import Counts, Source, assemble
from mircargo.problems import Problem, ProblemsFound
from mircargo.quality import depth_problems, fraction_of
from mircargo.tables.fetch import sha256_of
from mircargo.tables.registry import read_table
from mircargo.tables.sheet import read_sheet

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
    sources = [_collect(problems, read_source, name, table) for table in study.counts]
    if sheet is not None:
        problems += design_problems(study, sheet, f"studies.{name}")
    if sheet is not None and all(source is not None for source in sources):
        counts = _collect(problems, read_counts_of, study, sheet, [source for source in sources if source is not None])
        if counts is not None:
            problems += _count_problems(config, study, counts, sheet)
    return list(dict.fromkeys(problems)), counts


def read_source(study: str, table: CountTable) -> Source:
    """Read a count table as configured; a fetched one must still have its checksum."""
    path = table_path(study, table)
    if table.sha256 and Path(path).exists() and sha256_of(path) != table.sha256:
        hint = "if the change is meant, correct `sha256`; else delete the file, it is fetched again"
        raise ProblemsFound(Problem("this file has another checksum than configured", path, sha256_of(path), hint))
    return Source(read_table(path, table.format), table.duplicates, table.absent_is_zero)


def read_counts_of(study: Study, sheet: pd.DataFrame, sources: list[Source]) -> Counts:
    """Put the tables of a study together, its samples in the order of the sheet."""
    return assemble(sources, sheet["column"].to_dict(), study.exclude_samples, study.species)


def raise_errors(problems: list[Problem]) -> None:
    """Raise all problems if one of them is an error."""
    if any(problem.severity == "error" for problem in problems):
        raise ProblemsFound(problems)


def design_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List why contrasts and comparisons cannot be fitted."""
    problems: list[Problem] = []
    for column in study.numeric:
        if column not in sheet:
            problems.append(
                Problem("`numeric` names a column that the sample sheet lacks", f"{where}.numeric", f"'{column}'")
            )
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


def _count_problems(config: Config, study: Study, counts: Counts, sheet: pd.DataFrame) -> list[Problem]:
    problems = depth_problems(counts.counts, fraction_of(sheet, study.fraction))
    found: list[Problem] = []
    target = _collect(found, find_target, config.target, study.species, counts.features)
    if target is not None and target[1]:
        found.append(Problem(target[1], "target", f"'{config.target}'", severity="warning"))
    return problems + found


def _collect(problems: list[Problem], function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R | None:
    """Call a function; if it finds problems, keep them and return None."""
    try:
        return function(*arguments, **named)
    except ProblemsFound as error:
        problems += error.problems
        return None
