"""Shares and words by hand, on variants that are made up."""

import numpy as np
import pandas as pd
import pytest

from mircargo.problems import refusal
from mircargo.results.contract import STRESS
from mircargo.robustness import stress
from mircargo.robustness.kind import Variant
from mircargo.robustness.robust_calls import summarise
from mircargo.robustness.sentences import clause

FEATURES = ["up", "lost", "turned", "silent", "appears", "untested"]


def table(folds, padj, features=FEATURES) -> pd.DataFrame:
    return pd.DataFrame({"feature": features, "log2FoldChange": folds, "lfcSE": 0.5, "padj": padj})


BASE = table([1, 1, 1, 0.1, 0.5, 0.5], [0.01, 0.04, 0.01, 0.9, 0.06, np.nan])
VARIANTS = {
    ("without sample b2", "sample"): table([1, 0.4, 2, 0.1, 0.5, 1], [0.01, 0.3, 0.01, 0.9, 0.04, np.nan]),
    ("poscounts", "size_factors"): table([1.5, 1, -1, -0.3, 0.5, 1], [0.01, 0.05, 0.01, 0.9, 0.06, 0.01]),
    # In another order, and without a feature that its filter leaves out.
    ("at least 30 reads in total", "filter"): table(
        [1, 1, 1, 1], [0.01, 0.9, 0.01, 0.049], ["up", "silent", "turned", "lost"]
    ),
    ("limma-voom", "engine"): table([0.8, 1, 1, 0.1, -0.5, 1], [0.04, 0.01, 0.2, 0.9, 0.01, np.nan]).assign(
        ci_low=-7.0, ci_high=7.0
    ),
}


def refuse():
    what, found = "a group with fewer than two samples cannot be tested", "1 sample of a would be left"
    raise refusal("group_too_small", what, "", found)


@pytest.fixture(scope="module")
def runs():
    made = [Variant(name, kind, lambda found=found: found) for (name, kind), found in VARIANTS.items()]
    return stress.run(BASE, [*made, Variant("without sample a1", "sample", refuse)], 0.05)


def test_shares_and_what_breaks_a_call(runs):
    found = summarise(runs).set_index("feature")
    assert found.columns.tolist() == list(STRESS.columns)[1:]
    assert found["n_variants"].eq(4).all(), "the one that is not possible is not counted, nor the base"
    assert found["share_same_call"].to_dict() == pytest.approx(
        # One variant a kind. With poscounts the interval of `lost` is 0.02 to 1.98: it keeps the call that its padj of
        # 0.05 does not make. `appears` is not tested by the filter; an untested base has no share.
        {"up": 1, "lost": 0.75, "turned": 0.5, "silent": 1, "appears": 1 / 3, "untested": np.nan},
        nan_ok=True,
    )
    assert found["fragile_under"].fillna("").to_dict() == {
        "up": "",
        "lost": "without sample b2",
        "turned": "poscounts (down); limma-voom",
        "silent": "",
        "appears": "without sample b2 (up); limma-voom (down)",
        "untested": "poscounts (up)",
    }
    assert found["n_not_tested"].to_dict() == {
        "up": 0, "lost": 0, "turned": 0, "silent": 0, "appears": 1, "untested": 3
    }  # fmt: skip
    assert found["n_same_call"].to_dict() == pytest.approx(
        {"up": 4, "lost": 3, "turned": 2, "silent": 4, "appears": 1, "untested": np.nan}, nan_ok=True
    )
    assert found["robust"].to_dict() == {
        "up": True, "lost": False, "turned": False, "silent": None, "appears": None, "untested": None
    }  # fmt: skip
    assert found.loc["turned", ["min_log2FoldChange", "max_log2FoldChange"]].tolist() == [-1, 2]
    assert found.loc["appears", ["min_log2FoldChange", "max_log2FoldChange"]].tolist() == [-0.5, 0.5]


def test_not_tested_breaks_a_call_and_is_named_as_such(snapshot):
    base = BASE.assign(padj=[0.01, 0.04, 0.01, 0.9, 0.01, 0.01])
    variants = [Variant(name, kind, lambda found=found: found) for (name, kind), found in VARIANTS.items()]
    again = stress.run(base, variants, 0.05)
    found = summarise(again).set_index("feature")
    assert found["fragile_under"]["untested"] == (
        "without sample b2 (not tested); at least 30 reads in total (not tested); limma-voom (not tested)"
    )
    rows = stress.tidy(again)
    assert clause(rows[rows["feature"] == "untested"]) == snapshot


def test_tidy_table_has_every_variant_of_every_feature(runs):
    rows = stress.tidy(runs)
    assert len(rows) == 6 * 5
    of = rows.set_index(["feature", "variant"])
    # Wald intervals of one and a half standard errors and a bit: 0.5 * 1.959964.
    assert of.loc[("up", "poscounts"), ["ci_low", "ci_high"]].tolist() == pytest.approx([0.520018, 2.479982], abs=1e-6)
    assert of.loc[("up", "limma-voom"), ["ci_low", "ci_high"]].tolist() == [-7, 7]
    assert of.loc[("appears", "at least 30 reads in total"), "call"] == "not tested"
    assert of.loc[("untested", "as configured"), ["kind", "call"]].tolist() == ["base", "not tested"]


