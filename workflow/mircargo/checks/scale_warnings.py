"""What a study's size factors assume of its contrasts, where that decides the answer."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mircargo.config import Study, Thresholds
from mircargo.model.design.matrix import contrast_design, group_of
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.mode import contrast_size_factors
from mircargo.model.normalisation.scale import KEPT, difference_words, scale_difference, size_factors_with_groups
from mircargo.problems import Problem, ProblemsFound

BY_SPIKE_INS = "the spike-ins decide it: `method: spike_ins` of `size_factors` puts what they say into the fold changes"


def scale_warnings(
    study: Study,
    sheet: pd.DataFrame,
    counts: pd.DataFrame,
    spike_ins: pd.DataFrame | None,
    thresholds: Thresholds,
    where: str,
) -> list[Problem]:
    """List the contrasts whose answer depends on scale, and those whose size factors go with their groups.

    Contrasts that cannot be fitted, and size factors that cannot be found, are left out: they have errors of their own.
    """
    problems, as_configured = [], Normalisation(sheet, study.size_factors, study.fraction, spike_ins)
    for key, contrast in study.contrasts.items():
        place = f"{where}.contrasts.{key}"
        try:
            design = contrast_design(sheet, contrast, study.numeric, place)
            samples = list(design.matrix.index)
            groups, own = group_of(sheet.loc[samples], contrast), counts[samples]
            how = as_configured.between(groups)
            factors = contrast_size_factors(own, how, design, thresholds)
            scale = scale_difference(own, how, factors, design, thresholds)
        except ProblemsFound:
            continue
        problems += _depends_on_scale(scale, thresholds.alpha, bool(study.spike_ins), place)
        if two := list(design.two_groups):
            found = size_factors_with_groups(factors.values, groups[two], design, contrast.level, contrast.reference)
            problems += _goes_with_groups(found, place)
    return problems


def _depends_on_scale(scale: Mapping[str, Any], alpha: float, measured: bool, where: str) -> list[Problem]:
    """Warn where the typical miRNA and the total cannot both have stayed the same; `measured` by spike-ins."""
    if not scale.get("depends"):
        return []
    what = "the answer depends on scale: the typical miRNA and the total cannot both have stayed the same"
    hint = (
        "spike-ins (as much in each sample, to as much input), or qPCR of the target against a stable amount of input,"
        f" decide it; until then fold changes are relative to {KEPT[scale['kept']]}"
    )
    found = difference_words(scale, alpha)
    return [Problem("depends_on_scale", what, where, found, BY_SPIKE_INS if measured else hint, "warning")]


def _goes_with_groups(found: Mapping[str, Any], where: str) -> list[Problem]:
    """Warn where the size factors of one group are all larger than those of the other, by their values."""
    if not found["differs"]:
        return []
    spans = [f"'{group}' {low:.2g} to {high:.2g}" for group, (low, high) in found["ranges"].items()]
    ratio = max(found["ratio"], 1 / found["ratio"])
    what = "the size factors go with the groups: what they rest on decides every fold change"
    hint = (
        "see that both groups were given the same input and sequenced alike; a fold change near this ratio, or its"
        " inverse, is that of the libraries"
    )
    spread = f"{' against '.join(spans)}; {ratio:.1f}-fold on average"
    return [Problem("size_factors_go_with_groups", what, where, spread, hint, "warning")]
