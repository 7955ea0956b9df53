"""Which processes work in a folder, for tests that end some of them."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def arguments_of_processes(folder: Path) -> dict[int, list[str]]:
    """Return the command lines of all processes that work in a folder, zombies aside."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.joinpath("cwd").readlink() == folder.resolve():
                found[int(process.name)] = process.joinpath("cmdline").read_text().split("\0")
    return found


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def until(what: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait until something is so, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.002)
    return found
