"""The order of the rows of a sample sheet moves no result: levels of what is blocked are sorted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mircargo.analysis.data import StudyData
from mircargo.analysis.question import Question
from mircargo.config import Comparison, Contrast
from mircargo.model.design.data import in_order
from mircargo.model.design.matrix import contrast_design, release_design

N = 16
SHEET = pd.DataFrame(
    {
        "condition": ["x"] * 8 + ["y"] * 6 + ["z"] * 2,
        "batch": ["c10", "b", "c9", "d"] * 4,
        "subject": [f"s{i % 8 + 1}" for i in range(N)],
        "geno": (["wt"] * 4 + ["ko"] * 4) * 2,
        "fraction": ["ev", "cell"] * 8,
        "age": [str(i % 5) for i in range(N)],
    },
    index=pd.Index([f"l{i}" for i in range(N)], name="sample"),
)
ASKED = {"variable": "condition", "level": "y", "reference": "x"}
CONTRASTS = {
    "blocking": Contrast(**ASKED, blocking=["batch"]),
    "two columns and a number": Contrast(**ASKED, blocking=["batch", "age"]),
    "subjects": Contrast(**ASKED, blocking=["subject"]),
    "formula": Contrast(**ASKED, design="~ batch + geno + condition"),
    "joint test": Contrast(**ASKED, design="~ batch + condition", reduced="~ batch"),
    "slope": Contrast(variable="age", per_unit=True, level="1", reference="0", blocking=["batch"]),
}


def designed(sheet, contrast):
    return contrast_design(sheet, contrast, ["age"], "here")


@pytest.mark.parametrize("kind", CONTRASTS)
@settings(max_examples=8)
@given(order=st.permutations(range(N)))
def test_the_design_is_the_same_for_any_order_of_the_rows(kind, order):
    here, there = (designed(sheet, CONTRASTS[kind]) for sheet in (SHEET, SHEET.iloc[order]))
    matrix = there.matrix.loc[here.matrix.index]
    assert list(matrix) == list(here.matrix)
    assert matrix.to_numpy().tobytes() == here.matrix.to_numpy().tobytes()
    assert there.contrast.tobytes() == here.contrast.tobytes()
    assert (there.formula, there.groups, there.asked.term) == (here.formula, here.groups, here.asked.term)
    if here.reduced is not None:
        assert there.reduced.loc[here.reduced.index].equals(here.reduced)


@settings(max_examples=8)
@given(order=st.permutations(range(N)))
def test_the_design_of_the_release_is_too(order):
    exosome, source = (Contrast(**ASKED, subset={"fraction": [fraction]}) for fraction in ("ev", "cell"))
    comparison = Comparison(exosome="e", source="s", blocking=["batch"], fraction="fraction")
    here, there = (
        release_design(sheet, comparison, exosome, source, [], "here") for sheet in (SHEET, SHEET.iloc[order])
    )
    assert there.matrix.loc[here.matrix.index].equals(here.matrix)


def test_levels_are_sorted_and_numbers_in_them_by_value():
    expected = ["9", "10", "Day 1", "a", "day2", "day10", "day10b", "\u00e9"]
    assert in_order(reversed(expected)) == expected
    assert in_order(["m01", "m1", "m001"]) == in_order(["m001", "m1", "m01"]) == ["m001", "m01", "m1"]


def test_in_an_interaction_the_first_level_of_the_sheet_is_still_the_one_that_is_asked_about():
    """As `docs/methods.md` has it; the sentence of the answer names the level."""
    contrast = Contrast(**ASKED, design="~ batch + geno * condition")
    for first, second in (("wt", "ko"), ("ko", "wt")):
        sheet = pd.concat([SHEET[SHEET["geno"] == first], SHEET[SHEET["geno"] == second]])
        assert list(designed(sheet, contrast).data["geno"].cat.categories) == [first, second]
        assert list(designed(sheet, contrast).data["batch"].cat.categories) == ["b", "c9", "c10", "d"]


@pytest.mark.parametrize("kind", ["blocking", "subjects"])
def test_results_are_the_same_for_any_order_of_the_rows(kind):
    """Sums over samples in another order differ in the last of 16 digits, of which a search for an optimum keeps 9."""
    rng = np.random.default_rng(1)
    means = np.exp(rng.normal(5, 2, (200, 1))) * np.exp(rng.normal(0, 0.3, (200, N)))
    counts = pd.DataFrame(rng.negative_binomial(5, 5 / (5 + means)), columns=SHEET.index)
    counts.index = pd.Index([f"f{i}" for i in range(200)], name="feature")

    def fitted(order):
        sheet = SHEET.iloc[order]
        return Question(StudyData(counts[list(sheet.index)], sheet), "c", CONTRASTS[kind]).fit().results

    here = fitted(range(N))
    for seed in range(2):
        there = fitted(np.random.default_rng(seed).permutation(N))
        pd.testing.assert_frame_equal(here, there, rtol=1e-8, atol=1e-10)
