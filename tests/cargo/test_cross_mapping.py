"""Shadows: sequences by hand, planted shadows in simulated studies, and public tables read by eye."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mircargo.cargo.cross_mapping import _some, edits_between, mature_sequences, relatives, shadows_among
from mircargo.features.mirbase import load_mature
from mircargo.simulate.example import SHADOWS, TARGET, Settings, Study, simulate
from studies import read_study

SEQUENCES = load_mature().query("species == 'mmu'").set_index("name")["sequence"]
FEWEST_READS = 10  # over the samples, as `min_total_count` has it


def edit_distance(one: str, other: str) -> int:
    """Count the insertions, deletions and substitutions between two sequences (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("ACGU", "ACGU", 0), ("ACGU", "CGU", 1), ("ACGU", "AGCU", 2), ("AAA", "", 3)],
)
def test_edit_distance_by_hand(one, other, distance):
    assert edit_distance(one, other) == edit_distance(other, one) == distance


@given(st.text("ACGU", max_size=12), st.text("ACGU", max_size=12), st.text("ACGU", max_size=12))
def test_edit_distance_is_a_distance(a, b, c):
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
    assert (edit_distance(a, b) == 0) == (a == b)


def edits(*sequences: str) -> int:
    names = [f"f{i}" for i in range(len(sequences))]
    return int(edits_between(pd.Series(sequences, index=names))[0, 1])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("UAGCUUAUCAGACUGAUGUUGA", "UAGUUUAUCAGACUGAUAUUUCC", 1),  # miR-21a-5p, miR-21b: their 3' ends do not count
        ("UAGCUUAUCAGACUGAUGUUGA", "UAGCUUAUCAGACUGGUACAA", 1),  # miR-21a-5p, miR-21c
        ("UACAGUACUGUGAUAACUGAA", "ACAGUACUGUGAUAACUGA", 0),  # miR-101a-3p, miR-101c: one base shorter at either end
        ("UGAGGUAGUAGGUUGUAUAGUU", "AUGAGGUAGUAGGUUGUAUAGUU", 0),  # one base longer
        ("UGAGGUAGUAGGUUGUAUAGUU", "UGAGGUAGAGGUUGUAUAGUU", 1),  # one base lost
        ("UACCCUGUAGAUCCGAAUUUGUG", "UACCCUGUAGAACCGAAUUUGUG", 1),  # miR-10a-5p, miR-10b-5p
    ],
)
def test_edits_by_hand(one, other, expected):
    assert edits(one, other) == edits(other, one) == expected


def test_edits_of_several_sequences_are_those_of_the_nearest():
    assert edits("CCCCCCCCCCCCCCCCCCCC/UAGCUUAUCAGACUGAUGUUGA", "UAGUUUAUCAGACUGAUAUUUCC") == 1
    assert edits("CCCCCCCCCCCCCCCCCCCC", "UAGUUUAUCAGACUGAUAUUUCC") > 2


@st.composite
def alike(draw: st.DrawFn) -> tuple[str, str]:
    """Two sequences, the second made from the first by a few edits and other ends."""
    one = draw(st.text("ACGU", min_size=17, max_size=23))
    other = list(one)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(other) - 1))
        other[place] = draw(st.sampled_from(["", "A", "C", "GG", "U"]))
    return one, draw(st.text("ACGU", max_size=3)) + "".join(other)[draw(st.integers(0, 2)) :]


@given(alike())
def test_edits_are_those_of_the_best_window(pair):
    def found(pattern: str, text: str) -> int:
        ends = range(len(text) + 1)
        return min(edit_distance(pattern, text[i:j]) for i in ends for j in ends[i:])

    one, other = pair
    best = min(found(one[:16], other), found(other[:16], one))
    assert edits(one, other) == (best if best <= 2 else 16)


@cache
def study(seed: int, animals: int) -> Study:
    return simulate(load_mature(), Settings(seed=seed, animals_per_group=animals))


