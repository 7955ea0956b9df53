"""Release and enrichment with dispersions of each fraction, worked out anew one feature at a time."""

import numpy as np
import pandas as pd
import pytest
from reference import log_posterior
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from factories import INJURED
from mircargo.config import Comparison, Thresholds
from mircargo.model.design.matrix import contrast_design, release_design
from mircargo.model.engines.by_fraction import Release, describe_release
from mircargo.model.engines.deseq2 import fit
from mircargo.model.filtering import adjust
from mircargo.model.normalisation.size_factors import SizeFactors

N = 120
SHEET = pd.DataFrame(
    {"fraction": ["drg"] * 8 + ["exosome"] * 8, "group": (["control"] * 4 + ["injured"] * 4) * 2},
    index=[f"s{i}" for i in range(16)],
)
IN_EXOSOME = SHEET["fraction"].eq("exosome")
FACTORS = pd.Series(np.tile([0.7, 1.1, 1.4, 0.9], 4), index=SHEET.index)
SIDES = [INJURED.model_copy(update={"subset": {"fraction": [name]}}) for name in ("exosome", "drg")]


def design(sheet=SHEET, **changes):
    return release_design(sheet, Comparison(exosome="e", source="s", **changes), *SIDES, [], "x")


def study(spread: tuple[float, float], seed: int = 3) -> pd.DataFrame:
    """Counts of 120 features, dispersions of the source and of the exosomes as given; the first five are released."""
    rng = np.random.default_rng(seed)
    means = np.maximum(np.exp(rng.normal(6.5, 1.2, (N, 1))), 150) * np.ones(16)
    means[:, 8:] *= np.exp(rng.normal(0, 0.7, (N, 1)))
    means[:5, 12:] *= 6
    dispersion = np.where(IN_EXOSOME, spread[1], spread[0]) * (1 + 100 / means)
    counts = rng.poisson(rng.gamma(1 / dispersion, dispersion * means) * FACTORS.to_numpy())
    return pd.DataFrame(counts, index=[f"f{i}" for i in range(N)], columns=SHEET.index)


def described(counts, made=None, dispersions=0.1, outliers=(), **thresholds) -> Release:
    status = np.where(counts.index.isin(outliers), "outlier", "tested")
    common = pd.DataFrame({"feature": counts.index, "dispersion": dispersions, "status": status})
    factors = SizeFactors(FACTORS, {}, {})
    made = design() if made is None else made
    return describe_release(counts, made, IN_EXOSOME, factors, common, Thresholds(**thresholds))


