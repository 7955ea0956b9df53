"""What the coefficients of a design say, written down by hand, and the dispersions that a fit tells of."""

import numpy as np
import pandas as pd
from reference import by_our_names, factors_of, question

from mircargo.config import Comparison, Contrast, Thresholds
from mircargo.model.design.matrix import Design, contrast_design, release_design
from mircargo.model.design.wording import coefficient_words, describe
from mircargo.model.engines.deseq2 import fit
from studies import oracle

CONTRAST = Contrast(variable="condition", level="injured", reference="control")
SHEET = pd.DataFrame(
    {
        "condition": ["control", "injured"] * 6,
        "batch": list("aaabbb") * 2,
        "fraction": ["drg"] * 6 + ["exosome"] * 6,
        "age": list("314159265358"),
        "date: of [run]": list("xxyy") * 3,
    },
    index=[f"s{i}" for i in range(12)],
)


def words(**changes) -> dict[str, str]:
    design = contrast_design(SHEET, CONTRAST.model_copy(update=changes), ["age"], "x")
    return dict(zip(design.matrix.columns, coefficient_words(design), strict=True))


def test_blocking():
    assert words(blocking=["batch", "age"]) == {
        "Intercept": "mean of control in batch a at age 0",
        "batch[T.b]": "batch b against a",
        "age": "each unit of age",
        "condition[T.injured]": "injured against control",
    }


def test_with_an_interaction_a_difference_holds_at_the_reference_of_the_other():
    assert words(design="~ batch * condition") == {
        "Intercept": "mean of control in batch a",
        "batch[T.b]": "batch b against a in control",
        "condition[T.injured]": "injured against control in batch a",
        "batch[T.b]:condition[T.injured]": "how injured against control differs in batch b from a",
    }
    assert words(design="~ age * condition")["age:condition[T.injured]"] == (
        "how injured against control differs with each unit of age"
    )


def test_levels_that_stand_for_themselves():
    assert words(design="~ 0 + condition + batch") == {
        "condition[control]": "mean of control in batch a",
        "condition[injured]": "mean of injured in batch a",
        "batch[T.b]": "batch b against a",
    }
    found = words(design="~ fraction + fraction:condition")
    assert found["fraction[exosome]:condition[T.injured]"] == "injured against control in fraction exosome"


def test_names_that_look_like_syntax():
    found = words(design="~ condition * `date: of [run]`")
    assert found["condition[T.injured]:date: of [run][T.y]"] == (
        "how injured against control differs in date: of [run] y from x"
    )


def release(subject: list[str], condition: list[str]) -> Design:
    sheet = pd.DataFrame(
        {"condition": condition * 2, "fraction": ["drg"] * 4 + ["exosome"] * 4, "subject": subject * 2},
        index=[f"s{i}" for i in range(8)],
    )
    sides = [CONTRAST.model_copy(update={"subset": {"fraction": [name]}}) for name in ("exosome", "drg")]
    return release_design(sheet, Comparison(exosome="e", source="s", subject="subject"), *sides, [], "x")


def test_release():
    found = release(list("abab"), ["control", "control", "injured", "injured"])
    # The subjects are not nested in the groups here, so that the condition keeps a coefficient of its own.
    assert dict(zip(found.matrix.columns, coefficient_words(found), strict=True)) == {
        "Intercept": "mean of control in drg, subject a",
        "subject[T.b]": "subject b against a",
        "fraction[T.exosome]": "exosome against drg in control",
        "condition[T.injured]": "injured against control in drg",
        "fraction[T.exosome]:condition[T.injured]": "how injured against control differs in exosome from drg",
    }


def test_the_intercept_of_paired_samples_is_the_mean_of_the_first_subject_whatever_its_group():
    found = release(list("abcd"), ["injured", "injured", "control", "control"])
    assert "condition[T.injured]" not in found.matrix
    assert coefficient_words(found)[0] == "mean of injured in drg, subject a"


def test_rows_that_the_design_does_not_tell_apart():
    design = contrast_design(SHEET, CONTRAST.model_copy(update={"blocking": ["batch"]}), [], "x")
    assert describe(design)["rows"] == [
        {"values": [1, 0, 0], "samples": ["s0", "s2", "s6", "s8"], "group": "control"},
        {"values": [1, 0, 1], "samples": ["s1", "s7"], "group": "injured"},
        {"values": [1, 1, 1], "samples": ["s3", "s5", "s9", "s11"], "group": "injured"},
        {"values": [1, 1, 0], "samples": ["s4", "s10"], "group": "control"},
    ]


def test_a_design_made_by_hand_has_names_for_words():
    matrix = pd.DataFrame({"one": [1.0, 1.0, 1.0], "dose": [0.0, 1.0, 2.0]}, index=list("abc"))
    found = describe(Design(matrix, np.array([0.0, 1.0]), "~ dose", {}))
    assert [each["words"] for each in found["coefficients"]] == ["one", "dose"]
    assert [each["samples"] for each in found["rows"]] == [["a"], ["b"], ["c"]]


def test_dispersions_of_the_table_are_r_s(shared):
    counts, design, _ = question(shared, "microglia_cells_lps")
    factors = factors_of(shared, "microglia_cells_lps")
    found = fit(counts, design, Thresholds(min_total_count=0), factors=factors, details=True)
    table = by_our_names(found.results.set_index("feature"))
    expected = by_our_names(oracle(shared, "microglia_cells_lps.dispersions")).loc[table.index]
    for ours, r in (
        ("dispersion_gene_wise", "dispGeneEst"), ("dispersion_trend", "dispFit"), ("dispersion", "dispersion")
    ):  # fmt: skip
        # R ends its search for a dispersion of next to none at another tiny number.
        np.testing.assert_allclose(table[ours], expected[r], rtol=1e-6, atol=1e-7)
    assert [each["words"] for each in found.facts["design"]["coefficients"]] == [
        "mean of control",
        "LPS against control",
    ]
