"""Designs with many subjects: what the arrow of X'WX gives, NumPy gives for the whole matrix of one feature."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mircargo.model.batched import BatchedDataSet, inference
from mircargo.model.batched.arrow import FEWEST_APART, ArrowGram, columns_apart, gram_of
from mircargo.model.batched.gram import Gram
from mircargo.model.design.matrix import independent_columns


@st.composite
def subjects(draw, at_least=3):
    """Draw a design with subjects of one to three samples, some of them without a column, in no order."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_subjects, several = draw(st.integers(at_least, at_least + 6)), draw(st.booleans())
    subject = np.concatenate([np.repeat(np.arange(n_subjects), 2), np.repeat([0, n_subjects], draw(st.integers(1, 2)))])
    late = (np.arange(len(subject)) % 2).astype(float)
    columns = [np.ones(len(subject)), late, *(subject == each for each in range(1, n_subjects + 1))]
    if several:
        columns += [generator.normal(size=len(subject)), late * (generator.random(len(subject)) < 0.5)]
    design = np.column_stack(columns).astype(float)[generator.permutation(len(subject))]
    design = design[:, generator.permutation(design.shape[1])]
    return design[:, np.sort(independent_columns(design))]


@given(subjects(), st.integers(0, 2**32 - 1))
def test_arrow_as_numpy_one_feature_at_a_time(design, seed):
    generator = np.random.default_rng(seed)
    weights, change = np.exp(generator.normal(0, 2, (4, len(design)))), generator.normal(size=(4, len(design)))
    apart, p = columns_apart(design), design.shape[1]
    assert len(apart) >= 2
    assert ((design[:, apart] != 0).sum(axis=1) <= 1).all()
    gram = ArrowGram(design, apart)
    entries = gram(weights, 0.01)
    factor, right = gram.cholesky(entries), generator.normal(size=(p, 4))
    solved, product, inverse = gram.solve(factor, right), gram.multiply(entries, right), gram.inverse(factor)
    full, leverage, (determinant, trace) = (
        gram.full_inverse(factor), gram.leverage(inverse, weights), gram.log_determinant(weights, change)
    )  # fmt: skip
    for k, (w, v) in enumerate(zip(weights, change, strict=True)):
        plain = design.T @ (w[:, None] * design)
        a, close = plain + 0.01 * np.eye(p), 1e-10 * np.linalg.cond(plain)
        rebuilt = np.zeros((p, p))
        rebuilt[gram.row, gram.column] = rebuilt[gram.column, gram.row] = entries[:, k]
        np.testing.assert_allclose(rebuilt, a, rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(entries[gram.diagonal, k], np.diag(rebuilt))
        np.testing.assert_allclose(full[k], np.linalg.inv(a), rtol=close, atol=close)
        np.testing.assert_allclose(inverse[:, k], np.linalg.inv(a)[gram.row, gram.column], rtol=close, atol=close)
        np.testing.assert_allclose(solved[:, k], np.linalg.solve(a, right[:, k]), rtol=close, atol=close)
        np.testing.assert_allclose(product[:, k], a @ right[:, k], rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(gram.right_side(change)[:, k], design.T @ v, rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(gram.predictors(right)[k], design @ right[:, k], rtol=1e-10, atol=1e-10)
        root = np.sqrt(w)[:, None] * design
        np.testing.assert_allclose(leverage[k], np.diag(root @ np.linalg.inv(a) @ root.T), rtol=close, atol=close)
        assert determinant[k] == pytest.approx(np.linalg.slogdet(plain)[1], rel=1e-10, abs=close)
        expected = np.trace(np.linalg.solve(plain, design.T @ (v[:, None] * design)))
        assert trace[k] == pytest.approx(expected, rel=close, abs=close * 10)


def test_an_arrow_that_is_not_positive_definite_has_no_factor():
    # One column apart, one shared: [[1, 2], [2, 1]], whose determinant is 1 - 4.
    gram = ArrowGram(np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([0]))
    assert np.isnan(gram.cholesky(np.array([[1.0], [2.0], [1.0]]))).any()


def test_only_designs_of_many_subjects_are_arrows():
    def paired(n):
        subject = np.repeat(np.arange(n), 2)
        return np.column_stack([np.ones(2 * n), np.arange(2 * n) % 2, np.eye(n)[subject][:, 1:]])

    assert isinstance(gram_of(paired(FEWEST_APART)), Gram)  # the first subject has no column
    assert isinstance(gram_of(paired(FEWEST_APART + 1)), ArrowGram)
    assert isinstance(gram_of(np.random.default_rng(1).normal(size=(60, 20))), Gram)


@pytest.mark.filterwarnings("ignore:the dispersions have no trend", "ignore:no feature varies more")
@settings(max_examples=8, deadline=None)
@given(subjects(at_least=FEWEST_APART + 2), st.integers(0, 2**32 - 1))
def test_a_fit_is_that_of_the_whole_matrix(design, seed):
    generator = np.random.default_rng(seed)
    n, mean = len(design), np.exp(generator.normal(4, 2, 60))
    depths = np.exp(generator.normal(0, 0.3, n))
    effects = design @ generator.normal(0, 0.4, (design.shape[1], 60))
    expected = (mean * np.exp(effects)) * depths[:, None]
    alpha = 0.1 + 1 / mean
    counts = generator.poisson(generator.gamma(1 / alpha, expected * alpha))
    counts[generator.random(counts.shape) < 0.002] += 20_000  # outliers: Cook's distances and what replaces them
    counts = counts[:, counts.any(axis=0)]
    samples = [f"s{i}" for i in range(n)]
    table = pd.DataFrame(counts, samples, [f"f{i}" for i in range(counts.shape[1])])
    matrix = pd.DataFrame(design, samples, [f"c{i}" for i in range(design.shape[1])])
    arrow, whole = fit(table, matrix, depths), fit(table, matrix, depths, Gram)
    for one, other in zip(arrow, whole, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-8)


def fit(counts, design, depths, gram=None):
    """Fit, test the last coefficient and shrink it; with a class of products instead of the one that is chosen."""
    with pytest.MonkeyPatch.context() as patch:
        if gram is not None:
            patch.setattr(inference, "gram_of", gram)
        data = BatchedDataSet(counts, design, depths)
        data.fit()
        p = design.shape[1]
        beta, alpha = data.varm["LFC"].to_numpy(), data.var["dispersions"].to_numpy()
        mu, contrast = np.exp(beta @ design.to_numpy().T).T * depths[:, None], np.eye(p)[-1]
        tests = data.inference.wald_test(design.to_numpy(), alpha, beta, mu, 1e-6 * np.eye(p), contrast, 0.0)
        given_to_shrink = design.to_numpy(), data.X, 1 / alpha, np.log(depths), 15.0, 0.5, "L-BFGS-B", p - 1
        shrunken = [data.inference.lfc_shrink_nbinom_glm(*given_to_shrink, whole)[1] for whole in (True, False)]
        np.testing.assert_allclose(np.diagonal(shrunken[0], axis1=1, axis2=2), shrunken[1], rtol=1e-9)
        # A count that decides alone has a leverage of almost 1, and its distance is 0 / 0 but for rounding.
        leverage = data.obsm["_hat_diagonals"]
        distances = np.where(leverage < 1 - 1e-6, data.layers["cooks"], 0)
        return alpha, beta, *tests, data.obsm["_mu_LFC"], leverage, distances, data.cooks_outlier(), shrunken[0]
