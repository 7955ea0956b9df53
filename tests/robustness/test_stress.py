"""The stress test on counts with a planted truth: what rests on one sample says so, what is solid holds."""

import numpy as np
import pandas as pd
import pytest

from mircargo.benchmark.studies import simulate_study
from mircargo.config import Contrast, SizeFactorChoice, Thresholds
from mircargo.model.engines.deseq2 import fit
from mircargo.model.normalisation.choice import Normalisation
from mircargo.robustness import stress
from mircargo.robustness.base_fit import BaseFit
from mircargo.robustness.robust_calls import summarise
from mircargo.robustness.variants import variants

ONE_SAMPLE, SOLID, DOMINANT = "rests_on_b2", "solid", "dominant"
THRESHOLDS = Thresholds()
SHEET = pd.DataFrame(
    {"condition": ["control"] * 4 + ["injured"] * 4, "subject": list("klmnklmn")},
    index=["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"],
)


def planted() -> pd.DataFrame:
    generator = np.random.default_rng(5)
    means = generator.lognormal(5.5, 1.2, 150)
    counts = generator.negative_binomial(5, 5 / (5 + means[:, None]), (150, 8))
    table = pd.DataFrame(counts, index=[f"f{i}" for i in range(150)], columns=SHEET.index)
    table.loc[SOLID] = [500, 450, 550, 520, 4000, 4400, 3700, 4100]
    table.loc[DOMINANT] = [60_000, 61_000, 59_000, 60_500, 60_200, 59_400, 61_500, 60_000]
    return table


def with_many_changes() -> pd.DataFrame:
    """Sixty features change 8-fold, in both directions, so that a call takes no very small p-value."""
    table = planted()
    for i in range(60):
        table.loc[f"f{i}", [f"{'ab'[i % 2]}{animal}" for animal in (1, 2, 3, 4)]] *= 8
    # A count so large that one can see its sample, and not so large that Cook's distance takes the call away.
    table.loc[ONE_SAMPLE] = [380, 410, 400, 420, 420, 1500, 700, 520]
    return table


CONTRAST = Contrast(variable="condition", level="injured", reference="control")
DEPTH = SizeFactorChoice(method="column", column="depth")


def question(counts, blocking=(), thresholds=THRESHOLDS, sheet=SHEET, **how) -> BaseFit:
    contrast = CONTRAST.model_copy(update={"blocking": list(blocking)})
    return BaseFit.of_contrast(counts, Normalisation(sheet, **how), contrast, (), thresholds, "here")


def put_to_the_test(asked: BaseFit) -> stress.Runs:
    base = fit(asked.counts, asked.design, asked.thresholds, factors=asked.size_factors()).results
    return stress.run(base, variants(asked), asked.thresholds.alpha)


@pytest.fixture(scope="module")
def runs() -> stress.Runs:
    return put_to_the_test(question(planted()))


def test_what_was_tried_is_listed_by_name(runs):
    expected = {
        "as configured": "base",
        **{f"without sample {name}": "sample" for name in SHEET.index},
        "poscounts": "size_factors",
        "TMM": "size_factors",
        "total counts": "size_factors",
        "size factors without dominant": "dominant",
        # The totals differ by 4%, and the median of ratios by 4% the other way: just beyond their sampling error.
        "scale between typical and total": "scale",
        "at least 30 reads in total": "filter",
        "at least 100 reads in total": "filter",
        "at least 10 reads in 4 samples": "filter",
        # No error that libraries share was planted: a quarter of the stated 0.2 in log2 is the least that is taken.
        "a preparation error of 4%": "preparation",
        "limma-voom": "engine",
        "limma-voom about the mode": "engine",
    }
    # A kind that is not named here has a test of its own.
    found = zip(runs.names, runs.kinds, strict=True)
    assert [each for each in found if each[1] in expected.values()] == list(expected.items())
    assert not any(runs.why_not)


