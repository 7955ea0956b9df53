"""What the names of samples tell: libraries, groups, fraction, replicate, batch, subject."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from mircargo.init.factors import take_factors
from mircargo.init.group_words import group_words
from mircargo.init.groups import group_sizes, is_reference, references
from mircargo.init.library_columns import (
    Sample,
    all_distinct,
    fraction_in,
    fractions_of_equal_tables,
    libraries,
    make_names_unique,
    plain,
)
from mircargo.init.sample_words import (
    BARCODE,
    BLOOD,
    COLUMN_OF,
    FRACTION_OF,
    TIMED,
    UNSURE,
    joined_negations,
    key,
)
from mircargo.init.subjects import find_subjects, split_units
from mircargo.inputs.beside import without_unit


@dataclass(frozen=True)
class Guess:
    """What the names of the samples of a study seem to say.

    Attributes
    ----------
    samples
        The samples in the order of the tables; a group stands on each, or on none.
    reference
        Of each group that can be compared, the group to compare it with.
    unclear
        Groups of two samples or more that have no reference.
    notes
        Why, in words.
    pairing
        The one of them that says what was taken as the subject, or asks it.
    further
        Further columns of the sheet among the facts, as the table has them.
    """

    samples: list[Sample]
    reference: dict[str, str]
    unclear: list[str]
    notes: list[str]
    pairing: str = ""
    further: tuple[str, ...] = ()

    def column(self, name: str) -> list[str] | None:
        """Return a guessed column, or None where not every sample has a value."""
        values = [sample.facts.get(name, "") for sample in self.samples]
        return values if all(values) else None

    @property
    def fractions(self) -> list[str]:
        return list(dict.fromkeys(self.column("fraction") or []))

    def sizes(self, fraction: str | None) -> Counter[str]:
        """Count the samples of each group, of one fraction or of all."""
        return Counter(
            sample.group for sample in self.samples if fraction is None or sample.facts.get("fraction") == fraction
        )

    def is_paired(self, fraction: str | None, groups: tuple[str, str]) -> bool:
        """Whether each subject has one sample in each of two groups."""
        own = [each for each in self.samples if fraction is None or each.facts.get("fraction") == fraction]
        parts = [[each.facts.get("subject", "") for each in own if each.group == group] for group in groups]
        return bool(parts[0]) and all(parts[0]) and sorted(parts[0]) == sorted(parts[1]) and all_distinct(parts[0])


def is_vesicle(fraction: str) -> bool:
    return fraction.split("_")[-1] == "ev"


def is_blood(fraction: str) -> bool:
    return any(word in BLOOD for word in fraction.split("_"))


def guess_samples(columns: Sequence[tuple[str, str]]) -> Guess:
    """Guess libraries, groups, fractions and subjects from table and column of each sample, as written."""
    samples, notes = libraries(columns)
    notes += fractions_of_equal_tables(samples)
    make_names_unique(samples)
    if all(BARCODE.fullmatch(sample.name) for sample in samples) and samples:
        return _of_barcodes(samples, notes)
    words = _all_words(samples)
    facts, rest = _facts(words)
    for sample, own in zip(samples, facts, strict=True):
        sample.facts = own | sample.facts
    _fractions_of_tables(samples)
    _subjects_of_fractions(samples, rest)
    pairing = find_subjects(samples, words, rest)
    notes += take_factors(samples, rest)
    common = set.intersection(*(set(map(key, own)) for own in rest)) if rest else set()
    for sample, group in zip(samples, group_words(samples, rest, common), strict=True):
        sample.group = group
    _drop_uninformative_replicates(samples)
    notes += _settle_groups(samples, sorted(common))
    return Guess(samples, *references(_sizes(samples)), [*notes, *filter(None, [pairing])], pairing)


def _sizes(samples: Sequence[Sample]) -> Counter[str]:
    return group_sizes([each.group for each in samples], [each.facts.get("fraction", "") for each in samples])


def _drop_uninformative_replicates(samples: Sequence[Sample]) -> None:
    """Drop replicates that are one number for all, or one for all of a group: `_R1`, or the other half of a mixture."""
    numbers: dict[tuple[str, str], list[str]] = {}
    for sample in samples:
        own = numbers.setdefault((sample.group, sample.facts.get("fraction", "")), [])
        own.append(sample.facts.get("replicate", ""))
    several = [own for own in numbers.values() if len(own) > 1]
    if several and all(len(set(own)) == 1 for own in several):
        for sample in samples:
            sample.facts.pop("replicate", None)


def _of_barcodes(samples: list[Sample], notes: list[str]) -> Guess:
    """Read TCGA's barcodes: 01 to 09 is tumour, 10 to 19 normal tissue of the patient."""
    for sample in samples:
        parts = BARCODE.fullmatch(sample.name)
        assert parts is not None  # asked before
        sample.facts["subject"], sample.group = parts[1], parts[2]
    sizes = _sizes(samples)
    normal = [group for group in sizes if group.startswith("1") and sizes[group] > 1]
    tumour = [group for group in sizes if group.startswith("0") and sizes[group] > 1]
    notes.append("TCGA's barcodes: 01 to 09 is tumour, 11 normal tissue, and the patient stands before it")
    if len(normal) != 1 or not tumour:
        return Guess(samples, {}, [group for group in sizes if sizes[group] > 1], notes)
    return Guess(samples, dict.fromkeys(tumour, normal[0]), [], notes)


