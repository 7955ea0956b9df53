"""What a configuration leaves to its sample sheet: a contrast for each level, the reference of an interaction."""

import json
import subprocess
import sys

import jsonschema
import pytest

from factories import as_text, problems_of, study_of
from mircargo.config import parse
from mircargo.config.reference import schema
from mircargo.snakemake.settings import Job

SHEET = """\
sample\tgroup\tgeno\tfraction\tday\tage
s1\tsham\twt\tdrg\t1\t60
s2\tsham\tko\texo\t1\t61
s3\tCFA 3 d\twt\tdrg\t7\t62
s4\tCFA 3 d\tko\texo\t7\t63
s5\tSNL\twt\tdrg\t7\t64
s6\tSNL\tko\tdrg\t1\t65
s7\t\thet\tdrg\t1\t66
"""
EACH = {"variable": "group", "each_level_against": "sham"}
ASKED = {"variable": "group", "level": "SNL", "reference": "sham"}


@pytest.fixture(autouse=True)
def in_the_folder_of_the_sheet(tmp_path, monkeypatch):
    (tmp_path / "s.tsv").write_text(SHEET)
    monkeypatch.chdir(tmp_path)


def short(study):
    return {name: (each.level, each.reference, each.title) for name, each in study.contrasts.items()}


def test_each_level_is_a_contrast_in_the_order_of_the_sheet_and_as_it_is_written():
    study = study_of(contrasts={"before": ASKED | {"title": "By hand"}, "injury": EACH, "after": ASKED})
    assert short(study) == {
        "before": ("SNL", "sham", "By hand"),
        "injury_CFA_3_d": ("CFA 3 d", "sham", "CFA 3 d against sham"),
        "injury_SNL": ("SNL", "sham", "SNL against sham"),
        "after": ("SNL", "sham", None),
    }


def test_other_keys_go_to_each_of_them_and_a_title_stands_before():
    contrast = EACH | {"title": "Injury", "blocking": ["geno"], "expected": "up", "subset": {"fraction": "drg"}}
    study = study_of(contrasts={"drg": contrast})
    assert list(short(study).values()) == [
        ("CFA 3 d", "sham", "Injury (CFA 3 d against sham)"),
        ("SNL", "sham", "Injury (SNL against sham)"),
    ]
    assert all(each.blocking == ["geno"] and each.expected == "up" for each in study.contrasts.values())


def test_only_levels_of_the_subset_are_taken():
    subset = {"subset": {"fraction": ["exo"]}}
    assert short(study_of(contrasts={"exo": EACH | subset})) == {
        "exo_CFA_3_d": ("CFA 3 d", "sham", "exo, CFA 3 d against sham")
    }
    chosen = study_of(contrasts={"x": EACH | {"subset": {"group": ["sham", "SNL"]}}})
    assert short(chosen) == {"x_SNL": ("SNL", "sham", "SNL against sham")}
    days = study_of(contrasts={"x": {"variable": "day", "each_level_against": 1, "subset": {"geno": ["wt", "ko"]}}})
    assert short(days) == {"x_7": ("7", "1", "wt or ko, 7 against 1")}


def test_lines_that_say_the_same_are_told_apart_by_their_keys():
    study = study_of(contrasts={"a": EACH, "b": EACH | {"blocking": ["geno"]}})
    assert [each.title for each in study.contrasts.values()] == [
        "CFA 3 d against sham", "SNL against sham", "b (CFA 3 d against sham)", "b (SNL against sham)",
    ]  # fmt: skip


