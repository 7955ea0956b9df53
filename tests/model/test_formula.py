"""Formulas that are refused, word for word, and the matrix of one that is not, against a multiplication by hand."""

import pandas as pd
import pytest

from factories import as_text, problems_of
from mircargo.model.design.formula import columns_of, expand

SHEET = pd.DataFrame(
    {"batch": pd.Categorical(list("aabb")), "condition": pd.Categorical(list("xyxy")), "day": [1.0, 2.0, 3.0, 4.0]}
)
REFUSED = {
    "no tilde": "batch + condition",
    "a function": "~ log(day)",
    "a call without a name": "~ batch + __import__('os')",
    "an open quotation mark": "~ batch + `condition",
    "a column that is none": "~ batch + conditon",
    "an operator at the end": "~ batch +",
    "two operators": "~ batch * * condition",
    "a bracket too many": "~ (batch + condition",
    "a power of many": "~ (batch + condition + day) ** 40",
    "too many crossings": "~ " + " * ".join(["(batch + condition + day)"] * 12),
    "too long": "~ batch" + " + batch" * 300,
}


@pytest.mark.parametrize("case", REFUSED)
def test_formula_is_refused_with_what_is_wrong(case, snapshot):
    def read(formula: str) -> None:
        columns_of(formula, SHEET, "contrasts.c.design")
        expand(formula, SHEET, "contrasts.c.design")

    assert as_text(problems_of(read, REFUSED[case])) == snapshot


def test_far_more_coefficients_than_samples_are_refused_before_they_are_made(snapshot):
    many = [f"l{i}" for i in range(20)]
    data = pd.DataFrame({"a": pd.Categorical(["l0", "l1"], many), "b": pd.Categorical(["l0", "l1"], many)})
    # 1 + 19 + 19 + 19 * 19 coefficients; the bound is 4 * 2 + 50.
    assert as_text(problems_of(expand, "~ a * b", data, "contrasts.c.design")) == snapshot


def test_interaction_of_a_category_and_a_number_is_their_product():
    matrix = expand("~ condition * day", SHEET, "design").matrix
    assert matrix.columns.tolist() == ["Intercept", "condition[T.y]", "day", "condition[T.y]:day"]
    assert matrix.to_numpy().tolist() == [[1, 0, 1, 0], [1, 1, 2, 2], [1, 0, 3, 0], [1, 1, 4, 4]]
