"""What the workflow plans from a sample sheet, before anything is read with pandas."""

import os
from types import SimpleNamespace

import pytest
from snakemake.exceptions import WorkflowError

from mircargo.snakemake.wiring import Wiring

STUDY = {
    "title": "t", "species": "mmu", "counts": [{"table": "t.tsv"}], "samples": "sheets/s.tsv",
    "contrasts": {"injury": {"variable": "group", "each_level_against": "sham"}},
}  # fmt: skip
SHEET = "sample\tgroup\na\tsham\nb\tsham\nc\tSNL\nd\tSNL\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("MIRCARGO_SOURCE", os.environ.get("MIRCARGO_SOURCE", "x"))


def test_names_of_contrasts_that_were_made_are_wildcards(tmp_path):
    (tmp_path / "here" / "sheets").mkdir()
    (tmp_path / "here" / "sheets" / "s.tsv").write_text(SHEET)
    wiring = Wiring(SimpleNamespace(basedir="."), {"studies": {"one": STUDY}})
    assert wiring.wildcards["contrast"] == "injury_SNL"
    assert "results/one/figures/volcano_injury_SNL.svg" in wiring.everything()
    (tmp_path / "here" / "sheets" / "s.tsv").write_text(SHEET + "e\tCFA\nf\tCFA\n")
    wiring = Wiring(SimpleNamespace(basedir="."), {"studies": {"one": STUDY}})
    assert wiring.wildcards["contrast"] == "injury_SNL|injury_CFA", "a new level is a new contrast"


def test_a_job_that_shares_only_a_volume_has_the_sheet_from_there(tmp_path):
    (tmp_path / "volume" / "sheets").mkdir(parents=True)
    (tmp_path / "volume" / "sheets" / "s.tsv").write_text(SHEET)
    storage = SimpleNamespace(default_storage_prefix=str(tmp_path / "volume"))
    workflow = SimpleNamespace(basedir=".", remote_exec=True, storage_settings=storage)
    assert Wiring(workflow, {"studies": {"one": STUDY}}).wildcards["contrast"] == "injury_SNL"
    with pytest.raises(WorkflowError, match="the sample sheet does not exist"):
        Wiring(SimpleNamespace(basedir=".", remote_exec=False), {"studies": {"two": STUDY | {"samples": "none.tsv"}}})


def test_words_that_snakemake_read_as_something_else_are_shown_with_their_line(tmp_path):
    (tmp_path / "here" / "c.yaml").write_text("studies: {}\ntarget: 010\ntarget: let-7a\n")
    workflow = SimpleNamespace(basedir=".", configfiles=[str(tmp_path / "here" / "c.yaml"), "gone.yaml"])
    with pytest.raises(WorkflowError) as refused:
        Wiring(workflow, {"studies": {}, "target": "let-7a"})
    assert "c.yaml, line 2, target: YAML reads this as the number 8" in str(refused.value)
    assert "a key stands twice" in str(refused.value)
    assert str(tmp_path) not in str(refused.value), "a file of the working folder is named as the user does"