@pytest.mark.slow
@pytest.mark.parametrize("fraction", ["drg", "exosome"])
@pytest.mark.parametrize("animals", [4, 5, 6])
def test_shadows_of_the_target_are_found_and_few_others(animals, fraction):
    planted = hits = others = wrong = 0
    for seed in range(50):
        counts = getattr(study(seed, animals), fraction)
        counts = counts[counts.sum(axis=1) >= FEWEST_READS]
        found = shadows_among(relatives(counts, SEQUENCES))
        present = [name for name in SHADOWS if name in counts.index]
        planted += len(present)
        hits += sum(found.get(name) == TARGET for name in present)
        others += len(counts) - len(present)
        wrong += len(set(found.index) - set(SHADOWS))
    assert hits / planted >= 0.95
    assert wrong / others <= 0.01


def test_shadows_of_any_abundant_mirna_where_there_are_reads_enough():
    rng = np.random.Generator(np.random.PCG64(7))
    pairs = {"mmu-let-7e-5p": "mmu-let-7f-5p", "mmu-miR-10a-5p": "mmu-miR-10b-5p", "mmu-miR-125a-5p": "mmu-miR-125b-5p"}
    told = 0
    for seed in range(20):
        counts = study(seed, 5).drg.copy()
        for name, origin in pairs.items():
            counts.loc[name] = rng.poisson(np.exp(rng.uniform(np.log(0.001), np.log(0.02))) * counts.loc[origin])
        table = relatives(counts, SEQUENCES).set_index("feature").reindex(list(pairs))
        # Never cleared; and told from a relative with reads of its own nearly always.
        assert (table["verdict"] != "own_reads").sum() >= 2
        told += int((table["verdict"] == "follows").sum())
    assert told / (20 * len(pairs)) >= 0.9


def test_share_may_differ_between_fractions():
    both = study(1, 5)
    counts = pd.concat([both.drg, both.exosome], axis=1)
    rng = np.random.Generator(np.random.PCG64(1))
    rate = np.where(both.samples["fraction"] == "drg", 0.002, 0.02)
    counts.loc["mmu-miR-10a-5p"] = rng.poisson(rate * counts.loc["mmu-miR-10b-5p"])
    as_one = relatives(counts, SEQUENCES).set_index("feature")
    within = relatives(counts, SEQUENCES, both.samples["fraction"]).set_index("feature")
    assert as_one.at["mmu-miR-10a-5p", "verdict"] == "own_reads"
    assert within.at["mmu-miR-10a-5p", "verdict"] == "follows"


def test_reads_where_the_origin_has_none_are_its_own():
    counts = pd.DataFrame([[1000, 900, 0, 1100], [5, 4, 5, 6]], index=["mmu-miR-21a-5p", "mmu-miR-21b"])
    assert relatives(counts, SEQUENCES)["verdict"].tolist() == ["own_reads"]


def test_a_constant_share_is_tested_by_chi_squared():
    counts = pd.DataFrame([[1000, 3000, 0, 2000, 2000], [2, 18, 0, 30, 50]], index=["mmu-miR-21a-5p", "mmu-miR-21b"])
    strata = pd.Series(list("aaabb"))
    # Expected are 5, 15, 0 and 40, 40; each varies by itself and by 20% squared: 6, 24, 104, 104. Two of three samples
    # of the first stratum have reads of the origin, and each stratum has one share: 2 degrees of freedom, for which
    # the chance is exp(-x / 2).
    x = 9 / 6 + 9 / 24 + 100 / 104 + 100 / 104
    row = relatives(counts, SEQUENCES, strata).iloc[0]
    assert row["p_constant"] == pytest.approx(np.exp(-x / 2))
    assert (row["share"], row["edits"], row["verdict"]) == (100 / 8000, 1, "follows")
    # Strata stand in the order of the sheet, which need not be that of the counts.
    assert relatives(counts, SEQUENCES, strata[::-1]).iloc[0]["p_constant"] == row["p_constant"]
    # A sample of no stratum is of one with the others of none.
    assert relatives(counts, SEQUENCES, strata.replace("b", None)).iloc[0]["p_constant"] == row["p_constant"]


def test_nothing_to_compare_gives_an_empty_table():
    assert shadows_among(relatives(pd.DataFrame(columns=["a", "b"], dtype=int), SEQUENCES)).empty


