"""The target's call under the other assumption of scale, by hand."""

import numpy as np
import pandas as pd
import pytest

from factories import INJURED, fitted
from mircargo.cargo.target_call import Target, call_target
from mircargo.cargo.target_scale import scale_clause, scale_values
from mircargo.config import Thresholds
from mircargo.model.engines.deseq2 import Fit
from mircargo.results.contract import TARGET_CALLS

SCALE = {"kept": "typical", "instead": "total", "difference": 0.9, "low": 0.7, "high": 1.1, "depends": True}
ASKED = (
    "if the total and not the typical miRNA stayed the same, all fold changes would rise by 0.90"
    " (95% interval 0.70 to 1.10)"
)
DECIDES = "spike-ins, or qPCR against a stable amount of input, would decide"


def table(fold: float, se: float, padj: float) -> pd.DataFrame:
    return fitted("x", fold, se, padj, scale_ci_low=fold - 1, scale_ci_high=fold + 2)


def row_of(results: pd.DataFrame, scale: dict | None = None, **changed) -> dict:
    contrast = INJURED.model_copy(update=changed.pop("contrast", {}))
    fit = Fit(results, {"groups": {"control": 4, "injured": 4}, "scale": scale, **changed})
    return call_target("c", contrast, Thresholds(), fit, Target("x", "x"))


@pytest.mark.parametrize(
    ("fold", "se", "padj", "outcome"),
    [
        # The cut-off of one call, or one test, is 0.05: what is beyond 1.96 standard errors would be called.
        (-0.9, 0.2, 0.001, "this one to +0.00, and the call would be lost (unchanged): " + DECIDES),
        (-0.9, 0.4, 0.04, "this one to +0.00, and the call would be lost (inconclusive): " + DECIDES),
        (-0.4, 0.1, 0.001, "this one to +0.50, and it would be up: " + DECIDES),
        (-3.0, 0.2, 0.001, "this one to -2.10, and the call would hold: " + DECIDES + " by how much"),
        (0.0, 0.2, 0.9, "this one to +0.90, and it would be up: " + DECIDES),
        (-0.5, 1.0, 0.9, "this one to +0.40, and it would still be inconclusive"),
        (-0.2, 0.4, 0.9, "this one to +0.70, and it would still be inconclusive"),
    ],
)
def test_what_the_call_would_be(fold, se, padj, outcome):
    row = row_of(table(fold, se, padj), SCALE)
    assert row["sentence"].endswith(f"; {ASKED}, {outcome}.")


def test_an_unchanged_target_that_stays_so():
    small = SCALE | {"difference": 0.15, "low": 0.1, "high": 0.2}
    row = row_of(table(0.0, 0.1, 0.9), small)
    assert row["call"] == "unchanged"
    assert row["sentence"].endswith(", this one to +0.15, and it would still be unchanged.")


@pytest.mark.parametrize(
    "changed",
    [
        {"scale": SCALE | {"depends": False}},
        {"scale": {"why_not": "scale is not assumed: size factors come from spike-ins"}},
        {"scale": None},
        {"scale": SCALE, "contrast": {"reduced": "~ 1"}},
        {
            "scale": SCALE,
            "global_change": {"estimate": 2.0, "low": 1.5, "high": 2.5, "log2_se": 0.2, "degrees_of_freedom": 6},
        },
    ],
)
def test_no_clause_where_nothing_depends_on_it_or_spike_ins_tell(changed):
    assert "stayed the same" not in row_of(table(-0.9, 0.2, 0.001), **changed)["sentence"]


def test_columns_of_the_row():
    row = row_of(table(-0.9, 0.2, 0.001), SCALE)
    assert list(row) == list(TARGET_CALLS.columns)
    of_scale = ["scale_difference", "scale_difference_low", "scale_difference_high", "scale_ci_low", "scale_ci_high"]
    assert [row[name] for name in of_scale] == [0.9, 0.7, 1.1, -1.9, 1.1]
    given = row_of(table(-0.9, 0.2, 0.001), {"why_not": "given"})
    assert [given[name] for name in of_scale] == [None, None, None, -1.9, 1.1]
    # A result of before, or of a feature without an estimate, has no such columns.
    bare = pd.Series({"log2FoldChange": 1.0, "lfcSE": 0.1, "scale_ci_low": np.nan})
    assert scale_values({}, bare) == dict.fromkeys(of_scale[:3])


def test_against_a_smallest_fold_change():
    results, thresholds = table(-2.0, 0.2, 0.001), Thresholds(min_log2_fold_change=1.0)
    # 1.1 lies beyond 1 by half a standard error: no call against it.
    said = scale_clause("down", results.iloc[0], results, SCALE, thresholds, lost_between=False)
    assert "this one to -1.10, and the call would be lost (inconclusive)" in said
