"""Which families are called: a planted one, none beside it, and what holds whatever the fold changes are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import make
from scipy.stats import t as student

from mircargo.recipient.de_repression import family_shifts
from mircargo.vocabulary import DOWN, NO_CALL, NOT_TESTED, UP

OPPOSITE = {UP: DOWN, DOWN: UP, NO_CALL: NO_CALL, NOT_TESTED: NOT_TESTED}
seeds = st.integers(0, 40)
few_examples = settings(max_examples=15)


def table_of(made, change=None):
    return family_shifts(made.compared(change)).table.set_index("family")


def test_the_planted_family_is_called_with_its_shift_and_no_other():
    found = table_of(make(1))
    assert found["call"].to_dict() == {"a": DOWN} | dict.fromkeys("bcdef", NO_CALL)
    assert found.loc["a", "shift"] == pytest.approx(-0.4, abs=0.1)
    assert found.loc["a", "ci_low"] < -0.4 < found.loc["a", "ci_high"]


def test_a_family_whose_targets_are_those_of_another_is_not_called():
    made = make(7, n=1500, families=8, overlap=0.6)
    together = table_of(made)
    assert together["call"].to_dict() == {"a": DOWN} | dict.fromkeys("bcdefgh", NO_CALL)
    assert together.loc["b", "shift"] == pytest.approx(0, abs=0.08)
    # Without `a` in the table of targets, what its targets do falls to `b`.
    made.sites = made.sites[made.sites["family"] != "a"]
    alone = table_of(made)
    assert alone.loc["b", "call"] == DOWN
    assert alone.loc["b", "shift"] == pytest.approx(0.6 * -0.4, abs=0.08)


def test_intervals_pvalues_and_what_is_detectable_agree_with_one_another():
    found = table_of(make(2, shift=-0.1))
    half = (found["ci_high"] - found["ci_low"]) / 2
    assert found["stat"].to_numpy() == pytest.approx((found["shift"] / found["shift_se"]).to_numpy())
    assert found["pvalue"].to_numpy() == pytest.approx(2 * student.cdf(-found["stat"].abs(), found["df"]))
    assert (half / found["shift_se"]).to_numpy() == pytest.approx(student.ppf(0.975, found["df"]))
    assert ((found["pvalue"] < 0.05) == (found["ci_low"] * found["ci_high"] > 0)).all()
    ordered = found.sort_values("pvalue")
    steps = ordered["pvalue"] * 6 / np.arange(1, 7)
    assert ordered["padj"].to_numpy() == pytest.approx(steps[::-1].cummin()[::-1].to_numpy())
    # At the shift that is detectable, t exceeds its limit in 80%.
    shift, df = found["detectable"] / found["shift_se"], found["df"]
    assert student.sf(student.ppf(0.975, df) - shift, df) == pytest.approx(np.full(6, 0.8))


def test_families_that_cannot_be_tested_are_listed():
    made = make(1)
    few = pd.DataFrame({"family": "few", "gene": made.change.index[:9], "site_type": "8mer"})
    made.sites = pd.concat([made.sites, few])
    row = table_of(made).loc["few"]
    assert (row["n_targets"], row["call"]) == (9, NOT_TESTED)
    assert row[["shift", "pvalue", "padj"]].isna().all()


def test_without_any_family_to_test_the_table_is_of_those_not_tested():
    made = make(1)
    made.sites = made.sites[:3].assign(family="few")
    found = table_of(made)
    assert found["call"].tolist() == [NOT_TESTED]


def test_several_families_that_act_are_all_called():
    made = make(11, n=1500, families=26)
    change = made.change.copy()
    for family, shift in (("c", -0.3), ("d", 0.3)):
        change[made.sites.loc[made.sites["family"] == family, "gene"]] += shift
    found = table_of(made, change)
    assert found["call"].to_dict() == dict.fromkeys("abcdefghijklmnopqrstuvwxyz", NO_CALL) | {
        "a": DOWN,
        "c": DOWN,
        "d": UP,
    }


@few_examples
@given(seeds, st.floats(-8, 8), st.booleans())
def test_a_constant_added_to_all_fold_changes_changes_nothing(seed, constant, replicates):
    made = make(seed, shift=-0.2, replicates=replicates)
    pd.testing.assert_frame_equal(table_of(made), table_of(made, made.change + constant), rtol=1e-6, atol=1e-9)


@few_examples
@given(seeds, st.booleans())
def test_reversed_fold_changes_reverse_shifts_and_calls(seed, replicates):
    made = make(seed, shift=-0.2, replicates=replicates)
    found, turned = table_of(made), table_of(made, -made.change)
    assert turned["shift"].to_numpy() == pytest.approx(-found["shift"].to_numpy())
    assert turned["ci_low"].to_numpy() == pytest.approx(-found["ci_high"].to_numpy())
    assert turned["pvalue"].to_numpy() == pytest.approx(found["pvalue"].to_numpy())
    assert turned["call"].tolist() == [OPPOSITE[call] for call in found["call"]]


@few_examples
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_genes_does_not_matter(seed, random):
    made = make(seed, shift=-0.2)
    order = list(range(len(made.change)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(table_of(made), table_of(made.in_order(order)), rtol=1e-6, atol=1e-9)
