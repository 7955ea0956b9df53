"""What the workflow plans from a sample sheet, before anything is read with pandas."""

import os
from pathlib import Path
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


def planned(megabytes: float, name: str = "t.tsv") -> tuple[int, dict[int, int]]:
    """Return the cores of a step that can share its work, and the memory of it with one and with four cores."""
    with Path(name).open("wb") as table:
        table.truncate(int(megabytes * 1e6))
    Path("sheets").mkdir(exist_ok=True)
    Path("sheets/s.tsv").write_text(SHEET)
    wiring = Wiring(SimpleNamespace(basedir="."), {"studies": {"one": STUDY | {"counts": [{"table": name}]}}})
    wildcards = SimpleNamespace(study="one")
    memory = wiring.sized(500, per_mb=10, minutes=1)["mem_mb"]
    return wiring.threads(wildcards), {threads: memory(wildcards, 1, threads) for threads in (1, 4)}


def test_a_small_study_takes_one_core_and_a_large_one_several():
    # 1,430 features of 24 samples, 2,500 of 1,000, 2,500 of 10,000.
    assert [planned(megabytes)[0] for megabytes in (0.1, 7, 70)] == [1, 2, 16]
    assert planned(7, "t.tsv.gz")[0] == 11, "packed, it is about five times as large as its file"


def test_each_process_that_shares_the_work_has_its_memory():
    assert planned(100)[1] == {1: 500 + 10 * 100, 4: 500 + 4 * 10 * 100}
