"""370 small studies at random, of every kind that the engine knows: for the trial against R's DESeq2.

    python tests/oracle/random_designs.py FOLDER     writes them for `random_designs.R`
    Rscript tests/oracle/random_designs.R FOLDER tests/oracle/random_designs.tsv

They are drawn with NumPy's legacy generator, whose numbers stay as they are.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

N = 370
KINDS = ("groups", "levels", "batch", "pairs", "interaction", "numeric")
TABLES = ("usual", "sparse", "huge", "few", "outliers", "poisson_like")


@dataclass(frozen=True)
class Study:
    """A table, its sheet and what is asked.

    Attributes
    ----------
    counts
        Features x samples.
    sheet
        One row a sample: `group`, and perhaps `batch`, `pair`, `geno`, `dose`.
    formula
        Of the full model, as mircargo and R both write it; `group` last.
    level
        Compared with `g0`.
    threshold
        Smallest log2 fold change; 0 for none.
    reduced
        Smaller model of a likelihood-ratio test; empty for a Wald test.
    """

    counts: pd.DataFrame
    sheet: pd.DataFrame
    formula: str
    level: str
    threshold: float
    reduced: str


def study(number: int) -> Study:
    random = np.random.RandomState(number)
    kind, table = KINDS[number % len(KINDS)], TABLES[(number // len(KINDS)) % len(TABLES)]
    n_levels = random.randint(3, 5) if kind == "levels" else 2
    sizes = random.randint(2, 13, n_levels) if random.rand() < 0.5 else np.repeat(random.randint(2, 8), n_levels)
    if kind in ("pairs", "batch", "interaction"):
        sizes = np.maximum(np.repeat(sizes[0], 2), 3 if kind != "interaction" else 4)
    group = np.repeat(np.arange(n_levels), sizes)
    place = np.concatenate([np.arange(size) for size in sizes])
    sheet = pd.DataFrame({"group": [f"g{i}" for i in group]}, [f"s{j}" for j in range(len(group))])
    formula, reduced = "~ group", "~ 1"
    if kind == "batch":
        sheet["batch"] = [f"b{i}" for i in place % 2]
        formula, reduced = "~ batch + group", "~ batch"
    elif kind == "pairs":
        sheet["pair"] = [f"p{i}" for i in place]
        formula, reduced = "~ pair + group", "~ pair"
    elif kind == "interaction":
        sheet["geno"] = [f"k{i}" for i in place % 2]
        formula, reduced = "~ geno + group + geno:group", "~ geno"
    elif kind == "numeric":
        sheet["dose"] = np.round(random.uniform(0, 3, len(group)), 1)
        formula, reduced = "~ dose + group", "~ dose"
    asked = number % 7
    counts = _counts(random, table, group, place)
    return Study(
        pd.DataFrame(counts, [f"f{i}" for i in range(len(counts))], sheet.index),
        sheet,
        formula,
        f"g{n_levels - 1}",
        0.5 if asked == 5 else 0.0,
        reduced if asked == 6 else "",
    )


def _counts(random: np.random.RandomState, table: str, group: np.ndarray, place: np.ndarray) -> np.ndarray:
    n = {"few": random.randint(25, 60)}.get(table, random.randint(120, 400))
    means = np.exp(random.normal({"sparse": 0.3, "huge": 8.0}.get(table, 3.5), {"sparse": 1.5}.get(table, 2.0), n))
    trend = random.choice([0.02, 0.1, 0.4]) + random.choice([0.2, 1.0, 4.0]) / means
    alpha = trend * np.exp(random.normal(0, random.choice([0.2, 0.5, 1.0]), n))
    if table == "poisson_like":
        alpha[random.rand(n) < 0.7] = 1e-4
    change = np.where(random.rand(n) < 0.25, random.normal(0, 1.5, n), 0.0)
    depth = np.exp(random.normal(0, 0.4, len(group)))
    log_mean = np.log(means)[:, None] + change[:, None] * group + 0.3 * random.normal(0, 1, (n, 1)) * (place % 2)
    mu = np.minimum(np.exp(log_mean) * depth, 1e7)
    size = 1 / alpha[:, None]
    counts = random.poisson(np.minimum(random.gamma(size, mu / size), 2e7))
    if table == "outliers":
        for _ in range(6):
            counts[random.randint(n), random.randint(len(group))] = int(np.exp(random.uniform(6, 11)))
    return counts[counts.sum(axis=1) > 0]


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asked = []
    for number in range(N):
        one = study(number)
        one.counts.to_csv(folder / f"{number}.counts.tsv", sep="\t")
        one.sheet.to_csv(folder / f"{number}.sheet.tsv", sep="\t")
        asked.append((number, one.formula, one.level, one.threshold, one.reduced))
    pd.DataFrame(asked, columns=["number", "formula", "level", "threshold", "reduced"]).to_csv(
        folder / "asked.tsv", sep="\t", index=False
    )


if __name__ == "__main__":
    main()
