"""The pieces of the batched inference, each against a slow and plain computation of the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import log_likelihood, table_with_outliers, two_groups
from scipy.stats import nbinom

from mircargo.model.batched import BatchedDataSet, BatchedInference
from mircargo.model.batched.coefficients import _deviance, _deviance_of_abundant
from mircargo.model.batched.gram import Gram
from mircargo.model.batched.likelihood import Likelihood

COUNTS = st.one_of(st.integers(0, 60), st.integers(0, 10**6))
LOG_ALPHAS = st.floats(np.log(1e-8), np.log(1e3))


@st.composite
def features(draw):
    """Draw the counts of one feature, and means that may lie far from them."""
    counts = np.array([draw(st.lists(COUNTS, min_size=2, max_size=12))], dtype=float)
    away = draw(st.lists(st.floats(-3, 3), min_size=counts.size, max_size=counts.size))
    return counts, np.maximum((counts + 0.5) * np.exp(away), 0.5)


@given(features(), LOG_ALPHAS, LOG_ALPHAS)
def test_likelihood_differs_between_dispersions_as_scipy_s(feature, one, other):
    counts, mu = feature
    likelihood = Likelihood(counts, mu)
    found = likelihood(np.array([one]))[0][0] - likelihood(np.array([other]))[0][0]
    expected = [log_likelihood(counts, mu, np.exp([each]))[0] for each in (one, other)]
    # SciPy's logarithms of gamma functions lose digits where 1 / alpha is large.
    lost = 1e-15 * counts.size * sum(np.exp(-each) * (1 + abs(each)) for each in (one, other))
    allowed = 1e-9 * (1 + max(map(abs, expected))) + 10 * lost
    assert found == pytest.approx(expected[0] - expected[1], abs=allowed)


@given(features(), LOG_ALPHAS)
def test_slope_of_the_likelihood_is_what_differences_give(feature, log_alpha):
    likelihood, step = Likelihood(*feature), 1e-4
    value, slope, weights = likelihood(np.array([log_alpha]))
    up, down = (likelihood(np.array([log_alpha + way * step]))[0][0] for way in (1, -1))
    allowed = 1e-6 * (1 + abs(slope[0])) + 1e-11 * (1 + abs(value[0])) / step
    assert slope[0] == pytest.approx((up - down) / (2 * step), abs=allowed)
    mu = feature[1]
    assert weights == pytest.approx(mu / (1 + np.exp(log_alpha) * mu), rel=1e-12)


@st.composite
def designs(draw):
    """Draw a design of full rank: groups, anything, or anything several times; and weights of five features."""
    p, more, kind = draw(st.integers(1, 6)), draw(st.integers(1, 7)), draw(st.sampled_from(["groups", "any", "few"]))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if kind == "groups":
        members = np.concatenate([np.arange(p), generator.integers(0, p, more)])
        design = np.column_stack([np.ones(p + more), np.eye(p)[members][:, 1:]])
    elif kind == "few":
        design = generator.normal(size=(p + 1, p))[
            np.concatenate([np.arange(p + 1), generator.integers(0, p + 1, p + more)])
        ]
    else:
        design = generator.normal(size=(p + more, p))
    n = len(design)
    return design, np.exp(generator.normal(0, 2, (5, n))), generator.normal(size=(5, n))


@given(designs())
def test_gram_as_numpy_one_feature_at_a_time(drawn):
    design, weights, change = drawn
    gram, p = Gram(design), design.shape[1]
    entries = gram(weights, 0.01)
    factor = gram.cholesky(entries)
    inverse, right = gram.inverse(factor), change[:, :p].T
    solved, product = gram.solve(factor, right), gram.multiply(entries, right)
    leverage, (determinant, trace) = gram.leverage(inverse, weights), gram.log_determinant(weights, change)
    for k, (w, v) in enumerate(zip(weights, change, strict=True)):
        plain = design.T @ np.diag(w) @ design
        a = plain + 0.01 * np.eye(p)
        close = 1e-9 * np.linalg.cond(plain)
        assert entries[:, k] == pytest.approx(a[np.tril_indices(p)], rel=1e-10, abs=1e-12)
        assert factor[:, k] == pytest.approx(np.linalg.cholesky(a)[np.tril_indices(p)], rel=close, abs=close)
        np.testing.assert_allclose(inverse[:, k], np.linalg.inv(a)[np.tril_indices(p)], rtol=close, atol=close)
        np.testing.assert_allclose(solved[:, k], np.linalg.solve(a, right[:, k]), rtol=close, atol=close)
        assert product[:, k] == pytest.approx(a @ right[:, k], rel=1e-9, abs=1e-9)
        assert gram.right_side(change)[:, k] == pytest.approx(design.T @ v, rel=1e-9, abs=1e-9)
        root = np.sqrt(w)[:, None] * design
        np.testing.assert_allclose(leverage[k], np.diag(root @ np.linalg.inv(a) @ root.T), rtol=close, atol=close)
        assert determinant[k] == pytest.approx(np.linalg.slogdet(plain)[1], rel=1e-9, abs=close)
        expected = np.trace(np.linalg.solve(plain, design.T @ np.diag(v) @ design))
        assert trace[k] == pytest.approx(expected, rel=close, abs=close * 10)


def test_both_deviances_are_twice_what_log_densities_lack():
    rng = np.random.default_rng(3)
    counts = np.array([[0, 1, 5, 40, 1000, 30_000]] * 4)
    mu = np.maximum(counts * rng.uniform(0.2, 5, counts.shape), 0.6)
    r = np.array([0.2, 3.0, 50.0, 1e4])[:, None]
    densities = [np.asarray(nbinom.logpmf(counts, r, r / (r + each))) for each in (counts, mu)]
    expected = 2 * (densities[0] - densities[1]).sum(axis=1)
    assert _deviance_of_abundant(counts, mu, r) == pytest.approx(expected, rel=1e-9)
    space = np.empty(mu.shape), np.empty(mu.shape)
    assert _deviance(counts.astype(float), mu, counts - mu, r, space) == pytest.approx(expected, rel=1e-9)


def test_what_has_no_factor_is_missing():
    gram = Gram(np.eye(2))
    assert np.isnan(gram.cholesky(np.array([[1.0], [2.0], [1.0]]))).any()  # determinant 1 - 4


def fitted(counts, design, **inference):
    matrix = design.matrix.loc[counts.columns]
    return BatchedDataSet(
        counts.T, matrix, np.linspace(0.8, 1.3, 16)[matrix.index.str[1:].astype(int)], BatchedInference(**inference)
    ).fit()


@given(st.permutations(range(150)), st.permutations(range(16)), st.integers(1, 3000))
@settings(max_examples=5)
def test_order_and_chunks_make_no_difference(features, samples, chunk):
    counts = table_with_outliers()
    design = two_groups(counts, 8)
    plain, other = fitted(counts, design), fitted(counts.iloc[features, samples], design, chunk=chunk)
    for key in ("genewise_dispersions", "MAP_dispersions", "dispersions", "refitted"):
        gap = (
            1e-4 if key != "refitted" else 0
        )  # a search ends at gains under 1e-6, and rounding may end it a step sooner
        values = plain.var[key].to_numpy(dtype=float), other.var[key][plain.var_names].to_numpy(dtype=float)
        np.testing.assert_allclose(*values, rtol=gap, atol=1e-8 * (gap > 0))
    np.testing.assert_allclose(plain.varm["LFC"], other.varm["LFC"].loc[plain.var_names], rtol=1e-4, atol=1e-6)
