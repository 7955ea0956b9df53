"""Calls, shares and sentences of the cargo room at their edges, by hand."""

import numpy as np
import pandas as pd
import pytest

from mircargo.cargo.cautions import cautions
from mircargo.cargo.co_cargo import Evidence, Libraries, find_co_cargo, relation, with_expectations
from mircargo.cargo.cross_mapping import COLUMNS as RELATIVES
from mircargo.cargo.cross_mapping import _some, edits_between, mature_sequences, relatives
from mircargo.cargo.detection import p_no_reads, unseen
from mircargo.cargo.expectations import compare, expected_of, find_panel
from mircargo.cargo.global_change import clause, overturning_change, p_cutoff, under_global_change
from mircargo.cargo.target_call import Target, call_feature, call_target
from mircargo.config import Contrast, Expectation, Thresholds
from mircargo.features.mirbase import load_mature
from mircargo.model.differential_table import format_p
from mircargo.model.engines.deseq2 import Fit
from mircargo.results.contract import TARGET_CALLS

CONTRAST = Contrast(variable="group", level="injured", reference="control")
SIZES = {"control": 4, "injured": 5}
WAYS = {"all_zero": "no sample of this contrast has a read of it",
        "low_count": "it has fewer than 10 reads over the samples of this contrast",
        "outlier": "one sample's count is an outlier by Cook's distance, and no replicate can stand in for it",
        "independent_filter": "its mean count is below the cut-off of independent filtering"}  # fmt: skip


def results(fold=1.0, se=0.2, padj=0.001, status="tested", **more) -> pd.DataFrame:
    return pd.DataFrame([{"feature": "x", "log2FoldChange": fold, "lfcSE": se, "padj": padj, "status": status} | more])


def called(table, contrast=CONTRAST, note="", thresholds=None, sizes=SIZES, **facts):
    fit = Fit(table, {"groups": sizes, **facts})
    return call_target("c", contrast, thresholds or Thresholds(), fit, Target("miR-21-5p", "x", note))


@pytest.mark.parametrize(("status", "reason"), WAYS.items())
def test_why_there_is_no_call(status, reason):
    row = called(results(np.nan, np.nan, np.nan, status))
    verb = "is not detected" if status in ("all_zero", "low_count") else "was not tested"
    assert row["sentence"] == f"x {verb} in injured against control: {reason} (5 against 4 samples)."
    assert row["call"] == ("not_detected" if status in ("all_zero", "low_count") else "not_tested")
    assert row["log2FoldChange"] is row["padj"] is row["ci_low"] is None


def test_a_row_of_the_target_has_its_columns():
    row = called(results(-1.0), CONTRAST.model_copy(update={"expected": "up"}), "a note")
    assert list(row) == list(TARGET_CALLS.columns)
    assert {key: row[key] for key in ("contrast", "feature", "call", "expected", "note")} == {
        "contrast": "c", "feature": "x", "call": "down", "expected": "up", "note": "a note",
    }  # fmt: skip
    assert (row["log2FoldChange"], row["padj"]) == (-1.0, 0.001)
    # R: pnorm((1 - 0.5) / 0.2) where the margin is 0.5.
    row = called(results(-1.0), thresholds=Thresholds(equivalence_log2_fold_change=0.5))
    assert row["equivalence_pvalue"] == pytest.approx(0.993790334674224)
    assert row["sentence"] == (
        "x is down 2.0-fold in injured against control (log2 fold change -1.00, 95% interval -1.39 to -0.61, "
        "padj 0.001, 5 against 4 samples)."
    )
    nobody = call_target("c", CONTRAST, Thresholds(), Fit(results(), {"groups": {}}), Target("miR-21-5p", None, "gone"))
    assert list(nobody) == list(TARGET_CALLS.columns)
    assert nobody["sentence"] == ("miR-21-5p was not tested in injured against control: gone (0 against 0 samples).")
    assert (nobody["feature"], nobody["note"], nobody["call"]) == (None, "gone", "not_tested")


def test_a_smallest_fold_change_stands_in_the_sentence():
    row = called(results(2.0), thresholds=Thresholds(min_log2_fold_change=1.5))
    assert ", padj 0.001 of more than 2.8-fold, 5 against 4 samples)" in row["sentence"]


