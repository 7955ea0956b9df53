"""Libraries that the exports are for, run in an environment of their own as their users have it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv-readers"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}

Run = Callable[..., str]


@pytest.fixture(scope="session")
def readers() -> Run:
    """Return a function that runs Python code, or a command, of that environment and gives what it printed."""
    if not (FOLDER / "bin" / "python").exists():
        why = f"{FOLDER.name} is not there: `make test-more` installs it from envs/requirements-readers.lock"
        if os.environ.get("CI") or os.environ.get("MIRCARGO_SHARED"):
            pytest.fail(why)
        pytest.skip(why)

    def run(code: str, *arguments: str | Path, command: str = "python", folder: Path = ROOT) -> str:
        command_line = ["-c", code, *arguments] if code else arguments
        result = subprocess.run(
            [FOLDER / "bin" / command, *command_line],
            cwd=folder,
            env=os.environ | ONE_THREAD | {"MPLBACKEND": "agg"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return run
