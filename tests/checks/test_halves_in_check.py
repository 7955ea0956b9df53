"""Whether `halves` of a meta-analysis name a column that can halve its contrasts."""

import pandas as pd
import pytest

from mircargo.checks.halves import halves_problems
from mircargo.config import parse

SHEET = pd.DataFrame(
    {
        "sample": [f"s{i}" for i in range(8)],
        "group": ["a", "b"] * 4,
        "run": ["1", "1", "1", "1", "2", "2", "2", "2"],
        "site": ["1", "1", "2", "2", "3", "3", "4", "4"],
        "uneven": ["1", "1", "1", "2", "2", "2", "1", "2"],
        "empty": [None] * 8,
    }
)


@pytest.mark.parametrize(
    ("halves", "found"),
    [
        (None, None),
        ("random", None),
        ("run", None),
        ("nope", "no such column"),
        ("site", "1, 2, 3, 4"),
        ("empty", "no cell of it is filled"),
        ("group", "group a: 4 a, 0 b; group b: 0 a, 4 b"),
        ("uneven", "uneven 1: 3 a, 1 b; uneven 2: 1 a, 3 b"),
    ],
)
def test_columns_that_cannot_halve_a_contrast_are_said_before_the_run(tmp_path, halves, found):
    SHEET.to_csv(tmp_path / "samples.tsv", sep="\t", index=False)
    contrast = {"variable": "group", "level": "a", "reference": "b"}
    study = {
        "title": "t", "species": "mmu", "counts": [{"table": "x.tsv"}], "samples": str(tmp_path / "samples.tsv"),
        "contrasts": {"c": contrast},
    }  # fmt: skip
    meta = {"title": "m", "contrasts": ["one.c", "two.c"]} | ({"halves": halves} if halves else {})
    problems = halves_problems(parse({"studies": {"one": study, "two": study}, "meta": {"m": meta}}))
    assert len(problems) == (found is not None)
    for problem in problems:
        assert (problem.where, problem.severity) == ("meta.m.halves", "error")
        assert found in problem.found
