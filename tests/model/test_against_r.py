"""The fits against R's DESeq2 (see the README of the oracle) and against what the studies' authors published."""

import numpy as np
import pandas as pd
import pytest
from reference import ANY, CONTRASTS, RELEASES, by_our_names, factors_of, log_posterior, question

from mircargo.config import Thresholds
from mircargo.model.batched import BatchedDataSet
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import Fit, fit
from studies import oracle, read_study

R_S_ALPHA = 0.1  # of R's `results`, with which the oracle was made; calls are counted at 0.05
EXACT, PAIRED = 1e-8, 2e-5
# Features that end elsewhere than in R: R's search ran out of its 100 steps and took a point of a coarse grid.
ON_R_S_GRID = {
    "microglia_interaction_lps.deseq2_poscounts": {"mmu-mir-297c"},
    "microglia_release_lps.deseq2_within_fraction": {"mmu-mir-92a-1"},
    "microglia_release_lps_min30.deseq2_within_fraction": {"mmu-mir-92a-1"},
}
# R 4.2.2 with DESeq2 1.38.3, results(alpha = 0.05)
CALLS_AT_005 = {
    "microglia_cells_lps": 70,
    "microglia_evs_lps": 25,
    "microglia_cells_lps_min30": 75,
    "microglia_evs_lps_min30": 23,
    "microglia_interaction_lps": 50,
    "microglia_release_lps": 49,
    "microglia_release_lps_min30": 47,
    "joint_day7_naive": 105,
    "joint_day7_paired": 45,
    "joint_day1_paired": 0,
}
FILES = [
    *(f"{name}.deseq2_{method}" for name in CONTRASTS for method in ("ratio", "poscounts")),
    *(f"{name}.deseq2_within_fraction" for name in RELEASES),
    f"{ANY}.deseq2_lrt",
]


def tolerance(name: str) -> float:
    """With a coefficient a mouse, R's matrices are worse conditioned: its standard errors are good to 4e-6."""
    return PAIRED if "paired" in name else EXACT


def fit_as(shared, name: str, method: str = "ratio", alpha: float = R_S_ALPHA) -> pd.DataFrame:
    counts, design, _ = question(shared, name)
    thresholds = Thresholds(alpha=alpha, min_total_count=0)
    return fit(counts, design, thresholds, factors=factors_of(shared, name, method)).results.set_index("feature")


def beyond(found: pd.Series, expected: pd.Series, allowed: float) -> set[str]:
    """Return the features whose value differs, or is missing on one side, by more than allowed of itself or of 1."""
    same = np.isclose(found, expected, rtol=allowed, atol=allowed, equal_nan=True)
    return set(expected.index[~same])


@pytest.mark.parametrize("file", FILES)
def test_every_number_is_r_s(shared, file):
    name, method = file.split(".deseq2_")
    expected = by_our_names(oracle(shared, file))
    found = fit_as(shared, name, "poscounts" if method == "poscounts" else "ratio")
    assert set(found.index) == set(expected.index)
    found, allowed = found.loc[expected.index], tolerance(name)
    apart = {
        key: beyond(found[key], expected[key], allowed)
        for key in ("baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue")
    }
    apart["baseMean"] |= beyond(found["baseMean"] / expected["baseMean"], expected["baseMean"] * 0 + 1, EXACT)
    known = ON_R_S_GRID.get(file, set())
    assert apart == {key: set() if key == "baseMean" else known for key in apart}
    tiny = expected["pvalue"].between(1e-250, 1) & ~expected.index.isin(known)
    np.testing.assert_allclose(
        np.log(found["pvalue"][tiny]), np.log(expected["pvalue"][tiny]), rtol=10 * allowed, atol=allowed * 10
    )
    # An adjusted p-value passes its neighbours the difference of one feature on.
    assert beyond(found["padj"], expected["padj"], 5e-3 if known else allowed) == set()
    assert (found["padj"].isna() == expected["padj"].isna()).all()
    assert set(found.index[found["padj"] < 0.05]) == set(expected.index[expected["padj"] < 0.05])


