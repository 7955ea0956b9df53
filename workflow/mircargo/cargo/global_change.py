"""Composition: counts are shares of a library, so what becomes of a call if all exosome miRNA rose or fell."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from mircargo.config import Thresholds
from mircargo.model.design.matrix import Design
from mircargo.model.differential_table import covers
from mircargo.model.engines.typical import typical_change
from mircargo.model.normalisation.choice import Normalisation, chosen_size_factors
from mircargo.model.normalisation.scale import contrast_of
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.problems import ProblemsFound
from mircargo.results.contract import GLOBAL_CHANGE

FACTORS = (1.5, 2.0, 4.0)
SMALL, LARGE = 1.01, 1000  # beyond these a fold is not written out


@dataclass(frozen=True)
class Overturning:
    """Global changes, level over reference as folds (0.5: halved), at which what is said of a feature turns."""

    call: str  # up, down or none, as things stand
    turn: float  # the nearest change at which the call is lost; or, where there is none, at which there would be one
    sign: float  # the change at which the feature's own fold change would be 1
    opposite: float | None  # the change from which on the opposite would be called; missing where there is no call


@dataclass(frozen=True)
class GlobalChange:
    """A change of miRNA, level over reference as a fold, as spike-ins show it, with its confidence interval."""

    estimate: float
    low: float
    high: float
    log2_se: float
    degrees_of_freedom: int


def p_cutoff(table: pd.DataFrame, alpha: float) -> float:
    """Return the p-value below which a feature of a table is called: alpha times calls over tests, one call at least.

    Up to there each of the calls could rise alone and padj would stay below alpha (Benjamini and Hochberg 1995).
    """
    calls, tests = int((table["padj"] < alpha).sum()), int(table["padj"].notna().sum())
    return alpha * max(calls, 1) / max(tests, 1)


def overturning_change(
    log2_fold_change: float, se: float, cutoff: float, min_log2_fold_change: float = 0.0
) -> Overturning:
    """Find the global changes that would overturn what is said of a feature.

    Size factors make the typical miRNA of both groups equal. If all miRNA in truth changed f-fold, log2 f is missing in
    every fold change, and no standard error changes by it. So a feature is up if its log2 fold change and log2 f
    together are above what the test asks for: `min_log2_fold_change` and so many standard errors as belong to the
    cut-off (Wald test).

    Parameters
    ----------
    cutoff
        The p-value at which a call begins, as of `p_cutoff`. It is taken as it stands: what other features become is
        not adjusted for anew.
    """
    needed = min_log2_fold_change + float(norm.isf(cutoff / 2)) * se
    direction = 1.0 if log2_fold_change >= 0 else -1.0
    called = abs(log2_fold_change) > needed
    turn = direction * needed - log2_fold_change
    opposite = -direction * needed - log2_fold_change
    call = ("up" if direction > 0 else "down") if called else "none"
    return Overturning(call, float(2.0**turn), float(2.0**-log2_fold_change), float(2.0**opposite) if called else None)


def under_global_change(
    table: pd.DataFrame, alpha: float, min_log2_fold_change: float = 0.0, factors: Sequence[float] = FACTORS
) -> pd.DataFrame:
    """List what every fold change and call become if all miRNA had risen or fallen in the level.

    Parameters
    ----------
    table
        `differential/{contrast}.tsv`.
    factors
        Global changes as folds above 1; each is taken as a rise and as a fall.

    Returns
    -------
    pandas.DataFrame
        One row per tested feature and global change, 1 among them, as in `cargo/composition/{contrast}.tsv`.
    """
    tested = table[table["padj"].notna()]
    changes = np.array(sorted({1.0, *factors, *(1 / factor for factor in factors)}))
    needed = min_log2_fold_change + float(norm.isf(p_cutoff(table, alpha) / 2)) * tested["lfcSE"].to_numpy()
    shifted = tested["log2FoldChange"].to_numpy()[:, None] + np.log2(changes)
    # At no global change the table's own calls stand, by whatever test they were made.
    called = np.where(changes == 1, (tested["padj"] < alpha).to_numpy()[:, None], np.abs(shifted) > needed[:, None])
    values = {
        "feature": np.repeat(tested["feature"].to_numpy(), len(changes)),
        "global_change": np.tile(changes, len(tested)),
        "log2FoldChange": shifted.ravel(),
        "call": np.where(called, np.where(shifted > 0, "up", "down"), "none").ravel(),
    }
    return pd.DataFrame(values, columns=list(GLOBAL_CHANGE.columns))


def global_change(
    size_factors: Mapping[str, float], spike_in_factors: Mapping[str, float], design: Design, alpha: float = 0.05
) -> GlobalChange:
    """Estimate from spike-ins of the same amount in every sample what to add to the fold changes.

    A size factor from the miRNAs over one from the spike-ins is a sample's miRNA per spike-in. Its logarithm is fitted
    with the contrast's own design, as by `contrast_of`. With the sum of a library's reads in the place of the size
    factor it is the change of the total.
    """
    samples = list(design.matrix.index)
    per_spike = pd.Series({sample: size_factors[sample] / spike_in_factors[sample] for sample in samples})
    found = contrast_of(np.log2(per_spike), design, alpha)
    folds = (2.0**found.difference, 2.0**found.low, 2.0**found.high)
    return GlobalChange(*folds, found.log2_se, found.degrees_of_freedom)


def spike_in_change(
    counts: pd.DataFrame, how: Normalisation, design: Design, thresholds: Thresholds, factors: SizeFactors | None = None
) -> dict[str, Any]:
    """Estimate the global change of a contrast from the study's spike-ins.

    Parameters
    ----------
    counts
        Features x samples, of the design's samples.
    how
        How the study finds its size factors, with its spike-ins.
    factors
        The size factors in use, which the fold changes lack the offset of; found as configured where left out.

    Returns
    -------
    dict
        The fields of `GlobalChange` for the *offset*: what to multiply the fold changes with, as the size factors of
        the miRNAs leave it out; `offset`, the same under its name; `total`, of all reads of the features fitted over
        all reads of spike-ins; and `included`: whether the fold changes hold the offset already, as the size factors
        are the spike-ins' own. Or `why_not`, where the spike-ins cannot be used.
    """
    least, included = thresholds.min_total_count, how.choice.method == "spike_ins"
    usual = how.by("auto") if included else how
    try:
        spiked, found = (chosen_size_factors(counts, each, least) for each in (how.by("spike_ins"), usual))
    except ProblemsFound as error:
        return {"why_not": "; ".join(f"{each.what} ({each.found})" for each in error.problems)}
    own = found if included or factors is None else factors
    offset = asdict(global_change(own.values.to_dict(), spiked.values.to_dict(), design, thresholds.alpha))
    kept = counts[counts.sum(axis=1) >= least]
    assert how.spike_ins is not None, "without spike-ins there are no size factors from them"
    reads, added = kept.sum(), how.spike_ins[list(counts.columns)].fillna(0).sum()
    total = asdict(global_change(reads.to_dict(), added.to_dict(), design, thresholds.alpha))
    return {**offset, "offset": offset, "total": total, "included": included}


def with_typical(measured: Mapping[str, Any], results: pd.DataFrame) -> dict[str, Any]:
    """Add what spike-ins say of the `typical` miRNA: the offset, and the mode of the fold changes that lack it.

    Size factors take the middle of the miRNAs as unchanged. Where many change one way, that is not what most of them
    do: see `typical.typical_change`. `measured` is as of `spike_in_change`; where spike-ins could not be used, or no
    feature has an error, it stays as it is.
    """
    known = results[(results["lfcSE"] > 0) & results["log2FoldChange"].notna()]
    if "offset" not in measured or known.empty:
        return dict(measured)
    mode = typical_change(known["log2FoldChange"].to_numpy(dtype=float), known["lfcSE"].to_numpy(dtype=float))
    offset = measured["offset"]
    # Where the offset is in the fold changes already, so it is in their mode.
    shift = 2.0**mode / (offset["estimate"] if measured["included"] else 1.0)
    typical = {key: offset[key] * shift for key in ("estimate", "low", "high")}
    return {**measured, "typical": {**offset, **typical}}


def clause(overturning: Overturning, reference: str, what: str = "total exosome miRNA") -> str:
    """Say as part of a sentence which global change would overturn the call, or make one."""
    outcome = "the call would be lost"
    if overturning.call == "none":
        outcome = f"it would be called {'up' if overturning.turn > 1 else 'down'}"
    return f"{outcome} if {what} had {_moved(overturning.turn, reference)}"


def measured_clause(
    change: GlobalChange, reference: str, alpha: float = 0.05, what: str = "total exosome miRNA"
) -> str:
    """Say as part of a sentence what spike-ins show of the change of the total, or of what else is named."""
    interval = f"{covers(alpha)} interval {change.low:.2f} to {change.high:.2f}"
    return f"by the spike-ins {what} was {change.estimate:.2f} times that of {reference} ({interval})"


def measured_words(measured: Mapping[str, Any], reference: str, alpha: float = 0.05) -> str:
    """Say as part of a sentence the three numbers of spike-ins: total, typical miRNA, and offset of the fold changes.

    `measured` is as of `with_typical`; the offset alone will do. The intervals cover 1 - alpha.
    """
    words = []
    if "total" in measured:
        words.append(measured_clause(GlobalChange(**measured["total"]), reference, alpha))
    if "typical" in measured:
        words.append("the typical miRNA {estimate:.2f} times ({low:.2f} to {high:.2f})".format(**measured["typical"]))
    offset = "{estimate:.2f} ({} interval {low:.2f} to {high:.2f})".format(covers(alpha), **measured)
    by = "" if words else "by the spike-ins "
    if measured.get("included"):
        words.append(f"{by}the fold changes hold an offset of {offset} already")
    else:
        words.append(f"{by}all fold changes are to be multiplied by {offset}")
    return ", ".join(words[:-1]) + (", and " if words[1:] else "") + words[-1]


def _moved(fold: float, reference: str) -> str:
    verb = "fallen" if fold < 1 else "risen"
    if abs(np.log2(fold)) < np.log2(SMALL):
        return f"{verb} by less than {SMALL - 1:.0%}"
    if abs(np.log2(fold)) > np.log2(LARGE):
        return f"{verb} more than {LARGE}-fold"
    return f"fallen to {fold:.2g} of {reference}" if fold < 1 else f"risen to {fold:.3g} times {reference}"
