"""What is left out together, and what is left of a design: counted by hand, or fitted without it."""

import numpy as np
import pandas as pd
import pytest

from factories import INJURED, groups, sheet
from mircargo.config import Comparison, Thresholds
from mircargo.model.design.matrix import Design, contrast_design, release_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.problems import ProblemsFound
from mircargo.robustness import stress
from mircargo.robustness.added_error import with_added_error
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.kinds.samples_left_out import samples_left_out
from mircargo.robustness.leave_out import blocks, units, without
from mircargo.robustness.variants import variants

THRESHOLDS = Thresholds()
PAIRS = sheet(group=["control", "injured"] * 4, mouse="aabbccdd")
GROUPS = groups(3, 3).to_frame()


def design(table: pd.DataFrame, *blocking: str) -> Design:
    return contrast_design(table, INJURED.model_copy(update={"blocking": list(blocking)}), [], "here")


def halves(n: int, **columns) -> pd.DataFrame:
    return groups(n // 2, n // 2).to_frame().assign(**columns)


def test_a_sample_is_left_out_alone_and_a_pair_together():
    assert units(design(GROUPS)) == [(f"s{i}",) for i in range(6)]
    assert units(design(PAIRS)) == [(f"s{i}",) for i in range(8)]
    assert units(design(PAIRS, "mouse")) == [("s0", "s1"), ("s2", "s3"), ("s4", "s5"), ("s6", "s7")]


def test_a_batch_of_four_loses_one_sample_and_a_batch_of_two_goes_as_a_whole():
    table = sheet(group=["control", "injured"] * 3, batch="aaaabb")
    assert units(design(table, "batch")) == [("s0",), ("s1",), ("s2",), ("s3",), ("s4", "s5")]


def test_with_two_a_group_the_other_one_stays_to_be_counted():
    two = groups(2, 2).to_frame()
    assert units(design(two)) == [("s0",), ("s1",), ("s2",), ("s3",)]
    with pytest.raises(ProblemsFound, match="1 sample of control would be left"):
        without(design(two), ["s0"], two["group"])


@pytest.mark.parametrize("unit", [("s0", "s1"), ("s4", "s5")], ids=["first level", "another level"])
def test_the_pairs_that_are_left_give_their_mean_difference(unit):
    """Least squares on pairs is the mean of their differences, whichever pair is gone (the first is the baseline)."""
    values = np.array([1.0, 3.0, 2.0, 5.0, 0.0, 7.0, 4.0, 4.5])
    differences = dict(zip(["s0", "s2", "s4", "s6"], [2.0, 3.0, 7.0, 0.5], strict=True))
    left = without(design(PAIRS, "mouse"), unit, PAIRS["group"])
    assert left.matrix.shape == (6, 4)
    assert left.residual_degrees_of_freedom == 2
    assert left.groups == {"control": 3, "injured": 3}
    fitted = np.linalg.lstsq(left.matrix.to_numpy(), values[left.matrix.index.str[1:].astype(int)], rcond=None)[0]
    expected = np.mean([value for sample, value in differences.items() if sample not in unit])
    assert left.contrast @ fitted == pytest.approx(expected)


def test_what_is_left_must_be_testable():
    few = PAIRS.iloc[:4]
    with pytest.raises(ProblemsFound, match="fewer than two samples"):
        without(design(few, "mouse"), ["s0", "s1"], few["group"])
    crossed = GROUPS.assign(batch=list("aabbbb"))
    # Without s2 the controls are of batch a and the injured of batch b.
    with pytest.raises(ProblemsFound, match="could not be told from the blocking"):
        without(design(crossed, "batch"), ["s2"], crossed["group"])


def test_exosome_and_source_of_a_subject_go_together():
    table = halves(12, fraction=["drg", "exosome"] * 6, subject=[f"m{i // 2}" for i in range(12)])
    parts = {name: INJURED.model_copy(update={"subset": {"fraction": [name]}}) for name in ("exosome", "drg")}
    comparison = Comparison(exosome="exosome", source="drg", blocking=["subject"])
    paired = release_design(table, comparison, parts["exosome"], parts["drg"], [], "here")
    assert sorted(map(sorted, units(paired))) == sorted(sorted([f"s{i}", f"s{i + 1}"]) for i in range(0, 12, 2))
    unpaired = comparison.model_copy(update={"blocking": []})
    assert len(units(release_design(table, unpaired, parts["exosome"], parts["drg"], [], "here"))) == 12


def test_each_sample_is_in_one_block_and_each_block_has_as_many_of_each_kind():
    table = halves(120, batch=[f"day{i % 3}" for i in range(120)])
    found = blocks(design(table, "batch"), table["group"], 10)
    assert sorted(sample for block in found for sample in block) == sorted(table.index)
    # Of 2 groups x 3 batches there are 20 samples each: two in every one of ten blocks.
    for block in found:
        assert table.loc[list(block)].groupby(["group", "batch"]).size().tolist() == [2] * 6
    assert found == blocks(design(table, "batch"), table["group"], 10)


def test_blocks_are_drawn_and_not_cut_in_the_order_of_the_sheet():
    table = halves(400)
    numbers = [[int(sample[1:]) for sample in block] for block in blocks(design(table), table["group"], 10)]
    # A mean of 40 numbers out of 0 to 399 has a standard deviation of about 17.
    assert all(abs(np.mean(block) - 199.5) < 70 for block in numbers)
    assert all(len(np.unique(np.diff(block))) > 5 for block in numbers)


def test_partners_are_in_one_block():
    pairs = halves(40, mouse=[f"m{i % 20}" for i in range(40)])
    for block in blocks(design(pairs, "mouse"), pairs["group"], 5):
        assert len(block) == 8
        assert (pairs.loc[list(block), "mouse"].value_counts() == 2).all()


def test_units_are_those_of_the_hat_matrix_without_the_sample():
    """Partners by the definition: leverage 1 once the other is gone, from the pseudo-inverse of what is left."""
    table = halves(14, cage=list("aabbccddeeeffg"), day=[f"d{i % 2}" for i in range(14)])
    made = design(table, "cage", "day")
    matrix, expected = made.matrix.to_numpy(), []
    for left_out in range(14):
        rest = np.delete(matrix, left_out, axis=0)
        hat = np.diag(rest @ np.linalg.pinv(rest))
        alone = [i if i < left_out else i + 1 for i in np.flatnonzero(hat > 1 - 1e-8)]
        # The contrast is still estimable where it is in the space of the rows: projecting it there changes nothing.
        useless = []
        for other in alone:
            rows = np.delete(matrix, [left_out, other], axis=0)
            if np.allclose(np.linalg.pinv(rows) @ rows @ made.contrast, made.contrast, atol=1e-6):
                useless.append(other)
        expected.append(tuple(f"s{i}" for i in sorted([left_out, *useless])))
    assert any(len(unit) > 1 for unit in expected)
    assert units(made) == list(dict.fromkeys(expected))


@pytest.fixture(scope="module")
def asked() -> BaseFit:
    table = halves(24)
    generator = np.random.default_rng(3)
    means = generator.lognormal(4.5, 1.0, (80, 1)) * np.where(np.arange(80) < 8, 4.0, 1.0)[:, None] ** (
        table["group"] == "injured"
    ).to_numpy(dtype=float)
    counts = pd.DataFrame(
        generator.negative_binomial(6, 6 / (6 + means)), index=[f"f{i}" for i in range(80)], columns=table.index
    )
    return BaseFit(counts, design(table), THRESHOLDS, table["group"], Normalisation(table))


def test_a_block_left_out_is_a_fit_without_its_samples(asked):
    in_blocks = samples_left_out(asked, most_in_turn=23)
    # Twenty-four are dealt to ten in turn: four get a third one.
    assert [variant.name for variant in in_blocks] == [
        f"without block {i + 1} of 10 ({n} samples)" for i, n in enumerate([3] * 4 + [2] * 6)
    ]
    for variant in (in_blocks[0], in_blocks[9]):
        rest = asked.sheet.drop(index=list(variant.samples))
        expected = fit(asked.counts[list(rest.index)], design(rest), THRESHOLDS).results
        pd.testing.assert_frame_equal(variant.refit(), expected)


def test_up_to_the_limit_each_sample_is_left_out(asked):
    in_turn = samples_left_out(asked, most_in_turn=24)
    assert [variant.name for variant in in_turn] == [f"without sample s{i}" for i in range(24)]
    assert [variant.samples for variant in in_turn] == [(f"s{i}",) for i in range(24)]
    assert not any(variant.block for variant in in_turn)


def test_facts_say_which_sample_is_in_which_block(asked):
    base = fit(asked.counts, asked.design, THRESHOLDS).results
    told = stress.facts(stress.run(base, samples_left_out(asked, most_in_turn=10), THRESHOLDS.alpha))
    assert sorted(sample for block in told["blocks"].values() for sample in block) == sorted(asked.sheet.index)
    assert set(told["blocks"]) == {variant["name"] for variant in told["variants"]}
    assert "blocks" not in stress.facts(stress.run(base, [], THRESHOLDS.alpha))


def test_variants_that_are_one_fit_give_what_a_fit_of_their_own_gives(asked):
    base = fit(asked.counts, asked.design, THRESHOLDS).results
    by_name = {
        variant.name: variant.refit() for variant in variants(asked) if variant.kind in ("filter", "preparation")
    }
    # Every feature here has over 100 reads in total: that filter changes nothing.
    assert asked.counts.sum(axis=1).min() > 100
    pd.testing.assert_frame_equal(by_name["at least 100 reads in total"], base)
    pd.testing.assert_frame_equal(by_name["a preparation error of 4%"], with_added_error(base, 0.05))
