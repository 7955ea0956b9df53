"""Score *robust* on real libraries without a change between groups, thinned so that they have one.

    MIRCARGO_SHARED=FOLDER python tests/bench/resampled.py [--studies 20] [--seed 1]

Libraries of public studies without a treatment, or with one of no effect, are dealt into two groups by lot. Of a tenth
of the features one group loses reads at random, and of another tenth the other group does, so that fold changes are
known (binomial thinning: Gerard 2020, BMC Bioinformatics 21:206). All else is as it was measured: depth, abundances,
correlation of features, outliers. FOLDER holds the tables under data/STUDY, as the tests have them.
"""

import argparse
import os
import sys
import zlib
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd

from mircargo.benchmark.callers import CALLERS, RIVALS
from mircargo.benchmark.pools import enough_reads
from mircargo.benchmark.scoring import score
from mircargo.benchmark.studies import CONTRAST
from studies import read_study

CHANGED = 0.1  # of the features, in each direction
MEAN_CHANGE = 1.0  # log2, exponential


class Source(NamedTuple):
    """Libraries of a study: which rows of its sheet, and how many samples a group can have."""

    study: str
    query: str
    per_group: tuple[int, ...]


SOURCES = {
    "joints": Source("joint_injury", "condition != 'day_7_right'", (3, 4, 6)),
    "cells": Source("microglia_ev", "fraction == 'cell' and treatment != 'LPS'", (3, 4)),
    "EVs": Source("microglia_ev", "fraction == 'ev' and treatment != 'LPS'", (3, 4)),
}


def thinned(
    counts: pd.DataFrame, per_group: int, changed: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Deal libraries into two groups, and thin them; return counts, sheet and true log2 fold changes."""
    own = counts[rng.permutation(counts.columns)[: 2 * per_group]]
    own = own[own.sum(axis=1) >= 10]
    treated = np.arange(2 * per_group) >= per_group
    n = round(changed * len(own))
    change = np.zeros(len(own))
    change[rng.permutation(len(own))[: 2 * n]] = rng.exponential(MEAN_CHANGE, 2 * n) * np.repeat([1, -1], n)
    keeps = np.where(treated, np.exp2(np.minimum(change, 0))[:, None], np.exp2(-np.maximum(change, 0))[:, None])
    table = pd.DataFrame(rng.binomial(own.to_numpy(), keeps), own.index, own.columns)
    sheet = pd.DataFrame({"group": np.where(treated, "treated", "control")}, index=own.columns)
    return table, sheet, pd.Series(change, own.index)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    rows = []
    for name, source in SOURCES.items():
        _, counts, sheet = read_study(source.study, Path(os.environ["MIRCARGO_SHARED"]))
        table = counts.counts[list(sheet.query(source.query).index)]
        for per_group in source.per_group:
            for changed in (CHANGED, 0.0):
                for number in range(chosen.studies):
                    key = (zlib.crc32(name.encode()), per_group, number, int(changed > 0))
                    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(chosen.seed, spawn_key=key)))
                    study, groups, truth = thinned(table, per_group, changed, rng)
                    counted = enough_reads(study, per_group).index
                    for caller, call in (CALLERS | RIVALS).items():
                        found = score(call(study, groups, CONTRAST), truth, counted)
                        setting = name if changed else f"{name}, nothing changed"
                        rows.append({"libraries": setting, "per_group": per_group, "caller": caller, **found})
    scores = pd.DataFrame(rows).assign(any_call=lambda table: table["calls"] > 0)
    index = ["libraries", "per_group"]
    means = scores.pivot_table(index=index, columns="caller", values=["tpr", "fdr", "any_call"], sort=False)
    print(means.round(3).to_string())


if __name__ == "__main__":
    main()
