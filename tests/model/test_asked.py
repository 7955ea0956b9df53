"""What a contrast asks: where it holds, of which samples, as a difference, an interaction or a slope; by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from factories import study_of
from mircargo.cargo.target_call import Target, call_target
from mircargo.config import Config, Contrast, Interaction, SizeFactorChoice, Thresholds
from mircargo.model.design.matrix import contrast_design, release_design
from mircargo.model.engines.deseq2 import Fit, fit
from mircargo.model.normalisation.choice import Normalisation, chosen_size_factors
from mircargo.model.normalisation.size_factors import SizeFactors
from mircargo.problems import ProblemsFound
from studies import oracle, read_study

CELLS = ["wt sham", "wt snl", "ko sham", "ko snl"]
SHEET = pd.DataFrame(
    {
        "geno": [cell.split()[0] for cell in CELLS for _ in range(3)],
        "group": [cell.split()[1] for cell in CELLS for _ in range(3)],
        "batch": list("xyz") * 4,
        "age": [str(50 + i) for i in range(12)],
    },
    index=[f"s{i}" for i in range(12)],
)
# Of each feature the mean of each cell; samples vary by a fifth around it.
MEANS = {"a": [1000, 4000, 1000, 250], "b": [500, 500, 1000, 2000]}
COUNTS = pd.DataFrame(
    {name: [round(mean * x) for mean in means for x in (0.8, 1.0, 1.2)] for name, means in MEANS.items()}
    | {f"same{i}": [100 + 10 * i + 3 * ((7 * i + 5 * j) % 4) for j in range(12)] for i in range(12)},
    index=SHEET.index,
).T
ASKED = {"variable": "group", "level": "snl", "reference": "sham"}
KO = Interaction(variable="geno", level="ko", reference="wt")


def fitted(counts: pd.DataFrame = COUNTS, sheet: pd.DataFrame = SHEET, numeric=(), **asked) -> tuple[Contrast, Fit]:
    contrast = Contrast(**{**ASKED, **asked})
    design = contrast_design(sheet, contrast, numeric, "x")
    ones = SizeFactors(pd.Series(1.0, counts.columns), {"all": "column"}, {"all": 0})
    return contrast, fit(counts[list(design.matrix.index)], design, Thresholds(), factors=ones, details=True)


def sentence(contrast: Contrast, made: Fit, feature: str = "a") -> str:
    return str(call_target("c", contrast, Thresholds(), made, Target("x", feature))["sentence"])


def fold_changes(made: Fit) -> list[float]:
    return made.results.set_index("feature").loc[["a", "b"], "log2FoldChange"].tolist()


def test_with_an_interaction_in_the_model_a_difference_is_of_one_level_and_says_which():
    contrast, made = fitted(design="~ geno * group")
    # Each cell has a mean of its own, and with equal size factors it is that of its counts.
    assert fold_changes(made) == pytest.approx([np.log2(4), 0], abs=0.01)
    asked = made.facts["asked"]
    assert (asked["where"], asked["n_level"], asked["n_reference"]) == ({"geno": "wt"}, 3, 3)
    assert asked["words"] == "geno wt, snl against sham, 3 against 3 samples"
    assert asked["coefficients"] == ["group[T.snl]"]
    said = sentence(contrast, made)
    assert said.startswith("a is up 4.0-fold in geno wt, snl against sham (log2 fold change +2.00, ")
    assert ", 3 against 3 samples); the model lets it differ: in geno ko -2.00 (" in said
    assert made.facts["design"]["rows"][0]["group"] == "wt sham"


def test_the_interaction_is_asked_for_by_the_column_and_its_levels():
    contrast, made = fitted(interaction=KO)
    assert made.facts["formula"] == "~ geno * group"
    # (250 / 1000) / (4000 / 1000) and (2000 / 1000) / (500 / 500)
    assert fold_changes(made) == pytest.approx([-4, 1], abs=0.01)
    said = sentence(contrast, made)
    assert said.startswith(
        "a is down 16.0-fold in geno ko relative to geno wt, snl against sham (difference of log2 fold changes -4.00, "
    )
    assert said.endswith(", 3 against 3 samples in ko and 3 against 3 in wt).")
    assert made.facts["asked"]["coefficients"] == ["geno[T.ko]:group[T.snl]"]
    turned = fitted(interaction=Interaction(variable="geno", level="wt", reference="ko"))[1]
    assert fold_changes(turned) == pytest.approx([4, -1], abs=0.01)


def test_the_interaction_by_a_likelihood_ratio_and_what_reduced_may_not_keep():
    contrast, made = fitted(interaction=KO, reduced="~ geno + group")
    assert fold_changes(made) == pytest.approx([-4, 1], abs=0.01)
    assert " of the likelihood-ratio test against ~ geno + group, 3 against 3 samples in ko" in sentence(contrast, made)
    for changes, what in (
        ({"interaction": KO, "reduced": "~ geno * group"}, "the reduced model keeps the interaction"),
        ({"interaction": KO, "design": "~ geno + group"}, "the design has no interaction of 'geno' and 'group'"),
        ({"reduced": "~ geno", "design": "~ geno"}, "the design leaves out the contrast's variable"),
        ({"interaction": Interaction(variable="geno", level="het", reference="wt")}, "no sample has this value in col"),
    ):
        with pytest.raises(ProblemsFound) as found:
            fitted(**changes)
        assert found.value.problems[0].what.startswith(what)


def test_animals_that_hold_the_genotype_are_left_to_hold_it():
    # Each animal has both groups and one genotype, whose main effect its own coefficient already is.
    paired = SHEET.assign(animal=[f"{geno}{i % 3}" for i, geno in enumerate(SHEET["geno"])])
    _, made = fitted(sheet=paired, interaction=KO, blocking=["animal"])
    assert fold_changes(made) == pytest.approx([-4, 1], abs=0.02)
    assert "geno[T.ko]" not in made.facts["coefficients"]
    assert len(made.facts["coefficients"]) == 6 + 2


def test_the_interaction_of_fractions_is_r_s_and_the_release_s(shared):
    study, counts, sheet = read_study("microglia_ev", shared)
    own = study.contrasts["ev_lps"], study.contrasts["cell_lps"]
    release = release_design(sheet, study.comparisons["release"], *own, [], "x")
    contrast = Contrast(
        variable=own[0].variable, level=own[0].level, reference=own[0].reference,
        interaction=Interaction(variable="fraction", level="ev", reference="cell"),
    )  # fmt: skip
    design = contrast_design(sheet, contrast, [], "x")
    assert set(design.matrix.index) == set(release.matrix.index)
    table = counts.counts[list(design.matrix.index)]
    found = fit(table[table.sum(axis=1) >= 10], design, Thresholds()).results.set_index("feature")
    target = found.loc[[name.lower().startswith("mmu-mir-21a") for name in found.index]].iloc[0]
    expected = oracle(shared, "microglia_interaction_lps.deseq2_ratio")
    row = expected.loc[[name.startswith("mmu-mir-21a") for name in expected.index]].iloc[0]
    # R's independent filter has another cut-off here, so it is the p-value that is the same.
    assert row["log2FoldChange"] == pytest.approx(-1.298, abs=5e-4)
    assert target["log2FoldChange"] == pytest.approx(row["log2FoldChange"], abs=1e-6)
    assert target["pvalue"] == pytest.approx(row["pvalue"], rel=1e-6)


def test_what_is_taken_out_is_named():
    asked = fitted(blocking=["batch", "age"], numeric=["age"])[1].facts["asked"]
    assert asked["samples"] == "6 against 6 samples, within batch, adjusted for age"
    # A batch with samples of one group alone is no block.
    lopsided = SHEET.assign(batch=["x"] * 3 + ["y"] * 9)
    assert (
        fitted(sheet=lopsided, blocking=["batch"])[1].facts["asked"]["samples"].endswith("samples, adjusted for batch")
    )
    subset = fitted(subset={"geno": ["wt"]})[1].facts["asked"]
    assert subset["words"] == "wt, snl against sham, 3 against 3 samples"
    # Of what is compared, the subset says nothing more.
    levels = fitted(subset={"geno": ["wt"], "group": ["sham", "snl"]})[1].facts["asked"]
    assert levels["words"] == "wt, snl against sham, 3 against 3 samples"
    sides = fitted(subset={"geno": ["wt", "ko"]}, interaction=KO)[1].facts["asked"]
    assert sides["place"] == "geno ko relative to geno wt, snl against sham"
    numbers = fitted(design="~ group * age", numeric=["age"])[1].facts["asked"]
    assert numbers["place"] == "snl against sham at age 55.5 (the mean)"


DOSES = [0, 0, 1, 1, 2, 2, 4, 4, 8, 8]
DOSED = pd.DataFrame({"dose": list(map(str, DOSES))}, index=[f"d{i}" for i in range(10)])
# Exactly 0.25 of log2 for each unit, but for rounding; the two samples of a dose lie a tenth above and below it.
RISING = pd.DataFrame(
    {"a": [round(2000 * 2 ** (0.25 * dose) * (1.1 if i % 2 else 0.9)) for i, dose in enumerate(DOSES)]}
    | {f"same{i}": [100 + 10 * i + 3 * ((7 * i + 5 * j) % 4) for j in range(10)] for i in range(12)},
    index=DOSED.index,
).T


def dosed(level: str = "8", reference: str = "0") -> tuple[Contrast, Fit]:
    return fitted(RISING, DOSED, variable="dose", level=level, reference=reference, per_unit=True)


def test_a_number_has_a_slope_per_unit_over_all_samples():
    contrast, made = dosed()
    row = made.results.set_index("feature").loc["a"]
    assert row["log2FoldChange"] == pytest.approx(0.25, abs=0.005)
    assert made.facts["groups"] == {"samples": 10}
    said = sentence(contrast, made)
    assert said.startswith("a is up 1.19-fold with each unit of dose (log2 fold change per unit +0.25, ")
    assert said.endswith(", over 10 samples from 0 to 8).")
    one_side = fitted(RISING, DOSED.assign(side="l"), **contrast.model_dump(exclude={"subset"}), subset={"side": ["l"]})
    assert one_side[1].facts["asked"]["place"] == "l, each unit of dose"
    back, other = dosed("0", "8")
    assert other.results["log2FoldChange"].tolist() == pytest.approx((-made.results["log2FoldChange"]).tolist())
    assert "with each unit less of dose" in sentence(back, other)


def test_a_slope_is_unchanged_only_where_it_is_so_over_all_its_numbers():
    contrast, made = dosed()
    row = made.results.set_index("feature").loc["same3"]
    # Eight units: 8 slopes and 8 errors against the margin of two groups.
    slope, error = abs(row["log2FoldChange"]), row["lfcSE"]
    assert row["equivalence_pvalue"] == pytest.approx(norm.cdf((8 * slope - 0.585) / (8 * error)), rel=1e-6)
    said = sentence(contrast, made, "same3")
    assert "is unchanged with each unit of dose: shown to lie within 1.5-fold over all its numbers (" in said


def test_the_variable_under_numeric_is_a_slope():
    asked = {"variable": "dose", "level": 8, "reference": 0}
    study = study_of(numeric=["dose"], contrasts={"c": asked, "g": ASKED})
    assert (study.contrasts["c"].per_unit, study.contrasts["g"].per_unit) == (True, False)
    for changes, what in (
        ({"level": "high"}, "the variable 'dose' is a number, and `level` is 'high'"),
        ({"exosome": True}, "co-cargo is of two groups"),
        ({"interaction": {"variable": "sex", "level": "f", "reference": "m"}}, "an `interaction` is of two groups"),
    ):
        with pytest.raises(ProblemsFound, match=what):
            study_of(numeric=["dose"], contrasts={"c": asked | changes})


def test_slopes_and_fold_changes_are_not_pooled():
    contrasts = {"c": {"variable": "dose", "level": 8, "reference": 0}, "g": ASKED, "h": ASKED}
    study = study_of(numeric=["dose"], contrasts=contrasts).model_dump(exclude_defaults=True)
    config = {"studies": {"s": study, "t": study}}
    Config.model_validate(config | {"meta": {"m": {"title": "t", "contrasts": ["s.g", "t.h"]}}})
    with pytest.raises(ValueError, match="meta-analysis 'm' pools fold changes, slopes or interactions"):
        Config.model_validate(config | {"meta": {"m": {"title": "t", "contrasts": ["s.g", "t.c"]}}})


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["0", "0", "1", "high"], "column 'dose' is configured as numeric and has other values"),
        (["1", "1", "1", "1"], "a slope cannot be found in so few numbers"),
        (["0", "1", None, None], "a slope cannot be found in so few numbers"),
    ],
)
def test_numbers_that_have_no_slope(values, what):
    sheet = pd.DataFrame({"dose": values}, index=list("abcd"))
    contrast = Contrast(variable="dose", level="1", reference="0", per_unit=True)
    with pytest.raises(ProblemsFound) as found:
        contrast_design(sheet, contrast, [], "x")
    assert [problem.what for problem in found.value.problems] == [what]


def controlled(features: list[str]) -> Fit:
    sheet, contrast = SHEET.assign(column=SHEET.index), Contrast(**ASKED)
    choice = SizeFactorChoice(method="control_features", features=features)
    factors = chosen_size_factors(COUNTS, Normalisation(sheet, choice))
    return fit(COUNTS, contrast_design(sheet, contrast, [], "x"), Thresholds(), factors=factors, details=True)


@pytest.mark.parametrize("others", [[], ["same1"]])
def test_a_feature_that_size_factors_rest_on_alone_or_with_one_other_is_not_tested(others):
    made = controlled(["a", *others])
    results = made.results.set_index("feature")
    assert results.loc[["a", *others], "status"].unique().tolist() == ["control_feature"]
    untold = ["log2FoldChange", "lfcSE", "ci_low", "pvalue", "padj", "equivalence_pvalue", "call"]
    assert results.loc[["a", *others], untold].isna().all(axis=None)
    assert (results.loc[["a", *others], "baseMean"] > 0).all()
    assert (results["control_feature"] == results.index.isin(["a", *others])).all()
    assert results.drop(["a", *others])["padj"].notna().any()
    assert made.facts["size_factors_rest_on"] == ["a", *others]
    row = call_target("c", Contrast(**ASKED), Thresholds(), made, Target("x", "a"))
    assert (row["call"], row["log2FoldChange"]) == ("not_tested", None)
    assert (
        "the size factors rest on it, alone or with one other, so that its own change is divided out" in row["sentence"]
    )


def test_one_of_several_control_features_is_tested_with_a_caution_and_never_unchanged():
    made = controlled(["a", "same1", "same2", "same3"])
    results = made.results.set_index("feature")
    assert set(results["status"]) == {"tested"}
    assert results.loc[["same1", "same2"], "equivalence_pvalue"].isna().all()
    assert results.loc["same5", "equivalence_pvalue"] < 0.05

    def said(feature: str) -> dict:
        return call_target("c", Contrast(**ASKED), Thresholds(), made, Target("x", feature))

    assert (said("same5")["call"], said("same1")["call"]) == ("unchanged", "inconclusive")
    assert "that there is none is what the size factors assume" in said("same1")["sentence"]
    loud = made.results.assign(padj=0.001, log2FoldChange=3.0, lfcSE=0.1, ci_low=2.8, ci_high=3.2)
    row = call_target("c", Contrast(**ASKED), Thresholds(), Fit(loud, made.facts), Target("x", "same1"))
    assert row["sentence"].endswith("features that size factors rest on, so part of its change may be divided out.")


def test_a_median_of_ratios_over_two_features_is_of_these_two():
    # All but two have a zero somewhere: the size factors show what these two do.
    sparse = COUNTS.copy()
    for place, name in enumerate(sparse.index[2:]):
        sparse.loc[name, sparse.columns[place % 12]] = 0
    made = fit(sparse, contrast_design(SHEET, Contrast(**ASKED), [], "x"), Thresholds(), details=True)
    assert made.facts["size_factor_methods"] == {"all": "ratio"}
    assert made.facts["size_factors_rest_on"] == ["a", "b"]
    assert made.results.set_index("feature").loc[["a", "b"], "status"].tolist() == ["control_feature"] * 2
