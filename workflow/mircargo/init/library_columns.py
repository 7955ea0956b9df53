"""Which columns of the tables are one library, and its name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mircargo.features.lanes import library_of, without_endings
from mircargo.init.sample_words import FRACTION_OF, TECHNICAL, UNSURE, key

_FLOW_CELL = re.compile(r"(_S\d+(_[A-Z]{2})?)?(_L\d{3})?$")


@dataclass
class Sample:
    """A library of a table, and what its name seems to say.

    Attributes
    ----------
    table, column
        Where it stands, as written there.
    name
        Its name without path, endings and spaces.
    group
        Words of the name that tell groups apart, '' if there are none.
    facts
        Fraction, replicate, batch and subject, as far as the name has them.
    more
        Table and column of its other lanes, runs or technical replicates.
    """

    table: str
    column: str
    name: str
    group: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    more: list[tuple[str, str]] = field(default_factory=list)

    @property
    def places(self) -> list[tuple[str, str]]:
        return [(self.table, self.column), *self.more]


def all_distinct(values: Sequence[str]) -> bool:
    return len(set(values)) == len(values)


def plain(column: str) -> str:
    """Take path and endings off, and what may not stand in a name."""
    name = _FLOW_CELL.sub("", without_endings(column))
    return re.sub(r"[^\w.+-]+", "_", name).strip("_.") or "sample"


def libraries(columns: Sequence[tuple[str, str]]) -> tuple[list[Sample], list[str]]:
    """Put lanes, runs and technical replicates together; a run is one only where that leaves libraries to compare."""
    named = [library_of(column) for _, column in columns]
    # Tables with columns of the same name are fractions, and have lanes of their own.
    several_tables = not all_distinct([column for _, column in columns])
    keys = [(table if several_tables else "", each.library) for (table, _), each in zip(columns, named, strict=True)]
    members: dict[tuple[str, str], list[int]] = {}
    for number, own in enumerate(keys):
        members.setdefault(own, []).append(number)
    parts = {own: at for own, at in members.items() if len(at) > 1 and any(named[number].kinds for number in at)}
    kinds = sorted({kind for at in parts.values() for number in at for kind in named[number].kinds})
    if kinds == ["run"] and len(members) < 4:
        parts = {}  # WT_run1 to WT_run3 against KO_run1 to KO_run3: a run is an experiment there
    texts = Counter(named[at[0]].text for at in parts.values())
    samples = []
    for number, ((table, column), own) in enumerate(zip(columns, keys, strict=True)):
        if own not in parts:
            samples.append(Sample(table, column, plain(column)))
        elif number == parts[own][0]:
            each = named[number]
            name = plain(each.text) if texts[each.text] == 1 or several_tables else each.library
            samples.append(Sample(table, column, name, more=[columns[other] for other in parts[own][1:]]))
    notes = []
    if parts:
        notes.append(
            f"{len(columns)} columns are {len(samples)} libraries in {' and '.join(f'{kind}s' for kind in kinds)}: the"
            " sheet has a row for each column, and rows of one `sample` are added up"
        )
    endings = Counter(_ending(column) for _, column in columns)
    ending, n = endings.most_common(1)[0] if endings else ("", 0)
    if ending:
        notes.append(f"taken off the names of {n} samples: '{ending}', as programs and sequencers add it")
    return samples, notes


def _ending(column: str) -> str:
    plain = without_endings(column)
    return column.rpartition(plain)[2] if plain and plain in column else ""


def fractions_of_equal_tables(samples: list[Sample]) -> list[str]:
    """Where tables have the same names, tell their samples apart by what tells the files apart: DRG and EV."""
    tables = list(dict.fromkeys(sample.table for sample in samples))
    names = {table: [sample.name for sample in samples if sample.table == table] for table in tables}
    counted = Counter(sample.name for sample in samples)
    if len(tables) < 2 or max(counted.values()) < 2 or any(not all_distinct(own) for own in names.values()):
        return []
    words = {table: [word for word in re.split(r"[\W_]+", without_endings(table)) if word] for table in tables}
    shared = set.intersection(*(set(map(key, own)) for own in words.values()))
    own_words = {table: [word for word in own if key(word) not in shared] for table, own in words.items()}
    fractions = {table: fraction_in(own) for table, own in words.items()}
    if not all(fractions.values()) or not all_distinct([str(each) for each in fractions.values()]):
        same = all(sorted(own) == sorted(names[tables[0]]) for own in names.values())
        labels = {table: "_".join(own) for table, own in own_words.items()}
        tells = all(key(word).isalpha() and len(key(word)) > 2 and key(word) not in TECHNICAL
                    for own in own_words.values() for word in own)  # fmt: skip
        if not same or not tells or not all(labels.values()) or not all_distinct(list(labels.values())):
            return []
        fractions = dict(labels)
    for sample in samples:
        fraction = str(fractions[sample.table])
        sample.facts |= {"fraction": fraction, "subject": sample.name}
        sample.name = f"{fraction}_{sample.name}"
    return [
        "the tables have samples of the same names: taken as the same animals in different fractions, told apart by"
        " the files' names, and paired by `subject`"
    ]


def fraction_in(words: Sequence[str]) -> str | None:
    found = {FRACTION_OF[key(word)] for word in words if key(word) in FRACTION_OF}
    sure = found - set(UNSURE) or found
    return sure.pop() if len(sure) == 1 else None


def make_names_unique(samples: list[Sample]) -> None:
    """Keep the names as written where the plain ones would not be distinct, or would be numbers."""
    clear = all_distinct([sample.name for sample in samples])
    numbers = any(re.fullmatch(r"[-\d.,+e ]+", sample.column, re.IGNORECASE) for sample in samples)
    if any("subject" in sample.facts or sample.more for sample in samples) and clear:
        return
    if not clear or numbers or any(re.fullmatch(r"[\d.+-]+|NA|sample", sample.name) for sample in samples):
        for sample in samples:
            sample.name = sample.column
