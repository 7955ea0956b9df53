"""Offset, typical and total by spike-ins: by hand, and each held against its own planted truth."""

import numpy as np
import pandas as pd
import pytest

from mircargo.benchmark.titration import CONTRAST, simulate_titration
from mircargo.cargo.global_change import spike_in_change, with_typical
from mircargo.config import SizeFactorChoice, Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation, chosen_size_factors
from mircargo.model.normalisation.mode import contrast_size_factors

THRESHOLDS = Thresholds()


def numbers(study, method: str = "auto") -> tuple[dict, pd.DataFrame]:
    design = contrast_design(study.sheet, CONTRAST, (), "test")
    how = Normalisation(study.sheet, SizeFactorChoice(method=method), spike_ins=study.spike_ins)
    factors = chosen_size_factors(study.counts, how, THRESHOLDS.min_total_count)
    results = fit(study.counts, design, THRESHOLDS, factors=factors).results
    found = spike_in_change(study.counts, how, design, THRESHOLDS)
    return with_typical(found, results), results


@pytest.mark.slow
def test_each_number_covers_its_own_truth_and_not_the_other_ones():
    covered: dict[str, list[bool]] = {"typical": [], "total": [], "offset": [], "offset as total": []}
    for number in range(60):
        study = simulate_titration("exosomes", 4 + number % 3, number, 31)
        found, results = numbers(study)
        truth = study.truth.to_numpy()
        # Seven of ten miRNAs change as the typical one does.
        values, counts = np.unique(truth.round(9), return_counts=True)
        # What is missing in the fold changes, each as sure as its error says.
        missing = np.average((truth - results["log2FoldChange"])[results["lfcSE"].notna()],
                             weights=1 / (results["lfcSE"].dropna() ** 2 + 0.01))  # fmt: skip
        truths = {"typical": values[counts.argmax()], "total": study.log2_total, "offset": missing}
        for name, value in truths.items():
            covered[name].append(found[name]["low"] <= 2**value <= found[name]["high"])
        covered["offset as total"].append(found["low"] <= 2**study.log2_total <= found["high"])
    shares = {name: np.mean(each) for name, each in covered.items()}
    # 0.95 of 60, less 2.6 standard deviations of the binomial.
    assert min(shares["typical"], shares["total"], shares["offset"]) >= 0.88
    assert shares["offset as total"] < 0.8


def test_present_keys_are_the_offset():
    found, _ = numbers(simulate_titration("exosomes", 4, 1, 31))
    assert {key: found[key] for key in found["offset"]} == found["offset"]
    assert not found["included"]


def test_typical_is_the_same_whether_the_offset_is_in_the_fold_changes_or_not():
    study = simulate_titration("exosomes", 5, 2, 31)
    apart, within = numbers(study)[0], numbers(study, "spike_ins")[0]
    assert within["included"]
    assert within["offset"] == pytest.approx(apart["offset"])
    assert np.log2(within["typical"]["estimate"]) == pytest.approx(np.log2(apart["typical"]["estimate"]), abs=0.05)


@pytest.mark.parametrize("method", ["total", "tmm", "mode"])
def test_offset_is_that_of_the_size_factors_in_use(method):
    study = simulate_titration("exosomes", 5, 2, 31)
    design = contrast_design(study.sheet, CONTRAST, (), "test")
    how = Normalisation(study.sheet, SizeFactorChoice(method=method), spike_ins=study.spike_ins)
    factors = contrast_size_factors(study.counts, how, design, THRESHOLDS)
    results = fit(study.counts, design, THRESHOLDS, factors=factors).results
    found = with_typical(spike_in_change(study.counts, how, design, THRESHOLDS, factors), results)
    usual, of_usual = numbers(study)
    # What is added to the fold changes gives the same amounts, whatever they lacked.
    absolute, as_usual = (
        table["log2FoldChange"] + np.log2(each["estimate"]) for table, each in ((results, found), (of_usual, usual))
    )
    assert np.nanmedian(absolute - as_usual) == pytest.approx(0, abs=0.02)
    assert np.log2(found["typical"]["estimate"]) == pytest.approx(np.log2(usual["typical"]["estimate"]), abs=0.05)
    if method == "total":
        assert abs(np.log2(found["estimate"] / usual["estimate"])) > 0.2


def test_total_by_hand():
    samples = pd.Index(["a", "b", "c", "d"], name="sample")
    sheet = pd.DataFrame({"group": [CONTRAST.reference] * 2 + [CONTRAST.level] * 2}, index=samples)
    # Three rows stay and one rises: 400 reads become 700, for 60 and for 30 reads of spike-ins.
    counts = pd.DataFrame([[100] * 4] * 3 + [[100, 100, 400, 400]], index=list("wxyz"), columns=samples)
    spikes = pd.DataFrame([[20, 20, 10, 10]] * 3, index=list("uvt"), columns=samples)
    design = contrast_design(sheet, CONTRAST, (), "test")
    found = spike_in_change(counts, Normalisation(sheet, spike_ins=spikes), design, THRESHOLDS)
    assert found["offset"]["estimate"] == pytest.approx(2)
    assert found["total"]["estimate"] == pytest.approx(7 / 4 * 2)
    # Three rows have 400 reads in all, so that with as many asked for all still count.
    least = Thresholds(min_total_count=400)
    assert spike_in_change(counts, Normalisation(sheet, spike_ins=spikes), design, least)["total"] == found["total"]
    table = pd.DataFrame({"log2FoldChange": [0.5, 0.5, 0.5, 3.0], "lfcSE": [0.1, 0.1, 0.1, np.nan]})
    typical = with_typical(found, table)["typical"]
    assert (typical["estimate"], typical["low"]) == pytest.approx((2 * 2**0.5, found["low"] * 2**0.5))
    assert with_typical({"why_not": "none"}, table) == {"why_not": "none"}
    assert "typical" not in with_typical(found, table.assign(lfcSE=np.nan))
