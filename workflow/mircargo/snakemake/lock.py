"""One run at a time for each study, however the run before it ended.

Snakemake's own lock is a file, which a killed run leaves behind and the next one stumbles over. This one is held by the
process (flock), so the system lets go of it with the process, and what the killed run left half-written is swept away.

Its steps may outlive a run that is killed. The lock names its holder: a step writes results only as long as that is the
run that began it (`mircargo.snakemake.orphans`).
"""

import contextlib
import errno
import fcntl
import os
import socket
import sys
import time
import uuid
from collections.abc import Collection
from itertools import groupby
from pathlib import Path
from typing import IO, Final

from mircargo.problems import Problem, ProblemsFound
from mircargo.results.contract import INDEX, ROOT

HELD: list[IO[str]] = []
"""Locks of this process; they end with it."""
NO_LOCKS: Final = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
"""What a file system without locks answers."""
FOLDER: Final = ".mircargo"
"""Where locks are, in the folder of the results."""
HANDOVER: Final = "handover"
"""Locked by a step while it moves a file into place, and by a run while it writes that it is the holder now: a step
cannot be between looking who holds the study and moving its file."""
OTHER_RESULTS: Final = {"meta": "the meta-analyses", INDEX.path: "the page that leads to all reports"}
"""What a run may write beside its studies, in words."""
PATIENCE: Final = 0.5
"""Seconds: a step that looks whether its run has ended has the lock for a moment."""


def holder() -> str:
    """Name this process as the holder of a lock, like no other: process numbers come again."""
    return f"process {os.getpid()} on {socket.gethostname()}, run {uuid.uuid4().hex}"


def in_words(text: str) -> str:
    """Name the holder of a lock for people."""
    return text.partition(", run ")[0]


def lock_of(name: str, results: Path) -> Path:
    """Return the lock of a study (or `meta`, or a page) of some results.

    It lies where the results lie, not where the run is: folders may share results by a link.
    """
    place = (results / name).resolve()
    return place.parent / FOLDER / f"{place.name}.lock"


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


def take(names: Collection[str], own: str, results: str | Path = ROOT) -> None:
    """Hold studies until this process ends, and remove what killed runs left half-written.

    Parameters
    ----------
    names
        What this run writes below its results: studies, `meta`, the page that leads to all reports.
    own
        This run, as `holder` names it.
    results
        The folder of all results.

    Raises
    ------
    ProblemsFound
        Where other runs hold some of them; then none is taken.
    OSError
        Where the results, or the locks that lie with them, may not be written.
    """
    results = Path(results)
    with contextlib.ExitStack() as taken:
        locks, problems = [], []
        for name in names:
            lock = taken.enter_context(_opened(lock_of(name, results)))
            locks.append(lock)
            if not _excludes(lock, name):
                lock.seek(0)
                problems.append(_locked(name, results, in_words(lock.read().strip())))
        if problems:
            raise ProblemsFound(problems)
        taken.pop_all()
    for folder, own_locks in groupby(sorted(locks, key=_folder_of), key=_folder_of):
        with _opened(folder / HANDOVER) as handover:
            _excludes(handover, str(folder.parent))
            for lock in own_locks:
                lock.truncate(0)
                print(own, file=lock, flush=True)
    HELD.extend(locks)
    for name in names:
        sweep(results, name)


def _locked(name: str, results: Path, other: str) -> Problem:
    what, where = OTHER_RESULTS.get(name, "this study"), f"{results}/{name}" if name in OTHER_RESULTS else name
    hint = "wait until it has ended, or end it; results of one study are made by one run at a time"
    if name in OTHER_RESULTS:
        hint = "wait until it has ended, or end it; or run this configuration in another folder"
    return Problem("locked_study", f"another run is at work on {what}", where, other, hint)


def _folder_of(lock: IO[str]) -> Path:
    return Path(lock.name).parent


def _opened(path: Path) -> IO[str]:
    """Open a lock, which whoever may write beside the results may lock, too."""
    folder = path.parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    rights = folder.parent.stat().st_mode
    new = [made for made in (folder, path) if not made.exists()]
    folder.mkdir(exist_ok=True)
    lock = path.open("a+", encoding="utf-8")
    for made in new:
        with contextlib.suppress(OSError):  # another user's run has just made it
            made.chmod(rights & (0o777 if made == folder else 0o666))
    return lock


def _excludes(lock: IO[str], what: str) -> bool:
    """Lock a file for this process alone, where the file system can; say whether no other has it."""
    try:
        return flock(lock, fcntl.LOCK_EX, PATIENCE)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        print(f"This file system has no locks ({error}): do not run {what} twice at a time.", file=sys.stderr)
        return True


def sweep(results: Path, name: str) -> None:
    """Remove the temporary files of steps that were killed."""
    for path in (*(results / name).rglob(".*.part"), *results.glob(f".{name}.*.part")):
        path.unlink(missing_ok=True)