def test_a_joint_test_takes_the_interval_to_say_that_two_groups_differ():
    joint = CONTRAST.model_copy(update={"reduced": "~ 1"})
    sizes = {"control": 4, "injured": 5, "sham": 3}
    sure, unsure = called(results(1.0, 0.5), joint, sizes=sizes), called(results(0.9, 0.5), joint, sizes=sizes)
    assert (sure["call"], unsure["call"]) == ("up", "inconclusive")
    assert "padj 0.001 of the likelihood-ratio test of 3 groups, 5 against 4" in sure["sentence"]
    assert "the groups control, injured, sham differ, but these two are not shown to" in unsure["sentence"]


def test_unchanged_says_within_what():
    row = called(results(0.0, 0.1, 0.9), thresholds=Thresholds(equivalence_log2_fold_change=1.0))
    assert row["sentence"].startswith("x is unchanged in injured against control: shown to lie within 2-fold (")
    # 1.645 standard errors of 0.1, beside the 1.96 of the interval of 95%.
    assert "5 against 4 samples; the 90% interval of its two one-sided tests -0.16 to +0.16)" in row["sentence"]
    # At one group without reads and too shallow libraries.
    shy = results(0.0, 2.0, 0.9, not_detected=True, unseen_in="injured", expected_reads=1.4, p_no_reads=0.25)
    assert call_feature(shy.iloc[0], Thresholds()).call == "not_detected"
    assert call_feature(shy.assign(not_detected="True").iloc[0], Thresholds()).call == "not_detected"
    assert call_feature(shy.assign(not_detected=False).iloc[0], Thresholds()).call == "inconclusive"


def test_exosomes_have_a_global_change():
    exosome = CONTRAST.model_copy(update={"exosome": True})
    row = called(results(2.0, 0.5, 0.01), exosome)
    # One call of one test: the cut-off is 0.05, and 2 - 1.96 * 0.5 = 1.02.
    assert row["overturning_global_change"] == pytest.approx(2**-1.02, rel=1e-4)
    assert row["sentence"].endswith(
        "samples); the call would be lost if total exosome miRNA had fallen to 0.49 of control."
    )
    seen = {"estimate": 0.5, "low": 0.25, "high": 1.0, "log2_se": 0.4, "degrees_of_freedom": 6}
    said = "by the spike-ins all fold changes are to be multiplied by 0.50 (95% interval 0.25 to 1.00)."
    assert called(results(2.0, 0.5, 0.01), exosome, global_change=seen | {"included": False})["sentence"].endswith(
        f"0.49 of control; {said}"
    )
    said = "by the spike-ins the fold changes hold an offset of 0.50 (95% interval 0.25 to 1.00) already."
    assert called(results(2.0, 0.5, 0.01), exosome, global_change=seen | {"included": True})["sentence"].endswith(
        f"samples); {said}"
    )
    three = seen | {"included": False, "total": seen | {"estimate": 0.6}, "typical": seen | {"low": 0.3}}
    assert called(results(2.0, 0.5, 0.01), exosome, global_change=three)["sentence"].endswith(
        "; by the spike-ins total exosome miRNA was 0.60 times that of control (95% interval 0.25 to 1.00), the"
        " typical miRNA 0.50 times (0.30 to 1.00), and all fold changes are to be multiplied by 0.50"
        " (95% interval 0.25 to 1.00)."
    )
    assert called(results(2.0, 0.5, 0.01))["overturning_global_change"] is None


@pytest.mark.parametrize(
    ("p", "text"), [(1, "above 0.99"), (0.991, "above 0.99"), (0.99, "0.99"), (0.048, "0.048"), (1e-3, "0.001"),
                    (9.9e-4, "9.9e-04"), (3.3e-42, "3.3e-42"), (0.0, "below 1e-300")]
)  # fmt: skip
def test_p_values_as_papers_write_them(p, text):
    assert format_p(p) == text


def test_the_cutoff_of_small_tables():
    assert p_cutoff(pd.DataFrame({"padj": [0.2]}), 0.05) == 0.05
    assert p_cutoff(pd.DataFrame({"padj": [np.nan]}), 0.05) == 0.05
    assert p_cutoff(pd.DataFrame({"padj": [0.01, 0.01, 0.05, 0.9]}), 0.05) == pytest.approx(0.025)


