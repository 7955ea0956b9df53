"""370 small studies at random against R's DESeq2: trend, prior, cut-off and every call.

R's results were made by random_designs.R (R 4.2.2, DESeq2 1.38.3) and are kept here in few numbers; the tables are
drawn again. Where a call differs it is listed below with the reason, and only that may differ.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from random_designs import N, Study, study
from scipy.stats import nbinom

from mircargo.config import Contrast, Thresholds
from mircargo.model.batched import BatchedDataSet
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import Fit, fit

BY_R = pd.read_csv(Path(__file__).parent / "random_designs.tsv", sep="\t", index_col="number", keep_default_na=False)
# In each of these R's search for one gene-wise dispersion steps to 1e-13 and below, where its log-likelihood
# (differences of logarithms of the gamma function at 1e13) is rounding, and stays at the floor. The prior then rests on
# one feature less. The feature, and whose call is another for it.
R_AT_THE_FLOOR = {13: ("f120", ["f64"]), 104: ("f23", []), 121: ("f276", ["f232"]), 172: ("f5", []), 229: ("f79", [])}
# All reads of the feature in one sample: its coefficients have no finite maximum, and R keeps them within 30.
R_AT_ITS_BOUND = {173: ("f204", ["f204"])}


def without_group(formula: str) -> str:
    """Leave the group and its interaction, which stand last, out of a formula."""
    return formula.partition("group")[0].rstrip("+ ").replace("~", "~ 1 +", 1).rstrip("+ ")


@cache
def answer(number: int) -> tuple[Study, Fit]:
    asked = study(number)
    contrast = Contrast(
        variable="group", level=asked.level, reference="g0", design=asked.formula, reduced=without_group(asked.formula)
    )
    if asked.reduced:
        contrast = contrast.model_copy(update={"reduced": asked.reduced})
    # A joint test is of all levels; the contrast of two of them in the same model is the Wald test that R makes.
    design = contrast_design(asked.sheet.assign(column=asked.sheet.index), contrast, ["dose"], "random")
    design = design if asked.reduced else replace(design, reduced=None, reduced_formula="")
    thresholds = Thresholds(min_total_count=0, min_log2_fold_change=asked.threshold)
    return asked, fit(asked.counts, design, thresholds)


def called_by_r(number: int, n: int) -> np.ndarray:
    bits = "".join(f"{int(digit, 16):04b}" for digit in BY_R["called"][number])
    return np.array([bit == "1" for bit in bits])[:n]


@pytest.mark.parametrize("number", range(N))
def test_trend_prior_and_calls_are_r_s(number):
    asked, found = answer(number)
    r = BY_R.loc[number]
    assert (len(asked.counts), asked.counts.to_numpy().sum()) == (r["n"], r["reads"]), "another table than R's"
    assert found.facts["dispersion_trend"] == r["trend"]
    if number not in R_AT_THE_FLOOR:
        assert found.facts["dispersion_prior_variance"] == pytest.approx(float(r["prior_variance"]), rel=1e-6)
    assert found.facts["independent_filter_mean"] == pytest.approx(float(r["cutoff"]), rel=1e-6, abs=1e-9)
    called = (found.results["padj"] < 0.05).to_numpy()
    other = found.results["feature"][called != called_by_r(number, len(called))].tolist()
    assert other == (R_AT_THE_FLOOR | R_AT_ITS_BOUND).get(number, ("", []))[1]
    assert found.results["padj"].isna().sum() == int(r["n_missing"])


@pytest.mark.parametrize("number", R_AT_THE_FLOOR)
def test_where_r_stays_at_the_floor_the_dispersion_found_is_more_likely(number):
    """By the Cox-Reid adjusted profile likelihood, its density SciPy's."""
    feature, fitted = R_AT_THE_FLOOR[number][0], dataset(number)
    at, design = fitted.var_names.get_loc(feature), fitted.obsm["design_matrix"].to_numpy()
    counts, mu = fitted.X[:, at], fitted.layers["_mu_hat"][:, at]

    def log_posterior(alpha: float) -> float:
        weights = mu / (1 + alpha * mu)
        return log_likelihood(counts, mu, alpha) - np.linalg.slogdet(design.T @ (weights[:, None] * design))[1] / 2

    assert log_posterior(fitted.var["genewise_dispersions"][feature]) > log_posterior(1e-8)


def test_where_r_is_at_its_bound_the_coefficients_found_are_more_likely():
    """R's log-likelihood of f204 with its own means and the same dispersion, 10, is -11.93943."""
    fitted = dataset(173)
    at = fitted.var_names.get_loc("f204")
    assert fitted.var["dispersions"]["f204"] == pytest.approx(10)
    assert log_likelihood(fitted.X[:, at], fitted.obsm["_mu_LFC"][:, at], 10.0) > -11.93943


def log_likelihood(counts: np.ndarray, mu: np.ndarray, alpha: float) -> float:
    return float(nbinom.logpmf(counts, 1 / alpha, 1 / (1 + alpha * mu)).sum())


@cache
def dataset(number: int) -> BatchedDataSet:
    asked, found = answer(number)
    sheet = asked.sheet.assign(column=asked.sheet.index)
    contrast = Contrast(
        variable="group", level=asked.level, reference="g0", design=asked.formula, reduced=without_group(asked.formula)
    )
    design = contrast_design(sheet, contrast, ["dose"], "random")
    factors = np.array([found.facts["size_factors"][sample] for sample in asked.counts])
    return BatchedDataSet(asked.counts.T, design.matrix, factors).fit()
