"""A copy of the project to run the workflow in, as a user would."""

import contextlib
import os
import pty
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from project import copy_project


@dataclass(frozen=True)
class Workflow:
    """A folder that holds the project, and snakemake run in it."""

    folder: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = os.environ | environment
        variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
        return subprocess.run(
            ["snakemake", "--cores", "2", *arguments],
            cwd=self.folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def run_on_a_terminal(self, *arguments: str) -> str:
        """Return what a terminal showed, without the codes that move its cursor."""
        master, slave = pty.openpty()
        variables = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "TERM": "xterm",
        }
        with subprocess.Popen(
            ["snakemake", "--cores", "2", *arguments],
            cwd=self.folder, env=variables, stdin=slave, stdout=slave, stderr=slave,
        ) as process:  # fmt: skip
            os.close(slave)
            shown = b""
            with contextlib.suppress(OSError):  # how a terminal says that nobody writes any more
                while part := os.read(master, 1 << 16):
                    shown += part
        os.close(master)
        assert process.returncode == 0, shown.decode()
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())

    def rules_to_run(self, *arguments: str) -> dict[str, int]:
        """Return how many jobs of each rule a dry run would do, `all` aside."""
        result = self.run("--dry-run", *arguments)
        assert result.returncode == 0, result.stderr
        lines = (result.stdout + result.stderr).splitlines()
        if not any(line.startswith("job ") for line in lines):
            assert "Nothing to be done" in result.stdout + result.stderr
            return {}
        start = next(i for i, line in enumerate(lines) if line.startswith("job ")) + 2
        jobs = [line.split() for line in lines[start : lines.index("", start)]]
        return {name: int(n) for name, n in jobs if name not in ("all", "total")}

    def copy_to(self, folder: Path) -> "Workflow":
        shutil.copytree(self.folder, folder, symlinks=True)
        return Workflow(folder)


def lay_out(folder: Path) -> Workflow:
    return Workflow(copy_project(folder))


@pytest.fixture
def workflow(tmp_path) -> Workflow:
    """Return a fresh copy of the project."""
    return lay_out(tmp_path / "project")


@pytest.fixture(scope="session")
def example(tmp_path_factory) -> Workflow:
    """Return a copy in which the example study has been run; do not change it."""
    project = lay_out(tmp_path_factory.mktemp("example") / "project")
    result = project.run()
    assert result.returncode == 0, result.stderr
    (project.folder / "stdout.txt").write_text(result.stdout)
    return project
