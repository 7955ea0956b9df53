"""Wall and processor time of runs of many simulated studies, and what one more study costs.

    python tests/bench/many.py 10 100            on two cores; a hundred take half an hour
    python tests/bench/many.py --cores 1 10      the same on one, for the gain by the second
    python tests/bench/many.py --formats svg --  3 10

Each run is of a copy of the project and of studies made for it. The plan is a dry run of its own.
"""

import argparse
import re
import shutil
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path

from run import ENVIRONMENT, choose_formats, seconds

from project import copy_project


def measure(n_studies: int, cores: int, formats: list[str] | None, folder: Path) -> tuple[float, float]:
    """Make, plan and run some studies; print the figures, and return wall and processor time of the run."""
    copy_project(folder)
    subprocess.run(
        ["mircargo", "simulate", "--studies", str(n_studies), "many"],
        cwd=folder, env=ENVIRONMENT, check=True, capture_output=True,
    )  # fmt: skip
    choose_formats(folder / "many" / "config.yaml", formats)
    command = ["snakemake", "--cores", str(cores), "--configfile", "many/config.yaml"]
    plan, _ = seconds([*command, "--dry-run", "--quiet"], folder)
    wall, processor = seconds(command, folder)
    reports = len(list((folder / "results").glob("*/report.html")))
    if reports != n_studies:
        raise SystemExit(f"{n_studies} studies were asked for, and {reports} reports are there: see {folder}")
    again = subprocess.run(
        [*command, "--dry-run", "--forceall"], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    jobs = re.search(r"^total\s+(\d+)$", again.stdout + again.stderr, re.MULTILINE)
    print(
        f"{n_studies:>4} studies, {jobs and jobs[1]:>5} jobs: plan {plan:.1f} s, wall {wall:.0f} s"
        f" ({wall / n_studies:.1f} s a study), processor {processor:.0f} s:"
        f" {processor / (cores * wall):.0%} of {cores} core{'s' if cores > 1 else ''}",
        flush=True,
    )
    return wall, processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("studies", nargs="*", type=int, default=[10, 100], metavar="N")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--formats", nargs="+", help="files of each figure")
    chosen = parser.parse_args()
    runs = []
    for n_studies in chosen.studies:
        folder = Path(tempfile.mkdtemp())
        runs.append((n_studies, *measure(n_studies, chosen.cores, chosen.formats, folder)))
        shutil.rmtree(folder)
    for (few, wall, processor), (more, longer, busier) in pairwise(runs):
        each, busy = (longer - wall) / (more - few), (busier - processor) / (more - few)
        print(f"{few} to {more}: one more study takes {each:.1f} s, {busy:.1f} s of processor time")


if __name__ == "__main__":
    main()
