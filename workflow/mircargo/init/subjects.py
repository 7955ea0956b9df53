"""Units of names that stand once in each group: `P01_pre` and `P01_post` are one subject."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mircargo.init.groups import is_reference
from mircargo.init.library_columns import Sample
from mircargo.init.sample_words import SELF_CONTROLLED, SUBJECTS, TALLIES, TIMES_AND_DOSES, key

_UNIT: Final = re.compile(r"([A-Za-z]{0,12})[-#]?([0-9]{1,6})")
_EXPERIMENTS: Final = frozenset({"b", "exp", "expt", "experiment"})


@dataclass(frozen=True)
class _Units:
    """Words of one position of all names, and what the names are without them.

    Attributes
    ----------
    words
        `P01` of each name.
    letters
        What all of them begin with, in lower case; None where they differ.
    conditions
        The other words of each name.
    fractions
        Of each name; a unit may stand once in each condition of each.
    first
        Whether they stand before the other words.
    """

    words: list[str]
    letters: str | None
    conditions: list[str]
    fractions: list[str]
    first: bool

    @property
    def cross(self) -> bool:
        """Whether no unit is twice in a condition, and at least two and half of all units are in every condition."""
        pairs = Counter(zip(self.words, self.conditions, self.fractions, strict=True))
        conditions = set(self.conditions)
        several = Counter(unit for unit, _ in {(unit, condition) for unit, condition, _ in pairs})
        whole = sum(n == len(conditions) for n in several.values())
        replicates = all(re.fullmatch(r"\d*|[a-h]|(rep|r|n)\d+", condition) for condition in conditions)
        return len(conditions) > 1 and not replicates and max(pairs.values()) == 1 and whole >= max(2, len(several) / 2)

    @property
    def numbered_from_one(self) -> bool:
        numbers = {int(re.sub(r"\D", "", word)) for word in self.words}
        return numbers == set(range(1, len(numbers) + 1))

    @property
    def own_controls(self) -> bool:
        """Whether every condition is one that a subject is its own control for: before and after, tumour and normal."""
        return all(set(condition.split("_")) & SELF_CONTROLLED for condition in self.conditions)

    @property
    def are_subjects(self) -> bool:
        if self.letters is None:
            return self.own_controls
        if self.letters in TIMES_AND_DOSES:
            return self.letters == "d" and self.numbered_from_one
        if self.letters not in TALLIES:
            return self.own_controls or self.letters in SUBJECTS or len(self.letters) < 4
        if self.numbered_from_one:
            return self.first and self.own_controls
        return self.own_controls or (self.first and any(map(is_reference, self.conditions)))  # 101_ctrl, 143_ctrl

    @property
    def may_be_subjects(self) -> bool:
        return self.first or self.own_controls


def split_units(words: Sequence[list[str]]) -> list[list[str]]:
    """Part a unit from what is written on to it, where every name has one so: `S1pre`, `12N` and `12T`."""
    glued = [
        [re.fullmatch(r"([A-Za-z]{0,8}[0-9]{1,6})([A-Za-z]+)", word) for word in own if not word.isalpha()]
        for own in words
    ]
    found = [next((each for each in own if each), None) for own in glued]
    ends = {key(each[2]) if each else "" for each in found}
    if len(ends) < 2 or not (ends <= SELF_CONTROLLED or ends == {"n", "t"}):
        return list(words)
    return [
        [part for word in own for part in (each.groups() if each and word == each[0] else (word,))]
        for own, each in zip(words, found, strict=True)
    ]


def find_subjects(samples: Sequence[Sample], words: Sequence[list[str]], rest: Sequence[list[str]]) -> str:
    """Take as the subject what stands once in each group; return what was taken, or is to be asked, in words.

    Parameters
    ----------
    samples
        Those of the study; `subject` (`batch` of a numbered experiment) is put to their facts.
    words
        The words of each name, in its order.
    rest
        Those that are no facts yet; the unit is taken out of them.
    """
    if any("subject" in sample.facts for sample in samples):
        return ""
    candidates = [(position, units) for position, units in _positions(samples, rest) if units.cross]
    lettered = next(((position, units) for position, units in candidates if units.are_subjects), None)
    if lettered:
        position, units = lettered
        is_batch = units.letters in _EXPERIMENTS and not any("batch" in sample.facts for sample in samples)
        column = "batch" if is_batch else "subject"
        for sample, own, unit in zip(samples, rest, units.words, strict=True):
            sample.facts[column] = unit
            # KO1_pre, KO1_post, WT1_pre: the letters stay with the group.
            at = position % len(own)
            own[at : at + 1] = [re.sub(r"[-#]?\d+$", "", unit)] if units.letters is None else []
        return _taken(units, column)
    numbers = _numbers(samples, words, rest)
    if numbers and numbers.cross and numbers.are_subjects:
        for sample in samples:
            sample.facts["subject"] = f"{numbers.letters}{sample.facts.pop('replicate')}"
        return _taken(numbers, "subject")
    tallied = next(
        (each for each in candidates
         if each[1].numbered_from_one and each[1].letters not in (None, *TIMES_AND_DOSES)), None
    )  # fmt: skip
    if tallied:
        for sample, own, unit in zip(samples, rest, tallied[1].words, strict=True):
            del own[tallied[0]]
            sample.facts.setdefault("replicate", str(int(re.sub(r"\D", "", unit))))
    asked = tallied[1] if tallied else numbers
    return _question(asked) if asked and asked.cross and asked.may_be_subjects else ""


def _positions(samples: Sequence[Sample], rest: Sequence[list[str]]) -> list[tuple[int, _Units]]:
    """Return the positions, from the left or the right, at which all names have a numbered word."""
    shortest = min(map(len, rest), default=0)
    same = len({len(own) for own in rest}) == 1
    found = []
    for position in [*range(shortest), *(() if same else range(-shortest, 0))]:
        parts = [_UNIT.fullmatch(own[position]) for own in rest]
        if all(parts):
            letters = {each[1].lower() for each in parts if each}
            others = [[word for at, word in enumerate(own) if at != position % len(own)] for own in rest]
            conditions = ["_".join(map(key, each)) for each in others]
            one = letters.pop() if len(letters) == 1 else None
            before = [list(map(key, own[:position])) for own in rest]
            first = all(own == before[0] for own in before)
            found.append(
                (position, _Units([own[position] for own in rest], one, conditions, _fractions(samples), first))
            )
    return found


def _numbers(samples: Sequence[Sample], words: Sequence[list[str]], rest: Sequence[list[str]]) -> _Units | None:
    """Return the numbers that were taken as replicates, where all names have one of its own in the same position."""
    numbers = [sample.facts.get("replicate", "") for sample in samples]
    places = [
        next((at for at, word in enumerate(own) if re.fullmatch(r"[0-9]+", word) and str(int(word)) == number), -1)
        for own, number in zip(words, numbers, strict=True)
    ]
    if min(places, default=-1) < 0:
        return None
    before = [[key(word) for word in own[:place]] for own, place in zip(words, places, strict=True)]
    last = {own[-1] if own else "" for own in before}
    glued = all(
        re.search(rf"[a-z][-#]?0*{number}(?![0-9])", sample.column, re.IGNORECASE)
        for sample, number in zip(samples, numbers, strict=True)
    )
    letters = last.pop() if glued and len(last) == 1 else ""  # the end of ctrl_donor1
    conditions = ["_".join(word for word in map(key, own) if word != letters) for own in rest]
    return _Units(numbers, letters, conditions, _fractions(samples), all(own == before[0] for own in before))


def _fractions(samples: Sequence[Sample]) -> list[str]:
    return [sample.facts.get("fraction", "") for sample in samples]


def _named(units: _Units) -> str:
    words, conditions = list(dict.fromkeys(units.words)), list(dict.fromkeys(units.conditions))
    named = ", ".join(words) if len(words) < 4 else f"{words[0]} ... {words[-1]}"
    return f"{named} occur in {'both groups' if len(conditions) == 2 else f'the {len(conditions)} groups'}"


def _taken(units: _Units, column: str) -> str:
    return f"GUESSED: {_named(units)}: taken as the same {column}, column `{column}` of the sheet"


def _question(units: _Units) -> str:
    return (
        f"{_named(units)}: the same subject? Taken as replicates. If they are, rename the column `replicate` of the"
        " sheet to `subject`, and write `blocking: [subject]` in the contrast"
    )
