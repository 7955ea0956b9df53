"""The next experiment of a study: what is listed, what it rests on, and where nothing can be said."""

import numpy as np
import pandas as pd
import pytest

from mircargo.analysis import Question, StudyData
from mircargo.analysis.next_experiment import Plan
from mircargo.benchmark.independent import independent_study
from mircargo.benchmark.studies import CONTRAST
from mircargo.config import Contrast, NextExperiment, Thresholds
from mircargo.recipient.basis import basis_of_contrast
from mircargo.recipient.next_experiment import Design, powers_at
from mircargo.recipient.next_experiment import tests_in as limits_in
from mircargo.results.contract import NEXT_EXPERIMENT, NEXT_EXPERIMENT_OPEN, NEXT_EXPERIMENT_POWER

EXPERIMENTS = NextExperiment(animals=[3, 6, 12, 24], depths=[1, 10])


@pytest.fixture(scope="module")
def study():
    made = independent_study("tissue", 4, 1, 3)
    question = Question(StudyData(made.counts, made.sheet), "asked", CONTRAST, Thresholds())
    fitted = question.fit()
    stressed = question.stress(fitted.results)
    return question, fitted, (stressed.facts, stressed.variants)


@pytest.fixture(scope="module")
def plan(study):
    question, fitted, stressed = study
    made = Plan(question.data, {"asked": CONTRAST}, {}, question.thresholds, EXPERIMENTS)
    table = fitted.results.set_index("feature")
    open_ones = table.index[(table["call"] == "none") & (table["equivalence_pvalue"] > 0.05)]
    closed = table.index[(table["call"] == "none") & (table["equivalence_pvalue"] < 0.05)]
    deep = table["baseMean"].where(table["status"] == "tested").nlargest(3).index.tolist()
    shallow = table["baseMean"].where(table["status"] == "tested").nsmallest(1).index[0]
    made.add_contrast("asked", fitted, stressed, deep[0], [*deep[1:], shallow], [open_ones[0], closed[0]])
    return made, deep, shallow, open_ones[0], closed[0]


def test_tables_have_their_columns_and_every_experiment(plan):
    made, deep, shallow, *_ = plan
    powers, needed = made.powers(), made.needed()
    assert list(powers) == list(NEXT_EXPERIMENT_POWER.columns)
    assert list(needed) == list(NEXT_EXPERIMENT.columns)
    assert len(powers) == 4 * 2 * 3 * 2 * 4  # features, calls, changes, depths, animals
    assert len(needed) == 4 * 2 * 3 * 2
    assert needed["feature"].drop_duplicates().tolist() == [*deep, shallow]
    assert powers["power"].between(0, 1).all()


def test_power_rises_with_animals_and_change_and_depth_matters_where_reads_are_few(plan):
    made, deep, shallow, *_ = plan
    powers = made.powers()
    for _, own in powers.groupby(["feature", "call_kind", "fold_change", "depth"]):
        assert (own["power"].diff().dropna() > -1e-9).all()
    for _, own in powers.groupby(["feature", "call_kind", "animals", "depth"]):
        assert (own.sort_values("fold_change")["power"].diff().dropna() > -1e-9).all()
    at = powers[(powers["call_kind"] == "wald") & (powers["fold_change"] == 4) & (powers["animals"] == 12)]
    gained = at.pivot_table(index="feature", columns="depth", values="power")
    assert gained.loc[shallow, 10.0] > gained.loc[shallow, 1.0] + 0.05
    assert (gained.loc[deep, 10.0] - gained.loc[deep, 1.0]).abs().max() < 0.02


def test_animals_needed_are_the_fewest_that_reach_the_power(plan):
    made, *_ = plan
    keys = ["feature", "call_kind", "fold_change", "depth"]
    powers, needed = made.powers(), made.needed().set_index(keys)["animals_needed"]
    for key, own in powers.groupby(keys):
        enough = own.loc[own["power"] >= 0.8, "animals"]
        assert (pd.isna(needed[key]) and enough.empty) or needed[key] == enough.min()
    assert needed.isna().any()
    assert needed.notna().any()


def test_only_inconclusive_features_are_to_be_settled(plan):
    made, *_, open_one, closed = plan
    table = made.inconclusive()
    assert list(table) == list(NEXT_EXPERIMENT_OPEN.columns)
    assert open_one in set(table["feature"])
    assert closed not in set(table["feature"])
    row = table.set_index("feature").loc[open_one]
    n = "more than 24" if pd.isna(row["animals_to_settle"]) else row["animals_to_settle"]
    assert row["sentence"].startswith(f"{open_one} is inconclusive with 4 animals per group: {n} animals per group (")


def test_cut_off_rises_with_calls_and_never_beyond_alpha(study):
    question, fitted, stressed = study
    basis = basis_of_contrast(question.base, fitted, *stressed)
    n_tested = int(fitted.results["padj"].notna().sum())
    called = int((fitted.results["padj"] < 0.05).sum())
    now, _ = limits_in(basis, Design(4.0))
    assert now.cutoff == pytest.approx(0.05 * called / n_tested)
    cutoffs = [limits_in(basis, Design(n))[0].cutoff for n in (3, 4, 8, 24, 1000)]
    assert np.all(np.diff(cutoffs) > 0)
    assert cutoffs[-1] <= 0.05
    present = powers_at(basis, [basis.known.index[0]], [2.0], Design(4.0))
    assert present["call_kind"].tolist() == ["wald", "robust"]
    assert present["power"].iloc[1] <= present["power"].iloc[0]


def test_slopes_and_features_that_were_not_fitted_are_said(study):
    question, fitted, stressed = study
    slope = Contrast(variable="dose", level="1", reference="0", per_unit=True)
    made = Plan(question.data, {"dose": slope, "asked": CONTRAST}, {}, question.thresholds, EXPERIMENTS)
    made.add_contrast("dose", fitted, stressed, "feature_001", [], [])
    made.add_contrast("asked", fitted, stressed, "nowhere", [], [])
    table = made.inconclusive()
    assert table["sentence"].tolist() == [
        "The power of a slope is not worked out: animals per group are of two groups.",
        "nowhere was not fitted here, so this study does not tell its power.",
    ]
    assert made.powers().empty
    assert list(made.needed()) == list(NEXT_EXPERIMENT.columns)


def test_no_robust_call_of_two_animals(study):
    question, fitted, stressed = study
    basis = basis_of_contrast(question.base, fitted, *stressed)
    powers = powers_at(basis, [basis.known.index[0]], [64.0], Design(2.0)).set_index("call_kind")["power"]
    assert powers["wald"] > 0.5
    assert powers["robust"] == 0
