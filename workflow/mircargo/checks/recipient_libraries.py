"""Libraries of the recipient that cannot be used: without reads, or standing in the table twice."""

from dataclasses import replace

import pandas as pd

from mircargo.checks.replicates import SENTENCES, identical_libraries
from mircargo.problems import Problem

_AMONG_OTHERS = "add a row to its sheet for each that is one"


def unusable_libraries(counts: pd.DataFrame, path: str) -> list[Problem]:
    """List libraries without a read, and those with the same count in every row.

    Parameters
    ----------
    counts
        Genes x samples of the recipient's sheet.
    path
        Their table.
    """
    empty = [str(sample) for sample in counts.columns[counts.sum(axis=0) == 0]]
    hint = "take it out of the sheet of `recipient`"
    problems = [
        Problem("no_reads", "a sample without any read", f"{path}, sample '{each}'", "0 reads", hint, samples=(each,))
        for each in empty
    ]
    hint = "leave one of them in the sheet of `recipient`, or give each its own counts"
    for samples in identical_libraries(counts):
        found = " and ".join(map(repr, samples))
        problems.append(Problem("copies_identical", SENTENCES["identical"], path, found, hint, samples=samples))
    return problems


def without_key(problem: Problem) -> Problem:
    """Take the advice of `exclude_samples`, which a recipient does not have, out of a warning of columns."""
    return replace(problem, hint=_AMONG_OTHERS) if problem.code == "sheet_lacks_sample" else problem
