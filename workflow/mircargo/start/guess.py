"""Who is who, guessed from the names of samples: groups, fraction, replicate, batch, subject."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

REFERENCES = frozenset({
    "control", "controls", "ctrl", "ctl", "cntrl", "con", "sham", "naive", "vehicle", "veh", "wt",
    "wildtype", "untreated", "unstimulated", "mock", "saline", "pbs", "dmso", "uninjured", "intact",
    "healthy", "normal", "baseline", "placebo", "scramble", "scrambled", "contralateral", "nt",
})  # fmt: skip
GENOTYPES = frozenset({"wt", "wildtype"})
FRACTIONS = {
    "ev": "ev evs exosome exosomes exo exos vesicle vesicles sev sevs",
    "cell": "cell cells",
    "drg": "drg drgs",
    "tissue": "tissue tissues",
    "plasma": "plasma",
    "serum": "serum",
    "csf": "csf",
}
FRACTION_OF = {word: fraction for fraction, words in FRACTIONS.items() for word in words.split()}
BLOOD = ("plasma", "serum")
NUMBERED = {
    "replicate": "replicate rep biorep techrep r n",
    "batch": "batch run pool lane plate",
    "subject": "subject mouse rat animal donor patient m",
}
COLUMN_OF = {word: column for column, words in NUMBERED.items() for word in words.split()}
SUFFIXES = re.compile(
    r"(\.(gz|bam|sam|cram|fastq|fq|txt|tsv|csv|counts?|mature|hairpin|sorted|trimmed|collapsed|mirna)"
    r"|_?Aligned(\.sortedByCoord)?(\.out)?|_S\d+(_[A-Z]{2})?(_L\d{3})?(_R[12])?(_\d{3})?|_L\d{3}(_R[12])?(_\d{3})?"
    r"|_R[12]_\d{3})$",
    re.IGNORECASE,
)
ACCESSION = re.compile(r"(GSM|[SED]R[RXS]|SAM[NED]A?|CRR)\d+", re.IGNORECASE)


@dataclass
class Sample:
    """A sample column of a table, and what its name seems to say.

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
    """

    table: str
    column: str
    name: str
    group: str = ""
    facts: dict[str, str] = field(default_factory=dict)


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
    """

    samples: list[Sample]
    reference: dict[str, str]
    unclear: list[str]
    notes: list[str]

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


def is_vesicle(fraction: str) -> bool:
    return fraction.split("_")[-1] == "ev"


def is_blood(fraction: str) -> bool:
    return any(word in BLOOD for word in fraction.split("_"))


def guess_samples(columns: Sequence[tuple[str, str]]) -> Guess:
    """Guess who is who.

    Parameters
    ----------
    columns
        Table and column of each sample, as they are written.
    """
    samples = [Sample(table, column, _plain(column)) for table, column in columns]
    _name_apart(samples)
    words = [_words(sample, samples) for sample in samples]
    rest = [_take_facts(sample, own) for sample, own in zip(samples, words, strict=True)]
    _fractions_of_tables(samples)
    common = set.intersection(*(set(map(_key, own)) for own in rest)) if rest else set()
    spellings: dict[str, str] = {}
    for sample, own in zip(samples, rest, strict=True):
        group = "_".join(word for word in own if _key(word) not in common and not ACCESSION.fullmatch(word))
        sample.group = spellings.setdefault(_key(group), _not_a_number(group))
    notes = _settle_groups(samples, sorted(common))
    return Guess(samples, *_references(samples), notes)


def _plain(column: str) -> str:
    """Take path and endings off, and what may not stand in a name."""
    name = PurePosixPath(column.replace("\\", "/").strip().rstrip("/")).name
    while (cut := SUFFIXES.sub("", name)) and cut != name:
        name = cut
    return re.sub(r"[^\w.+-]+", "_", name).strip("_.") or "sample"


def _name_apart(samples: list[Sample]) -> None:
    """Keep the names as written where the plain ones would not be distinct, or would be numbers."""
    clear = len({sample.name for sample in samples}) == len(samples)
    numbers = any(re.fullmatch(r"[-\d.,+e ]+", sample.column, re.IGNORECASE) for sample in samples)
    if not clear or numbers or any(re.fullmatch(r"[\d.+-]+|NA|sample", sample.name) for sample in samples):
        for sample in samples:
            sample.name = sample.column


def _words(sample: Sample, samples: Sequence[Sample]) -> list[str]:
    """Split a name; a dash splits only where no name has another sign that does (`IL-10 cells_1`)."""
    dashes_only = not any(re.search(r"[^\w+-]|_", _plain(each.column)) for each in samples)
    words = [word for word in re.split(r"[^\w+]|_" if dashes_only else r"[^\w+-]|_", _plain(sample.column)) if word]
    if words and (ended := re.fullmatch(r"([A-Za-z-]{2,}?)-?(\d{1,3})", words[-1])):
        words[-1:] = ended.groups()  # control1
    return words


