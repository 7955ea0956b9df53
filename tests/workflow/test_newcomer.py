"""A newcomer's three commands, from an unknown table to a report, with no file edited."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mircargo.io import read_result


def mircargo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = str(Path(sys.executable).parent / "mircargo")
    return subprocess.run(
        [command, *arguments], cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("tables", "targets", "calls"),
    [
        (
            ["microglia_ev/microRNAseq_Cells_RAW_Counts.csv", "microglia_ev/microRNAseq_EVs_RAW_counts.csv"],
            ["cargo/target.tsv", "cargo/release/ev_LPS_against_cell_LPS.tsv"],
            {"cell_LPS": 1.93, "ev_LPS": 0.86},  # as published
        ),
        (["myotube_ev/bwa_counts.txt"], ["report.html", "cargo/target.tsv"], {"damaged": -0.38}),
    ],
    ids=["microglia", "myotube"],
)
def test_from_a_table_to_a_report(workflow, shared, tables, targets, calls):
    paths = [str(shared / "data" / table) for table in tables]
    begun = mircargo(workflow.folder, "init", *paths, "--species", "mouse")
    assert begun.returncode == 0, begun.stderr
    checked = mircargo(workflow.folder, "check", "mine.yaml")
    assert checked.returncode == 0, checked.stderr
    run = mircargo(
        workflow.folder, "run", "mine.yaml", "--cores", "2", "--", *(f"results/mine/{target}" for target in targets)
    )
    assert run.returncode == 0, run.stderr
    table = read_result(workflow.folder / "results" / "mine" / "cargo" / "target.tsv").set_index("contrast")
    for contrast, log2_fold_change in calls.items():
        assert table["log2FoldChange"][contrast] == pytest.approx(log2_fold_change, abs=0.02)


def test_what_is_not_filled_in_stops_the_run(workflow, shared):
    table = str(shared / "data" / "joint_injury" / "mature_counts.csv")
    assert mircargo(workflow.folder, "init", table, "--species", "mmu").returncode == 0
    checked = mircargo(workflow.folder, "check", "mine.yaml")
    assert checked.returncode == 1
    assert "column 'group': cells that are still to be filled in\n    found: all 18 samples" in checked.stderr
    run = mircargo(workflow.folder, "run", "mine.yaml")
    assert run.returncode == 1
    assert "still to be filled in" in run.stdout + run.stderr
    assert not list((workflow.folder / "results").rglob("*.tsv"))