def test_facts_count_calls_and_say_why_a_variant_was_not_possible(runs):
    said = stress.facts(runs)
    assert (said["n_calls"], said["n_calls_in_all"]) == (3, 1)
    assert [(each["n_calls"], each["n_calls_kept"]) for each in said["variants"]] == [(3, 2), (4, 2), (3, 3), (3, 2)]
    assert said["not_possible"] == [
        {
            "name": "without sample a1",
            "kind": "sample",
            "why": "a group with fewer than two samples cannot be tested: 1 sample of a would be left",
        }
    ]


def test_half_a_sentence_about_each(runs, snapshot):
    rows = stress.tidy(runs)
    assert "\n".join(f"{name}: {clause(rows[rows['feature'] == name])}" for name in FEATURES) == snapshot


def test_a_sentence_names_three_variants_at_most(snapshot):
    names = [f"without sample s{i}" for i in range(5)]
    rows = pd.DataFrame({"variant": ["as configured", *names], "kind": ["base", *["sample"] * 5]})
    lost = rows.assign(call=["up", *["none"] * 5])
    assert clause(lost) == snapshot
    assert clause(lost.head(1)) == ""
    others = lost.assign(kind=["base", *["filter"] * 5], call="up")
    assert clause(others) == "the call holds in all 5 variants, none of which could leave a sample out"


def test_a_kind_of_many_variants_does_not_drown_the_others():
    """Twenty samples left out say the same, and every other kind refuses: 1 of 4 kinds, not 20 of 23 variants."""
    base = table([1.5], [0.01], ["one"])
    refuses = table([0.3], [0.9], ["one"])
    made = [Variant(f"without sample s{i}", "sample", lambda: base) for i in range(20)]
    made += [Variant(kind, kind, lambda: refuses) for kind in ("size_factors", "filter", "engine")]
    found = summarise(stress.run(base, made, 0.05)).loc[0]
    assert (found["share_same_call"], found["n_same_call"], found["robust"]) == (0.25, 20, False)


def test_a_robust_call_is_made_by_the_decisive_variant_and_broken_by_no_other():
    names = ["made", "only_kept", "broken", "left_out", "unasked"]
    base = table([1.5] * 4 + [0.1], [0.01] * 4 + [0.9], names)
    # `only_kept` has an interval of 0.02 to 1.98: any other variant would keep the call by it.
    decisive = table([1.2, 1.0, 1.5, 1.5, 0.1], [0.01, 0.06, 0.01, 0.01, 0.9], names)
    other = table([1.0, 1.5, 0.5, 1.5, 0.1], [0.06, 0.01, 0.3, np.nan, 0.9], names)
    made = [
        Variant("decides", "engine", lambda: decisive, decisive=True),
        Variant("poscounts", "size_factors", lambda: other),
    ]
    runs = stress.run(base, made, 0.05)
    assert summarise(runs)["robust"].tolist() == [True, False, False, True, None]
    assert summarise(runs)["confirmed"].tolist() == [True, False, True, True, None]
    assert stress.facts(runs)["n_calls_in_all"] == 2
    # Where it could not be asked, nobody knows.
    unasked = stress.run(base, [Variant("decides", "engine", refuse, decisive=True), made[1]], 0.05)
    assert summarise(unasked)["robust"].isna().all()
    assert stress.facts(unasked)["undecided"] == ["decides, which decides, was not possible"]
    assert not summarise(runs, copies=True)["robust"].any()
    # Of a group of two no sample can be left out, and no call is said to be robust.
    few = summarise(runs, few=True)
    assert few["robust"].isna().all()
    assert few["confirmed"].tolist() == [True, False, True, True, None]
    assert stress.facts(runs, few=True)["undecided"] == [stress.TOO_FEW]
    assert "undecided" not in stress.facts(runs)
    # A joint test has no second opinion: what no variant breaks is confirmed.
    alone = summarise(stress.run(base, [made[1]], 0.05))
    assert alone["confirmed"].tolist() == alone["robust"].tolist() == [True, True, False, True, None]


def test_with_a_smallest_fold_change_of_interest_an_interval_has_to_lie_beyond_it():
    """Half an interval is 0.98: +1.5 leaves out 0.5, +1.2 does not, and -1.5 leaves out -0.5."""
    base = table([2, 2, -2], [0.01] * 3, ["far", "near", "down"])
    other = table([1.5, 1.2, -1.5], [0.06] * 3, ["far", "near", "down"])
    runs = stress.run(base, [Variant("TMM", "size_factors", lambda: other)], 0.05, null=0.5)
    assert summarise(runs)["n_same_call"].tolist() == [1, 0, 1]


def test_a_joint_test_calls_only_what_its_interval_shows():
    """The groups differ (padj 0.01), and whether the two of the contrast do is a matter of their interval: +-0.98."""
    names = ["apart", "unclear"]
    base = table([1.2, 0.9], [0.01, 0.01], names)
    other = table([0.9, 1.2], [0.01, 0.01], names)
    runs = stress.run(base, [Variant("poscounts", "size_factors", lambda: other)], 0.05, joint=True)
    assert stress.tidy(runs)["call"].tolist() == ["up", "none", "none", "up"]
    assert summarise(runs)["robust"].tolist() == [False, None]
    assert stress.facts(stress.run(base, [], 0.05))["n_calls"] == 2
