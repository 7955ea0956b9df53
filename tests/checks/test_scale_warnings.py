"""Warnings of scale and of size factors that go with the groups."""

import numpy as np
import pandas as pd
import pytest

import factories
from mircargo.checks.scale_warnings import BY_SPIKE_INS, scale_warnings
from mircargo.config import Thresholds

SAMPLES = [f"s{i}" for i in range(8)]
GROUPS = ["control"] * 4 + ["case"] * 4
SHEET = pd.DataFrame({"column": SAMPLES, "group": GROUPS}, index=pd.Index(SAMPLES, name="sample"))


def study_of(**more):
    contrasts = {"a": {"variable": "group", "level": "case", "reference": "control"},
                 "not_there": {"variable": "group", "level": "nobody", "reference": "control"}}  # fmt: skip
    return factories.study_of(contrasts=contrasts, **more)


def counts(rise: float, depth: float = 1.0) -> pd.DataFrame:
    """Thirty features of which the largest has half of the reads and rises in the cases."""
    rng = np.random.Generator(np.random.PCG64(5))
    level = np.r_[30_000, np.full(29, 1000)][:, None] * np.where([[False] * 4 + [True] * 4], [[1.0]], 1.0)
    level = level * np.ones((30, 8))
    level[0, 4:] *= rise
    level[:, 4:] *= depth
    table = rng.poisson(level * rng.uniform(0.97, 1.03, level.shape))
    return pd.DataFrame(table, index=[f"f{i}" for i in range(30)], columns=SAMPLES)


def warned(study, table, spike_ins=None):
    return scale_warnings(study, SHEET, table, spike_ins, Thresholds(), "studies.mine")


def test_a_dominant_feature_that_triples():
    (problem,) = warned(study_of(), counts(3.0))
    assert problem.severity == "warning"
    assert problem.where == "studies.mine.contrasts.a"
    assert problem.what.startswith("the answer depends on scale")
    # 59,000 reads become 119,000: log2 of that is 1.01.
    fall = float(problem.found.split("would fall by ")[1].split(" ")[0])
    assert fall == pytest.approx(np.log2(119 / 59), abs=0.05)
    assert "qPCR of the target against a stable amount of input" in problem.hint
    assert problem.hint.endswith("relative to the typical miRNA")


def test_with_total_counts_they_are_relative_to_the_total():
    problem, libraries = warned(study_of(size_factors={"method": "total"}), counts(3.0))
    # Totals are twice as large in the cases, and they are the size factors.
    assert libraries.what.startswith("the size factors go with the groups")
    assert problem.hint.endswith("relative to the total")


def test_spike_ins_decide():
    (problem,) = warned(study_of(spike_ins=["UniSp*"]), counts(3.0))
    assert problem.hint == BY_SPIKE_INS


def test_where_nothing_changes_there_is_no_warning():
    assert warned(study_of(), counts(1.0)) == []


def test_size_factors_that_go_with_the_groups_are_named():
    (problem,) = warned(study_of(), counts(1.0, depth=3.0))
    assert problem.what.startswith("the size factors go with the groups")
    assert problem.where == "studies.mine.contrasts.a"
    assert "; 3.0-fold on average" in problem.found
    case, control = problem.found.split("; ")[0].split(" against ")
    assert case.startswith("'case' 1.7 to ")
    assert control.startswith("'control' 0.57")


def test_what_cannot_be_found_is_left_to_the_errors_of_others():
    study = study_of(size_factors={"method": "control_features", "features": ["nowhere"]})
    assert warned(study, counts(3.0)) == []
