"""Halves of a contrast: which samples are in which, what they repeat, and which contrasts cannot be halved."""

import pandas as pd
import pytest

from mircargo.analysis import Question, StudyData
from mircargo.benchmark.independent import independent_study
from mircargo.benchmark.studies import CONTRAST
from mircargo.config import Config, Thresholds
from mircargo.meta.halves import halved, replication_of_halves
from mircargo.problems import ProblemsFound
from mircargo.results.contract import META_REPLICATION
from mircargo.snakemake.settings import Job, settings_of
from mircargo.steps import ReplicateCalls


@pytest.fixture
def question():
    made = independent_study("tissue", 6, 2, 9)
    sheet = made.sheet.assign(sex=["f", "m"] * 6, few=["a"] * 11 + ["b"], one="x")
    # Both samples of an animal, one of each group.
    sheet["animal"] = [f"a{i % 6}" for i in range(12)]
    return Question(StudyData(made.counts, sheet), "injury", CONTRAST, Thresholds())


def test_random_halves_have_as_many_of_each_group_and_share_no_sample(question):
    first, second = (each.data.sheet for each in halved(question, "random", "nothing").values())
    assert set(first.index).isdisjoint(second.index)
    assert len(first) + len(second) == 12
    for half in (first, second):
        assert half["group"].value_counts().to_dict() == {"control": 3, "treated": 3}


def test_samples_of_an_animal_stay_together(question):
    first, second = (each.data.sheet for each in halved(question, "random", "animal").values())
    assert set(first["animal"]).isdisjoint(second["animal"])
    assert first["group"].value_counts().to_dict() == {"control": 3, "treated": 3}


def test_halves_by_a_column(question):
    halves = halved(question, "sex", "nothing")
    assert {name: set(each.data.sheet["sex"]) for name, each in halves.items()} == {"sex f": {"f"}, "sex m": {"m"}}


def test_halves_of_one_truth_repeat_as_expected(question):
    rows = pd.DataFrame(replication_of_halves(question, "mine", "random", "nothing"))
    assert set(rows) == set(META_REPLICATION.columns)
    assert rows["from_contrast"].tolist() == ["first half of mine.injury"] * 3 + ["second half of mine.injury"] * 3
    whole = rows[rows["direction"] == "all"]
    assert (whole["calls"] > 20).all()
    assert whole["repeated"].between(whole["expected_low"] - 3, whole["expected_high"] + 3).all()
    assert (whole["opposite"] == 0).all()


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("few", "each half needs 2 samples of each group: few "),
        ("one", "halves by 'one' need a column of the sheet with two values: x"),
        ("nowhere", "halves by 'nowhere' need a column of the sheet with two values: no such column"),
    ],
)
def test_what_cannot_be_halved_is_said(question, by, words):
    (row,) = replication_of_halves(question, "mine", by, "nothing")
    assert row["sentence"].startswith(f"mine.injury cannot be halved: {words}")


def test_what_to_do_where_halves_have_no_column(question):
    with pytest.raises(ProblemsFound) as refused:
        halved(question, "sexx", "nothing")
    assert refused.value.problems[0].hint == "did you mean 'sex'? name another column under `halves`, or `random`"


def test_only_a_meta_analysis_with_halves_knows_of_them():
    asked = {"variable": "group", "level": "b", "reference": "a"}
    study = {"title": "x", "species": "mmu", "counts": [{"table": "c.tsv"}], "samples": "s.tsv", "numeric": ["age"]}
    study["contrasts"] = {"one": asked, "two": asked | {"title": "Two"}}
    meta = {"title": "m", "contrasts": ["s.one", "s.two"]}

    class Wildcards:
        meta = "m"

        def items(self):
            return [("meta", "m")]

    plain, split = (
        settings_of(
            ReplicateCalls, Job(Config.model_validate({"studies": {"s": study}, "meta": {"m": each}}), Wildcards())
        )
        for each in (meta, meta | {"halves": "random"})
    )
    assert "halved" not in plain
    assert split["halved"]["s"] == {
        "numeric": ["age"], "size_factors": {}, "fraction": "fraction", "subject": "subject", "thresholds": {},
        "contrasts": {"one": asked, "two": asked},
    }  # fmt: skip
    assert ReplicateCalls.model_validate(split).halved["s"].contrasts["two"].level == "b"
