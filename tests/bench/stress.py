"""Measure the stress test of a public study, contrast after contrast in one process, imports and reading aside.

    MIRCARGO_SHARED=FOLDER python tests/bench/stress.py [STUDY]

FOLDER holds the study's tables under data/STUDY, as the tests have them.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mircargo.config import Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.robustness.question import Question
from mircargo.robustness.robust_calls import summarise
from mircargo.robustness.stress import run
from mircargo.robustness.variants import variants
from studies import config_of, read_study


def stress(name: str) -> float:
    """Print the time of each contrast, and return their sum in seconds."""
    study, counts, sheet = read_study(name, Path(os.environ["MIRCARGO_SHARED"]))
    thresholds: Thresholds = config_of(name).thresholds_of(name)
    total = 0.0
    for key, contrast in study.contrasts.items():
        design = contrast_design(sheet, contrast, study.numeric, key)
        began = time.perf_counter()
        base = fit(counts.counts, design, thresholds).results
        groups, fraction = sheet[contrast.variable], sheet.get(study.fraction)
        question = Question(counts.counts, design, thresholds, groups, sheet, fraction)
        runs = run(base, variants(question), thresholds.alpha)
        summarise(runs)
        seconds = time.perf_counter() - began
        total += seconds
        print(f"{name} {key}: {len(runs.names) - 1} variants of {len(base)} features in {seconds:.2f} s")
    return total


if __name__ == "__main__":
    studied = sys.argv[1] if len(sys.argv) > 1 else "joint_injury"
    stress(studied)  # unseen: what is computed once and kept is no part of it
    print(f"in all {stress(studied):.2f} s")
