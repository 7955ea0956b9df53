"""The other assumption of scale: against SciPy's t tests, by hand, and with planted truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from factories import INJURED
from mircargo.benchmark.titration import CONTRAST as TITRATION
from mircargo.benchmark.titration import simulate_titration
from mircargo.config import Contrast, SizeFactorChoice, Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.scale import (
    contrast_of,
    difference_words,
    scale_difference,
    scale_intervals,
    scale_model,
    size_factors_with_groups,
)
from mircargo.model.normalisation.size_factors import SizeFactors, size_factors

SAMPLES = pd.Index([f"s{i}" for i in range(8)], name="sample")
SHEET = pd.DataFrame({"group": ["control"] * 4 + ["injured"] * 4, "animal": list("abcd") * 2}, index=SAMPLES)
VALUES = pd.Series([0.1, 0.5, -0.2, 0.3, 1.4, 1.1, 0.9, 1.3], index=SAMPLES)


def asked(counts: pd.DataFrame, sheet: pd.DataFrame, contrast: Contrast, method: str = "auto") -> dict:
    design, how = contrast_design(sheet, contrast, (), "test"), Normalisation(sheet, SizeFactorChoice(method=method))
    return scale_difference(counts, how, size_factors(counts, method=method), design, Thresholds())


def test_a_contrast_of_samples_is_students_t():
    found = contrast_of(VALUES, contrast_design(SHEET, INJURED, (), "test"))
    by_scipy = stats.ttest_ind(VALUES[4:], VALUES[:4])
    low, high = by_scipy.confidence_interval(0.95)
    assert (found.difference, found.low, found.high) == pytest.approx((1.0, low, high))
    assert found.difference / found.log2_se == pytest.approx(by_scipy.statistic)
    assert found.degrees_of_freedom == 6


def test_blocking_is_respected():
    paired = INJURED.model_copy(update={"blocking": ["animal"]})
    found = contrast_of(VALUES, contrast_design(SHEET, paired, (), "test"), 0.1)
    by_scipy = stats.ttest_rel(VALUES[4:], VALUES[:4])
    assert (found.low, found.high) == pytest.approx(tuple(by_scipy.confidence_interval(0.9)))
    assert found.degrees_of_freedom == 3


def doubled() -> pd.DataFrame:
    """One feature of half of the reads rises so that all reads double; the three others stay."""
    noise = np.array([[1.0, 1.1, 0.9, 1.05, 1.02, 0.97, 1.08, 0.94]])
    level = np.array([[3000] * 4 + [9000] * 4, [1000] * 8, [1500] * 8, [500] * 8])
    return pd.DataFrame(np.rint(level * noise).astype(int), index=list("abcd"), columns=SAMPLES)


def test_what_is_added_if_the_total_stayed_the_same():
    found = asked(doubled(), SHEET, INJURED)
    # 6,000 reads of 1,000 become 12,000: with totals as size factors each fold change is 1 lower.
    assert found["difference"] == pytest.approx(-1, abs=1e-3)
    assert (found["kept"], found["instead"], found["depends"]) == ("typical", "total", True)
    other = asked(doubled(), SHEET, INJURED, "total")
    assert other["difference"] == pytest.approx(-found["difference"])
    assert (other["kept"], other["instead"]) == ("total", "typical")
    assert difference_words(found).startswith(
        "if the total and not the typical miRNA stayed the same, all fold changes would fall by 1.00 (95% interval "
    )
    said = difference_words(other)
    assert said.startswith(
        "if the typical miRNA and not the total stayed the same, all fold changes would rise by 1.00"
    )


def test_features_with_too_few_reads_are_no_part_of_either_scale():
    """Without the feature of 4,000 reads, 5,500 reads a library become 11,500."""
    design, how = contrast_design(SHEET, INJURED, (), "test"), Normalisation(SHEET, SizeFactorChoice(method="ratio"))
    found = scale_difference(doubled(), how, size_factors(doubled()), design, Thresholds(min_total_count=5000))
    assert found["difference"] == pytest.approx(-np.log2(11_500 / 5_500), abs=1e-3)


def test_words_of_an_interval_on_both_sides():
    scale = {"kept": "typical", "instead": "total", "difference": 0.06, "low": -0.1, "high": 0.22}
    assert difference_words(scale).endswith("would rise by 0.06 (95% interval of this -0.10 to +0.22)")
    # A change of -0.10, between -0.25 and +0.05, is a fall of 0.10, between one of 0.25 and a rise of 0.05.
    slight = scale | {"difference": -0.1, "low": -0.25, "high": 0.05}
    assert difference_words(slight).endswith("would fall by 0.10 (95% interval of this -0.05 to +0.25)")
    falls = scale | {"difference": -0.9, "low": -1.1, "high": -0.7}
    assert difference_words(falls, 0.1).endswith("would fall by 0.90 (90% interval 0.70 to 1.10)")


@pytest.mark.parametrize("method", ["control_features", "spike_ins", "column"])
def test_scale_is_not_assumed_where_it_is_given(method):
    more = {"control_features": {"features": ["b"]}, "column": {"column": "depth"}}.get(method, {})
    choice, design = SizeFactorChoice(method=method, **more), contrast_design(SHEET, INJURED, (), "test")
    factors = size_factors(doubled())
    found = scale_difference(doubled(), Normalisation(SHEET, choice), factors, design, Thresholds())
    assert list(found) == ["why_not"]
    assert scale_model(found, {}, Thresholds()) == {"shift": 0.0, "log2_sd": 0.0, "rests_on": "size_factors"}


def test_where_nothing_changes_scale_is_seldom_said_to_matter():
    found = []
    for number in range(300):
        study = simulate_titration("nothing", 3 + number % 4, number, 8)
        found.append(asked(study.counts, study.sheet, TITRATION)["depends"])
    # At most alpha, give or take: the least difference takes some away. 0.05 + 2.6 sqrt(0.05 0.95 / 300) = 0.083.
    assert np.mean(found) <= 0.083


def test_where_the_typical_mirna_falls_scale_matters_and_the_difference_is_what_is_missing():
    for number in range(8):
        study = simulate_titration("equal_total", 5, number, 9)
        found = asked(study.counts, study.sheet, TITRATION)
        assert found["depends"]
        assert found["difference"] < -0.3


def test_intervals_of_scale_by_hand():
    results = pd.DataFrame({"log2FoldChange": [1.0, np.nan], "lfcSE": [0.3, np.nan]})
    thresholds = Thresholds(preparation_log2_sd=0.2, scale_log2_sd=0.1)
    scale = {"difference": -0.8, "low": -1.0, "high": -0.6, "log2_se": 0.09}
    model = scale_model(scale, {}, thresholds)
    # Half of -0.8 to the side; 0.16 + 0.0081 + 0.01 of scale, and with 0.09 and 0.04 a standard deviation of 0.5550.
    assert (model["shift"], model["log2_sd"] ** 2) == pytest.approx((-0.4, 0.1781))
    found = scale_intervals(results, model, thresholds)
    assert found.iloc[0].tolist() == pytest.approx([0.6 - 1.95996 * 0.55507, 0.6 + 1.95996 * 0.55507], abs=1e-4)
    assert found.iloc[1].isna().all()
    assert list(found) == ["scale_ci_low", "scale_ci_high"]
    # Spike-ins that say 2-fold, with an error of 0.25, stand in the place of both assumptions.
    measured = {"estimate": 2.0, "log2_se": 0.25}
    assert scale_model(scale, measured, thresholds) == {"shift": 1.0, "log2_sd": 0.25, "rests_on": "spike_ins"}
    alone = scale_intervals(results, scale_model({"why_not": "given"}, {}, thresholds), thresholds).iloc[0]
    half = 1.95996 * np.sqrt(0.09 + 0.04)
    assert alone.tolist() == pytest.approx([1 - half, 1 + half], abs=1e-4)


@pytest.mark.parametrize(
    ("values", "differs"),
    [
        ([0.7, 1.0, 0.9, 1.1, 2.2, 3.5, 2.6, 3.0], True),
        ([2.2, 3.5, 2.6, 3.0, 0.7, 1.0, 0.9, 1.1], True),
        ([0.7, 1.0, 0.9, 2.3, 2.2, 3.5, 2.6, 3.0], False),  # one of the controls is among the injured
        ([0.90, 0.91, 0.92, 0.93, 1.1, 1.11, 1.12, 1.13], False),  # apart, but by 1.2-fold
    ],
)
def test_size_factors_that_go_with_the_groups(values, differs):
    factors, design = pd.Series(values, index=SAMPLES), contrast_design(SHEET, INJURED, (), "test")
    found = size_factors_with_groups(factors, SHEET["group"], design, "injured", "control")
    assert found["differs"] == differs
    control, injured = values[:4], values[4:]
    assert found["ranges"] == {"injured": [min(injured), max(injured)], "control": [min(control), max(control)]}
    logs = np.log2(values)
    assert found["ratio"] == pytest.approx(2 ** (logs[4:].mean() - logs[:4].mean()))
    assert found["pvalue"] == pytest.approx(stats.ttest_ind(logs[4:], logs[:4]).pvalue)


def test_equal_size_factors_have_no_p_value_below_1():
    factors, design = pd.Series(1.0, index=SAMPLES), contrast_design(SHEET, INJURED, (), "test")
    found = size_factors_with_groups(factors, SHEET["group"], design, "injured", "control")
    assert (found["ratio"], found["pvalue"], found["differs"]) == (1.0, 1.0, False)


def test_size_factors_of_the_mode_take_the_typical_mirna_as_unchanged():
    design, choice = contrast_design(SHEET, INJURED, (), "test"), SizeFactorChoice(method="mode")
    factors = SizeFactors(size_factors(doubled()).values, {"all": "mode"}, {"all": 4})
    found = scale_difference(doubled(), Normalisation(SHEET, choice), factors, design, Thresholds())
    assert (found["kept"], found["instead"]) == ("typical", "total")
