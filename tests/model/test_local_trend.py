"""The local trend of dispersions, without R: what a local quadratic has to give, worked out in another way."""

import numpy as np
import pytest

from mircargo.model.batched.local_trend import FLOOR, fit_local_trend


def test_quadratic_is_its_own_local_fit_and_goes_on_as_a_line():
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(0, 6, 80))
    of_quadratic = np.polynomial.Polynomial([-1.0, -0.7, 0.05])
    trend = fit_local_trend(np.exp(x), np.exp(of_quadratic(x)))
    # Cubics between points of support have the value and the slope there: they give a quadratic back.
    everywhere = np.linspace(x[0], x[-1], 301)
    np.testing.assert_allclose(np.log(trend(np.exp(everywhere))), of_quadratic(everywhere), atol=1e-8)
    slope = of_quadratic.deriv()
    for end, step in ((x[0], -2.0), (x[-1], 3.0)):
        beyond = np.log(trend(np.exp([end + step])))
        np.testing.assert_allclose(beyond, of_quadratic(end) + step * slope(end), atol=1e-8)


def test_points_of_support_and_their_fits_by_hand():
    """Ten features a unit apart: neighbourhoods of seven reach 6 at the ends, 3.75 at a quarter, 3.5 in the middle."""
    x = np.arange(10.0)
    y = np.array([0.3, -0.2, 0.1, -0.9, -0.4, -1.2, -0.6, -1.9, -1.0, -1.6])
    trend = fit_local_trend(np.exp(x), np.exp(y))
    # 9 units are more than 0.8 of 6, 4.5 more than 0.8 of 3.5, and 2.25 less than either.
    assert trend.at.tolist() == [0.0, 2.25, 4.5, 6.75, 9.0]
    for point, value, slope, reach in zip(trend.at, trend.value, trend.slope, [6, 3.75, 3.5, 3.75, 6], strict=True):
        near = np.clip(1 - (np.abs(x - point) / reach) ** 3, 0, None) ** 3
        # polyfit wants the square roots of weights: of the kernel and of the mean.
        _, by_hand_slope, by_hand = np.polyfit(x - point, y, 2, w=np.sqrt(near * np.exp(x)))
        assert (value, slope) == pytest.approx((by_hand, by_hand_slope), abs=1e-9)


def test_features_at_the_floor_take_no_part():
    x = np.linspace(0, 5, 40)
    y = np.exp(-0.5 * x)
    alone = fit_local_trend(np.exp(x), y)
    low = np.full(10, FLOOR / 2)
    beside = fit_local_trend(np.exp(np.concatenate([x, np.linspace(1, 4, 10)])), np.concatenate([y, low]))
    np.testing.assert_array_equal(beside.value, alone.value)
    assert fit_local_trend(np.exp(x[:2]), y[:2]) is None
    # Three features of which two have one mean are too few for a quadratic.
    assert fit_local_trend(np.array([1.0, 1.0, 2.0]), np.array([0.1, 0.2, 0.3])) is None
