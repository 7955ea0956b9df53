"""Replication: expected repeats against what was planted, directions, and contrasts that cannot be compared."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from mircargo.benchmark.independent import independent_study
from mircargo.benchmark.studies import CONTRAST
from mircargo.config import Thresholds
from mircargo.meta.replication import compare, replication
from mircargo.meta.study_table import Contribution
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit


def table(changes, errors, pvalue, call, shrunken=None):
    values = {"feature": list("abcdef")[: len(changes)], "log2FoldChange": changes, "lfcSE": errors, "padj": pvalue}
    values |= {"call": call, "status": "tested"}
    if shrunken is not None:
        values |= {"shrunken_log2FoldChange": shrunken[0], "shrunken_lfcSE": shrunken[1]}
    return pd.DataFrame(values).set_index("feature", drop=False)


def test_expected_by_hand():
    first = table(
        [2.0, -1.5, 0.1], [0.4, 0.4, 0.4], [1e-6, 1e-3, 0.8], ["up", "down", "none"], ([1.8, -1.2, 0], [0.4, 0.45, 0.2])
    )
    # Two calls of three tests: a call begins at p = 0.05 * 2 / 3.
    second = table([1.0, 0.9, 0.0], [0.3, 0.5, 0.3], [1e-3, 0.04, 0.9], ["up", "up", "none"])
    up, down, together = compare(first, second, ("A", "B"), 0.05)
    z = norm.isf(0.05 * 2 / 3 / 2)
    one, two = (norm.cdf((abs(b) - z * se) / np.hypot(sd, se)) for b, sd, se in ((1.8, 0.4, 0.3), (1.2, 0.45, 0.5)))
    assert (up["expected"], down["expected"]) == (pytest.approx(one), pytest.approx(two))
    assert together["expected"] == pytest.approx(one + two)
    assert [row["repeated"] for row in (up, down, together)] == [1, 0, 1]
    assert [row["opposite"] for row in (up, down, together)] == [0, 1, 1]
    assert "Of 2 called in A and tested in B" in together["sentence"]


def test_fewer_than_power_explains_is_said():
    n = 6
    first = table([3.0] * n, [0.3] * n, [1e-8] * n, ["up"] * n, ([3.0] * n, [0.3] * n))
    second = table([0.0] * n, [0.3] * n, [0.9] * n, ["none"] * n)
    up = compare(first, second, ("A", "B"), 0.05)[0]
    assert (up["calls"], up["expected_low"], up["repeated"]) == (6, 6, 0)
    assert up["sentence"].endswith("or calls of the first are wrong.")
    assert compare(first, second, ("A", "B"), 0.05)[1]["sentence"] == "No feature called down in A was tested in B."


def test_contrasts_that_share_samples_are_not_compared():
    results = table([2.0], [0.4], [1e-6], ["up"])
    own = [Contribution("s", name, "mmu", results, frozenset(units)) for name, units in (("x", "ab"), ("y", "bc"))]
    own.append(Contribution("t", "z", "mmu", results, frozenset("b")))
    matched = pd.DataFrame({"feature": "a", "study": list("sst"), "contrast": list("xyz"), "study_feature": "a"})
    pairs = replication(own, matched, 0.05)[["from_contrast", "in_contrast"]].drop_duplicates()
    assert sorted(map(tuple, pairs.to_numpy())) == [("s.x", "t.z"), ("s.y", "t.z"), ("t.z", "s.x"), ("t.z", "s.y")]


def halves(per_group, number):
    """Return fits of the two halves of one study: the same truth, other animals."""
    study = independent_study("tissue", 2 * per_group, number, 7)
    sheet = study.sheet
    first = sheet.groupby("group").cumcount() < per_group
    for part in (sheet[first], sheet[~first]):
        design = contrast_design(part, CONTRAST, [], "a half")
        yield fit(study.counts[list(part.index)], design, Thresholds(), details=True).results.set_index(
            "feature", drop=False
        )


def test_of_simulated_pairs_the_range_holds_the_number_that_repeats():
    held, expected, repeated = [], 0.0, 0
    for number in range(40):
        first, second = halves((4, 6)[number % 2], number)
        for pair in ((first, second), (second, first)):
            row = compare(*pair, ("A", "B"), 0.05)[2]
            held.append(row["expected_low"] <= row["repeated"] <= row["expected_high"])
            expected, repeated = expected + row["expected"], repeated + row["repeated"]
    # 95% of 80 are within 90 to 99% with probability 0.95.
    assert 0.9 <= np.mean(held) <= 1
    assert expected == pytest.approx(repeated, rel=0.05)
