"""TMM factors against edgeR 3.40.2 (R 4.2.2): `calcNormFactors` of tables that both languages make from one formula."""

import numpy as np
import pytest

from mircargo.model.normalisation.tmm import tmm_factors, tmm_size_factors

I = np.arange(1, 61)[:, None]  # noqa: E741 - the formulas read as in R


def dense() -> np.ndarray:
    j = np.arange(1, 6)
    return (I * I * (j + 3) + 7 * I * j) % 97 * (1 + I % 4) + (I % 7 == 0) * 500 * j


def sparse() -> np.ndarray:
    """Three of four samples have no reads in three quarters of the features."""
    j = np.arange(1, 5)
    return np.where(((I * j) % 9 == 0) | (I <= 6), I + 2 * j * j, 0)


BY_EDGER = [
    (dense(), [1.3112773442630592, 0.8712134021945022, 0.9628467977542465, 0.9296448028486818, 0.9779274989529412]),
    (sparse(), [1.1203118805013015, 1.2250195879075667, 0.5255367153153475, 1.3864843220523693]),
    (
        np.array([[4, 4, 8], [1, 2, 9], [0, 0, 0], [5, 2, 1]]),
        [0.9933207726954889, 1.0041611095019061, 1.0025524090044546],
    ),
    (np.diag([4, 3, 3, 3, 3]) + np.eye(1, 5).T * [0, 1, 1, 1, 1], [3.0314331330207964] + [0.7578582832551991] * 4),
    (np.array([[5, 0], [0, 3]]), [1, 1]),
    (np.array([[5, 5], [3, 3]]), [1, 1]),
]


@pytest.mark.parametrize(("counts", "expected"), BY_EDGER)
def test_same_factors_as_edger(counts, expected):
    assert tmm_factors(counts) == pytest.approx(expected, rel=1e-12)


def test_one_feature_that_takes_over_changes_no_other_feature():
    quiet = np.random.default_rng(1).poisson(200, (300, 1)) * np.ones(4)
    counts = np.vstack([quiet, [2e4, 2e4, 2e5, 2e5]])
    normalised = counts / tmm_size_factors(counts)
    assert normalised[:300] == pytest.approx(np.broadcast_to(normalised[:300, :1], (300, 4)))
    by_total = counts / counts.sum(axis=0)
    assert by_total[0, 0] / by_total[0, 3] > 3


def test_size_factors_are_effective_library_sizes_with_geometric_mean_1():
    factors = tmm_size_factors(dense())
    effective = dense().sum(axis=0) * BY_EDGER[0][1]
    assert np.log(factors).mean() == pytest.approx(0, abs=1e-12)
    assert factors / factors[0] == pytest.approx(effective / effective[0])


def test_a_sample_without_reads_is_refused():
    with pytest.raises(ValueError, match="without any read"):
        tmm_factors(np.array([[3, 0], [4, 0]]))
