"""Work that is shared by several processes gives the bytes that one process gives."""

import json

import numpy as np
import pandas as pd
import pytest

from mircargo.analysis import Question, StudyData
from mircargo.config import Contrast, Thresholds

SHEET = pd.DataFrame(
    {"condition": ["control"] * 4 + ["injured"] * 4, "batch": list("klmnklmn")}, [f"s{i}" for i in range(8)]
)
INJURED = Contrast(variable="condition", level="injured", reference="control")


def question(stated: float = 0.2, blocking: tuple[str, ...] = ()) -> Question:
    rng = np.random.default_rng(4)
    means = rng.lognormal(4, 2, (120, 1)) * np.where(np.arange(8) >= 4, np.exp2(rng.normal(0, 1, (120, 1))), 1)
    counts = pd.DataFrame(rng.negative_binomial(5, 5 / (5 + means)), [f"f{i}" for i in range(120)], SHEET.index)
    contrast = INJURED.model_copy(update={"blocking": list(blocking)})
    return Question(StudyData(counts, SHEET), "injury", contrast, Thresholds(preparation_log2_sd=stated))


@pytest.mark.parametrize("stated", [0.2, 0.0])
def test_a_stress_test(stated):
    results = question(stated).fit().results

    def tried(threads: int) -> tuple[str, str, str]:
        found = question(stated).stress(results, threads)
        return found.summary.to_csv(), found.variants.to_csv(), json.dumps(found.facts)

    alone = tried(1)
    assert "typical_log2_fold_change" in json.loads(alone[2]), "the second opinion is part of the facts"
    assert tried(2) == tried(3) == alone


def test_a_variant_that_is_not_possible_says_why_from_another_process_too():
    whole = question().data
    few = StudyData(whole.counts[["s0", "s1", "s4", "s5"]], SHEET.loc[["s0", "s1", "s4", "s5"]])
    asked = Question(few, "injury", INJURED)
    facts = asked.stress(asked.fit().results, threads=2).facts
    why = "a group with fewer than two samples cannot be tested: 1 sample of {} would be left"
    assert facts["not_possible"][:4] == [
        {"name": f"without sample {name}", "kind": "sample", "why": why.format(group)}
        for name, group in (("s0", "control"), ("s1", "control"), ("s4", "injured"), ("s5", "injured"))
    ]


def test_permutations():
    fitted = question().fit()
    candidates = pd.DataFrame({"tier": ["strong"] * 3})
    alone = question().by_chance(fitted, None, candidates)
    assert alone["n_permutations"] == 34  # half of 70 ways to choose 4 of 8, less the real one
    assert alone["mean_called"] > 0
    for threads in (2, 3):
        assert question().by_chance(fitted, None, candidates, threads) == alone


@pytest.mark.parametrize("threads", [1, 2])
def test_an_engine_that_has_no_answer_is_left_out(threads):
    # Of these edgeR 3.40.2 and limma 3.54.1 give weights of 7.9e28, coefficients that are NA, and t of 4.7e15.
    rows = [[0, 0, 0, 0, 50, 0, 50, 50], [50] * 8, [50, 50, 50, 50, 0, 50, 50, 0]]
    sheet = SHEET.assign(geno=["ko", "wt"] * 4)
    by_geno = {"variable": "geno", "level": "ko", "reference": "wt"}
    contrast = Contrast(**INJURED.model_dump(exclude_defaults=True), interaction=by_geno)
    data = StudyData(pd.DataFrame(rows, ["f0", "f1", "f2"], SHEET.index), sheet)
    asked = Question(data, "ties", contrast, Thresholds(min_total_count=0))
    refused = asked.stress(asked.fit().results, threads).facts["not_possible"]
    why = {each["name"]: each["why"] for each in refused}["limma-voom"]
    assert "needs variation within the groups at every size of counts: " in why
