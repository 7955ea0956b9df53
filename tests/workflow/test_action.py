"""The action that other repositories' CI uses: its shell steps, run as the runner does."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from project import copy_sources

ACTION = yaml.safe_load((Path(__file__).parents[2] / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}


@pytest.fixture
def runner(tmp_path) -> dict[str, str]:
    """Return the environment that the runner gives to steps; the locked packages are installed already."""
    temporary = tmp_path / "runner"
    environment = temporary / "mircargo"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    # It comes with Python 3.11's environments, in another version than the locked one.
    subprocess.run([environment / "bin" / "pip", "--quiet", "uninstall", "--yes", "setuptools"], check=True)
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (tmp_path / "repository").mkdir()
    return os.environ | {
        "GITHUB_ACTION_PATH": str(copy_sources(tmp_path / "action")),
        "RUNNER_TEMP": str(temporary),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "PIP_NO_INDEX": "1",
    }


def do(step: str, runner: dict[str, str], folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    values = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()} | inputs
    given = {
        name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, text in STEPS[step].get("env", {}).items()
    }
    # The runner's own way to call bash.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]]
    return subprocess.run(command, cwd=folder, env=runner | given, capture_output=True, text=True, check=False)


def test_action_installs_runs_and_passes_on_the_sentences(runner, tmp_path):
    folder = tmp_path / "repository"
    installed = do("Install", runner, folder)
    assert installed.returncode == 0, installed.stderr
    run = do("Run", runner, folder, cores="2")
    assert run.returncode == 0, run.stderr
    assert (folder / "results/smoke/report.html").is_file()
    summary = Path(runner["GITHUB_STEP_SUMMARY"]).read_text()
    assert summary.startswith("smoke (simulated data)\n")
    assert "mmu-miR-21a-5p is up 6.0-fold" in summary
    first, *middle, last = Path(runner["GITHUB_OUTPUT"]).read_text().splitlines()
    assert (first, last) == ("summary<<END_OF_SUMMARY", "END_OF_SUMMARY")
    assert middle == summary.splitlines()
    # A configuration that cannot be run fails the step.
    failed = do("Run", runner, folder, configuration="absent.yaml")
    assert failed.returncode == 1
    assert "ERROR absent.yaml: there is no such configuration" in failed.stderr


def test_action_keeps_files_that_a_run_makes():
    (upload,) = (step for step in ACTION["runs"]["steps"] if "upload-artifact" in step.get("uses", ""))
    from mircargo.results import contract

    made = {f"results/*/{each.path}" for each in (contract.REPORT, contract.TARGET_CALLS, contract.PROVENANCE)}
    assert made < set(upload["with"]["path"].split())
