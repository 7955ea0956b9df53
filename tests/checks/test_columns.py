"""Columns and fractions that a study names and the sheet does not have: nothing is left out of account in silence."""

import pandas as pd
import pytest

from factories import study_of, write_study
from mircargo.checks.columns import column_problems
from mircargo.checks.study import CHECKS_OF_SHEET, examine_study

SHEET = pd.DataFrame(
    {
        "group": ["control"] * 4 + ["case"] * 4,
        "fraction": ["plasma", "plasma", "exo", "exo"] * 2,
        "animal": list("aabbccdd"),
        "age": ["1", "2", "x", "4", "5", "6", "7", "8"],
    },
    index=[f"s{i}" for i in range(8)],
)
FREE = SHEET.drop(columns="fraction")
PAIR = {"contrasts": {x: {"variable": "group", "level": "case", "reference": "control", "title": x} for x in "ab"}}
# Keys of the study; the sheet; where something is wrong, what is found there, and a part of what to do.
WRONG = {
    "fraction": ({"fraction": "fracton"}, SHEET, "x.fraction", "'fracton'", "did you mean 'fraction'?"),
    "subject": ({"subject": "anmial"}, SHEET, "x.subject", "'anmial'", "did you mean 'animal'?"),
    "blood": ({"blood_derived": ["exo", "plsma"]}, SHEET, "x.blood_derived", "'plsma'", "did you mean 'plasma'?"),
    "blood without fractions": ({"blood_derived": ["plasma"]}, FREE, "x.blood_derived", "", "under `fraction`"),
    "numeric": ({"numeric": ["agge"]}, SHEET, "x.numeric", "'agge'", "did you mean 'age'?"),
    "text as numbers": ({"numeric": ["animal"]}, SHEET, "x.numeric", "a, b, c, d", "take 'animal' out of `numeric`"),
    "of a comparison": (
        PAIR | {"comparisons": {"r": {"exosome": "a", "source": "b", "subject": "anmial"}}},
        SHEET, "x.comparisons.r.subject", "'anmial'", "did you mean 'animal'?"
    ),
    "in capitals": ({}, SHEET.rename(columns={"fraction": "Fraction"}), "x.fraction", "", "write `fraction: Fraction`"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_name_that_the_sheet_lacks_is_named(case):
    changes, sheet, where, found, hint = WRONG[case]
    study = study_of(**changes)
    (problem,) = [x for check in CHECKS_OF_SHEET for x in check(study, sheet, "x") if x.where == where]
    assert (problem.found, problem.severity) == (found, "warning" if case == "in capitals" else "error")
    assert hint in problem.hint


def test_what_is_there_or_not_named_is_no_problem():
    right = {"subject": "animal", "blood_derived": ["plasma"], "numeric": ["age"]}
    assert column_problems(study_of(**right), SHEET, "x") == []
    assert column_problems(study_of(), SHEET[["group"]], "x") == []


def test_the_names_of_the_samples_are_no_groups():
    contrast = {"variable": "sample", "level": "s1", "reference": "s2"}
    problems = [x for check in CHECKS_OF_SHEET for x in check(study_of(contrasts={"c": contrast}), SHEET, "x")]
    assert [problem.code for problem in problems] == ["names_of_samples"]


@pytest.mark.parametrize(
    ("changes", "where", "what", "hint"),
    [
        ({"biotypes": ["miRNA", "mirna"]}, "biotypes", "no row is of this kind", "did you mean 'miRNA'?"),
        ({"spike_ins": ["*"]}, "spike_ins", "every row that could be fitted is taken as a spike-in", "ERCC-*"),
    ],
)
def test_kinds_and_spike_ins_that_leave_nothing_are_named(changes, where, what, hint, tmp_path):
    features = [f"mmu-miR-{number}" for number in ("21a-5p", "9-5p", "30a-5p", "16-5p")]
    table = pd.DataFrame({f"s{i}": [100 + i, 50, 70 + 2 * i, 30] for i in range(6)}, index=features)
    config = write_study(tmp_path, table, ["control"] * 3 + ["case"] * 3, **changes)
    errors = [problem for problem in examine_study(config, "mine")[0] if problem.severity == "error"]
    assert [problem.where for problem in errors] == [f"studies.mine.{where}"]
    assert what in errors[0].what
    assert hint in errors[0].hint
