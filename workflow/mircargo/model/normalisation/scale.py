"""Scale: what all fold changes would be if not the typical feature, but the total, had stayed the same.

Counts are shares of a library, so a table without spike-ins cannot tell how the amount that a library stands for
differs between groups. Median of ratios and its like take the typical feature as unchanged, total counts the total.
Both are asked here, and their difference is a number of each contrast.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtr, stdtrit

from mircargo.config import Thresholds
from mircargo.model.design.matrix import Design
from mircargo.model.differential_table import covers
from mircargo.model.normalisation.choice import Normalisation, chosen_size_factors
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.vocabulary import SIZE_FACTOR_METHODS

LEAST_DIFFERENCE = 0.1  # log2, 7%: a smaller one is not worth a warning, however sure it is
GO_WITH_GROUPS = 1.5  # ratio of the geometric means of two groups' size factors
KEPT = {"typical": "the typical miRNA", "total": "the total"}


@dataclass(frozen=True)
class Estimate:
    """A number of each sample, as the contrast of a design has it: in log2, with Student's interval."""

    difference: float
    low: float
    high: float
    log2_se: float
    degrees_of_freedom: int


def contrast_of(log2_values: "pd.Series[float]", design: Design, alpha: float = 0.05) -> Estimate:
    """Fit log2 values of the samples by least squares with the contrast's own design, so that blocking is respected.

    The interval covers 1 - alpha (Student's t); the design needs one residual degree of freedom.
    """
    values, matrix = log2_values[design.matrix.index].to_numpy(dtype=float), design.matrix.to_numpy(dtype=float)
    inverse = np.linalg.inv(matrix.T @ matrix)
    coefficients = inverse @ matrix.T @ values
    df = design.residual_degrees_of_freedom
    variance = float(((values - matrix @ coefficients) ** 2).sum()) / df
    se = float(np.sqrt(variance * (design.contrast @ inverse @ design.contrast)))
    middle, half = float(design.contrast @ coefficients), float(-stdtrit(df, alpha / 2)) * se
    return Estimate(middle, middle - half, middle + half, se, df)


def scale_difference(
    counts: pd.DataFrame, how: Normalisation, factors: SizeFactors, design: Design, thresholds: Thresholds
) -> dict[str, Any]:
    """Say what becomes of all fold changes of a contrast if the other assumption of scale holds.

    A fold change is a contrast of `log2 K - log2 s`. With other size factors it differs by the contrast of the ratio
    of both, which is the same for every feature.

    Parameters
    ----------
    counts
        Features x samples, of the design's samples.

    Returns
    -------
    dict
        `kept` and `instead`, what the size factors in use take as unchanged and what they might take instead (typical,
        total); the fields of `Estimate`, to be added to each log2 fold change; `depends`, whether it is larger than its
        sampling error and at least `LEAST_DIFFERENCE`. Or `why_not`, where the scale is not assumed but given.
    """
    method = how.choice.method
    chosen = SIZE_FACTOR_METHODS[method]
    if chosen.measured:
        return {"why_not": f"scale is not assumed: size factors come from {chosen.words}"}
    kept, instead = ("total", "typical") if method == "total" else ("typical", "total")
    other = chosen_size_factors(counts, how.by("auto" if method == "total" else "total"), thresholds.min_total_count)
    return {"kept": kept, "instead": instead, **compared_scale(factors, other, design, thresholds.alpha)}


def compared_scale(factors: SizeFactors, other: SizeFactors, design: Design, alpha: float) -> dict[str, Any]:
    """Give the fields of `Estimate` of the difference that `other` size factors would make, and `depends`."""
    ratio = np.log2(factors.values[design.matrix.index] / other.values[design.matrix.index])
    found = contrast_of(ratio, design, alpha)
    depends = (found.low > 0 or found.high < 0) and abs(found.difference) * design.width >= LEAST_DIFFERENCE
    return {**asdict(found), "depends": bool(depends)}


