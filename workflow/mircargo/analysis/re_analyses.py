"""The stress test of a fit: its variants, what becomes of each call, and whether a call can be robust at all."""

from contextlib import suppress

import pandas as pd

from mircargo.checks.replicates import copies, why_not_robust
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
    if not joint:
        # It is asked before the work is shared: what another process is told does not come back to this one.
        with suppress(ProblemsFound):
            base.second_opinion()
    runs = stress.run(results, variants(base), thresholds.alpha, joint, thresholds.min_log2_fold_change, threads)
    not_robust = why_not_robust(copies(base.counts, base.groups, base.sheet.get("column")))
    few = min(design.groups.values()) < FEWEST_SAMPLES
    facts = stress.facts(runs, not_robust, few)
    for opinion in base.opinions:
        facts |= {"typical_log2_fold_change": opinion.typical, "shared_error_log2_sd": opinion.shared_error}
    return Stressed(summarise(runs, bool(not_robust), few), stress.tidy(runs), facts)
