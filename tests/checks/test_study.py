"""What the check warns of, on sheets small enough to see why; and its list for machines."""

import json

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from factories import study_of, write_study
from mircargo.checks.spellings import similar_columns, similar_values
from mircargo.checks.study import examine_study, fill_in_problems
from mircargo.checks.wary import (
    confounded_columns,
    depth_with_group,
    design_warnings,
    few_samples,
    repeated_subjects,
)
from mircargo.cli.main import mircargo
from mircargo.config import Contrast, Interaction, load
from studies import ROOT, read_study

CONTRAST = Contrast(variable="group", level="case", reference="control")
NAMES = [f"s{i}" for i in range(1, 9)]


def sheet_of(**columns: str) -> pd.DataFrame:
    """Return a sheet of 4 controls and 4 cases; a column is written as one letter a sample."""
    table = pd.DataFrame({name: list(values) for name, values in columns.items()}, index=NAMES)
    return table.assign(group=["control"] * 4 + ["case"] * 4)


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ([100, 110, 120, 130, 260, 270, 280, 290], "2.4-fold"),  # 274.8 / 114.5 = 2.40
        ([100, 110, 120, 130, 131, 140, 150, 160], None),  # apart, but 1.3-fold
        ([100, 110, 120, 900, 800, 970, 980, 990], None),  # over 2-fold, but not apart
    ],
)
def test_depth_that_goes_with_the_groups(totals, said):
    problems = depth_with_group(pd.DataFrame([totals], columns=NAMES), sheet_of(), CONTRAST, "c")
    assert [said in problem.found for problem in problems] == ([True] if said else [])
    if said:
        assert "'case' 260 to 290 reads; 'control' 100 to 130 reads" in problems[0].found


@pytest.mark.parametrize(
    ("subjects", "blocking", "words"),
    [
        ("abcdefgh", [], []),
        ("aacdefgh", [], ["more than once in a group"]),
        ("abcdabcd", [], ["in both groups"]),
        ("abcdabcd", ["subject"], []),
        ("aabbaabb", [], ["more than once in a group", "in both groups"]),
    ],
)
def test_a_subject_is_the_unit_of_replication(subjects, blocking, words):
    contrast = CONTRAST.model_copy(update={"blocking": blocking})
    problems = repeated_subjects(sheet_of(subject=subjects), contrast, "subject", "c")
    assert len(problems) == len(words)
    assert all(word in problem.what for word, problem in zip(words, problems, strict=True))
    if subjects == "aacdefgh":
        assert problems[0].found == "subject a: s1, s2"


@pytest.mark.parametrize(
    ("kit", "found"),
    [
        ("xxxxyyyy", "kit (control: x; case: y)"),
        ("xxzzyyyy", "kit (control: x, z; case: y)"),  # three kits, none in both groups
        ("xxxyyyyy", "kit (control: x, y; case: y; 1 sample out of line)"),
        ("xyxyxyxy", None),
        ("xxxxxxxx", None),
        ("abcdefgh", None),  # a value for every sample: an identifier
        ("aabcdefg", None),  # nearly so: animals
    ],
)
def test_columns_that_go_with_the_groups(kit, found):
    problems = confounded_columns(sheet_of(kit=kit), CONTRAST, [], "c")
    assert [problem.found for problem in problems] == ([found] if found else [])


def test_a_column_that_restates_the_group_or_is_blocked_is_not_named():
    sheet = sheet_of(kit="xxxxyyyy", leg="llllrrrr")
    sheet["group"] = sheet["group"].map({"control": "day_7_l", "case": "day_7_r"})
    contrast = Contrast(variable="group", level="day_7_r", reference="day_7_l")
    [problem] = confounded_columns(sheet, contrast, [], "c")
    assert problem.found == "kit (day_7_l: x; day_7_r: y)"
    assert confounded_columns(sheet, contrast.model_copy(update={"blocking": ["kit"]}), [], "c") == []
    assert confounded_columns(sheet, contrast.model_copy(update={"design": "~ kit + group"}), [], "c") == []


