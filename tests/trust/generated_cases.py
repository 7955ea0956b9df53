"""All alterations of the correct study, by what sort they are."""

from collections.abc import Callable, Iterator

from generated_designs import DESIGNS, Fault
from generated_faults import Case, names, unknown_keys, wrong_types
from generated_recipients import RECIPIENTS
from generated_sheets import SHEETS
from generated_study import correct
from generated_yaml import WRITTEN

SEVERAL = {
    ("YAML", "pairs"): 2, ("sheet", "one row"): 4, ("YAML", "study twice"): 6,  # each key of the upper level
    ("YAML", "laughs as a title"): 2, ("YAML", "laughs as levels"): 2,  # and the key that they stand under
    ("recipient", "no such target"): 2,  # neither the counts nor the targets have it
    ("recipient", "sheet of the study"): 3,  # neither its samples nor its columns are those of the cells
}  # fmt: skip
"""Errors that a fault gives at several places."""


def _cases(kind: str, faults: list[Fault], recipient: bool = False) -> Iterator[Case]:
    for what, alter, words in faults:
        files = correct(recipient)
        alter(files)
        most = SEVERAL.get((kind, what), 1)
        yield Case(kind, what, files, words, most, reads_tables=True, recipient=recipient)


def designs() -> Iterator[Case]:
    yield from _cases("design", DESIGNS)


def recipients() -> Iterator[Case]:
    yield from _cases("recipient", RECIPIENTS, recipient=True)


def sheets() -> Iterator[Case]:
    yield from _cases("sheet", SHEETS)


def written() -> Iterator[Case]:
    yield from _cases("YAML", WRITTEN)


GENERATORS: dict[str, Callable[[], Iterator[Case]]] = {
    "wrong types": wrong_types, "unknown keys": unknown_keys, "names": names, "designs": designs,
    "recipients": recipients, "sheets": sheets, "YAML": written,
}  # fmt: skip
