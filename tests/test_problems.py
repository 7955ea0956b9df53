"""Every problem has a code: programs read codes, and nothing in the package reads the sentences."""

import ast
import pickle
import re
from collections import defaultdict
from pathlib import Path

from mircargo.problems import Problem, ProblemsFound, refusal, titles_in_line

PACKAGE = Path(__file__).parents[1] / "workflow" / "mircargo"


def calls() -> list[tuple[str, ast.Call]]:
    """Return where each problem of the package is made, and the call."""
    return [
        (f"{path.relative_to(PACKAGE)}:{node.lineno}", node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Problem", "refusal")
    ]


def test_codes_are_short_names_and_a_sentence_has_one():
    codes, of_sentence = set(), defaultdict(set)
    for where, call in calls():
        if isinstance(call.args[0], ast.Constant):
            code = call.args[0].value
            assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code), where
            assert len(code) <= 32, where
            codes.add(code)
            if isinstance(call.args[1], ast.Constant):
                of_sentence[call.args[1].value].add(code)
    assert len(codes) > 120
    assert {text: found for text, found in of_sentence.items() if len(found) > 1} == {}


def test_nothing_but_a_code_stands_where_the_code_belongs():
    # Where the code depends on what was found it is a name, a choice or a text with the kind in it; never a sentence.
    kinds = (ast.Constant, ast.Name, ast.IfExp, ast.JoinedStr)
    assert [where for where, call in calls() if not isinstance(call.args[0], kinds)] == []
    others = [where for where, call in calls() if not isinstance(call.args[0], ast.Constant)]
    assert len(others) <= 8, others


def test_a_refusal_is_one_error_and_comes_back_from_another_process():
    found = refusal("no_reads", "no reads", "sample 'a'", "0 reads", "look at it", samples=("a",))
    assert found.problems == [Problem("no_reads", "no reads", "sample 'a'", "0 reads", "look at it", "error", ("a",))]
    back = pickle.loads(pickle.dumps(found))
    assert isinstance(back, ProblemsFound)
    assert back.problems == found.problems


def test_titles_that_hold_commas_are_told_apart():
    assert titles_in_line(["inter", "wt"]) == "inter, wt"
    assert titles_in_line(["inter", "wt, SNL against sham", "ko"]) == "inter; wt, SNL against sham; ko"
    assert titles_in_line(["a, b", "c", "d"], 2) == "a, b; c; and 1 more"