def test_calls_under_global_changes_by_hand():
    table = pd.DataFrame(
        {"feature": ["a", "b", "c", "d"], "log2FoldChange": [2.0, -2.0, 0.5, 3.0], "lfcSE": 0.5,
         "padj": [0.01, 0.05, 0.9, np.nan]}
    )  # fmt: skip
    found = under_global_change(table, 0.05, 0.25, [2.0])
    assert list(found) == ["feature", "global_change", "log2FoldChange", "call"]
    # Cut-off 0.05 / 3, 2.394 standard errors: 0.25 + 1.197 is needed; at no change the table's padj decides.
    assert found.to_numpy().tolist() == [
        ["a", 0.5, 1.0, "none"], ["a", 1.0, 2.0, "up"], ["a", 2.0, 3.0, "up"],
        ["b", 0.5, -3.0, "down"], ["b", 1.0, -2.0, "none"], ["b", 2.0, -1.0, "none"],
        ["c", 0.5, -0.5, "none"], ["c", 1.0, 0.5, "none"], ["c", 2.0, 1.5, "up"],
    ]  # fmt: skip
    assert overturning_change(-2.0, 0.5, 0.05).call == "down"
    assert set(under_global_change(table.iloc[:1], 0.05)["global_change"]) == {0.25, 0.5, 1 / 1.5, 1, 1.5, 2, 4}


def test_edits_of_a_relative_stand_in_its_caution():
    rows = [("p", "o", 0, 0.005, 0.6, 0.0, "follows"), ("q", "o", 2, 0.05, 0.6, 0.0, "cannot_tell"),
            ("r", "o", 1, 0.05, 0.6, 0.0, "own_reads"), ("s", "o", 2, 0.0123, 0.6, 0.0, "follows")]  # fmt: skip
    names = list("pqrs")
    known = pd.DataFrame({"accession": ["MIMAT0000134"] * 4}, index=names)
    counts = pd.DataFrame({"a": [1] * 4, "b": [1] * 4}, index=names).reindex([*names, "big"], fill_value=1)
    counts.loc["big"] = 100
    found = cautions(counts.loc[names] * 0 + 1, known, pd.DataFrame(rows, columns=RELATIVES), False)
    texts = {name: [each.text for each in own] for name, own in found.items()}
    assert texts["p"][0] == (
        "its reads may be misread ones of o (the same sequence, shifted or extended, and 0.5% of its reads)"
    )
    assert texts["q"][0] == "the counts cannot tell it from misread reads of o (2 edits away)"
    assert not any("misread" in text for text in texts["r"])
    assert texts["s"][0] == "its reads may be misread ones of o (2 edits away and 1.2% of its reads)"


SEQUENCES = load_mature().query("species == 'mmu'").set_index("name")["sequence"]


def test_a_relative_whose_origin_does_nothing_cannot_be_told():
    rng = np.random.default_rng(2)
    names = ["mmu-miR-21a-5p", "mmu-miR-21b", *SEQUENCES.index[200:260]]
    steady = rng.poisson(np.r_[50_000, 20, np.full(60, 400)][:, None], (62, 8))
    row = relatives(pd.DataFrame(steady, index=names), SEQUENCES).set_index("feature").loc["mmu-miR-21b"]
    assert row["verdict"] == "cannot_tell"
    assert row["as_close"] > 0.1
    assert (row["origin"], row["edits"]) == ("mmu-miR-21a-5p", 1)
    assert row["share"] == pytest.approx(steady[1].sum() / steady[0].sum())


def test_letters_beyond_ascii_are_edits_and_no_error():
    pair = pd.Series(["UAGCUUAUCAGACUGAUGUUGA", "UAGCUUAUCAGACUG\u00b5UGUUGA"], index=["a", "b"])
    assert edits_between(pair).tolist() == [[0, 1], [1, 0]]


def test_sequences_of_hairpins_are_those_of_their_arms():
    features = pd.DataFrame({"feature": ["mmu-mir-21a", "x", "y"], "sequence": [None, "ACGU", None]})
    found = mature_sequences(features)
    assert found["x"] == "ACGU"
    assert set(found["mmu-mir-21a"].split("/")) == {SEQUENCES["mmu-miR-21a-5p"], SEQUENCES["mmu-miR-21a-3p"]}
    assert pd.isna(found["y"])


