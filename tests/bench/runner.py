"""Run one Python engine on one table, once for each line of standard input.

The first line of what it prints is the engine's version, each further line a JSON object: seconds, processor seconds,
and the rows called at padj < 0.05. Imports and the reading of the table are over before the first run.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import pandas as pd

ALPHA = 0.05

Engine = Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]


def mircargo() -> tuple[str, Engine]:
    from mircargo.config import Thresholds
    from mircargo.model.design.matrix import Design
    from mircargo.model.engines.deseq2 import fit

    thresholds = Thresholds(alpha=ALPHA, min_total_count=0)

    def run(counts: pd.DataFrame, matrix: pd.DataFrame) -> np.ndarray:
        design = Design(matrix, np.array([0.0, 1.0]), "~ group", {})
        return fit(counts, design, thresholds).results["padj"].to_numpy()

    return version("mircargo"), run


def pydeseq2() -> tuple[str, Engine]:
    from pydeseq2.dds import DeseqDataSet
    from pydeseq2.default_inference import DefaultInference
    from pydeseq2.ds import DeseqStats

    def run(counts: pd.DataFrame, matrix: pd.DataFrame) -> np.ndarray:
        inference = DefaultInference(n_cpus=1)
        samples = pd.DataFrame({"group": matrix["group"]})
        dataset = DeseqDataSet(counts=counts.T, metadata=samples, design=matrix, inference=inference, quiet=True)
        dataset.deseq2()
        tested = DeseqStats(dataset, contrast=np.array([0.0, 1.0]), alpha=ALPHA, inference=inference, quiet=True)
        tested.summary()
        return tested.results_df["padj"].to_numpy()

    return version("pydeseq2"), run


ENGINES = {"mircargo": mircargo, "PyDESeq2": pydeseq2}


def read(path: str, n_features: int, n_samples: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return counts, features x samples, and the design matrix of the two groups."""
    values = np.fromfile(path, dtype="<i4").reshape(n_samples, n_features).T.astype(np.int64)
    samples = [f"s{i}" for i in range(n_samples)]
    late = np.arange(n_samples) >= n_samples // 2
    matrix = pd.DataFrame({"Intercept": 1.0, "group": late.astype(float)}, index=samples)
    return pd.DataFrame(values, index=[f"f{i}" for i in range(n_features)], columns=samples), matrix


def main() -> None:
    name, path, n_features, n_samples = sys.argv[1:]
    answers, sys.stdout = sys.stdout, sys.stderr  # what an engine prints is no answer
    warnings.simplefilter("ignore")
    release, run = ENGINES[name]()
    counts, matrix = read(path, int(n_features), int(n_samples))
    print(release, file=answers, flush=True)
    for _ in sys.stdin:
        start, processor_start = time.perf_counter(), time.process_time()
        padj = run(counts, matrix)
        answer = {"seconds": time.perf_counter() - start, "processor": time.process_time() - processor_start}
        answer["calls"] = np.flatnonzero(padj < ALPHA).tolist()
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
