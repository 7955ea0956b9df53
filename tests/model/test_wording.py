"""What the coefficients of a design say, and the dispersions that a fit reports."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from reference import by_our_names, factors_of, question

from factories import sheet
from mircargo.config import Comparison, Contrast, Thresholds
from mircargo.model.design.matrix import Design, contrast_design, release_design
from mircargo.model.design.wording import coefficient_words, describe
from mircargo.model.engines.deseq2 import fit
from studies import oracle

CONTRAST = Contrast(variable="condition", level="injured", reference="control")
SHEET = sheet(
    condition=["control", "injured"] * 6,
    batch="aaabbb" * 2,
    fraction=["drg"] * 6 + ["exosome"] * 6,
    age="314159265358",
    **{"date: of [run]": "xxyy" * 3},
)
CHANGES = {
    "blocking": {"blocking": ["batch", "age"]},
    "interaction": {"design": "~ batch * condition"},
    "interaction with a number": {"design": "~ age * condition"},
    "no intercept": {"design": "~ 0 + condition + batch"},
    "nested": {"design": "~ fraction + fraction:condition"},
    "a name that looks like syntax": {"design": "~ condition * `date: of [run]`"},
}


def release(subject: str, condition: list[str]) -> Design:
    table = sheet(condition=condition * 2, fraction=["drg"] * 4 + ["exosome"] * 4, subject=subject * 2)
    sides = [CONTRAST.model_copy(update={"subset": {"fraction": [name]}}) for name in ("exosome", "drg")]
    return release_design(table, Comparison(exosome="e", source="s", subject="subject"), *sides, [], "x")


DESIGNS = {
    case: partial(contrast_design, SHEET, CONTRAST.model_copy(update=changes), ["age"], "x")
    for case, changes in CHANGES.items()
} | {
    # The subjects are not nested in the groups of the first, so that the condition keeps a coefficient of its own.
    "release": partial(release, "abab", ["control", "control", "injured", "injured"]),
    "release of subjects within groups": partial(release, "abcd", ["injured", "injured", "control", "control"]),
}


@pytest.mark.parametrize("case", DESIGNS)
def test_coefficients_in_words(case, snapshot):
    design = DESIGNS[case]()
    pairs = zip(design.matrix.columns, coefficient_words(design), strict=True)
    assert "\n".join(f"{name} = {words}" for name, words in pairs) == snapshot


def test_rows_that_the_design_does_not_tell_apart():
    design = contrast_design(SHEET, CONTRAST.model_copy(update={"blocking": ["batch"]}), [], "x")
    made = describe(design)
    assert [each["name"] for each in made["coefficients"]] == list(design.matrix)
    assert made["rows"] == [
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
    words = [each["words"] for each in found.facts["design"]["coefficients"]]
    assert words == ["mean of control", "LPS against control"]
