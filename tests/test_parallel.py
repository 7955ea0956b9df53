"""Tasks on several cores: in order, with the messages of one core, and nothing left of them however they end."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from mircargo import parallel
from mircargo.parallel import in_order
from mircargo.problems import ProblemsFound, refusal

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are not forked here")


def own(number: int) -> tuple[int, int]:
    time.sleep(0.05 * (number == 0))  # the first is done last
    return number, os.getpid()


@linux
@pytest.mark.parametrize(("threads", "forked"), [(1, False), (2, True), (7, True)])
def test_what_tasks_give_stands_in_their_order(threads, forked):
    found = in_order([partial(own, number) for number in range(5)], threads)
    assert [number for number, _ in found] == list(range(5))
    processes = {process for _, process in found}
    assert len(processes) <= min(threads, 5)
    assert (os.getpid() not in processes) == forked


def test_where_no_process_can_be_forked_tasks_are_done_here(monkeypatch):
    monkeypatch.setattr(parallel, "FORKS", False)
    assert in_order([os.getpid] * 3, 2) == [os.getpid()] * 3


@linux
@pytest.mark.parametrize("threads", [1, 2])
def test_the_problem_of_the_first_task_that_has_one_is_raised(threads):
    def refuse(number: int) -> int:
        if number in (1, 3):
            raise refusal("a_code", f"task {number}")
        return number

    with pytest.raises(ProblemsFound) as refused:
        in_order([partial(refuse, number) for number in range(5)], threads)
    assert [(each.code, each.what) for each in refused.value.problems] == [("a_code", "task 1")]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)  # as the kernel does where memory is short


def run_out() -> None:
    raise MemoryError


@linux
@pytest.mark.parametrize("end", [die, run_out])
def test_a_process_that_the_system_ends_is_one_problem_that_says_what_to_do(end):
    with pytest.raises(ProblemsFound) as refused:
        in_order([partial(own, 1), end, partial(own, 2)], 2)
    (problem,) = refused.value.problems
    assert problem.code == "process_ended"
    assert "memory" in problem.what
    assert "--set-threads" in problem.hint


@linux
def test_processes_end_with_the_one_that_they_work_for(tmp_path):
    text = (
        "import os, time\nfrom pathlib import Path\nfrom mircargo.parallel import in_order\n"
        "def wait():\n    Path(str(os.getpid())).touch()\n    time.sleep(60)\n"
        "in_order([wait] * 2, 2)\n"
    )
    started = subprocess.Popen([sys.executable, "-c", text], cwd=tmp_path)
    working = until(lambda: len(pids := [each.name for each in tmp_path.iterdir()]) == 2 and pids)
    started.kill()
    started.wait()
    until(lambda: not any(runs(pid) for pid in working))


def runs(pid: str) -> bool:
    status = Path("/proc", pid, "stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(reached, seconds: float = 20):
    end = time.monotonic() + seconds
    while not (found := reached()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)
    return found
