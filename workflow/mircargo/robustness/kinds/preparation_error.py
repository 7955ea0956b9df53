"""The error that libraries of a group share, added to that of each fold change."""

import pandas as pd

from mircargo.robustness.added_error import with_added_error
from mircargo.robustness.kind import BaseFit, Kind, Variant


def preparation_error(question: BaseFit) -> list[Variant]:
    """Add the shared error (`BaseFit.shared_error`), where one is stated."""
    if question.thresholds.preparation_log2_sd <= 0:
        return []
    sd = question.shared_error()

    def refit() -> pd.DataFrame:
        return with_added_error(question.refit(), sd, question.thresholds.min_log2_fold_change)

    name = f"a preparation error of {2 ** (sd * question.design.width) - 1:.0%}"
    return [Variant(name, "preparation", refit, on_base=True)]


KIND = Kind(
    name="preparation",
    order=6,
    heading="Error of preparation",
    variants=preparation_error,
    methods=lambda study, thresholds, facts: (
        "with the error that libraries of a group share and replicates do not show, estimated from the scatter of "
        f"unchanged features (near a stated log2 sd of {thresholds.preparation_log2_sd:g}), in each fold change"
        if thresholds.preparation_log2_sd > 0
        else ""
    ),
    joint_tests=False,
)
