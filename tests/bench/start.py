"""Processor time until a command answers, beside the imports that it cannot do without.

    python tests/bench/start.py            each ten times, in turns; the best is printed
    python tests/bench/start.py --runs 3   a first look

Run it in the repository: `check` is of the example.
"""

import argparse
import os
import resource
import subprocess
import sys
import time

MAIN = "from mircargo.cli.entry import main; main()"
COMPLETE = {"_MIRCARGO_COMPLETE": "bash_complete", "COMP_WORDS": "mircargo c", "COMP_CWORD": "1"}
NEEDED = {
    "python": "pass",
    "rich_click": "import rich_click",
    "pandas": "import pandas",
    "all that check needs": "import rich_click, pandas, scipy.special, pydantic, yaml",
    "models": "import mircargo.config",
}
# Command -> arguments, environment, the imports that it is held against, seconds that it may take.
COMMANDS: dict[str, tuple[list[str], dict[str, str], str, float]] = {
    "mircargo --help": (["--help"], {}, "rich_click", 0.15),
    "shell completion": ([], COMPLETE, "rich_click", 0.15),
    "mircargo check": (["check", "config/config.yaml"], {}, "all that check needs", 1.0),
}


def cost(code: str, arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return processor and wall time of Python that runs some code."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-P", "-c", code, *arguments]
    subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    kinds = {name: (code, [], {}) for name, code in NEEDED.items()}
    kinds |= {name: (MAIN, arguments, environment) for name, (arguments, environment, *_) in COMMANDS.items()}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for _ in range(parser.parse_args().runs):
        for name, kind in kinds.items():
            found[name].append(cost(*kind))
    best = {name: [min(column) for column in zip(*taken, strict=True)] for name, taken in found.items()}
    for name in NEEDED:
        print(f"{name:>20}: {best[name][0]:.3f} s of processor time")
    for name, (_, _, floor, bar) in COMMANDS.items():
        processor, wall = best[name]
        ratio = processor / best[floor][0]
        print(f"{name:>20}: {processor:.3f} s, {ratio:.1f} times {floor}; wall {wall:.3f} s (bar {bar} s)")


if __name__ == "__main__":
    main()
