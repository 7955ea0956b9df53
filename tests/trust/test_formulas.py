"""A formula is data: nothing in it, and nothing in the name of a column, is ever run."""

import pandas as pd
import pytest

from mircargo.config import Contrast
from mircargo.model.design.matrix import contrast_design
from mircargo.problems import ProblemsFound

GROUPS = ["zero"] * 3 + ["any"] * 3
CODE = "open('pwned', 'w')"


def design(formula=None, blocking=(), **columns):
    sheet = pd.DataFrame({"group": GROUPS, **columns}, index=[f"s{i}" for i in range(6)])
    contrast = Contrast(variable="group", level="any", reference="zero", design=formula, blocking=list(blocking))
    return contrast_design(sheet, contrast, [], "x")


@pytest.mark.parametrize(
    "formula",
    [
        *(f"~ group + {text}" for text in (CODE, f"{{{CODE}}}", f"`{CODE}`", f"I({CODE})", "C(b)", "Q('b')", "np")),
        *("~ group +", "~ group b", "~ (group", "~ ~ group", "~ group ** b", "~ group + 3", "~" + "(" * 1990),
        *("~ group + (b + c)^999999999", "~ group - group", "~ group + '" + "b'"),
    ],
)
def test_what_is_no_formula_is_refused_at_once(formula, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProblemsFound):
        design(formula, b=list("aabbab"), c=list("abbbab"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("column", [CODE, f"{{{CODE}}}", "C(group)", "1", "0", "a\\", "$(touch pwned)", "age (weeks)"])
def test_a_column_is_looked_up_by_whatever_name_it_has(column, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = design(blocking=[column], **{column: list("aabbab")})
    assert list(found.matrix.columns) == ["Intercept", f"{column}[T.b]", "group[T.any]"]
    assert found.matrix.to_numpy()[:, 1].tolist() == [0, 0, 1, 1, 0, 1]
    assert found.contrast.tolist() == [0, 0, 1]
    assert list(tmp_path.iterdir()) == []
