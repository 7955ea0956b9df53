"""Measure the engine beside PyDESeq2, and DESeq2, glmGamPoi and edgeR in R: `make bench`, or this file with options.

Each engine is a process of its own that has loaded what it needs and run once before it is timed. The engines take
turns, so that whatever else the machine does meets all of them. All have one thread; where the machine is busy, the
processor time tells more than the time that passed. Peak memory is that of the whole process, its libraries and the
table included. Those of R are left out where they are not installed. DESeq2 and PyDESeq2 fit the same model and call
the same features; glmGamPoi and edgeR have models of their own, and what they call is told beside.
"""

import argparse
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OWN, PYTHON, R = "mircargo", "PyDESeq2", "DESeq2"
IN_R = (R, "glmGamPoi", "edgeR")
ENGINES = (OWN, PYTHON, *IN_R)
FEW = 2


@dataclass(frozen=True)
class Size:
    """A table, how often each engine runs on it, and how many times faster than the others ours has to be."""

    n_features: int
    n_samples: int
    engines: tuple[str, ...] = ENGINES
    repeats: int = 5
    faster: tuple[tuple[str, float], ...] = ()
    most_gib: float | None = None

    @property
    def name(self) -> str:
        return f"{self.n_features}x{self.n_samples}"

    def repeats_of(self, engine: str) -> int:
        """An engine that takes minutes, and that nothing is asked of, runs less often."""
        slow = engine != OWN and engine not in dict(self.faster)
        return min(self.repeats, FEW) if slow else self.repeats


SIZES = (
    Size(800, 6, faster=((R, 20), (PYTHON, 15))),
    Size(1430, 24, faster=((R, 20), (PYTHON, 15))),
    Size(2000, 200, faster=((R, 6),)),
    Size(2500, 1000, faster=((R, 6), (PYTHON, 5))),
    Size(2500, 2000, (OWN,)),
    Size(2500, 5000, (OWN,), 3),
    Size(2500, 10000, (OWN,), 3, most_gib=8),
)
HEADS = (
    "features x samples", "engine", "median s (min to max)", "processor s", "runs", "mircargo is faster by",
    "by processor time", "calls (mircargo's too)", "peak GiB",
)  # fmt: skip


class Runner:
    """An engine in its own process, waiting for the word to run."""

    def __init__(self, engine: str, table: Path, size: Size):
        script = ["Rscript", HERE / "runner.R"] if engine in IN_R else [sys.executable, HERE / "runner.py"]
        command = [*script, engine, table, str(size.n_features), str(size.n_samples)]
        threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
        self.engine = engine
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **threads}
        )
        self.version = self._answer()
        self.seconds: list[float] = []
        self.processor: list[float] = []
        self.calls: set[int] = set()

    def run(self) -> None:
        self._process.stdin.write("run\n")
        self._process.stdin.flush()
        answer = json.loads(self._answer())
        self.seconds.append(answer["seconds"])
        self.processor.append(answer["processor"])
        self.calls = set(answer["calls"])

    def stop(self) -> float:
        """End the process and return its peak memory in GiB."""
        self._process.stdin.close()
        self._process.stdout.close()
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 2**30

    def _answer(self) -> str:
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"{self.engine} ended before it answered; its messages stand above")
        return line.strip()


def available_engines() -> tuple[str, ...]:
    """Leave the engines of R out, and say so, where R or they are missing."""
    missing = dict.fromkeys(IN_R, "Rscript is not on the PATH")
    if shutil.which("Rscript"):
        asked = {engine: ["Rscript", "-e", f"library({engine})"] for engine in IN_R}
        codes = {engine: subprocess.run(each, capture_output=True, check=False) for engine, each in asked.items()}
        missing = {engine: f"R has no {engine}" for engine, result in codes.items() if result.returncode}
    for engine, why_not in missing.items():
        print(f"{engine} is not measured: {why_not}", file=sys.stderr)
    return tuple(engine for engine in ENGINES if engine not in missing)


def measure(size: Size, engines: Iterable[str], most: int) -> list[dict[str, Any]]:
    """Run the engines in turn on the same table, once unseen and then as often as the size says, or `most` times."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "counts"
        # In a process of its own: what it needs would count as memory of the processes started later.
        command = [sys.executable, HERE / "tables.py", str(size.n_features), str(size.n_samples), table]
        subprocess.run(command, check=True)
        runners = [Runner(engine, table, size) for engine in engines if engine in size.engines]
        repeats = {runner: min(most, size.repeats_of(runner.engine)) for runner in runners}
        for turn in range(max(repeats.values()) + 1):
            for runner in runners:
                if turn <= repeats[runner]:
                    runner.run()
                    done = f"{size.name} {turn} of {repeats[runner]} {runner.engine} {runner.seconds[-1]:.3f} s"
                    print(done, file=sys.stderr)
        own = next(runner for runner in runners if runner.engine == OWN)
        return [row_of(size, runner, own) for runner in runners]


def row_of(size: Size, runner: Runner, own: Runner) -> dict[str, Any]:
    """Return what was measured of an engine; times in seconds, ratios to mircargo's."""
    seconds = runner.seconds[1:]
    median, processor = statistics.median(seconds), statistics.median(runner.processor[1:])
    return {
        "size": size.name,
        "n_features": size.n_features,
        "n_samples": size.n_samples,
        "engine": runner.engine,
        "version": runner.version,
        "repeats": len(seconds),
        "median": median,
        "min": min(seconds),
        "max": max(seconds),
        "processor": processor,
        "ratio": median / statistics.median(own.seconds[1:]),
        "processor_ratio": processor / statistics.median(own.processor[1:]),
        "wanted_ratio": dict(size.faster).get(runner.engine),
        "calls": len(runner.calls),
        "calls_shared": len(runner.calls & own.calls),
        "peak_gib": runner.stop(),
    }


