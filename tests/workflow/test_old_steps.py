"""After SIGKILL of Snakemake alone, what is left of its run writes nothing into the results of the next one."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from project import Workflow, lay_out
from running import arguments_of_processes, parent_of, until

FIT = "results/smoke/differential/exosome_injury.tsv"
WARM = "mircargo.snakemake.warm"


def steps(folder: Path) -> list[int]:
    """List the processes that do the work of a step; while the warm process imports, it may begin other programs."""
    seen = candidates(folder)
    time.sleep(0.02)
    return sorted(seen & candidates(folder))


def candidates(folder: Path) -> set[int]:
    """Return commands of a step, or forks of the warm process."""
    running = arguments_of_processes(folder)
    warm = {number for number, words in running.items() if WARM in words}
    forks = set()
    with contextlib.suppress(OSError):  # one has just ended
        forks = {number for number in warm if parent_of(number) in warm}
    # A command that found a warm process waits for a fork, and does nothing itself.
    commands = {number for number, words in running.items() if {"step", "fit_contrast"} <= {*words}}
    return forks if warm else commands


def with_alpha(alpha: str) -> tuple[str, str, str]:
    return "--configfile", "config/smoke.yaml", f"alpha_{alpha}.yaml"


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A project in which nothing but a fit is left to do, and what the fit holds for the second configuration."""
    project = lay_out(tmp_path_factory.mktemp("counted") / "project")
    for alpha in ("0.05", "0.2"):
        text = f"thresholds: {{alpha: {alpha}}}\n"
        (project.folder / f"alpha_{alpha}.yaml").write_text(text)
    project.complete(FIT, *with_alpha("0.2"))
    expected = (project.folder / FIT).read_bytes()
    project.complete(FIT, *with_alpha("0.05"))
    assert (project.folder / FIT).read_bytes() != expected
    (project.folder / FIT).unlink()
    return project, expected


def start(project: Workflow, **variables: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["snakemake", "--cores", "1", FIT, *with_alpha("0.05")], cwd=project.folder,
        env=project.environment(**variables), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


@pytest.fixture
def project(counted, tmp_path):
    copied = counted[0].copy_to(tmp_path / "project")
    yield copied
    for process in arguments_of_processes(copied.folder):
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("kind", ["cold", "warm"])
def test_a_step_that_outlives_its_run_does_not_write_over_the_next_ones_results(kind, project, counted):
    run = start(project, **({"MIRCARGO_WARM": ""} if kind == "cold" else {}))
    (step,) = until(lambda: steps(project.folder))
    # Held up in the middle of its work, as is the warm process, which would end it.
    held = [step, *(number for number, words in arguments_of_processes(project.folder).items() if WARM in words)]
    for process in held:
        os.kill(process, signal.SIGSTOP)
    run.kill()
    run.wait()
    project.complete(FIT, *with_alpha("0.2"))
    assert (project.folder / FIT).read_bytes() == counted[1]
    with contextlib.suppress(ProcessLookupError):  # it may have ended with the warm process
        os.kill(step, signal.SIGCONT)
    until(lambda: step not in arguments_of_processes(project.folder))
    assert (project.folder / FIT).read_bytes() == counted[1]
    assert not list((project.folder / "results").rglob(".*.part"))


@pytest.mark.parametrize("kind", ["cold", "warm"])
def test_steps_end_with_their_run(kind, project):
    run = start(project, **({"MIRCARGO_WARM": ""} if kind == "cold" else {}))
    until(lambda: steps(project.folder))
    run.kill()
    run.wait()
    until(lambda: not arguments_of_processes(project.folder))
    assert not (project.folder / FIT).exists()
    assert not list((project.folder / "results").rglob(".*.part"))
