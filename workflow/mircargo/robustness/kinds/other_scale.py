"""Another scale: as spike-ins say, or anywhere between the typical feature and the total unchanged."""

import pandas as pd

from mircargo.model.normalisation.scale import scale_model
from mircargo.robustness.added_error import with_added_error
from mircargo.robustness.kind import BaseFit, Kind, Variant, unless_measured


def other_scale(question: BaseFit) -> list[Variant]:
    """Shift the fold changes to another scale, and add its uncertainty to their errors.

    To the scale of the spike-ins, where they are kept aside. Else, where typical feature and total differ by more than
    their sampling error, to anywhere between either being unchanged (`model.normalisation.scale`).
    """
    thresholds, scale = question.thresholds, question.scale()
    measured = "estimate" in question.measured
    if not (measured or scale["depends"]):
        return []
    # Between the two assumptions and not beyond: that neither may hold is for the intervals under scale.
    between = thresholds.model_copy(update={"scale_log2_sd": 0.0})
    model = scale_model({"difference": 0.0} if measured else scale, question.measured, between)

    def refit() -> pd.DataFrame:
        table = question.refit()
        moved = table.assign(log2FoldChange=table["log2FoldChange"] + model["shift"])
        return with_added_error(moved, model["log2_sd"], thresholds.min_log2_fold_change)

    name = "scale by the spike-ins" if measured else "scale between typical and total"
    return [Variant(name, "scale", refit, on_base=True)]


KIND = Kind(
    name="scale",
    order=4,
    heading="Scale unknown",
    variants=other_scale,
    methods=unless_measured(
        "where the typical miRNA and the total cannot both have stayed the same, with scale anywhere between"
    ),
    joint_tests=False,
)