def difference_words(scale: Mapping[str, Any], alpha: float = 0.05) -> str:
    """Say as part of a sentence what all fold changes would be under the other assumption.

    `scale` is as of `scale_difference`, with a `difference`; its interval covers 1 - alpha.
    """
    verb, sign = ("rise", 1) if scale["difference"] > 0 else ("fall", -1)
    low, high = sorted(abs(scale[key]) for key in ("low", "high"))
    # An end that rounds to 0 would look as if the interval held it; so would a difference of one unit of a slope.
    digits = ".2f" if low >= 0.005 and abs(scale["difference"]) >= 0.005 else ".2g"
    interval = f"{covers(alpha)} interval {low:{digits}} to {high:{digits}}"
    if scale["low"] <= 0 <= scale["high"]:
        # Of a fall: an end at which the fold changes rise is negative.
        low, high = sorted(sign * scale[key] for key in ("low", "high"))
        interval = f"{covers(alpha)} interval of this {low:+{digits}} to {high:+{digits}}"
    kept, instead = (KEPT[scale[key]] for key in ("kept", "instead"))
    return (
        f"if {instead} and not {kept} stayed the same, all fold changes would {verb} by"
        f" {abs(scale['difference']):{digits}} ({interval})"
    )


def scale_model(scale: Mapping[str, Any], measured: Mapping[str, Any], thresholds: Thresholds) -> dict[str, Any]:
    """Say how far the scale of a contrast is known: a normal distribution of what to add to its log2 fold changes.

    Centred between the two assumptions, with half their difference, its sampling error and `scale_log2_sd` as standard
    deviations: a scale model in the sense of Nixon et al. 2025 (Genome Biol 26:139).
    Spike-ins stand in its place where there are any; where they, control features or a column give the size factors,
    nothing is added.

    Parameters
    ----------
    scale
        As of `scale_difference`.
    measured
        What spike-ins say of the global change, as of `global_change.spike_in_change`; empty without spike-ins.
    thresholds
        `scale_log2_sd`.

    Returns
    -------
    dict
        `shift` and `log2_sd` (log2), and `rests_on`: `assumptions`, `spike_ins` or `size_factors`.
    """
    if "difference" not in scale:
        return {"shift": 0.0, "log2_sd": 0.0, "rests_on": "size_factors"}
    if "estimate" in measured:
        shift, log2_sd = float(np.log2(measured["estimate"])), float(measured["log2_se"])
        return {"shift": shift, "log2_sd": log2_sd, "rests_on": "spike_ins"}
    half = scale["difference"] / 2
    sd = float(np.sqrt(half**2 + scale["log2_se"] ** 2 + thresholds.scale_log2_sd**2))
    return {"shift": float(half), "log2_sd": sd, "rests_on": "assumptions"}


def scale_intervals(results: pd.DataFrame, model: Mapping[str, Any], thresholds: Thresholds) -> pd.DataFrame:
    """Give intervals of fold changes under the errors of scale and preparation, which standard errors do not hold.

    Parameters
    ----------
    results
        `log2FoldChange` and `lfcSE` of each feature, missing where there is no estimate.
    model
        As of `scale_model`.
    """
    variance = results["lfcSE"] ** 2 + thresholds.preparation_log2_sd**2 + model["log2_sd"] ** 2
    half = float(-ndtri(thresholds.alpha / 2)) * np.sqrt(variance)
    middle = results["log2FoldChange"] + model["shift"]
    return pd.DataFrame({"scale_ci_low": middle - half, "scale_ci_high": middle + half})


def size_factors_with_groups(
    factors: "pd.Series[float]", groups: pd.Series, design: Design, level: str, reference: str
) -> dict[str, Any]:
    """Say whether the size factors go with the groups of a contrast, so that they decide its fold changes.

    Returns
    -------
    dict
        `ratio`, of the geometric means, level over reference, as the design has it; `pvalue`, of Student's t on log
        size factors; `ranges`, smallest and largest of each group; `differs`, whether every one of a group is larger
        than every one of the other, the ratio at least `GO_WITH_GROUPS` and the p-value below 0.05.
    """
    found = contrast_of(np.log2(factors.astype(float)), design)
    own = groups.reindex(design.matrix.index)
    parts = {name: factors[own.index[own == name]] for name in (level, reference)}
    ends = {name: [float(part.min()), float(part.max())] for name, part in parts.items()}
    apart = ends[level][0] > ends[reference][1] or ends[reference][0] > ends[level][1]
    t_value = abs(found.difference) / found.log2_se if found.log2_se > 0 else np.inf
    p_value = float(2 * stdtr(found.degrees_of_freedom, -t_value)) if found.difference else 1.0
    large = abs(found.difference) >= np.log2(GO_WITH_GROUPS)
    differs = bool(apart and large and p_value < 0.05)
    return {"ratio": float(2.0**found.difference), "pvalue": p_value, "ranges": ends, "differs": differs}