def test_a_call_that_rests_on_one_sample_names_it_and_a_solid_one_holds():
    found = summarise(put_to_the_test(question(with_many_changes()))).set_index("feature")
    assert found["call"][[ONE_SAMPLE, SOLID, DOMINANT]].tolist() == ["up", "up", "none"]
    assert found["robust"][[ONE_SAMPLE, SOLID]].tolist() == [False, True]
    broken = found["fragile_under"][ONE_SAMPLE].split("; ")
    assert [name for name in broken if name.startswith("without sample")] == ["without sample b2"]
    assert found["share_same_call"][ONE_SAMPLE] < 1
    assert found["share_same_call"][SOLID] == 1
    # Planted as 8-fold.
    assert 2.8 < found["min_log2FoldChange"][SOLID] < found["max_log2FoldChange"][SOLID] < 3.2


@pytest.mark.parametrize(
    ("blocking", "name", "left"),
    [
        ((), "without sample b2", ["a1", "a2", "a3", "a4", "b1", "b3", "b4"]),
        (("subject",), "without subject k", ["a2", "a3", "a4", "b2", "b3", "b4"]),
        (("subject",), "without subject m", ["a1", "a2", "a4", "b1", "b2", "b4"]),
    ],
)
def test_leaving_out_is_as_if_the_sheet_had_never_had_them(blocking, name, left):
    asked = question(planted(), blocking)
    variant = next(each for each in variants(asked) if each.name == name)
    sheet = SHEET.loc[left]
    alone = question(planted()[left], blocking, sheet=sheet)
    expected = fit(alone.counts, alone.design, THRESHOLDS).results
    numbers = ["log2FoldChange", "lfcSE", "padj"]
    np.testing.assert_allclose(variant.refit()[numbers], expected[numbers], rtol=1e-3, atol=1e-6)


def test_pairs_are_left_out_together():
    names = [each.name for each in variants(question(planted(), ["subject"])) if each.kind == "sample"]
    assert names == [f"without subject {name}" for name in "klmn"]


def test_what_is_not_possible_is_said():
    two = ["a1", "a2", "b1", "b3"]
    counts = planted()[two]
    counts.iloc[::2, 0] = 0
    counts.iloc[1::2, 1] = 0
    runs = put_to_the_test(question(counts, sheet=SHEET.loc[two]))
    whys = {each["name"]: each["why"] for each in stress.facts(runs)["not_possible"]}
    assert [f"without sample {name}" in whys for name in two] == [True] * 4
    assert whys["without sample a1"].endswith("1 sample of control would be left")
    # Every feature has a zero, so what is configured as `auto` is poscounts and there is no median of ratios.
    assert "no median of ratios" not in runs.names
    assert "a feature with reads in every sample" in whys["median of ratios"]


def test_size_factors_of_a_column_stay_where_the_samples_change():
    asked = question(planted(), sheet=SHEET.assign(depth=1.0), choice=DEPTH)
    kinds = {each.name: each.kind for each in variants(asked)}
    assert "size_factors" not in kinds.values(), "what says how large libraries are refutes what others assume"
    assert "dominant" not in kinds.values(), "they take no part in such size factors"
    refit = next(each for each in variants(asked) if each.name == "without sample b2").refit().set_index("feature")
    left = planted().drop(columns="b2").loc[SOLID]
    assert refit["baseMean"][SOLID] == pytest.approx(left.mean())


def test_engines_call_no_change_that_is_smaller_than_asked_for():
    asked = question(planted(), thresholds=Thresholds(min_log2_fold_change=3.5))
    engines = [each.refit().set_index("feature") for each in variants(asked) if each.kind == "engine"]
    assert len(engines) == 2
    for table in engines:
        assert not (table["padj"] < 0.05).any()


def test_a_slope_is_put_to_the_test_over_the_whole_span():
    """Doses in other units are the same question: what is shared by libraries is of what the whole range changes."""
    generator = np.random.default_rng(0)
    doses = np.repeat([0, 5, 10], 4)
    rises = np.where(np.arange(200) < 20, 0.2, 0.0)
    means = generator.lognormal(5, 1, (200, 1)) * 2 ** (rises[:, None] * doses)
    counts = pd.DataFrame(
        generator.negative_binomial(10, 10 / (10 + means)),
        index=[f"f{i}" for i in range(200)], columns=[f"s{i}" for i in range(12)],
    )  # fmt: skip
    found = []
    for unit in (1, 100):
        sheet = pd.DataFrame({"dose": doses * unit}, index=counts.columns)
        contrast = Contrast(variable="dose", level=str(10 * unit), reference="0", per_unit=True)
        runs = put_to_the_test(
            BaseFit.of_contrast(counts, Normalisation(sheet), contrast, ["dose"], THRESHOLDS, "here")
        )
        assert "a preparation error of 4%" in runs.names
        found.append(summarise(runs).set_index("feature"))
    assert found[0]["robust"].iloc[:20].eq(True).sum() >= 18
    assert found[0]["robust"].iloc[20:].eq(True).sum() <= 2
    pd.testing.assert_series_equal(found[0]["robust"], found[1]["robust"])
    assert found[0]["max_log2FoldChange"].to_numpy() == pytest.approx(
        found[1]["max_log2FoldChange"].to_numpy() * 100, rel=1e-5
    )


