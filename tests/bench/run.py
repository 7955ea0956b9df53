"""Time of the example from `snakemake` to its report, and what of it is starting up.

    python tests/bench/run.py            three runs with the warm process and three without, in turn
    python tests/bench/run.py --runs 1   a first look
    python tests/bench/run.py --formats svg

In a copy of the project, on two cores. Start-up is what interpreters and imports take: of Snakemake until it knows its
jobs (a dry run), of the warm process until it has imported everything, and of each step's command (asking for the
version). Work is the processor time of each step, in a fork of a process that has imported everything, as the warm
process runs it. All is measured here, nothing is an estimate.
"""

import argparse
import collections
import contextlib
import ctypes
import os
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from project import copy_project

ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)  # users have compiled modules
SET_CHILD_SUBREAPER = 36  # of Linux's prctl
# Imports as the warm process does, one stage after the other.
IMPORTS = """
import gc
gc.disable()
from mircargo.snakemake.warm import STAGES, load
[load(name) for names in STAGES.values() for name in names]
"""
# Runs each command of a file (a line each) in a fork, and prints the processor seconds that it took.
STEPS = f"""{IMPORTS}
import os, shlex, sys
from mircargo.cli.main import main
gc.freeze()
gc.enable()
for line in open(sys.argv[1]):
    if (child := os.fork()) == 0:
        sys.argv = shlex.split(line)
        sys.stdout = open(os.devnull, "w")
        try:
            main()
        except SystemExit as end:
            os._exit(end.code or 0)
    _, code, used = os.wait4(child, 0)
    if code:
        sys.exit(f"failed: {{line}}")
    print(used.ru_utime + used.ru_stime)
"""


def seconds(command: list[str], folder: Path, **variables: str) -> tuple[float, float]:
    """Return wall and processor time of a command and of all that it started, and left to itself.

    The warm process is nobody's child while it works; it becomes ours.
    """
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=ENVIRONMENT | variables, check=True, capture_output=True)
    wall = time.perf_counter() - begun
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def choose_formats(config: Path, formats: list[str] | None) -> None:
    """Have a configuration write its figures in other formats, where they are given."""
    if formats:
        text = "".join(line for line in config.read_text().splitlines(True) if not line.startswith("figure_formats:"))
        config.write_text(f"{text}figure_formats: {formats}\n")


def by_step(folder: Path) -> dict[str, tuple[int, float]]:
    """Run every step of a finished run once more; return jobs and processor seconds of each rule, the longest first."""
    shown = subprocess.run(
        ["snakemake", "--cores", "1", "--dry-run", "--forceall", "--printshellcmds"],
        cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = (shown.stdout + shown.stderr).splitlines()
    commands = [line[line.index("mircargo --log") :] for line in lines if "mircargo --log" in line]
    listed = folder / "commands.txt"
    listed.write_text("\n".join(commands) + "\n")
    done = subprocess.run(
        [sys.executable, "-P", "-c", STEPS, listed.name],
        cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    jobs: collections.Counter[str] = collections.Counter()
    taken: collections.Counter[str] = collections.Counter()
    for command, of_it in zip(commands, map(float, done.stdout.split()), strict=True):
        rule = shlex.split(command)[4]
        jobs[rule] += 1
        taken[rule] += of_it
    return {rule: (jobs[rule], of_rule) for rule, of_rule in taken.most_common()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--formats", nargs="+", help="files of each figure")
    options = parser.parse_args()
    walls: dict[str, list[float]] = {"warm": [], "cold": [], "again": []}
    with tempfile.TemporaryDirectory() as name:
        for _ in range(options.runs):
            for kind, variables in (("warm", {}), ("cold", {"MIRCARGO_WARM": ""})):
                folder = Path(name) / kind
                shutil.rmtree(folder, ignore_errors=True)
                copy_project(folder)
                choose_formats(folder / "config" / "config.yaml", options.formats)
                walls[kind].append(seconds(["snakemake", "--cores", "2"], folder, **variables)[0])
            walls["again"].append(seconds(["snakemake", "--cores", "2"], folder)[0])
        jobs = len(list((folder / "logs").rglob("*.log")))
        plan = seconds(["snakemake", "--cores", "2", "--dry-run", "--forceall"], folder)[1]
        imports = seconds([sys.executable, "-c", IMPORTS], folder)[1]
        ask = seconds(["mircargo", "--version"], folder)[1]
        bare = seconds([sys.executable, "-c", "import mircargo.cli.entry"], folder)[1]
        steps = by_step(folder)
    for kind, words in (("warm", "with the warm process"), ("cold", "without"), ("again", "nothing changed")):
        taken = walls[kind]
        print(f"{words:>24}: median {statistics.median(taken):5.1f} s ({min(taken):.1f} to {max(taken):.1f})")
    start = plan + imports + jobs * bare
    budget = 2 * statistics.median(walls["warm"])
    print(f"{jobs} steps. Processor time of starting up: Snakemake's plan {plan:.1f} s, imports once {imports:.1f} s,")
    print(
        f"{jobs} commands of {bare:.2f} s: {start:.1f} of the {budget:.1f} s that two cores had ({start / budget:.0%})."
    )
    print(f"A command that imports for itself takes {ask:.2f} s before it begins to load what its step needs.")
    ratio = statistics.median(walls["warm"]) / (plan + imports)
    print(f"The run took {ratio:.1f} times plan and imports (bar: 1.5).\n")
    places = {"plan": (1, plan), "imports": (1, imports), "commands": (jobs, jobs * bare), **steps}
    print(f"{'place':>24}  jobs  processor s")
    for place, (n, taken) in places.items():
        print(f"{place:>24}  {n:4}  {taken:11.2f}")


if __name__ == "__main__":
    main()
