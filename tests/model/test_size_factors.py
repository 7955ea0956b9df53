import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mircargo.model.size_factors import size_factors
from mircargo.problems import ProblemsFound


def frame(values) -> pd.DataFrame:
    values = np.asarray(values)
    return pd.DataFrame(values, columns=[f"s{i}" for i in range(values.shape[1])])


def test_median_of_ratios_by_hand():
    # Geometric means of the complete rows: sqrt(8) and sqrt(18); the row with a zero takes no part.
    found = size_factors(frame([[2, 4], [3, 6], [0, 100]]))
    assert found.values.tolist() == pytest.approx([1 / np.sqrt(2), np.sqrt(2)])
    assert found.methods == {"all": "ratio"}
    assert found.n_features == {"all": 2}


def test_poscounts_by_hand_where_every_feature_has_a_zero():
    # Means of logs with zeros as log 1: log(4)/2 and log(16)/2, so ratios 4/2 and 16/4; then centred.
    found = size_factors(frame([[4, 0], [0, 16]]))
    assert found.values.tolist() == pytest.approx([1 / np.sqrt(2), np.sqrt(2)])
    assert found.methods == {"all": "poscounts"}


def test_empty_sample_is_refused_by_name():
    with pytest.raises(ProblemsFound, match="sample s1: a sample without any read"):
        size_factors(frame([[3, 0], [4, 0]]))


@given(arrays(int, (5, 6), elements=st.integers(1, 1000)), st.integers(2, 50))
def test_depth_of_one_fraction_leaves_the_other_alone(values, times):
    fraction = pd.Series(["drg"] * 3 + ["exosome"] * 3, index=[f"s{i}" for i in range(6)])
    deeper = values.copy()
    deeper[:, 3:] *= times
    one, other = (size_factors(frame(each), fraction).values for each in (values, deeper))
    assert one.to_numpy() == pytest.approx(other.to_numpy())
