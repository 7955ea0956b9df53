"""Nothing is imported from where the user's files lie, whatever they are called."""

import os
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

from project import lay_out

SHADOW = """
import os, sys
with open({marker!r}, "a") as file:
    print(__name__, *sys.argv, file=file)
raise RuntimeError("this is the user's own file")
"""
NAMES = sorted(
    {name for name in {*packages_distributions(), *sys.stdlib_module_names, "sitecustomize", "mircargo"}
     if name.isidentifier()}
)  # fmt: skip
MADE = ["results/smoke/figures/pca.svg", "results/smoke/differential/exosome_injury.tsv", "results/smoke/study.h5ad"]


@pytest.fixture
def shadowed(tmp_path):
    """Return a project with a file for each module that is installed, each of which notes that it was run."""
    project, marker = lay_out(tmp_path / "project"), tmp_path / "imported"
    for name in NAMES:
        project.folder.joinpath(f"{name}.py").write_text(SHADOW.format(marker=str(marker)))
    marker.touch()
    return project, marker


@pytest.mark.parametrize("variables", [{}, {"MIRCARGO_WARM": ""}], ids=["warm", "cold"])
def test_a_run_imports_nothing_from_beside_the_data(shadowed, variables):
    project, marker = shadowed
    result = project.run(*(MADE if variables else []), "--configfile", "config/smoke.yaml", **variables)
    assert marker.read_text() == ""
    assert result.returncode == 0, result.stderr
    assert "RuntimeError" not in result.stderr


def test_the_commands_import_nothing_from_beside_the_data(shadowed):
    project, marker = shadowed
    for arguments in (["check", "config/smoke.yaml"], ["run", "config/smoke.yaml", "--dry-run"]):
        result = project.call("mircargo", *arguments)
        assert marker.read_text() == ""
        assert result.returncode == 0, result.stderr


def test_jobs_of_a_cluster_are_started_so_that_they_import_nothing_from_there(shadowed):
    """Their command is `python -m snakemake`, in the environment that a run hands on."""
    project, marker = shadowed
    command = [sys.executable, "-m", "snakemake", "--version"]
    # What a run sets; the second shows that the shadows are seen without it.
    subprocess.run(command, cwd=project.folder, env=os.environ | {"PYTHONSAFEPATH": "1"}, check=True)
    assert marker.read_text() == ""
    subprocess.run(command, cwd=project.folder, check=False, capture_output=True)
    assert marker.read_text() != ""
    # A step of a run has it.
    probe = project.folder / "probe.sh"
    probe.write_text(f"#!/bin/sh\necho $PYTHONSAFEPATH > {project.folder}/seen\n")
    probe.chmod(0o755)
    (project.folder / "mircargo").symlink_to(probe)
    path = f"{project.folder}{os.pathsep}{project.programs}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [project.programs / "snakemake", "--cores", "1", *MADE[:1], "--configfile", "config/smoke.yaml"],
        cwd=project.folder, env=os.environ | {"PATH": path}, check=False, capture_output=True,
    )  # fmt: skip
    assert project.folder.joinpath("seen").read_text() == "1\n"
