"""limma-voom against limma 3.54.1 with edgeR 3.40.2 (R 4.2.2), on the oracle's tables and on one made by a formula."""

import numpy as np
import pandas as pd
import pytest
from reference import CONTRASTS, by_our_names, question

from mircargo.model.design.matrix import Design
from mircargo.model.engines.limma_voom import voom
from mircargo.model.engines.moderation import Prior, beyond, inverse_trigamma, moderated, variance_prior
from studies import oracle


@pytest.mark.parametrize("name", CONTRASTS)
def test_same_numbers_as_limma(shared, name):
    expected = by_our_names(oracle(shared, f"{name}.limma_voom"))
    results = voom(*question(shared, name)[:2]).set_index("feature")
    assert set(results.index) == set(expected.index)

    expected = expected.loc[results.index]
    assert results["log2FoldChange"].to_numpy() == pytest.approx(expected["logFC"].to_numpy(), rel=0, abs=1e-6)
    assert results["stat"].to_numpy() == pytest.approx(expected["t"].to_numpy(), rel=0, abs=1e-6)
    for ours, theirs in (("pvalue", "P.Value"), ("padj", "adj.P.Val")):
        assert np.log10(results[ours]).to_numpy() == pytest.approx(np.log10(expected[theirs]).to_numpy(), rel=1e-6)


I = np.arange(1, 61)[:, None]  # noqa: E741 - the formulas read as in R
J = np.arange(1, 6)
EVEN = (I * I * (J + 3) + 7 * I * J) % 97 * (1 + I % 4) + (I % 7 == 0) * 500 * J
UNEVEN = (EVEN + 40) * np.where(I % 5 == 0, [1, 3, 1, 5, 2], 1)
# logFC, CI.L, CI.R, t, P.Value, adj.P.Val of features 1, 30 and 59 by topTable(confint=TRUE)
COLUMNS = ["log2FoldChange", "ci_low", "ci_high", "stat", "pvalue", "padj"]
BY_LIMMA = {
    "one coefficient": (
        UNEVEN,
        [0, 0, 1],
        [
            [0.174531361629, -1.01028196121, 1.35934468447, 0.316469306563, 0.7563976955479, 0.9126253244208],
            [-1.557785521725, -3.30746127406, 0.19189023061, -1.912749677697, 0.0768288943096, 0.4262229755183],
            [-2.237930622484, -3.44245481731, -1.03340642766, -3.991527618207, 0.0013824108573, 0.0276482171461],
        ],
    ),
    # in R the design was written anew so that the contrast is a coefficient: contrasts.fit() only approximates there
    "two coefficients": (
        UNEVEN,
        [0, 0.5, -1],
        [
            [-0.175908485782, -1.543944697314, 1.19212772575, -0.276246792802, 0.78646553992501, 0.9358390615978],
            [2.204213508167, 0.334044286914, 4.07438272942, 2.532099700824, 0.02418419698048, 0.2072931169756],
            [2.390182214524, 1.076904309921, 3.70346011913, 3.910050986342, 0.00161995717703, 0.0242993576554],
        ],
    ),
    "variances that differ by no more than chance": (
        EVEN,
        [0, 0, 1],
        [
            [0.546246650122, -2.96068157487, 4.053174875118, 0.308398199753, 0.7583140684748, 0.968060512947],
            [-2.333303334236, -5.16243702840, 0.495830359929, -1.632930329614, 0.1051048958749, 0.566942792267],
            [-2.993042204884, -4.85572347572, -1.130360934044, -3.181443523332, 0.0018657158303, 0.037314316606],
        ],
    ),
}


def design_with(contrast: list[float]) -> Design:
    matrix = pd.DataFrame({"one": 1.0, "dose": [1.5, 2, 1, 3, 2.5], "group": [0.0, 0, 1, 1, 1]}, index=list("abcde"))
    return Design(matrix, np.array(contrast, dtype=float), "~ dose + group", {})


@pytest.mark.parametrize("case", BY_LIMMA)
def test_any_contrast_and_confidence_interval_as_limma(case):
    values, contrast, expected = BY_LIMMA[case]
    counts = pd.DataFrame(values, columns=list("abcde"))[list("ecdab")]
    results = voom(counts, design_with(contrast)).loc[[0, 29, 58], COLUMNS]
    assert results.to_numpy() == pytest.approx(np.array(expected), rel=1e-7)


def test_inverse_trigamma_as_limma():
    expected = {0.01: 100.49916668194319, 1.7: 0.97778132045122301, 300: 0.05788145035737293}
    assert [inverse_trigamma(value) for value in expected] == pytest.approx(list(expected.values()), rel=1e-10)


def test_a_smallest_change_is_asked_for_as_treat_does():
    # R: pt(-(2 - 1) / 0.5, 10) + pt(-(2 + 1) / 0.5, 10); at the null itself 0.5 + pt(-4, 10);
    # and without a null 2 * pt(-4, 10).
    changes, errors = np.array([2.0, -2.0, 1.0]), np.full(3, 0.5)
    assert beyond(changes, errors, 10, 1.0) == pytest.approx([0.03676007182, 0.03676007182, 0.5012591663], rel=1e-8)
    assert beyond(changes, errors, 10, 0.0)[0] == pytest.approx(0.002518332625, rel=1e-8)
    assert beyond(np.zeros(1), np.ones(1), 10, 1.0) == pytest.approx([1.0])


def test_moderated_variances_are_means_weighted_by_degrees_of_freedom():
    variances, df = moderated(np.array([0.4, 1, 4]), 2, Prior(variance=1.0, df=10.0))
    assert variances == pytest.approx([10.8 / 12, 1, 1.5])
    assert df == 6  # all that three features have together


def test_variances_at_the_ends():
    # trigamma(y) is near 1 / y**2 for small y and 1 / y for large ones (Smyth 2004, appendix).
    assert inverse_trigamma(4e8) == pytest.approx(5e-5, rel=1e-9)
    assert inverse_trigamma(1e-8) == pytest.approx(1e8, rel=1e-9)
    same, df = moderated(np.array([1.0, 2.0, 3.0]), 4, Prior(1.5, np.inf))
    assert (same.tolist(), df) == ([1.5, 1.5, 1.5], 12)
    alike = variance_prior(np.array([1.0, 1.01, 0.99, 1.0]), 4)
    assert alike.df == np.inf
    assert alike.variance == pytest.approx(1.0)
