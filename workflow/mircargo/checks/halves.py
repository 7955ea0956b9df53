"""Whether the contrasts of a meta-analysis can be halved by the column that its `halves` name."""

from typing import Final

import pandas as pd

from mircargo.config import Config
from mircargo.inputs.sheet import read_sheet
from mircargo.model.design.samples import contrast_samples
from mircargo.problems import Problem, ProblemsFound, listing

RANDOM: Final = "random"
FEWEST: Final = 2
"""Samples of a group that each half needs."""


def halves_problems(config: Config, name: str) -> list[Problem]:
    """Warn of each contrast of a study that a meta-analysis cannot halve by a column of the sheet.

    A run says so too, in `results/meta/META.replication.tsv`, but only after all fits.
    """
    study, problems = config.studies[name], []
    for meta_name, meta in config.meta.items():
        own = [each.partition(".")[2] for each in meta.contrasts if each.partition(".")[0] == name]
        if meta.halves in (None, RANDOM):
            continue
        for each in own:
            contrast = study.contrasts[each]
            try:
                chosen = contrast_samples(read_sheet(study.samples), contrast, f"studies.{name}.contrasts.{each}")
            except ProblemsFound:  # what reads them for the study says why
                continue
            groups = (contrast.level, contrast.reference)
            if found := _why_not(chosen, str(meta.halves), contrast.variable, groups):
                what = f"contrast '{each}' cannot be halved by '{meta.halves}'"
                hint = "write `random`, or a column with two values, of which each has two samples of both groups"
                where = f"meta.{meta_name}.halves"
                problems.append(Problem("cannot_be_halved", what, where, found, hint, "warning"))
    return problems


def _why_not(chosen: pd.DataFrame, by: str, variable: str, groups: tuple[str, str]) -> str:
    """Say why samples cannot be halved by a column; empty where they can."""
    if by not in chosen:
        return f"the sheet has {listing(map(repr, chosen.columns), 12)}"
    values = sorted(map(str, chosen[by].dropna().unique()))
    if len(values) != 2:
        return (
            f"{len(values)} value{'s' * (len(values) != 1)}: {listing(map(repr, values), 4) or 'all cells are empty'}"
        )
    sizes = pd.crosstab(chosen[by].astype(str), chosen[variable].astype(str))
    sizes = sizes.reindex(index=values, columns=list(groups), fill_value=0)
    if sizes.to_numpy().min() >= FEWEST:
        return ""
    return "; ".join(
        f"{by} {half}: " + ", ".join(f"{sizes.at[half, group]} {group}" for group in groups) for half in values
    )
