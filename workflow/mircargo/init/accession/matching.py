"""Which column of the tables is which sample of the series: by names, never by a guess."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mircargo.features.lanes import without_endings
from mircargo.init.accession.deposit import DepositedSample
from mircargo.init.library_columns import fraction_in

Tokens = tuple[str, ...]
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True)
class Matched:
    """The sample of each library, in the order of the libraries, and by what it was found, in words."""

    samples: tuple[DepositedSample, ...]
    how: str


def match_libraries(names: Sequence[str], samples: Sequence[DepositedSample]) -> Matched | None:
    """Find the sample of each library.

    A way counts only if it finds one sample for each library, and another one for each: a name that two samples fit
    leaves all of them unmatched. Ways are asked in order: accession, the same name, the same name but for words that
    all names share, one name within the other, and last the order, where abbreviations and numbers of all names agree
    with it and with no other.

    Parameters
    ----------
    names
        Of the libraries, as their columns are called, fractions before them where tables have the same columns.
    samples
        Of the series; there may be more.
    """
    if not names or not samples:
        return None
    accessions = {sample.accession.upper(): sample for sample in samples}
    found = [[accessions[each.upper()] for each in re.findall(r"[A-Za-z]+\d+", name) if each.upper() in accessions]
             for name in names]  # fmt: skip
    if matched := _one_each([list({each.accession: each for each in own}.values()) for own in found]):
        return Matched(matched, "by accession")
    kinds: dict[str, list[Tokens]] = {"title": [(sample.title,) for sample in samples]}
    for kind in dict.fromkeys(kind for sample in samples for kind in sample.names):
        kinds[kind] = [sample.names.get(kind, ()) for sample in samples]
    ways: list[tuple[str, Callable[[list[Tokens], list[list[Tokens]]], list[list[int]]]]] = [
        ("the column is the sample's {}", _equal),
        ("the column is the sample's {}, but for words that all share", _equal_without_shared),
        ("the column's name within the sample's {}, or that within the column's", _within),
    ]
    columns = [_tokens(without_endings(name)) for name in names]
    for words, fitting in ways:
        for kind, texts in kinds.items():
            own = [[_tokens(without_endings(text)) for text in several] for several in texts]
            if matched := _one_each([[samples[at] for at in each] for each in fitting(columns, own)]):
                return Matched(matched, words.format(kind))
    if len(names) == len(samples) and _order_agrees(columns, [_tokens(sample.title) for sample in samples]):
        return Matched(tuple(samples), "BY ORDER, as each column abbreviates the title at its place, and no other")
    return None


def _one_each(found: Sequence[Sequence[DepositedSample]]) -> tuple[DepositedSample, ...] | None:
    """Return the samples where each library has one, which no other has."""
    if any(len(own) != 1 for own in found):
        return None
    samples = tuple(own[0] for own in found)
    return samples if len({sample.accession for sample in samples}) == len(samples) else None


def _tokens(text: str) -> Tokens:
    """Split a name into words and numbers: `ctrl_01` and `Ctrl 1` are the same."""
    return tuple(str(int(each)) if each.isdecimal() else each for each in _TOKEN.findall(text.casefold()))


def _equal(columns: list[Tokens], texts: list[list[Tokens]]) -> list[list[int]]:
    return [[at for at, own in enumerate(texts) if column and column in own] for column in columns]


def _equal_without_shared(columns: list[Tokens], texts: list[list[Tokens]]) -> list[list[int]]:
    """Compare what is left without words that all columns have, and without those that all texts have."""
    if len(columns) < 2 or any(len(own) != 1 for own in texts):
        return [[] for _ in columns]
    firsts = [own[0] for own in texts]
    return _equal(_without_shared(columns), [[each] for each in _without_shared(firsts)])


def _without_shared(names: Sequence[Tokens]) -> list[Tokens]:
    shared = set.intersection(*map(set, names)) if names else set()
    return [tuple(token for token in name if token not in shared) for name in names]


def _within(columns: list[Tokens], texts: list[list[Tokens]]) -> list[list[int]]:
    """Find names within names at whole words; a number alone is no name."""
    return [[at for at, own in enumerate(texts) if any(_holds(text, column) or _holds(column, text) for text in own)]
            for column in columns]  # fmt: skip


def _holds(whole: Tokens, part: Tokens) -> bool:
    if not any(token.isalpha() for token in part):
        return False
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def _order_agrees(columns: Sequence[Tokens], titles: Sequence[Tokens]) -> bool:
    """Whether each column abbreviates the title at its place, and no other title."""
    return all(
        [at for at, title in enumerate(titles) if _abbreviates(column, title)] == [place]
        for place, column in enumerate(columns)
    )


def _abbreviates(column: Tokens, title: Tokens) -> bool:
    """Whether each word of a column begins a word of the title, in order, and the last numbers are the same."""
    numbers = [[token for token in own if token.isdecimal()][-1:] for own in (column, title)]
    words = [token for token in column if token.isalpha()]
    if not words or not numbers[0] or numbers[0] != numbers[1]:
        return False
    rest = iter([token for token in title if token.isalpha()])
    return all(any(word.startswith(token) for word in rest) for token in words)


def fraction_of(sample: DepositedSample) -> str | None:
    """Return the fraction that title or characteristics of a sample name, if they name one."""
    texts = [sample.title, *sample.characteristics.values()]
    found = Counter(fraction for text in texts if (fraction := fraction_in(re.findall(r"[^\W_]+", text))))
    return next(iter(found)) if len(found) == 1 else None