def test_near_misses_in_the_sheet():
    treatments = ["IL-10", "IL10", "Control", "control", "a+", "a-", "1.5", "15"]
    problems = similar_values(pd.DataFrame({"treatment": treatments}, index=NAMES), "s.tsv")
    assert [problem.found for problem in problems] == [
        "'Control' (1 samples), 'control' (1 samples)",
        "'IL-10' (1 samples), 'IL10' (1 samples)",
    ]
    assert problems[0].where == "s.tsv, column 'treatment'"
    [problem] = similar_columns(pd.DataFrame(columns=["group", "Group", "batch", "Batch"]), ["group"], "s.tsv")
    assert problem.found == "'group' is used, 'Group' is there too"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["contol", *["control"] * 3, *["case"] * 4], ["'contol' of sample s1"]),
        (["sham", *["control"] * 3, *["case"] * 4], []),  # another group, and no slip
        (["contol", "contol", *["control"] * 2, *["case"] * 4], []),  # two samples: a name somebody chose
        (["control2", *["control1"] * 3, *["case"] * 4], []),  # numbers are what tells groups apart
    ],
)
def test_a_value_that_nearly_spells_a_group_is_named_with_its_sample(values, found):
    sheet = sheet_of().assign(group=values)
    level = {"variable": "group", "level": "case", "reference": values[2] if "1" in values[2] else "control"}
    warned = design_warnings(study_of(contrasts={"c": level}), sheet, "studies.mine")
    slips = [problem for problem in warned if "nearly spells" in problem.what]
    assert [problem.found for problem in slips] == found
    assert all("if 'control' is meant" in problem.hint for problem in slips)


def test_a_small_group_is_a_warning_of_the_study():
    sheet = sheet_of().drop(index=["s1", "s2"])
    assert few_samples(sheet_of(), CONTRAST, "c") == []
    [problem] = design_warnings(study_of(), sheet, "studies.mine")
    assert (problem.severity, problem.found) == ("warning", "'control' has 2")


def test_slopes_and_interactions_are_checked_as_what_they_are():
    sheet = sheet_of(dose="00112233", sex="ffmmffmm").assign(column=NAMES)
    asked = {"variable": "dose", "level": 3, "reference": 0}
    slope = study_of(numeric=["dose"], contrasts={"c": asked})
    # Two samples of a dose are no small group, and the groups that the doses happen to go with no confounding.
    assert design_warnings(slope, sheet, "x") == []
    said = [problem.what for problem in design_warnings(study_of(contrasts={"c": asked}), sheet, "x")]
    assert "a group with fewer than three samples" in said
    # A mouse that stands twice does so whatever its doses are.
    twice = design_warnings(slope, sheet.assign(subject=list("aabcdefg")), "x")
    assert [problem.what.split(" counts")[0] for problem in twice] == ["a subject stands more than once in a group and"]
    contrast = CONTRAST.model_copy(update={"interaction": Interaction(variable="sex", level="m", reference="f")})
    [problem] = few_samples(sheet, contrast, "c")
    assert problem.found == "'f case' has 2, 'f control' has 2, 'm case' has 2, 'm control' has 2"


def test_what_is_left_to_fill_in_is_named_where_it_is_used():
    sheet = sheet_of(batch="xyxyxyxy")
    sheet.loc["s2", "group"] = "FILL_IN"
    sheet.loc["s3", "batch"] = "FILL_IN"  # in no use
    study = study_of(contrasts={"c": {"variable": "group", "level": "FILL_IN a or b", "reference": "control"}})
    first, second = fill_in_problems(study, sheet, "studies.mine")
    assert (first.where, first.found) == ("studies.mine.contrasts.c", "level: 'FILL_IN a or b'")
    assert first.hint == "write one of control, case"
    assert (second.where, second.found) == ("s.tsv, column 'group'", "samples s2")
    # One message a contrast, however many of its values are to be filled in.
    both = study_of(contrasts={"c": {"variable": "group", "level": "FILL_IN 1", "reference": "FILL_IN 2"}})
    first, second = fill_in_problems(both, sheet, "studies.mine")
    assert first.found == "level: 'FILL_IN 1'; reference: 'FILL_IN 2'"
    assert first.what == "values that are still to be filled in"


