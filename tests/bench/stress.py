"""Measure the stress test of a public study, contrast after contrast in one process, imports and reading aside.

    MIRCARGO_SHARED=FOLDER python tests/bench/stress.py [STUDY]

FOLDER holds the study's tables under data/STUDY, as the tests have them.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mircargo.analysis import Question, StudyData
from mircargo.config import Thresholds
from studies import config_of, read_study


def stress(name: str) -> float:
    """Print the time of each contrast, and return their sum in seconds."""
    study, counts, sheet = read_study(name, Path(os.environ["MIRCARGO_SHARED"]))
    thresholds: Thresholds = config_of(name).thresholds_of(name)
    data = StudyData(counts.counts, sheet, fraction=study.fraction, numeric=study.numeric)
    total = 0.0
    for key, contrast in study.contrasts.items():
        began = time.perf_counter()
        question = Question(data, key, contrast, thresholds)
        tried = question.stress(question.base.refit()).facts["variants"]
        seconds = time.perf_counter() - began
        total += seconds
        print(f"{name} {key}: {len(tried)} variants of {len(data.counts)} features in {seconds:.2f} s")
    return total


if __name__ == "__main__":
    studied = sys.argv[1] if len(sys.argv) > 1 else "joint_injury"
    stress(studied)  # unseen: what is computed once and kept is no part of it
    print(f"in all {stress(studied):.2f} s")
