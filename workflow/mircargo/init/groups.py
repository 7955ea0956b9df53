"""Which group is compared with which: words such as `control` and `sham` mark the reference."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mircargo.init.sample_words import GENOTYPES, NEGATIONS, is_reference_word, is_silencing_control, key


def group_sizes(groups: Sequence[str], fractions: Sequence[str]) -> Counter[str]:
    """Count the samples of each group in the fraction that has the most of it."""
    sizes: Counter[str] = Counter()
    for (group, _), n in Counter(zip(groups, fractions, strict=True)).items():
        sizes[group] = max(sizes[group], n)
    return sizes


def are_groups(groups: Sequence[str], fractions: Sequence[str]) -> bool:
    """Whether words tell groups apart: two at least of two samples, and not mostly groups of one."""
    sizes = group_sizes(groups, fractions)
    alone = sum(n == 1 for n in sizes.values())
    return len(sizes) > 1 and sum(n > 1 for n in sizes.values()) > 1 and alone * 2 <= len(sizes)


def references(sizes: Mapping[str, int]) -> tuple[dict[str, str], list[str]]:
    """Find for each group the one that has a reference's word in place of its own (KO_SNI: KO_sham, not WT_sham).

    `sizes` are the samples of each group, in the fraction that has the most of it. Groups without one come second.
    """
    groups = [group for group, n in sizes.items() if group and n > 1]
    found: dict[str, str] = {}
    unclear = []
    for group in groups:
        scores = {other: _likeness(group, other) for other in groups if _refers(group, other)}
        best = [other for other, score in scores.items() if score == max(scores.values())]
        if len(best) == 1:
            found[group] = best[0]
        elif best or not is_reference(group):
            unclear.append(group)
    if not found:
        known = [group for group in groups if is_reference(group)]
        if len(known) == 1:  # sham_operated against SNI: one word of it says enough
            return {group: known[0] for group in groups if group != known[0]}, []
    return found, unclear if found else groups


def is_reference(group: str) -> bool:
    return _is_nameless(group) or any(
        _marks(word) or (word.startswith("non") and len(word) > 6) for word in _words(group)
    )


def _is_nameless(group: str) -> bool:
    return group.startswith("not_")


def _refers(group: str, other: str) -> bool:
    """Whether `other` is what `group` is, but for words of a reference: `sham`, or `non` and a word of `group`."""
    own, others = _words(group), _words(other)
    lost, gained = others - own, own - others
    if group == other or _is_nameless(group) or any(map(_marks, gained)):
        return False
    negated = {f"{one}{two}" for word in gained for not_ in NEGATIONS for one, two in ((not_, word), (word, not_))}
    return _is_nameless(other) or (bool(lost) and all(_marks(word) or word in negated for word in lost))


def _marks(word: str) -> bool:
    return word in NEGATIONS or is_reference_word(word)


def _likeness(group: str, other: str) -> tuple[int, bool]:
    shared = _words(group) & _words(other)
    return len(shared), not any(word in GENOTYPES or is_silencing_control(word) for word in _words(other) - shared)


def _words(group: str) -> set[str]:
    return set(map(key, group.split("_")))