def test_the_example_and_the_public_studies_get_no_warning_that_they_do_not_deserve(shared, monkeypatch):
    monkeypatch.chdir(ROOT)
    said = [problem.what for problem in examine_study(load("config/config.yaml"), "example")[0]]
    assert [what.split(",")[0] for what in said] == ["one feature holds a large share of the reads"]
    for name, expected in (("microglia_ev", 0), ("joint_injury", 1), ("myotube_ev", 1)):
        study, read, sheet = read_study(name, shared)
        problems = design_warnings(study, sheet, "x")
        assert len(problems) == expected, problems
        if name == "joint_injury":  # both legs of the naive mice, by the sheet: mice D, E and F
            assert all(mouse in problems[0].found for mouse in "DEF"), problems[0]
        for key, contrast in study.contrasts.items():
            chosen = sheet[sheet[contrast.variable].isin([contrast.level, contrast.reference])]
            for column, values in contrast.subset.items():
                chosen = chosen[chosen[column].isin(values)]
            assert depth_with_group(read.counts, chosen, contrast, key) == []


def test_the_list_for_machines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"mmu-miR-{i}-5p\t" + "\t".join(str(i * 7 + j) for j in range(8)) + "\n" for i in (9, 21, 30))
    (tmp_path / "t.tsv").write_text("feature\t" + "\t".join(NAMES) + "\n" + rows)
    sheet_of(kit="xxxxyyyy").to_csv(tmp_path / "s.tsv", sep="\t", index_label="sample")
    good = study_of().model_dump(exclude_none=True)
    bad = good | {"contrasts": {"c": {"variable": "grup", "level": "case", "reference": "control"}}}
    (tmp_path / "two.yaml").write_text(yaml.safe_dump({"studies": {"good": good, "bad": bad}}))

    result = CliRunner().invoke(mircargo, ["check", "two.yaml", "--json"])
    listed = json.loads(result.stdout)
    assert result.exit_code == 1
    assert listed["errors"] == 1
    assert listed["warnings"] == len(listed["problems"]) - 1
    first = listed["problems"][0]
    assert set(first) == {"study", "code", "severity", "what", "where", "found", "hint", "samples"}
    assert (first["study"], first["severity"], first["found"]) == ("bad", "error", "'grup'")
    assert (first["code"], first["samples"]) == ("no_such_column", [])
    assert {"good", "bad"} == {problem["study"] for problem in listed["problems"]}

    result = CliRunner().invoke(mircargo, ["check", "two.yaml", "--json", "--study", "good"])
    assert (result.exit_code, json.loads(result.stdout)["errors"]) == (0, 0)
    result = CliRunner().invoke(mircargo, ["check", "none.yaml", "--json"])
    assert (result.exit_code, json.loads(result.stdout)["problems"][0]["study"]) == (1, None)

    # For people the same, each with its study.
    said = str(CliRunner().invoke(mircargo, ["check", "two.yaml"]).exception)
    assert "ERROR studies.bad.contrasts.c: the sample sheet has no such column" in said
    assert "study good: samples s1" in said
    assert "study bad: samples s1" in said


def test_tables_of_another_kind_of_rna_are_said_to_be_so(shared, tmp_path):
    table = pd.read_csv(shared / "data" / "formats" / "mirge3" / "tRF.Counts.csv", index_col=0)
    study = {"species": "hsa", "counts": [{"table": str(shared / "data/formats/mirge3/tRF.Counts.csv")}]}
    levels = [("control", "case")[i % 2] for i in range(table.shape[1])]
    errors = [
        p for p in examine_study(write_study(tmp_path, table, levels, **study), "mine")[0] if p.severity == "error"
    ]
    assert [p.what for p in errors] == ["no row of the tables is of the kinds configured: miRNA"]
    known = write_study(tmp_path, table, levels, biotypes=["tRNA"], **study)
    assert [p for p in examine_study(known, "mine")[0] if p.severity == "error"] == []
