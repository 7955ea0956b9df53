"""The parts of the engine at their edges: by hand, by SciPy, and by what is planted; no public table is needed."""

from dataclasses import replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from reference import log_posterior, table_with_outliers, two_groups
from scipy.optimize import minimize_scalar
from scipy.stats import chi2, norm
from scipy.stats import t as student

from factories import as_text, problems_of
from mircargo.config import Thresholds
from mircargo.model import shrinkage
from mircargo.model.batched import BatchedInference, cooks
from mircargo.model.batched.dispersion import scan
from mircargo.model.batched.gram import BLOCK, Gram
from mircargo.model.batched.prior import prior_variance, spread_of_residuals
from mircargo.model.batched.trend import fit_trend
from mircargo.model.engines.deseq2 import fit
from mircargo.model.engines.limma_voom import voom
from mircargo.model.engines.voom_about_mode import Terms, voom_about_mode
from mircargo.model.filtering import adjust
from mircargo.model.normalisation.size_factors import SizeFactors

COUNTS = table_with_outliers()
DESIGN = two_groups(COUNTS, 8)


class Parabolas:
    """Log-posteriors with their tops where we put them."""

    def __init__(self, tops):
        self.tops = np.asarray(tops, dtype=float)

    def __len__(self):
        return len(self.tops)

    def take(self, rows):
        return Parabolas(self.tops[rows])

    def __call__(self, at):
        return -((at - self.tops) ** 2), -2 * (at - self.tops)


def test_a_scan_finds_the_top_between_its_bounds_or_the_bound():
    tops = [-3.3, 0.123456789, 4.0, -9.0, 9.0]
    found = scan(Parabolas(tops), (-4.0, 4.5))
    assert found[:3] == pytest.approx(tops[:3], abs=1e-8)
    assert found[3:].tolist() == [-4.0, 4.5]


def test_a_scan_of_the_grid_ends_on_it():
    # 20 points from 0 to 19, then 20 from one below to one above the best: steps of 2 / 19.
    found = scan(Parabolas([7.4, 12.0]), (0.0, 19.0), to_grid=True)
    grid = 7 + np.linspace(-1, 1, 20)
    assert found[0] == pytest.approx(grid[np.abs(grid - 7.4).argmin()])
    assert found[1] == pytest.approx(12 + 1 / 19) or found[1] == pytest.approx(12 - 1 / 19)


@pytest.mark.parametrize("variance", [None, 0.5])
def test_the_top_of_every_dispersion_is_scipy_s(variance):
    counts = COUNTS.to_numpy(float)[::6]
    matrix = np.column_stack([DESIGN.matrix, (np.arange(16) * 5 % 7) / 3])
    mu = np.maximum(counts.mean(axis=1, keepdims=True) * np.linspace(0.8, 1.2, 16), 0.5)
    trend = np.full(len(counts), 0.2)
    found, converged = BatchedInference(chunk=100).alpha_mle(
        counts.T, matrix, mu.T, trend, 1e-8, 16.0, variance, prior_reg=variance is not None
    )
    assert converged.all()
    for k in range(len(counts)):
        own = slice(k, k + 1)

        def lack(log_alpha, own=own):
            alpha = np.exp([log_alpha])
            return -float(
                log_posterior(counts[own], mu[own], matrix, alpha, trend[own] if variance else None, variance or 1)[0]
            )

        best = min(
            lack(minimize_scalar(lack, bounds=bounds, method="bounded", options={"xatol": 1e-9}).x)
            for bounds in [(np.log(1e-8), -6), (-6, 0), (0, np.log(16))]
        )
        assert lack(np.log(found[k])) == pytest.approx(best, abs=1e-6)
    without = BatchedInference().alpha_mle(counts.T, matrix, mu.T, trend, 1e-8, 16.0, cr_reg=False)[0]
    plain = BatchedInference().alpha_mle(counts.T, matrix, mu.T, trend, 1e-8, 16.0)[0]
    # The adjustment makes up for the coefficients that were fitted: dispersions without it are smaller.
    inside = (plain > 1e-6) & (plain < 15)
    assert (without[inside] < plain[inside]).all()