def by_fraction(counts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    found = {}
    for name in ("drg", "exosome"):
        own = contrast_design(SHEET[SHEET["fraction"] == name], INJURED, [], name)
        part = counts[own.matrix.index]
        factors = SizeFactors(FACTORS, {}, {})
        result = fit(part, own, Thresholds(min_total_count=0), factors=factors, details=True)
        found[name] = result.results.set_index("feature")
    return found


def one_feature(y: np.ndarray, x: np.ndarray, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit a negative binomial regression by Fisher scoring; return coefficients and their covariance."""
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(y.mean())
    for _ in range(60):
        mu = np.exp(x @ beta) * FACTORS.to_numpy()
        information = x.T @ ((mu / (1 + alpha * mu))[:, None] * x)
        beta = beta + np.linalg.solve(information, x.T @ ((y - mu) / (1 + alpha * mu)))
    return beta, np.linalg.inv(information)


def test_release_and_enrichment_with_dispersions_of_each_fraction():
    counts, made = study((0.02, 0.3)), design()
    found = described(counts, made, alpha=0.1)
    apart = by_fraction(counts)
    x = made.matrix.to_numpy()
    names = list(made.matrix.columns)
    # The design's columns: intercept, fraction, group, both.
    rows = {}
    for feature in counts.index:
        alpha = np.where(IN_EXOSOME, apart["exosome"]["dispersion"][feature], apart["drg"]["dispersion"][feature])
        beta, covariance = one_feature(counts.loc[feature].to_numpy(float), x, alpha)
        inside = np.array([name == "fraction[T.exosome]" for name in names], dtype=float)
        both = inside + np.array([":" in name for name in names], dtype=float)
        asked = both - inside
        rows[feature] = [
            each / np.log(2) for w in (asked, inside, both) for each in (w @ beta, np.sqrt(w @ covariance @ w))
        ]  # fmt: skip
    by_hand = pd.DataFrame(rows, index=["release", "se", "reference", "reference_se", "level", "level_se"]).T
    results = found.results
    assert results["log2FoldChange"].to_numpy() == pytest.approx(by_hand["release"].to_numpy(), abs=1e-4)
    assert results["lfcSE"].to_numpy() == pytest.approx(by_hand["se"].to_numpy(), rel=1e-3)
    for group in ("reference", "level"):
        middle = by_hand[group] - by_hand[group].median()
        assert results[f"enrichment_{group}"].to_numpy() == pytest.approx(middle.to_numpy(), abs=1e-4)
        half = 1.6448536269514722 * by_hand[f"{group}_se"]  # R: qnorm(0.95)
        assert results[f"enrichment_{group}_low"].to_numpy() == pytest.approx((middle - half).to_numpy(), abs=1e-3)
        assert results[f"enrichment_{group}_high"].to_numpy() == pytest.approx((middle + half).to_numpy(), abs=1e-3)
    p_values = 2 * norm.sf((by_hand["release"] / by_hand["se"]).abs())
    assert results["pvalue"].to_numpy() == pytest.approx(p_values, rel=1e-2, abs=1e-6)
    tested = results["padj"].notna()
    assert results.loc[tested, "padj"].to_numpy() == pytest.approx(adjust(results.loc[tested, "pvalue"].to_numpy()))


def test_which_dispersions_fit_better_is_told_by_their_likelihoods():
    counts = study((0.02, 0.3))
    facts = described(counts).facts
    apart = by_fraction(counts)
    gain, both = 0.0, np.zeros((16, 4))
    for place, name in enumerate(("exosome", "drg")):
        here = (SHEET["fraction"] == name).to_numpy()
        both[here, 2 * place] = 1
        both[here & (SHEET["group"] == "injured").to_numpy(), 2 * place + 1] = 1
    for feature in counts.index:
        y = counts.loc[[feature]].to_numpy(float)
        normalised = y / FACTORS.to_numpy()
        mu = (
            np.concatenate([np.full(4, normalised[0, 4 * k : 4 * k + 4].mean()) for k in range(4)])[None]
            * FACTORS.to_numpy()
        )
        for name in ("drg", "exosome"):
            here = (SHEET["fraction"] == name).to_numpy()
            own = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
            alpha = np.array([apart[name]["dispersion_gene_wise"][feature]])
            gain += float(log_posterior(y[:, here], mu[:, here], own, alpha)[0])

        def lack(log_alpha, y=y, mu=mu):
            return -float(log_posterior(y, mu, both, np.exp([log_alpha]))[0])

        gain += minimize_scalar(lack, bounds=(np.log(1e-8), np.log(16)), method="bounded", options={"xatol": 1e-7}).fun
    assert facts["log_likelihood_gain"] == pytest.approx(gain, abs=1e-3)
    assert facts["log_likelihood_gain"] > N
    assert facts["aic_difference"] == pytest.approx(2 * N - 2 * gain, abs=2e-3)
    assert (facts["dispersions"], facts["separable"], facts["n_compared"]) == ("by_fraction", True, N)


def test_one_dispersion_is_enough_where_there_is_one():
    facts = described(study((0.1, 0.1))).facts
    assert facts["dispersions"] == "common"
    assert facts["aic_difference"] > 0
    assert facts["log_likelihood_gain"] < N


def test_released_features_are_found_and_outliers_have_no_p_value():
    counts = study((0.02, 0.1))
    results = described(counts, outliers=["f2", "f70"]).results
    assert set(results.index[results["pvalue"].isna()]) == set(results.index[results["padj"].isna()]) == {"f2", "f70"}
    assert {"f0", "f1", "f3", "f4"} <= set(results.index[results["padj"] < 0.05])
    assert results.loc[["f0", "f1", "f2", "f3", "f4"], "log2FoldChange"].mean() == pytest.approx(np.log2(6), abs=0.4)


def test_paired_samples_that_leave_nothing_to_judge_dispersions_by_have_the_enrichment_alone():
    # Two subjects a group, so that in each fraction there are as many coefficients as samples.
    sheet = SHEET.assign(subject=[f"m{i}" for i in range(8)] * 2)
    found = described(study((0.05, 0.05)), design(sheet, subject="subject"), dispersions=0.05)
    assert found.facts == {"dispersions": "common", "separable": False, "engine_warnings": []}
    assert found.results[["log2FoldChange", "lfcSE", "pvalue", "padj"]].isna().all(axis=None)
    enrichment = found.results[["enrichment_reference", "enrichment_level"]]
    assert enrichment.median().to_numpy() == pytest.approx([0, 0], abs=1e-12)
    assert enrichment.notna().all(axis=None)


def test_a_fraction_without_reads_has_no_enrichment_and_the_rarest_one_s_dispersion():
    counts = study((0.05, 0.3))
    counts.loc["f10", IN_EXOSOME] = 0
    counts.loc["f11", ~IN_EXOSOME] = 0
    found = described(counts)
    columns = [name for name in found.results if name.startswith("enrichment_")]
    assert len(columns) == 6
    assert found.results.loc[["f10", "f11"], columns].isna().all(axis=None)
    assert found.results.drop(["f10", "f11"])[columns].notna().all(axis=None)
    assert found.facts["n_compared"] == N - 2
    for group in ("reference", "level"):
        assert found.results[f"enrichment_{group}"].median() == pytest.approx(0, abs=1e-12)


def test_what_the_engine_says_of_a_fraction_is_told_and_no_warning_of_python_s():
    # One fraction of four features that scatter alike has no trend over their means.
    counts = study((0.02, 0.3))
    facts = described(counts.iloc[:4], alpha=0.1).facts
    assert facts["engine_warnings"]
    assert all(text.startswith("in one of the fractions: ") for text in facts["engine_warnings"])
    assert any("a local regression is used" in text for text in facts["engine_warnings"])
