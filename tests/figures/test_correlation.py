"""Correlation of samples, against scipy."""

import numpy as np
import pandas as pd
import pytest
from made_samples import assert_names_apart, caption, study, within
from scipy.stats import spearmanr

from mircargo.figures import correlation


def test_correlation_against_scipy():
    counts, sheet = study(30, 5)
    counts.iloc[:4] = 0.0
    counts.iloc[4, 1] = 0.0
    table = correlation.tabulate(counts, sheet[["group"]])
    expected = spearmanr(counts.iloc[4:]).statistic
    found = table.set_index(["sample", "other"])["rho"].to_numpy().reshape(5, 5)
    np.testing.assert_allclose(found, expected)
    assert set(table["n_features"]) == {26}
    assert sorted(set(table["order"])) == list(range(5))


@pytest.mark.parametrize(("samples", "prefix"), [(1, "s"), (2, "s"), (4, "s"), (100, "a_rather_long_sample_name_")])
def test_correlation_is_readable_with_few_and_with_many(samples, prefix):
    counts, sheet = study(50, samples, prefix=prefix)
    table = correlation.tabulate(counts, sheet[["group", "fraction"]])
    figure = correlation.plot(table)
    assert_names_apart(next(each for each in figure.axes if each.get_xticklabels()))  # strips have none


def test_correlation_puts_like_samples_together():
    rng = np.random.default_rng(1)
    kinds = rng.lognormal(4, 2, (80, 2))
    counts = pd.DataFrame({f"s{i}": kinds[:, i % 2] * rng.lognormal(0, 0.1, 80) for i in range(8)})
    sheet = pd.DataFrame({"kind": ["one", "two"] * 4}, index=counts.columns)
    order = correlation.tabulate(counts, sheet[["kind"]]).drop_duplicates("sample").sort_values("order")
    assert order["kind"].ne(order["kind"].shift()).sum() == 2


def test_an_empty_sample_has_no_correlation():
    counts, sheet = study(10, 3)
    counts["s1"] = 0.0
    table = correlation.tabulate(counts, sheet[["group"]]).set_index(["sample", "other"])["rho"]
    assert np.isnan(table["s0", "s1"])
    assert np.isfinite(table["s0", "s2"])
    correlation.plot(correlation.tabulate(counts, sheet[["group"]]))


def test_the_scale_is_that_of_pairs_and_a_sample_with_itself_is_no_pair():
    counts, sheet = study(300, 6)
    table = correlation.tabulate(counts, sheet[["group"]])
    matrix = correlation.plot(table).axes[1]
    pairs = table[table["order"] != table["other_order"]]
    low, high = matrix.collections[0].get_clim()
    assert low <= pairs["rho"].min()
    assert pairs["rho"].max() <= high < pairs["rho"].max() + 0.05 < 1
    assert high - low < np.ptp(pairs["rho"]) + 0.1
    written = pairs.sort_values(["order", "other_order"])["rho"]
    assert within(matrix) == [f"{rho:.2f}"[1:] for rho in written]


def test_many_samples_have_a_dendrogram_in_place_of_values():
    counts, sheet = study(60, 40)
    figure = correlation.plot(correlation.tabulate(counts, sheet[["group"]]))
    matrix = figure.axes[1]
    assert not within(matrix)
    [tree] = [axes.collections[0] for axes in matrix.child_axes]
    # 39 joins of 40 samples; the leaves stand in the middle of the rows.
    assert len(tree.get_segments()) == 39
    leaves = sorted(y for line in tree.get_segments() for x, y in line if x == 0)
    assert leaves == [i + 0.5 for i in range(40)]
    assert figure.get_size_inches()[0] <= 7.2
    assert "Left: which samples are most alike" in caption(figure)
