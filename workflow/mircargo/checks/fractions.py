"""What the fractions of a study do to its size factors."""

from contextlib import suppress

import pandas as pd

from mircargo.config import Study
from mircargo.model.design.matrix import group_of
from mircargo.model.design.samples import contrast_samples
from mircargo.model.normalisation.choice import Normalisation
from mircargo.problems import Problem, ProblemsFound, listing


def fraction_problems(study: Study, sheet: pd.DataFrame, where: str) -> list[Problem]:
    """List contrasts of fractions, whose size factors are found over them; refuse a fraction for each sample.

    Parameters
    ----------
    study, sheet
        The study and its samples.
    where
        Its key, for messages.
    """
    if study.fraction not in sheet or not study.size_factors.within_fraction:
        return []
    own = sheet[study.fraction].dropna()
    if len(own) > 1 and own.nunique() == len(own):
        what = "each sample is a fraction of its own, so that no size factor can be found within fractions"
        hint = "name the column with the kind of sample (exosome, cell) under `fraction`, or `within_fraction: false`"
        found = f"column '{study.fraction}': {listing(own, 4)}"
        return [Problem("fraction_of_each_sample", what, f"{where}.fraction", found, hint)]
    problems, how = [], Normalisation(sheet, study.size_factors, study.fraction)
    for key, contrast in study.contrasts.items():
        with suppress(ProblemsFound):  # what is wrong with a contrast is told elsewhere
            groups = group_of(contrast_samples(sheet, contrast, key), contrast)
            if how.between(groups) is not how:
                what = "this contrast compares fractions, so its size factors are found over them and not within each"
                hint = "fold changes are relative to the typical miRNA; spike-ins would show the change of the total"
                found = f"{contrast.level} against {contrast.reference} of '{contrast.variable}'"
                problems.append(
                    Problem("contrast_of_fractions", what, f"{where}.contrasts.{key}", found, hint, "warning")
                )
    return problems
