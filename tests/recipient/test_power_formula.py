"""Power by the formula: against t-tests of statsmodels, against simulated fits, and in its limits."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import polygamma
from scipy.stats import norm
from statsmodels.stats.power import TTestIndPower

from mircargo.benchmark.studies import CONTRAST
from mircargo.benchmark.two_groups import as_tables, draw_changes, negative_binomial
from mircargo.config import Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.recipient.power import (
    Decisive,
    Draws,
    Layout,
    Limit,
    Scatter,
    chance_of_settling,
    draws,
    log2_variance,
    power_of_robust,
    power_of_wald,
    typical_dispersion,
)  # fmt: skip


def layout(n, depths=None):
    matrix = np.column_stack([np.ones(2 * n), np.repeat([0.0, 1.0], n)])
    return Layout(matrix, np.array([0.0, 1.0]), np.ones(2 * n) if depths is None else depths, n)


def sure(error, stated=None):
    """Return what is drawn where nothing is unknown."""
    return Draws(np.ones(1), np.array([error]), np.array([error]), np.array([stated or error]), np.ones(1), np.ones(1))


def test_variance_of_two_groups_by_hand():
    found = log2_variance(layout(4), np.full(8, 50.0), 1.0, np.array([0.1, 0.4]))
    by_hand = [((1 / 50 + d) / 4 + (1 / 100 + d) / 4) / np.log(2) ** 2 for d in (0.1, 0.4)]
    assert found == pytest.approx(by_hand, rel=1e-12)


def test_variance_of_pairs_is_that_of_their_differences():
    pairs = np.kron(np.ones((2, 1)), np.eye(3))
    paired = Layout(np.column_stack([pairs, np.repeat([0.0, 1.0], 3)]), np.array([0, 0, 0, 1.0]), np.ones(6), 3)
    found = log2_variance(paired, np.full(6, 80.0), 0.0, np.array([0.2]))
    assert found[0] == pytest.approx(2 * (1 / 80 + 0.2) / 3 / np.log(2) ** 2)
    assert (paired.residual_df(3), paired.residual_df(9)) == (2, 6)
    assert layout(3).residual_df(9) == 16


def test_with_the_prior_alone_it_is_the_power_of_a_z_test():
    # A dispersion that the trend decides is no more uncertain than a known variance.
    scatter = Scatter(0.1, 0.1, 1e-6, 0.0, 0.1)
    drawn = draws(layout(5), np.full(10, 1e6), 1.0, scatter, 5)
    se = np.sqrt(2 * 0.1 / 5) / np.log(2)
    assert power_of_wald(drawn, 1.0, Limit(0.05)) == pytest.approx(norm.sf(norm.isf(0.025) - 1 / se), abs=2e-3)


@pytest.mark.parametrize("n", [4, 8, 16])
def test_without_a_prior_the_moderated_test_is_students(n):
    drawn = draws(layout(n), np.full(2 * n, 1e6), 1.0, Scatter(0.3, 0.3, 1e6, 0.0, 0.3), n)
    lenient, decisive = Limit(0.9), Decisive(Limit(0.01), 0.0, 0.0, alpha=0.9)
    found = power_of_robust(drawn, 1.0, lenient, decisive, 2 * n - 2)
    of_t = TTestIndPower().power(np.log(2) / np.sqrt(polygamma(1, 1 / 0.3)), n, 0.01)
    assert found == pytest.approx(of_t, abs=0.015)


def test_a_shared_error_bounds_what_animals_can_do():
    many = draws(layout(500), np.full(1000, 1e4), 0.585, Scatter(0.05, 0.05, 0.5, 0.0, 0.05), 500)
    decisive = Decisive(Limit(0.01), 10.0, 0.4)
    # With no other error left, the change has to be 2.58 shared errors, and is 1.46.
    assert power_of_robust(many, 0.585, Limit(0.01), decisive, 998) == pytest.approx(
        norm.cdf(0.585 / 0.4 - 2.58), abs=0.01
    )


def test_other_scales_are_against_one_direction():
    decisive = Decisive(Limit(0.05), 10.0, 0.0, (0.5, 0.0))
    up, down = (power_of_robust(sure(0.3), change, Limit(0.05), decisive, 6) for change in (1.0, -1.0))
    # A rise has to be beyond 0.5 more than its interval reaches.
    assert up == pytest.approx(norm.cdf((1.0 - 0.5 - 1.96 * 0.3) / 0.3), abs=1e-3)
    assert down > up + 0.3


def test_how_far_another_scale_lies_is_found_better_with_more_animals():
    # 0.5 found with an error of 0.3: 0.25 less what 4 times the animals take from its square, 0.09 * 3 / 4.
    decisive = Decisive(Limit(0.05), 10.0, 0.0, (0.5, 0.0), 0.3)
    assert decisive.in_experiment(4).against == pytest.approx((np.sqrt(0.25 - 0.0675), 0.0))
    assert decisive.in_experiment(1).against == pytest.approx((0.5, 0.0))
    assert decisive.in_experiment(0.5).against == pytest.approx((np.sqrt(0.25 + 0.09), 0.0))
    # What is no more than its error may be nothing with many animals.
    assert Decisive(Limit(0.05), 10.0, 0.0, (0.2, 0.1), 0.3).in_experiment(1000).against == (0.0, 0.0)


def test_what_settles_a_call_by_hand():
    # An interval of z 1.645 errors has to lie within 0.585, or the fold change beyond 1.96 errors.
    se, change = 0.25, 0.1
    within = norm.cdf((0.585 - 1.645 * se - change) / se) - norm.cdf((-0.585 + 1.645 * se - change) / se)
    called = norm.sf(1.96 - change / se) + norm.sf(1.96 + change / se)
    assert chance_of_settling(sure(se), change, Limit(0.05), 0.585, 0.05) == pytest.approx(within + called, abs=1e-3)
    assert chance_of_settling(sure(0.1), change, Limit(0.05), 0.585, 0.05) == 1.0
    wide = chance_of_settling(sure(1.0), change, Limit(0.05), 0.585, 0.05)
    assert wide == pytest.approx(norm.sf(1.96 - change) + norm.sf(1.96 + change), abs=1e-3)


def test_a_dispersion_from_its_error_and_back():
    own, means = layout(4), np.full(8, 30.0)
    error = float(np.sqrt(log2_variance(own, means, 0.0, np.array([0.23]))[0]))
    assert typical_dispersion(own, means, 0.0, error) == pytest.approx(0.23, rel=5e-3)


TRUTHS = [(mean, d, fold) for mean in (10, 60, 600) for d in (0.05, 0.15, 0.4) for fold in (1.5, 2.0, 4.0)]
OF_EACH, CUTOFF = 24, 0.01


def simulated(n, rng):
    """Return the fit of a study with features of each truth among 400 others, and which are of which."""
    abundance = np.exp(rng.normal(0, 2.2, 400))
    others = abundance / abundance.sum() * 1e6
    sign = np.tile([1.0, -1.0], OF_EACH // 2)
    means = np.concatenate([others, *(np.full(OF_EACH, mean) for mean, *_ in TRUTHS)])
    spread = np.exp(rng.normal(0, 0.5, 400))
    dispersions = np.concatenate([(0.05 + 1.5 / others) * spread, *(np.full(OF_EACH, d) for _, d, _ in TRUTHS)])
    changes = [draw_changes(400, (0.1, 0.1), (0.585, 0.8), rng), *(sign * np.log2(fold) for *_, fold in TRUTHS)]
    changes = np.concatenate(changes)
    mu = means[:, None] * np.exp2(np.outer(changes, np.repeat([0, 1], n))) * np.exp(rng.normal(0, 0.35, 2 * n))
    counts, sheet, truth = as_tables(
        negative_binomial(mu, dispersions[:, None], rng), (CONTRAST.reference, CONTRAST.level), changes
    )
    found = fit(counts, contrast_design(sheet, CONTRAST, [], "a study"), Thresholds(), details=True)
    called = (found.results["pvalue"] < CUTOFF) & (
        np.sign(found.results["log2FoldChange"]) == np.sign(truth.to_numpy())
    )
    of = np.repeat(np.arange(-1, len(TRUTHS)), [400, *[OF_EACH] * len(TRUTHS)])
    return found.results.assign(called=called, of=of), found.facts["dispersion_prior_variance"]


@pytest.mark.parametrize("n", [3, 6])
def test_power_is_what_simulated_studies_find(n):
    rng = np.random.default_rng(n)
    fits = [simulated(n, rng) for _ in range(25)]
    prior = float(np.mean([variance for _, variance in fits]))
    results = pd.concat([table for table, _ in fits])
    depths = np.exp(0.35 * norm.ppf((np.tile(np.arange(n), 2) + 0.5) / n))
    off = []
    for place, (mean, d, fold) in enumerate(TRUTHS):
        own = results[results["of"] == place]
        scatter = Scatter(d, float(np.exp(np.log(own["dispersion_trend"]).mean())), prior)
        changes = (np.log2(fold), -np.log2(fold))
        drawn = [draws(layout(n, depths), np.full(2 * n, mean), change, scatter, n) for change in changes]
        power = np.mean([power_of_wald(each, np.log2(fold), Limit(CUTOFF)) for each in drawn])
        off.append(abs(power - own["called"].mean()))
    # 600 features of each truth: chance alone makes differences of 0.02.
    assert np.mean(np.array(off) <= 0.05) >= 0.95, dict(zip(TRUTHS, np.round(off, 3), strict=True))
