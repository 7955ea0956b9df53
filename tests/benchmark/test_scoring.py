"""Scores of calls, by hand."""

import numpy as np
import pandas as pd
import pytest

from mircargo.benchmark import bars
from mircargo.benchmark.scoring import interval, score, summarise

FEATURES = list("abcdefgh")
TRUTH = pd.Series([1.0, 2.0, -1.0, -2.0, 1.0, 0.0, 0.0, 0.0], index=FEATURES)


def calls(called: str, estimates) -> pd.DataFrame:
    return pd.DataFrame({"log2FoldChange": estimates, "called": [name in called for name in FEATURES]}, FEATURES)


def test_scores_by_hand():
    # a and b are right, c has the wrong sign, f does not change: 2 of 5 found, 2 of 4 calls false, 1 of 3 unchanged.
    found = score(calls("abcf", [1, 2, 1, -2, 1, 0.5, 0, 0]), TRUTH)
    assert (found["calls"], found["false_calls"], found["wrong_signs"]) == (4, 2, 1)
    assert found["tpr"] == pytest.approx(2 / 5)
    assert found["fdr"] == pytest.approx(1 / 2)
    assert found["unchanged_called"] == pytest.approx(1 / 3)
    assert found["rmse"] == pytest.approx(np.sqrt((2**2 + 0.5**2) / 8))


def test_features_without_reads_do_not_count_as_missed_but_their_calls_count():
    found = score(calls("abh", [1, 2, 0, 0, 0, 0, 0, 9]), TRUTH, counted=pd.Index(list("abcfg")))
    assert found["tpr"] == pytest.approx(2 / 3)
    assert found["fdr"] == pytest.approx(1 / 3)
    assert found["unchanged_called"] == 0


def test_slope_is_that_of_the_estimates():
    assert score(calls("", 0.5 * TRUTH.to_numpy()), TRUTH)["slope"] == pytest.approx(0.5)


def test_no_call_is_no_false_call_and_no_change_has_no_power():
    found = score(calls("", np.zeros(8)), TRUTH * 0)
    assert found["fdr"] == 0
    assert found["unchanged_called"] == 0
    assert np.isnan(found["tpr"])


def test_interval_of_wilson():
    # Newcombe 1998, Stat Med 17:857, table I: 81 of 263 and 0 of 20.
    assert interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def outcomes() -> pd.DataFrame:
    found = [score(calls(called, [1, 1, -1, -1, 1, 1, 1, 1]), TRUTH) for called in ("abc", "abcf", "")]
    rows = [{"setting": "changed_30", "outcome": "fitted", "names_sample": False, **each} for each in found]
    rows += [{"setting": "one_empty", "outcome": "refused", "names_sample": named} for named in (True, False)]
    return pd.DataFrame(rows).assign(caller="plain")


def test_summary_counts_studies_and_refusals_apart():
    table = summarise(outcomes(), ["setting", "caller"]).set_index("setting")
    fitted, refused = table.loc["changed_30"], table.loc["one_empty"]
    assert fitted[["studies", "refused"]].tolist() == [3, 0]
    assert refused[["studies", "refused", "refused_by_name"]].tolist() == [2, 2, 1]
    assert fitted["mean_fdr"] == pytest.approx((0 + 1 / 4 + 0) / 3)
    assert fitted["mean_tpr"] == pytest.approx((3 / 5 + 3 / 5 + 0) / 3)
    assert fitted["any_false"] == pytest.approx(1 / 3)
    assert np.isnan(refused["any_false"])


def test_bars_are_held_against_what_was_found():
    verdict = bars.on_simulated(summarise(outcomes(), ["setting", "caller"])).set_index("what")["met"]
    assert verdict.to_dict() == {"changed_30": False, "one_empty": False}  # FDR 0.083; one refusal without the name
    pools = pd.DataFrame(
        {
            "caller": ["plain", "plain", "strict", "strict"],
            "tpr": [0.97, 0.95, 0.95, 0.89],
            "fdr": [0.02, 0.04, 0.01, 0.01],
            "unchanged_called": [0.1, 0.1, 0.0, 0.1],
        }
    )
    verdict = bars.on_pools(pools).set_index("caller")["met"]
    assert verdict.to_dict() == {"plain": True, "strict": True}  # medians .96/.03 and .92 with .05
    pools.loc[3, "tpr"] = 0.8
    assert not bars.on_pools(pools)["met"].iloc[1]


@pytest.mark.parametrize(
    ("swapped", "other", "met"), [("a;b", "", True), ("a", "", False), ("", "", False), ("a;b", "c", False)]
)
def test_a_swap_is_found_only_if_exactly_its_samples_are(swapped, other, met):
    found = pd.DataFrame({"at_fault": ["a;b", ""], "swapped": [swapped, other]})
    assert bars.on_swaps(found)["met"].tolist() == [met]
