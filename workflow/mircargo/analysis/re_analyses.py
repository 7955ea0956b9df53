"""The stress test of a fit: its variants, what becomes of each call, and whether a call can be robust at all."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pandas as pd

from mircargo.checks.replicates import Copies, copies, why_not_robust
from mircargo.model.engines.voom_about_mode import SecondOpinion
from mircargo.parallel import in_order
from mircargo.problems import ProblemsFound
from mircargo.robustness import stress
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.leave_out import FEWEST_SAMPLES
from mircargo.robustness.robust_calls import Stressed, summarise
from mircargo.robustness.variants import variants


def stress_test(base: BaseFit, results: pd.DataFrame, threads: int = 1) -> Stressed:
    """Fit otherwise, and say of each feature whether its call survives.

    Parameters
    ----------
    results
        Its table, `feature log2FoldChange lfcSE padj`.
    threads
        How many processes share the work. The result does not depend on it.

    Raises
    ------
    ProblemsFound
        Where no feature has enough reads to be fitted. What a single variant lacks stands in the facts.
    """
    design, thresholds = base.design, base.thresholds
    joint = design.reduced is not None
    base.size_factors()  # here, as what a process finds that shares the work is not known to the others

    def second_opinions() -> list[SecondOpinion]:
        if not joint:
            with suppress(ProblemsFound):
                base.second_opinion()
        return base.opinions

    def find_copies() -> list[Copies]:
        return copies(base.counts, base.groups, base.sheet.get("column"))

    once: list[Callable[[], Any]] = [find_copies, second_opinions]
    found, opinions = in_order(once, threads)
    base.opinions[:] = opinions
    runs = stress.run(results, variants(base), thresholds.alpha, joint, thresholds.min_log2_fold_change, threads)
    not_robust = why_not_robust(found)
    few = min(design.groups.values()) < FEWEST_SAMPLES
    facts = stress.facts(runs, not_robust, few)
    for opinion in opinions:
        facts |= {"typical_log2_fold_change": opinion.typical, "shared_error_log2_sd": opinion.shared_error}
    return Stressed(summarise(runs, bool(not_robust), few), stress.tidy(runs), facts)
