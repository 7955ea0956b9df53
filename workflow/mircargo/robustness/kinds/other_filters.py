"""Other filters of features with few reads."""

from dataclasses import replace
from typing import Final

import pandas as pd

from mircargo.model.normalisation.size_factors import assumed
from mircargo.robustness.kind import BaseFit, Kind, Variant

LEAST_TOTALS: Final = (10, 30, 100)  # reads of a feature in all samples
LEAST_IN_A_SAMPLE: Final = 10  # reads, in as many samples as the smallest group has


def other_filters(question: BaseFit) -> list[Variant]:
    """Ask for other total counts than configured, and for reads in as many samples as the smallest group has."""
    n_samples = min(question.design.groups.values())

    def refit_by_samples() -> pd.DataFrame:
        enough = (question.own_counts >= LEAST_IN_A_SAMPLE).sum(axis=1) >= n_samples
        factors = question.size_factors()
        unfiltered = replace(question, counts=question.counts[enough]).with_least(0)
        # Size factors from control features, spike-ins or a column do not depend on the filter.
        return unfiltered.refit(unfiltered.size_factors() if assumed(factors) else factors)

    # With many samples, no feature falls to some of these filters: what is left is the fit as configured.
    totals = [
        Variant(f"at least {least} reads in total", "filter", question.with_least(least).refit, on_base=True)
        for least in LEAST_TOTALS
        if least != question.thresholds.min_total_count
    ]
    by_samples = f"at least {LEAST_IN_A_SAMPLE} reads in {n_samples} samples"
    return [*totals, Variant(by_samples, "filter", refit_by_samples)]


KIND = Kind(
    name="filter",
    order=5,
    heading="Low-count filters",
    variants=other_filters,
    methods=lambda *_: "with other low-count filters",
)