def falling(n: int = 4, share: float = 0.75) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three quarters of the features halve and the others make up for it: the total stays the same, the typical falls.

    `equal` is as abundant in both groups, `risen` 8-fold: by the typical feature they are up 2-fold and 16-fold.
    """
    generator = np.random.default_rng(8)
    level = generator.lognormal(6, 1, 200)
    after = np.where(np.arange(200) < 200 * share, level / 2, level)
    rest = np.arange(200) >= 200 * share
    after[rest] *= (level.sum() - after[~rest].sum()) / after[rest].sum()
    names = [*(f"f{i}" for i in range(200)), "equal", "risen"]
    control, injured = [*level, 2000, 500], [*after, 2000, 4000]
    means = np.column_stack([np.tile(control, (n, 1)).T, np.tile(injured, (n, 1)).T])
    counts = generator.negative_binomial(400, 400 / (400 + means))
    samples = [f"{group}{i}" for group in "ab" for i in range(n)]
    sheet = pd.DataFrame({"condition": ["control"] * n + ["injured"] * n}, index=samples)
    return pd.DataFrame(counts, index=names, columns=samples), sheet


def test_a_call_that_needs_the_typical_feature_to_stay_the_same_is_not_robust():
    counts, sheet = falling()
    asked = question(counts, sheet=sheet)
    assert asked.scale()["depends"]
    # By the median of ratios everything is 1 too high: the total says what was planted.
    assert asked.scale()["difference"] == pytest.approx(-1, abs=0.15)
    runs = put_to_the_test(asked)
    found = summarise(runs).set_index("feature")
    assert found["call"][["equal", "risen"]].tolist() == ["up", "up"]
    assert found["robust"][["equal", "risen"]].tolist() == [False, True]
    assert "total counts" in found["fragile_under"]["equal"]
    place = runs.names.index("scale between typical and total")
    risen = runs.features.index("risen")
    base = runs.log2_fold_change[0, risen]
    assert runs.log2_fold_change[place, risen] == pytest.approx(base + asked.scale()["difference"] / 2)


def test_where_scale_is_given_or_both_assumptions_agree_it_is_not_asked():
    counts, sheet = falling(share=0.0)
    assert "scale" not in [each.kind for each in variants(question(counts, sheet=sheet))]
    counts, sheet = falling()
    given = question(counts, sheet=sheet.assign(depth=1.0), choice=DEPTH)
    assert "scale" not in [each.kind for each in variants(given)]


def test_with_many_samples_a_robust_call_is_not_one_of_composition():
    """30% of the features rise: taken as unchanged, the middle of the ratios makes the others fall.

    With 24 samples nearly every variant agrees with the fit, as all size factors rest on the same assumption.
    """
    study = simulate_study("all_up", 12, 3, 5)
    contrast = Contrast(variable="group", level="treated", reference="control")
    asked = BaseFit.of_contrast(study.counts, Normalisation(study.sheet), contrast, (), THRESHOLDS, "here")
    found = summarise(put_to_the_test(asked)).set_index("feature")
    rises = study.truth.gt(0)[found.index]
    called = found["call"].isin(["up", "down"])
    agreed = called & (found["n_same_call"] > 0.8 * found["n_variants"])
    right = rises & found["call"].eq("up")
    assert (~right)[agreed].mean() > 0.3
    assert (~right)[found["robust"].eq(True)].mean() < 0.05
    assert (right & found["robust"].eq(True)).sum() > rises.sum() / 3, "or no call at all would do"
