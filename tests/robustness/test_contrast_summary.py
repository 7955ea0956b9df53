"""What each contrast found, counted by hand."""

import pandas as pd
import pytest

from mircargo.results.contract import CONTRAST_SUMMARY
from mircargo.robustness.contrast_summary import count_calls, to_table, why_not_said

FACTS = {"asked": {"words": "injured against control, 3 against 3 samples"}, "samples": list("abcdef")}
#        status, call, robust
ROWS = [
    ("tested", "up", True), ("tested", "up", False), ("tested", "up", True), ("tested", "down", False),
    ("tested", "none", None), ("tested", "none", None), ("independent_filter", None, None), ("all_zero", None, None),
    ("low_count", None, None), ("low_count", None, None),
]  # fmt: skip


def tables(rows) -> tuple[pd.DataFrame, pd.DataFrame]:
    status, call, robust = map(list, zip(*rows, strict=True))
    features = [f"mmu-miR-{i}" for i in range(len(rows))]
    fit = pd.DataFrame({"feature": features, "status": status, "call": call})
    # The summary of a stress test need not be in the order of the fit.
    return fit, pd.DataFrame({"feature": features, "robust": pd.Series(robust, dtype=object)}).iloc[::-1]


def test_calls_are_counted():
    fit, stress = tables(ROWS)
    row = count_calls("day1", fit, FACTS, stress)
    assert row == {
        "contrast": "day1", "compared": "injured against control, 3 against 3 samples", "samples": 6, "features": 10,
        "tested": 6, "up": 3, "down": 1, "robust_up": 2, "robust_down": 0, "no_call": 2, "not_tested": 4,
        "all_zero": 1, "low_count": 2, "outlier": 0, "independent_filter": 1, "control_feature": 0,
    }  # fmt: skip
    assert list(to_table([row | {"note": None}])) == list(CONTRAST_SUMMARY.columns)


def test_what_is_not_decided_is_missing_and_not_zero(tmp_path):
    fit, stress = tables([("tested", "up", None), ("tested", "up", None), ("tested", "none", None)])
    row = count_calls("c", fit, FACTS, stress)
    # Of no call down all are decided.
    assert (row["robust_up"], row["robust_down"]) == (None, 0)
    written = to_table([row | {"note": "too few"}]).to_csv(sep="\t", index=False, na_rep="NA").splitlines()[1]
    assert written.split("\t")[5:9] == ["2", "0", "NA", "0"], "whole numbers beside a missing one"


@pytest.mark.parametrize(
    ("tried", "note"),
    [
        ({"n_calls": 3}, None),
        ({"undecided": ["a group has fewer than three samples"]}, "a group has fewer than three samples"),
        ({"undecided": ["few"], "not_robust": ["two libraries are one"]}, "few; two libraries are one"),
    ],
)
def test_note_says_why_nothing_is_robust(tried, note):
    assert why_not_said(tried) == note
