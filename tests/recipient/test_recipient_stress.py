"""The shifts of families in the re-analyses of the recipient's genes: which count, and with which samples."""

import numpy as np
import pandas as pd
import pytest

from mircargo.analysis import Question, StudyData
from mircargo.analysis.recipient_question import RecipientQuestion
from mircargo.analysis.recipient_stress import add_what_holds, shifts_of_re_analyses
from mircargo.config import Contrast, Thresholds
from mircargo.recipient.de_repression import family_shifts
from mircargo.recipient.sentence import holding_sentence
from mircargo.simulate.recipient import TARGET, RecipientSetting, simulate_recipient

CONTRAST = Contrast(variable="given", level="exosomes", reference="control")


def ask(study):
    question = Question(StudyData(study.counts, study.sheet), "recipient", CONTRAST, Thresholds())
    fitted = question.fit()
    return RecipientQuestion(fitted, study.sites, study.genes, question), question.stress(fitted.results)


@pytest.fixture(scope="module")
def study():
    return simulate_recipient(RecipientSetting(per_group=4, shift=-0.3, n_genes=3000, n_families=12), 5)


@pytest.fixture(scope="module")
def asked(study):
    return ask(study)


@pytest.fixture(scope="module")
def shifts(asked):
    return shifts_of_re_analyses(asked[0], asked[1].variants, 0.05)


def test_other_size_factors_and_errors_of_preparation_do_not_count_as_they_cannot_change_a_shift(asked, shifts):
    kinds = set(asked[1].variants["kind"])
    assert {"size_factors", "preparation"} <= kinds
    assert set(shifts["kind"]) == {"sample", "filter", "engine"}
    assert shifts.loc[shifts["kind"] == "sample", "variant"].nunique() == 8
    assert shifts.loc[shifts["kind"] == "engine", "variant"].unique().tolist() == ["limma-voom"]
    assert (shifts.groupby("variant").size() == 12).all()


def test_they_are_the_same_on_two_cores(asked, shifts):
    pd.testing.assert_frame_equal(shifts_of_re_analyses(asked[0], asked[1].variants, 0.05, threads=2), shifts, rtol=0)


def test_a_planted_shift_is_there_in_each_of_them(shifts):
    own = shifts[shifts["family"] == TARGET]
    assert own["shift"].between(-0.42, -0.18).all()
    assert (own["pvalue"] < 0.05).all()


def test_without_a_sample_is_what_a_study_that_never_had_it_says(shifts, study):
    sample = study.counts.columns[1]
    counts, sheet = study.counts.drop(columns=sample), study.sheet.drop(index=sample)
    smaller = ask(type(study)(counts, sheet, study.sites, study.genes, study.planted))[0]
    alone = family_shifts(smaller.comparison, 0.05).table.set_index("family")
    given = shifts[shifts["variant"] == f"without sample {sample}"].set_index("family")
    # Their genes are matched by a mean expression with the sample, or without.
    assert (given["shift"] - alone["shift"]).abs().max() < 0.02
    assert np.log(given["pvalue"] / alone["pvalue"]).abs().median() < 0.5
    whole = shifts[shifts["kind"] == "engine"].set_index("family")
    assert (given["shift"] - whole["shift"]).abs().max() > 0.02


def test_a_shift_that_one_sample_makes_does_not_hold_without_it(study):
    """The targets of another family are halved in a single sample of those given exosomes."""
    counts, sample = study.counts.copy(), study.counts.columns[-1]
    targets = study.sites.query("family == 'family3'")["gene"].unique()
    counts.loc[counts.index.isin(targets), sample] //= 8
    asked, stressed = ask(type(study)(counts, study.sheet, study.sites, study.genes, study.planted))
    shifts = shifts_of_re_analyses(asked, stressed.variants, 0.05).query("family == 'family3'").set_index("variant")
    without = shifts.loc[f"without sample {sample}"]
    others = shifts[(shifts["kind"] == "sample") & (shifts.index != without.name)]
    assert abs(without["shift"]) < 0.1
    assert (others["shift"] < -0.3).all()


def test_what_holds_is_counted_and_the_others_are_named():
    families = pd.DataFrame({"family": ["a", "b", "c"], "shift": [-0.2, 0.1, np.nan]})
    names = ["without sample s1", "without sample s2", "limma-voom"]
    rows = {"variant": names * 2, "kind": "sample", "family": ["a"] * 3 + ["b"] * 3, "call": "none"}
    rows |= {"shift": [-0.2, 0.2, -0.1, 0.1, 0.1, 0.1], "pvalue": [0.01, 0.01, 0.2, 0.01, 0.04, 0.049]}
    found = add_what_holds(families, pd.DataFrame(rows), 0.05).set_index("family")
    assert found["n_same_call"].tolist() == [1, 3, 0]
    assert found["n_variants"].tolist() == [3, 3, 3]
    assert found.loc["a", "fragile_under"] == "without sample s2; limma-voom"
    assert found.loc["b":, "fragile_under"].isna().all()
    assert holding_sentence(found.loc["a"]) == (
        " It holds in 1 of 3 re-analyses, not in: without sample s2, limma-voom."
    )
    assert holding_sentence(found.loc["b"]) == " It holds in all 3 re-analyses."


def test_of_results_that_were_given_there_is_no_re_analysis(asked):
    given = RecipientQuestion(asked[0].fitted, asked[0].sites, asked[0].genes)
    shifts = shifts_of_re_analyses(given, asked[1].variants, 0.05)
    assert shifts.empty
    families = add_what_holds(pd.DataFrame({"family": ["a"], "shift": [-0.2]}), shifts, 0.05)
    assert families["n_variants"].tolist() == [0]
    assert holding_sentence(families.iloc[0]) == ""
