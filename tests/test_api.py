"""The package from a notebook: the flat names give what the workflow gives."""

import subprocess
import sys

import pytest

import mircargo as mc
from factories import Made, make
from mircargo.inputs.sheet import read_sheet
from mircargo.io import read_counts
from mircargo.problems import ProblemsFound
from project import ROOT

CONTRAST = {"variable": "condition", "level": "injured", "reference": "control", "subset": {"fraction": ["exosome"]},
            "blocking": ["batch"]}  # fmt: skip


@pytest.fixture(scope="module")
def fitted():
    counts = read_counts(ROOT / "config" / "example" / "exosome_counts.tsv")
    sheet = read_sheet(str(ROOT / "config" / "example" / "samples.tsv"))
    return mc.fit(counts, sheet.loc[list(counts)], CONTRAST)


def test_a_fit_and_its_call_find_what_the_example_plants(fitted):
    truth = read_counts(ROOT / "config" / "example" / "truth.tsv")
    row = mc.call_target(fitted, CONTRAST, "mmu-miR-21a-5p")
    assert row["call"] == "up"
    planted = truth.loc["mmu-miR-21a-5p", "exosome_log2_fold_change"]
    assert row["ci_low"] < planted < row["ci_high"]
    assert "mmu-miR-21a-5p is up" in row["sentence"]


def test_figures_are_drawn_by_their_names(fitted):
    figure = mc.plot.volcano(
        fitted.results, target=["mmu-miR-21a-5p"], co_cargo=[], alpha=0.05, change="injured / control"
    )
    assert any("injured / control" in axes.get_xlabel() for axes in figure.axes)
    assert {"volcano", "ma", "pca", "forest"} <= set(dir(mc.plot))
    with pytest.raises(AttributeError, match="there is no figure 'pie'"):
        mc.plot.pie  # noqa: B018


def test_tables_are_read_and_studies_checked():
    table = mc.read_table(ROOT / "config" / "example" / "drg_counts.tsv")
    assert table.format == "plain"
    assert "error" not in {problem.severity for problem in mc.check(ROOT / "config" / "smoke.yaml")}


def test_the_package_itself_imports_nothing_that_takes_time():
    code = "import sys, mircargo; print([name for name in ('pandas', 'numpy', 'pydeseq2') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_results_of_a_study_are_read_by_their_folder_and_another_folder_is_refused(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    with pytest.raises(ProblemsFound) as raised:
        mc.read_study(folder)
    (problem,) = raised.value.problems
    assert problem.code == "no_results"
    assert problem.where == str(folder)
    made = make(Made(), tmp_path / "mine")
    results = mc.read_study(str(made))
    assert results.name == "mine"
    assert list(results.fit) == ["c1", "c2"]
