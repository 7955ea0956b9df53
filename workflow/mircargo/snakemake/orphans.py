"""A step ends with the run that began it.

SIGKILL of Snakemake alone ends neither the shells of its steps nor the steps: they would go on, and write over what the
next run makes. The run tells them what it is by an environment variable. A step on the same machine looks whether the
run's lock is still held; and a step on any machine moves a finished file into place only while the lock names its run.

A step that was called by hand has no run. A job of a cluster goes on without its run, until another holds the study.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

from mircargo import io
from mircargo.problems import ProblemsFound, refusal
from mircargo.results.contract import ROOT
from mircargo.snakemake.lock import HANDOVER, flock, in_words, lock_of

RUN: Final = "MIRCARGO_RUN"
"""The environment variable that tells steps of their run."""
EVERY: Final = 0.5
"""Seconds between two looks at the run's lock."""
HANDOVER_SECONDS: Final = 60.0
"""A run has the handover for a moment; longer than this it has been stopped there."""


def announce(own: str, name: str, is_local: bool) -> None:
    """Tell the steps that this process begins which run they belong to.

    Parameters
    ----------
    own
        The run, as its locks name it.
    name
        One of the studies that it holds.
    is_local
        Whether its steps are its own processes, and not jobs that may go on without it.
    """
    results = Path(ROOT).absolute()
    lock = lock_of(name, results)
    # There are file systems whose locks lock nothing; the steps there cannot see whether the run is alive.
    machine = socket.gethostname() if is_local and not _is_free(lock, own) else ""
    os.environ[RUN] = json.dumps({"holder": own, "machine": machine, "lock": str(lock), "results": str(results)})


def follow_run() -> None:
    """Have this process, a step, end with its run, and write nothing after it."""
    text = os.environ.get(RUN)
    if not text:
        return
    run = json.loads(text)
    own, results = run["holder"], Path(run["results"])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    io.guard = lambda path: _while_held(own, results, path)
    if run["machine"] == socket.gethostname():
        threading.Thread(target=_end_with, args=(Path(run["lock"]), own), daemon=True).start()


@contextmanager
def _while_held(own: str, results: Path, path: Path) -> Iterator[None]:
    """Let no other run begin while a file is moved into place.

    Raises
    ------
    ProblemsFound
        Where another run holds the study already.
    """
    if not path.absolute().is_relative_to(results):
        yield
        return
    lock = lock_of(path.absolute().relative_to(results).parts[0], results)
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):  # no locks here, or no folder that is shared with the run
            handover = held.enter_context((lock.parent / HANDOVER).open(encoding="utf-8"))
            if not flock(handover, fcntl.LOCK_SH, HANDOVER_SECONDS):
                raise _run_has_ended(path, "a run that is just starting")
        if (other := _other_holder(lock, own)) is not None:
            raise _run_has_ended(path, in_words(other))
        yield


def _run_has_ended(path: Path, other: str) -> ProblemsFound:
    hint = "nothing to do: the results are those of the other run"
    return refusal("run_has_ended", "the run of this step has ended, and the step with it", str(path), other, hint)


def _other_holder(lock: Path, own: str) -> str | None:
    """Return who holds a study where that is another run, and None where the lock cannot be read."""
    try:
        text = lock.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return None if text in ("", own) else text


def _is_free(lock: Path, own: str) -> bool:
    """Say whether a run has let go of its lock; a lock that cannot be tried counts as held."""
    if _other_holder(lock, own) is not None:
        return True
    try:
        with lock.open(encoding="utf-8") as file:
            return flock(file, fcntl.LOCK_SH)
    except OSError:
        return False


def _stop(number: int, _: Any) -> NoReturn:
    """End without a word, which the run will say, and leave nothing half-written."""
    io.remove_unfinished()
    os._exit(128 + number)  # as a shell has it


def _end_with(lock: Path, own: str) -> None:
    while not _is_free(lock, own):
        time.sleep(EVERY)
    with contextlib.suppress(OSError):
        print("mircargo: the run of this step has ended, and the step with it", file=sys.stderr, flush=True)
    io.remove_unfinished()
    os._exit(1)
