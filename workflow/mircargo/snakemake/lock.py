"""One run at a time for each study, however the run before it ended.

Snakemake's own lock is a file, which a killed run leaves behind and the next one stumbles over. This one is held by the
process (flock), so the system lets go of it with the process, and what the killed run left half-written is swept away.
"""

import errno
import fcntl
import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from mircargo.problems import Problem, ProblemsFound

HELD: list[IO[str]] = []
"""Locks of this process; they end with it."""


def take(studies: Iterable[str], folder: str | Path = ".snakemake/mircargo", results: str | Path = "results") -> None:
    """Hold the studies until this process ends, and remove what killed runs left half-written.

    Parameters
    ----------
    studies
        Names of the studies that this run works on.
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
        lock = (Path(folder) / f"{study}.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            hint = "wait until it has ended, or end it; results of one study are made by one run at a time"
            problems.append(
                Problem("locked_study", "another run is at work on this study", study, lock.read().strip(), hint)
            )
            lock.close()
            continue
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
                raise
            print(f"This file system has no locks ({error}): do not run {study} twice at a time.", file=sys.stderr)
        taken.append((study, lock))
    if problems:
        for _, lock in taken:
            lock.close()
        raise ProblemsFound(problems)
    for study, lock in taken:
        lock.truncate(0)
        print(f"process {os.getpid()} on {socket.gethostname()}", file=lock, flush=True)
        HELD.append(lock)
        sweep(Path(results) / study)


def sweep(folder: Path) -> None:
    """Remove the temporary files of steps that were killed."""
    for path in folder.rglob(".*.part"):
        path.unlink(missing_ok=True)
