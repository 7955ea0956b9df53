"""A run that is killed: what it leaves is whole, and the next run goes on to the same bytes.

Three kills are tried; MIRCARGO_KILLS=30 tries thirty.
"""

import os
import random
import re
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
# The report says it at its head and at its foot.
MINUTE = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\)")
SMOKE = ["--configfile", "config/smoke.yaml"]


def results_of(folder: Path) -> dict[str, bytes]:
    """Return what every result file holds, the time of a run aside; temporary files have a dot before them."""
    root = folder / "results" / "smoke"
    files = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    held = {str(path.relative_to(root)): path.read_bytes() for path in files if path.name not in TIMED}
    return {name: MINUTE.sub(b"", content) for name, content in held.items()}


def count_of(folder: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder / "results" / "smoke"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return the results of a whole run."""
    project = lay_out(tmp_path_factory.mktemp("undisturbed") / "project")
    result = project.run(*SMOKE)
    assert result.returncode == 0, result.stderr
    return results_of(project.folder)


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_run_leaves_whole_files_and_the_next_one_completes(workflow, undisturbed, number):
    # By how far the run has come, and then some: a time would fall after its end where the machine is less busy.
    chance = random.Random(number)
    files, seconds = chance.randrange(int(0.9 * len(undisturbed))), chance.uniform(0, 0.6)
    moment = f"{seconds:.2f} s after it had written {files} files"
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        ["snakemake", "--cores", "2", *SMOKE], cwd=workflow.folder, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        while process.poll() is None and count_of(workflow.folder) < files:
            time.sleep(0.01)
        time.sleep(seconds)
        assert process.poll() is None, f"the run had ended {moment}"
        os.killpg(process.pid, signal.SIGKILL)
    for name, content in results_of(workflow.folder).items():
        assert content == undisturbed[name], f"{name} is half-written, killed {moment}"
    again = workflow.run(*SMOKE)
    assert again.returncode == 0, again.stderr
    assert results_of(workflow.folder) == undisturbed
    assert not list((workflow.folder / "results").rglob(".*.part"))
