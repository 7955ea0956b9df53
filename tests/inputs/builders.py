"""A small valid table of every format, from the same counts, for tests that change it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mircargo.inputs.format import Example
from mircargo.inputs.registry import FORMATS

IDS = ["hsa-let-7a-5p", "hsa-miR-21-5p", "hsa-miR-9-5p", "hsa-miR-16-5p", "hsa-miR-100-5p"]
SAMPLES = ["s_a", "s_b", "s_c"]
COUNTS = [[31, 42, 5], [1000, 0, 77], [8, 9, 10], [0, 0, 3], [21, 22, 23]]
Cells = list[list[str]]


@dataclass(frozen=True)
class Builder:
    """How a format writes counts: `lines(cells)` gives its lines, one sample or all of them."""

    format: str
    lines: Callable[[Cells], list[str]]
    samples: int = 3
    delimiter: str = "\t"
    ids: tuple[str, ...] = tuple(IDS)


def builder(format_name: str, example: Example) -> Builder:
    def lines(cells: Cells) -> list[str]:
        rows = [example.row.format(*row, id=IDS[i], i=i) for i, row in enumerate(cells)]
        return [*example.header.split("\n"), *rows]

    delimiter = (re.search(r"\{0\}(.)", example.row) or re.search(r"(.)\{0\}", example.row))[1]
    ids = tuple(example.id.format(id=text, i=i) for i, text in enumerate(IDS))
    return Builder(format_name, lines, 3 if "{1}" in example.row else 1, delimiter, ids)


def transposed(name: Callable[[str], str], sample: str, sep: str):
    def lines(cells: Cells) -> list[str]:
        head = sep.join(["", *map(name, IDS)])
        return [head, *(sep.join([f"{s}{sample}", *(row[i] for row in cells)]) for i, s in enumerate(SAMPLES))]

    return lines


def chimira(cells: Cells) -> list[str]:
    ids = [text.replace("miR", "mir") for text in IDS]
    ids[2] = "hsa-mir-9-2-5p"
    totals = [str(sum(column)) for column in zip(*COUNTS, strict=True)]
    body = ["\t".join([text, *row]) for text, row in zip(ids, cells, strict=True)]
    return ["\t".join(["", *SAMPLES]), *body, "\t".join(["totaldepth", *totals])]


OWN = "{id}_MIMAT000006{i}"
VARIANTS = [
    ("plain", "csv", Example("name,s_a,s_b,s_c", "{id},{0},{1},{2}")),
    ("plain", "semicolon", Example("name;s_a;s_b;s_c", "{id};{0};{1};{2}")),
    ("plain", "of R", Example("s_a\ts_b\ts_c", "{id}\t{0}\t{1}\t{2}")),
    ("plain", "annotated", Example(
        "name\tabout\tacc\ts_a\ts_b\ts_c", "{id}\ta word\tMIMAT000006{i}\t{0}\t{1}\t{2}", OWN)),
    ("featurecounts", "one", Example("Geneid\tCount", "{id}\t{0}")),
    ("mirdeep2", "sister", Example("#miRNA\tread_count\tprecursor", "{id}\t{0}\thsa-mir-1")),
    ("mirge", "tRF", Example("entry name,s_a,s_b,s_c", "{id},{0},{1},{2}")),
    ("excerpt", "one", Example(
        "ReferenceID\tuniqueReadCount\ttotalReadCount\tmultimapAdjustedReadCount\tmore",
        "{id}:MIMAT000006{i}:Homo:sapiens:x\t1\t2\t{0}\t0.0", "{id}:MIMAT000006{i}:Homo:sapiens:x")),
    ("srnabench", "isomiRs", Example(
        "sequence\tmatureName\thairpinName\tisoLabel\tsequenceVariant\treadCount\tRPMlib",
        "ACGT{i}\t{id}\thsa-mir-1$hsa-mir-2\texact\t-\t{0}\t1.5")),
    ("mirtop_counts", "quoted", Example(
        'UID\tRead\tmiRNA\tVariant\tiso_5p\tiso_3p\tiso_add3p\tiso_snp\t"s_a\ts_b\ts_c"',
        'u{i}\tACGT{i}\t{id}\tiso_5p:-1\t-1\t0\t0\t0\t"{0}\t{1}\t{2}"')),
    ("seqbuster", "merged", Example(
        "seq\tmir\tmism\tadd\tt5\tt3\ts_a\ts_b\ts_c", "ACGT{i}\t{id}\t0\tA\t0\t0\t{0}\t{1}\t{2}")),
    ("compsra", "one", Example("DB\tName\tID\tCount", "miRBase\t{id}\tMIMAT000006{i}\t{0}", OWN)),
    ("gdc", "isoforms", Example(
        "miRNA_ID\tisoform_coords\tread_count\treads_per_million_miRNA_mapped\tcross-mapped\tmiRNA_region",
        "hsa-let-7a-1\thg38:chr9:{i}-22:+\t{0}\t1.5\tN\tmature,MIMAT000006{i}", "MIMAT000006{i}")),
]  # fmt: skip
BUILDERS = {
    **{name: builder(name, each.example) for name, each in FORMATS.items() if each.example},
    **{f"{name} {variant}": builder(name, example) for name, variant, example in VARIANTS},
    "plain in columns": Builder("plain", transposed(str, "", "\t")),
    "nfcore in columns": Builder(
        "nfcore_smrnaseq", transposed(lambda t: f"{t}_MIMAT0000001_Homo", ".mature", ","), delimiter=","
    ),
    "chimira with totals": Builder("chimira", chimira),
}
