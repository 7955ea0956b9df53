"""Words of names that are a factor of their own beside the groups: sex and batch of `B1_M_Sham_1`."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from mircargo.init.groups import are_groups
from mircargo.init.library_columns import Sample
from mircargo.init.sample_words import key
from mircargo.problems import listing

_SEXES: Final = (frozenset({"m", "f"}), frozenset({"male", "female"}), frozenset({"males", "females"}))
_BATCH: Final = re.compile(r"(b|exp|expt|experiment)\d{1,2}")


def _are_sexes(words: set[str]) -> bool:
    return words in _SEXES


def _are_batches(words: set[str]) -> bool:
    return len(words) > 1 and all(_BATCH.fullmatch(word) for word in words)


_FACTORS: Final[dict[str, Callable[[set[str]], bool]]] = {"sex": _are_sexes, "batch": _are_batches}


def take_factors(samples: Sequence[Sample], rest: Sequence[list[str]]) -> list[str]:
    """Take sex and batch out of the names where they cross the groups, wholly or in part; return notes.

    Where a group has one sex or batch only, nothing can part the two, and the word stays in the name of the group.
    """
    notes = []
    for column, are_levels in _FACTORS.items():
        for position in range(min(map(len, rest), default=0)):
            values = [own[position] for own in rest]
            others = [[*own[:position], *own[position + 1 :]] for own in rest]
            if are_levels(set(map(key, values))) and _cross(values, others, samples):
                for sample, own, value in zip(samples, rest, values, strict=True):
                    sample.facts.setdefault(column, value)
                    del own[position]
                levels = listing(dict.fromkeys(values))
                notes.append(f"GUESSED: {levels} are taken as `{column}`, a column of the sheet, and not as groups")
                break
    return notes


def _cross(values: Sequence[str], others: Sequence[list[str]], samples: Sequence[Sample]) -> bool:
    """Whether groups stand beside a factor: two in each of its levels, and one at least in several."""
    groups = [re.sub(r"_[a-h]$", "", "_".join(map(key, own))) for own in others]
    pairs = set(zip(groups, map(key, values), strict=True))
    of_group, of_level = Counter(group for group, _ in pairs), Counter(level for _, level in pairs)
    fractions = [sample.facts.get("fraction", "") for sample in samples]
    return are_groups(groups, fractions) and max(of_group.values()) > 1 and min(of_level.values()) > 1
