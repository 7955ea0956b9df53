"""A call and its re-analyses in words."""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from mircargo.robustness.kinds import KINDS
from mircargo.vocabulary import CHANGED

NO_CALL, UP, DOWN, NOT_TESTED = 0, 1, 2, 3
CALLS: Final = {NO_CALL: "none", UP: "up", DOWN: "down", NOT_TESTED: "not tested"}
BASE: Final = "as configured"
COPIES: Final = "libraries that are counted more than once"
"""What `fragile_under` of every call begins with where replicates are none: no variant shows it."""
NOT_ROBUST: Final = (
    "this call is not robust, whatever the variants say: libraries of a group are one library counted several times,"
    " or differ by no more than counting noise"
)
MOST_NAMED: Final = 3


def broken_by(names: Iterable[str], calls: Iterable[str], base: str, copies: bool = False) -> list[str]:
    """Name what breaks the call of the fit as configured, or the variants in which one appears.

    Where the base is up or down, every variant with another call; else those that call it up or down. A variant is
    named alone where it has no call, and otherwise with its call: `poscounts (down)`. `copies`, libraries that are
    counted more than once, come first and break every call.
    """
    others = zip(names, calls, strict=True)
    if base not in CHANGED:
        return [f"{name} ({call})" for name, call in others if call in CHANGED]
    broken = [name if call == "none" else f"{name} ({call})" for name, call in others if call != base]
    return [COPIES, *broken] if copies else broken


def clause(rows: pd.DataFrame, word: str = "variants") -> str:
    """Say in half a sentence whether the call of a feature survives; empty where no variant was possible.

    Parameters
    ----------
    rows
        Its rows of `robustness/{contrast}.variants.tsv`, the base among them.
    word
        What the fits are called.
    """
    base = str(rows.loc[rows["kind"] == "base", "call"].iloc[0])
    others = rows[rows["kind"] != "base"]
    n = len(others)
    if not n:
        return ""
    if base in CHANGED:
        same = int((others["call"] == base).sum())
        opposite = "down" if base == "up" else "up"
        fates = {"none": "is lost", opposite: f"turns to {opposite}", "not tested": "is not tested"}
        parts = {verb: others[others["call"] == call] for call, verb in fates.items()}
        lost = [f"{verb} {_named(part)}" for verb, part in parts.items() if len(part)]
        held = f"all {n}" if same == n else f"{same} of {n}" if same else f"none of {n}"
        alone = "" if (others["kind"] == "sample").any() else ", none of which could leave a sample out,"
        return _joined([f"the call holds in {held} {word}{alone}", *lost]).removesuffix(",")
    appears = _joined(
        [f"{call} {_named(others[others['call'] == call])}" for call in CHANGED if (others["call"] == call).any()]
    )
    would = f"it would be called {appears}" if appears else ""
    if base == "not tested":
        return would
    silent, untested = (int((others["call"] == call).sum()) for call in ("none", "not tested"))
    if silent == n:
        return f"none of {n} {word} calls a change"
    quiet = [f"in {silent} of {n} {word} no change is called either"]
    quiet += [f"in {untested} it is not tested"] if untested else []
    return "; ".join(filter(None, [_joined(quiet), would]))


def _joined(parts: Iterable[str]) -> str:
    *first, last = ["", *parts]
    return f"{', '.join(filter(None, first))} and {last}".removeprefix(" and ")


def _named(rows: pd.DataFrame) -> str:
    texts = [KINDS[row.kind].phrase.format(row.variant) for row in rows.itertuples()]
    more = [f"{len(texts) - MOST_NAMED} more"] if len(texts) > MOST_NAMED else []
    return _joined([*texts[:MOST_NAMED], *more])