def test_public_tables(shared):
    _, joint, _ = read_study("joint_injury", shared)
    table = relatives(joint.counts[joint.counts.sum(axis=1) >= FEWEST_READS], mature_sequences(joint.features))
    verdict = table.set_index("feature")["verdict"]
    # Over 18 libraries miR-21a-5p spans 18-fold, and miR-21b stays 0.3 to 0.8% of it.
    assert verdict["mmu-miR-21b"] == "follows"
    assert set(verdict[["mmu-miR-148b-3p", "mmu-miR-199b-5p", "mmu-miR-206-3p", "mmu-miR-29b-3p"]]) == {"own_reads"}


def test_hairpins_have_the_sequences_of_their_matures(shared):
    _, microglia, _ = read_study("microglia_ev", shared)
    known = mature_sequences(microglia.features)
    assert known["mmu-mir-21a"].split("/")[0] == SEQUENCES["mmu-miR-21a-5p"]
    assert known.isna().sum() == 2


def test_a_relative_whose_origin_does_nothing_cannot_be_told():
    rng = np.random.default_rng(2)
    names = ["mmu-miR-21a-5p", "mmu-miR-21b", *SEQUENCES.index[200:260]]
    steady = rng.poisson(np.r_[50_000, 20, np.full(60, 400)][:, None], (62, 8))
    row = relatives(pd.DataFrame(steady, index=names), SEQUENCES).set_index("feature").loc["mmu-miR-21b"]
    assert row["verdict"] == "cannot_tell"
    assert row["as_close"] > 0.1
    assert (row["origin"], row["edits"]) == ("mmu-miR-21a-5p", 1)
    assert row["share"] == pytest.approx(steady[1].sum() / steady[0].sum())


def test_relatives_are_two_edits_away_at_most():
    two, three = "UAGCAUAUCAGAGUGAUGUUGA", "UAGCAUAUCAGAGUCAUGUUGA"
    sequences = pd.Series({"origin": "UAGCUUAUCAGACUGAUGUUGA", "two": two, "three": three})
    counts = pd.DataFrame([[900, 1100], [100, 100], [9, 11]], index=list(sequences.index))
    table = relatives(counts, sequences).set_index("feature")
    assert table["edits"].to_dict() == {"two": 2, "three": 1}
    assert table["origin"].to_dict() == {"two": "origin", "three": "two"}
    # A tenth of the reads is few enough, and a feature without any read is no relative.
    counts.loc["two", 0] += 1
    counts.loc["three"] = 0
    assert relatives(counts, sequences).empty


def test_letters_beyond_ascii_are_edits_and_no_error():
    pair = pd.Series(["UAGCUUAUCAGACUGAUGUUGA", "UAGCUUAUCAGACUG\u00b5UGUUGA"], index=["a", "b"])
    assert edits_between(pair).tolist() == [[0, 1], [1, 0]]


def test_sequences_of_hairpins_are_those_of_their_arms():
    names = ["mmu-mir-21a", "x", "y", "mmu-mir-9-2"]
    found = mature_sequences(pd.DataFrame({"feature": names, "sequence": [None, "ACGU", None, None]}))
    # miR-9-5p and miR-9-3p have two more hairpins.
    assert set(found["mmu-mir-9-2"].split("/")) == {SEQUENCES["mmu-miR-9-5p"], SEQUENCES["mmu-miR-9-3p"]}
    assert found["x"] == "ACGU"
    assert set(found["mmu-mir-21a"].split("/")) == {SEQUENCES["mmu-miR-21a-5p"], SEQUENCES["mmu-miR-21a-3p"]}
    assert pd.isna(found["y"])


def test_large_studies_look_at_some_features_evenly():
    features = np.arange(1000)
    # 500,000 counts are 500 features of 1,000 samples, and never fewer than 200.
    assert len(_some(features, 500)) == 1000
    some = _some(features, 1000)
    assert (len(some), some[0], some[-1]) == (500, 0, 999)
    assert set(np.diff(some)) == {2, 3}
    assert len(_some(features, 10**6)) == 200
