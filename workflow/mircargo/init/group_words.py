"""The words of names that are their group."""

import re
from collections.abc import Sequence

from mircargo.init.groups import are_groups
from mircargo.init.library_columns import Sample
from mircargo.init.sample_words import ACCESSION, TIMED, key


def group_words(samples: Sequence[Sample], rest: list[list[str]], common: set[str]) -> list[str]:
    """Make groups of the words that names do not share; where these are mostly of one, split numbers and letters."""
    fractions = [sample.facts.get("fraction", "") for sample in samples]
    own = [[word for word in words if key(word) not in common and not ACCESSION.fullmatch(word)] for words in rest]
    lettered = [
        [words[others] for words in own]
        for at, others in ((-1, slice(0, -1)), (0, slice(1, None)))
        if all(words and re.fullmatch(r"[A-Ha-h]", words[at]) for words in own)
    ]
    attempts = [own, _without_echoes(own), _split(own, r"([A-Za-z-]+?)-?(\d{1,3})"), _split(own, r"(.+)[A-H]")]
    # d0_a, d7_a: the numbers are times, and letters the replicates.
    timed = all(any(TIMED.fullmatch(word) for word in words) for words in own)
    attempts = [own, *lettered, *attempts[1:]] if timed else [*attempts, *lettered]
    for words in attempts:
        found = [_named("_".join(each)) for each in words]
        if are_groups([key(group) for group in found], fractions):
            spellings: dict[str, str] = {}
            return [spellings.setdefault(key(group), group) for group in found]
    return [""] * len(samples)


def _split(words: Sequence[list[str]], pattern: str) -> list[list[str]]:
    """Drop the numbers (or letters) behind words: C1, C2, T1."""
    return [[re.sub(f"^{pattern}$", r"\1", word) for word in own] for own in words]


def _without_echoes(words: Sequence[list[str]]) -> list[list[str]]:
    """Drop numbered letters that all names have (1S, 2S), and numbers that only say again what an earlier one says."""
    if len({len(own) for own in words}) != 1 or not words or not words[0]:
        return [list(own) for own in words]
    kept: list[list[str]] = []
    for values in map(list, zip(*words, strict=True)):
        counted = all(re.fullmatch(r"\d{1,2}[A-Za-z]", value) for value in values)
        if counted and len({value[-1] for value in values}) == 1:
            continue
        one_to_one = any(len(set(zip(values, other, strict=True))) == len(set(other)) == len(set(values))
                         for other in kept)  # fmt: skip
        if one_to_one and all(value.isdigit() for value in values):
            continue
        kept.append(values)
    return [list(own) for own in zip(*kept, strict=True)] if kept else [[] for _ in words]


def _named(group: str) -> str:
    """Keep a group such as `007` or `NA` from being read as a number or as missing."""
    return f"group_{group}" if re.fullmatch(r"NA|nan|[-+]?(inf|[\d.]+(e[-+]?\d+)?)", group, re.IGNORECASE) else group
