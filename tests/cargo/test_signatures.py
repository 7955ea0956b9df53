"""Blood and depth that go with the groups: numbers by hand, least squares by statsmodels, and planted studies."""

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from factories import fitted, groups, stressed
from mircargo.benchmark.paired import SETTINGS, simulate_paired
from mircargo.cargo.co_cargo import Evidence, Libraries, find_co_cargo
from mircargo.cargo.signatures import ADDED_READS, signatures
from mircargo.config import Thresholds
from mircargo.features.describe import describe_features
from mircargo.features.mirbase import load_mature
from mircargo.model.normalisation.size_factors import size_factors

GROUPS = groups()
MOUSE = load_mature().query("species == 'mmu'").drop_duplicates("name").set_index("name")["accession"]
NAMES = ["mmu-miR-21a-5p", "mmu-miR-451a", "mmu-miR-16-5p", "mmu-miR-124-3p", "mmu-miR-9-5p", "mmu-miR-155-5p"]
# Red blood cells of each sample: log2, four times as many in the injured, with animals of each group apart.
CELLS = np.array([0.0, 0.4, -0.4, 0.1, 2.0, 2.4, 1.6, 2.1])
INJURED = (GROUPS == "injured").to_numpy(dtype=float)


def counts(own: float = 0.1, markers: tuple[float, ...] = (1.0, 1.0)) -> pd.DataFrame:
    """Of three that are no markers the first rises with the cells alone, the second by injury alone, the third not."""
    random = np.random.Generator(np.random.PCG64(4))
    log2 = np.stack(
        [2.0 * INJURED, *(load * CELLS for load in markers), CELLS, 2.5 * INJURED, 0.0 * INJURED]
    ) + random.normal(0.0, own, (6, 8))
    table = pd.DataFrame(np.rint(2 ** (10 + log2)).astype(int), index=NAMES, columns=GROUPS.index)
    # They hold nearly all reads, so that depth does not follow the six.
    others = np.rint(2 ** (14 + random.normal(0.0, own, (30, 8)))).astype(int)
    return pd.concat([table, pd.DataFrame(others, index=[f"other{i}" for i in range(30)], columns=GROUPS.index)])


def look(table: pd.DataFrame, samples: pd.Series = GROUPS, target: str | None = NAMES[0]):
    factors = (table.iloc[-30:].sum() / table.iloc[-30:].sum().mean()).to_dict()
    return signatures(table, factors, samples, MOUSE.reindex(table.index), target, 0.05)


def test_features_whose_change_is_that_of_blood_are_told_from_those_that_change_beside_it():
    # These two rise and fall with the groups; beside the cells the first falls as well, and the second still.
    turned = pd.DataFrame([2 ** (10 + 1.5 * CELLS - 2 * INJURED), 2 ** (10 - 2.5 * INJURED)], ["turned", "falls"])
    [blood] = look(pd.concat([turned.set_axis(GROUPS.index, axis=1).round().astype(int), counts()]))
    assert blood.caution.source == "plasma_haemolysis"
    # The means of CELLS are 0.025 and 2.025: 2 in log2, and 0.1 of noise in eight counts.
    fold = re.search(r"miR-451a and miR-16-5p differ (\d\.\d)-fold between injured and control", blood.caution.text)
    assert float(fold[1]) == pytest.approx(4.0, abs=0.4)
    assert set(NAMES[1:4]) <= set(blood.features)
    assert not {"mmu-miR-9-5p", "mmu-miR-21a-5p", "falls"} & set(blood.features)
    assert "turned" in blood.features


@pytest.mark.parametrize(
    "table",
    [
        counts(markers=(0.0, 0.0)),
        counts(markers=(0.4, 0.4)),  # 0.8 in log2, less than 2-fold
        counts(markers=(2.5, -0.5)),  # the one rises and the other falls
        counts().drop(index="mmu-miR-451a"),
        counts(own=3.0),
    ],
)
def test_no_blood_where_the_markers_do_not_go_with_the_groups_together(table):
    assert look(table) == []


def test_the_target_is_no_marker():
    assert look(counts(), target="mmu-miR-16-5p") == []
    # A target that was not fitted is none of the markers.
    assert len(look(counts(), target="mmu-miR-1a-3p")) == 1


