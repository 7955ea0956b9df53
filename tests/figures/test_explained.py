"""What columns of the sheet explain, by regression on every principal component."""

import numpy as np
import pandas as pd
import pytest
from made_samples import study

from mircargo.figures.explained import as_text, explained


def by_regression(counts: pd.DataFrame, design: np.ndarray) -> float:
    """Regress each component on the columns of a design with intercept; weigh R2 by the component's variance."""
    log = np.log2(counts.to_numpy() + 1.0)
    _, singular, right = np.linalg.svd(log - log.mean(axis=1, keepdims=True), full_matrices=False)
    kept = singular > 1e-9
    fitted = design @ np.linalg.lstsq(design, right[kept].T, rcond=None)[0]
    # Components are of length 1 and mean 0.
    return float((singular[kept] ** 2 * (fitted**2).sum(axis=0)).sum() / (singular**2).sum())


def test_shares_against_regression_on_all_components():
    counts, sheet = study(30, 9)
    sheet["age"] = ["1", "2.5", "3", "4", "5", "6", "7", "11", "9"]
    sheet["constant"], sheet["subject"] = "x", list("abcdefghi")
    table = explained(counts, sheet).set_index("column")
    # One level, or one for each sample, explains nothing or everything.
    assert set(table.index) == {"group", "fraction", "age"}
    assert table["share"].is_monotonic_decreasing
    ones = np.ones((9, 1))
    groups = np.hstack([ones, pd.get_dummies(sheet["group"], dtype=float).to_numpy()[:, 1:]])
    assert table.loc["group", "share"] == pytest.approx(by_regression(counts, groups))
    line = np.hstack([ones, sheet[["age"]].to_numpy(float)])
    assert table.loc["age", "share"] == pytest.approx(by_regression(counts, line))
    assert table["by_chance"].to_dict() == {"group": 1 / 8, "fraction": 1 / 8, "age": 1 / 8}


def test_by_chance_is_the_mean_over_random_orders():
    rng = np.random.default_rng(5)
    counts, _ = study(50, 10, seed=2)
    levels = list("aaabbbcccc")
    shares = [
        explained(counts, pd.DataFrame({"batch": rng.permutation(levels)}, index=counts.columns))["share"].iloc[0]
        for _ in range(400)
    ]
    # 2 degrees of freedom of 9
    assert np.mean(shares) == pytest.approx(2 / 9, abs=0.01)


def test_samples_without_a_value_are_left_out():
    counts, sheet = study(30, 8)
    sheet["batch"] = [None, "a", "a", "a", "b", "b", "b", None]
    alone = explained(counts[counts.columns[1:7]], sheet.iloc[1:7][["batch"]])
    found = explained(counts, sheet[["batch"]])
    pd.testing.assert_frame_equal(found, alone)
    assert as_text(found) == f"batch {found['share'].iloc[0]:.3g}"
    assert explained(counts[["s0"]], sheet.loc[["s0"], ["batch"]]).empty
