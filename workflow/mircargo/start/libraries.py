"""Which columns of the tables are one library, and what it is called."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mircargo.names.lanes import library_of, without_endings
from mircargo.start.words import FRACTION_OF, TECHNICAL, UNSURE, key

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


def is_set(values: Sequence[str]) -> bool:
    return len(set(values)) == len(values)


def plain(column: str) -> str:
    """Take path and endings off, and what may not stand in a name."""
    name = _FLOW_CELL.sub("", without_endings(column))
    return re.sub(r"[^\w.+-]+", "_", name).strip("_.") or "sample"


def libraries(columns: Sequence[tuple[str, str]]) -> tuple[list[Sample], list[str]]:
    """Put lanes, runs and technical replicates together; a run is one only where that leaves libraries to compare."""
    named = [library_of(column) for _, column in columns]
    every = [kind for each in named for kind in each.kinds]
    runs_only = bool(every) and set(every) == {"run"}
    n_libraries = len({each.library for each in named})
    merge = bool(every) and n_libraries < len(columns) and not (runs_only and n_libraries < 4)
    parts = Counter(each.library for each in named) if merge else Counter()
    found: dict[str, Sample] = {}
    samples = []
    for (table, column), each in zip(columns, named, strict=True):
        together = parts[each.library] > 1 and each.library
        lone = [other for other in named if other.library == each.library and other.kinds]
        if together and lone and each.library in found:
            found[each.library].more.append((table, column))
            continue
        name = plain(each.text if together and lone else column)
        samples.append(Sample(table, column, name))
        if together and lone:
            found[each.library] = samples[-1]
    notes = []
    several = [sample for sample in samples if sample.more]
    if several:
        kinds = " and ".join(sorted({f"{kind}s" for kind in every}))
        notes.append(
            f"{len(columns)} columns are {len(samples)} libraries in {kinds}: the sheet has a row for each column, and"
            " rows of one `sample` are added up"
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
    if len(tables) < 2 or max(counted.values()) < 2 or any(not is_set(own) for own in names.values()):
        return []
    words = {table: [word for word in re.split(r"[\W_]+", without_endings(table)) if word] for table in tables}
    shared = set.intersection(*(set(map(key, own)) for own in words.values()))
    own_words = {table: [word for word in own if key(word) not in shared] for table, own in words.items()}
    fractions = {table: fraction_in(own) for table, own in words.items()}
    if not all(fractions.values()) or not is_set([str(each) for each in fractions.values()]):
        same = all(sorted(own) == sorted(names[tables[0]]) for own in names.values())
        labels = {table: "_".join(own) for table, own in own_words.items()}
        tells = all(key(word).isalpha() and len(key(word)) > 2 and key(word) not in TECHNICAL
                    for own in own_words.values() for word in own)  # fmt: skip
        if not same or not tells or not all(labels.values()) or not is_set(list(labels.values())):
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


def name_apart(samples: list[Sample]) -> None:
    """Keep the names as written where the plain ones would not be distinct, or would be numbers."""
    clear = is_set([sample.name for sample in samples])
    numbers = any(re.fullmatch(r"[-\d.,+e ]+", sample.column, re.IGNORECASE) for sample in samples)
    if any("subject" in sample.facts or sample.more for sample in samples) and clear:
        return
    if not clear or numbers or any(re.fullmatch(r"[\d.+-]+|NA|sample", sample.name) for sample in samples):
        for sample in samples:
            sample.name = sample.column
