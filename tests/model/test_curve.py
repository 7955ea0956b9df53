"""The polynomials that stand for the likelihood of a dispersion say what it says, or that they do not know."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from mircargo.model.batched import BatchedDataSet, dataset
from mircargo.model.batched.arrow import gram_of
from mircargo.model.batched.curve import HALF, Curve, unknown
from mircargo.model.batched.dispersion import NearPosterior, Pieces, Posterior, Prior, search
from mircargo.model.batched.likelihood import Likelihood

N_SAMPLES = 160
DESIGN = np.column_stack([np.ones(N_SAMPLES), np.arange(N_SAMPLES) % 2, np.linspace(-1, 1, N_SAMPLES)])


def table(n_features: int = 90, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return counts and means, features x samples, and dispersions; from a few reads to hundreds of thousands."""
    rng = np.random.default_rng(seed)
    means = np.exp(rng.normal(4, 3, n_features))
    alpha = (0.1 + 2 / means) * np.exp(rng.normal(0, 0.5, n_features))
    mu = np.maximum(means[:, None] * np.exp(rng.normal(0, 0.3, N_SAMPLES)), 0.5)
    return rng.negative_binomial(1 / alpha[:, None], 1 / (1 + alpha[:, None] * mu)).astype(float), mu, alpha


def test_differences_are_those_of_the_density():
    counts, mu, alpha = table()
    curve = Curve.around(Posterior(Likelihood(counts, mu)), np.log(alpha))

    def density(log_alpha):
        r = np.exp(-log_alpha)[:, None]
        return nbinom.logpmf(counts, r, r / (r + mu)).sum(axis=1)

    def value(log_alpha):
        return curve(log_alpha)[0]

    one, other = np.log(alpha) - 0.9 * HALF, np.log(alpha) + 0.4 * HALF
    # What scipy's sums of a logarithm of the gamma function are good to, where counts are large.
    np.testing.assert_allclose(value(one) - value(other), density(one) - density(other), rtol=1e-6, atol=1e-7)
    assert (curve(one)[2] == 0).all()
    assert (curve(other)[2] == 0).all()


def test_beyond_their_range_the_error_is_below_what_they_say():
    counts, mu, alpha = table()
    exact = Posterior(Likelihood(counts, mu), gram_of(DESIGN))
    curve = Curve.around(exact, np.log(alpha))
    for away in (-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0):
        value, _, wrong = curve(np.log(alpha) + away)
        true = exact(np.log(alpha) + away)[0]
        assert (wrong > 0).all()
        assert (np.abs(value - true) <= wrong).all()
        assert np.isinf(wrong).all() == (abs(away) > 0.75 * np.pi)


def test_what_is_no_polynomial_is_not_taken_for_one():
    alpha = table(4)[2]

    def kinked(log_alpha):
        return np.abs(log_alpha - np.log(alpha) - 0.1), np.sign(log_alpha - np.log(alpha) - 0.1)

    assert np.isinf(Curve.around(kinked, np.log(alpha))(np.log(alpha))[2]).all()
    assert np.isinf(unknown(4)(np.log(alpha))[2]).all()


@pytest.mark.parametrize("prior", [False, True])
@pytest.mark.parametrize(("start", "share"), [(0.02, 0.3), (0.6, 0.6), (4.0, 0.6)])
def test_a_search_ends_where_it_ends_without_them(prior, start, share):
    """Starts near the top, outside the range of the polynomials around it, and so far off that they are of no use."""
    counts, mu, alpha = table()
    gram, asked = gram_of(DESIGN), []
    normal = Prior(np.log(alpha) - 1, 0.5) if prior else None
    exact = Posterior(Likelihood(counts, mu), gram, normal)
    curve = Curve.around(Posterior(Likelihood(counts, mu), gram), np.log(alpha))

    class Counted(Pieces):
        def of(self, rows):
            asked.append(len(rows))
            return super().of(rows)

    def piece(place: slice) -> Posterior:
        return exact.take(np.arange(len(alpha))[place])

    expected = search(exact, np.log(alpha) + start)
    found = search(
        NearPosterior(curve, normal, Counted(piece, len(alpha), 7), np.arange(len(alpha))), np.log(alpha) + start
    )
    np.testing.assert_array_equal(found.steps, expected.steps)
    np.testing.assert_allclose(found.log_alpha, expected.log_alpha, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.end, expected.end, rtol=1e-12)
    assert sum(asked) < share * expected.steps.sum(), "most steps are taken without the likelihood"


def test_a_fit_of_many_samples_is_the_fit_without_them(monkeypatch):
    counts, _, _ = table(60, seed=8)
    counts[:5] = np.random.default_rng(1).poisson(50, (5, N_SAMPLES))  # no overdispersion: the search runs to the floor
    names = [f"s{i}" for i in range(N_SAMPLES)]
    design = pd.DataFrame(DESIGN, names, ["Intercept", "group", "age"])
    given = pd.DataFrame(counts.T.astype(int), names, [f"f{i}" for i in range(60)]).loc[:, counts.any(axis=1)]

    def fitted() -> BatchedDataSet:
        return BatchedDataSet(given, design, np.ones(N_SAMPLES)).fit()

    near = fitted()
    monkeypatch.setattr(dataset, "MANY_SAMPLES", N_SAMPLES + 1)
    exact = fitted()
    assert near._curves is not None
    assert exact._curves is None
    for name in ("genewise_dispersions", "dispersions"):
        np.testing.assert_allclose(near.var[name], exact.var[name], rtol=1e-9)
    np.testing.assert_allclose(near.varm["LFC"], exact.varm["LFC"], rtol=1e-8, atol=1e-9)
