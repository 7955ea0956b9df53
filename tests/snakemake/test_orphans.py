"""Whether a step may write: a job of a cluster, which sees the results of its run but not whether that is alive."""

import json
import os
import signal
from pathlib import Path

import pytest

from mircargo import io
from mircargo.problems import ProblemsFound
from mircargo.snakemake import lock, orphans


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Be a job on another machine, of a run that holds two studies; return how the run is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lock, "HELD", [])
    monkeypatch.setattr(io, "guard", io.guard)
    monkeypatch.setenv(orphans.RUN, "")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    own = lock.holder()
    lock.take(["a", "b"], own)
    orphans.announce(own, "a", is_local=True)
    told = json.loads(os.environ[orphans.RUN])
    monkeypatch.setattr("socket.gethostname", lambda: f"not {told['machine']}")
    orphans.follow_run()
    yield own
    for number, handler in handlers.items():
        signal.signal(number, handler)
    for held in lock.HELD:
        held.close()


def test_a_job_writes_until_another_run_holds_its_study(job):
    io.write_text("first", "results/b/table.tsv")
    for held in lock.HELD:  # as when the run is killed
        held.close()
    io.write_text("second", "results/b/table.tsv")
    other = lock.holder()
    lock.take(["b"], other)
    with pytest.raises(ProblemsFound) as caught:
        io.write_text("third", "results/b/table.tsv")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where, problem.found) == (
        "run_has_ended", "results/b/table.tsv", other.partition(", run ")[0],
    )  # fmt: skip
    assert Path("results/b/table.tsv").read_text() == "second"
    assert [path.name for path in Path("results/b").iterdir()] == ["table.tsv"]
    # The other run does not work on this study, nor on what is no result.
    io.write_text("third", "results/a/table.tsv")
    io.write_text("third", "data/table.tsv")


def test_where_no_folder_is_shared_with_the_run_a_job_writes(job, tmp_path, monkeypatch):
    for path in (tmp_path / "results" / lock.FOLDER).iterdir():
        path.unlink()
    io.write_text("text", "results/b/table.tsv")
    assert Path("results/b/table.tsv").read_text() == "text"


def test_only_steps_of_one_machine_look_whether_their_run_is_alive(job, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "here")
    for is_local, machine in ((True, "here"), (False, "")):
        orphans.announce(job, "a", is_local)
        assert json.loads(os.environ[orphans.RUN])["machine"] == machine
