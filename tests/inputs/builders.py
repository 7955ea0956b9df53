"""A small valid table of every format, from the same counts, for tests that change it."""

from collections.abc import Callable
from dataclasses import dataclass

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


def table(head: list[str], before: Callable[[int], list[str]], after=lambda i: [], sep="\t", comments=()):
    """Return a builder of lines: a header, and for each feature the cells before, the counts, the cells after."""

    def lines(cells: Cells) -> list[str]:
        body = [sep.join([*before(i), *row, *after(i)]) for i, row in enumerate(cells)]
        return [*comments, sep.join(head), *body]

    return lines


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


def gff(cells: Cells) -> list[str]:
    form = "{0}\tmiRBasev21\tisomiR\t5\t23\t0\t+\t.\tRead ACGT{1}; UID u{1}; Name {0}; Parent p; Variant NA; "
    form += "Cigar 19M; Expression {2}; Filter Pass; Hits 1;"
    lines = [form.format(text, i, ",".join(row)) for i, (text, row) in enumerate(zip(IDS, cells, strict=True))]
    return ["## mirGFF3. VERSION 1.1", f"## COLDATA: {','.join(SAMPLES)}", *lines]


def isomir_sea(cells: Cells) -> list[str]:
    form = (
        "chr1\tmiRBase21\tisomiR\t1\t22\t19\t+\t.\tTI={1};TS=ACGU{1};TC={2};MIN={0} MIMAT000006{1} x;ISO=T;FILTER=Pass"
    )
    return [form.format(text, i, row[0]) for i, (text, row) in enumerate(zip(IDS, cells, strict=True))]


def quoted(cells: Cells) -> list[str]:
    head = "UID\tRead\tmiRNA\tVariant\tiso_5p\tiso_3p\tiso_add3p\tiso_snp\t"
    body = [
        f"u{i}\tACGT{i}\t{IDS[i]}\tiso_5p:-1\t-1\t0\t0\t0\t" + '"' + "\t".join(row) + '"' for i, row in enumerate(cells)
    ]
    return [head + '"' + "\t".join(SAMPLES) + '"', *body]


