"""Columns of count tables for the samples of a sheet, and what is said where they do not match."""

import pytest

from factories import as_text, assembled, cell, source
from mircargo.features.parts import Source
from mircargo.features.sample_columns import match_columns, stack_tables

NAMES = [f"{i}-a" for i in range(1, 6)]
ENDS = ["bam", "sam", "txt", "fq", "bam"]
SAMPLES = dict(zip(NAMES, NAMES, strict=True))
SOURCES = [source("x", [[1, 2, 3]], samples=["a", "b", "c 1"], path="one.csv"),
           source("x", [[1, 2]], samples=["b", "d"], path="two.csv")]  # fmt: skip


def of_columns(names: list[str]) -> list[Source]:
    return [source(["mmu-miR-9-5p"], [range(len(names))], samples=names)]


# Two files and two sheets of a workbook; all but the last have a column `a`.
BOOKS = [source("x", [[1, 2]], samples=["a", name], path=path) for name, path in (
    ("p", "in/one.tsv.gz"), ("q", "in/two.v2.csv"), ("r", "book.xlsx: first"))]  # fmt: skip
BOOKS += [source("x", [[1, 2]], samples=["t", "u"], path="book.xlsx: last")]
# Tables, the column of each sample, columns left out.
CASES = {
    "two tables": (SOURCES, {"s1": "a", "s2": "b", "s3": "c_1", "s4": "zzz"}, ["d", "nope", "c-1", "a"]),
    "no column left": (SOURCES[:1], {"s1": "a", "s2": "b", "s3": "c 1", "s4": "q"}, []),
    "all that is not used is excluded": (SOURCES, {"s1": "a"}, ["b", "c 1", "d"]),
    "one name differs": (of_columns(["1-a.bam", "u"]), {"1-a": "1-a", "v": "v"}, []),
    "names differ in four ways": (
        of_columns([f"{name}.{end}" for name, end in zip(NAMES, ENDS, strict=True)]),
        SAMPLES,
        [],
    ),
    "names that two columns fit": (of_columns(["1-a.bam", "1-a.sam"]), {"1-a": "1-a"}, []),
    "a column that two names fit": (of_columns(["1-a.bam"]), {"s": "1-a.sam", "t": "1-a.txt"}, []),
    "three samples": (of_columns(["1.A", "2.A", "3.A"]), dict(zip(NAMES[:3], NAMES, strict=False)), []),
    "tables that are named": (
        BOOKS,
        {
            f"s{i}": cell(("a", name))
            for i, name in enumerate(
                ["one", "one.tsv", "one.tsv.gz", "in/one.tsv.gz", "two.v2", "2", "first", "book.xlsx: first", "3"]
            )
        },
        list("pqrtu"),
    ),
    "tables that are named wrongly": (
        BOOKS,
        {
            "s": cell(("a", "last")),
            "t": cell(("a", "nine")),
            "u": cell(("a", "4")),
            "v": cell(("a", "0")),
            "w": cell(("p", "last")),
            "x": cell(("p", "other")),
            "y": cell(("p", "2")),
        },
        list("qrtu"),
    ),
    "a table named beside one that is not": (BOOKS, {"s": cell(("a", "one"), ("t", "")), "t": "a"}, list("pqru")),
    "many samples and columns": (of_columns([f"q{i}" for i in range(40)]), {f"s {i}": f"s {i}" for i in range(30)}, []),
    "spelling": (of_columns([name.replace("-", ".").upper() for name in NAMES]), SAMPLES, []),
} | {
    write: (of_columns([write.format(name) for name in NAMES]), SAMPLES, [])
    for write in (
        "C:\\runs\\{}.bam",
        "{}.fastq.gz",
        "/a b/{}_trimmed.bam",
        "/data/x/{}.sorted.bam",
        "{}_S1_L001_R1_001.fastq.gz",
        "X{}",
    )
}


@pytest.mark.parametrize("case", CASES)
def test_columns_and_samples_that_do_not_match(case, snapshot):
    assert as_text(match_columns(*CASES[case]).problems) == snapshot


def test_accents_are_one_name_however_they_are_composed():
    composed, apart = "Müller_1", "Mu\u0308ller_1"
    counts = assembled(*of_columns(["z", apart]), columns={composed: composed}, excluded=["z"]).counts
    assert counts.rename_axis(None).to_dict() == {composed: {"mmu-miR-9-5p": 1}}


def test_tables_of_other_kinds_of_rna_are_one_table_in_parts():
    # miRge's two tables of the libraries a and b, both of c; one more of a with a kind that is there already.
    samples = [{"a", "b"}, {"a", "b"}, {"c"}, {"c", "d"}, {"a"}, {"e"}]
    kinds = [{"miRNA"}, {"tRNA"}, {"miRNA", "piRNA"}, {"tRNA"}, {"tRNA", "rRNA"}, {"tRNA"}]
    assert stack_tables(samples, kinds) == [[0, 1], [2, 3], [4], [5]]
    tables = [source("x", [[1, 2]], path="one.csv"), source("y", [[1, 2]], path="two.csv")]
    cells = {"a": "a", "b": "b"}
    assert match_columns(tables, cells, [], lambda at: kinds[at]).samples == [cells, cells]
    assert match_columns(tables, cells, [], lambda at: kinds[at]).problems == []
    assert [each.code for each in match_columns(tables, cells, [], lambda at: {"miRNA", at}).problems] == [
        "column_in_two_tables"
    ]
    # What names its table is of that alone.
    named = {"a": cell(("a", "one")), "b": cell(("b", "2"))}
    assert match_columns(tables, named, [], lambda at: kinds[at]).samples == [{"a": "a"}, {"b": "b"}]
