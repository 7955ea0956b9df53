"""The workflow's own files as they are installed: rules, profiles, and the studies that come with the package."""

from pathlib import Path
from typing import Final

import yaml

import mircargo

SNAKEFILE: Final = "Snakefile"
EXAMPLE: Final = "example"
CONFIGURATION: Final = "config/config.yaml"
"""What runs where no configuration is named: the example's, until the user writes another."""
SCHEMA_LINE: Final = "# yaml-language-server:"
KEYS: Final = "config/README.md"
"""The list of all keys, to which the example refers."""


def root() -> Path:
    """Return the folder that is laid out as the repository is: itself in a clone, a part of the installed package."""
    package = Path(mircargo.__file__).parent
    installed = package / "project"
    return installed if installed.is_dir() else package.parents[1]


def source() -> Path:
    """Return what envs/mircargo.post-deploy.sh installs the package from: the repository, or where a wheel is."""
    package = Path(mircargo.__file__).parent
    return root() if root() == package.parents[1] else package.parent


def studies() -> dict[str, str]:
    """Return the configurations that come with mircargo: name -> path below the root."""
    found = [path for pattern in ("config/*.yaml", "config/studies/*.yaml") for path in sorted(root().glob(pattern))]
    paths = [path.relative_to(root()).as_posix() for path in found]
    return {EXAMPLE: CONFIGURATION} | {Path(path).stem: path for path in paths if path != CONFIGURATION}


def bring(name: str, folder: Path) -> list[str]:
    """Copy a configuration that comes with mircargo, and the files it names, to where a run expects them.

    Parameters
    ----------
    name
        Of `studies`.
    folder
        What its paths are relative to. Nothing there is written over.

    Returns
    -------
    list of str
        What was written, relative to the folder.
    """
    path = studies()[name]
    settings = yaml.safe_load((root() / path).read_text(encoding="utf-8"))
    named = [path, KEYS] if name == EXAMPLE else [path]
    for study in settings["studies"].values():
        named += [study["samples"], *(table["table"] for table in study["counts"] if "url" not in table)]
    written = [each for each in dict.fromkeys(named) if not (folder / each).exists()]
    for each in written:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        lines = (root() / each).read_text(encoding="utf-8").splitlines(keepends=True)
        # The schema that editors are referred to lies beside the workflow, not beside the copy.
        kept = "".join(line for line in lines if not line.startswith(SCHEMA_LINE))
        (folder / each).write_text(kept, encoding="utf-8")
    return written