def test_matrices_of_more_features_than_a_block():
    rng = np.random.default_rng(4)
    n = 2 * BLOCK + 5
    design = rng.normal(size=(9, 4))
    weights, change = rng.uniform(0.5, 2, (n, 9)), rng.normal(size=(n, 9))
    gram = Gram(design)
    factor = gram.cholesky(gram(weights))
    determinant, trace = gram.log_determinant(weights, change)
    for k in range(n):
        plain = design.T @ (weights[k][:, None] * design)
        assert factor[:, k] == pytest.approx(np.linalg.cholesky(plain)[np.tril_indices(4)], rel=1e-9)
        assert determinant[k] == pytest.approx(np.linalg.slogdet(plain)[1], rel=1e-9)
        expected = np.trace(np.linalg.solve(plain, design.T @ (change[k][:, None] * design)))
        assert trace[k] == pytest.approx(expected, rel=1e-8, abs=1e-9)


def test_robust_dispersions_by_hand():
    # No two samples alike: nothing is trimmed of four, and variances are scaled by 1.51. Mean 4; squares 9, 4, 1, 36.
    values = np.array([[1.0], [2.0], [3.0], [10.0]])
    assert cooks.robust_dispersions(values, np.arange(4)) == pytest.approx([(1.51 * 12.5 - 4) / 16])
    # Three alike: a third is trimmed at each end, the middle one is left: 2; squares 1, 0, 64, of which the middle 1.
    three = np.array([[1.0], [2.0], [10.0], [2.0]])
    assert cooks.robust_dispersions(three * 10, np.array([0, 0, 0, 1])) == pytest.approx([(204 - 37.5) / 37.5**2])
    # Where the variance is below the mean, the least dispersion.
    assert cooks.robust_dispersions(np.full((4, 1), 5.0), np.arange(4)) == pytest.approx([0.04])


@pytest.mark.parametrize(
    ("others", "outlier"), [([0, 0, 0, 0, 0], True), ([60, 60, 0, 0, 0], True), ([60, 60, 60, 0, 0], False),
                            ([50, 50, 50, 50, 50], True)]
)  # fmt: skip
def test_an_outlier_than_which_three_counts_are_larger_is_none(others, outlier):
    counts = np.array([[50, *others]]).T
    design = pd.DataFrame({"one": 1.0, "two": [0.0, 0, 0, 1, 1, 1]})
    kinds = cooks.kinds_of_samples(design.to_numpy())
    far = np.zeros((6, 1))
    far[0] = 1e6
    assert cooks.outlying(far, far, counts, design, kinds).tolist() == [outlier]
    assert cooks.outlying(far, far * 0, counts, design, kinds).tolist() == [False]
    none = cooks.outlying(far, far, counts, design, np.arange(6))
    assert none.dtype == bool
    assert none.tolist() == [False]


def test_replaced_counts_are_trimmed_means_at_the_sample_s_depth():
    # Of five a fifth is trimmed at each end: 2, 3 and 4 are left.
    found = cooks.replacements(np.array([[100.0], [2], [3], [4], [0]]), np.ones(5))
    assert found.tolist() == [[3]] * 5
    deep = cooks.replacements(np.array([[100.0], [4], [3], [4], [0]]), np.array([1.0, 2, 1, 1, 1]))
    assert deep.ravel().tolist() == [3, 6, 3, 3, 3]


def test_the_variance_of_true_changes_is_what_their_spread_leaves():
    errors = np.ones(4)
    assert shrinkage._prior_variance(np.array([1.0, 2, -2, 3]), errors) == pytest.approx(18 / 4 - 1)
    # Less than the errors alone would scatter: there is nothing to estimate.
    assert shrinkage._prior_variance(np.zeros(4), errors) is None
    assert shrinkage._prior_variance(np.full(4, 1e3), errors) == 400.0
    uneven, wide = np.array([0.5, 1.0, 2.0, 0.1]), np.array([1.0, -2, 4, 0.5])
    variance = shrinkage._prior_variance(wide, uneven)
    weights = (variance + uneven**2) ** -2.0
    assert (weights * (wide**2 - uneven**2)).sum() / weights.sum() == pytest.approx(variance)


