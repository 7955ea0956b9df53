"""The project laid out in another folder, and its workflow run there as a user would."""

import contextlib
import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What a run on a cluster is started from; the executors have an environment of their own.
CLUSTER_PROGRAMS = ROOT / ".venv-cluster" / "bin"


def copy_project(folder: Path) -> Path:
    """Copy what a run needs; the package is the installed one."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "Snakefile", folder)
    for part in ("config", "envs", "profiles", "workflow"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "mircargo", "*.egg-info")
        )
    return folder


def copy_sources(folder: Path) -> Path:
    """Copy what the wheel is built from as well."""
    copy_project(folder)
    package = Path("workflow", "mircargo")
    shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def contents(folder: Path, pattern: str = "*", without: Collection[str] = ()) -> dict[str, str]:
    """Return a checksum of each file below a folder by its path there, leaving out files of some names.

    Where two such folders differ, pytest names the files at once; bytes it would compare for many minutes.
    """
    files = (path for path in folder.rglob(pattern) if path.is_file() and path.name not in without)
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def files_made(results: Path) -> list[Path]:
    """Return the files below a folder of results but its locks, which stay: another run may wait for one."""
    return [path for path in results.rglob("*") if path.is_file() and path.parent.name != ".mircargo"]


@dataclass(frozen=True)
class Workflow:
    """A folder that holds the project, and commands run in it, with an environment's programs first on the path."""

    folder: Path
    programs: Path = Path(sys.executable).parent

    def environment(self, **variables: str) -> dict[str, str]:
        variables = os.environ | variables
        return variables | {"PATH": f"{self.programs}{os.pathsep}{variables['PATH']}"}

    def call(
        self, *command: str | Path, timeout: float | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment(**variables), timeout=timeout, capture_output=True,
            text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.call("snakemake", "--cores", "2", *arguments, **variables)

    def complete(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run, and fail where the run does."""
        result = self.run(*arguments, **variables)
        assert result.returncode == 0, result.stderr
        return result

    def results(self, study: str) -> Path:
        return self.folder / "results" / study

    def run_on_a_terminal(self, *arguments: str) -> str:
        """Return what a terminal showed, without the codes that move its cursor."""
        shown = on_a_terminal(["snakemake", "--cores", "2", *arguments], self.folder, self.environment())
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)

    def rules_to_run(self, *arguments: str) -> dict[str, int]:
        """Return how many jobs of each rule a dry run would do, `all` aside."""
        result = self.complete("--dry-run", *arguments)
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


def on_a_terminal(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], rows: int = 24, columns: int = 80
) -> str:
    """Run a command that has to succeed on a terminal of some size; return all that was written to it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    # Else these would stand for the terminal's size.
    plain = {key: value for key, value in environment.items() if key not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        command, cwd=folder, env=plain | {"TERM": "xterm"}, stdin=slave, stdout=slave, stderr=slave
    ) as process:
        os.close(slave)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that nobody writes any more
            while part := os.read(master, 1 << 16):
                shown += part
    os.close(master)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


def lay_out(folder: Path) -> Workflow:
    return Workflow(copy_project(folder))
