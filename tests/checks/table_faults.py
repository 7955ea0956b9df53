"""Count tables with a planted truth and one fault each, and honest tables: what `check` makes of them.

Run by hand: `python tests/checks/table_faults.py [number] [seed] [number to fit]`. It makes so many tables with a
fault and as many without, and counts: counts that are wrong without a word, faults neither read right nor told, good
tables refused, tracebacks, and, for those that it fits, robust calls on unchanged features beyond those of the honest
twin.
"""

import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mircargo.analysis import Question, StudyData
from mircargo.checks.study import examine_study
from mircargo.config import parse
from mircargo.features.ledger import Counts
from mircargo.features.mirbase import load_mature
from mircargo.inputs.sheet import read_sheet
from mircargo.problems import Problem, ProblemsFound

Cells = list[list[str]]


@dataclass
class Base:
    """An honest study: the truth that all its tables are written from."""

    rng: random.Random
    draw: np.random.Generator
    species: str
    truth: pd.DataFrame
    groups: pd.Series
    changed: set[str]

    @property
    def names(self) -> list[str]:
        return list(self.truth.index)

    @property
    def samples(self) -> list[str]:
        return list(self.truth.columns)


@dataclass
class Made:
    """Files of one study, and what may come of them.

    `right` are the counts that may be read in silence; None where the fault has to be told of or refused whatever is
    read. `good` tables may not be refused.
    """

    kind: str
    files: dict[str, bytes]
    tables: list[dict[str, Any]]
    sheet: pd.DataFrame
    right: pd.DataFrame | None
    good: bool = False
    changed: dict[str, Any] = field(default_factory=dict)
    in_level: tuple[str, int] | None = None


STYLES = (
    ("{g}_{i}", "ctrl", "case"), ("{g}{i}", "Sham", "SNI"), ("{i}{g}", "w", "k"), ("EV-{g}-{i}", "naive", "CCI"),
    ("GSM48{i:04d}_{g}", "WT", "KO"), ("{g}.rat{i}", "veh", "drug"), ("pt{i:02d} {g}", "healthy", "neuropathy"),
    ("S{i}_{g}_exo", "sal", "CFA"),
)  # fmt: skip


