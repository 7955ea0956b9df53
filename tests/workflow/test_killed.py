"""A run that is killed: what it leaves is whole, and the next run goes on to the same bytes.

Three kills are tried; MIRCARGO_KILLS=30 tries thirty.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import lay_out

KILLS = int(os.environ.get("MIRCARGO_KILLS", "3"))
# They hold the time of the run.
TIMED = {"provenance.json", "ro-crate-metadata.json"}
SMOKE = ["--configfile", "config/smoke.yaml"]


def results_of(folder: Path) -> dict[str, bytes]:
    """Return what every result file holds, those of the time of a run aside; temporary files have a dot before them."""
    root = folder / "results" / "smoke"
    files = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(root)): path.read_bytes() for path in files if path.name not in TIMED}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return the results of a whole run, and how long it took."""
    project = lay_out(tmp_path_factory.mktemp("undisturbed") / "project")
    start = time.monotonic()
    result = project.run(*SMOKE)
    assert result.returncode == 0, result.stderr
    return results_of(project.folder), time.monotonic() - start


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_run_leaves_whole_files_and_the_next_one_completes(workflow, undisturbed, number):
    expected, seconds = undisturbed
    moment = random.Random(number).uniform(0.2, 0.95 * seconds)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        ["snakemake", "--cores", "2", *SMOKE], cwd=workflow.folder, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        time.sleep(moment)
        assert process.poll() is None, f"the run ended before {moment:.1f} s, when it was to be killed"
        os.killpg(process.pid, signal.SIGKILL)
    for name, content in results_of(workflow.folder).items():
        assert content == expected[name], f"{name} is half-written, killed after {moment:.1f} s"
    again = workflow.run(*SMOKE)
    assert again.returncode == 0, again.stderr
    assert results_of(workflow.folder) == expected
    assert not list((workflow.folder / "results").rglob(".*.part"))
