"""Counts far from any usual size: what is known on paper is found, and last digits decide nothing.

Expected values are of the definition of the density with many digits, or of what is written down by hand.
"""

import warnings
from decimal import Decimal, localcontext

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mircargo.config import Contrast, Thresholds
from mircargo.model.batched.arrow import gram_of
from mircargo.model.batched.coefficients import likelihood_ratio
from mircargo.model.batched.dispersion import scan
from mircargo.model.batched.likelihood import Likelihood
from mircargo.model.batched.newton import descend, normal_prior
from mircargo.model.batched.trend import fit_trend
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.size_factors import SizeFactors

LEAST_GAIN = 1e-6  # of a search: a step that gains less is its last
EPSILON = 1e-14


def by_definition(count: int, mu: float, log_alpha: float) -> Decimal:
    """Log-density of a count, but for what does not depend on the dispersion."""
    alpha, mean = Decimal(log_alpha).exp(), Decimal(mu)
    rising = sum(((1 + alpha * k).ln() for k in range(count)), Decimal(0))
    return rising - (count + 1 / alpha) * (1 + alpha * mean).ln()


@given(st.sampled_from([0, 1, 23, 24, 25, 100]), st.floats(-8, 18).map(lambda e: 10**e), st.floats(-9, 4))
@example(24, 1e12, 0.0)
@example(24, 1e18, 0.0)  # the ratio of count and mean is 0 to the last digit of 1 - ratio
@example(25, 1e10, 2.3)
def test_small_counts_whatever_their_mean(count, mu, exponent):
    one = exponent * np.log(10) if exponent < 0 else exponent
    other, step = one + 0.3, 1e-7
    likelihood = Likelihood(np.array([[float(count)]]), np.array([[mu]]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (first, slope, _), (second, _, _) = (likelihood(np.array([each])) for each in (one, other))
    with localcontext() as context:
        context.prec = 50
        gain = float(by_definition(count, mu, other) - by_definition(count, mu, one))
        rise = by_definition(count, mu, one + step) - by_definition(count, mu, one - step)
        expected_slope = float(rise / (Decimal(one + step) - Decimal(one - step)))
    assert second[0] - first[0] == pytest.approx(gain, rel=1e-11, abs=LEAST_GAIN / 1000)
    assert slope[0] == pytest.approx(expected_slope, rel=1e-9, abs=1e-9)


def test_a_likelihood_ratio_of_means_that_are_nearly_equal():
    counts, mu, alpha = 3 * 10**8, 3e8, 0.1
    for share in (0.0, 1e-9, 1e-6, 1e-3, 0.4, -0.4, 3.0):
        reduced = mu * (1 + share)
        with localcontext() as context:
            context.prec = 50
            r, full, less = 1 / Decimal(alpha), Decimal(mu), Decimal(reduced)
            gain = counts * (full / less).ln() - (counts + r) * ((full + r) / (less + r)).ln()
        found = likelihood_ratio(np.array([[counts]]), np.array([[mu]]), np.array([[reduced]]), np.array([alpha]))
        assert found[0] == pytest.approx(float(2 * gain), rel=1e-8, abs=1e-7), share


def test_a_climb_among_a_billion_reads_comes_to_rest():
    """With a mean for each of two groups and equal depths, the top is the mean of each, but for the faint prior."""
    random = np.random.default_rng(1)
    counts = np.round(10 ** random.uniform(8, 9.5, (200, 8)))
    design = np.repeat(np.eye(2), 4, axis=0)
    start = np.log(counts).min(axis=1) * np.ones((2, 1))
    beta, _, converged = descend(start, counts, gram_of(design), np.full(200, 2.0), np.zeros(8), normal_prior(1e-9))
    assert converged.all()
    expected = np.log([counts[:, :4].mean(axis=1), counts[:, 4:].mean(axis=1)])
    np.testing.assert_allclose(beta, expected, atol=1e-5)


class Plateau:
    """A log-posterior that is flat but for rounding."""

    def __init__(self, noise):
        self.noise = np.asarray(noise)

    def __len__(self):
        return len(self.noise)

    def take(self, rows):
        return Plateau(self.noise[rows])

    def __call__(self, log_alpha, needed=None):
        return self.noise * np.sin(1e6 * log_alpha), np.zeros(len(log_alpha))


def test_of_a_plateau_the_lowest_point_of_the_grid():
    """A billion reads leave a value good to 1e-7: the grid's lowest point is one step below the lower bound."""
    low, high = -18.0, 2.0
    found = scan(Plateau([1e-7, 1e-11]), (low, high), to_grid=True, largest=np.array([1e9, 100.0]))
    np.testing.assert_allclose(found, low - (high - low) / 19)


@pytest.mark.parametrize("seed", [5, 71, 78])  # of 200, those where rounding left a1 above 0
def test_dispersions_that_are_all_alike_have_no_trend(seed):
    """a1 is 0, which is not positive."""
    inverse_means = 10 ** np.random.default_rng(seed).uniform(-5, 0.5, 20)
    assert fit_trend(inverse_means, np.full(20, 12.0)) is None


def enormous(random: np.random.Generator, n: int) -> np.ndarray:
    means, alpha = 10 ** random.uniform(6, 9, (60, 1)), 10 ** random.uniform(-3, 0.3, (60, 1))
    return random.poisson(random.gamma(1 / alpha, alpha * means, (60, n)))


def few(random: np.random.Generator, n: int) -> np.ndarray:
    means = np.exp(random.normal(4, 2, (3, 1)))
    return random.negative_binomial(5, 5 / (5 + means), (3, n)) + 1


def answers(counts: np.ndarray, factors: np.ndarray) -> pd.DataFrame:
    n = counts.shape[1]
    names = [f"s{j}" for j in range(n)]
    table = pd.DataFrame(counts, [f"f{i}" for i in range(len(counts))], names)
    sheet = pd.DataFrame({"group": list("ab" * (n // 2)), "batch": list("xxyy" * (n // 4))}, names)
    contrast = Contrast(variable="group", level="b", reference="a", blocking=["batch"])
    design = contrast_design(sheet, contrast, [], "here")
    given_factors = SizeFactors(pd.Series(factors, names), {"all": "column"}, {"all": None})
    found = fit(table, design, Thresholds(), factors=given_factors, details=True)
    assert set(found.facts["n_fallbacks"].values()) <= {0}
    return found.results.set_index("feature")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "n"), [(enormous, 8), (few, 8), (few, 4)])
@pytest.mark.parametrize("seed", range(8))
def test_last_digits_of_size_factors(kind, n, seed):
    """Where a search ends, and which dispersion is far above a trend that runs through it, is the same."""
    random = np.random.default_rng(seed)
    counts = kind(random, n)
    one = answers(counts, np.ones(n))
    other = answers(counts, 1 + EPSILON * random.normal(size=n))
    assert one[["status", "call"]].equals(other[["status", "call"]])
    for column in ("dispersion", "lfcSE"):
        np.testing.assert_allclose(other[column], one[column], rtol=1e-7, err_msg=column)
    within = 1e-6 * one["lfcSE"].max()
    np.testing.assert_allclose(other["log2FoldChange"], one["log2FoldChange"], rtol=1e-7, atol=within)
