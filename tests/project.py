"""The project laid out in another folder, for tests that run its workflow there as a user would."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copy_project(folder: Path) -> Path:
    """Copy what a run needs; the package is the installed one."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "Snakefile", folder)
    for part in ("config", "envs", "profiles", "workflow"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "mircargo", "*.egg-info")
        )
    return folder
