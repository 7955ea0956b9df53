"""Series of different make, as they are found in GEO; who is who in each is known."""

import gzip

import pandas as pd

from geo_stand_in import Sample, Series, as_tar, as_text, as_workbook, counts

STATES = [("sham", n) for n in (1, 2, 3)] + [("SNI", n) for n in (1, 2, 3)]


TREATMENTS = {"sham": "sham surgery", "SNI": "spared nerve injury"}


def nerve(title="DRG, {state}, mouse {n}", **more):
    """Return six samples, sham and spared nerve injury, whose characteristics say so."""
    return [
        Sample(
            title.format(state=state, n=n),
            ["tissue: DRG", "strain: C57BL/6J", f"treatment: {TREATMENTS[state]}", f"age: {8 + n} weeks"],
            **more,
        )
        for state, n in STATES
    ]  # fmt: skip


def matrix_in_suppl():
    """A matrix of counts; its columns are within the titles; a track of the genome beside it."""
    columns = [f"DRG_{state}_mouse_{n}" for state, n in STATES]
    files = {"GSE200001_counts.txt.gz": as_text(counts(columns)), "GSE200001_coverage.bw": b"\x26\xfc\x8f\x88"}
    return Series("GSE200001", nerve(), files)


def tar_of_samples():
    """One file a sample in an archive, each with a name and a count."""
    series = Series("GSE200002", nerve())
    members = {}
    for number, (state, n) in enumerate(STATES):
        name = f"{series.gsm(number)}_{state}{n}.txt.gz"
        members[name] = as_text(counts([f"s{at}" for at in range(6)]).iloc[:, [number]].set_axis(["count"], axis=1))
        series.samples[number].files.append(name)
    series.files["GSE200002_RAW.tar"] = as_tar(members)
    series.members["GSE200002_RAW.tar"] = list(members)
    return series


def workbook():
    """A workbook: a sheet of words first, then the counts; its columns are named in the descriptions."""
    table = counts([f"Lib{n}" for n in range(1, 7)])
    rows = [
        ["miRNA", *table.columns],
        *([name, *map(int, row)] for name, row in zip(table.index, table.to_numpy(), strict=True)),
    ]
    samples = nerve()
    for number, sample in enumerate(samples, 1):
        sample.description = ["small RNA library", f"Lib{number}"]
    files = {"GSE200003_processed.xlsx": as_workbook(README=[["Counts of small RNAs"], ["see paper"]], counts=rows)}
    return Series("GSE200003", samples, files)


def two_fractions():
    """Cells and the vesicles of them, a table each, whose columns have the same names."""
    samples = [
        Sample(f"{fraction} {state} {n}", ["cell type: BV2 microglia", f"fraction: {words}", f"treatment: {state}"])
        for fraction, words in (("Cells", "whole cells"), ("EVs", "extracellular vesicles"))
        for state in ("vehicle", "LPS") for n in (1, 2, 3)
    ]  # fmt: skip
    columns = [f"{state}_{n}" for state in ("vehicle", "LPS") for n in (1, 2, 3)]
    files = {
        "GSE200004_cells_counts.csv.gz": gzip.compress(counts(columns, seed=2).to_csv().encode(), mtime=0),
        "GSE200004_EVs_counts.csv.gz": gzip.compress(counts(columns, seed=3).to_csv().encode(), mtime=0),
    }
    return Series("GSE200004", samples, files)


def rat():
    """A series of the rat; its columns are the samples' accessions."""
    series = Series("GSE200005", nerve(title="rat DRG {state} {n}", organism="Rattus norvegicus"))
    series.files["GSE200005_raw.txt.gz"] = as_text(counts([series.gsm(at) for at in range(6)], "rno"))
    return series


def normalised_only():
    """Reads per million, and nothing else."""
    table = counts([f"DRG_{state}_mouse_{n}" for state, n in STATES])
    return Series("GSE200006", nerve(), {"GSE200006_normalized_RPM.txt.gz": as_text(1e6 * table / table.sum())})


def microarray():
    """An array, whose family file has tables."""
    return Series(
        "GSE200007", nerve(platform="GPL21572"), {"GSE200007_RAW.tar": as_tar({"GSM1.CEL.gz": b"x"})},
        types=["Non-coding RNA profiling by array"], technology={"GPL21572": "in situ oligonucleotide"},
    )  # fmt: skip


def superseries():
    """A superseries of two."""
    relations = [
        "SuperSeries of: GSE200001",
        "SuperSeries of: GSE200002",
        "BioProject: https://www.ncbi.nlm.nih.gov/bioproject/PRJNA1",
    ]
    return Series("GSE200008", nerve(), relations=relations)


