"""Scores of cargo by hand, and the spike-ins that a doubling of all RNA shows in. Truths are planted."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from mircargo.benchmark import bars
from mircargo.benchmark.cargo_scoring import Calls, null_kinds, score_calls, summarise_cargo
from mircargo.benchmark.example_cargo import add_spike_ins
from mircargo.cli.benchmark import benchmark
from mircargo.features.mirbase import load_mature
from mircargo.io import read_result
from mircargo.simulate.example import RRNA_LIKE, Settings, simulate

TRUTH = pd.DataFrame(
    [
        ("target", 2.0, "selective", "target"),
        ("a", 1.5, "selective", "co_cargo"),
        ("b", 1.0, "parallel", "co_cargo"),
        ("c", 1.0, "exosome_only", "co_cargo"),
        ("d", 1.2, "discordant", "co_cargo"),
        ("e", -1.0, "parallel", "other_change"),
        ("f", 0.0, "retained", "other_change"),
        ("g", np.nan, "source_only", "other_change"),
        ("s", 2.0, "shadow", "shadow"),
        ("x", 0.0, "unchanged", "background"),
        ("y", 0.0, "unchanged", "background"),
    ],
    columns=["feature", "exosome_log2_fold_change", "class", "role"],
).set_index("feature")
CLAUSE = "the call would be lost if total exosome miRNA had fallen to 0.3 of control"
SENTENCE = f"target is up; {CLAUSE}; by the spike-ins it was 2.10 times that (95% interval 1.60 to 2.76)."


def calls(**changed) -> Calls:
    """Make calls of all features but g, which has no reads in exosomes."""
    co_cargo = pd.DataFrame(
        {
            "feature": [*"abcdefsxy", "target"],
            "tier": ["strong", "strong", "strong", "supported", None, None, None, "strong", "candidate", None],
            "cross_maps_to": [None] * 6 + ["target", None, "a", None],
        }
    )
    classes = {"target": "selective", "a": "selective", "b": "selective", "c": "undetermined", "d": None}
    classes |= {"e": "parallel", "f": "undetermined", "g": "source_only", "s": "selective", "x": "undetermined"}
    release = pd.Series(classes, name="class").rename_axis("feature").reset_index()
    exosome = {"call": "up", "overturning_global_change": 0.3, "sentence": SENTENCE} | changed
    measured = {"estimate": 2.1, "low": 1.6, "high": 2.76}
    return Calls({"drg": {"call": "up"}, "exosome": exosome}, release, co_cargo, CLAUSE, measured)


def test_what_is_no_co_cargo_is_named_by_its_class_or_as_falling():
    kinds = null_kinds(TRUTH)
    assert kinds.dropna().to_dict() == {
        "e": "falling",
        "f": "retained",
        "g": "source_only",
        "s": "shadow",
        "x": "unchanged",
        "y": "unchanged",
    }


def test_scores_by_hand():
    found = score_calls(calls(), TRUTH, 2.0)
    assert found["target_right"]
    # Strong are a, b, c and x; planted a, b, c, d.
    assert (found["strong"], found["strong_false"], found["strong_fdr"], found["strong_recall"]) == (4, 1, 1 / 4, 3 / 4)
    # A class have target, a, b, e and g, and the shadow, which does not count; that of b is wrong.
    assert (found["classes_decided"], found["classes_right"]) == (5, 4)
    # What changes: all but x, y and the shadow.
    assert (found["planted"], found["planted_decided"]) == (8, 5)
    assert (found["fitted_unchanged"], found["strong_unchanged"]) == (2, 1)
    assert (found["fitted_source_only"], found["fitted_retained"], found["strong_retained"]) == (0, 1, 0)
    assert (found["shadows"], found["shadows_flagged"], found["others"], found["others_flagged"]) == (1, 1, 9, 1)
    assert found["overturning_named"]
    assert found["rise_covered"]
    assert not score_calls(calls(), TRUTH, 3.0)["rise_covered"]  # 1.60 to 2.76


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"call": "inconclusive"}, {"target_right"}),
        ({"overturning_global_change": np.inf}, {"overturning_named"}),
        ({"overturning_global_change": None}, {"overturning_named"}),
        ({"sentence": "target is up."}, {"overturning_named", "rise_covered"}),
    ],
)
def test_a_call_or_a_sentence_that_lacks_something_is_not_right(changed, wrong):
    found = score_calls(calls(**changed), TRUTH, 2.0)
    assert {name for name in ("target_right", "overturning_named", "rise_covered") if not found[name]} == wrong


def test_without_a_usable_spike_in_no_doubling_is_covered():
    one = calls()
    one.measured.clear()
    one.measured["why_not"] = "no spike-in has reads in every sample"
    found = score_calls(one, TRUTH, 2.0)
    assert not found["rise_covered"]
    assert np.isnan(found["rise_estimate"])


def scores() -> pd.DataFrame:
    row = {"strong_fdr": 0.0, "strong_recall": 0.9, "target_right": True, "overturning_named": True}
    row |= {"classes_decided": 20, "classes_right": 19, "planted": 33, "planted_decided": 22, "rise_covered": True}
    row |= {"shadows": 2, "shadows_flagged": 2, "others": 250, "others_flagged": 1, "rise_estimate": 2.0}
    row |= {"fitted_unchanged": 200, "strong_unchanged": 1, "fitted_retained": 5, "strong_retained": 0}
    return pd.DataFrame([{"animals": animals, **row} for animals in (4, 5) for _ in range(100)])


def test_summary_takes_means_of_studies_and_shares_of_features():
    table = scores()
    table.loc[:18, "target_right"] = False
    table.loc[0, ["strong_fdr", "others_flagged"]] = [0.5, 26]
    table.loc[:49, "strong_retained"] = 1
    four, five = summarise_cargo(table).to_dict("records")
    assert (four["animals"], four["studies"], five["studies"]) == (4, 100, 100)
    assert four["strong_fdr"] == pytest.approx(0.005)
    assert four["target_right"] == pytest.approx(0.81)
    # Wilson by hand: (0.81 + 1.9208 / 100 -+ 1.96 sqrt(0.81 0.19 / 100 + 0.9604 / 100^2)) / (1 + 3.8416 / 100)
    assert (four["target_right_low"], four["target_right_high"]) == pytest.approx((0.7222, 0.8749), abs=1e-4)
    assert four["others_flagged"] == pytest.approx(125 / 25_000)
    assert (four["worst_null"], four["worst_null_share"]) == ("retained", 0.1)
    assert (five["worst_null"], five["worst_null_share"]) == ("unchanged", 0.005)
    assert (five["classes_right"], five["planted_decided"]) == (0.95, 22 / 33)


MOST = slice(0, 9)  # ten of a hundred studies with four animals


@pytest.mark.parametrize(
    ("rows", "column", "value", "missed"),
    [
        (slice(0, 1), "target_right", False, []),
        (slice(0, 2), "target_right", False, ["target"]),
        (MOST, "strong_fdr", 0.6, ["strong co-cargo"]),
        (slice(0, 99), "strong_recall", 0.79, ["strong co-cargo"]),
        (slice(0, 99), "classes_right", 17, ["classes"]),
        (slice(0, 49), "strong_retained", 1, ["what is no co-cargo"]),
        (MOST, "shadows_flagged", 0, ["shadows"]),
        (slice(0, 99), "others_flagged", 3, ["shadows"]),
        (slice(0, 0), "overturning_named", False, ["all RNA doubled"]),
        (MOST, "rise_covered", False, ["all RNA doubled, spike-ins"]),  # .90: at most .945
        (slice(0, 8), "rise_covered", False, []),  # .91: up to .952
    ],
)
def test_a_bar_is_missed_where_one_number_of_animals_misses_it(rows, column, value, missed):
    table = scores()
    assert bars.on_cargo(summarise_cargo(table))["met"].all()
    table.loc[rows, column] = value
    verdict = bars.on_cargo(summarise_cargo(table)).set_index("caller")["met"]
    assert list(verdict.index[~verdict]) == missed


def test_spike_ins_show_what_shares_of_a_library_cannot():
    # The rRNA fragment changes with nothing, so it stands for the depth; many animals leave little noise in the means.
    study = simulate(load_mature(), Settings(seed=3, animals_per_group=60))
    injured = study.samples.loc[study.exosome.columns, "condition"] == "injured"
    fragment = study.exosome.loc[RRNA_LIKE]
    for rise in (1.0, 2.0):
        per_fragment = np.log2((add_spike_ins(study, rise, 3).sum() / fragment).astype(float))
        fall = per_fragment[~injured].mean() - per_fragment[injured].mean()
        assert 2**fall == pytest.approx(rise, rel=0.12)  # two standard errors: 0.33 sqrt(2 / 60) in log2


def test_the_command_scores_a_study_of_which_it_says_what_was_planted(tmp_path):
    asked = ["--studies", "0", "--cargo", "1", "--animals", "5", "--out", str(tmp_path)]
    output = CliRunner().invoke(benchmark, asked, catch_exceptions=False).output
    assert {path.name for path in tmp_path.iterdir()} == {"cargo.tsv", "cargo_summary.tsv", "bars.tsv"}
    [row] = read_result(tmp_path / "cargo.tsv").to_dict("records")
    assert row["target_right"]
    assert row["overturning_named"]
    # 33 rows of PLANTED change, of which 3 are not in exosomes; 16 of them rise there beside the target.
    assert row["planted"] == 33
    assert (row["fitted_source_only"], row["fitted_falling"], row["fitted_retained"]) == (0, 8, 5)
    assert row["strong"] - row["strong_false"] == pytest.approx(16 * row["strong_recall"])
    assert "bar: called up in both fractions in at least 0.98 of the studies" in output
