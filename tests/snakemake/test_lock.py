"""One run at a time for each study: the system lets go of the lock, however its holder ended."""

import os
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

    def start(*studies):
        process = subprocess.Popen([sys.executable, "-c", HOLD, *studies], stdout=subprocess.PIPE, text=True)
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


def test_killed_run_holds_nothing_and_its_litter_is_swept(holder):
    litter = Path("results/a/figures/.pca.svg.123.part")
    others = Path("results/b/.x.part")
    kept = Path("results/a/figures/pca.svg")
    for path in (litter, others, kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    other = holder("a")
    litter.write_text("half")
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    turn.take(["a"], turn.holder())
    assert not litter.exists()
    assert others.exists()
    assert kept.exists()
