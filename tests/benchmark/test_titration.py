"""Simulated titrations: what is planted is in them, and intervals under uncertainty of scale hold it."""

import numpy as np
import pandas as pd
import pytest

from mircargo.benchmark.titration import CONTRAST, TARGET, TITRATIONS, simulate_titration
from mircargo.config import Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.scale import scale_difference, scale_intervals, scale_model
from mircargo.model.normalisation.size_factors import size_factors


@pytest.mark.parametrize("name", TITRATIONS)
def test_the_same_numbers_give_the_same_study(name):
    first, second, other = (simulate_titration(name, 3, number, 7) for number in (1, 1, 2))
    pd.testing.assert_frame_equal(first.counts, second.counts)
    assert not first.counts.equals(other.counts)
    assert list(first.counts) == list(first.sheet.index) == list(first.spike_ins)
    assert first.sheet["group"].value_counts().to_dict() == {CONTRAST.level: 3, CONTRAST.reference: 3}


def test_a_titration_of_equal_totals_has_a_target_that_stays_and_a_typical_mirna_that_falls():
    falls = []
    for number in range(10):
        study = simulate_titration("equal_total", 5, number, 7)
        assert study.log2_total == pytest.approx(0, abs=1e-9)
        assert study.truth[TARGET] == pytest.approx(0)
        # Parts of 80 and 20 change by 4-fold at most.
        assert study.truth.abs().max() <= 2 + 1e-9
        falls.append(study.truth.median())
    assert -1.2 < np.mean(falls) < -0.5


def test_counts_follow_the_truth_and_the_spike_ins_the_depth():
    study = simulate_titration("equal_total", 60, 1, 7)
    level = (study.sheet["group"] == CONTRAST.level).to_numpy()
    per_spike = study.counts / study.spike_ins.sum()
    found = np.log2(per_spike.loc[:, level].mean(axis=1) / per_spike.loc[:, ~level].mean(axis=1))
    error = (found - study.truth)[study.counts.mean(axis=1) > 100]
    assert error.abs().median() < 0.12
    assert abs(error.mean()) < 0.1


def test_intervals_under_uncertainty_of_scale_hold_the_absolute_truth():
    thresholds, shares, own = Thresholds(), [], []
    for number in range(24):
        study = simulate_titration(("equal_total", "total_differs")[number % 2], 3 + number % 4, number, 11)
        design, factors = contrast_design(study.sheet, CONTRAST, (), "test"), size_factors(study.counts)
        asked = study.counts, Normalisation(study.sheet), factors, design, thresholds
        results = fit(study.counts, design, thresholds, factors=factors).results.set_index("feature")
        ends = scale_intervals(results, scale_model(scale_difference(*asked), {}, thresholds), thresholds).dropna()
        truth = study.truth[ends.index]
        shares.append(((ends["scale_ci_low"] <= truth) & (truth <= ends["scale_ci_high"])).mean())
        error = (results["log2FoldChange"] - study.truth)[ends.index]
        own.append((error.abs() < 1.96 * results["lfcSE"][ends.index]).mean())
    assert np.mean(shares) >= 0.9
    # The model's own intervals take the typical miRNA as unchanged.
    assert np.mean(own) < 0.5
