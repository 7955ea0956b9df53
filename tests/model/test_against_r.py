"""The fits against R's DESeq2 (see the README of the oracle) and against what the studies' authors published."""

import numpy as np
import pandas as pd
import pytest

from mircargo.config import Comparison, Thresholds
from mircargo.model.design import contrast_design, release_design
from mircargo.model.differential import Fit, fit
from studies import oracle, read_study

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

# contrast of our studies, R's name for it, fewest reads, R's number of calls, miR-21a's feature
CONTRASTS = [
    ("microglia_ev", "cell_lps", "microglia_cells_lps_min30", 30, 75, "mmu-mir-21a"),
    ("microglia_ev", "ev_lps", "microglia_evs_lps_min30", 30, 23, "mmu-mir-21a"),
    ("joint_injury", "day7_naive", "joint_day7_naive", 10, 106, "mmu-miR-21a-5p"),
    ("joint_injury", "day7_paired", "joint_day7_paired", 10, 45, "mmu-miR-21a-5p"),
    ("joint_injury", "day1_paired", "joint_day1_paired", 10, 0, "mmu-miR-21a-5p"),
]
# Calls that differ from R's. let-7j: R's Cook's distances replace a count where PyDESeq2's do not; miR-30c-5p: both
# are within 1% of alpha.
DIFFERENT = {"joint_day7_naive": {"mmu-let-7j", "mmu-miR-30c-5p"}}


def fit_contrast(shared, study_name, contrast, least) -> Fit:
    study, counts, sheet = read_study(study_name, shared)
    design = contrast_design(sheet, study.contrasts[contrast], study.numeric, contrast)
    return fit(counts.counts, design, Thresholds(min_total_count=least))


def by_our_names(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_axis([name.split("_")[0] for name in table.index])


@pytest.mark.parametrize(("study", "contrast", "name", "least", "n_calls", "target"), CONTRASTS)
def test_same_calls_and_fold_changes_as_deseq2(shared, study, contrast, name, least, n_calls, target):
    expected = by_our_names(oracle(shared, f"{name}.deseq2_ratio"))
    results = fit_contrast(shared, study, contrast, least).results.set_index("feature")
    fitted = results[results["pvalue"].notna() | results["status"].eq("outlier")]
    assert set(fitted.index) == set(expected.index)

    calls, expected_calls = set(results.index[results["padj"] < 0.05]), set(expected.index[expected["padj"] < 0.05])
    assert len(expected_calls) == n_calls
    assert calls ^ expected_calls == DIFFERENT.get(name, set())

    assert results["log2FoldChange"][target] == pytest.approx(expected["log2FoldChange"][target], abs=0.005)
    gap = (fitted["log2FoldChange"] - expected["log2FoldChange"]).abs()
    assert gap.median() < 1e-3
    assert gap.max() < 0.05
    ratio = np.log(fitted["lfcSE"] / expected["lfcSE"]).abs()
    assert ratio.median() < 0.02


@pytest.mark.parametrize(("study", "contrast", "name", "least", "n_calls", "target"), CONTRASTS)
def test_same_size_factors_as_deseq2(shared, study, contrast, name, least, n_calls, target):
    expected = oracle(shared, f"{name}.size_factors")["size_factor"]
    _, _, sheet = read_study(study, shared)
    factors = pd.Series(fit_contrast(shared, study, contrast, least).facts["size_factors"])
    factors.index = sheet["column"][factors.index].str.replace(r"_S\d+_ME_.*", "", regex=True)
    assert factors[expected.index].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)


@pytest.mark.parametrize(
    ("contrast", "file", "n_calls", "fold_change"),
    [
        ("cell_lps", "published_res05_Cells_LPS_vs_control.csv", 75, 1.933),
        ("ev_lps", "published_res05_EVs_LPS_vs_control.csv", 23, 0.863),
    ],
)
def test_same_calls_as_the_authors_published(shared, contrast, file, n_calls, fold_change):
    published = pd.read_csv(shared / "data" / "microglia_ev" / file, index_col=0)
    results = fit_contrast(shared, "microglia_ev", contrast, 30).results.set_index("feature")
    calls = set(results.index[results["padj"] < 0.05])
    assert len(calls) == n_calls
    assert calls == set(published.index[published["padj"] < 0.05])
    assert results["log2FoldChange"]["mmu-mir-21a"] == pytest.approx(fold_change, abs=0.005)


def test_release_as_deseq2_with_size_factors_within_fractions(shared):
    study, counts, sheet = read_study("microglia_ev", shared)
    cell, ev = study.contrasts["cell_lps"], study.contrasts["ev_lps"]
    design = release_design(sheet, Comparison(exosome="ev_lps", source="cell_lps"), ev, cell, [], "release")
    results = fit(counts.counts, design, Thresholds(min_total_count=30), sheet["fraction"]).results.set_index("feature")
    expected = oracle(shared, "microglia_release_lps_min30.deseq2_within_fraction")

    assert set(results.index[results["pvalue"].notna()]) == set(expected.index)
    assert results["log2FoldChange"]["mmu-mir-21a"] == pytest.approx(-1.029, abs=0.005)
    assert results["padj"]["mmu-mir-21a"] == pytest.approx(0.143, abs=0.005)
    assert (results["log2FoldChange"][expected.index] - expected["log2FoldChange"]).abs().max() < 0.005
    apart = np.log10(results["pvalue"][expected.index] / expected["pvalue"]).abs()
    assert apart.median() < 0.005
    assert apart.max() < 0.1


def test_myotube_vesicles_as_published(shared):
    results = fit_contrast(shared, "myotube_ev", "damaged", 10).results.set_index("feature")
    assert results["log2FoldChange"]["mmu-miR-7a-5p"] == pytest.approx(-1.53, abs=0.01)
    assert results["padj"]["mmu-miR-7a-5p"] < 1e-15
    assert results["padj"]["mmu-miR-21a-5p"] > 0.05


def test_turning_the_contrast_round_turns_every_sign(shared):
    study, counts, sheet = read_study("microglia_ev", shared)
    contrast = study.contrasts["cell_lps"]
    turned = contrast.model_copy(update={"level": contrast.reference, "reference": contrast.level})
    one, other = (
        fit(counts.counts, contrast_design(sheet, each, [], "x"), Thresholds(min_total_count=30)).results
        for each in (contrast, turned)
    )
    assert one["log2FoldChange"].to_numpy() == pytest.approx(-other["log2FoldChange"].to_numpy(), abs=1e-4, nan_ok=True)
