"""Tasks that do not depend on each other, on several cores: each in a fork of this process, with all that it holds.

Linear algebra keeps its one thread, as sums in another order end in other last digits. A task is done as it would be
in this process, so what returns is the same, byte for byte, whatever the number of processes.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final, TypeVar

from mircargo.problems import refusal

Value = TypeVar("Value")

FORKS: Final = sys.platform.startswith("linux")
"""Whether a fork can be relied upon: macOS's own linear algebra and system libraries do not survive one."""
_TASKS: list[Callable[[], Any]] = []
"""What the forks find when they begin: a task need not be one that can be pickled."""


def in_order(tasks: Sequence[Callable[[], Value]], threads: int) -> list[Value]:
    """Do all tasks, and return what they give, in their order.

    They are begun in their order, so those that take longest stand first. On systems whose processes cannot be forked
    they are done one after the other, as with one thread.

    Parameters
    ----------
    tasks
        Each is called once, without arguments. What it changes in memory is lost where there are several threads, and
        what it returns or raises is pickled.
    threads
        How many processes work at a time.

    Raises
    ------
    ProblemsFound
        Where a process ended before its task did, which is what a system does that has run out of memory.
    Exception
        What the first task raised that raised anything.
    """
    n_processes = min(threads, len(tasks)) if FORKS else 1
    if n_processes < 2:
        return [task() for task in tasks]
    context = multiprocessing.get_context("fork")
    _TASKS[:] = tasks
    try:
        with ProcessPoolExecutor(n_processes, context, initializer=die_with, initargs=(os.getpid(),)) as pool:
            running = [pool.submit(_do, number) for number in range(len(tasks))]
            try:
                return [each.result() for each in running]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    except (BrokenProcessPool, MemoryError):
        what = "a process of this step was ended by the system, most likely for want of memory"
        found = f"{n_processes} processes shared the work of the step"
        hint = "give the step more memory, or one core: `snakemake --set-threads RULE=1`, with the name of its rule"
        raise refusal("process_ended", what, "", found, hint) from None
    finally:
        _TASKS.clear()


def _do(number: int) -> Any:
    return _TASKS[number]()


def die_with(parent: int) -> bool:
    """Have the system end this process when its parent ends, however that ends; say whether the system does so.

    Linux has this. Where the parent has ended already, so does this process.
    """
    import ctypes

    ask_for_signal = 1  # PR_SET_PDEATHSIG of linux/prctl.h
    refused = ctypes.CDLL(None).prctl(ask_for_signal, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it could be asked for
        os._exit(1)
    return not refused
