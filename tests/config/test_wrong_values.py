"""One clear message for each wrong value: where, what is wrong, what to write."""

import pytest

from factories import configured, problems_of, study_of
from mircargo.config import load
from mircargo.config.loading import parse
from mircargo.problems import ProblemsFound

ASKED = {"variable": "group", "level": "case", "reference": "control"}
# Keys of the study; where something is wrong below it; parts of what is said and of what to do.
WRONG = {
    "no list of tables": ({"counts": "t.tsv"}, ".counts", "a list is expected", "`counts: [{table: t.tsv}]`"),
    "a table twice": ({"counts": [{"table": "t.tsv"}] * 2}, ".counts", "t.tsv is listed more than once", ""),
    "a space in a name": ({"contrasts": {"c 1": ASKED}}, ".contrasts", "a name has only letters", "`c_1`"),
    "a long name": ({"contrasts": {"c" * 101: ASKED}}, ".contrasts", "at most 100 letters", "shorter"),
    "alpha": ({"thresholds": {"alpha": 2}}, ".thresholds.alpha", "less than 1", "the default is 0.05"),
    "decimal comma": ({"thresholds": {"alpha": "0,05"}}, ".thresholds.alpha", "a number is expected", "quotes: 0.05"),
    "two interactions": (
        {"contrasts": {"c": ASKED | {"interaction": {"geno": "ko", "sex": "f"}}}},
        ".contrasts.c.interaction", "with one column", ""
    ),
    "blocking": (
        {"contrasts": {"c": ASKED | {"blocking": ["group"]}}},
        ".contrasts.c.blocking", "the variable 'group'", "out of"
    ),
    "no title": ({"title": " "}, ".title", "this text is empty", "write one"),
    "no true or false": ({"simulated": "maybe"}, ".simulated", "true or false is expected", "without quotes"),
    "a slip": (
        {"size_factors": {"method": "poscount"}}, ".size_factors.method", "unknown value", "did you mean 'poscounts'?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_has_one_message(case):
    changes, where, what, hint = WRONG[case]
    (problem,) = problems_of(configured, **changes)
    assert problem.where == f"configuration, studies.mine{where}"
    assert what in problem.what
    assert hint in problem.hint


def test_studies_as_a_list_and_a_meta_analysis_of_one():
    (problem,) = problems_of(parse, {"studies": [{"title": "x"}]})
    assert "keys with values are expected here, and there is a list" in problem.what
    study = study_of().model_dump(exclude_none=True)
    (problem,) = problems_of(parse, {"studies": {"a": study}, "meta": {"m": {"title": "x", "contrasts": ["a.c"]}}})
    assert (problem.where, problem.what) == (
        "configuration, meta.m.contrasts", "at least 2 are needed here, and there is one"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"studies:\n  a:\n\ttitle: t\n", 3, "a tab stands where YAML allows spaces only"),
        ("studies:\n  a:\n    title: Schädigung\n".encode("latin-1"), 3, "this file is not written in UTF-8"),
    ],
)
def test_a_file_that_yaml_does_not_read_has_its_line_named(content, line, what, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    (problem,) = problems_of(load, str(path))
    assert (problem.where, problem.what) == (f"{path}, line {line}", what)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize(
    "key", ["min_log2_fold_change", "preparation_log2_sd", "scale_log2_sd", "equivalence_log2_fold_change"]
)
def test_a_threshold_is_a_finite_number(key, value):
    with pytest.raises(ProblemsFound, match=rf"thresholds\.{key}: "):
        parse({"target": "miR-21-5p", "thresholds": {key: value}, "studies": {}})
