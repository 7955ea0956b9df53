"""Genes like the targets: where genes stand, the nearest of them, trends, and how alike they are."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist

from mircargo.recipient.matching import NEIGHBOURS, Matched, balance, match, places, without_trend


def test_places_are_normal_scores_and_a_gene_without_a_value_stands_apart():
    found = places(pd.DataFrame({"length": [10.0, np.nan, 1e6, 300.0], "gc": [0.4, 0.5, 0.6, 0.7]}))
    # Quantiles of the normal distribution at 1/6, 3/6 and 5/6, and at 1/8 to 7/8, from a printed table.
    assert found[:, 0] == pytest.approx([-0.9674, 0, 0.9674, 0], abs=1e-4)
    assert found[:, 1].tolist() == [0, 8, 0, 0]
    assert found[:, 2] == pytest.approx([-1.1503, -0.3186, 0.3186, 1.1503], abs=1e-4)
    assert not places(pd.DataFrame({"length": [np.nan] * 3})).any()


def test_matched_genes_are_the_nearest_by_brute_force():
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(300, 3))
    targets, pool = np.arange(0, 300, 7), np.arange(1, 300, 2)
    pool = np.setdiff1d(pool, targets)
    found = match(scores, targets, pool).neighbours
    expected = pool[np.argsort(cdist(scores[targets], scores[pool]), axis=1)[:, :NEIGHBOURS]]
    assert found.tolist() == expected.tolist()
    few = match(scores, targets, pool[:5])
    assert [sorted(row) for row in few.neighbours] == [sorted(pool[:5])] * len(targets)
    assert few.n_controls == 5


def test_a_cubic_trend_is_taken_out_whole_and_what_is_left_has_the_median_0():
    rng = np.random.default_rng(5)
    x, apart = rng.normal(size=400), np.where(rng.random(400) < 0.2, 8.0, 0.0)
    scores = np.column_stack([x, apart])
    trend = 0.3 - 0.5 * x + 0.2 * x**2 - 0.1 * x**3 + 0.04 * apart
    assert without_trend(trend, scores) == pytest.approx(np.zeros(400), abs=1e-10)
    spikes = np.where(np.arange(400) % 10 == 0, 1.0, 0.0)
    with_trend, alone = without_trend(trend + spikes, scores), without_trend(spikes, scores)
    assert with_trend == pytest.approx(alone, abs=1e-10)
    assert np.median(alone) == pytest.approx(0, abs=1e-12)
    assert alone[spikes == 1].mean() - alone[spikes == 0].mean() == pytest.approx(1, abs=0.1)


def test_balance_by_hand():
    covariates = pd.DataFrame({"length": [100.0, 300.0, 120.0, 280.0, 1000.0, np.nan]})
    matched = Matched(np.array([0, 1]), np.array([[2], [3]]))
    found = balance(covariates, matched, np.array([2, 3, 4, 5]), np.array([0.5, 0.5])).iloc[0]
    assert (found["targets"], found["matched"]) == (200, 200)
    assert found["all_others"] == pytest.approx(1400 / 3)
    # Ranks 1 4 2 3 5, with the standard deviation sqrt(2): means 2.5, of all others 10/3, of those matched 2.5.
    assert found["before"] == pytest.approx((2.5 - 10 / 3) / np.sqrt(2))
    assert found["after"] == pytest.approx(0)