def test_the_chance_of_no_read_follows_the_dispersion():
    # Poisson: exp(-(1 + 2)); negative binomial with dispersion 0.5: (1 / 1.5)**2 * (1 / 2)**2.
    assert p_no_reads(10, [0.1, 0.2], 0.0) == pytest.approx(np.exp(-3))
    assert p_no_reads(10, [0.1, 0.2], 0.5) == pytest.approx((1 / 1.5) ** 2 / 4)
    counts = pd.DataFrame([[10, 10, 0, 0]], index=["m"], columns=list("abcd"))
    groups = pd.Series(["g", "g", "h", "h"], index=list("abcd"))
    factors = {"a": 1.0, "b": 1.0, "c": 0.1, "d": 0.2}
    row = unseen(counts, factors, groups, pd.Series({"m": 0.5})).iloc[0]
    assert row["p_no_reads"] == pytest.approx((1 / 1.5) ** 2 / 4)
    assert (row["unseen_in"], row["expected_reads"], bool(row["not_detected"])) == ("h", pytest.approx(3), True)
    assert unseen(counts, factors, groups, pd.Series({"m": np.nan})).iloc[0]["p_no_reads"] == pytest.approx(np.exp(-3))


def test_direction_and_class_stand_beside_each_feature():
    names = ["t", "u", "d", "n", "m"]
    groups = pd.Series(["a"] * 2 + ["b"] * 2, index=list("pqrs"))
    counts = pd.DataFrame(np.arange(20).reshape(5, 4) + 50, index=names, columns=groups.index)
    table = pd.DataFrame(
        {"feature": names, "log2FoldChange": [1.0, 2.0, -1.0, 1.0, 1.0], "padj": [0.001, 0.01, 0.01, 0.05, np.nan],
         "status": "tested"}
    )  # fmt: skip
    features = pd.DataFrame(
        {"feature": names, "accession": pd.NA, "sequence": pd.NA, "arm": pd.NA, "family": pd.NA, "seed": pd.NA}
    )
    columns = ["source_log2FoldChange", "release_log2FoldChange", "release_padj"]
    release = pd.DataFrame({"feature": names[::-1], "class": list("vwxyz")} | {name: range(5) for name in columns})
    libraries = Libraries(counts, features, dict.fromkeys("pqrs", 1.0), groups)
    found = find_co_cargo("c", table, libraries, "t", Thresholds(), Evidence(release)).set_index("feature")
    assert found["call"].fillna("missing").to_dict() == {"t": "up", "u": "up", "d": "down", "n": "none", "m": "missing"}
    assert found["class"].to_dict() == {"t": "z", "u": "y", "d": "x", "n": "w", "m": "v"}
    assert found.loc["t", columns].tolist() == [4, 4, 4]
    assert found["tier"].dropna().to_dict() == {"u": "candidate"}
    assert list(found.index) == ["u", "t", "d", "n", "m"]
    assert set(found["contrast"]) == {"c"}


def test_relations_in_words():
    known = pd.DataFrame(
        {"arm": ["5p", "3p", "5p", None, "5p"], "family": ["f", "f", "f", None, "g"],
         "seed": ["s", "r", "s", None, "s"]},
        index=["m-1-5p", "m-1-3p", "m-2", "m-3", "m-4-5p"],
    )  # fmt: skip
    assert relation(known, "m-1-5p").fillna("").to_dict() == {
        "m-1-5p": "", "m-1-3p": "other arm of its hairpin; same family", "m-2": "same family; same seed", "m-3": "",
        "m-4-5p": "same seed",
    }  # fmt: skip
    for target in (None, "elsewhere"):
        assert relation(known, target).isna().all()


def test_expectations_of_each_contrast_and_feature():
    table = pd.DataFrame({"contrast": ["c", "c", "d"], "feature": ["x", "y", "x"]})
    expected = pd.DataFrame(
        {"contrast": ["c", "c", "c", "d", "c"], "feature": ["x", "x", "x", "x", None],
         "expected": ["up", "down", "up", "no expectation", "up"]}
    )  # fmt: skip
    assert with_expectations(table, expected)["expected"].fillna("").tolist() == ["up or down", "", ""]


