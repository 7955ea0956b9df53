"""Wald tests of contrasts against R's, and what a table tells besides."""

from statistics import NormalDist

import numpy as np
import pytest
from pydeseq2.ds import DeseqStats
from reference import ANY, CONTRASTS, by_our_names, question

from mircargo.config import Thresholds
from mircargo.model.batched import BatchedDataSet
from mircargo.model.batched.coefficients import RIDGE, compare
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.size_factors import size_factors
from studies import oracle, read_study

# R 4.2.2 with DESeq2 1.38.3 on the cells of four treatments, contrast = c(0, 1, -.5, -.5) (LPS against the mean of
# IL-10 and TGF-beta), lfcThreshold = 0.5: log2FC, lfcSE; then statistic and p of each alternative
FEATURES = ["mmu-mir-21a", "mmu-mir-155", "mmu-mir-92a-1", "mmu-mir-30a"]
CHANGES = [1.5540377108432, 3.9111431170019, 0.9526154006913, -0.0243688669225]
ERRORS = [0.108295560353, 0.346001968603, 0.117264491551, 0.146065078328]
WALD = {
    "greaterAbs": (
        [9.73297250050, 9.85873904352, 3.85978222993, 0.0],
        [2.18123960357e-22, 6.28334973861e-23, 1.13488116363e-04, 1.0],
    ),
    "lessAbs": ([0.0, 0.0, 0.0, 3.25629601903], [1.0, 1.0, 0.999943255941819, 0.000564380014048]),
    "greater": (
        [9.73297250050, 9.85873904352, 3.85978222993, 0.0],
        [1.09061980179e-22, 3.14167486931e-23, 5.67440581813e-05, 9.99834640329e-01],
    ),
    # R's "less" is below minus the threshold, PyDESeq2's below the null value.
    "less": ([0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.999435619986]),
    None: (
        [14.349966940252, 11.303817526792, 8.123647560231, -0.166835681749],
        [1.06588033882e-46, 1.25635144711e-29, 4.52378156822e-16, 8.67499342160e-01],
    ),
}


@pytest.mark.parametrize("alternative", WALD)
def test_contrast_of_several_weights_as_r_tests_it(shared, alternative):
    counts, design, _ = question(shared, ANY)
    data = BatchedDataSet(counts.T, design.matrix, size_factors(counts).values.to_numpy()).fit()
    weight = {"LPS": 1.0, "IL10": -0.5, "TGFB": -0.5}
    names = design.matrix.columns
    contrast = np.array([next((w for key, w in weight.items() if key in name), 0.0) for name in names])
    assert sorted(contrast) == [-0.5, -0.5, 0.0, 1.0]
    null = {None: 0.0, "less": -0.5}.get(alternative, 0.5)
    wald = DeseqStats(
        data,
        contrast=contrast,
        inference=data.inference,
        quiet=True,
        prior_LFC_var=np.full(4, RIDGE**-0.5),
        lfc_null=null,
        alt_hypothesis=alternative,
    )
    wald.run_wald_test()
    statistics, p_values = WALD[alternative]
    assert (wald.LFC @ contrast)[FEATURES].to_numpy() / np.log(2) == pytest.approx(CHANGES, rel=1e-8)
    assert wald.SE[FEATURES].to_numpy() / np.log(2) == pytest.approx(ERRORS, rel=1e-8)
    assert wald.statistics[FEATURES].to_numpy() == pytest.approx(statistics, rel=1e-7)
    assert wald.p_values[FEATURES].to_numpy() == pytest.approx(p_values, rel=1e-6)


def test_alternatives_by_the_normal_distribution():
    """Estimates 2 standard errors above 0.5, in the middle, and 1 below -0.5; R: pnorm(-2), pnorm(-1), pnorm(-1.25)."""
    estimates, errors = np.array([1.5, 0.0, -0.9]), np.array([0.5, 0.4, 0.4])
    two, one, middle = 0.0227501319481792, 0.158655253931457, 0.105649773666855
    expected = {
        "greaterAbs": [2 * two, 1, 2 * one],
        "greater": [two, 1 - middle, 1 - NormalDist().cdf(-3.5)],
        "lessAbs": [1 - two, middle, 1 - one],
    }
    for alternative, p_values in expected.items():
        assert compare(estimates, errors, 0.5, alternative)[0] == pytest.approx(p_values, rel=1e-12), alternative
    assert compare(estimates, errors, -0.5, "less")[0] == pytest.approx([1 - NormalDist().cdf(-4), 1 - middle, one])


def test_details_change_nothing_else(shared):
    counts, design, _ = question(shared, "microglia_evs_lps")
    plain, detailed = (fit(counts, design, Thresholds(), details=each).results for each in (False, True))
    assert detailed[plain.columns].equals(plain)


@pytest.mark.parametrize("name", CONTRASTS)
def test_every_missing_padj_has_its_reason(shared, name):
    _, design, _ = question(shared, name)
    study = "joint_injury" if name.startswith("joint") else "microglia_ev"
    counts = read_study(study, shared)[1].counts[list(design.matrix.index)]
    least = 30 if name.endswith("30") else 10
    table = fit(counts, design, Thresholds(min_total_count=least, alpha=0.1)).results.set_index("feature")
    expected = by_our_names(oracle(shared, f"{name}.deseq2_ratio"))
    totals = counts.sum(axis=1)
    assert ((table["status"] == "tested") == table["padj"].notna()).all()
    assert set(table.index[table["status"] == "all_zero"]) == set(totals.index[totals == 0])
    assert set(table.index[table["status"] == "low_count"]) == set(totals.index[(totals > 0) & (totals < least)])
    assert set(table.index[table["status"] == "outlier"]) == set(expected.index[expected["pvalue"].isna()])
    filtered = expected["padj"].isna() & expected["pvalue"].notna()
    assert set(table.index[table["status"] == "independent_filter"]) == set(expected.index[filtered])
