"""The plan of the next experiment, as people write it."""

import pytest

from mircargo.config import Config, parse
from mircargo.problems import ProblemsFound

CONTRAST = {"variable": "group", "level": "b", "reference": "a"}
STUDY = {
    "title": "x",
    "species": "mmu",
    "counts": [{"table": "c.tsv"}],
    "samples": "s.tsv",
    "contrasts": {"c": CONTRAST},
}


def planned(**study):
    return parse({"studies": {"s": STUDY | study}}).studies["s"].next_experiment


def test_an_empty_plan_has_the_defaults_and_none_is_none():
    assert planned() is None
    plan = planned(next_experiment={})
    assert (plan.fold_changes, plan.power, plan.depths) == ([1.5, 2, 4], 0.8, [0.5, 1, 3, 10])
    assert plan.animals == list(range(3, 25))
    assert (
        "next_experiment"
        not in Config.model_validate({"studies": {"s": STUDY}}).model_dump(exclude_none=True)["studies"]["s"]
    )


def test_lists_are_put_in_order_and_each_number_stands_once():
    assert planned(next_experiment={"animals": [12, 4, 4], "depths": [3, 1]}).animals == [4, 12]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "write `next_experiment: {}`, or leave it out"),
        ({"animals": [1]}, "at least 2"),
        ({"fold_changes": [0.5]}, "greater than 1"),
        ({"power": 80}, "less than 1"),
        ({"depth": [1]}, "unknown key"),
    ],
)
def test_what_cannot_be_is_said(value, words):
    with pytest.raises(ProblemsFound) as raised:
        planned(next_experiment=value)
    assert words in str(raised.value)