def base_of(seed: object, most: int = 400) -> Base:
    """Draw a study of up to so many features: names, sizes, depths and dispersions by the seed."""
    rng = random.Random(f"base-{seed}")
    draw = np.random.default_rng(rng.randrange(2**32))
    species = rng.choice(["hsa", "mmu", "rno"])
    known = load_mature().query("species == @species").drop_duplicates("sequence")
    known = known[~known["hairpins"].str.contains(";") & (known["hairpins"] != "")].drop_duplicates("hairpins")
    names = known["name"].sample(rng.randint(100, most), random_state=rng.randrange(2**31)).tolist()
    target = f"{species}-miR-21{'a' * (species == 'mmu')}-5p"
    names = list(dict.fromkeys([target, *names]))
    rng.shuffle(names)
    n = rng.randint(3, 6)
    style, *words = rng.choice(STYLES)
    samples = [style.format(g=g, i=i + 1 + n * at) for at, g in enumerate(words) for i in range(n)]
    groups = pd.Series(["ctrl"] * n + ["case"] * n, index=samples)
    share = draw.lognormal(0, rng.uniform(1.2, 2.4), len(names))
    changed = set(rng.sample([name for name in names if name != target], len(names) // 10))
    fold = np.array([2.0 ** rng.choice([-2, -1, 1, 2]) if name in changed else 1.0 for name in names])
    depth = 10 ** rng.uniform(4.7, 6.5)
    mean = np.outer(share / share.sum(), depth * draw.uniform(0.5, 1.8, 2 * n))
    mean[:, n:] *= fold[:, None]
    dispersion = rng.uniform(0.05, 0.4)
    counts = draw.poisson(draw.gamma(1 / dispersion, dispersion * mean))
    return Base(rng, draw, species, pd.DataFrame(counts, index=names, columns=samples), groups, changed)


def cells_of(table: pd.DataFrame, corner: str = "ID") -> Cells:
    rows = zip(map(str, table.index), table.to_numpy().tolist(), strict=True)
    return [[corner, *map(str, table.columns)], *([name, *map(str, values)] for name, values in rows)]


def text_of(cells: Cells, delimiter: str) -> bytes:
    def quoted(cell: str) -> str:
        return f'"{cell}"' if delimiter in cell else cell

    return "".join(delimiter.join(map(quoted, row)) + "\n" for row in cells).encode()


def sheet_of(base: Base, columns: Sequence[str] | None = None, groups: Sequence[str] | None = None) -> pd.DataFrame:
    names = base.samples if columns is None else columns
    return pd.DataFrame({"sample": names, "group": list(base.groups if groups is None else groups)})


def delimiter_of(base: Base) -> str:
    return base.rng.choice("\t,;")


def plain(kind: str, base: Base, cells: Cells, right: pd.DataFrame | None, **more: Any) -> Made:
    """A table in one plain file, as its cells are."""
    sheet = more.pop("sheet", None)
    delimiter = more.pop("delimiter", None) or delimiter_of(base)
    settings = more.pop("settings", {})
    files = {"t.txt": text_of(cells, delimiter)}
    return Made(
        kind, files, [{"table": "t.txt", **settings}], sheet_of(base) if sheet is None else sheet, right, **more
    )


@dataclass
class Answer:
    """What came of one study."""

    counts: Counts | None
    errors: list[Problem]
    warnings: list[Problem]
    seconds: float
    config: Any = None


def examine(made: Made, base: Base, folder: Path) -> Answer:
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    made.sheet.to_csv(folder / "s.tsv", sep="\t", index=False)
    tables = [{**each, "table": str(folder / each["table"])} for each in made.tables]
    study = {"title": "t", "species": base.species, "counts": tables, "samples": str(folder / "s.tsv")}
    contrast = {"variable": "group", "level": "case", "reference": "ctrl"}
    study |= {"contrasts": {"c": contrast}} | made.changed
    start = time.monotonic()
    config = parse({"studies": {"x": study}})
    problems, counts = examine_study(config, "x")
    said: dict[str, list[Problem]] = {"error": [], "warning": []}
    for problem in problems:
        said[problem.severity].append(problem)
    return Answer(counts, said["error"], said["warning"], time.monotonic() - start, config)


def differs(counts: Counts, right: pd.DataFrame) -> str:
    """Say where the counts differ from the truth; '' where they do not."""
    found = counts.counts.rename(index=lambda name: name.removesuffix(" (ambiguous)"))
    if set(found.columns) != set(right.columns):
        return f"samples {sorted(set(found.columns) ^ set(right.columns))[:6]}"
    found = found[found.sum(axis=1) > 0]
    wanted = right[right.sum(axis=1) > 0]
    if set(found.index) != set(wanted.index):
        return f"features {sorted(set(found.index) ^ set(wanted.index))[:6]}"
    apart = (found.loc[wanted.index, wanted.columns] != wanted).to_numpy()
    return f"{apart.sum()} counts, first {wanted.index[apart.any(axis=1)][0]}" if apart.any() else ""


@dataclass
class Trial:
    """What came of many tables."""

    kinds: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    silent: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    robust: list[str] = field(default_factory=list)
    n_good: int = 0
    n_fitted: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0


def judge(made: Made, base: Base, folder: Path, label: str, trial: Trial, known: set[str]) -> Answer | None:
    """Note what came of a table; `known` are the codes of the warnings that its honest twin has as well."""
    trial.kinds[made.kind] += 1
    trial.n_good += made.good
    try:
        answer = examine(made, base, folder)
    except ProblemsFound as refused:
        answer = Answer(None, refused.problems, [], 0)
    except Exception:  # what is looked for
        trial.tracebacks.append(f"{label}: {traceback.format_exc()[-700:]}")
        return None
    trial.longest = max(trial.longest, answer.seconds)
    new = [each for each in answer.warnings if each.code not in known]
    if answer.errors or answer.counts is None:
        outcome = "refused"
        (trial.needless if made.good else trial.refused).append(
            f"{label}: {[(each.what, each.found) for each in answer.errors[:2]]}"[:500]
        )
    else:
        wrong = "must be told" if made.right is None else differs(answer.counts, made.right)
        if made.in_level and not wrong:
            level, n = made.in_level
            found = int((read_sheet(folder / "s.tsv")["group"] == level).sum())
            wrong = f"{found} samples of '{level}', not {n}" if found != n else ""
        outcome = "read right" if not wrong else "told" if new else "SILENT"
        if outcome == "SILENT":
            trial.silent.append(f"{label}: {wrong}")
    trial.outcomes[made.kind, outcome] += 1
    return answer


def robust_calls(answer: Answer, base: Base) -> tuple[int, int] | None:
    """Return how many unchanged features are called, and how many of these calls are robust."""
    assert answer.counts is not None
    study = answer.config.studies["x"]
    data = StudyData(
        answer.counts.counts, read_sheet(study.samples), size_factors=study.size_factors, fraction=study.fraction
    )
    question = Question(data, "c", study.contrasts["c"], answer.config.thresholds)
    summary = question.stress(question.base.refit()).summary
    unchanged = ~summary["feature"].isin(base.changed)
    called, robust = summary["call"].isin(["up", "down"]), summary["robust"].eq(True)
    return int((called & unchanged).sum()), int((robust & unchanged).sum())


def run(number: int, seed: int, n_fit: int = 0, most: int = 400) -> Trial:
    """Make so many tables with a fault, each with its honest twin."""
    import more_fault_kinds  # noqa: F401  # it adds its faults to the others
    from fault_kinds import FAULTS, honest

    trial = Trial()
    kinds = list(FAULTS)
    chosen = random.Random(f"fit-{seed}")
    with tempfile.TemporaryDirectory() as scratch:
        for at in range(number):
            own = f"{seed}-{at}"
            kind = kinds[at % len(kinds)]
            base = base_of(own, most)
            twin_folder, folder = Path(scratch) / "twin", Path(scratch) / "fault"
            for each_folder in (twin_folder, folder):
                each_folder.mkdir(exist_ok=True)
            twin = honest(base)
            twin_answer = judge(twin, base, twin_folder, f"{own} {twin.kind}", trial, set())
            known = {each.code for each in twin_answer.warnings} if twin_answer else set()
            base = base_of(own, most)
            made = FAULTS[kind](base)
            made.kind = kind
            answer = judge(made, base, folder, f"{own} {kind}", trial, known)
            fitting = chosen.random() < 2 * n_fit / number  # about half are refused
            if fitting and answer and not answer.errors and twin_answer and not twin_answer.errors:
                _fit(trial, answer, twin_answer, base, f"{own} {kind}")
    return trial


def _fit(trial: Trial, answer: Answer, twin: Answer, base: Base, label: str) -> None:
    try:
        ours, honest_calls = robust_calls(answer, base), robust_calls(twin, base)
    except ProblemsFound as refused:
        trial.calls[f"not fitted: {str(refused)[:80]}"] += 1
        return
    except Exception:
        trial.tracebacks.append(f"{label} (fit): {traceback.format_exc()[-700:]}")
        return
    trial.n_fitted += 1
    for word, (called, robust) in (("fault", ours), ("twin", honest_calls)):
        trial.calls[f"{word}: false calls"] += called
        trial.calls[f"{word}: false robust calls"] += robust
    if ours[1] > honest_calls[1]:
        trial.robust.append(f"{label}: {ours[1]} robust calls of unchanged features, its twin {honest_calls[1]}")


if __name__ == "__main__":
    amounts = [int(text) for text in sys.argv[1:]] + [2000, 1, 0][len(sys.argv) - 1 :]
    done = run(*amounts)
    for word in ("silent", "needless", "tracebacks", "robust", "refused"):
        lines = getattr(done, word)
        print(f"{word}: {len(lines)}", *lines[: 400 if word == "refused" else 150], sep="\n  ")
    for kind in done.kinds:
        print(f"{kind:28}", {what: n for (own, what), n in done.outcomes.items() if own == kind})
    print(f"{sum(done.kinds.values())} tables, {done.n_good} good, {len(done.needless)} of them refused needlessly")
    print(f"silent {len(done.silent)}, tracebacks {len(done.tracebacks)}, longest {done.longest:.2f} s")
    print(f"{done.n_fitted} pairs fitted: {dict(done.calls)}")