def test_spread_of_dispersions_with_few_degrees_of_freedom_is_r_s():
    by_r = pd.read_csv(Path(__file__).parent / "by_r" / "prior.tsv", sep="\t")
    assert len(by_r) == 36
    for n, degrees, planted, expected in by_r.astype({"n": int, "degrees": int}).itertuples(index=False):
        i = np.arange(1, n + 1)
        noise = norm.ppf(i * 0.6180339887498949 % 1)
        residuals = np.log(chi2.ppf((i - 0.5) / n, degrees) / degrees) + np.sqrt(planted) * noise
        found = prior_variance(residuals[np.exp(residuals) >= 1e-6], degrees)  # less is at the floor of dispersions
        assert found == pytest.approx(expected, rel=1e-9), (n, degrees, planted)


def test_the_spread_of_dispersions_with_many_degrees_of_freedom_by_hand():
    residuals = np.array([-2.0, -1, 0, 1, 2, 3, 4])
    # Median 1, deviations 3 2 1 0 1 2 3, their median 2. trigamma(2) is pi**2 / 6 - 1.
    assert spread_of_residuals(residuals) == pytest.approx((1.4826 * 2) ** 2)
    assert prior_variance(residuals, 4) == pytest.approx((1.4826 * 2) ** 2 - (np.pi**2 / 6 - 1))
    assert prior_variance(residuals / 100, 4) == 0.25


def test_a_trend_without_scatter_is_found_exactly():
    inverse = np.array([0.001, 0.01, 0.1, 0.5, 1.0, 2.0])
    assert fit_trend(inverse, 0.07 + 2.5 * inverse) == pytest.approx([0.07, 2.5], rel=1e-6)
    # Features at the floor, and one more than 15 times above the trend, take no part.
    values = np.r_[0.07 + 2.5 * inverse, 1e-8, 60.0]
    assert fit_trend(np.r_[inverse, 0.2, 0.1], values) == pytest.approx([0.07, 2.5], rel=1e-6)
    assert fit_trend(inverse[:1], np.array([0.3])) is None


def test_an_interval_at_its_own_p_value_touches_zero():
    calm = COUNTS.drop(["f30", "f50", "f77", "f90"])

    def about_mode(counts, design, alpha=0.05):
        groups = pd.Series("one", index=counts.columns)
        return voom_about_mode(counts, design, groups, Terms(alpha=alpha)).table

    for test in (about_mode, voom):
        table = test(calm, DESIGN)
        for row in (3, 40, 101):
            touching = test(calm, DESIGN, alpha=float(table["pvalue"][row])).iloc[row]
            near, far = sorted([abs(touching["ci_low"]), abs(touching["ci_high"])])
            assert near == pytest.approx(0, abs=1e-8 * far)
        pd.testing.assert_frame_equal(table, test(calm, DESIGN, alpha=0.05))
        assert (table["stat"] * table["lfcSE"]).to_numpy() == pytest.approx(table["log2FoldChange"].to_numpy())
        half = (table["ci_high"] - table["log2FoldChange"]) / table["lfcSE"]
        # At least the 14 residual degrees of freedom of one feature, at most normal.
        assert half.between(1.9599, student.ppf(0.975, 14)).all()
        assert table["padj"].to_numpy() == pytest.approx(adjust(table["pvalue"].to_numpy()))


