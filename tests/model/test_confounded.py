"""Designs in which one thing is confounded on purpose, among columns that are not: it is named, and nothing else."""

import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from factories import problems_of
from mircargo.config import Contrast
from mircargo.model.design.estimable import levels_by
from mircargo.model.design.matrix import contrast_design

N = 24
SEEDS = range(3)


def exact_rank(columns: list[list[int]]) -> int:
    """Rank by elimination in fractions: no rounding, and none of numpy's code."""
    rows, rank = [[Fraction(int(x)) for x in row] for row in zip(*columns, strict=True)], 0
    for at in range(len(columns)):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][at]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][at] / rows[rank][at]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


def indicators(table: pd.DataFrame, numeric) -> list[list[int]]:
    """Write the columns of a model with an intercept: of each category all levels but the first that appears."""
    found = [[1] * len(table)]
    for name, values in table.items():
        if name in numeric:
            found.append([int(x) for x in values])
        else:
            found += [[int(x == level) for x in values] for level in list(dict.fromkeys(values))[1:]]
    return found


def planted(kind: str, rng: np.random.Generator) -> tuple[pd.DataFrame, list[str], set[str], str]:
    """Return columns with the group, which are numbers, what is confounded, and the code of the problem."""
    group = np.repeat(["sham", "snl"], N // 2)
    half, quarter = np.tile([0, 1], N // 2), np.tile(np.arange(4), N // 4)
    numbers, ends = rng.permutation(np.arange(N)), rng.permutation(half)
    made: dict[str, dict[str, object]] = {
        # Each batch holds one group only; batches and their number are drawn.
        "batch in group": {"batch": [f"{g}{rng.integers(1, 4)}" for g in group]},
        "kit is group": {"kit": np.where(group == "sham", "A", "B")},
        "subject in batch": {"subject": [f"m{i % 6}" for i in range(N)], "batch": [f"b{i % 6 // 2}" for i in range(N)]},
        "age of subject": {"subject": [f"m{i % 6}" for i in range(N)], "age": [(i % 6) ** 2 + 3 for i in range(N)]},
        "one is the other": {"site": [f"s{i}" for i in quarter], "nurse": [f"n{i}" for i in quarter]},
        # Group is what batch and lane add up to: no sample is of both second levels.
        "group is a sum": {},
        "sum of numbers": {"days": numbers, "age": numbers[::-1] ** 2, "sum": numbers + 2 * numbers[::-1] ** 2},
        "straight line": {"days": numbers, "hours": 24 * numbers + 7},
        "nothing links": {"site": [f"s{i}" for i in quarter], "run": [f"r{x}" for x in quarter // 2 * 2 + ends]},
    }  # fmt: skip
    columns = made[kind]
    if kind == "group is a sum":
        batch = [int(g == "snl" and x) for g, x in zip(group, half, strict=True)]
        lane = [int(g == "snl" and not x) for g, x in zip(group, half, strict=True)]
        columns = {"batch": [f"b{x}" for x in batch], "lane": [f"l{x}" for x in lane]}
    code = {"batch in group": "confounded_with_groups", "kit is group": "confounded_with_groups",
            "subject in batch": "column_within_column", "age of subject": "column_within_column",
            "one is the other": "column_within_column"}.get(kind, "confounded_columns")  # fmt: skip
    # What is not confounded: three columns by chance, and one number.
    others = {
        "sex": rng.choice(["f", "m"], N),
        "operator": rng.choice(["p", "q", "r"], N),
        "rin": rng.integers(50, 99, N),
    }
    table = pd.DataFrame({**columns, **others, "group": group}).sample(frac=1, random_state=int(rng.integers(99)))
    numeric = [name for name in table if table[name].dtype.kind == "i"]
    table = table.astype(str)
    table.index = [f"x{i}" for i in range(N)]
    involved = set(columns) | ({"group"} if "group" in kind else set())
    return table, numeric, involved, code


KINDS = ["batch in group", "kit is group", "subject in batch", "age of subject", "one is the other", "group is a sum",
         "sum of numbers", "straight line", "nothing links"]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_confounded_is_named_with_its_levels_and_can_be_mended_as_told(kind, seed):
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    table, numeric, involved, code = planted(kind, rng)
    order = [str(name) for name in rng.permutation([name for name in table if name != "group"])]
    contrast = Contrast(variable="group", level="snl", reference="sham", blocking=order)
    # The truth, by other means: with everything the rank falls short, and of what is planted no part is enough.
    full = indicators(table[[*order, "group"]], numeric)
    assert exact_rank(full) < len(full)
    for name in involved - {"group"}:
        rest = indicators(table.drop(columns=name), numeric)
        assert exact_rank(rest) == len(rest), "the columns by chance are confounded: choose another seed"

    [problem] = problems_of(contrast_design, table, contrast, numeric, "x")

    assert problem.code == code
    named = set(re.findall(r"'(\w+)'", problem.what))
    assert named == involved
    if code != "confounded_columns" or kind == "nothing links":
        for name in (involved - {"group"}) - set(numeric):
            assert all(level in problem.found for level in table[name]), "every level is told"
    leave_out = re.findall(r"'(\w+)'", problem.hint.split(" and ")[0])
    assert set(leave_out) <= involved - {"group"}
    assert leave_out
    for name in leave_out:
        without = contrast.model_copy(update={"blocking": [each for each in order if each != name]})
        design = contrast_design(table, without, numeric, "x")
        assert design.residual_degrees_of_freedom > 0


def test_levels_of_many_groups_are_cut_short_with_their_number():
    data = pd.DataFrame({"group": list("abcdefghijkl"), "batch": list("001122334455")})
    found = levels_by(data, "group", ["batch"])
    assert found.startswith("a: batch 0; b: batch 0; c: batch 1; ")
    assert found.endswith("; j: batch 4; 12 in all")


def test_every_column_that_holds_the_groups_is_told_at_once():
    table = pd.DataFrame({"group": ["a"] * 4 + ["b"] * 4, "batch": list("11223344"), "kit": list("xxxxyyyy")})
    contrast = Contrast(variable="group", level="b", reference="a", blocking=["batch", "kit"])
    found = problems_of(contrast_design, table, contrast, [], "x")
    assert [problem.code for problem in found] == ["confounded_with_groups"] * 2
    assert found[0].what.startswith("'batch' and 'group' are confounded: 'batch' determines 'group'")
    assert found[0].found == "a: batch 1, 2; b: batch 3, 4"
    assert found[1].what.startswith("'kit' and 'group' are confounded: each determines the other")
    assert found[1].found == "a: kit x; b: kit y"


def test_effects_that_add_up_to_the_groups_are_told_with_the_samples_there_are():
    table = pd.DataFrame({"group": list("aaaabbbbbb"), "batch": list("0000111000"), "lane": list("0000000111")})
    contrast = Contrast(variable="group", level="b", reference="a", blocking=["batch", "lane"])
    [problem] = problems_of(contrast_design, table, contrast, [], "x")
    assert "the effects of 'batch' and 'lane' add up to one of 'group'" in problem.what
    assert problem.found.startswith("group a: batch 0 lane 0; group b: batch 1 lane 0, batch 0 lane 1")
