"""One run at a time for each study, however the run before it ended.

Snakemake's own lock is a file, which a killed run leaves behind and the next one stumbles over. This one is held by the
process (flock), so the system lets go of it with the process, and what the killed run left half-written is swept away.

Its steps may outlive a run that is killed. The lock names its holder: a step writes results only as long as that is the
run that began it (`mircargo.snakemake.orphans`).
"""

import errno
import fcntl
import os
import socket
import sys
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from mircargo.problems import Problem, ProblemsFound

HELD: list[IO[str]] = []
"""Locks of this process; they end with it."""
NO_LOCKS: Final = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
"""What a file system without locks answers."""
HANDOVER: Final = "handover"
"""Locked by a step while it moves a file into place, and by a run while it writes that it is the holder now: a step
cannot be between looking who holds the study and moving its file."""
PATIENCE: Final = 0.5
"""Seconds: a step that looks whether its run has ended has the lock for a moment."""


def holder() -> str:
    """Name this process as the holder of a lock, like no other: process numbers come again."""
    return f"process {os.getpid()} on {socket.gethostname()}, run {uuid.uuid4().hex}"


def in_words(text: str) -> str:
    """Name the holder of a lock for people."""
    return text.partition(", run ")[0]


def lock_of(name: str, folder: Path) -> Path:
    """Return where a study's lock is."""
    return folder / f"{name}.lock"


def flock(file: IO[str], how: int, seconds: float = 0.0) -> bool:
    """Lock a file; say whether that came about in time.

    Raises
    ------
    OSError
        Where the file system has no locks.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        else:
            return True


def take(
    studies: Iterable[str], own: str, folder: str | Path = ".snakemake/mircargo", results: str | Path = "results"
) -> None:
    """Hold the studies until this process ends, and remove what killed runs left half-written.

    Parameters
    ----------
    studies
        Names of the studies that this run works on.
    own
        This run, as `holder` names it.
    folder
        Where the locks are; all runs of a working directory have the same one.
    results
        Where the results of each study lie, under its name.

    Raises
    ------
    ProblemsFound
        Where other runs hold some of the studies; then none is taken.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    taken, problems = [], []
    for study in studies:
        lock = lock_of(study, Path(folder)).open("a+", encoding="utf-8")
        if not _excludes(lock, study):
            lock.seek(0)
            hint = "wait until it has ended, or end it; results of one study are made by one run at a time"
            found = in_words(lock.read().strip())
            problems.append(Problem("locked_study", "another run is at work on this study", study, found, hint))
            lock.close()
            continue
        taken.append((study, lock))
    if problems:
        for _, lock in taken:
            lock.close()
        raise ProblemsFound(problems)
    with (Path(folder) / HANDOVER).open("a+", encoding="utf-8") as handover:
        _excludes(handover, "these studies")
        for _, lock in taken:
            lock.truncate(0)
            print(own, file=lock, flush=True)
    for study, lock in taken:
        HELD.append(lock)
        sweep(Path(results) / study)


def _excludes(lock: IO[str], what: str) -> bool:
    """Lock a file for this process alone, where the file system can; say whether no other has it."""
    try:
        return flock(lock, fcntl.LOCK_EX, PATIENCE)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        print(f"This file system has no locks ({error}): do not run {what} twice at a time.", file=sys.stderr)
        return True


def sweep(folder: Path) -> None:
    """Remove the temporary files of steps that were killed."""
    for path in folder.rglob(".*.part"):
        path.unlink(missing_ok=True)
