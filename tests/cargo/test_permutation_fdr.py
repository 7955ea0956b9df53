"""Permutation of labels: which ways there are by counting, and what is counted in each by a fit that is made up."""

from math import comb

import numpy as np
import pandas as pd
import pytest

from factories import INJURED, groups
from mircargo.cargo import permutation_fdr as module
from mircargo.cargo.permutation_fdr import set_fdr
from mircargo.config import Contrast, Thresholds
from mircargo.model.engines.deseq2 import Fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.robustness.base_fit import BaseFit

# The real fit without the target: called with p up to 0.02, tested from a mean of 30 reads on.
REAL = pd.DataFrame(
    {
        "feature": ["called", "also", "nearly", "not_called", "weak", "silent", "still", "untested"],
        "pvalue": [0.0002, 0.02, 0.049, 0.4, 0.1, 0.05, 0.6, np.nan],
        "padj": [0.001, 0.049, 0.1, 0.5, 0.2, 0.1, 0.7, np.nan],
        "baseMean": [50.0, 40, 80, 30, 60, 70, 90, 3],
    }
)
# Every fit with exchanged labels. Five lie where the real fit made its calls, of which three may be changes: their
# p-value is below 0.05 in the real fit. That leaves "silent" and "still".
PERMUTED = pd.DataFrame(
    {
        "feature": ["target", "called", "also", "nearly", "not_called", "weak", "silent", "still", "untested"],
        "pvalue": [1e-9, 0.001, 0.02, 0.01, 0.0005, 0.03, 0.02, 0.004, 1e-9],
        "padj": [1e-8, 0.2, 0.3, 0.3, 0.2, 0.4, 0.3, 0.3, 1e-8],
        "baseMean": [90.0, 50, 40, 80, 29, 60, 70, 90, 50],
    }
)


def sheet(controls: int, injured: int, **columns) -> pd.DataFrame:
    return groups(controls, injured).to_frame().assign(**columns)


@pytest.fixture
def asked(monkeypatch):
    """Labels of every fit that is asked for; its results are always the same."""
    designs = []

    def counted(counts, design, thresholds, factors):
        designs.append((counts, design, thresholds, factors))
        return Fit(PERMUTED, {})

    monkeypatch.setattr(module, "fit", counted)
    return designs


def ask(table: pd.DataFrame, contrast: Contrast = INJURED, n_candidates: int = 4, numeric=()):
    counts = pd.DataFrame(1, index=["target"], columns=table.index)
    factors = SizeFactors(pd.Series(1.0, index=table.index), {}, {})
    base = BaseFit.of_contrast(counts, Normalisation(table), contrast, numeric, Thresholds(), "x")
    return set_fdr(base, contrast, factors, REAL, n_candidates)


def labels(asked) -> list[tuple[float, ...]]:
    return [tuple(design.matrix["group[T.injured]"]) for _, design, _, _ in asked]


def test_every_other_way_once_and_those_called_with_the_target_are_counted(asked):
    found = ask(sheet(4, 4))
    # 70 choices of 4 of 8; with the groups swapped a way is the same, and one is the real one.
    # Two by chance among those with p from 0.05 on, which are 0.95 of the unchanged; half of them with the target.
    assert found["mean_called"] == pytest.approx(2 / 0.95 / 2)
    assert found["fdr"] == pytest.approx(2 / 0.95 / 2 / 4)
    assert {key: found[key] for key in ("n_ways", "n_permutations", "why_not")} == {
        "n_ways": 34, "n_permutations": 34, "why_not": None,
    }  # fmt: skip
    ways = {frozenset((way, tuple(1 - np.array(way)))) for way in labels(asked)}
    assert len(ways) == 34
    assert frozenset(((0.0,) * 4 + (1.0,) * 4, (1.0,) * 4 + (0.0,) * 4)) not in ways
    counts, design, thresholds, factors = asked[0]
    assert design.matrix["Intercept"].eq(1).all()
    assert list(design.matrix.index) == list(counts.columns) == list(factors.values.index)
    assert thresholds == Thresholds()


