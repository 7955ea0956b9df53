"""What a step asks of a cluster, by the size of its study's tables; twice as much at each retry.

A job that holds a whole study has to be sized before its steps have written what they read from each other. The numbers
in the rules are 1.5 times what tests/bench/large.py measured, for tables of 2 bytes a count or more.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

FETCHED_MB: Final = 5
"""Taken for the size of a table that is still to be fetched."""
MB_PER_THREAD: Final = 3
"""A step of smaller tables is over in seconds on one core: on the others, Snakemake does other steps meanwhile."""
MOST_THREADS: Final = 16
"""A stress test has about 17 fits of a large study, and a test of permutations 20."""
UNPACKED_TIMES: Final = {".gz": 5, ".zip": 5, ".xlsx": 3}
"""About how many times larger a packed table is as text."""


def megabytes_of(path: str) -> float:
    """Return the size of a table as text, in MB."""
    table = Path(path)
    held = table.stat().st_size / 1e6 if table.exists() else FETCHED_MB
    return held * UNPACKED_TIMES.get(table.suffix, 1)


def threads_for(megabytes: float) -> int:
    """Return how many cores are worth giving to a step that can share its work, by the size of its tables in MB."""
    return min(max(1, int(megabytes / MB_PER_THREAD)), MOST_THREADS)


def memory(megabytes: Callable[[Any], float], base: float, per_mb: float) -> Callable[[Any, int, int], int]:
    """Return the memory of a step as Snakemake asks for it: each process that shares the work holds the tables.

    The arguments are those of `scaled`.
    """

    def needed(wildcards: Any, attempt: int, threads: int) -> int:
        return scaled(megabytes, base, per_mb * threads)(wildcards, attempt)

    return needed


def scaled(megabytes: Callable[[Any], float], base: float, per_mb: float) -> Callable[[Any, int], int]:
    """Return a resource as Snakemake asks for it: by the wildcards of a job, and how often it was tried.

    Parameters
    ----------
    megabytes
        The size of the tables that a job reads, in MB, by its wildcards.
    base, per_mb
        What it needs in any case, and more for each MB of tables.
    """

    def needed(wildcards: Any, attempt: int) -> int:
        size = megabytes(wildcards) if per_mb else 0
        return math.ceil((base + per_mb * size) * 2 ** (attempt - 1))

    return needed
