"""A call and its variants in words."""

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from mircargo.vocabulary import CHANGED

NO_CALL, UP, DOWN, NOT_TESTED = 0, 1, 2, 3
CALLS: Final = {NO_CALL: "none", UP: "up", DOWN: "down", NOT_TESTED: "not tested"}
BASE: Final = "as configured"
COPIES: Final = "libraries that are counted more than once"
"""What stands under `fragile_under` of every call where replicates are none, so that no variant shows it."""
NOT_ROBUST: Final = (
    "this call is not robust, whatever the variants say: libraries of a group are one library counted several times,"
    " or differ by no more than counting noise"
)
MOST_NAMED: Final = 3
MOST_IN_TURN: Final = 100  # samples that are left out in turn; of more, blocks are
BLOCKS: Final = 10


def broken(names: Sequence[str], calls: Sequence[str], base: str) -> list[str]:
    """Name the variants that break a call, or in which one appears.

    Parameters
    ----------
    names, calls
        Of the variants.
    base
        The call of the fit as configured.

    Returns
    -------
    list of str
        Where the base is up or down, every variant with another call; else those that call it up or down. A variant
        is named alone where it has no call, and otherwise with what it says: `poscounts (down)`.
    """
    if base in CHANGED:
        return [
            name if call == "none" else f"{name} ({call})"
            for name, call in zip(names, calls, strict=True)
            if call != base
        ]
    return [f"{name} ({call})" for name, call in zip(names, calls, strict=True) if call in CHANGED]


def clause(rows: pd.DataFrame) -> str:
    """Say in half a sentence whether the call of a feature survives.

    Parameters
    ----------
    rows
        Its rows of `robustness/{contrast}.variants.tsv`, the base among them.

    Returns
    -------
    str
        For instance `the call holds in 27 of 29 variants and is lost without sample LPS_2`; empty where no
        variant was possible.
    """
    base = str(rows.loc[rows["kind"] == "base", "call"].iloc[0])
    others = rows[rows["kind"] != "base"]
    n = len(others)
    if not n:
        return ""
    if base in CHANGED:
        same = int((others["call"] == base).sum())
        opposite = "down" if base == "up" else "up"
        lost = [
            f"{verb} {_phrases(part)}"
            for verb, part in (
                ("is lost", others[others["call"] == "none"]),
                (f"turns to {opposite}", others[others["call"] == opposite]),
                ("is not tested", others[others["call"] == "not tested"]),
            )
            if len(part)
        ]
        held = f"all {n}" if same == n else f"{same} of {n}" if same else f"none of {n}"
        alone = "" if (others["kind"] == "sample").any() else ", none of which could leave a sample out,"
        said = _in_a_row([f"the call holds in {held} variants{alone}", *lost])
        return said.removesuffix(",")
    appears = _in_a_row(
        [f"{call} {_phrases(others[others['call'] == call])}" for call in CHANGED if (others["call"] == call).any()]
    )
    would = f"it would be called {appears}" if appears else ""
    if base == "not tested":
        return would
    silent, untested = (int((others["call"] == call).sum()) for call in ("none", "not tested"))
    if silent == n:
        return f"none of {n} variants calls a change"
    parts = [
        f"in {silent} of {n} variants no change is called either",
        f"in {untested} it is not tested" if untested else "",
    ]
    return "; ".join(filter(None, [_in_a_row(filter(None, parts)), would]))


def _in_a_row(parts: Iterable[str]) -> str:
    *first, last = ["", *parts]
    return f"{', '.join(filter(None, first))} and {last}".removeprefix(" and ")


def phrase(name: str, kind: str) -> str:
    """Write a variant as it stands in a sentence: `without sample b2`, `with TMM`, `by limma-voom`."""
    if kind == "engine":
        return f"by the {name}" if "test" in name else f"by {name}"
    return name if kind == "sample" else f"with {name}"


def _phrases(rows: pd.DataFrame) -> str:
    texts = [phrase(row.variant, row.kind) for row in rows.itertuples()]
    more = [f"{len(texts) - MOST_NAMED} more"] if len(texts) > MOST_NAMED else []
    return _in_a_row([*texts[:MOST_NAMED], *more])
