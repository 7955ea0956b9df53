"""Formulas that are refused, word for word, and the matrix of one that is not, against a multiplication by hand."""

import sys

import formulaic
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factories import as_text, problems_of
from mircargo.model.design.formula import columns_of, crossed_columns, expand, quoted

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


@pytest.mark.parametrize(
    ("formula", "crossed"),
    [
        ("~ batch + condition", set()),
        ("~ batch + condition + batch:day", {"batch", "day"}),
        ("~ (batch + condition) ^ 2 + day", {"batch", "condition"}),
        ("~ day + batch / condition", {"batch", "condition"}),
    ],
)
def test_columns_of_an_interaction(formula, crossed):
    assert crossed_columns(formula, SHEET, "x") == crossed


def test_interaction_of_a_category_and_a_number_is_their_product():
    matrix = expand("~ condition * day", SHEET, "design").matrix
    assert matrix.columns.tolist() == ["Intercept", "condition[T.y]", "day", "condition[T.y]:day"]
    assert matrix.to_numpy().tolist() == [[1, 0, 1, 0], [1, 1, 2, 2], [1, 0, 3, 0], [1, 1, 4, 4]]


COLUMNS = {
    "a": pd.Categorical(list("xyzxyzxy"), ["y", "x", "z"]),
    "b": pd.Categorical([f"{n % 2} b" for n in range(8)], ["1 b", "0 b", "not there"]),
    "one level": pd.Categorical(["l"] * 8),
    "n": [0.5, 1, 2, 3, 5, 8, 13, 21],
    "m": list(range(8)),
}
SUMMANDS = st.lists(st.sampled_from([*COLUMNS]), min_size=1, max_size=3, unique=True)


@given(st.lists(st.tuples(SUMMANDS, st.sampled_from(["*", ":"])), min_size=1, max_size=4))
@example([(["a"], "*"), (["n"], "*")])
@example([(["a", "b", "n"], "*")])
@example([(["b", "a"], "*"), (["n", "a"], ":"), (["n"], "*"), (["a", "b"], ":")])
def test_plain_formulas_are_multiplied_out_as_formulaic_does(summands):
    formula = "~ " + " + ".join(sign.join(map(quoted, columns)) for columns, sign in summands)
    data = pd.DataFrame({column: COLUMNS[column] for columns, _ in summands for column in columns})
    ours, theirs = expand(formula, data, "design"), formulaic.model_matrix(formula, data)
    assert ours.matrix.columns.tolist() == [str(name).replace("`", "") for name in theirs.columns]
    assert ours.matrix.to_numpy().tolist() == theirs.to_numpy(dtype=float).tolist()
    assert ours.rows_of(data.iloc[:2]).tolist() == ours.matrix.to_numpy()[:2].tolist()
    factors = [tuple(x.expr.strip("`") for x in term.factors if x.expr != "1") for term in formulaic.Formula(formula)]
    assert ours.terms == factors


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        *[(plain, True) for plain in ("~ a + n", "~ a * b", "~ b + a + a:b")],
        *[(other, False) for other in ("~ 0 + a", "~ a:b", "~ a / b", "~ (a + b)^2", "~ a * a", "~ a -")],
    ],
)
def test_only_plain_formulas_do_without_formulaic(formula, plain, monkeypatch):
    monkeypatch.setitem(sys.modules, "formulaic", None)
    data = pd.DataFrame({"a": COLUMNS["a"], "b": COLUMNS["b"], "n": COLUMNS["n"]})
    if plain:
        expand(formula, data, "design")
    else:
        with pytest.raises(ModuleNotFoundError):
            expand(formula, data, "design")
