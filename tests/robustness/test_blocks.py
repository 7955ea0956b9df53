"""Blocks of samples, left out where there are too many samples for turns; counted by hand, or fitted without them."""

import numpy as np
import pandas as pd
import pytest

from mircargo.config import Contrast, Thresholds
from mircargo.model.design.matrix import contrast_design
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.robustness import stress
from mircargo.robustness.added_error import with_added_error
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.kinds.samples_left_out import samples_left_out
from mircargo.robustness.leave_out import blocks, units
from mircargo.robustness.variants import variants

THRESHOLDS = Thresholds()


def sheet(n: int, **columns) -> pd.DataFrame:
    groups = ["control" if i < n // 2 else "injured" for i in range(n)]
    names = [f"s{i}" for i in range(n)]
    return pd.DataFrame({"column": names, "condition": groups, **columns}, index=names)


def design(table: pd.DataFrame, *blocking: str):
    contrast = Contrast(variable="condition", level="injured", reference="control", blocking=list(blocking))
    return contrast_design(table, contrast, [], "here")


def test_each_sample_is_in_one_block_and_each_block_has_as_many_of_each_kind():
    table = sheet(120, batch=[f"day{i % 3}" for i in range(120)])
    found = blocks(design(table, "batch"), table["condition"], 10)
    assert sorted(sample for block in found for sample in block) == sorted(table.index)
    # Of 2 groups x 3 batches there are 20 samples each: two in every one of ten blocks.
    for block in found:
        assert table.loc[list(block)].groupby(["condition", "batch"]).size().tolist() == [2] * 6
    assert found == blocks(design(table, "batch"), table["condition"], 10)


def test_blocks_are_drawn_and_not_cut_in_the_order_of_the_sheet():
    table = sheet(400)
    numbers = [[int(sample[1:]) for sample in block] for block in blocks(design(table), table["condition"], 10)]
    # A mean of 40 numbers out of 0 to 399 has a standard deviation of about 17.
    assert all(abs(np.mean(block) - 199.5) < 70 for block in numbers)
    assert all(len(np.unique(np.diff(block))) > 5 for block in numbers)


def test_partners_are_in_one_block():
    pairs = sheet(40, mouse=[f"m{i % 20}" for i in range(40)])
    for block in blocks(design(pairs, "mouse"), pairs["condition"], 5):
        assert len(block) == 8
        assert (pairs.loc[list(block), "mouse"].value_counts() == 2).all()


def test_units_are_those_of_the_hat_matrix_without_the_sample():
    """Partners by the definition: leverage 1 once the other is gone, from the pseudo-inverse of what is left."""
    table = sheet(14, cage=list("aabbccddeeeffg"), day=[f"d{i % 2}" for i in range(14)])
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
    table = sheet(24)
    generator = np.random.default_rng(3)
    means = generator.lognormal(4.5, 1.0, (80, 1)) * np.where(np.arange(80) < 8, 4.0, 1.0)[:, None] ** (
        table["condition"] == "injured"
    ).to_numpy(dtype=float)
    counts = pd.DataFrame(
        generator.negative_binomial(6, 6 / (6 + means)), index=[f"f{i}" for i in range(80)], columns=table.index
    )
    return BaseFit(counts, design(table), THRESHOLDS, table["condition"], Normalisation(table))


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
