"""Simulated studies are what their setting says; callers and runs on them. Truths are planted."""

import numpy as np
import pandas as pd
import pytest

from mircargo.benchmark.callers import CALLERS
from mircargo.benchmark.run import flags, simulated
from mircargo.benchmark.studies import CONTRAST, SETTINGS, Setting, simulate_study
from mircargo.problems import ProblemsFound


def test_a_study_hangs_on_its_name_size_number_and_seed_only():
    one, again = (simulate_study("changed_30", 4, 2, 21) for _ in range(2))
    pd.testing.assert_frame_equal(one.counts, again.counts)
    others = [("no_change", 4, 2, 21), ("changed_30", 5, 2, 21), ("changed_30", 4, 3, 21), ("changed_30", 4, 2, 22)]
    for other in others:
        assert not np.array_equal(one.counts.iloc[:, :4], simulate_study(*other).counts.iloc[:, :4])


@pytest.mark.parametrize(
    ("name", "up", "down"),
    [("no_change", 0, 0), ("changed_5", 8, 8), ("changed_30", 45, 45), ("all_up", 90, 0), ("dominant_rises", 1, 0)],
)
def test_as_many_features_change_as_the_setting_says(name, up, down):
    truth = simulate_study(name, 3, 0, 21).truth
    assert ((truth > 0).sum(), (truth < 0).sum()) == (up, down)
    assert (truth[truth != 0].abs() >= 0.585).all()


def test_the_planted_changes_are_in_the_counts():
    # Unchanged features give the depth; 40 libraries a group leave little noise in the means.
    study = simulate_study("all_up", 40, 0, 21)
    means = study.counts.T.groupby(study.sheet["group"]).mean().T
    ratio = np.log2(means["treated"] / means["control"])[means.min(axis=1) > 100]
    truth = study.truth[ratio.index]
    found = ratio - ratio[truth == 0].median()
    assert np.corrcoef(found, truth)[0, 1] > 0.97
    assert np.polyfit(truth, found, 1)[0] == pytest.approx(1, abs=0.05)


def test_the_dominant_mirna_holds_its_share_before_and_after():
    study = simulate_study("dominant_rises", 40, 0, 21)
    share = (study.counts.loc[study.truth.idxmax()] / study.counts.sum()).groupby(study.sheet["group"]).mean()
    assert share["control"] == pytest.approx(0.4, abs=0.04)
    assert share["treated"] == pytest.approx(1.6 / 2.2, abs=0.04)  # 0.4 x 4 of 0.4 x 4 + 0.6


def test_faults_are_in_the_samples_named():
    empty, shallow, swapped = (
        simulate_study(name, 3, 0, 21) for name in ("one_empty", "one_nearly_empty", "one_swapped")
    )
    assert empty.counts[list(empty.at_fault)].sum().tolist() == [0]
    assert 200 < shallow.counts[list(shallow.at_fault)].sum().item() < 400
    assert swapped.at_fault == ("control_1", "treated_1")
    assert swapped.sheet.loc[list(swapped.at_fault), "group"].tolist() == ["treated", "control"]
    assert swapped.sheet["group"].value_counts().to_dict() == {"control": 3, "treated": 3}


def test_small_shifts_are_in_the_counts_and_not_in_the_truth():
    setting = Setting("shifts only", shift_sd=0.3, technical=True)
    study = simulate_study("shifts only", 60, 0, 21, setting)
    assert (study.truth == 0).all()
    logs = np.log2(study.counts[study.counts.min(axis=1) > 200] / study.counts.sum())
    means = logs.T.groupby(study.sheet["group"]).mean()
    assert (means.loc["treated"] - means.loc["control"]).std() == pytest.approx(0.3, rel=0.2)


@pytest.mark.parametrize("caller", CALLERS)
def test_callers_give_a_row_a_feature_and_refuse_an_empty_sample_by_name(caller):
    study = simulate_study("changed_30", 3, 0, 21)
    found = CALLERS[caller](study.counts, study.sheet, CONTRAST)
    assert list(found.index) == list(study.counts.index)
    assert found["called"].dtype == bool
    assert found["called"].any()
    empty = simulate_study("one_empty", 3, 0, 21)
    with pytest.raises(ProblemsFound, match=empty.at_fault[0]):
        CALLERS[caller](empty.counts, empty.sheet, CONTRAST)


def guess(counts, sheet, contrast):
    """Call every feature up, unless a sample is empty."""
    if (counts.sum() == 0).any():
        raise ProblemsFound([])
    return pd.DataFrame({"log2FoldChange": 1.0, "called": True}, index=counts.index)


def test_a_run_has_a_row_a_study_and_caller_and_its_quality():
    scores, quality = simulated({"guess": guess}, ["all_up", "one_empty", "one_swapped"], [3], 4, 21, 1)
    assert scores.groupby("setting").size().to_dict() == {"all_up": 4, "one_empty": 4, "one_swapped": 4}
    assert scores.loc[scores["setting"] == "all_up", "fdr"].tolist() == pytest.approx([210 / 300] * 4)
    assert set(scores.loc[scores["setting"] == "one_empty", "outcome"]) == {"refused"}
    assert not scores["names_sample"].any()
    counted = flags(quality).set_index("setting")
    assert counted["studies"].tolist() == [4, 4, 4]
    assert counted["swap_false"].tolist() == [0, 0, 0]
    assert counted.loc["one_empty", "few_reads_exact"] == 4
    assert counted["few_reads_false"].sum() == 0
    assert set(SETTINGS) >= set(counted.index)
