"""Values of a sheet that nearly say the same; numbers that YAML reads as others, or that stand for groups."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import factories
from mircargo.checks.design import design_warnings
from mircargo.checks.study import examine_study
from mircargo.config import load
from mircargo.inputs.sheet import read_sheet
from mircargo.problems import ProblemsFound

NAMES = [f"s{i}" for i in range(1, 9)]


def study_of(level="case", reference="control", **changes):
    contrasts = {"c": {"variable": "group", "level": level, "reference": reference}}
    return factories.study_of(**{"contrasts": contrasts} | changes)


def asked_about(groups, study, **columns) -> list[str]:
    sheet = pd.DataFrame({"column": NAMES, "group": groups, **columns}, index=NAMES)
    return [problem.found for problem in design_warnings(study, sheet, "x") if problem.severity == "error"]


@pytest.mark.parametrize(
    ("level", "other"),
    [("1", "1.0"), ("7", "07"), ("1000", "1e3"), ("1", "\uff11"),
     ("case", "Case"), ("IL-10", "IL10"), ("a b", "a\u00a0b"),
     ("case", "ca\u200bse"), ("day1", "day01"), ("case", "\uff43ase"), ("0.5", ".5")],
)  # fmt: skip
def test_a_sample_never_leaves_its_group_in_silence(level, other):
    groups = [level] * 3 + [other] + ["control"] * 4
    [found] = asked_about(groups, study_of(level))
    assert "(1 samples)" in found
    assert "(3 samples)" in found
    # Where the study names both, they are meant.
    both = {"c": {"variable": "group", "level": level, "reference": "control"},
            "d": {"variable": "group", "level": other, "reference": "control"}}  # fmt: skip
    assert asked_about(groups, study_of(contrasts=both)) == []
    # In a column that the study does not use, it is worth a word and no more.
    assert asked_about(["case"] * 4 + ["control"] * 4, study_of(), note=groups) == []
    assert len(asked_about(["case"] * 4 + ["control"] * 4, study_of(), subject=groups)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5", "15"), ("1", "-1"), ("+1", "1"), ("day1", "day10"), ("Cre+", "Cre-"), ("+/+", "+/-"), ("1e5", "1e6"),
     ("a", "b"), ("1.05", "1.5")],
)  # fmt: skip
def test_values_that_differ_are_not_asked_about(one, other):
    assert asked_about([one] * 3 + [other] * 5, study_of(one, other)) == []
    assert asked_about(["case"] * 4 + ["control"] * 4, study_of(), subject=[one, other] * 4) == []


@given(st.sampled_from(["Schädigung", "naïve", "Überstand", "contrôle"]), st.sampled_from(["NFC", "NFD"]))
def test_accents_in_sheet_and_configuration_are_one_spelling(tmp_path_factory, word, form):
    path = tmp_path_factory.mktemp("x") / "s.tsv"
    rows = [f"s{i}\t{unicodedata.normalize(('NFC', 'NFD')[i % 2], word)}" for i in range(4)]
    path.write_text("sample\tgroup\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert read_sheet(path)["group"].nunique() == 1
    level = study_of(unicodedata.normalize(form, word)).contrasts["c"].level
    assert set(read_sheet(path)["group"]) == {level}


def test_numbers_that_pandas_wrote_with_a_point_are_the_same(tmp_path):
    (tmp_path / "s.tsv").write_text("sample\tday\ns1\t1.0\ns2\t\ns3\t7.0\n")
    assert read_sheet(tmp_path / "s.tsv")["day"].tolist() == ["1", None, "7"]
    assert study_of(7.0, 1).contrasts["c"].level == "7"


@pytest.mark.parametrize(
    ("written", "read"),
    [("010", "8"), ("1_000", "1000"), ("0x1F", "31"), ("12:30", "750"), ("-017", "-15"), ("0b11", "3")],
)
def test_a_number_that_yaml_reads_as_another_is_refused(tmp_path, written, read):
    text = "studies:\n  x:\n    contrasts: {c: {variable: group, level: VALUE, reference: a}}\n"
    (tmp_path / "c.yaml").write_text(text.replace("VALUE", written))
    with pytest.raises(ProblemsFound) as refused:
        load(str(tmp_path / "c.yaml"))
    [problem] = [each for each in refused.value.problems if each.code == "yaml_number"]
    assert problem.what == f"YAML reads this as the number {read}"
    assert problem.where.endswith("c.yaml, line 3, studies.x.contrasts.c.level")
    assert (problem.found, problem.hint) == (written, f"put it in quotes: '{written}'")


@pytest.mark.parametrize("written", ["7", "-7", "0", "0.05", "1.5e-3", "+3", ".5", '"010"', "'1_000'", "1e3", "5."])
def test_other_numbers_are_read(tmp_path, written):
    (tmp_path / "c.yaml").write_text(f"studies: {{x: {{thresholds: {{alpha: {written}}}}}}}\n")
    with pytest.raises(ProblemsFound) as refused:
        load(str(tmp_path / "c.yaml"))
    assert not any("YAML reads" in problem.what for problem in refused.value.problems)


def test_yes_and_no_are_to_be_quoted(shared, monkeypatch):
    monkeypatch.chdir(shared / "cases" / "yaml")
    with pytest.raises(ProblemsFound) as refused:
        load("yesno.yaml")
    assert len(refused.value.problems) == 2
    assert all("put it in quotes" in problem.hint for problem in refused.value.problems)


def test_numbers_as_categories_and_as_groups(shared, monkeypatch):
    monkeypatch.chdir(shared / "cases" / "numeric_contrast")
    problems, _ = examine_study(load("age_cat.yaml"), "b09age_cat")
    [error] = [problem for problem in problems if problem.severity == "error"]
    assert "say `numeric: [age]`" in error.hint
    # A contrast of a number is its slope.
    problems, _ = examine_study(load("dose_var.yaml"), "b09dose_var")
    assert [problem for problem in problems if problem.severity == "error"] == []
