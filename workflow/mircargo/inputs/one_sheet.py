"""Which sheet of a workbook holds the one table that is asked for."""

from collections.abc import Callable, Sequence

from mircargo.inputs.content import Document
from mircargo.problems import listing, refusal


def only_sheet(documents: Sequence[Document], holds: Callable[[Document], bool]) -> Document:
    """Return the only document that holds such a table; the first where none does, so that it is said what it lacks.

    Raises
    ------
    ProblemsFound
        Where several sheets do.
    """
    found = [each for each in documents if holds(each)] if len(documents) > 1 else []
    if len(found) > 1:
        what = "several sheets of this workbook hold such a table: which is meant?"
        sheets = listing(repr(each.sheet or each.name) for each in found)
        raise refusal("several_sheets", what, found[0].path, sheets, "save the one that is meant as a file of its own")
    return found[0] if found else documents[0]
