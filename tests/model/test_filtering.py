"""Adjusted p-values and independent filtering; against R's own they are tested in test_against_r."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from mircargo.model import filtering
from mircargo.model.filtering import adjust, independent_filter

P_VALUES = st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), min_size=1, max_size=60).map(np.array)


@given(P_VALUES)
def test_adjusted_as_statsmodels_over_the_p_values_that_are_there(p_values):
    adjusted, there = adjust(p_values), np.isfinite(p_values)
    assert (np.isnan(adjusted) == ~there).all()
    if there.any():
        expected = multipletests(p_values[there], method="fdr_bh")[1]
        assert adjusted[there] == pytest.approx(expected, rel=1e-12)


def test_adjusted_by_hand():
    # 0.01 * 4 / 1, then 0.02 * 4 / 2 and 0.03 * 4 / 3 (the same), 0.8; the missing one does not count
    assert adjust(np.array([0.8, 0.01, np.nan, 0.03, 0.02])) == pytest.approx(
        [0.8, 0.04, np.nan, 0.04, 0.04], nan_ok=True
    )


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.2))
def test_filter_keeps_order_and_tells_what_it_leaves_out(seed, alpha):
    generator = np.random.default_rng(seed)
    means = np.exp(generator.normal(4, 2, 300)) * (generator.random(300) > 0.1)
    p_values = generator.random(300) ** (1 + 3 * (means > 50))
    p_values[generator.random(300) < 0.05] = np.nan
    adjusted, cutoff = independent_filter(means, p_values, alpha)
    used = (means >= cutoff) & np.isfinite(p_values)
    assert (np.isfinite(adjusted) == used).all()
    assert adjusted[used] == pytest.approx(multipletests(p_values[used], method="fdr_bh")[1], rel=1e-12)
    assert (np.diff(adjusted[used][np.argsort(p_values[used])]) >= 0).all()


def test_features_of_few_reads_are_left_out_where_that_brings_calls():
    generator = np.random.default_rng(5)
    means = np.concatenate([np.linspace(1, 10, 1500), np.linspace(100, 1000, 500)])
    p_values = generator.random(2000)
    p_values[1600:1750] = generator.random(150) * 0.02
    adjusted, cutoff = independent_filter(means, p_values, 0.1)
    calls, plain = (np.nansum(each < 0.1) for each in (adjusted, adjust(p_values)))
    assert calls > plain + 20
    assert np.isnan(adjusted[:1000]).all()
    assert np.isfinite(adjusted[1600:]).all()
    assert 5 < cutoff <= 100


@pytest.mark.parametrize(("n_calls", "filtered"), [(10, False), (11, True)])
def test_ten_calls_are_too_few_to_filter_by(n_calls, filtered):
    # The calls stand among the largest means; with every cutoff they are the same ones.
    means, p_values = np.arange(1.0, 401.0), np.full(400, 0.9)
    p_values[-n_calls:] = 1e-12
    p_values[-n_calls - 20 : -n_calls] = np.linspace(0.001, 0.02, 20) if filtered else 0.9
    adjusted, cutoff = independent_filter(means, p_values, 0.05)
    assert np.isnan(adjusted).any() == filtered
    assert (cutoff > 1) == filtered


BY_R = np.loadtxt(Path(__file__).parent / "by_r" / "lowess.tsv", delimiter="\t")


@pytest.mark.parametrize("row", BY_R)
def test_smoothed_as_by_r_and_the_same_cutoff(row):
    """Plateaus have no residuals but rounding; another lowess goes on with that, and each processor ends elsewhere."""
    shares, calls, curve = np.linspace(row[0], 0.95, 50), row[2:52], row[52:]
    np.testing.assert_allclose(filtering.lowess(shares, calls), curve, rtol=1e-9, atol=1e-9)
    assert filtering._cutoff_index(shares, calls) == row[1]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", ["line", "plateaus", "walk"])
def test_rounding_decides_no_cutoff(seed, kind):
    random = np.random.default_rng(seed)
    calls = {
        "line": 100 - np.arange(50) * random.integers(0, 3),
        "plateaus": np.repeat(random.integers(0, 40, 5), 10),
        "walk": np.abs(np.cumsum(random.integers(-2, 3, 50))),
    }[kind].astype(float)
    shares = np.linspace(random.uniform(0, 0.5), 0.95, 50)
    found = {filtering._cutoff_index(shares * (1 + 1e-15 * random.normal(size=50)), calls) for _ in range(20)}
    assert len(found) == 1
