"""Rows and columns that are sums or means of the others, whatever they are called: not features, not samples."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd

from mircargo.inputs.header import MIRNA
from mircargo.inputs.totals import TOTAL

_NAMED: Final = re.compile(
    r"(?<![a-z])(?:row|col)?(?:means?|avg|average|median|sums?|total|max(?:imum)?|min(?:imum)?|mittel(?:wert)?|summe|mw)s?"
    r"(?![a-z])",
    re.I,
)
_SPREAD: Final = re.compile(r"(?<![a-z])(?:sd|std|stdev|stddev|sem|se|cv|var(?:iance)?|mad)(?![a-z])", re.I)
_COMPARED: Final = re.compile(
    r"^(?:p|p[ _.-]?val(?:ue)?|q|fc|stat|score|ratio|(?:log2?[ _.-]?)?(?:fc|fold[ _.-]?change|ratio))(?:[ _.(:-].*)?$",
    re.I,
)
_WORDS: Final = frozenset({
    "age", "ages", "rin", "gc", "sex", "gender", "bmi", "weight", "height", "batch", "replicate", "rep", "group",
    "condition", "treatment", "time", "timepoint", "day", "dose", "year", "years", "plate", "well", "lane", "run",
    "concentration", "conc", "volume", "yield", "od", "purity", "score", "stage", "grade", "bodyweight",
})  # fmt: skip
"""What people note about a sample beside its counts."""
_OF: Final[dict[str, Callable[[np.ndarray], np.ndarray]]] = {
    "sum": lambda group: group.sum(axis=1),
    "mean": lambda group: group.mean(axis=1),
    "maximum": lambda group: group.max(axis=1),
    "minimum": lambda group: group.min(axis=1),
    "median": lambda group: np.median(group, axis=1),
}
MIN_DIFFERING: Final = 10
"""Fewer rows (or columns) whose values differ may agree by chance."""


def is_about_samples(name: str) -> bool:
    """Whether a name is that of a property of samples (`age`, `RIN`, `GC content`, `sex_male`) and not of a feature."""
    words = re.split(r"[^a-z]+", name.lower())
    return not MIRNA.search(name) and words[0] in _WORDS and len([word for word in words if word]) <= 3


def summary_columns(values: np.ndarray, names: Sequence[str]) -> dict[int, str]:
    """Find columns that are the sum, mean, maximum, minimum or median of others, rounded or not.

    Each is held against the columns before it, those behind it, all others, and those that share a stem with it or with
    each other (`mean_ctrl` and `ctrl_1`, `ctrl_2`).

    Returns
    -------
    dict
        Column -> of what it is the sum or mean, in words.
    """
    found: dict[int, str] = {}
    if values.shape[1] < 3 or not len(values):
        return found
    for _ in range(4):
        left = [at for at in range(values.shape[1]) if at not in found]
        if len(left) < 3:
            break
        new: dict[int, str] = {}
        for at in _candidates(values, left, names):
            for members, words in _groups(at, [each for each in left if each not in new], names):
                if kind := _kind(values, at, members, _fewest(names[at])):
                    new[at] = f"the {kind} of {words}"
                    break
        found |= new
        if not new:
            break
    means = any("mean" in words or "median" in words for words in found.values())
    spreads = {
        at: "a spread beside a mean"
        for at, name in enumerate(names)
        if at not in found and _SPREAD.search(name) and (values[:, at] % 1 != 0).any()
    }
    found |= spreads if means else {}
    return found if len(found) <= values.shape[1] - 2 else {}  # two samples at least are left


def no_counts(body: pd.DataFrame, names: Sequence[str], kept: Collection[str]) -> dict[int, str]:
    """Find columns with fractions that are means, spreads or comparisons by their names, beside columns of integers.

    Of what they are the mean need not stand in the table, or in their names.
    """
    named = [_NAMED.search(name) or _SPREAD.search(name) or _COMPARED.match(name) for name in names]
    whole: list[int] = []
    found = {}
    for at, name in enumerate(names):
        if name in kept:
            continue
        numbers = pd.to_numeric(body.iloc[:, at], errors="coerce")
        if (numbers.dropna() % 1 == 0).all():
            whole.append(at)
        elif named[at]:
            found[at] = f"no count: '{name}' has fractions, and the samples are integers"
    others = [at for at in range(len(names)) if names[at] not in kept and at not in found]
    return found if others == whole and len(whole) > 1 else {}


def _candidates(values: np.ndarray, left: list[int], names: Sequence[str]) -> list[int]:
    """Return the columns that may be sums of others by their five highest rows, and those whose names say so."""
    high = values[np.argsort(-values[:, left].sum(axis=1), kind="stable")[:5]][:, left]
    number = len(left)
    counted = np.arange(number)
    fits = np.zeros(number, dtype=bool)
    for own in (high, high[:, ::-1]):  # against the columns before it, then against those behind it
        sums = np.cumsum(own, axis=1) - own
        most = np.maximum.accumulate(own, axis=1)[:, :-1]
        least = np.minimum.accumulate(own, axis=1)[:, :-1]
        found = _near(own, sums) | _near(own, sums / np.maximum(counted, 1))
        found[1:] |= _near(own[:, 1:], most) | _near(own[:, 1:], least)
        fits |= found if own is high else found[::-1]
    others = high.sum(axis=1, keepdims=True) - high
    fits |= _near(high, others) | _near(high, others / (number - 1))
    fits |= _near(high, high.max(axis=1, keepdims=True)) | _near(high, high.min(axis=1, keepdims=True))
    return [at for at, fitting in zip(left, fits, strict=True) if fitting or _fewest(names[at]) < MIN_DIFFERING]


def _near(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (np.abs(one - other) <= 0.52 + 1e-9 * np.abs(other)).all(axis=0)


def _groups(at: int, left: list[int], names: Sequence[str]) -> list[tuple[list[int], str]]:
    others = [each for each in left if each != at]
    before, behind = [each for each in others if each < at], [each for each in others if each > at]
    groups = [(others, "the others"), (before, "the columns before it"), (behind, "the columns behind it")]
    if _NAMED.search(names[at]):
        stem = re.sub(r"[^a-z0-9]", "", _NAMED.sub("", names[at]).lower())
        own = [each for each in others if stem and re.sub(r"[^a-z0-9]", "", names[each].lower()).startswith(stem)]
        groups.append((own, f"those of '{stem}'"))
    different = {tuple(members): words for members, words in reversed(groups) if len(members) > 1}
    return [(list(members), words) for members, words in reversed(different.items())]


def _fewest(name: str) -> int:
    """Return in how many rows the others have to differ: of a sum that is named so, they need not."""
    return 0 if TOTAL.match(name) else 3 if _NAMED.search(name) else MIN_DIFFERING


def _kind(values: np.ndarray, at: int, members: list[int], fewest: int) -> str:
    """Return what a column is of others, an empty text where it is none of it."""
    own = values[:, at]
    probe = np.argsort(-own, kind="stable")[:5]
    if not any(_fits(own[probe], values[probe][:, members], kind) for kind in _OF):
        return ""
    group = values[:, members]
    if (group == own[:, None]).all(axis=0).any():  # the same library again, which is another matter
        return ""
    if (np.ptp(group, axis=1) >= 4).sum() < fewest:
        return ""
    return next((kind for kind in _OF if _fits(own, group, kind)), "")


def _fits(own: np.ndarray, group: np.ndarray, kind: str) -> bool:
    wanted = _OF[kind](group)
    whole = bool((own == np.rint(own)).all())
    within = 0.5 + 1e-6 if whole and kind in ("mean", "median") else 0.51 if kind == "sum" else 1e-6
    within = 0.006 if not whole and kind in ("mean", "median") else within
    return bool((np.abs(own - wanted) <= within + 1e-9 * np.abs(wanted)).all())


def summary_rows(values: np.ndarray, ids: Sequence[str]) -> dict[int, str]:
    """Find rows that are the sum, mean or maximum of the others, or of the miRNAs among them; see `summary_columns`.

    A row that is named as a miRNA is none. Of a table with fewer than three samples, or few features, only the names
    tell.
    """
    mirna = np.array([bool(MIRNA.search(text)) for text in ids])
    if mirna.all() or values.shape[1] < 3 or len(values) < MIN_DIFFERING or not mirna.any():
        return {}
    found: dict[int, str] = {}
    largest = values.max(axis=0)
    for _ in range(3):
        rest = np.array([at not in found for at in range(len(ids))])
        total, of_mirnas = values[rest].sum(axis=0), values[mirna].sum(axis=0)
        new = {}
        for at in np.flatnonzero(rest & ~mirna).tolist():
            row = values[at]
            if not row.any():
                continue
            others = rest.copy()
            others[at] = False
            sums = {"the sum of the others": total - row, "the sum of the miRNAs": of_mirnas}
            sums |= {f"the sum of the others{' ' * again}": (total - row) / again for again in (2, 3)}  # totals twice
            words = next((words.strip() for words, each in sums.items() if np.abs(row - each).max() <= 0.51), "")
            if not words and (row <= largest).all() and np.abs(row - row.mean()).max() > 0:
                words = _mean_or_most(row, values[others], values[mirna], bool(_NAMED.search(ids[at])))
            if words:
                new[at] = words
        found |= new
        if not new:
            break
    return found


def _mean_or_most(row: np.ndarray, others: np.ndarray, mirnas: np.ndarray, named: bool) -> str:
    for group in (others, mirnas):
        if len(group) < MIN_DIFFERING or (not named and (group == row).all(axis=1).any()):
            continue
        if np.median(row) >= 5 and np.abs(row - group.mean(axis=0)).max() <= 0.51:
            return "the mean of the others"
        if named and np.abs(row - np.median(group, axis=0)).max() <= 0.51:
            return "the median of the others"
        if (row == group.max(axis=0)).all() and (named or len(set(group.argmax(axis=0).tolist())) > 1):
            return "the maximum of the others"
    return ""
