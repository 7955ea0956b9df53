"""A run that is ended by a signal: what it leaves is whole, and a run of another configuration is not disturbed.

There are twelve kinds: each signal, to Snakemake alone and to all its processes, with the warm process and without.
Three of them are tried, MIRCARGO_KILLS=40 tries forty, each at another moment of the run.
"""

import os
import random
import re
import signal
import subprocess
import time
from hashlib import sha256
from itertools import cycle, islice, product
from pathlib import Path

import pytest

from project import lay_out
from running import arguments_of_processes, until

pytestmark = pytest.mark.usefixtures("interruptible")
# They hold the time of the run.
TIMED = {"provenance.json", "ro-crate-metadata.json"}
# The report says it at its head and at its foot.
MINUTE = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\)")
CONFIGURATIONS = {"0.05": "thresholds: {alpha: 0.05}\n", "0.2": "thresholds: {alpha: 0.2}\n"}
KINDS = list(product(("KILL", "TERM", "INT"), ("main", "group"), ("cold", "warm")))
ASKED = os.environ.get("MIRCARGO_KILLS")
# Of each signal one, to either, with and without the warm process.
KILLS = list(islice(cycle(KINDS), int(ASKED))) if ASKED else KINDS[::5]


def arguments(alpha: str) -> tuple[str, ...]:
    return "--configfile", "config/smoke.yaml", f"alpha_{alpha}.yaml"


def results_of(folder: Path) -> dict[str, str]:
    """Return checksums of every result file, the time of a run aside; temporary files have a dot before them."""
    root = folder / "results" / "smoke"
    files = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    held = {str(path.relative_to(root)): path.read_bytes() for path in files if path.name not in TIMED}
    return {name: sha256(MINUTE.sub(b"", content)).hexdigest() for name, content in held.items()}


def count_of(folder: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder / "results" / "smoke"))


def project_in(folder: Path):
    project = lay_out(folder / "project")
    for alpha, text in CONFIGURATIONS.items():
        (project.folder / f"alpha_{alpha}.yaml").write_text(text)
    return project


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return the results of a whole run of each configuration."""
    held = {}
    for alpha in CONFIGURATIONS:
        project = project_in(tmp_path_factory.mktemp("undisturbed"))
        project.complete(*arguments(alpha))
        held[alpha] = results_of(project.folder)
    assert held["0.05"] != held["0.2"]
    return held


@pytest.mark.parametrize(("number", "kind"), list(enumerate(KILLS)), ids=["-".join(kind) for kind in KILLS])
def test_a_run_that_was_ended_leaves_nothing_that_the_next_one_stumbles_over(number, kind, undisturbed, tmp_path):
    name, whom, mode = kind
    project, temporary, output = project_in(tmp_path), tmp_path / "temporary", tmp_path / "output"
    temporary.mkdir()
    variables = {"TMPDIR": str(temporary), **({"MIRCARGO_WARM": ""} if mode == "cold" else {})}
    # By how far the run has come, and then some: a time would fall after its end where the machine is less busy.
    chance = random.Random(number)
    files, seconds = chance.randrange(1, int(0.9 * len(undisturbed["0.2"]))), chance.uniform(0, 0.6)
    moment = f"{seconds:.2f} s after it had written {files} files"
    with output.open("wb") as written, subprocess.Popen(
        ["snakemake", "--cores", "2", *arguments("0.2")], cwd=project.folder, env=project.environment(**variables),
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=written, stderr=written,
    ) as process:  # fmt: skip
        while process.poll() is None and count_of(project.folder) < files:
            time.sleep(0.01)
        time.sleep(seconds)
        assert process.poll() is None, f"the run had ended {moment}"
        end = os.kill if whom == "main" else os.killpg
        end(process.pid, signal.Signals[f"SIG{name}"])
        process.wait(timeout=120)
    for path, content in results_of(project.folder).items():
        assert content == undisturbed["0.2"][path], f"{path} is half-written, ended {moment}"
    project.complete(*arguments("0.05"), TMPDIR=str(temporary))
    assert results_of(project.folder) == undisturbed["0.05"], f"ended {moment}"
    assert not list((project.folder / "results").rglob("*.part"))
    until(lambda: not arguments_of_processes(project.folder))
    assert results_of(project.folder) == undisturbed["0.05"], f"ended {moment}"
    assert not list(temporary.iterdir())
    if name == "INT" and whom == "group":
        # As Ctrl-C at a terminal does: of the steps that were ended nothing is said.
        text = output.read_text()
        assert text.endswith("\nStopped. The same command goes on where it was.\n")
        assert not re.search("Error|error|Abort|Traceback", text)
