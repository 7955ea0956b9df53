"""Designs of contrasts and releases by hand, and what cannot be asked of a study."""

import numpy as np
import pandas as pd
import pytest

from factories import as_text, problems_of, sheet
from mircargo.config import Comparison, Contrast, Interaction
from mircargo.model.design.matrix import Design, contrast_design, independent_columns, release_design
from mircargo.model.design.samples import contrast_samples

GROUPS = ["zero", "zero", "zero", "any", "any", "any"]
CONTRAST = Contrast(variable="group", level="any", reference="zero")
NUMERIC = ["age", "days", "run"]


def designed(table: pd.DataFrame, numeric=NUMERIC, **changes) -> Design:
    return contrast_design(table, CONTRAST.model_copy(update=changes), numeric, "x")


def test_reference_comes_first_whatever_the_alphabet_says():
    design = designed(sheet(group=GROUPS))
    assert design.matrix.to_numpy().tolist() == [[1, 0]] * 3 + [[1, 1]] * 3
    assert design.contrast.tolist() == [0, 1]
    assert (design.groups, design.reduced, design.reduced_formula) == ({"zero": 3, "any": 3}, None, "")


def test_numbers_are_categories_unless_said_otherwise():
    table = sheet(group=GROUPS, batch="123123")
    assert designed(table, blocking=["batch"]).matrix.shape == (6, 4)
    assert designed(table, ["batch"], blocking=["batch"]).matrix.shape == (6, 3)


def test_formulas_quote_what_is_no_plain_name():
    table = sheet(group=GROUPS, **{"Day 1": "ababab", "_Ok9": "abbaab"})
    design = designed(table, blocking=["Day 1", "_Ok9"])
    assert (design.formula, design.matrix.shape) == ("~ `Day 1` + _Ok9 + group", (6, 4))


def test_contrast_of_an_interaction_is_at_the_reference_of_the_other_column():
    design = designed(sheet(group=GROUPS * 2, sex="ffffffmmmmmm"), design="~ sex * group")
    named = dict(zip(design.matrix.columns, design.contrast, strict=True))
    assert {name: weight for name, weight in named.items() if weight} == {"group[T.any]": 1}


def test_a_joint_test_takes_every_group_and_keeps_its_formulas():
    table = sheet(group=["zero", "any", "more", None] * 2 + ["zero", "any"], batch="aababbaaab")
    design = designed(table, reduced="~ batch", blocking=["batch"])
    assert (design.formula, design.reduced_formula) == ("~ batch + group", "~ batch")
    assert design.groups == {"zero": 3, "any": 3, "more": 2}
    assert list(design.reduced.columns) == ["Intercept", "batch[T.b]"]
    assert list(design.matrix.columns) == ["Intercept", "batch[T.b]", "group[T.any]", "group[T.more]"]
    assert design.contrast.tolist() == [0, 0, 1, 0]
    assert design.residual_degrees_of_freedom == 4
    assert design.question == ("group",)
    assert designed(table).groups == {"zero": 3, "any": 3}
    assert list(contrast_samples(table, CONTRAST, "x").index) == ["s0", "s1", "s4", "s5", "s8", "s9"]