def test_blood_in_the_model_is_ordinary_least_squares_where_variances_are_not_alike():
    """With three groups and variances that differ by far more than chance, moderation hardly moves the F-test."""
    random = np.random.Generator(np.random.PCG64(8))
    three = pd.Series(np.repeat(["a", "b", "c"], 12), index=[f"s{i}" for i in range(36)])
    cells = np.repeat([0.0, 1.5, 3.0], 12) + random.normal(0.0, 0.7, 36)
    spread = np.exp(random.normal(0.0, 3.0, 60))[:, None] * 0.1
    change = np.outer(random.normal(size=60), np.repeat([0.0, 1.0, 2.0], 12)) * spread * 2.0
    log2 = np.vstack([cells, cells, change + spread * random.normal(size=(60, 36)), 8.0 + np.zeros((30, 36))])
    table = pd.DataFrame(2 ** (12 + log2), index=[*NAMES[1:3], *map(str, range(90))], columns=three.index)
    blood = look(table, three, None)[0]
    assert "-fold between c and a," in blood.caution.text
    values = np.log2(table + ADDED_READS)
    score = values.iloc[:2].mean()
    beside = sm.add_constant(np.column_stack([score, three == "b", three == "c"]).astype(float))
    p_values = np.array(
        [sm.OLS(values.iloc[i].to_numpy(), beside).fit().f_test(np.eye(4)[2:]).pvalue for i in range(2, 62)]
    )
    adjusted = sm.stats.multipletests(np.r_[np.ones(32), p_values], method="fdr_bh")[1][32:]
    clear = (adjusted < 0.02) | (adjusted > 0.1)
    kept = ~table.index[2:62].isin(blood.features)
    assert (kept == (adjusted < 0.05))[clear].all()
    assert 10 < kept.sum() < 50


def test_few_reads_where_libraries_of_a_group_are_shallow():
    table = counts(markers=(0.0, 0.0))
    assert look(table) == []
    shallow = table.copy()
    shallow.loc[:, INJURED == 0] //= 4
    shallow.loc["mmu-miR-155-5p"] = [3, 3, 3, 3, 90, 80, 70, 60]
    shallow.loc["mmu-miR-9-5p"] = [3, 3, 3, 2, 90, 80, 70, 60]
    [depth] = look(shallow)
    assert list(depth.features) == ["mmu-miR-9-5p"]
    assert "between injured and control, and control has fewer than 3 reads of it in a library" in depth.caution.text


def test_no_depth_where_libraries_of_both_groups_are_shallow():
    table = counts(markers=(0.0, 0.0))
    table.iloc[:, ::2] //= 8
    assert look(table) == []


def test_a_change_that_blood_may_have_made_is_never_strong_and_says_so():
    table = counts()
    # All of them rise; of miR-155 nothing is in the groups but the call that is made up here.
    mature = load_mature().rename(columns={"name": "feature"}).assign(biotype="miRNA")
    known = describe_features(table.index, mature[mature["feature"].isin(NAMES)])
    libraries = Libraries(table, known, dict.fromkeys(GROUPS.index, 1.0), GROUPS)
    evidence, rising = Evidence(None, stressed(table.index)), fitted(table.index, 2.0)
    found = find_co_cargo("ev", rising, libraries, NAMES[0], Thresholds(), evidence).set_index("feature")
    assert found.loc[NAMES[1:5], "tier"].tolist() == ["supported"] * 3 + ["strong"]
    said = found["cautions"].fillna("").str.contains("red blood cells may have changed it")
    assert said[NAMES[1:5]].tolist() == [True] * 3 + [False]
    # A target that rises with blood is no marker of it, and one marker is too few.
    other = find_co_cargo("ev", rising, libraries, NAMES[2], Thresholds(), evidence)
    assert not other["cautions"].fillna("").str.contains("red blood cells").any()


@pytest.mark.parametrize(
    ("setting", "blood", "depth"), [("plain", 0, 0), ("null", 0, 0), ("blood", 10, 0), ("deeper", 0, 10)]
)
def test_signatures_are_seen_where_they_are_planted_and_not_elsewhere(setting, blood, depth):
    seen = {"red blood cells": 0, "depth": 0}
    for seed in range(10):
        study = simulate_paired(load_mature(), SETTINGS[setting], 6, seed)
        condition = study.samples.query("fraction == 'exosome'")["condition"]
        table = study.counts[condition.index]
        table = table[table.sum(axis=1) >= 10]
        factors, accessions = size_factors(table).values, MOUSE.reindex(table.index)
        found = signatures(table, factors, condition, accessions, "mmu-miR-21a-5p", 0.05)
        for what in seen:
            seen[what] += any(what in each.caution.text for each in found)
    assert abs(seen["red blood cells"] - blood) <= 2
    assert abs(seen["depth"] - depth) <= 2