@pytest.mark.parametrize("name", CALLS_AT_005)
def test_as_many_calls_as_r_at_our_own_alpha(shared, name):
    assert (fit_as(shared, name, alpha=0.05)["padj"] < 0.05).sum() == CALLS_AT_005[name]


@pytest.mark.parametrize("name", CONTRASTS)
def test_every_dispersion_is_r_s(shared, name):
    expected = by_our_names(oracle(shared, f"{name}.dispersions"))
    counts, design, _ = question(shared, name)
    data = BatchedDataSet(counts.T, design.matrix, factors_of(shared, name).values.to_numpy()).fit()
    found, allowed = data.var.loc[expected.index], tolerance(name)
    # Below 1e-6 R's gene-wise search ends anywhere on a flat slope: there only the absolute size is compared.
    clear = expected["dispGeneEst"] > 1e-6
    assert ((found["genewise_dispersions"] > 1e-6) == clear).all()
    gene = found["genewise_dispersions"]
    np.testing.assert_allclose(gene[clear], expected["dispGeneEst"][clear], rtol=max(allowed, 1e-6))
    np.testing.assert_allclose(gene, expected["dispGeneEst"], atol=1e-7, rtol=allowed)
    for ours, r in (("fitted_dispersions", "dispFit"), ("MAP_dispersions", "dispMAP"), ("dispersions", "dispersion")):
        np.testing.assert_allclose(found[ours], expected[r], rtol=5 * allowed)
    if expected["maxCooks"].notna().any():
        largest = pd.Series(data.layers["cooks"].max(axis=0), data.var_names)[expected.index]
        np.testing.assert_allclose(largest, expected["maxCooks"], rtol=allowed)


@pytest.mark.parametrize(
    ("name", "method", "feature", "r"),  # R's dispIter is 100 there; `r` is its dispMAP
    [
        ("microglia_interaction_lps", "poscounts", "mmu-mir-297c", 0.0462139336886395),
        ("microglia_release_lps", "ratio", "mmu-mir-92a-1", 0.00967655122268347),
        ("microglia_release_lps_min30", "ratio", "mmu-mir-92a-1", 0.01086477590325007),
    ],
)
def test_where_r_ends_on_its_grid_ours_is_more_likely(shared, name, method, feature, r):
    counts, design, _ = question(shared, name)
    data = BatchedDataSet(counts.T, design.matrix, factors_of(shared, name, method).values.to_numpy()).fit()
    at = data.var_names.get_loc(feature)
    about = data.var["fitted_dispersions"].to_numpy()[[at]], float(data.uns["prior_disp_var"])
    table = counts.loc[[feature]].to_numpy(), data.layers["_mu_hat"].T[[at]], design.matrix.to_numpy()
    ours = data.var["MAP_dispersions"].to_numpy()[[at]]
    assert ours == pytest.approx(r, rel=0.1)
    assert log_posterior(*table, ours, *about) > log_posterior(*table, np.array([r]), *about) + 1e-6


@pytest.mark.parametrize("name", CONTRASTS)
def test_same_size_factors_as_deseq2(shared, name):
    expected = oracle(shared, f"{name}.size_factors")["size_factor"]
    study = "joint_injury" if name.startswith("joint") else "microglia_ev"
    _, _, sheet = read_study(study, shared)
    factors = factors_of(shared, name).values
    factors.index = sheet["column"][factors.index].str.replace(r"_S\d+_ME_.*", "", regex=True)
    assert factors[expected.index].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)


def fit_contrast(shared, study_name: str, contrast: str, least: int) -> Fit:
    study, counts, sheet = read_study(study_name, shared)
    design = contrast_design(sheet, study.contrasts[contrast], study.numeric, contrast)
    return fit(counts.counts, design, Thresholds(min_total_count=least))


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
