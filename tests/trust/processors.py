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
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from project import Workflow, copy_project

WITHOUT_AVX = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
KINDS = {
    "native": {},
    "haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "zen": {"OPENBLAS_CORETYPE": "Zen"},
    "skylakex": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "baseline": {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": WITHOUT_AVX},
}
# What is about the run and not about the study: files, and keys of the facts of a meta-analysis.
ABOUT_THE_RUN = {"provenance.json", "ro-crate-metadata.json"}
KEYS_ABOUT_THE_RUN = ("finished", "python", "versions")
# What numbers of a drawing (points) and of a file of facts may differ by: the last place that is written.
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
WRITTEN = {".svg": 1e-3, ".json": 1e-6, ".txt": 0.0}
# A difference from 0 has no relative size: below this, in the column's own unit, it counts as that share of 1.
SMALLEST = 1e-12


def run(python: Path, kind: str, folder: Path) -> Path:
    """Run the studies in a fresh copy of the project; return the folder of their results."""
    project = Workflow(copy_project(folder), python.parent)
    done = project.run("--configfile", "config/studies/all.yaml", **KINDS[kind])
    if done.returncode:
        sys.exit(f"{kind}: the run failed\n{done.stderr[-5000:]}")
    # Studies end in any order.
    (folder / "results" / "printed.txt").write_text("\n".join(sorted(done.stdout.splitlines())))
    return folder / "results"


def differences(one: Path, other: Path) -> pd.DataFrame:
    """Return what differs between two runs: a row a column of a table, or a file; of words it is infinite."""
    rows = []
    left, right = (
        {str(path.relative_to(each)) for path in each.rglob("*") if path.is_file() and path.suffix != ".lock"}
        for each in (one, other)
    )
    for name in sorted(left | right):
        suffix = Path(name).suffix
        if name not in left & right:
            rows.append((name, "", np.inf, "only in one run"))
        elif suffix == ".tsv":
            rows += [(name, *each) for each in of_tables(table(one / name), table(other / name))]
        elif suffix in WRITTEN and Path(name).name not in ABOUT_THE_RUN:
            apart = of_texts(text_of(one / name), text_of(other / name))
            if apart > WRITTEN[suffix]:
                rows.append((name, "", np.inf, f"numbers {apart:.2g} apart" if np.isfinite(apart) else "another text"))
    return pd.DataFrame(rows, columns=["file", "column", "difference", "where"]).astype({"difference": float})


def of_tables(left: pd.DataFrame, right: pd.DataFrame) -> Iterator[tuple[str, float, str]]:
    """Give each column that differs, its largest relative difference, and the row where that is."""
    if list(left) != list(right) or len(left) != len(right):
        yield "", np.inf, f"another shape, {left.shape} and {right.shape}"
        return
    for column in left:
        first, second = as_numbers(left[column]), as_numbers(right[column])
        if first is None or second is None:
            apart = np.where(left[column] != right[column], np.inf, 0.0)
        else:
            same = (first == second) | (np.isnan(first) & np.isnan(second))
            size = np.fmax(np.fmax(np.abs(first), np.abs(second)), SMALLEST)
            # A number that only one run has is another word.
            with np.errstate(invalid="ignore"):
                apart = np.where(same, 0.0, np.nan_to_num(np.abs(first - second) / size, nan=np.inf))
        if len(apart) and apart.max() > 0:
            at = int(apart.argmax())
            yield column, apart[at], f"{left.iloc[at, 0]}: {left[column].iloc[at]} and {right[column].iloc[at]}"


def text_of(path: Path) -> str:
    if path.suffix != ".json":
        return path.read_text()
    facts = json.loads(path.read_text())
    return json.dumps({key: value for key, value in facts.items() if key not in KEYS_ABOUT_THE_RUN})


def of_texts(one: str, other: str) -> float:
    """Return how far apart the numbers of two texts are; infinitely where their words differ."""
    if NUMBER.sub("", one) != NUMBER.sub("", other):
        return np.inf
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return max((abs(float(a) - float(b)) / max(1.0, abs(float(a))) for a, b in pairs if a != b), default=0.0)


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
    runs = [(kind, Path(sys.executable), kind) for kind in options.kinds]
    runs += [(python.parent.parent.name, python.absolute(), "native") for python in options.pythons]
    with tempfile.TemporaryDirectory() as scratch:
        found = {}
        for name, python, kind in runs:
            folder = (options.keep or Path(scratch)) / name
            found[name] = folder / "results" if (folder / "results").is_dir() else run(python, kind, folder)
        first, *others = found
        apart = pd.concat([differences(found[first], found[name]).assign(kind=name) for name in others])
    report(first, others, apart)
    sys.exit(int((apart["difference"] > options.largest).any()))


def report(first: str, others: list[str], apart: pd.DataFrame) -> None:
    """Print what differs from the first run: the texts one by one, the numbers as a table of columns."""
    of_words = np.isinf(apart["difference"])
    print(f"beside {first}, {of_words.sum()} texts differ")
    for row in apart[of_words].itertuples():
        print(f"  {row.kind}: {row.file} {row.column} {row.where}")
    print(f"| column | {' | '.join(others)} | largest in |\n| --- |{' --- |' * (len(others) + 1)}")
    numbers = apart[~of_words].sort_values("difference", ascending=False)
    for column, rows in numbers.groupby("column", sort=False):
        each = rows.groupby("kind")["difference"].max().reindex(others).fillna(0)
        values = " | ".join(f"{value:.0e}" if value else "0" for value in each)
        print(f"| `{column}` | {values} | {rows['file'].iloc[0]}, {rows['where'].iloc[0]} |")


if __name__ == "__main__":
    main()
