"""What figures of a contrast say below themselves and on their axes, written out by hand."""

import pandas as pd
import pytest

from mircargo.config import Contrast, Interaction, Thresholds
from mircargo.figures.inputs import ContrastInputs

WALD = "DESeq2's Wald test (PyDESeq2)"
TWO = {"term": "difference", "n_level": 1200, "n_reference": 3, "where": {}}
SLOPE = {"term": "slope", "samples": "over 6 samples", "place": "each unit of day", "where": {}}


def inputs(asked: dict, thresholds: Thresholds | None = None, **contrast) -> ContrastInputs:
    asked_of = Contrast(**{"variable": "condition", "level": "SNI", "reference": "sham"} | contrast)
    samples = pd.DataFrame(
        {"condition": ["SNI", "sham"], "fraction": "drg", "batch": "1", "day": "7"}, index=["a", "b"]
    )
    none, facts = pd.DataFrame(), {"asked": asked}
    return ContrastInputs(
        "c", asked_of, thresholds or Thresholds(), none, facts, none, none, {}, none, samples, none, samples,
        "fraction", {}, [], [], simulated=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "contrast", "sizes", "change"),
    [
        (TWO, {}, "1,200 SNI, 3 sham", "SNI / sham"),
        (TWO | {"where": {"fraction": "drg"}}, {}, "1,200 SNI, 3 sham, fraction drg", "SNI / sham"),
        (TWO, {"level": "7", "reference": "0"}, "1,200 of condition 7, 3 of condition 0", "7 / 0"),
        (SLOPE, {"level": "7", "reference": "0", "per_unit": True}, "6 samples", "each unit of day"),
        (
            SLOPE | {"samples": "over 8 samples"},
            {"interaction": Interaction(variable="fraction", level="exosome", reference="drg")},
            "8 samples",
            "SNI / sham: exosome / drg",
        ),
    ],
)
def test_sizes_and_what_a_positive_fold_change_is_of(asked, contrast, sizes, change):
    made = inputs(asked, **contrast)
    assert (made.sizes, made.change) == (sizes, change)
    assert made.sizes_and_test == f"{sizes}; {WALD}."


def test_tests_are_named():
    assert inputs(TWO, Thresholds(min_log2_fold_change=0.5)).test == (
        "DESeq2's Wald test of |log2 fold change| > 0.5 (PyDESeq2)"
    )
    joint = inputs(TWO, design="~ batch + condition", reduced="~ batch")
    assert joint.test == "DESeq2's likelihood-ratio test against ~ batch (PyDESeq2)"


def test_groups_begin_with_the_facet():
    made = inputs(TWO | {"where": {"fraction": "drg"}}, blocking=["batch"])
    assert made.facet == "fraction"
    assert list(made.groups) == ["fraction", "condition", "batch"]
    assert list(inputs(TWO).groups) == ["condition"]
