"""Columns of count tables for the samples of a sheet, and what is said where they do not match."""

import pytest

from factories import as_text, assembled, source
from mircargo.features.parts import Source
from mircargo.features.sample_columns import match_columns

NAMES = [f"{i}-a" for i in range(1, 6)]
SAMPLES = dict(zip(NAMES, NAMES, strict=True))
SOURCES = [source("x", [[1, 2, 3]], samples=["a", "b", "c 1"], path="one.csv"),
           source("x", [[1, 2]], samples=["b", "d"], path="two.csv")]  # fmt: skip


def of_columns(names: list[str]) -> list[Source]:
    return [source(["mmu-miR-9-5p"], [range(len(names))], samples=names)]


# Tables, the column of each sample, columns left out.
CASES = {
    "two tables": (SOURCES, {"s1": "a", "s2": "b", "s3": "c_1", "s4": "zzz"}, ["d", "nope", "c-1", "a"]),
    "no column left": (SOURCES[:1], {"s1": "a", "s2": "b", "s3": "c 1", "s4": "q"}, []),
    "all that is not used is excluded": (SOURCES, {"s1": "a"}, ["b", "c 1", "d"]),
    "many samples and columns": (of_columns([f"q{i}" for i in range(40)]), {f"s {i}": f"s {i}" for i in range(30)}, []),
    "spelling": (of_columns([name.replace("-", ".").upper() for name in NAMES]), SAMPLES, []),
} | {
    write: (of_columns([write.format(name) for name in NAMES]), SAMPLES, [])
    for write in ("{}.fastq.gz", "/a b/{}_trimmed.bam", "/data/x/{}.sorted.bam", "{}_S1_L001_R1_001.fastq.gz", "X{}")
}


@pytest.mark.parametrize("case", CASES)
def test_columns_and_samples_that_do_not_match(case, snapshot):
    assert as_text(match_columns(*CASES[case]).problems) == snapshot


def test_accents_are_one_name_however_they_are_composed():
    composed, apart = "Müller_1", "Mu\u0308ller_1"
    counts = assembled(*of_columns(["z", apart]), columns={composed: composed}, excluded=["z"]).counts
    assert counts.rename_axis(None).to_dict() == {composed: {"mmu-miR-9-5p": 1}}
