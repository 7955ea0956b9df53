"""What is left out together, and what is left of a design, counted by hand on small ones."""

import numpy as np
import pandas as pd
import pytest

from mircargo.config import Comparison, Contrast
from mircargo.model.design.matrix import contrast_design, release_design
from mircargo.problems import ProblemsFound
from mircargo.robustness.leave_out import units, without

CONTRAST = Contrast(variable="condition", level="injured", reference="control")


def sheet(conditions, **columns) -> pd.DataFrame:
    names = [f"s{i}" for i in range(len(conditions))]
    return pd.DataFrame({"column": names, "condition": conditions, **columns}, index=names)


PAIRS = sheet(["control", "injured"] * 4, mouse=list("aabbccdd"))
GROUPS = sheet(["control"] * 3 + ["injured"] * 3)


def design(table, blocking=()):
    return contrast_design(table, CONTRAST.model_copy(update={"blocking": list(blocking)}), [], "here")


def test_a_sample_is_left_out_alone_and_a_pair_together():
    assert units(design(GROUPS)) == [(f"s{i}",) for i in range(6)]
    assert units(design(PAIRS)) == [(f"s{i}",) for i in range(8)]
    assert units(design(PAIRS, ["mouse"])) == [("s0", "s1"), ("s2", "s3"), ("s4", "s5"), ("s6", "s7")]


def test_a_batch_of_four_loses_one_sample_and_a_batch_of_two_goes_as_a_whole():
    table = sheet(["control", "injured"] * 3, batch=list("aaaabb"))
    assert units(design(table, ["batch"])) == [("s0",), ("s1",), ("s2",), ("s3",), ("s4", "s5")]


def test_with_two_a_group_the_other_one_stays_to_be_counted():
    two = sheet(["control", "control", "injured", "injured"])
    assert units(design(two)) == [("s0",), ("s1",), ("s2",), ("s3",)]
    with pytest.raises(ProblemsFound, match="1 sample of control would be left"):
        without(design(two), ["s0"], two["condition"])


@pytest.mark.parametrize("unit", [("s0", "s1"), ("s4", "s5")], ids=["first level", "another level"])
def test_the_pairs_that_are_left_give_their_mean_difference(unit):
    """Least squares on pairs is the mean of their differences, whichever pair is gone (the first is the baseline)."""
    values = np.array([1.0, 3.0, 2.0, 5.0, 0.0, 7.0, 4.0, 4.5])
    differences = dict(zip(["s0", "s2", "s4", "s6"], [2.0, 3.0, 7.0, 0.5], strict=True))
    left = without(design(PAIRS, ["mouse"]), unit, PAIRS["condition"])
    assert left.matrix.shape == (6, 4)
    assert left.residual_degrees_of_freedom == 2
    assert left.groups == {"control": 3, "injured": 3}
    fitted = np.linalg.lstsq(left.matrix.to_numpy(), values[left.matrix.index.str[1:].astype(int)], rcond=None)[0]
    expected = np.mean([value for sample, value in differences.items() if sample not in unit])
    assert left.contrast @ fitted == pytest.approx(expected)


def test_what_is_left_must_be_testable():
    few = PAIRS.iloc[:4]
    with pytest.raises(ProblemsFound, match="fewer than two samples"):
        without(design(few, ["mouse"]), ["s0", "s1"], few["condition"])
    crossed = sheet(["control", "control", "control", "injured", "injured", "injured"], batch=list("aabbbb"))
    # Without s2 the controls are of batch a and the injured of batch b.
    with pytest.raises(ProblemsFound, match="could not be told from the blocking"):
        without(design(crossed, ["batch"]), ["s2"], crossed["condition"])


def test_exosome_and_source_of_a_subject_go_together():
    table = sheet(
        ["control"] * 6 + ["injured"] * 6, fraction=["drg", "exosome"] * 6, subject=[f"m{i // 2}" for i in range(12)]
    )
    parts = {name: CONTRAST.model_copy(update={"subset": {"fraction": [name]}}) for name in ("exosome", "drg")}
    comparison = Comparison(exosome="exosome", source="drg", blocking=["subject"])
    paired = release_design(table, comparison, parts["exosome"], parts["drg"], [], "here")
    assert sorted(map(sorted, units(paired))) == sorted(sorted([f"s{i}", f"s{i + 1}"]) for i in range(0, 12, 2))
    unpaired = comparison.model_copy(update={"blocking": []})
    assert len(units(release_design(table, unpaired, parts["exosome"], parts["drg"], [], "here"))) == 12
