"""Mutation testing of the rooms model, features and cargo with mutmut; see the README beside this file.

python tests/mutation/run.py [--sample N --seed S] [--rooms ...] [--folder build/mutation] [--survivors]
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
ROOMS = ("features", "cargo", "model")
SMALL = "mircargo.features.mirbase.x_release_key__mutmut_*"  # to make all mutants and time all tests, few are run
KILLED, SURVIVED, NO_TESTS, TIMEOUT = {1, 3}, {0}, {5, 33}, {-24, 24, 36, 152, 255}


def prepare(folder: Path) -> None:
    """Copy what is mutated and what tests it: mutmut wants to find the package by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, target in (
        ("workflow/mircargo", "src/mircargo"),
        ("workflow/resources", "src/mircargo/resources"),
        ("tests", "tests"),
        ("config", "config"),
    ):
        # Files keep their times, by which mutmut knows what it has mutated already.
        shutil.copytree(
            ROOT / source,
            folder / target,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"),
        )
    for name in ("setup.cfg", "mutation_plugin.py"):
        shutil.copy2(HERE / name, folder / name)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(project.replace(" --dist loadfile", ""), encoding="utf-8")


def tool(folder: Path) -> Path:
    """Return mutmut in an environment of its own, which sees the packages of .venv but not the package itself."""
    environment = folder / "venv"
    mutmut = environment / "bin" / "mutmut"
    if not mutmut.exists():
        python = ROOT / ".venv" / "bin" / "python"
        subprocess.run([python, "-m", "venv", environment], check=True)
        script = "import sysconfig; print(sysconfig.get_path('purelib'))"
        packages = [
            subprocess.run([each, "-c", script], check=True, capture_output=True, text=True).stdout.strip()
            for each in (python, environment / "bin" / "python")
        ]
        # A plain path: the .pth files in it, with them the editable installation, are not read.
        (Path(packages[1]) / "project.pth").write_text(packages[0] + "\n", encoding="utf-8")
        lock = ROOT / "envs" / "requirements-mutation.lock"
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
        subprocess.run([environment / "bin" / "python", *install], check=True)
    return mutmut


def mutate(folder: Path, processes: int, *mutants: str) -> None:
    # The same tests everywhere: those that need the shared folder take no part.
    environment = {key: value for key, value in os.environ.items() if key != "MIRCARGO_SHARED"}
    environment |= {"CI": "1", "OPENBLAS_NUM_THREADS": "1"}
    with (folder / "mutmut.log").open("a", encoding="utf-8") as log:
        command = [folder / "venv" / "bin" / "mutmut", "run", "--max-children", str(processes), *mutants]
        subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log, check=True)


def outcomes(folder: Path) -> dict[str, dict[str, int | None]]:
    """Return module -> mutant -> exit code of its tests, None where it was not run."""
    base = folder / "mutants" / "src" / "mircargo"
    found = {}
    for path in sorted(base.rglob("*.meta")):
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            found[path.relative_to(base).as_posix().removesuffix(".py.meta")] = codes
    return found


def drawn(found: dict[str, dict[str, int | None]], room: str, n: int, seed: int) -> list[str]:
    """Draw mutants of a room, of each module as many as its share."""
    modules = {name: sorted(codes) for name, codes in found.items() if name.split("/")[0] == room}
    total = sum(map(len, modules.values()))
    generator = random.Random(seed)
    return [
        each
        for name in sorted(modules)
        for each in generator.sample(modules[name], round(n * len(modules[name]) / total))
    ]


def word(code: int | None) -> str:
    if code is None:
        return "not run"
    named = {"killed": KILLED, "survived": SURVIVED, "no tests": NO_TESTS, "timeout": TIMEOUT}
    return next((name for name, codes in named.items() if code in codes), "suspicious")


def table(found: dict[str, dict[str, int | None]], chosen: set[str]) -> str:
    kinds = ["killed", "survived", "no tests", "timeout", "suspicious"]
    lines = ["| room | mutants | tried | " + " | ".join(kinds) + " | share killed |", "| --- " * (len(kinds) + 4) + "|"]
    for room in ROOMS:
        codes = {key: code for name, each in found.items() if name.split("/")[0] == room for key, code in each.items()}
        counted = Counter(word(code) for key, code in codes.items() if key in chosen and code is not None)
        tried = sum(counted.values())
        if tried:
            share = (counted["killed"] + counted["timeout"]) / tried
            values = " | ".join(str(counted[kind]) for kind in kinds)
            lines.append(f"| {room} | {len(codes):,} | {tried:,} | {values} | {share:.1%} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", nargs="+", default=list(ROOMS), choices=ROOMS)
    parser.add_argument("--sample", type=int, help="mutants of each room; all where left out, which takes hours")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "mutation")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--survivors", action="store_true", help="list the mutants that no test killed")
    given = parser.parse_args()
    folder = given.folder.resolve()
    prepare(folder)
    tool(folder)
    mutate(folder, given.processes, SMALL)
    found = outcomes(folder)
    chosen = [
        each
        for room in given.rooms
        for each in (
            drawn(found, room, given.sample, given.seed)
            if given.sample
            else [key for name, codes in found.items() if name.split("/")[0] == room for key in codes]
        )
    ]
    mutate(folder, given.processes, *chosen)
    found = outcomes(folder)
    print(table(found, set(chosen)))
    if given.survivors:
        left = {key: code for codes in found.values() for key, code in codes.items() if key in set(chosen)}
        print(
            "\n".join(f"{word(code)}: {key}" for key, code in left.items() if word(code) not in ("killed", "timeout"))
        )


if __name__ == "__main__":
    sys.exit(main())