def test_names_that_a_file_can_have_are_each_once(tmp_path):
    levels = ["ref", "CD9+", "CD9-", "cd9", "größe", "\u03b2", "\u03b3", "a/b"]
    rows = [f"x{i}\t{level}" for i, level in enumerate(levels * 2)]
    (tmp_path / "s.tsv").write_text("\n".join(["sample\tgroup", *rows]) + "\n")
    study = study_of(contrasts={"k": {"variable": "group", "each_level_against": "ref"}})
    assert {name: each.level for name, each in study.contrasts.items()} == {
        "k_CD9": "CD9+", "k_CD9-": "CD9-", "k_cd9_2": "cd9", "k_gro_e": "größe",
        "k_level": "\u03b2", "k_level_2": "\u03b3",
        "k_a_b": "a/b",
    }  # fmt: skip
    taken = study_of(contrasts={"k": {"variable": "group", "each_level_against": "ref"}, "K_cd9": {
        "variable": "group", "level": "cd9", "reference": "ref"}})  # fmt: skip
    assert list(taken.contrasts)[:2] == ["k_CD9_2", "k_CD9-"]


def test_comparisons_and_meta_analyses_can_name_them():
    own = {
        "d": EACH | {"subset": {"fraction": "drg", "group": ["sham", "CFA 3 d"]}},
        "e": EACH | {"subset": {"fraction": "exo"}},
    }
    study = study_of(contrasts=own, comparisons={"r": {"exosome": "e_CFA_3_d", "source": "d_CFA_3_d"}})
    assert study.exosome_contrasts() == ["e_CFA_3_d"]
    settings = {"studies": {"one": {"title": "t", "species": "mmu", "counts": [{"table": "t"}], "samples": "s.tsv"}}}
    settings["studies"]["one"]["contrasts"] = own
    settings["meta"] = {"m": {"title": "x", "contrasts": ["one.e_CFA_3_d", "one.d_CFA_3_d"]}}
    assert parse(settings).meta["m"].named == [("one", "e_CFA_3_d"), ("one", "d_CFA_3_d")]


def test_an_interaction_by_name_is_against_the_only_other_level():
    study = study_of(contrasts={"x": ASKED | {"interaction": {"geno": "ko"}, "subset": {"geno": ["wt", "ko"]}}})
    assert study.contrasts["x"].interaction.model_dump() == {"variable": "geno", "level": "ko", "reference": "wt"}
    assert study.contrasts["x"].title is None
    day = study_of(contrasts={"x": ASKED | {"interaction": {"day": 7.0}}})
    assert day.contrasts["x"].interaction.model_dump() == {"variable": "day", "level": "7", "reference": "1"}
    each = study_of(
        contrasts={"x": EACH | {"interaction": {"fraction": "exo"}, "subset": {"fraction": ["drg", "exo"]}}}
    )
    assert [one.title for one in each.contrasts.values()] == [
        "fraction exo relative to drg, CFA 3 d against sham", "fraction exo relative to drg, SNL against sham",
    ]  # fmt: skip


def test_a_slope_needs_no_levels():
    contrast = study_of(contrasts={"x": {"variable": "age"}}, numeric=["age"]).contrasts["x"]
    assert contrast.per_unit
    assert float(contrast.level) > float(contrast.reference), "with each unit more"
    back = study_of(contrasts={"x": {"variable": "age", "level": 0, "reference": 5}}, numeric=["age"]).contrasts["x"]
    assert (back.level, back.reference) == ("0", "5")


