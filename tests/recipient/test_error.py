"""What shifts vary by beyond the scatter of genes: between samples by hand, between families as planted."""

from dataclasses import replace

import numpy as np
import pytest
from made import dozen, make

from mircargo.recipient.error import error_between_samples, variance_between_families
from mircargo.recipient.response import Replicates


def residuals(**genes):
    found = np.zeros((12, 4))
    for name, value in genes.items():
        found[int(name[1:])] = np.array([1, -1, 0, 0]) * value
    return found


@pytest.mark.parametrize(
    ("genes", "expected"),
    [
        # The weighted sum of residuals is 1, -1: its variance 1 (2 / 2); without correlation 1/16 + 1/4 + 1/16.
        ({"g0": 1, "g1": 1, "g2": 1}, 1 - 0.375),
        # Targets against each other: the sum is 0.
        ({"g0": 1, "g1": -1, "g2": 1}, -0.375),
        # Targets and all genes matched with them move alike: the sum is 0; controls have 2 (1/64 + 9/64) in addition.
        ({f"g{number}": 1 for number in range(7)}, -0.375 - 0.3125),
        # One gene cannot vary together with others.
        ({"g1": 3}, 0),
    ],
)
def test_error_between_samples_by_hand(genes, expected):
    found = error_between_samples(dozen(residuals(**genes)))
    assert found.between_samples == pytest.approx([expected])
    assert found.df == 2


def test_error_between_samples_scales_with_the_contrast():
    found = error_between_samples(dozen(residuals(g0=1, g1=1, g2=1), df=4, scale=0.5))
    assert found.between_samples == pytest.approx([0.625 / 4])
    assert found.df == 4


def test_without_replicates_nothing_is_added():
    found = error_between_samples(dozen())
    assert found.between_samples.tolist() == [0]
    assert np.isinf(found.df)


def test_a_family_that_varies_together_has_the_larger_error():
    made = make(4, families=20)
    compared = made.compared()
    shared = made.residuals.copy()
    targets = compared.matched[3].targets
    shared[targets] += np.array([1, -1, 0.5, -0.5, 0.7, -0.7]) * 0.2
    response = replace(compared.response, replicates=Replicates(shared, 4, 2 / 3))
    found = error_between_samples(replace(compared, response=response))
    own = found.between_samples[3]
    # By hand: the sum has the variance 0.04 x 3.48 / 4 x 2/3 in addition. What is borrowed draws it towards the others.
    planted = 0.04 * (2 * (1 + 0.25 + 0.49)) / 4 * 2 / 3
    assert planted / 3 < own < planted * 1.2
    others = np.delete(found.between_samples, 3)
    assert own > 4 * np.abs(others).max()
    assert 4 <= found.df <= 8


def many_draws(between, acting=0, n=60, draws=300, preset=0.0):
    rng = np.random.default_rng(8)
    variances = rng.uniform(0.01, 0.03, n) ** 2
    found = []
    for _ in range(draws):
        shifts = rng.normal(0, np.sqrt(variances + between))
        shifts[:acting] -= 0.3
        found.append((variance_between_families(shifts, variances, preset)[0], shifts.var()))
    return np.mean(found, axis=0)


@pytest.mark.parametrize("between", [0.02**2, 0.05**2])
def test_variance_between_families_is_as_planted(between):
    # The preset value counts as 2 families of 62.
    assert many_draws(between)[0] == pytest.approx(between * 60 / 62, rel=0.05)
    expected = (60 * between + 2 * 0.01) / 62
    assert many_draws(between, preset=0.01)[0] == pytest.approx(expected, rel=0.05)


def test_three_families_that_act_raise_the_variance_between_families_little():
    robust, plain = many_draws(0.03**2, acting=3)
    assert robust < 1.6 * 0.03**2
    assert plain > 5 * 0.03**2


@pytest.mark.parametrize(("n", "acting"), [(60, 20), (12, 4)])
def test_many_families_that_act_do_not_hide_each_other(n, acting):
    robust = many_draws(0.03**2, acting=acting, n=n)[0]
    # Each acts by ten times the standard deviation of an idle one.
    assert robust < 3 * 0.03**2


def test_without_other_families_the_preset_variance_is_taken():
    assert variance_between_families(np.array([]), np.array([]), 0.007) == (0.007, 2)
