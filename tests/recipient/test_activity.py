"""Activity of families in samples: the numbers of decoupler, and least squares."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from mircargo.recipient.activity import activities, change_of_activity
from mircargo.recipient.sites import Sites

EXPRESSION = pd.DataFrame(
    {
        "a": [-0.65, -0.17, 1.66, 0.66, -1.64, -0.01, -0.62, 0.15, -1.61, 0.24, 0.24, 1.58],
        "b": [0.32, 0.51, -1.49, 2.25, -1.92, 1.10, -0.33, -0.88, -0.66, -0.67, 0.38, -0.11],
        "c": [1.48, -1.83, -0.00, -0.89, 0.78, -2.12, -0.34, 0.21, -1.48, 0.99, 0.18, 1.01],
        "d": [0.96, -0.98, -0.80, -0.20, 0.75, 0.85, -0.71, -0.61, -0.80, -0.58, -0.24, -0.13],
    }
)
# decoupler 2.2.0: dc.mt.ulm(table of samples x genes, net of weights -1, tmin=1)
DECOUPLER = {
    "A": [-0.80793657, 0.49347597, -0.67239079, -0.70970000],
    "B": [-1.39455078, -0.17905974, -0.11841185, 0.28380708],
}


def sites(**families):
    best = np.zeros((12, len(families)), dtype=np.int8)
    for column, targets in enumerate(families.values()):
        best[list(targets), column] = 4
    return Sites(list(families), best)


def test_activities_are_those_of_decoupler():
    found = activities(EXPRESSION, sites(A=(0, 2, 5, 7, 9), none=(), B=(1, 2, 3, 4, 10, 11), every=range(12)))
    expected = pd.DataFrame(DECOUPLER, index=list("abcd")).T.rename_axis("family")
    pd.testing.assert_frame_equal(found, expected, atol=1e-7)


def test_weak_sites_make_no_target_and_a_sample_without_scatter_has_no_activity():
    weak = sites(A=(0, 2, 5, 7, 9))
    weak.best[6, 0] = 1
    found = activities(EXPRESSION.assign(same=1.0), weak)
    assert found.loc["A", list("abcd")].to_numpy() == pytest.approx(DECOUPLER["A"], abs=1e-7)
    assert np.isnan(found.loc["A", "same"])


def test_change_of_activity_is_a_t_test_of_two_groups():
    activity = pd.DataFrame({"s1": [1.0, 0.0], "s2": [1.4, 0.2], "s3": [0.2, 0.1], "s4": [-0.3, 0.4], "s5": [0.0, 0.2]})
    design = np.column_stack([np.ones(5), [0, 0, 1, 1, 1]])
    found = change_of_activity(activity, design, np.array([0.0, 1.0]))
    expected = ttest_ind(activity.iloc[:, 2:], activity.iloc[:, :2], axis=1)
    assert found["activity_pvalue"].to_numpy() == pytest.approx(expected.pvalue)
    assert found["activity_change"].to_numpy() == pytest.approx([-0.1 / 3 - 1.2, 0.7 / 3 - 0.1])


def test_without_replicates_a_change_of_activity_has_no_pvalue():
    activity = pd.DataFrame({"s1": [1.0], "s2": [3.0]})
    found = change_of_activity(activity, np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0]))
    assert found["activity_change"].tolist() == pytest.approx([2.0])
    assert found["activity_pvalue"].isna().all()