def mixed_organisms():
    """Mouse and human cells in one table."""
    samples = [
        Sample(f"{letter}_{state}_{n}", ["cell type: macrophage", f"treatment: {state}"], organism)
        for letter, organism in (("mouse", "Mus musculus"), ("human", "Homo sapiens"))
        for state in ("untreated", "LPS") for n in (1, 2)
    ]  # fmt: skip
    columns = [sample.title for sample in samples]
    mouse, human = counts(columns), counts(columns, "hsa")
    return Series("GSE200009", samples, {"GSE200009_counts.txt.gz": as_text(pd.concat([mouse, human]))})


def titles_that_do_not_match():
    """Columns that nothing in the records names."""
    columns = ["A7", "B2", "C9", "D4", "E1", "F8"]
    return Series("GSE200010", nerve(), {"GSE200010_counts.txt.gz": as_text(counts(columns))})


def keys_missing():
    """Keys that some samples lack, two spellings of one, values that look like YAML, a colon within a value."""
    own = {1: ["Disease State: {}", "Mutation: "], 2: ["smoker: yes", "Disease State: {}", "Mutation: null"],
           3: ["disease state: {}", "Mutation: on"]}  # fmt: skip
    samples = [
        Sample(
            f"patient {n} {state}",
            [*(text.format(state) for text in own[n]), f"time of day: 12:3{n}", f"code: 0{n}0"],
            "Homo sapiens",
        )
        for state in ("healthy control", "osteoarthritis")
        for n in (1, 2, 3)
    ]
    columns = [sample.title.replace(" ", ".") for sample in samples]
    return Series(
        "GSE200012", samples, {"GSE200012_counts.tsv.gz": as_text(counts(columns, "hsa"))}, title="Café study"
    )


def reads_only():
    """No supplementary file; the reads are in SRA."""
    return Series("GSE200013", nerve(), relations=["SRA: https://www.ncbi.nlm.nih.gov/sra?term=SRP123456"])


def by_order():
    """Columns that abbreviate the titles at their places."""
    samples = [Sample(f"Control rep{n}", ["treatment: control"]) for n in (1, 2, 3)]
    samples += [Sample(f"Treated rep{n}", ["treatment: taxol"]) for n in (1, 2, 3)]
    columns = ["C1", "C2", "C3", "T1", "T2", "T3"]
    return Series("GSE200014", samples, {"GSE200014_counts.txt.gz": as_text(counts(columns))})


def two_tables_of_the_same():
    """Counts of the same samples twice: aligned in two ways."""
    columns = [f"DRG_{state}_mouse_{n}" for state, n in STATES]
    files = {
        "GSE200015_bowtie_counts.txt.gz": as_text(counts(columns)),
        "GSE200015_star_counts.txt.gz": as_text(counts(columns, seed=5)),
    }
    return Series("GSE200015", nerve(), files)


def mrna_beside():
    """RNA-seq of the same animals beside the miRNAs: a table of genes, and samples without a column."""
    samples = nerve() + [
        Sample(f"mRNA, {state}, mouse {n}", [f"treatment: {state}"], strategy="RNA-Seq") for state, n in STATES
    ]
    genes = counts([f"g{at}" for at in range(6)])
    genes.index = [f"ENSMUSG{at:011d}" for at in range(len(genes))]
    columns = [f"DRG_{state}_mouse_{n}" for state, n in STATES]
    files = {"GSE200016_genes.txt.gz": as_text(genes), "GSE200016_mirna.txt.gz": as_text(counts(columns))}
    return Series("GSE200016", samples, files)


def organisms_in_tables_of_their_own():
    """Mouse and human, a table each."""
    series = mixed_organisms()
    titles = [sample.title for sample in series.samples]
    files = {
        "GSE200017_mouse.txt.gz": as_text(counts(titles[:4])),
        "GSE200017_human.txt.gz": as_text(counts(titles[4:], "hsa")),
    }
    return Series("GSE200017", series.samples, files)


def of_pigs():
    """A species of miRBase whose names do not come with mircargo."""
    table = counts([f"DRG_{state}_mouse_{n}" for state, n in STATES])
    table.index = table.index.str.replace("mmu-", "ssc-")
    return Series("GSE200018", nerve(organism="Sus scrofa"), {"GSE200018_counts.txt.gz": as_text(table)})


def of_voles():
    """A species that is not known here."""
    files = {"GSE200025_counts.txt.gz": as_text(counts(["a", "b"]))}
    return Series("GSE200025", nerve(organism="Microtus ochrogaster"), files)


ALL = [each for each in list(globals().values()) if callable(each) and getattr(each, "__module__", "") == __name__
       and each is not nerve]  # fmt: skip
