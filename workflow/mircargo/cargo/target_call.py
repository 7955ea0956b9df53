"""The miR-21 call: what the target does in a contrast, and what that answer rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from scipy.stats import norm

from mircargo.cargo.detection import reason as unseen_reason
from mircargo.cargo.global_change import clause as composition_clause
from mircargo.cargo.global_change import measured_words, overturning_change, p_cutoff
from mircargo.cargo.target_scale import scale_clause, scale_values
from mircargo.config import Contrast, Thresholds
from mircargo.model.design.asked import place
from mircargo.model.differential_table import calls, confidence_interval, covers, equivalence_pvalue, format_p
from mircargo.model.engines.deseq2 import Fit
from mircargo.problems import listing
from mircargo.results.contract import TARGET_CALLS
from mircargo.robustness.robust_calls import Stressed
from mircargo.robustness.sentences import NOT_ROBUST, clause
from mircargo.vocabulary import (
    ALL_ZERO,
    CHANGED,
    CONTROL,
    DOWN,
    FILTERED,
    LOW_COUNT,
    OUTLIER,
    TESTED,
    UP,
    TargetCallName,
)

ANSWERED = (*CHANGED, "unchanged", "inconclusive")
SURVIVAL = ["share_same_call", "fragile_under", "robust", "n_same_call"]
SMALL_SLOPE = 0.1  # log2 of one unit: smaller ones are written with significant digits
WHY_NOT = {
    ALL_ZERO: "no sample of this contrast has a read of it",
    LOW_COUNT: "it has fewer than {min_total_count} reads over the samples of this contrast",
    OUTLIER: "one sample's count is an outlier by Cook's distance, and no replicate can stand in for it",
    CONTROL: "the size factors rest on it, alone or with one other, so that its own change is divided out",
    FILTERED: "its mean count is below the cut-off of independent filtering",
}


@dataclass(frozen=True)
class Target:
    """The miRNA that is asked about."""

    name: str
    # What it is among the features (None if there is none), and what is to be said of that, as of `find_target`.
    feature: str | None
    note: str = ""


@dataclass(frozen=True)
class TargetCall:
    """A call with the reason for it in words."""

    call: TargetCallName
    reason: str


def call_feature(row: pd.Series, thresholds: Thresholds, levels: Sequence[str] = ()) -> TargetCall:
    """Say what a feature does.

    *up* or *down* by the one rule of a call (`model.results.calls`); *unchanged* only where two one-sided tests
    (Schuirmann 1987) show the fold change to lie within `equivalence_log2_fold_change` at level alpha; *inconclusive*
    where the data show neither; *not_detected* where there are too few reads, or none in one group that is too shallow
    to show it; *not_tested* where DESeq2 gave no adjusted p-value.

    Parameters
    ----------
    row
        A row of `differential/{contrast}.tsv`.
    levels
        The groups, where padj is of a joint test of all of them, for the reason where they differ and these two are
        not shown to.
    """
    if row["status"] != TESTED:
        reason = WHY_NOT[row["status"]].format(min_total_count=thresholds.min_total_count)
        return TargetCall("not_detected" if row["status"] in (ALL_ZERO, LOW_COUNT) else "not_tested", reason)
    called = calls(row.to_frame().T, thresholds.alpha).iloc[0]
    if called in (UP, DOWN):
        return TargetCall(called, "")
    if row["padj"] < thresholds.alpha:
        groups = f"the groups {listing(levels)}" if levels else "the groups"
        return TargetCall("inconclusive", f"{groups} differ, but these two are not shown to")
    if str(row.get("not_detected")) == "True":
        return TargetCall("not_detected", unseen_reason(row))
    if _equivalence(row, thresholds) < thresholds.alpha:
        return TargetCall("unchanged", f"shown to lie within {2**thresholds.equivalence_log2_fold_change:.2g}-fold")
    reason = "neither a change nor its absence is shown"
    if is_control(row):
        reason = "a change is not shown, and that there is none is what the size factors assume"
    return TargetCall("inconclusive", reason)


def is_control(row: pd.Series) -> bool:
    """Whether the size factors rest on a feature, by name or because they rest on few."""
    return str(row.get("control_feature")) == "True"


def _equivalence(row: pd.Series, thresholds: Thresholds) -> float:
    """Return the p-value of equivalence as the fit has it; it knows the numbers that a slope runs over."""
    if "equivalence_pvalue" in row:
        return float(row["equivalence_pvalue"])
    return equivalence_pvalue(row["log2FoldChange"], row["lfcSE"], thresholds.equivalence_log2_fold_change)


def call_target(
    name: str, contrast: Contrast, thresholds: Thresholds, fit: Fit, target: Target, stressed: Stressed | None = None
) -> dict[str, Any]:
    """Make the row of `cargo/target.tsv` of one contrast.

    Parameters
    ----------
    fit
        Its `differential/{contrast}.tsv`, and of its facts `groups` and, where there are any, `asked`, `scale` and
        `global_change`.
    """
    results, groups, feature = fit.results, fit.facts["groups"], target.feature
    scale, measured = (fit.facts.get(key) or {} for key in ("scale", "global_change"))
    asked = fit.facts.get("asked") or _as_configured(contrast, groups)
    tested = _test_words(contrast, groups, thresholds)
    row: dict[str, Any] = dict.fromkeys(TARGET_CALLS.columns)
    row |= {"contrast": name, "feature": feature, "expected": contrast.expected, "note": target.note}
    if feature is None:
        called = TargetCall("not_tested", target.note)
        sentence = _opening(target.name, asked, tested, called, row, thresholds)
        return row | {"call": called.call, "sentence": f"{sentence}."}
    found = results.set_index("feature").loc[feature]
    called = call_feature(found, thresholds, list(groups) if contrast.reduced else ())
    row["call"] = called.call
    if pd.notna(found["lfcSE"]):
        fold, se = float(found["log2FoldChange"]), float(found["lfcSE"])
        low, high = confidence_interval(fold, se, thresholds.alpha)
        row |= {"log2FoldChange": fold, "ci_low": low, "ci_high": high, "padj": found["padj"]}
        row["equivalence_pvalue"] = _equivalence(found, thresholds)
    clauses = [_opening(feature, asked, tested, called, row, thresholds)]
    if row["log2FoldChange"] is not None and isinstance(found.get("elsewhere"), str):
        clauses.append(f"the model lets it differ: in {found['elsewhere']}")
    if called.call in CHANGED and is_control(found):
        clauses.append("it is one of the features that size factors rest on, so part of its change may be divided out")
    if stressed is not None:
        row |= stressed.summary.set_index("feature").loc[feature].reindex(SURVIVAL).to_dict()
        own = stressed.variants[stressed.variants["feature"] == feature]
        # A feature that no variant fitted has nothing to add.
        clauses.append(clause(own) if len(own) else "")
        clauses.append(NOT_ROBUST if stressed.facts.get("not_robust") and called.call in CHANGED else "")
    # A joint test has no cut-off of its own for one fold change.
    one_fold = contrast.reduced is None and called.call in ANSWERED
    # Where the scale is given and not assumed, no other global change is left that could overturn the call.
    assumed = "why_not" not in scale or bool(measured.get("included"))
    if contrast.exosome and one_fold and assumed:
        if not measured.get("included"):
            fold, se, cutoff = (
                float(found["log2FoldChange"]),
                float(found["lfcSE"]),
                p_cutoff(results, thresholds.alpha),
            )
            overturning = overturning_change(fold, se, cutoff, thresholds.min_log2_fold_change)
            row["overturning_global_change"] = overturning.turn
            clauses.append(composition_clause(overturning, contrast.reference))
        if "estimate" in measured:
            clauses.append(measured_words(measured, contrast.reference, thresholds.alpha))
    row |= scale_values(scale, found)
    # Spike-ins say what the counts leave open.
    if scale and one_fold and "estimate" not in measured:
        margin = thresholds.equivalence_log2_fold_change / asked.get("width", 1.0)
        of_unit = thresholds.model_copy(update={"equivalence_log2_fold_change": margin})
        lost = stressed is not None and _lost_between(stressed, feature, called.call)
        clauses.append(scale_clause(called.call, found, results, scale, of_unit, lost))
    return row | {"sentence": "; ".join(filter(None, clauses)) + "."}


def _lost_between(stressed: Stressed, feature: str, call: str) -> bool:
    """Whether the stress test lost a call where the scale was between its two assumptions."""
    variants = stressed.variants
    own = variants[(variants["feature"] == feature) & (variants["kind"] == "scale")]
    return bool((~own["call"].isin([call, "not tested"])).any())


def _as_configured(contrast: Contrast, groups: Mapping[str, int]) -> dict[str, Any]:
    """Say what is asked where no fit has said it."""
    sizes = f"{groups.get(contrast.level, 0):,} against {groups.get(contrast.reference, 0):,} samples"
    return {"term": "difference", "place": place(contrast, {}, {}), "samples": sizes}


def _test_words(contrast: Contrast, groups: Mapping[str, int], thresholds: Thresholds) -> str:
    """Say what padj is of, where that is not whether the fold change is 0."""
    if contrast.reduced:
        plain = contrast.interaction is None and not contrast.per_unit
        return f" of the likelihood-ratio test {f'of {len(groups)} groups' if plain else f'against {contrast.reduced}'}"
    least = thresholds.min_log2_fold_change
    return f" of more than {2**least:.2g}-fold" if least > 0 else ""


def _opening(
    feature: str, asked: Mapping[str, Any], tested: str, called: TargetCall, row: dict[str, Any], thresholds: Thresholds
) -> str:
    """Say what the feature does, as the first clause of its sentence."""
    slope = asked["term"] == "slope"
    where = f"{'with' if slope else 'in'} {asked['place']}"
    if called.call in ("not_detected", "not_tested"):
        verb = "is not detected" if called.call == "not_detected" else "was not tested"
        return f"{feature} {verb} {where}: {called.reason} ({asked['samples']})"
    fold = row["log2FoldChange"]
    what = "difference of log2 fold changes" if asked["term"] == "interaction" else "log2 fold change"
    shown = "+.2g" if slope and abs(fold) < SMALL_SLOPE else "+.2f"
    numbers = (
        f"{what}{' per unit' if slope else ''} {fold:{shown}}, {covers(thresholds.alpha)} interval "
        f"{row['ci_low']:{shown}} to {row['ci_high']:{shown}}, padj {format_p(row['padj'])}{tested}, {asked['samples']}"
    )
    if called.call in CHANGED:
        # A slope is often small for one unit: one digit would make 1.0-fold of it.
        size = f"{2 ** abs(fold):.{3 if abs(fold) >= SMALL_SLOPE else 5}g}" if slope else f"{2 ** abs(fold):.1f}"
        return f"{feature} is {called.call} {size}-fold {where} ({numbers})"
    over = " over all its numbers" if slope and called.call == "unchanged" else ""
    if called.call == "unchanged":
        # Two one-sided tests at alpha are of the interval of 1 - 2 alpha; a wider one may reach beyond the margin.
        z = float(norm.isf(thresholds.alpha))
        half = z * (row["ci_high"] - row["ci_low"]) / 2 / float(norm.isf(thresholds.alpha / 2))
        ends = f"{fold - half:{shown}} to {fold + half:{shown}}"
        numbers += f"; the {covers(2 * thresholds.alpha)} interval of its two one-sided tests {ends}"
    return f"{feature} is {called.call} {where}: {called.reason}{over} ({numbers})"