def test_a_panel_says_yes_no_or_open():
    panel = pd.DataFrame(
        [("miR-21", "up"), ("miR-214", "up"), ("miR-29b", "down"), ("miR-9", None)], columns=["mirna", "direction"]
    ).assign(tissue="drg", model="m", day=None, species=None, source="s", doi=None, note="as seen")
    panel = panel.astype(object).where(panel.notna(), None)
    features = pd.DataFrame(
        {"feature": ["rno-miR-21-5p", "rno-miR-214-3p", "rno-miR-29b-3p"],
         "accession": ["MIMAT0000790", "MIMAT0000885", "MIMAT0000801"]}
    )  # fmt: skip
    table = pd.DataFrame(
        {"feature": features["feature"], "log2FoldChange": [0.0, 0.1, -2.0], "lfcSE": [0.05, 0.9, 0.3],
         "padj": [0.9, 0.9, 0.001], "status": "tested"}
    )  # fmt: skip
    held = expected_of(panel, Expectation(tissue="DRG", model="M"), "rno")
    mirnas = find_panel(panel, "miR-21-3p", "rno", features)
    found = compare("cut", held, mirnas, table, Thresholds()).set_index("mirna")
    assert found["observed"].to_dict() == {
        "miR-21": "unchanged", "miR-214": "inconclusive", "miR-29b": "down", "miR-9": "not_tested",
        "miR-21-3p": "not_tested",
    }  # fmt: skip
    assert found["agrees"].fillna("").tolist() == ["no", "open", "yes", "", ""]
    assert set(found["contrast"]) == {"cut"}
    assert found.loc["miR-21", ["note", "expected", "tissue"]].tolist() == ["as seen", "up", "drg"]
    assert found.loc["miR-21-3p", "expected"] == "no expectation"


def test_a_change_that_would_make_a_call_goes_its_way():
    # Of nothing to nearly something: 1.96 * 0.5 is 0.98, and 0.48 of it is missing.
    up, down = overturning_change(0.5, 0.5, 0.05), overturning_change(-0.5, 0.5, 0.05)
    assert clause(up, "control") == "it would be called up if total exosome miRNA had risen to 1.39 times control"
    assert clause(down, "control") == "it would be called down if total exosome miRNA had fallen to 0.72 of control"
    near, far = overturning_change(0.975, 0.5, 0.05), overturning_change(-12.0, 0.5, 0.05)
    assert clause(near, "x").endswith("had risen by less than 1%")
    assert clause(far, "x").endswith("had risen more than 1000-fold")


def test_groups_are_named_in_a_joint_test_only():
    # One rule: no call without an interval beyond zero, whatever the test.
    assert called(results(0.1, 0.5))["call"] == "inconclusive"
    joint = CONTRAST.model_copy(update={"reduced": "~ 1"})
    assert called(results(0.1, 0.5, 0.9), joint)["sentence"].startswith(
        "x is inconclusive in injured against control: neither a change nor its absence is shown"
    )
    assert (
        " of more than 1.4-fold," in called(results(2.0), thresholds=Thresholds(min_log2_fold_change=0.5))["sentence"]
    )
    exosome = CONTRAST.model_copy(update={"exosome": True})
    assert called(results(0.5, 0.5, 0.9), exosome)["sentence"].endswith(
        "; it would be called up if total exosome miRNA had risen to 1.39 times control."
    )


def test_sources_may_disagree_about_a_mirna_that_the_study_lacks():
    panel = pd.DataFrame([("miR-9", "up"), ("miR-9", "down")], columns=["mirna", "direction"]).assign(
        tissue="drg", model="m", day=None, species=None, source="s", doi=None, note=None
    )
    panel = panel.astype(object).where(panel.notna(), None)
    features = pd.DataFrame({"feature": ["x"], "accession": [pd.NA]})
    held = expected_of(panel, Expectation(tissue="drg", model="m"), "rno")
    found = compare("c", held, find_panel(panel, "miR-21", "rno", features), results(), Thresholds())
    assert found["note"].str.endswith("the sources disagree").tolist() == [True, True, False]
    assert found["agrees"].fillna("").tolist() == ["open", "open", ""]


def test_large_studies_look_at_some_features_evenly():
    features = np.arange(1000)
    # 500,000 counts are 500 features of 1,000 samples, and never fewer than 200.
    assert len(_some(features, 500)) == 1000
    some = _some(features, 1000)
    assert (len(some), some[0], some[-1]) == (500, 0, 999)
    assert set(np.diff(some)) == {2, 3}
    assert len(_some(features, 10**6)) == 200
