"""One run at a time for each study: the system lets go of the lock, however its holder ended."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mircargo.problems import ProblemsFound
from mircargo.snakemake import lock as turn

HOLD = """
import sys, time
from mircargo.snakemake import lock as turn
turn.take(sys.argv[1:], turn.holder())
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path, monkeypatch):
    """Start another process that holds the studies it is given; all work in one folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(turn, "HELD", [])
    started = []

    def start(*studies, folder=tmp_path):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, *studies], stdout=subprocess.PIPE, text=True, cwd=folder
        )
        started.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    for lock in turn.HELD:
        lock.close()


def test_second_run_is_told_who_is_at_work(holder):
    other = holder("a", "b")
    with pytest.raises(ProblemsFound) as caught:
        turn.take(["b", "c"], turn.holder())
    (problem,) = caught.value.problems
    assert problem.where == "b"
    assert f"process {other.pid}" in problem.found
    # None of them was kept, so that a third run can have the one that was free.
    assert holder("c").poll() is None


def test_runs_of_different_studies_go_side_by_side(holder):
    holder("a")
    turn.take(["b"], turn.holder())
    assert len(turn.HELD) == 1


@pytest.mark.parametrize("linked", ["results", "results/b", ""])
def test_the_lock_lies_with_the_results(linked, holder, tmp_path, monkeypatch):
    """Two folders of projects, of which the second has its results, or those of a study, in the first."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        (folder / "results/b").mkdir(parents=True)
    if linked:
        shutil.rmtree(second / linked)
        (second / linked).symlink_to(first / linked)
    other = holder("b", folder=first)
    monkeypatch.chdir(second)
    if not linked:
        turn.take(["b"], turn.holder())
        return
    with pytest.raises(ProblemsFound, match=f"process {other.pid} "):
        turn.take(["b"], turn.holder())
    assert not list(tmp_path.rglob("b/**/*lock*"))


def test_whoever_may_write_beside_the_results_may_lock_them(tmp_path, monkeypatch):
    """A group's results: files that another of the group made would else lock it out."""
    monkeypatch.setattr(turn, "HELD", [])
    old = os.umask(0o022)
    try:
        (tmp_path / "results").mkdir()
        (tmp_path / "results").chmod(0o775)
        turn.take(["a"], turn.holder(), tmp_path / "results")
    finally:
        os.umask(old)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "results").rglob("*")}
    assert modes == {".mircargo": 0o775, "a.lock": 0o664, "handover": 0o664}
    turn.HELD.pop().close()


def test_killed_run_holds_nothing_and_its_litter_is_swept(holder):
    litter = Path("results/a/figures/.pca.svg.123.part")
    page = Path("results/.index.html.123.part")
    others = Path("results/b/.x.part")
    kept = Path("results/a/figures/pca.svg")
    for path in (litter, page, others, kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    other = holder("a")
    litter.write_text("half")
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    turn.take(["a", "index.html"], turn.holder())
    assert not litter.exists()
    assert not page.exists()
    assert others.exists()
    assert kept.exists()
