"""What becomes of counts that decide alone, of fits that run away, and of priors from few samples; R's numbers."""

import numpy as np
import pytest
from reference import log_likelihood, table_with_outliers, two_groups
from scipy.optimize import minimize

from mircargo.config import Contrast, Thresholds
from mircargo.model.batched import BatchedDataSet, BatchedInference, coefficients, newton
from mircargo.model.batched.coefficients import RIDGE
from mircargo.model.batched.trend import fit_trend
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.size_factors import size_factors
from studies import oracle, read_study

# R 4.2.2 with DESeq2 1.38.3 on `table_with_outliers`, results() as it stands: baseMean, log2FC, lfcSE, p, padj
R_S = {
    "f0": (11.072685032885, 0.899566641983, 0.475552113435, 5.85408572755e-02, 1.75930646074e-01),
    "f5": (16.483167624326, 1.157102231869, 0.396435613263, 3.51421494950e-03, 1.34261032686e-02),
    "f30": (50.077484839176, 0.985540561606, 0.261917808291, 1.68031236102e-04, 8.07634005779e-04),
    "f50": (128.670341078058, 1.120215465301, 0.192212687358, 5.60957126609e-09, 3.63402660282e-08),
    "f77": (0.0, 0.0, 0.0, 1.0, np.nan),
    "f90": (0.759386608498, 2.964604999284, 2.856748114452, 2.99384073251e-01, 4.41665613015e-01),
    "f100": (1432.829779161365, 1.032369217975, 0.147944150596, 2.99196649427e-12, 3.18430719747e-11),
}


def test_replaced_outliers_as_r_replaces_them():
    counts = table_with_outliers()
    found = fit(counts, two_groups(counts, 8), Thresholds(alpha=0.1))
    results = found.results.set_index("feature")
    for feature, expected in R_S.items():
        values = results.loc[feature, ["baseMean", "log2FoldChange", "lfcSE", "pvalue", "padj"]].astype(float)
        assert values.to_numpy() == pytest.approx(np.array(expected), rel=1e-8, abs=1e-10, nan_ok=True), feature
    assert (results["padj"] < 0.1).sum() == 47
    assert list(results.index[results["padj"].isna()]) == ["f77"]
    assert results["status"]["f77"] == "independent_filter"
    assert found.facts["n_refitted_outliers"] == 3  # and f77, of which nothing is left to fit


def test_a_feature_of_which_nothing_is_left_has_no_likelihood_ratio():
    counts = table_with_outliers()
    design = two_groups(counts, 8)
    factors = size_factors(counts).values.to_numpy()
    data = BatchedDataSet(counts.T, design.matrix, factors).fit()
    statistics, p_values = data.likelihood_ratio_test(design.matrix.iloc[:, :1])
    at = counts.index.get_loc("f77")
    assert (statistics[at], p_values[at]) == (0, 1)
    assert (np.delete(statistics, at) > 0).mean() > 0.95


def test_outliers_are_replaced_only_with_seven_of_a_kind():
    counts = table_with_outliers().iloc[:, [*range(6), *range(8, 14)]]
    found = fit(counts, two_groups(counts, 6), Thresholds())
    assert found.facts["n_refitted_outliers"] == 0
    assert {"f30", "f50", "f77"} <= set(found.results["feature"][found.results["status"] == "outlier"])


def lonely_counts():
    """Features with one count of 300 and otherwise none, in each sample of two groups of four."""
    return np.eye(8, dtype=int) * 300, np.repeat([[0.0], [1.0]], 4, axis=0) * [[0, 1]] + [[1, 0]]