def _words(name: str, dashes_split: bool) -> list[str]:
    """Split a name into words."""
    name = re.sub(r"-(?=(?:n|r|m|rep)?#?\d{1,3}$)", "_", name, flags=re.IGNORECASE)
    words = [word for word in re.split(r"[^\w+]|_" if dashes_split else r"[^\w+-]|_", name) if word]
    timed = words and TIMED.fullmatch(words[-1])
    if (
        words
        and not timed
        and (ended := re.fullmatch(r"([A-Za-z-]{2,}?)-?(?:rep)?(\d{1,3})", words[-1], re.IGNORECASE))
    ):
        words[-1:] = ended.groups()  # control1
    return joined_negations(words)


def _all_words(samples: Sequence[Sample]) -> list[list[str]]:
    """Split all names into words; a dash splits only where no name has another sign that does (`IL-10 cells_1`)."""
    names = [
        plain(sample.name if sample.more and "subject" not in sample.facts else sample.column) for sample in samples
    ]
    stems = [without_unit(name) for name in names]
    if all_distinct(stems) and all(stem != name for stem, name in zip(stems, names, strict=True)):
        names = stems  # ctrl_1-UMIs, case_1-UMIs
    dashes_split = not any(re.search(r"[^\w+-]|_", name) for name in names)
    return split_units([_words(name, dashes_split) for name in names])


def _facts(words: Sequence[list[str]]) -> tuple[list[dict[str, str]], list[list[str]]]:
    """Take fraction and numbered words out of every name; return them, and the other words.

    A word for a subject is one where every name has it: `patient_1` against `control_1` is a group.
    """
    sure = all(any(key(word) in FRACTION_OF for word in own) for own in words) and any(
        FRACTION_OF.get(key(word), UNSURE[0]) not in UNSURE for own in words for word in own
    )
    fractions = {word: name for word, name in FRACTION_OF.items() if sure or name not in UNSURE}
    taken = [_take_facts(own, fractions, COLUMN_OF) for own in words]
    if not all("subject" in facts for facts, _ in taken):
        others = {word: column for word, column in COLUMN_OF.items() if column != "subject"}
        taken = [_take_facts(own, fractions, others) for own in words]
    return [facts for facts, _ in taken], [rest for _, rest in taken]


def _take_facts(
    words: Sequence[str], fractions: dict[str, str], columns: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Take fraction and numbered words out, the last lone number as the replicate; return them, and the other words."""
    facts: dict[str, str] = {}
    rest: list[str] = []
    i = 0
    while i < len(words):
        word, word_key = words[i], key(words[i])
        numbered = re.fullmatch(r"([a-z]+?)(\d+)", word_key)
        following = words[i + 1] if i + 1 < len(words) else ""
        if word_key in fractions:
            facts["fraction"] = _joined(facts.get("fraction"), fractions[word_key])
        elif numbered and columns.get(numbered[1]):
            facts[columns[numbered[1]]] = numbered[2]
        elif len(word_key) > 1 and word_key in columns and re.fullmatch(r"\d+|[A-Za-z]", following):
            facts[columns[word_key]] = following
            i += 1
        else:
            rest.append(word)
        i += 1
    numbers = [position for position, word in enumerate(rest) if word.isascii() and word.isdigit()]
    if numbers and "replicate" not in facts:
        facts["replicate"] = str(int(rest.pop(numbers[-1])))
    return facts, rest


def _joined(one: str | None, other: str) -> str:
    """Put the words of a fraction together, vesicles last: `drg_ev`."""
    words = {*(one.split("_") if one else []), other}
    return "_".join(sorted(words, key=lambda word: (word == "ev", word)))


def _fractions_of_tables(samples: list[Sample]) -> None:
    """Where no name has a fraction, take it from the name of the table; where only some have one, say `source`."""
    if not any("fraction" in sample.facts for sample in samples):
        for sample in samples:
            words = re.split(r"[^a-z0-9]+", PurePosixPath(sample.table).name.lower())
            found = fraction_in([word for word in words if FRACTION_OF.get(word) not in UNSURE])
            if found:
                sample.facts["fraction"] = found
    named = {sample.facts.get("fraction") for sample in samples}
    if None in named and len(named) == 2:
        for sample in samples:
            sample.facts.setdefault("fraction", "source" if is_vesicle(next(filter(None, named))) else "other")


def _subjects_of_fractions(samples: Sequence[Sample], rest: list[list[str]]) -> None:
    """Take `P1` of `P1_exo` and `P1_plasma` as the subject, where it is once in each fraction and numbers no group."""
    if any("subject" in sample.facts for sample in samples):
        return
    positions = range(min(map(len, rest), default=0))
    for position in positions:
        values = [own[position] for own in rest]
        pairs = Counter((value, each.facts.get("fraction")) for value, each in zip(values, samples, strict=True))
        letters = {re.sub(r"\d+", "", value) for value in values}
        lettered = all(re.fullmatch(r"[A-Za-z]{1,3}\d{1,4}", value) for value in values) and len(letters) == 1
        several = Counter(value for value, _ in pairs)
        if lettered and max(pairs.values()) == 1 and min(several.values()) > 1:
            for sample, own in zip(samples, rest, strict=True):
                sample.facts["subject"] = own.pop(position)
            return


def _settle_groups(samples: list[Sample], common: list[str]) -> list[str]:
    """Name the group without a word of its own, and drop groupings that are none."""
    notes = [f"every name has {', '.join(common)}: taken as saying nothing of groups"] if common else []
    sizes = _sizes(samples)
    if not any(sizes[group] for group in sizes if group):
        return [*notes, "no groups can be told from the names"]
    if "" in sizes:
        others = [group for group in sizes if group]
        lone = len(others) == 1 and not is_reference(others[0])
        name = f"not_{others[0]}" if lone else "unnamed"
        taken = ", and taken as the reference" if lone else ""
        notes.append(f"samples without a word of their own are called {name}{taken}")
        for sample in samples:
            sample.group = sample.group or name
    return notes
