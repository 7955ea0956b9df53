"""What the check warns of, on sheets small enough to see why; and its list for machines."""

import json

import pandas as pd
import yaml
from click.testing import CliRunner

from factories import study_of, write_study
from mircargo.checks.study import examine_study, fill_in_problems
from mircargo.cli.main import mircargo
from mircargo.config import load
from studies import ROOT

NAMES = [f"s{i}" for i in range(1, 9)]


def sheet_of(**columns: str) -> pd.DataFrame:
    """Return a sheet of 4 controls and 4 cases; a column is written as one letter a sample."""
    table = pd.DataFrame({name: list(values) for name, values in columns.items()}, index=NAMES)
    return table.assign(group=["control"] * 4 + ["case"] * 4)


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


def test_the_example_gets_no_warning_that_it_does_not_deserve(monkeypatch):
    monkeypatch.chdir(ROOT)
    said = [problem.what for problem in examine_study(load("config/config.yaml"), "example")[0]]
    assert [what.split(",")[0] for what in said] == ["one feature holds a large share of the reads"]


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