@pytest.mark.parametrize("alpha", [0.01, 1.0, 10.0])
def test_a_fit_that_runs_away_ends_at_the_top(monkeypatch, alpha):
    counts, design = lonely_counts()
    factors, alphas, again = np.linspace(0.4, 2.5, 8), np.full(8, alpha), []

    def spy(start, *arguments):
        again.append(start.shape[1])
        return newton.descend(start, *arguments)

    monkeypatch.setattr(coefficients, "descend", spy)
    inference = BatchedInference()
    beta, _, _, converged = inference.irls(counts, factors, design, alphas, 0.5, 1e-8)
    assert converged.all()
    assert inference.fallbacks == {"coefficients": 0}

    def lack(beta, y):
        mu = factors * np.exp(np.clip(design @ beta, -200, 200))
        return 0.5 * RIDGE * (beta @ beta) - float(log_likelihood(y[None], mu[None], np.array([alpha]))[0])

    for k, y in enumerate(counts.T):
        tops = [
            minimize(
                lack, start, args=(y,), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 4000}
            ).fun
            for start in (beta[k], [0, 0], [3, -3], [-3, 3])
        ]
        assert lack(beta[k], y) <= min(tops) + 1e-6
    assert again


def test_what_is_handed_to_pydeseq2_is_counted(monkeypatch):
    counts = table_with_outliers().iloc[:60, [*range(4), *range(8, 12)]]
    counts.iloc[:3] = 0
    counts.iloc[0, 1] = counts.iloc[1, 6] = counts.iloc[2, 3] = 300
    design = two_groups(counts, 4)
    calm = fit(counts, design, Thresholds()).facts
    assert calm["n_fallbacks"] == {"coefficients": 0}
    monkeypatch.setattr(newton, "MAX_STEPS", 0)
    lost = []
    descend = coefficients.descend

    def spy(start, *arguments):
        lost.append(start.shape[1])
        return descend(start, *arguments)

    monkeypatch.setattr(coefficients, "descend", spy)
    forced = fit(counts, design, Thresholds()).facts
    assert sum(lost) > 0
    assert forced["n_fallbacks"] == {"coefficients": sum(lost)}


@pytest.mark.parametrize(
    ("level", "first", "expected"),
    [("LPS", 1, 0.7767768), ("IL10", 1, 0.2882883), ("TGFB", 1, 0.5765766), ("LPS", 2, 0.5445445)],
)
def test_prior_variance_of_few_degrees_of_freedom_is_near_r_s(shared, level, first, expected):
    """Three, or two controls against two samples; R draws at random, so its own numbers scatter."""
    _, counts, sheet = read_study("microglia_ev", shared)
    controls = ["ev_control_1", "ev_control_2", "ev_control_3"][: 4 - first]
    others = [f"ev_{level}_2", f"ev_{level}_3"]
    part = sheet.loc[[*controls, *others]]
    design = contrast_design(part, Contrast(variable="treatment", level=level, reference="control"), [], "x")
    facts = fit(counts.counts, design, Thresholds(min_total_count=10)).facts
    assert facts["residual_degrees_of_freedom"] <= 3
    assert facts["dispersion_prior_variance"] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("name", ["microglia_interaction_lps", "joint_day7_naive", "microglia_evs_lps_min30"])
def test_trend_through_r_s_dispersions_is_r_s_trend(shared, name):
    table = oracle(shared, f"{name}.dispersions").dropna(subset=["dispGeneEst"])
    a0, a1 = fit_trend(1 / table["baseMean"].to_numpy(), table["dispGeneEst"].to_numpy())
    assert (a0 + a1 / table["baseMean"]).to_numpy() == pytest.approx(table["dispFit"].to_numpy(), rel=1e-7)


def test_planted_trend_is_found_again_beside_features_at_the_floor():
    generator = np.random.default_rng(1)
    means = np.exp(generator.normal(4, 2, 4000))
    dispersions = (0.05 + 3 / means) * generator.gamma(20, 1 / 20, 4000)
    dispersions[::2] = 1e-8
    assert fit_trend(1 / means, dispersions) == pytest.approx([0.05, 3], rel=0.05)


def test_no_trend_where_dispersion_grows_with_the_mean():
    means = np.linspace(1, 100, 50)
    assert fit_trend(1 / means, 0.001 * means) is None
