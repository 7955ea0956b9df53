"""Warnings of libraries that are much shallower than the others."""

import pandas as pd
import pytest

from mircargo.checks.libraries import depth_problems


@pytest.mark.parametrize(("n_shallow", "n_warnings"), [(1, 1), (20, 20), (21, 1)])
def test_many_shallow_libraries_are_one_warning(n_shallow, n_warnings):
    # Of 100 samples most have 3 x 1,000 reads; below a fifth of that is shallow.
    depths = [199 - number for number in range(n_shallow)] + [1000] * (100 - n_shallow)
    counts = pd.DataFrame([depths] * 3, index=["a", "b", "c"], columns=[f"s{number}" for number in range(100)])
    problems = depth_problems(counts, None)
    assert [problem.severity for problem in problems] == ["warning"] * n_warnings
    if n_shallow == 21:
        (problem,) = problems
        assert problem.what == "21 libraries much shallower than the others of their fractions"
        assert problem.found == "537 to 597 reads"
        assert problem.where.startswith("samples s0, s1, s2, s3")
        assert "17 more" in problem.where
    else:
        assert {problem.found for problem in problems} == {f"{3 * depth:,} reads" for depth in depths[:n_shallow]}