REFUSED = {
    "no sheet": {"samples": "none.tsv", "contrasts": {"x": EACH, "y": EACH}},
    "no such column": {"contrasts": {"x": EACH | {"variable": "grup"}}},
    "no such column of the subset": {"contrasts": {"x": EACH | {"variable": "grup", "subset": {"sex": "f"}}}},
    "no such level": {"contrasts": {"x": EACH | {"each_level_against": "Sham"}}},
    "not in the subset": {"contrasts": {"x": EACH | {"subset": {"group": ["SNL", "CFA 3 d"]}}}},
    "one level": {"contrasts": {"x": EACH | {"subset": {"group": "sham"}}}},
    "an empty subset": {"contrasts": {"x": EACH | {"subset": {"geno": "het", "group": "sham"}}}},
    "levels beside it": {"contrasts": {"x": EACH | {"level": "SNL", "reference": "sham"}}},
    "a number": {"contrasts": {"x": {"variable": "age", "each_level_against": 60}}, "numeric": ["age"]},
    "a column of subjects": {"contrasts": {"x": {"variable": "age", "each_level_against": 60}}},
    "an interaction of three levels": {"contrasts": {"x": ASKED | {"interaction": {"geno": "ko"}}}},
    "an interaction of no level": {"contrasts": {"x": ASKED | {"interaction": {"geno": "KO"}}}},
    "an unknown key once": {"contrasts": {"x": EACH | {"colour": "red"}}},
    "what others name is not told": {
        "contrasts": {"x": EACH | {"each_level_against": "y"}},
        "comparisons": {"r": {"exosome": "x_SNL", "source": "x_SNL"}},
        "species": "mouse",
    },
    "several at once": {
        "contrasts": {
            "x": EACH | {"each_level_against": "y", "interaction": {"geno": "z"}},
            "y": EACH | {"variable": "v"},
        }
    },
    "titles that are one": {"contrasts": {"x": ASKED | {"title": "A"}, "y": ASKED | {"title": "A"}}},
    "a title that is a name": {"contrasts": {"x": ASKED | {"title": "y"}, "y": ASKED}},
    "a title that is none": {"contrasts": {"x": ASKED | {"title": " "}, "y": ASKED | {"title": "{x}"}}},
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_from_the_sheet_is_refused(case, snapshot):
    assert as_text(problems_of(study_of, **REFUSED[case])) == snapshot


def test_more_than_two_hundred_levels_are_refused(tmp_path):
    rows = [f"x{i}\tg{i % 202}" for i in range(404)]
    (tmp_path / "s.tsv").write_text("\n".join(["sample\tgroup", *rows]) + "\n")
    [problem] = problems_of(study_of, contrasts={"x": {"variable": "group", "each_level_against": "g0"}})
    assert problem.code == "too_many_levels"
    assert "is it a column of subjects?" in problem.what
    rows = [row for row in rows if not row.endswith("\tg201")]
    (tmp_path / "s.tsv").write_text("\n".join(["sample\tgroup", *rows]) + "\n")
    assert len(study_of(contrasts={"x": {"variable": "group", "each_level_against": "g0"}}).contrasts) == 200


def test_a_sheet_that_nothing_is_left_to_is_not_read():
    assert study_of(samples="none.tsv", contrasts={"x": ASKED}).samples == "none.tsv"


def test_the_schema_takes_the_short_forms():
    contrasts = {"a": EACH, "b": {"variable": "age"}, "c": ASKED | {"interaction": {"geno": "ko"}, "title": "T"}}
    study = {"title": "t", "species": "mmu", "counts": [{"table": "t"}], "samples": "s.tsv", "contrasts": contrasts}
    jsonschema.validate({"studies": {"one": study}}, json.loads(schema()))


def test_results_rest_on_the_contrasts_that_were_made():
    settings = {
        "title": "t",
        "species": "mmu",
        "counts": [{"table": "t"}],
        "samples": "s.tsv",
        "contrasts": {"x": EACH},
    }
    job = Job(parse({"studies": {"one": settings}}), type("Wildcards", (), {"study": "one"})())
    made = job.resolved()["studies"]["one"]["contrasts"]
    assert {name: (each["level"], each["title"]) for name, each in made.items()} == {
        "x_CFA_3_d": ("CFA 3 d", "CFA 3 d against sham"), "x_SNL": ("SNL", "SNL against sham"),
    }  # fmt: skip
    assert parse(job.resolved()).studies["one"].contrasts == job.study.contrasts


def test_reading_a_sheet_to_plan_a_run_imports_no_pandas():
    code = """
import sys
from mircargo.config import parse
each = {"variable": "group", "each_level_against": "sham"}
study = {"title": "t", "species": "mmu", "counts": [{"table": "t"}], "samples": "s.tsv", "contrasts": {"x": each}}
print(len(parse({"studies": {"one": study}}).studies["one"].contrasts), "pandas" in sys.modules, "numpy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2 False False\n"
