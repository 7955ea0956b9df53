"""Measure how the stress test and the permutations of a large study scale with the cores that they are given.

    python tests/bench/cores.py 2500x1000 --threads 1 2 --turns 2

Numbers of cores take turns, and results have to be the same. Prints the least wall time and processor time of each, and
the most memory that one process had. Reading the table and starting the interpreter are not part of it.
"""

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from tables import simulate

from mircargo.analysis import Question, StudyData
from mircargo.config import Contrast

INJURED = Contrast(variable="condition", level="injured", reference="control", blocking=["batch"])


def study(n_features: int, n_samples: int) -> StudyData:
    """Return two groups in as many plates as such a study has, as in large.py."""
    samples = [f"s{i}" for i in range(n_samples)]
    place = np.arange(n_samples)
    columns = {
        "condition": np.where(place < n_samples // 2, "control", "injured"),
        "batch": [f"plate{batch}" for batch in place % max(2, n_samples // 960)],
    }
    counts = pd.DataFrame(simulate(n_features, n_samples), [f"f{i}" for i in range(n_features)], samples)
    return StudyData(counts, pd.DataFrame(columns, samples))


def processor_time() -> float:
    usages = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(each.ru_utime + each.ru_stime for each in usages)


def measure(task: Callable[[int], str], threads: list[int], turns: int) -> dict[int, tuple[float, float]]:
    """Return wall and processor time of a task with each number of cores, the least of all turns."""
    times: dict[int, list[tuple[float, float]]] = {n: [] for n in threads}
    results = set()
    for _ in range(turns):
        for n in threads:
            wall, processor = time.perf_counter(), processor_time()
            results.add(task(n))
            times[n].append((time.perf_counter() - wall, processor_time() - processor))
            print(f"    {n}: {times[n][-1][0]:.1f} s, of processors {times[n][-1][1]:.1f} s", flush=True)
    if len(results) > 1:
        raise SystemExit("the result depends on the number of cores")
    return {n: tuple(map(min, zip(*taken, strict=True))) for n, taken in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", nargs="?", default="2500x1000", metavar="FEATURESxSAMPLES")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--tasks", nargs="+", choices=["stress", "permutations"], default=["stress", "permutations"])
    chosen = parser.parse_args()
    data = study(*map(int, chosen.size.split("x")))
    fitted = Question(data, "injury", INJURED).fit()
    candidates = pd.DataFrame({"tier": ["strong"] * 5})

    def stress(threads: int) -> str:
        found = Question(data, "injury", INJURED).stress(fitted.results, threads)
        return found.summary.to_csv() + found.variants.to_csv() + repr(found.facts)

    def permute(threads: int) -> str:
        return repr(Question(data, "injury", INJURED).by_chance(fitted, None, candidates, threads))

    for name, task in (("stress", stress), ("permutations", permute)):
        if name not in chosen.tasks:
            continue
        found = measure(task, chosen.threads, chosen.turns)
        first = found[chosen.threads[0]]
        for n, (wall, processor) in found.items():
            faster = f"{first[0] / wall:.2f} times as fast as with {chosen.threads[0]}"
            print(f"{chosen.size} {name}, {n} cores: {wall:.1f} s, of processors {processor:.1f} s; {faster}")
    peaks = [resource.getrusage(who).ru_maxrss / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"peak memory: {peaks[0]:.2f} GiB, of a process that shares the work {peaks[1]:.2f} GiB")


if __name__ == "__main__":
    main()
