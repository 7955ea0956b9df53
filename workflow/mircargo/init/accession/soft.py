"""GEO's texts: family files in SOFT, and series matrices, which say the same with a column for each sample."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from mircargo.problems import refusal

Attributes = dict[str, list[str]]
"""Values of each attribute (`title`, `characteristics_ch1`), in the order of the file."""


@dataclass
class Records:
    """The records of a file, by accession: `attributes` of the series, of its platforms and of its samples."""

    series: Attributes = field(default_factory=dict)
    platforms: dict[str, Attributes] = field(default_factory=dict)
    samples: dict[str, Attributes] = field(default_factory=dict)


_ENTITY: Final = re.compile(r"\^(\w+) ?=\s*(.*)")
_ATTRIBUTE: Final = re.compile(r"!(Series|Platform|Sample)_([\w/]+)(?:\s*=\s*(.*))?$")
_TABLE: Final = re.compile(r"!(?:series_matrix|platform|sample)_table_(begin|end)", re.IGNORECASE)


def read_family(text: str, where: str) -> Records:
    """Read a family file in SOFT.

    Raises
    ------
    ProblemsFound
        Where it is none, or has the records of some of its samples only.
    """
    records = Records()
    current: Attributes = {}
    found = False
    for line in _without_tables(text.splitlines()):
        if entity := _ENTITY.match(line):
            kind, accession = entity[1].upper(), entity[2].strip()
            current = {}
            if kind == "SERIES":
                current, found = records.series, True
            elif kind in ("PLATFORM", "SAMPLE"):
                group = records.platforms if kind == "PLATFORM" else records.samples
                current = group.setdefault(accession, {})
        elif attribute := _ATTRIBUTE.match(line):
            current.setdefault(attribute[2], []).append((attribute[3] or "").strip())
    if not found:
        start = text.strip().split("\n", 1)[0][:80]
        raise refusal("no_family_file", "this is not a family file of GEO: it has no line ^SERIES", where, repr(start))
    _refuse_missing_records(records, where)
    return records


def _refuse_missing_records(records: Records, where: str) -> None:
    listed = records.series.get("sample_id", [])
    absent = [accession for accession in listed if accession not in records.samples]
    if absent and records.samples:
        what = "this family file is not whole: the series lists samples that it has no record of"
        found = f"{len(records.samples)} records of {len(listed)} samples; the first without one is {absent[0]}"
        raise refusal("file_not_whole", what, where, found, "`--again` fetches it again")


def read_matrix(text: str, where: str) -> Records:
    """Read the head of a series matrix.

    Raises
    ------
    ProblemsFound
        Where it is none, or a line has another number of samples than the line of their accessions.
    """
    lines = [line for line in text.splitlines() if line.startswith(("!Series_", "!Sample_"))]
    rows = list(csv.reader(lines, delimiter="\t", quotechar='"'))
    accessions = next((row[1:] for row in rows if row[0] == "!Sample_geo_accession"), [])
    records = Records(samples={accession: {} for accession in accessions})
    if not any(row[0] == "!Series_geo_accession" for row in rows) or not accessions:
        start = text.strip().split("\n", 1)[0][:80]
        raise refusal("no_series_matrix", "this is not a series matrix of GEO", where, repr(start))
    for row in rows:
        kind, _, name = row[0].removeprefix("!").partition("_")
        values = [value.strip() for value in row[1:]]
        if kind == "Series":
            records.series.setdefault(name, []).extend(values)
            continue
        if len(values) != len(accessions):
            what = "this series matrix is not whole: a line has another number of samples than their accessions"
            found = f"{row[0]}: {len(values)} of {len(accessions)}"
            raise refusal("file_not_whole", what, where, found, "`--again` fetches it again")
        for accession, value in zip(accessions, values, strict=True):
            if value:
                records.samples[accession].setdefault(name, []).append(value)
    return records


def join(parts: Iterable[Records]) -> Records:
    """Put the matrices of one series together, which has one for each platform."""
    whole = Records()
    for part in parts:
        whole.series = whole.series or part.series
        whole.platforms |= part.platforms
        whole.samples |= part.samples
    return whole


def _without_tables(lines: Iterable[str]) -> Iterator[str]:
    """Leave out the tables of platforms and samples, whose rows may begin with anything."""
    within = False
    for line in lines:
        table = _TABLE.match(line)
        within = table[1].lower() == "begin" if table else within
        if not within and not table:
            yield line
