"""What becomes of the target's call under the other assumption of scale."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mircargo.cargo.global_change import overturning_change, p_cutoff
from mircargo.config import Thresholds
from mircargo.model.differential_table import equivalence_pvalue
from mircargo.model.normalisation.scale import difference_words
from mircargo.results.columns import SCALE
from mircargo.vocabulary import CHANGED

DECIDES = "spike-ins, or qPCR against a stable amount of input, would decide"


def scale_values(scale: Mapping[str, Any], found: pd.Series) -> dict[str, Any]:
    """Give the columns of scale of the target's row.

    `scale` is as of `scale_difference`, empty where it is not known; `found` the target's row of the fit's table.
    """
    ends = {"scale_difference": "difference", "scale_difference_low": "low", "scale_difference_high": "high"}
    return {
        **{column: scale.get(key) for column, key in ends.items()},
        **{column: found[column] for column in SCALE if column in found and pd.notna(found[column])},
    }


def scale_clause(
    call: str,
    found: pd.Series,
    results: pd.DataFrame,
    scale: Mapping[str, Any],
    thresholds: Thresholds,
    lost_between: bool,
) -> str:
    """Say as part of a sentence what the fold change and the call would be, and what would decide.

    No standard error changes with the scale, and the cut-off is taken as it stands: see `overturning_change`. Empty
    where the answer does not depend on scale.

    Parameters
    ----------
    found, results
        The feature's row of `differential/{contrast}.tsv`, and that table.
    scale
        As of `scale_difference`.
    thresholds
        Where a call begins; its margin of equivalence is that of one unit where the contrast is a slope.
    lost_between
        Whether the stress test lost the call where scale was anything between the two assumptions.
    """
    if not scale.get("depends"):
        return ""
    fold, se = float(found["log2FoldChange"]) + scale["difference"], float(found["lfcSE"])
    cutoff = p_cutoff(results, thresholds.alpha)
    then = overturning_change(fold, se, cutoff, thresholds.min_log2_fold_change).call
    if then == "none":
        equivalence = equivalence_pvalue(fold, se, thresholds.equivalence_log2_fold_change)
        then = "unchanged" if equivalence < thresholds.alpha else "inconclusive"
    decides = f": {DECIDES}"
    if then == call and call in CHANGED:
        outcome = "the call would hold"
        if lost_between:
            outcome += ", but it is not shown under every scale between them"
        else:
            decides += " by how much"
    elif then == call:
        outcome, decides = f"it would still be {call}", ""
    elif call in CHANGED and then not in CHANGED:
        outcome = f"the call would be lost ({then})"
    else:
        outcome = f"it would be {then}"
    asked = difference_words(scale, thresholds.alpha)
    return f"{asked}, this one to {fold:+.2f}, and {outcome}{decides}"