def _take_facts(sample: Sample, words: list[str]) -> list[str]:
    """Take fraction and numbered words out, the last lone number as the replicate; return the other words."""
    rest: list[str] = []
    i = 0
    while i < len(words):
        word, key = words[i], _key(words[i])
        numbered = re.fullmatch(r"([a-z]+?)(\d+)", key)
        following = words[i + 1] if i + 1 < len(words) else ""
        if key in FRACTION_OF:
            sample.facts["fraction"] = _joined(sample.facts.get("fraction"), FRACTION_OF[key])
        elif numbered and COLUMN_OF.get(numbered[1]):
            sample.facts[COLUMN_OF[numbered[1]]] = numbered[2]
        elif len(key) > 1 and key in COLUMN_OF and re.fullmatch(r"\d+|[A-Za-z]", following):
            sample.facts[COLUMN_OF[key]] = following
            i += 1
        else:
            rest.append(word)
        i += 1
    numbers = [position for position, word in enumerate(rest) if word.isascii() and word.isdigit()]
    if numbers and "replicate" not in sample.facts:
        sample.facts["replicate"] = str(int(rest.pop(numbers[-1])))
    return rest


def _joined(one: str | None, other: str) -> str:
    """Put the words of a fraction together, vesicles last: `drg_ev`."""
    words = {*(one.split("_") if one else []), other}
    return "_".join(sorted(words, key=lambda word: (word == "ev", word)))


def _fractions_of_tables(samples: list[Sample]) -> None:
    """Where no name has a fraction, take it from the name of the table; where only some have one, say `source`."""
    if not any("fraction" in sample.facts for sample in samples):
        for sample in samples:
            words = re.split(r"[^a-z0-9]+", PurePosixPath(sample.table).name.lower())
            found = {FRACTION_OF[word] for word in words if word in FRACTION_OF}
            if len(found) == 1:
                sample.facts["fraction"] = found.pop()
    named = {sample.facts.get("fraction") for sample in samples}
    if None in named and len(named) == 2:
        for sample in samples:
            sample.facts.setdefault("fraction", "source" if is_vesicle(next(filter(None, named))) else "other")


def _not_a_number(group: str) -> str:
    """Keep a group such as `007` or `NA` from being read as a number or as missing."""
    return f"group_{group}" if re.fullmatch(r"NA|nan|[-+]?(inf|[\d.]+(e[-+]?\d+)?)", group, re.IGNORECASE) else group


def _settle_groups(samples: list[Sample], common: list[str]) -> list[str]:
    """Name the group without a word of its own, and drop groups that are no groups."""
    notes = [f"every name has {', '.join(common)}: taken as saying nothing of groups"] if common else []
    sizes = Counter(sample.group for sample in samples)
    if len(sizes) < 2 or max(sizes.values()) < 2 or sum(n > 1 for n in sizes.values()) < 2:
        for sample in samples:
            sample.group = ""
        return [*notes, "the names do not tell groups apart"]
    if "" in sizes:
        others = [group for group in sizes if group]
        name = f"not_{others[0]}" if len(others) == 1 else "unnamed"
        taken = ", and taken as the reference" if len(others) == 1 else ""
        notes.append(f"samples without a word of their own are called {name}{taken}")
        for sample in samples:
            sample.group = sample.group or name
    return notes


def _references(samples: Sequence[Sample]) -> tuple[dict[str, str], list[str]]:
    """Find for each group the one that has a reference's word in place of its own (KO_SNI: KO_sham, not WT_sham)."""
    groups = [group for group, n in Counter(sample.group for sample in samples).items() if group and n > 1]
    found: dict[str, str] = {}
    unclear = []
    for group in groups:
        scores = {other: _likeness(group, other) for other in groups if _refers(group, other)}
        best = [other for other, score in scores.items() if score == max(scores.values())]
        if len(best) == 1:
            found[group] = best[0]
        elif best or not _is_reference(group):
            unclear.append(group)
    return found, unclear if found else groups


def _refers(group: str, other: str) -> bool:
    """Whether `other` is what `group` is, but for words of a reference."""
    own, others = _key_words(group), _key_words(other)
    lost, gained = others - own, own - others
    return (
        group != other
        and not _is_nameless(group)
        and (_is_nameless(other) or (bool(lost) and lost <= REFERENCES))
        and not gained & REFERENCES
    )


def _likeness(group: str, other: str) -> tuple[int, bool]:
    shared = _key_words(group) & _key_words(other)
    return len(shared), not (_key_words(other) - shared) & GENOTYPES


def _is_reference(group: str) -> bool:
    return _is_nameless(group) or bool(_key_words(group) & REFERENCES)


def _is_nameless(group: str) -> bool:
    return group.startswith("not_")


def _key_words(group: str) -> set[str]:
    return set(map(_key, group.split("_")))


def _key(word: str) -> str:
    return re.sub(r"[^\w+]|_", "", word.casefold())