GEO = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]
OWN = tuple(f"{text}_MIMAT000006{i}" for i, text in enumerate(IDS))
FULL = [f"{text}:MIMAT000006{i}:Homo:sapiens:x" for i, text in enumerate(IDS)]
BUILDERS = {
    "plain": Builder("plain", table(["feature", *SAMPLES], lambda i: [IDS[i]])),
    "plain csv": Builder("plain", table(["name", *SAMPLES], lambda i: [IDS[i]], sep=","), delimiter=","),
    "plain semicolon": Builder("plain", table(["name", *SAMPLES], lambda i: [IDS[i]], sep=";"), delimiter=";"),
    "plain of R": Builder("plain", table(SAMPLES, lambda i: [IDS[i]])),
    "plain in columns": Builder("plain", transposed(str, "", "\t")),
    "annotated": Builder(
        "plain", table(["name", "about", "acc", *SAMPLES], lambda i: [IDS[i], "a word", OWN[i].split("_")[1]]), ids=OWN
    ),
    "nfcore": Builder("nfcore_smrnaseq", transposed(lambda t: f"{t}_MIMAT0000001_Homo", ".mature", ","), delimiter=","),
    "nfcore mirna.tsv": Builder("nfcore_smrnaseq", table(["miRNA", *SAMPLES], lambda i: [IDS[i]])),
    "featurecounts": Builder(
        "featurecounts",
        table(
            [*GEO, *(f"/x/{s}.bam" for s in SAMPLES)],
            lambda i: [IDS[i], "chr1", "1", "22", "+", "22"],
            comments=["# P"],
        ),
    ),
    "featurecounts one": Builder("featurecounts", table(["Geneid", "Count"], lambda i: [IDS[i]]), 1),
    "mirdeep2": Builder(
        "mirdeep2",
        table(
            ["#miRNA", "read_count", "precursor", "total", *SAMPLES, *(f"{s}(norm)" for s in SAMPLES)],
            lambda i: [IDS[i], "1.00", "hsa-mir-1", "1.00"],
            lambda i: ["1.50", "0", "2.50"],
        ),
    ),
    "mirdeep2 sister": Builder(
        "mirdeep2", table(["#miRNA", "read_count", "precursor"], lambda i: [IDS[i]], lambda i: ["hsa-mir-1"]), 1
    ),
    "mirge": Builder(
        "mirge",
        table(["miRNA", *SAMPLES], lambda i: [IDS[i] + "/100b" * (i == 4)], sep=","),
        delimiter=",",
        ids=(*IDS[:4], IDS[4] + "/100b"),
    ),
    "mirge tRF": Builder("mirge", table(["entry name", *SAMPLES], lambda i: [IDS[i]], sep=","), delimiter=","),
    "bcbio": Builder("bcbio", table(["mirna", *SAMPLES], lambda i: [IDS[i]])),
    "excerpt": Builder(
        "excerpt",
        table(["", *SAMPLES], lambda i: [IDS[i] + "|hsa-miR-1" * (i == 4)]),
        ids=(*IDS[:4], IDS[4] + "|hsa-miR-1"),
    ),
    "excerpt one": Builder(
        "excerpt",
        table(
            ["ReferenceID", "uniqueReadCount", "totalReadCount", "multimapAdjustedReadCount", "more"],
            lambda i: [FULL[i], "1", "2"],
            lambda i: ["0.0"],
        ),
        1,
        ids=tuple(FULL),
    ),
    "srnabench": Builder(
        "srnabench",
        table(
            ["name", "unique reads", "read count", "read count (mult. map. adj.)", "RPM (lib)", "coordinateString"],
            lambda i: [IDS[i], "1"],
            lambda i: ["1.5", "2.5", "hsa-mir-1#1#22"],
        ),
        1,
    ),
    "srnabench isomers": Builder(
        "srnabench",
        table(
            ["sequence", "matureName", "hairpinName", "isoLabel", "sequenceVariant", "readCount", "RPMlib"],
            lambda i: [f"ACGT{i}", IDS[i], "hsa-mir-1$hsa-mir-2", "exact", "-"],
            lambda i: ["1.5"],
        ),
        1,
    ),
    "mirtop_gff": Builder("mirtop_gff", gff, delimiter=","),
    "isomir_sea": Builder("isomir_sea", isomir_sea, 1, delimiter=";"),
    "mirtop_counts quoted": Builder("mirtop_counts", quoted),
    "mirtop_counts": Builder(
        "mirtop_counts",
        table(["UID", "miRNA", "Variant", *SAMPLES, ""], lambda i: [f"u{i}", IDS[i], "iso_snp"], lambda i: [""]),
    ),
    "seqbuster": Builder(
        "seqbuster",
        table(
            ["seq", "name", "freq", "mir", "start", "mism", "add", "t5", "t3", "DB", "precursor", "ambiguity"],
            lambda i: [f"ACGT{i}", f"seq_{i}"],
            lambda i: [IDS[i], "1", "0", "A", "0", "0", "miRNA", "hsa-mir-1", "1"],
        ),
        1,
    ),
    "seqbuster merged": Builder(
        "seqbuster",
        table(["seq", "mir", "mism", "add", "t5", "t3", *SAMPLES], lambda i: [f"ACGT{i}", IDS[i], "0", "A", "0", "0"]),
    ),
    "chimira": Builder("chimira", chimira),
    "smallrnaseq": Builder(
        "smallrnaseq",
        table(
            ["name", "db", *SAMPLES, *(f"{s} norm" for s in SAMPLES), "total_reads", "mean_norm"],
            lambda i: [IDS[i], "mirbase-hsa"],
            lambda i: ["1.5", "2.5", "3.5", "9", "2.5"],
            sep=",",
        ),
        delimiter=",",
    ),
    "compsra": Builder(
        "compsra", table(["DB", "Name", "ID", "Count"], lambda i: ["miRBase", IDS[i], OWN[i].split("_")[1]]), 1, ids=OWN
    ),
    "compsra merged": Builder(
        "compsra", table(["#DB", "Name", "ID", *SAMPLES], lambda i: ["miRBase", IDS[i], f"MI{i}"])
    ),
    "gdc": Builder(
        "gdc",
        table(
            ["miRNA_ID", "read_count", "reads_per_million_miRNA_mapped", "cross-mapped"],
            lambda i: [IDS[i]],
            lambda i: ["1.5", "N"],
        ),
        1,
    ),
    "gdc isoforms": Builder(
        "gdc",
        table(
            [
                "miRNA_ID",
                "isoform_coords",
                "read_count",
                "reads_per_million_miRNA_mapped",
                "cross-mapped",
                "miRNA_region",
            ],
            lambda i: ["hsa-let-7a-1", f"hg38:chr9:{i}-22:+"],
            lambda i: ["1.5", "N", f"mature,MIMAT000006{i}"],
        ),
        1,
        ids=tuple(f"MIMAT000006{i}" for i in range(5)),
    ),
}
