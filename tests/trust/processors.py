"""The example and the public studies on several kinds of processor, and what differs between their results.

    python tests/trust/processors.py                        every kind that this processor can stand in for
    python tests/trust/processors.py --kinds native haswell
    python tests/trust/processors.py --pythons python3.12/bin/python   other environments that hold mircargo, as well

A kind of processor is a choice of OpenBLAS's kernels (`OPENBLAS_CORETYPE`) and of NumPy's own loops
(`NPY_DISABLE_CPU_FEATURES`). Kernels that this processor cannot run are not tried. The public tables come from the
folder that MIRCARGO_MIRROR names, or by the network. Of every table below `results/` the texts are compared sign by
sign and the numbers by their relative difference; of what the run prints, every sentence; of the figures, every label
and where it stands; of the facts of each fit, every word and number. It prints the largest
difference of each column as a table in Markdown, and ends with 1 where a text differs or a number by more than
`--largest`.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from project import copy_project

WITHOUT_AVX = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
KINDS = {
    "native": {},
    "haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "zen": {"OPENBLAS_CORETYPE": "Zen"},
    "skylakex": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "baseline": {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": WITHOUT_AVX},
}
# Numbers of a table that is about the run and not about the study.
ABOUT_THE_RUN = {"provenance.json", "ro-crate-metadata.json"}
# What numbers of a drawing (points) and of a file of facts may differ by: the last place that is written.
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
WRITTEN = {".svg": 1e-3, ".json": 1e-6}
# A difference from 0 has no relative size: below this, in the column's own unit, it counts as that share of 1.
SMALLEST = 1e-12


def run(python: Path, kind: str, folder: Path) -> Path:
    """Run the studies in a fresh copy of the project; return the folder of their results."""
    copy_project(folder)
    variables = os.environ | KINDS[kind] | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(python.parent / "snakemake"), "--cores", "2", "--configfile", "config/studies/all.yaml"]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{kind}: the run failed\n{done.stderr[-5000:]}")
    (folder / "results" / "printed.txt").write_text(done.stdout)
    return folder / "results"


def texts_that_differ(one: Path, other: Path) -> list[str]:
    """Name files that only one run has, and every text that is not the same in both."""
    files = {path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file()}
    others = {path.relative_to(other).as_posix() for path in other.rglob("*") if path.is_file()}
    found = [f"{name}: only in one run" for name in sorted(files ^ others)]
    # Studies end in any order.
    printed = [sorted((each / "printed.txt").read_text().splitlines()) for each in (one, other)]
    if printed[0] != printed[1]:
        found.append("what the run prints")
    for name in sorted(files & others):
        if name.endswith(".tsv"):
            found += [f"{name}: {each}" for each in cells_that_differ(table(one / name), table(other / name))]
        elif name.endswith((".svg", ".json")) and Path(name).name not in ABOUT_THE_RUN:
            largest = differing_text((one / name).read_text(), (other / name).read_text())
            if largest > WRITTEN[Path(name).suffix]:
                found.append(f"{name}: {'another text' if np.isinf(largest) else f'numbers {largest:.2g} apart'}")
    return found


def cells_that_differ(left: pd.DataFrame, right: pd.DataFrame) -> list[str]:
    """Name the first texts of each column that differ, and numbers that only one table has."""
    if list(left) != list(right) or len(left) != len(right):
        return [f"another shape, {left.shape} and {right.shape}"]
    found = []
    for column in left:
        numbers = as_numbers(left[column]), as_numbers(right[column])
        if numbers[0] is not None and numbers[1] is not None:
            differ = np.isnan(numbers[0]) != np.isnan(numbers[1])
        else:
            differ = (left[column] != right[column]).to_numpy()
        for row in np.flatnonzero(differ)[:5]:
            key, values = left.iloc[row, 0], (left[column].iloc[row], right[column].iloc[row])
            found.append(f"{column} of {key} (row {row + 1}): {values[0]!r} and {values[1]!r}")
    return found


def differing_text(one: str, other: str) -> float:
    """Return how far apart the numbers of two texts are; infinitely where their words differ."""
    if NUMBER.sub("", one) != NUMBER.sub("", other):
        return np.inf
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return max((abs(float(a) - float(b)) / max(1.0, abs(float(a))) for a, b in pairs if a != b), default=0.0)


def differences(one: Path, other: Path) -> pd.DataFrame:
    """Return the largest relative difference of each column of numbers, and where it stands."""
    rows = []
    for path in sorted(one.rglob("*.tsv")):
        name = path.relative_to(one)
        left, right = table(path), table(other / name)
        if left.shape != right.shape:
            continue
        for column in left:
            first, second = as_numbers(left[column]), as_numbers(right[column])
            if first is None or second is None:
                continue
            same = (first == second) | np.isnan(first) | np.isnan(second)
            size = np.fmax(np.fmax(np.abs(first), np.abs(second)), SMALLEST)
            apart = np.abs(np.subtract(first, second, where=~same, out=np.zeros(len(first)))) / size
            if len(apart) and apart.max() > 0:
                at = int(apart.argmax())
                rows.append((str(name), column, apart[at], left.iloc[at, 0], first[at], second[at]))
    return pd.DataFrame(rows, columns=["file", "column", "difference", "row", "one", "other"])


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)


def as_numbers(texts: pd.Series) -> np.ndarray | None:
    """Return a column as numbers, missing where it says so; none where it holds other texts."""
    missing = texts.isin(["NA", ""])
    numbers = pd.to_numeric(texts.mask(missing), errors="coerce").to_numpy(dtype=float)
    return None if (np.isnan(numbers) & ~missing.to_numpy()).any() else numbers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--pythons", nargs="*", type=Path, default=[])
    parser.add_argument("--largest", type=float, default=1e-6, help="relative difference that is still the same")
    parser.add_argument("--keep", type=Path, help="where the runs are kept, and taken from where they are there")
    options = parser.parse_args()
    runs = [(f"{kind}", Path(sys.executable), kind) for kind in options.kinds]
    runs += [(str(python.parent.parent.name), python.absolute(), "native") for python in options.pythons]
    with tempfile.TemporaryDirectory() as scratch:
        found = {}
        for name, python, kind in runs:
            folder = (options.keep or Path(scratch)) / name
            found[name] = folder / "results" if (folder / "results").is_dir() else run(python, kind, folder)
        first, *others = found
        apart = {name: differences(found[first], found[name]) for name in others}
        texts = {name: texts_that_differ(found[first], found[name]) for name in others}
    report(first, apart, texts)
    largest = max((each["difference"].max() for each in apart.values() if len(each)), default=0.0)
    sys.exit(int(any(texts.values()) or largest > options.largest))


def report(first: str, apart: dict[str, pd.DataFrame], texts: dict[str, list[str]]) -> None:
    """Print what differs from the first run: the texts one by one, the numbers as a table of columns."""
    for name, found in texts.items():
        print(f"{name} beside {first}: {len(found)} texts differ")
        print("".join(f"  {each}\n" for each in found), end="")
    together = pd.concat([each.assign(kind=name) for name, each in apart.items()])
    if together.empty:
        print("no number differs")
        return
    worst = together.sort_values("difference", ascending=False).groupby("column", sort=False)
    kinds = list(apart)
    print(f"| column | {' | '.join(kinds)} | largest in |\n| --- |{' --- |' * (len(kinds) + 1)}")
    for column, rows in worst:
        each = rows.groupby("kind")["difference"].max().reindex(kinds).fillna(0)
        values = " | ".join(f"{value:.0e}" if value else "0" for value in each)
        print(f"| `{column}` | {values} | {rows['file'].iloc[0]}, {rows['row'].iloc[0]} ({rows['one'].iloc[0]:.3g}) |")


if __name__ == "__main__":
    main()
