"""Calls of the target: by a table of the normal distribution, and the sentences that say them."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from factories import INJURED, fitted
from mircargo.cargo.target_call import Target, call_feature, call_target
from mircargo.config import Interaction, Thresholds
from mircargo.model.differential_table import confidence_interval, equivalence_pvalue, format_p
from mircargo.model.engines.deseq2 import Fit
from mircargo.results.contract import TARGET_CALLS
from mircargo.robustness.robust_calls import Stressed

HALF = Thresholds(equivalence_log2_fold_change=0.5)
NOTHING = np.nan
TARGET = Target("miR-21-5p", "x")


def called(table, contrast=INJURED, thresholds=None, target=TARGET, stress=None, **facts) -> dict:
    made = Fit(table, {"groups": {"control": 4, "injured": 5}, **facts})
    return call_target("c", contrast, thresholds or Thresholds(), made, target, stress)


@pytest.mark.parametrize(
    ("numbers", "call"),
    [
        ((1, 0.1, 0.049), "up"),
        ((-1, 0.1, 0.049), "down"),
        # Equivalence within 0.5 at 0.05 needs |fold| + 1.645 se < 0.5.
        ((0.1, 0.243, 0.9), "unchanged"),
        ((0.1, 0.244, 0.9), "inconclusive"),
        ((-0.3, 0.1, 0.06), "unchanged"),
        ((-0.4, 0.1, 0.06), "inconclusive"),
        # A change that is shown is a change, however small.
        ((0.2, 0.01, 0.001), "up"),
        ((1, 0.1, 0.05), "inconclusive"),
        # Of a joint test, which rejects although the two groups are not told apart: 1.96 * 0.6 is more than 1.
        ((1, 0.6, 0.001), "inconclusive"),
        ((NOTHING, NOTHING, NOTHING, "all_zero"), "not_detected"),
        ((NOTHING, NOTHING, NOTHING, "low_count"), "not_detected"),
        ((2, 0.1, NOTHING, "outlier"), "not_tested"),
        ((2, 0.1, NOTHING, "independent_filter"), "not_tested"),
    ],
)
def test_call(numbers, call):
    found = call_feature(fitted("x", *numbers).iloc[0], HALF)
    assert found.call == call
    assert (found.reason == "") == (call in ("up", "down"))
    assert ("the groups differ" in found.reason) == (numbers == (1, 0.6, 0.001))


@pytest.mark.parametrize(
    ("not_detected", "call"), [(True, "not_detected"), ("True", "not_detected"), (False, "inconclusive")]
)
def test_call_where_libraries_are_too_shallow(not_detected, call):
    shy = {"not_detected": not_detected, "unseen_in": "injured", "expected_reads": 1.4, "p_no_reads": 0.25}
    found = call_feature(fitted("x", 0.0, 2.0, 0.9, **shy).iloc[0], Thresholds())
    assert found.call == call
    assert ("injured has no read of it" in found.reason) == (call == "not_detected")


def test_interval_and_equivalence_by_the_normal_table():
    assert confidence_interval(1, 0.5, 0.05) == pytest.approx((0.020018, 1.979982), abs=1e-6)
    # (0.5 - 0.2) / 0.1 = 3 and (0.5 + 0.2) / 0.1 = 7: the larger of the two upper tails is that of 3.
    assert equivalence_pvalue(0.2, 0.1, 0.5) == pytest.approx(0.0013499, abs=1e-7)
    assert equivalence_pvalue(-0.2, 0.1, 0.5) == pytest.approx(float(stats.norm.sf(3)))


@pytest.mark.parametrize(
    ("p", "text"), [(1, "above 0.99"), (0.991, "above 0.99"), (0.99, "0.99"), (0.048, "0.048"), (1e-3, "0.001"),
                    (9.9e-4, "9.9e-04"), (3.3e-42, "3.3e-42"), (0.0, "below 1e-300")]
)  # fmt: skip
def test_p_values_as_papers_write_them(p, text):
    assert format_p(p) == text


def test_a_row_of_the_target_has_its_columns():
    row = called(fitted("x", -1.0), INJURED.model_copy(update={"expected": "up"}), target=Target("", "x", "a note"))
    assert list(row) == list(TARGET_CALLS.columns)
    assert {key: row[key] for key in ("contrast", "feature", "call", "expected", "note")} == {
        "contrast": "c", "feature": "x", "call": "down", "expected": "up", "note": "a note",
    }  # fmt: skip
    assert (row["log2FoldChange"], row["padj"]) == (-1.0, 0.001)
    # R: pnorm((1 - 0.5) / 0.2) where the margin is 0.5.
    assert called(fitted("x", -1.0), thresholds=HALF)["equivalence_pvalue"] == pytest.approx(0.993790334674224)
    none = called(fitted("x", NOTHING, NOTHING, NOTHING, "outlier"))
    assert none["log2FoldChange"] is none["padj"] is none["ci_low"] is None
    nobody = called(fitted(), target=Target("miR-21-5p", None, "gone"))
    assert list(nobody) == list(TARGET_CALLS.columns)
    assert (nobody["feature"], nobody["note"], nobody["call"]) == (None, "gone", "not_tested")


JOINT = INJURED.model_copy(update={"reduced": "~ 1"})
EXOSOME = INJURED.model_copy(update={"exosome": True})
EV = INJURED.model_copy(update={"subset": {"fraction": ["ev"]}})
THREE = {"groups": {"control": 4, "injured": 5, "sham": 3}}
CHANGE = {"estimate": 0.5, "low": 0.25, "high": 1.0, "log2_se": 0.4, "degrees_of_freedom": 6}
SPIKES = CHANGE | {"included": False}
INCLUDED = CHANGE | {"included": True}
ALL_THREE = SPIKES | {"total": CHANGE | {"estimate": 0.6}, "typical": CHANGE | {"low": 0.3}}
NO_CALL = fitted("x", NOTHING, NOTHING, NOTHING)
STRESS = Stressed(
    pd.DataFrame([{"feature": "x", "share_same_call": 0.5, "fragile_under": "poscounts"}]),
    pd.DataFrame({"feature": "x", "variant": ["as configured", "poscounts", "without sample a"],
                  "kind": ["base", "size_factors", "sample"], "call": ["up", "none", "up"]}),
    {},
)  # fmt: skip
OTHERS = STRESS.variants.assign(feature="y")
TWICE = replace(STRESS, facts={"not_robust": ["control"]})
SCALE = {"kept": "typical", "instead": "total", "difference": 0.9, "low": 0.7, "high": 1.1, "depends": True}
# A variant between the two scales, and one of another kind that calls otherwise; of another feature, and not tested.
BETWEEN = replace(STRESS, variants=pd.DataFrame(
    {"feature": "x", "variant": ["as configured", "half way", "further", "without sample a"],
     "kind": ["base", "scale", "scale", "sample"], "call": ["down", "down", "none", "down"]}))  # fmt: skip
HELD = replace(STRESS, variants=pd.DataFrame(
    {"feature": list("xxxxy"), "variant": ["as configured", "half way", "further", "without sample a", "half way"],
     "kind": ["base", "scale", "scale", "sample", "scale"],
     "call": ["down", "down", "not tested", "none", "none"]}))  # fmt: skip
SLOPE = {"term": "slope", "place": "days after injury", "samples": "9 samples", "width": 14.0}
CROSSED = JOINT.model_copy(
    update={"reduced": "~ group", "interaction": Interaction(variable="fraction", level="ev", reference="drg")}
)
CASES = {
    "all zero": partial(called, NO_CALL.assign(status="all_zero")),
    "low count": partial(called, NO_CALL.assign(status="low_count")),
    "outlier": partial(called, NO_CALL.assign(status="outlier")),
    "independent filter": partial(called, NO_CALL.assign(status="independent_filter")),
    "no row": partial(called, fitted(), EV, target=Target("miR-21-5p", None, "no row is it"), groups={}),
    "down": partial(called, fitted("x", -1.0)),
    "up in a subset": partial(called, fitted("x", 1.0, 0.2, 3.3e-7), EV),
    "inconclusive in a subset": partial(called, fitted("x", 0.86, 0.82, 0.48), EV),
    "smallest fold change": partial(called, fitted("x", 2.0), thresholds=Thresholds(min_log2_fold_change=1.5)),
    "joint test": partial(called, fitted("x", 1.0, 0.5), JOINT, **THREE),
    "joint test that tells not these two": partial(called, fitted("x", 0.9, 0.5), JOINT, **THREE),
    "joint test without a difference": partial(called, fitted("x", 0.1, 0.5, 0.9), JOINT),
    "an interval that holds zero": partial(called, fitted("x", 0.1, 0.5)),
    "unchanged": partial(called, fitted("x", 0.0, 0.1, 0.9), thresholds=Thresholds(equivalence_log2_fold_change=1.0)),
    "exosomes": partial(called, fitted("x", 2.0, 0.5, 0.01), EXOSOME),
    "exosomes without a call": partial(called, fitted("x", 0.5, 0.5, 0.9), EXOSOME),
    "spike-ins": partial(called, fitted("x", 2.0, 0.5, 0.01), EXOSOME, global_change=SPIKES),
    "spike-ins included": partial(called, fitted("x", 2.0, 0.5, 0.01), EXOSOME, global_change=INCLUDED),
    "spike-ins, total and typical": partial(called, fitted("x", 2.0, 0.5, 0.01), EXOSOME, global_change=ALL_THREE),
    "stress test": partial(called, fitted("x", 1.0, 0.2, 3.3e-7), EV, HALF, stress=STRESS),
    "stress test without this feature": partial(called, fitted("x", 1.0), stress=replace(STRESS, variants=OTHERS)),
    "libraries counted twice": partial(called, fitted("x", 1.0), stress=TWICE),
    "libraries counted twice, no call": partial(called, fitted("x", 0.1, 0.5, 0.9), stress=TWICE),
    "size factors rest on it": partial(called, fitted("x", 1.0, control_feature=True)),
    "size factors rest on it, no call": partial(called, fitted("x", 0.1, 0.5, 0.9, control_feature="True")),
    "the model lets it differ": partial(called, fitted("x", 1.0, elsewhere="drg and plasma")),
    "a scale that is lost between": partial(called, fitted("x", -3.0), stress=BETWEEN, scale=SCALE),
    "a scale that holds between": partial(called, fitted("x", -3.0), stress=HELD, scale=SCALE),
    "scale given, exosomes": partial(called, fitted("x", 2.0, 0.5, 0.01), EXOSOME, scale={"why_not": "given"}),
    "scale given by spike-ins": partial(called, fitted("x", 2.0, 0.5, 0.01), EXOSOME, scale={"why_not": "given"},
                                        global_change=INCLUDED),
    "smallest fold change, exosomes": partial(called, fitted("x", 3.0, 0.5, 0.01), EXOSOME,
                                              Thresholds(min_log2_fold_change=1.0)),
    "no feature, smallest fold change": partial(called, fitted(), thresholds=Thresholds(min_log2_fold_change=1.0),
                                                target=Target("miR-21-5p", None, "no row is it")),
    "slope": partial(called, fitted("x", 0.034567, 0.001), asked=SLOPE),
    "steep slope": partial(called, fitted("x", 0.34567, 0.01), asked=SLOPE),
    "unchanged slope": partial(called, fitted("x", 0.001, 0.002, 0.9, equivalence_pvalue=0.01), asked=SLOPE),
    "unchanged slope, another scale": partial(called, fitted("x", 0.001, 0.02, 0.9, equivalence_pvalue=0.01),
                                              asked=SLOPE,
                                              scale=SCALE | {"difference": 0.03, "low": 0.02, "high": 0.04}),
    "interaction": partial(called, fitted("x", -1.0), asked=SLOPE | {"term": "interaction"}),
    "joint test of an interaction": partial(called, fitted("x", 1.0), CROSSED, **THREE),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_sentence(case, snapshot):
    row = CASES[case]()
    assert f"{row['call']}: {row['sentence']}" == snapshot


def test_numbers_of_the_sentences_by_hand():
    # 1.645 standard errors of 0.1, beside the 1.96 of the interval of 95%.
    assert "the 90% interval of its two one-sided tests -0.16 to +0.16" in CASES["unchanged"]()["sentence"]
    assert "95% interval +0.61 to +1.39" in CASES["up in a subset"]()["sentence"]
    assert "of more than 2.8-fold" in CASES["smallest fold change"]()["sentence"]  # 2**1.5
    # One call of one test: the cut-off is 0.05, and 2 - 1.96 * 0.5 = 1.02.
    assert CASES["exosomes"]()["overturning_global_change"] == pytest.approx(2**-1.02, rel=1e-4)
    assert called(fitted("x", 2.0, 0.5, 0.01))["overturning_global_change"] is None
    # Against a smallest change of 1: 3 - 1 - 0.98.
    assert CASES["smallest fold change, exosomes"]()["overturning_global_change"] == pytest.approx(2**-1.02, rel=1e-4)
    # 0.031 a day is 0.43 over 14 days: with the error of 0.28 not shown to lie within the 0.58 of all days together.
    assert "it would be inconclusive" in CASES["unchanged slope, another scale"]()["sentence"]
    # A small slope has more digits: 2**0.034567 is 1.02425, 2**0.34567 is 1.2708.
    assert "up 1.0242-fold" in CASES["slope"]()["sentence"]
    assert "up 1.27-fold" in CASES["steep slope"]()["sentence"]
    row = CASES["stress test"]()
    assert (row["share_same_call"], row["fragile_under"]) == (0.5, "poscounts")
