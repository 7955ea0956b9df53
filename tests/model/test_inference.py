import numpy as np
import pytest

from mircargo.model.batched.trend import fit_trend
from studies import oracle


@pytest.mark.parametrize("name", ["microglia_interaction_lps", "joint_day7_naive", "microglia_evs_lps_min30"])
def test_trend_through_r_s_dispersions_is_r_s_trend(shared, name):
    table = oracle(shared, f"{name}.dispersions").dropna(subset=["dispGeneEst"])
    coefficients = fit_trend(1 / table["baseMean"].to_numpy(), table["dispGeneEst"].to_numpy())
    trend = coefficients[0] + coefficients[1] / table["baseMean"]
    assert trend.to_numpy() == pytest.approx(table["dispFit"].to_numpy(), rel=1e-3)


def test_planted_trend_is_found_again_beside_features_at_the_floor():
    generator = np.random.default_rng(1)
    means = np.exp(generator.normal(4, 2, 4000))
    dispersions = (0.05 + 3 / means) * generator.gamma(20, 1 / 20, 4000)
    dispersions[::2] = 1e-8
    assert fit_trend(1 / means, dispersions) == pytest.approx([0.05, 3], rel=0.05)


def test_no_trend_where_dispersion_grows_with_the_mean():
    means = np.linspace(1, 100, 50)
    assert fit_trend(1 / means, 0.001 * means) is None
