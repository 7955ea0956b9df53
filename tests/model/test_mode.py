"""Size factors about the mode: planted modes, and that a shift moves one contrast and nothing else."""

import numpy as np
import pandas as pd
import pytest

from mircargo.benchmark.studies import CONTRAST, Setting, simulate_study
from mircargo.config import Contrast, Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation, chosen_size_factors
from mircargo.model.normalisation.mode import contrast_size_factors, mode_size_factors, moved_along
from mircargo.model.normalisation.size_factors import SizeFactors, size_factors

FORTY_UP = Setting("40% of the features rise", up=0.4)


@pytest.mark.parametrize("blocking", [[], ["batch"]])
def test_a_shift_along_the_design_moves_the_contrast_and_no_other_coefficient(blocking):
    study = simulate_study("changed_5", 4, 1, 3)
    sheet = study.sheet.assign(batch=["a", "b"] * 4)
    design = contrast_design(sheet, CONTRAST.model_copy(update={"blocking": blocking}), (), "test")
    factors = size_factors(study.counts)
    moved = moved_along(factors, design, 0.7)
    assert moved.values.prod() == pytest.approx(factors.values.prod())
    first, second = (fit(study.counts, design, Thresholds(), factors=each).results for each in (factors, moved))
    # Means of normalised counts move by the shift, and with them the trend: its errors differ in the third digit.
    change = second["log2FoldChange"] - first["log2FoldChange"]
    assert change.dropna().to_numpy() == pytest.approx(-0.7, abs=0.02)
    assert np.median(change.dropna()) == pytest.approx(-0.7, abs=1e-4)
    if blocking:
        batches = Contrast(variable="batch", level="b", reference="a", blocking=["group"])
        of_batch = contrast_design(sheet, batches, (), "test")
        first, second = (fit(study.counts, of_batch, Thresholds(), factors=each).results for each in (factors, moved))
        assert np.nanmedian(np.abs(second["log2FoldChange"] - first["log2FoldChange"])) < 2e-3


def test_a_shift_between_two_groups_of_three_is_the_shift():
    """The contrast has two weights, 1 and -1: half of the shift is each group's."""
    sheet = pd.DataFrame(
        {"group": ["control"] * 2 + ["treated"] * 2 + ["other"] * 2}, index=[f"s{i}" for i in range(6)]
    )
    design = contrast_design(sheet, Contrast(variable="group", level="treated", reference="other"), (), "test")
    factors = SizeFactors(pd.Series(1.0, index=sheet.index), {"all": "ratio"}, {})
    logs = np.log2(moved_along(factors, design, 1.2).values)
    assert (logs[["s2", "s3"]] - logs[["s4", "s5"]].to_numpy()).tolist() == pytest.approx([1.2, 1.2])


def test_where_forty_percent_rise_the_rest_is_found_unchanged():
    usual, about_mode = [], []
    for number in range(6):
        study = simulate_study("forty_up", 5, number, 4, FORTY_UP)
        design, factors = contrast_design(study.sheet, CONTRAST, (), "test"), size_factors(study.counts)
        moved = mode_size_factors(study.counts, design, factors, Thresholds())
        assert moved.methods == {"all": "mode"}
        for found, each in ((usual, factors), (about_mode, moved)):
            table = fit(study.counts, design, Thresholds(), factors=each).results.set_index("feature")
            found.append(table.loc[study.truth == 0, "log2FoldChange"].median())
    assert np.mean(usual) < -0.25
    assert np.abs(about_mode).max() < 0.12


def test_as_configured_for_a_contrast_and_for_a_study():
    study = simulate_study("forty_up", 5, 1, 4, FORTY_UP)
    design, how = contrast_design(study.sheet, CONTRAST, (), "test"), Normalisation(study.sheet).by("mode")
    thresholds = Thresholds()
    found = contrast_size_factors(study.counts, how, design, thresholds)
    usual = chosen_size_factors(study.counts, how, thresholds.min_total_count)
    # A study has no contrast, and so the usual ones.
    assert usual.methods == {"all": "ratio"}
    level = (study.sheet["group"] == "treated").to_numpy()
    ratio = np.log2(found.values / usual.values)
    assert max(np.ptp(ratio[level]), np.ptp(ratio[~level])) < 1e-9
    assert ratio[level].mean() - ratio[~level].mean() < -0.2
    auto = contrast_size_factors(study.counts, Normalisation(study.sheet), design, thresholds)
    pd.testing.assert_series_equal(auto.values, usual.values)
