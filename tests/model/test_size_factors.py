"""Size factors by hand, by R and by their properties, and tables that have none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from factories import as_text, problems_of
from mircargo.model.normalisation.size_factors import size_factors

MEDIANS = ["auto", "ratio", "poscounts"]  # TMM's reference and trimming hang on ties, which order breaks
# What R's DESeq2 1.38.3 (estimateSizeFactors) and edgeR 3.40.2 (library size times calcNormFactors, divided by the
# geometric mean) say of this table.
TABLE = pd.DataFrame(
    {
        "s1": [10, 80, 200, 7, 1000, 0],
        "s2": [20, 120, 7, 9, 3000, 0],
        "s3": [35, 80, 0, 4, 520, 0],
        "s4": [4, 31, 90, 2, 180, 1],
    },
    index=list("abcdef"),
)
BY_R = {
    ("ratio", None): [1.254310307962, 1.806415688761, 0.983288155738, 0.361282081596],
    ("poscounts", None): [1.372239119286, 1.716048623835, 0.982222502747, 0.432345293082],
    ("tmm", None): [1.151708936141, 1.765224875404, 1.116893101633, 0.440398281897],
    ("ratio", "acd"): [1.068686809462, 1.713711383473, 1.511351379870, 0.361282081596],
    ("ratio", "b"): [1.145273623012, 1.717910434519, 1.145273623012, 0.443793528917],
    ("poscounts", "acd"): [1.344654564284, 1.407216155206, 1.375579741793, 0.384187018367],
}


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


def test_totals_by_hand_within_fractions():
    # Totals of 5 and 110, and of 30 and 120: over sqrt(550), and over 60.
    counts = frame([[2, 4, 10, 100], [3, 6, 20, 20], [0, 100, 0, 0]])
    fraction = pd.Series(["drg", "drg", "exosome", "exosome"], index=counts.columns)
    found = size_factors(counts, fraction, method="total")
    assert found.values.tolist() == pytest.approx([5 / np.sqrt(550), 110 / np.sqrt(550), 0.5, 2.0])
    assert found.methods == {"drg": "total", "exosome": "total"}
    assert found.n_features == {"drg": 3, "exosome": 2}


@given(arrays(int, (5, 6), elements=st.integers(1, 1000)), st.integers(2, 50))
def test_depth_of_one_fraction_leaves_the_other_alone(values, times):
    fraction = pd.Series(["drg"] * 3 + ["exosome"] * 3, index=[f"s{i}" for i in range(6)])
    deeper = values.copy()
    deeper[:, 3:] *= times
    one, other = (size_factors(frame(each), fraction).values for each in (values, deeper))
    assert one.to_numpy() == pytest.approx(other.to_numpy())


@pytest.mark.parametrize(("method", "features"), BY_R)
def test_every_method_as_r_has_it(method, features):
    found = size_factors(TABLE, method=method, features=features)
    assert found.values.tolist() == pytest.approx(BY_R[method, features], rel=1e-11)
    assert found.methods == {"all": method}


ZEROS = frame(1 - np.eye(4, dtype=int))
ONE_IN_TWO = pd.Series(["ev", "ev", "cell", "cell"], ZEROS.columns)
REFUSED = {
    "no reads": (TABLE.assign(s2=0, s4=0), {}),
    "no such features": (TABLE, {"features": ["a", "z", "y"]}),
    "features without reads": (TABLE, {"features": ["f"]}),
    "a zero in each feature": (ZEROS, {"method": "ratio"}),
    "a zero in each feature of a fraction": (frame([[4, 0, 7, 7], [0, 16, 8, 8]]),
                                             {"fraction": ONE_IN_TWO, "method": "ratio"}),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_size_factors_that_cannot_be_found(case, snapshot):
    counts, how = REFUSED[case]
    assert as_text(problems_of(size_factors, counts, **how)) == snapshot


def test_samples_of_no_fraction_are_one():
    fraction = pd.Series(["a", "a", "b", None], index=ZEROS.columns)
    found = size_factors(ZEROS.assign(s0=1, s1=1), fraction, method="auto")
    assert found.methods == {"a": "ratio", "b": "ratio", "none": "ratio"}


def test_single_reads_count():
    # Ratios to geometric means: 1, 2 and 4 reads in one feature, the other has a zero.
    counts = pd.DataFrame([[1, 2, 4], [0, 1, 1]], columns=list("abc"))
    found = size_factors(counts)
    assert found.values.tolist() == pytest.approx([0.5, 1, 2])
    assert (found.methods, found.n_features) == ({"all": "ratio"}, {"all": 1})
    # By hand, logs of positive counts over the mean with zeros as 1: a: log 1/2; b: log 1, log 1; c: log 2, log 1.
    by_positive = size_factors(counts, method="poscounts")
    logs = np.array([-np.log(2), 0, np.log(2) / 2])
    assert by_positive.values.tolist() == pytest.approx(np.exp(logs - logs.mean()).tolist())
    assert by_positive.n_features == {"all": 2}


libraries = arrays(int, (8, 5), elements=st.integers(0, 400)).filter(lambda values: values.sum(axis=0).all())


@pytest.mark.parametrize("method", MEDIANS)
@given(values=libraries, data=st.data())
def test_order_of_samples_and_features_does_not_matter(method, values, data):
    table = frame(values + 1 if method == "ratio" else values)
    rows, columns = data.draw(st.permutations(range(8))), data.draw(st.permutations(range(5)))
    one = size_factors(table, method=method).values
    other = size_factors(table.iloc[rows, columns], method=method).values
    assert one[other.index].to_numpy() == pytest.approx(other.to_numpy(), rel=1e-9)


@pytest.mark.parametrize("method", MEDIANS)
@given(values=arrays(int, (8, 5), elements=st.integers(1, 400)))
def test_a_library_twice_as_deep_has_twice_the_factor_beside_the_others(method, values):
    deeper = values.copy()
    deeper[:, 0] *= 2
    one, other = (size_factors(frame(each), method=method).values for each in (values, deeper))
    assert (other / one / (other / one)["s1"]).tolist() == pytest.approx([2, 1, 1, 1, 1])


@given(values=arrays(int, (8, 5), elements=st.integers(1, 400)), times=st.integers(2, 9))
def test_tmm_of_libraries_that_differ_in_depth_alone_is_their_depth(values, times):
    # The weights of TMM depend on depth, so a factor does not double exactly where the compositions differ.
    alike = np.outer(values[:, 0], [1, times, times, 1, 1])
    factors = size_factors(frame(alike), method="tmm").values
    assert (factors / factors["s0"]).tolist() == pytest.approx([1, times, times, 1, 1])