def test_details_of_a_fit_are_what_they_say():
    found = fit(COUNTS, DESIGN, Thresholds(alpha=0.1, equivalence_log2_fold_change=0.8), details=True)
    table = found.results.set_index("feature")
    known, tested = table["pvalue"].notna() & (table["lfcSE"] > 0), table["padj"].notna()
    half = 1.64485362695147 * table["lfcSE"]  # R: qnorm(0.95)
    np.testing.assert_allclose(table["ci_high"], table["log2FoldChange"] + half, rtol=1e-9)
    np.testing.assert_allclose(table["ci_low"], table["log2FoldChange"] - half, rtol=1e-9)
    by_hand = [
        NormalDist().cdf((abs(change) - 0.8) / error)
        for change, error in zip(table["log2FoldChange"][known], table["lfcSE"][known], strict=True)
    ]
    assert table["equivalence_pvalue"][known].to_numpy() == pytest.approx(by_hand, abs=1e-12)
    assert (table["equivalence_padj"].notna() == tested).all()
    expected = adjust(table.loc[tested, "equivalence_pvalue"].to_numpy())
    assert table.loc[tested, "equivalence_padj"].to_numpy() == pytest.approx(expected)
    shrunken = table["shrunken_log2FoldChange"]
    there = shrunken.notna()
    assert there.sum() > 140
    assert (shrunken[there].abs() <= table["log2FoldChange"][there].abs() + 1e-3).all()
    assert (np.sign(shrunken[there]) == np.sign(table["log2FoldChange"][there])).mean() > 0.95
    facts = found.facts
    assert facts["not_shrunken"] is None
    assert facts["coefficients"] == ["Intercept", "group"]
    assert (facts["formula"], facts["reduced_formula"], facts["contrast_vector"]) == ("~ group", None, [0.0, 1.0])
    assert facts["samples"] == list(COUNTS.columns)
    assert facts["size_factor_methods"] == {"all": "ratio"}
    assert facts["residual_degrees_of_freedom"] == 14
    assert facts["dispersion_trend"] == "parametric"
    assert facts["engine_warnings"] == []
    assert facts["n_by_status"] == table["status"].value_counts().to_dict()
    assert sum(facts["n_by_status"].values()) == 150
    assert np.exp(np.log(list(facts["size_factors"].values())).mean()) == pytest.approx(1, abs=0.2)
    few = fit(COUNTS.iloc[100:109], DESIGN, Thresholds(), details=True)
    assert few.facts["not_shrunken"] == "only 9 features to estimate a prior from"
    assert few.results["shrunken_log2FoldChange"].isna().all()


def test_the_status_tells_why_there_is_no_adjusted_p_value():
    counts = COUNTS.copy()
    counts.iloc[1], counts.iloc[2] = 0, [3, 6] + [0] * 14
    counts.iloc[3] = [4, 6] + [0] * 14
    found = fit(counts, DESIGN, Thresholds(min_total_count=10)).results.set_index("feature")["status"]
    assert found[["f1", "f2"]].tolist() == ["all_zero", "low_count"]
    assert found["f3"] not in ("all_zero", "low_count")


REFUSED = {
    "few reads": (fit, COUNTS, DESIGN, Thresholds(min_total_count=10**9)),
    "a joint test with a smallest fold change": (fit, COUNTS, replace(DESIGN, reduced=DESIGN.matrix[["Intercept"]]),
                                                 Thresholds(min_log2_fold_change=0.5)),
    "few features": (voom_about_mode, COUNTS.iloc[:9], DESIGN, pd.Series("a", index=COUNTS.columns)),
    "one feature": (voom, COUNTS.iloc[[30]], DESIGN),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_fits_that_cannot_be_made(case, snapshot):
    assert as_text(problems_of(*REFUSED[case])) == snapshot


def test_tables_without_features_or_without_variation_are_refused():
    factors = SizeFactors(pd.Series(1.0, index=COUNTS.columns), {}, {})
    [problem] = problems_of(fit, COUNTS.iloc[:0], DESIGN, Thresholds(), factors=factors)
    assert problem.found == "the largest total is 0"
    constant = COUNTS * 0 + np.arange(10, 160)[:, None]
    for engine, more in ((voom, ()), (voom_about_mode, (pd.Series("a", index=COUNTS.columns),))):
        [problem] = problems_of(engine, constant, DESIGN, *more)
        assert (problem.code, problem.found[:24]) == ("no_residual_variation", "150 features with reads,")
