"""Why contrasts of a meta-analysis cannot be halved as its key `halves` wants it."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache

import pandas as pd

from mircargo.config import Config, MetaAnalysis
from mircargo.inputs.sheet import read_sheet
from mircargo.model.design.halves import RANDOM, halves_of
from mircargo.model.design.samples import contrast_samples
from mircargo.problems import Problem, ProblemsFound

OF_HALVES = ("halves_need_two_values", "halves_too_small")


def halves_problems(config: Config, studies: Collection[str] = ()) -> list[Problem]:
    """List contrasts that cannot be halved, of all meta-analyses, or of those with one of these studies.

    It is an error where a column is named by which none of the contrasts can be halved; else those that cannot are said
    in the results to be left whole, and here in a warning. A sheet that cannot be read, and contrasts that cannot be
    asked of it, have problems of their own.
    """
    problems = []
    for name, meta in config.meta.items():
        if meta.halves is None or (studies and not set(studies) & set(meta.studies)):
            continue
        found, n_asked = _of_meta(config, meta, f"meta.{name}.halves")
        none = meta.halves != RANDOM and len(found) == n_asked
        problems += [replace(each, severity="error" if none else "warning") for each in (found[:1] if none else found)]
    return problems


def _of_meta(config: Config, meta: MetaAnalysis, where: str) -> tuple[list[Problem], int]:
    """Return a problem for each contrast that cannot be halved, and how many there are that can be fitted."""

    @cache
    def sheet_of(study: str) -> pd.DataFrame:
        return read_sheet(config.studies[study].samples)

    found: list[Problem] = []
    n_asked = 0
    for study, contrast in meta.named:
        own = config.studies[study]
        try:
            sheet, asked = sheet_of(study), own.contrasts[contrast]
            contrast_samples(sheet, asked, where)
        except (ProblemsFound, OSError):
            continue
        n_asked += 1
        try:
            halves_of(sheet, asked, str(meta.halves), own.subject, where)
        except ProblemsFound as error:
            found += [replace(each, found=f"{study}.{contrast}: {each.found}") for each in error.problems]
    return found, n_asked
