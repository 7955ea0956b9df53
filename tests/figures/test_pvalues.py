"""The histogram of p-values, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from made_samples import caption, legend, within

from mircargo.figures import pvalues


def p_table(values) -> pd.DataFrame:
    return pd.DataFrame({"pvalue": values})


def test_histogram_and_share_of_nulls_by_hand():
    values = [0.01, 0.02, 0.03, 0.04, 0.25, 0.3, 0.6, 1.0, np.nan]
    table = pvalues.tabulate(p_table(values), bins=4)
    assert table["n"].tolist() == [4, 2, 1, 1]
    assert set(table["n_tested"]) == {8}
    assert set(table["n_uniform"]) == {2.0}
    # Two of eight lie above one half, where half of the unchanged do: 2 / (8 * 0.5).
    assert set(table["null_share"]) == {0.5}
    assert set(table["n_null"]) == {1.0}
    assert pvalues.null_share(np.array([0.7, 0.8, 0.2])) == 1.0


def test_share_of_nulls_finds_what_was_planted():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.uniform(size=7000), rng.uniform(0, 1e-3, size=3000)])
    # Two standard errors of a share of 0.35 of 10,000, doubled as the share is.
    assert pvalues.null_share(values) == pytest.approx(0.7, abs=2 * 2 * (0.35 * 0.65 / 10_000) ** 0.5)


def test_no_p_value_is_said():
    figure = pvalues.plot(pvalues.tabulate(p_table([np.nan])))
    assert "No feature has a p-value." in within(figure.axes[0])[0]


def test_caption_tells_n_and_share():
    figure = pvalues.plot(pvalues.tabulate(p_table([0.01, 0.02, 0.03, 0.6])), note="Wald test.")
    assert "unchanged, estimated: 50%" in legend(figure.axes[0])
    assert "4 features tested" in caption(figure)
    assert caption(figure).endswith("Wald test.")
