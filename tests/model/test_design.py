import numpy as np
import pandas as pd
import pytest

from mircargo.config import Comparison, Contrast
from mircargo.model.design.matrix import contrast_design, release_design
from mircargo.problems import ProblemsFound


def sheet(**columns) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=[f"s{i}" for i in range(n)])


GROUPS = ["zero", "zero", "zero", "any", "any", "any"]
CONTRAST = Contrast(variable="group", level="any", reference="zero")


def test_reference_comes_first_whatever_the_alphabet_says():
    design = contrast_design(sheet(group=GROUPS), CONTRAST, [], "x")
    assert design.matrix.to_numpy().tolist() == [[1, 0]] * 3 + [[1, 1]] * 3
    assert design.contrast.tolist() == [0, 1]
    assert design.groups == {"zero": 3, "any": 3}


def test_numbers_are_categories_unless_said_otherwise():
    table = sheet(group=GROUPS, batch=["1", "2", "3"] * 2)
    contrast = CONTRAST.model_copy(update={"blocking": ["batch"]})
    assert contrast_design(table, contrast, [], "x").matrix.shape == (6, 4)
    assert contrast_design(table, contrast, ["batch"], "x").matrix.shape == (6, 3)


def test_column_with_a_space():
    table = sheet(group=GROUPS, **{"date of run": ["a", "b"] * 3})
    design = contrast_design(table, CONTRAST.model_copy(update={"blocking": ["date of run"]}), [], "x")
    assert design.matrix.shape == (6, 3)


def test_contrast_of_an_interaction_is_at_the_reference_of_the_other_column():
    table = sheet(group=GROUPS * 2, sex=["f"] * 6 + ["m"] * 6)
    design = contrast_design(table, CONTRAST.model_copy(update={"design": "~ sex * group"}), [], "x")
    named = dict(zip(design.matrix.columns, design.contrast, strict=True))
    assert {name: weight for name, weight in named.items() if weight} == {"group[T.any]": 1}


@pytest.mark.parametrize(
    ("columns", "changes", "message"),
    [
        ({}, {"variable": "grop"}, "no such column.*\n.*'grop'.*\n.*did you mean 'group'"),
        ({}, {"level": "An"}, "no sample has this value in column 'group'"),
        ({}, {"subset": {"group": ["zero"]}}, "a group with no sample cannot be tested"),
        ({"tissue": ["a"] * 4 + ["b"] * 2}, {"subset": {"tissue": ["a"]}}, "a group with one sample.*\n.*'any' has s3"),
        ({"batch": ["a"] * 3 + ["b"] * 3}, {"blocking": ["batch"]}, "'batch' and 'group' are confounded"),
        ({"batch": ["a", None] * 3}, {"blocking": ["batch"]}, "column 'batch' has no value.*\n.*s1, s3, s5"),
        ({"id": list("abcdef")}, {"blocking": ["id"]}, "confounded"),
        ({}, {"design": "~ group + np.exp(group)"}, "not a model formula"),
        ({}, {"design": "~ __import__('os')"}, "not a model formula"),
        ({}, {"design": "~ 1"}, "leaves out the contrast's variable"),
        ({"age": list("12345x")}, {"blocking": ["age"]}, "numeric and has other values.*\n.*'x' for sample s5"),
    ],
)
def test_what_cannot_be_fitted_is_said(columns, changes, message):
    with pytest.raises(ProblemsFound, match=message):
        contrast_design(sheet(group=GROUPS, **columns), CONTRAST.model_copy(update=changes), ["age"], "contrast 'x'")


def release_sheet() -> pd.DataFrame:
    return sheet(group=GROUPS * 2, fraction=["drg"] * 6 + ["exosome"] * 6, subject=list("abcdef") * 2)


def release(**changes):
    sides = {name: CONTRAST.model_copy(update={"subset": {"fraction": [name]}}) for name in ("exosome", "drg")}
    comparison = Comparison(exosome="e", source="s", **changes)
    return release_design(release_sheet(), comparison, sides["exosome"], sides["drg"], [], "x")


@pytest.mark.parametrize("blocking", [[], ["subject"]])
def test_release_is_the_change_outside_beyond_the_change_inside(blocking):
    design = release(blocking=blocking)
    assert np.linalg.matrix_rank(design.matrix) == design.matrix.shape[1]
    # Mean log counts with a rise of 1 inside, 3 outside, and any differences between subjects and fractions.
    table = release_sheet().loc[design.matrix.index]
    rises = table["group"].eq("any") * table["fraction"].map({"drg": 1.0, "exosome": 3.0})
    subjects = table["subject"].map(dict(zip("abcdef", [0, 2, 5, 1, 7, 3], strict=True))) if blocking else 0
    values = rises + table["fraction"].eq("exosome") * 4 + subjects
    coefficients = np.linalg.lstsq(design.matrix.to_numpy(), values.to_numpy(float), rcond=None)[0]
    assert coefficients @ design.contrast == pytest.approx(2)


def test_release_needs_a_column_that_tells_the_fractions_apart():
    with pytest.raises(ProblemsFound, match="does not tell the exosome samples from the source samples"):
        release(fraction="group")