def growth_exponent(rows: list[dict[str, Any]]) -> float | None:
    """Return the slope of log processor time over log samples at 2,500 features; 1 is linear."""
    points = [row for row in rows if row["engine"] == OWN and row["n_features"] == 2500]
    if len(points) < 3:
        return None
    samples, seconds = ([math.log(row[name]) for row in points] for name in ("n_samples", "processor"))
    return statistics.linear_regression(samples, seconds).slope


def machine() -> dict[str, Any]:
    """Describe the machine without its name."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next((line.split(":")[1].strip() for line in info.open() if line.startswith("model name")), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": model, "cores": os.cpu_count(), "memory_gib": round(memory, 1), "system": platform.system()}


def markdown(rows: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    """Write what the page of the engine quotes."""
    where = facts["machine"]
    versions = ", ".join(f"{engine} {version}" for engine, version in facts["versions"].items())
    lines = [
        f"{facts['date']}, {where['processor']}, {where['cores']} cores, {where['memory_gib']:.0f} GiB; "
        f"one thread each; Python {facts['python']}, {versions}.",
        "",
        f"| {' | '.join(HEADS)} |",
        f"| ---: | --- |{' ---: |' * (len(HEADS) - 2)}",
        *(f"| {' | '.join(_cells(row))} |" for row in rows),
        "",
        f"The processes had {facts['share_of_a_core']:.0%} of a core while they ran.",
    ]
    if facts["growth_exponent"] is not None:
        exponent = f"{facts['growth_exponent']:.2f}"
        lines.append(f"At 2,500 features mircargo's processor time grows as the samples to the power of {exponent}.")
    return "\n".join(lines)


def _cells(row: dict[str, Any]) -> list[str]:
    median, low, high, processor = (_seconds(row[name]) for name in ("median", "min", "max", "processor"))
    own = row["engine"] == OWN
    wanted = f" (wanted {row['wanted_ratio']:g}x)" if row["wanted_ratio"] else ""
    return [
        f"{row['n_features']:,} x {row['n_samples']:,}",
        row["engine"],
        f"{median} ({low} to {high})",
        processor,
        str(row["repeats"]),
        "" if own else f"{row['ratio']:.1f}x{wanted}",
        "" if own else f"{row['processor_ratio']:.1f}x",
        f"{row['calls']}" if own else f"{row['calls']} ({row['calls_shared']})",
        f"{row['peak_gib']:.1f}",
    ]


def _seconds(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.1f}"


def misses(rows: list[dict[str, Any]]) -> list[str]:
    """Name what was asked for and not reached."""
    limits = {size.name: size.most_gib or math.inf for size in SIZES}
    slow = [row for row in rows if row["ratio"] < (row["wanted_ratio"] or 0)]
    large = [row for row in rows if row["engine"] == OWN and row["peak_gib"] > limits[row["size"]]]
    return [
        *(f"{row['size']}: {row['ratio']:.1f} times faster than {row['engine']}" for row in slow),
        *(f"{row['size']}: {row['peak_gib']:.1f} GiB, not {limits[row['size']]:g}" for row in large),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", choices=[size.name for size in SIZES], help="only these tables")
    others = ENGINES[1:]
    parser.add_argument("--engines", nargs="*", choices=others, default=others, help="only these beside mircargo")
    parser.add_argument("--repeats", type=int, help="at most so many timed runs of each engine")
    parser.add_argument("--quick", action="store_true", help="the two smallest tables, three runs each")
    parser.add_argument("--output", type=Path, default=HERE.parents[1] / "results" / "bench", help="folder")
    chosen = parser.parse_args()
    names = chosen.sizes or [size.name for size in (SIZES[:2] if chosen.quick else SIZES)]
    most = chosen.repeats or (3 if chosen.quick else max(size.repeats for size in SIZES))
    facts = {"date": datetime.now(UTC).date().isoformat(), "machine": machine(), "load_at_start": _load()}
    engines = [engine for engine in available_engines() if engine in (OWN, *chosen.engines)]
    rows = [row for size in SIZES if size.name in names for row in measure(size, engines, most)]
    facts |= {
        "load_at_end": _load(),  # of one minute; this measurement itself is 1
        "python": platform.python_version(),
        "versions": {row["engine"]: row["version"] for row in rows},
        "growth_exponent": growth_exponent(rows),
        "share_of_a_core": sum(row["processor"] for row in rows) / sum(row["median"] for row in rows),
        "missed": misses(rows),
    }
    chosen.output.mkdir(parents=True, exist_ok=True)
    (chosen.output / "engine.json").write_text(json.dumps(facts | {"rows": rows}, indent=2) + "\n")
    print(markdown(rows, facts))
    for miss in facts["missed"]:
        print(f"missed: {miss}", file=sys.stderr)


def _load() -> float:
    return round(os.getloadavg()[0], 2)


if __name__ == "__main__":
    main()