KO = Interaction(variable="geno", level="ko", reference="wt")
# Two groups in two genotypes of two animals each, an animal in both groups; a kit across them, a dose within.
CROSSED = {
    "group": ["zero", "any"] * 8, "geno": ["wt"] * 8 + ["ko"] * 8, "animal": np.repeat(list("abcdefgh"), 2),
    "kit": list("xyyxxyyx" * 2), "age": list(map(str, [1, 3, 2, 5, 4, 1, 3, 2, 2, 4, 5, 1, 3, 3, 2, 6])),
}  # fmt: skip
# What is changed of the contrast; a `reduced` that lacks too much; what it should be, by hand.
LACKS_MORE = {
    "blocking": ({"blocking": ["kit"]}, "~ 1", "~ kit"),
    "one of two": ({"blocking": ["kit", "geno"]}, "~ geno", "~ kit + geno"),
    "a number": ({"blocking": ["age"]}, "~ 1", "~ age"),
    "a main effect, interaction asked": ({"interaction": KO}, "~ geno", "~ geno + group"),
    "blocking, interaction asked": ({"interaction": KO, "blocking": ["kit"]}, "~ geno + group", "~ kit + geno + group"),
    "cells, interaction asked": ({"interaction": KO, "design": "~ geno:group"}, "~ geno", "~ group + geno"),
    "animals hold the genotype": ({"interaction": KO, "blocking": ["animal"]}, "~ geno + group", "~ animal + group"),
    "crossed": ({"design": "~ geno * group"}, "~ 1", "~ geno"),
    "crossed among others": ({"design": "~ geno * kit + group"}, "~ geno + kit", "~ geno + kit + geno:kit"),
    "without an intercept": ({"design": "~ 0 + age + group"}, "~ 0 + age", "~ age"),
    "a slope for each": (
        {"design": "~ geno + age:geno", "variable": "age", "level": "1", "reference": "0", "per_unit": True},
        "~ 1", "~ geno"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LACKS_MORE)
def test_a_joint_test_is_of_what_is_asked_and_of_nothing_else(case):
    changes, lacks_more, right = LACKS_MORE[case]
    (problem,) = problems_of(designed, sheet(**CROSSED), **changes, reduced=lacks_more)
    assert (problem.code, problem.where, problem.found) == ("reduced_lacks_more", "x.reduced", lacks_more)
    assert f'write `reduced: "{right}"`' in problem.hint
    assert designed(sheet(**CROSSED), **changes, reduced=right).reduced_formula == right


def test_a_hand_made_design_has_its_degrees_of_freedom():
    matrix = pd.DataFrame(np.eye(5)[:, :2], index=list("abcde"))
    assert Design(matrix, np.array([0.0, 1.0]), "", {}).residual_degrees_of_freedom == 3


def test_columns_that_span_a_matrix():
    matrix = np.array([[1, 2, 0, 1], [1, 2, 1, 0], [1, 2, 0, 1.0]])
    assert independent_columns(matrix) == [0, 2]
    assert independent_columns(matrix, first=[3]) == [0, 3]
    assert independent_columns(matrix, first=[3, 1]) == [1, 3]


TWICE = {"group": ["zero"] * 6 + ["any"] * 6}
# Columns of the sheet beside those of six samples in two groups; what is changed of the contrast.
REFUSED = {
    "variable": ({}, {"variable": "grop"}),
    "two blocking columns": ({"column": "abcdef"}, {"blocking": ["zz", "yy", "zz"]}),
    "level": ({}, {"level": "An", "blocking": ["zz"]}),
    "subset": ({"tissue": "aabbcc"}, {"subset": {"tissue": ["q"]}, "reference": "naught"}),
    "small groups": ({"tissue": "abbbbb"}, {"subset": {"tissue": ["a"]}}),
    "one sample": ({"tissue": "aaaabb"}, {"subset": {"tissue": ["a"]}}),
    "subset of one group": ({}, {"subset": {"group": ["zero"]}}),
    "missing value": ({"batch": ["a", None] * 3}, {"blocking": ["batch"]}),
    "missing value of reduced": ({"batch": ["a", None] * 3}, {"reduced": "~ batch"}),
    "batches of one group": ({"batch": "aabccd"}, {"blocking": ["batch"]}),
    "sample names": ({"id": "abcdef"}, {"blocking": ["id"]}),
    "batch is group": (TWICE | {"kit": "aaaaaabbbbbb"}, {"blocking": ["kit"]}),
    "batches of one group in a formula": (TWICE | {"kit": "aabbaaccddcc"}, {"design": "~ kit + group"}),
    "column within column": ({"one": "ababab", "two": "cdcdcd"}, {"blocking": ["one", "two"]}),
    "animal within sex": (TWICE | {"animal": "abcdef" * 2, "sex": "ffmmff" * 2}, {"blocking": ["animal", "sex"]}),
    "animal within age": (TWICE | {"animal": "abcdef" * 2, "age": "112233" * 2}, {"blocking": ["animal", "age"]}),
    "constant": (TWICE | {"run": "1" * 12}, {"blocking": ["run"]}),
    "sum of columns": (TWICE | {"age": "1234" * 3, "days": "2345" * 3}, {"blocking": ["age", "days"]}),
    "empty cell": (TWICE | {"geno": ["wt"] * 3 + ["ko"] * 3 + ["wt"] * 6}, {"design": "~ geno * group"}),
    "saturated": ({"one": "abcabc", "two": "efgfge"}, {"blocking": ["one", "two"]}),
    "saturated by numbers": ({"dose": "123123", "two": "efgfge"}, {"blocking": ["dose", "two"]}),
    "no tilde": ({}, {"design": "group"}),
    "operator": ({}, {"design": "~ group & x"}),
    "function": ({}, {"design": "~ group + np.exp(group)"}),
    "code": ({}, {"design": "~ __import__('os')"}),
    "no variable": ({}, {"design": "~ 1"}),
    "another variable": ({"day run": "aabbab"}, {"design": "~ `day run`"}),
    "column of the design": ({}, {"design": "~ group + grup"}),
    "slope of what is no number": (
        {"age": ["1", "2", "x", "4", None, "6"]}, {"variable": "age", "per_unit": True, "level": "1", "reference": "0"}
    ),
    "not numeric": ({"age": "12345x"}, {"blocking": ["age"]}),
    "reduced is not nested": ({"batch": "ababab"}, {"reduced": "~ batch"}),
    "reduced keeps the variable": ({"batch": "ababab"}, {"blocking": ["batch"], "reduced": "~ batch + group"}),
    "reduced lacks the blocking": (
        TWICE | {"kit": "aabb" * 3, "sex": "ffmmfmfm" + "fmfm"}, {"blocking": ["kit", "sex"], "reduced": "~ 1"}
    ),
    "reduced is confounded": (
        {"one": "ababab", "two": "cdcdcd"}, {"design": "~ one + group", "reduced": "~ one + two"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_contrasts_that_cannot_be_asked(case, snapshot):
    columns, changes = REFUSED[case]
    assert as_text(problems_of(designed, sheet(**{"group": GROUPS} | columns), **changes)) == snapshot


def both(**changes) -> pd.DataFrame:
    fractions = ["drg"] * 6 + ["exosome"] * 6
    return sheet(**{"group": GROUPS * 2, "fraction": fractions, "subject": "abcdef" * 2} | changes)


def release(table, sides=("exosome", "drg"), numeric=(), **changes) -> Design:
    parts = [CONTRAST.model_copy(update={"subset": {"fraction": [name]}}) for name in sides]
    return release_design(table, Comparison(exosome="e", source="s", **changes), *parts, list(numeric), "x")


TINY = both().iloc[[0, 1, 3, 4, 6, 7, 9, 10]]
CELLS = [f"{a}{b}" for a, b in zip(GROUPS * 2, "ddddddeeeeee", strict=True)]
REFUSED_RELEASES = {
    "columns": (both(), {"fraction": "fracton", "blocking": ["q"]}),
    "fraction": (both(), {"fraction": "group"}),
    "one fraction twice": (both(), {"sides": ("drg", "drg")}),
    "cells as blocking": (both(cell=CELLS), {"blocking": ["cell"]}),
    "samples as blocking": (TINY.assign(day=list("abcdefgh")), {"blocking": ["day"]}),
}


@pytest.mark.parametrize("case", REFUSED_RELEASES)
def test_releases_that_cannot_be_asked(case, snapshot):
    table, changes = REFUSED_RELEASES[case]
    assert as_text(problems_of(release, table, **changes)) == snapshot


def test_a_release_is_paired_where_each_subject_has_both_fractions():
    paired = release(both(), subject="subject")
    assert paired.formula == "~ subject + fraction + group + fraction:group"
    assert paired.matrix.shape == (12, 8)
    assert paired.groups == {"drg zero": 3, "drg any": 3, "exosome zero": 3, "exosome any": 3}
    assert paired.question == ("fraction", "group")
    assert paired.contrast.tolist() == [0] * 7 + [1]
    assert release(TINY, subject="subject").matrix.shape == (8, 6)
    plain = "~ fraction + group + fraction:group"
    assert release(both(subject="abcdefghijkl"), subject="subject").formula == plain
    assert release(both(subject=[None, *"bcdef", *"abcdef"]), subject="subject").formula == plain
    assert release(both(), subject="animal").formula == plain
    assert release(both()).matrix.columns.tolist()[-1] == "fraction[T.exosome]:group[T.any]"
    assert release(both(age="314159265358"), numeric=["age"], blocking=["age"]).matrix.shape == (12, 5)


@pytest.mark.parametrize("blocking", [[], ["subject"]])
def test_release_is_the_change_outside_beyond_the_change_inside(blocking):
    design = release(both(), blocking=blocking)
    assert np.linalg.matrix_rank(design.matrix) == design.matrix.shape[1]
    # Mean log counts with a rise of 1 inside, 3 outside, and any differences between subjects and fractions.
    table = both().loc[design.matrix.index]
    rises = table["group"].eq("any") * table["fraction"].map({"drg": 1.0, "exosome": 3.0})
    subjects = table["subject"].map(dict(zip("abcdef", [0, 2, 5, 1, 7, 3], strict=True))) if blocking else 0
    values = rises + table["fraction"].eq("exosome") * 4 + subjects
    coefficients = np.linalg.lstsq(design.matrix.to_numpy(), values.to_numpy(float), rcond=None)[0]
    assert coefficients @ design.contrast == pytest.approx(2)