def test_groups_that_differ_in_size_cannot_be_swapped(asked):
    # 3 of 7: 35 choices, all but the real one.
    assert ask(sheet(4, 3))["n_permutations"] == comb(7, 3) - 1 == 34
    assert len(set(labels(asked))) == 34
    assert all(sum(way) == 3 for way in labels(asked))
    assert (0.0,) * 4 + (1.0,) * 3 not in labels(asked)


def test_labels_are_exchanged_within_blocks_only(asked):
    # Six pairs: 2**6 ways, half of them the other half with the groups swapped, less the real one.
    table = sheet(6, 6, animal=[f"m{i}" for i in range(6)] * 2)
    found = ask(table, INJURED.model_copy(update={"blocking": ["animal"]}))
    assert (found["n_ways"], found["n_permutations"]) == (31, 31)
    for way in labels(asked):
        assert (np.array(way[:6]) + np.array(way[6:]) == 1).all()
    assert len(set(labels(asked))) == 31


def test_of_many_ways_fifty_different_ones_are_drawn_by_the_seed(asked, monkeypatch):
    found = ask(sheet(5, 5))
    assert (found["n_ways"], found["n_permutations"]) == (125, 50)
    first = labels(asked)
    ways = {frozenset((way, tuple(1 - np.array(way)))) for way in first}
    assert len(ways) == 50
    assert frozenset(((0.0,) * 5 + (1.0,) * 5, (1.0,) * 5 + (0.0,) * 5)) not in ways
    assert all(sum(way) == 5 for way in first)
    asked.clear()
    ask(sheet(5, 5))
    assert labels(asked) == first
    asked.clear()
    monkeypatch.setattr(module, "SEED", 2)
    ask(sheet(5, 5))
    assert labels(asked) != first


def test_blocks_of_drawn_ways_keep_their_numbers_of_labels(asked):
    table = sheet(5, 5, cage=["a", "a", "a", "b", "b", "a", "b", "b", "b", "b"])
    found = ask(table, INJURED.model_copy(update={"blocking": ["cage"]}))
    assert found["n_ways"] == comb(4, 1) * comb(6, 4) - 1
    assert found["n_permutations"] == 50
    in_a = table["cage"].eq("a").to_numpy()
    assert {(sum(np.array(way)[in_a]), sum(way)) for way in labels(asked)} == {(1, 5)}


def test_twenty_ways_are_enough_and_fewer_are_said(asked):
    assert ask(sheet(3, 3)) == {
        "n_ways": 9, "n_permutations": 0, "mean_called": None, "fdr": None,
        "why_not": "there are only 9 other ways to give out the labels, and it takes 20",
    }  # fmt: skip
    # One of 21 is the real way, of 20 there are too few.
    assert ask(sheet(19, 2))["why_not"] is None
    assert ask(sheet(5, 2))["n_permutations"] == comb(7, 2) - 1 == 20
    assert ask(sheet(3, 3, n=list("121212")), INJURED.model_copy(update={"blocking": ["n"]}))["n_ways"] == 8


@pytest.mark.parametrize(
    ("changes", "candidates", "numeric", "why_not"),
    [
        ({}, 0, [], "there are no candidates"),
        ({"design": "~ group"}, 3, [], "the labels cannot be exchanged under this design"),
        ({"blocking": ["age"]}, 3, ["age"], "the labels cannot be exchanged under this design"),
        ({"blocking": ["age"]}, 0, ["age"], "there are no candidates"),
    ],
)
def test_where_labels_cannot_be_exchanged_nothing_is_fitted(asked, changes, candidates, numeric, why_not):
    found = ask(sheet(4, 4, age=list("12341234")), INJURED.model_copy(update=changes), candidates, numeric=numeric)
    assert found == {"n_ways": 0, "n_permutations": 0, "mean_called": None, "fdr": None, "why_not": why_not}
    assert not asked


def test_the_share_of_false_ones_is_never_above_all_of_them(asked):
    assert ask(sheet(4, 4), n_candidates=1)["fdr"] == 1.0
    assert ask(sheet(4, 4), n_candidates=2)["fdr"] == pytest.approx(0.5 / 0.95)
    assert ask(sheet(4, 4), n_candidates=8)["fdr"] == pytest.approx(0.125 / 0.95)
