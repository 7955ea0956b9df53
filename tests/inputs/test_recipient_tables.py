"""Messenger RNA of the recipient as programs write it: counts, results, and facts of genes; all rows are made up."""

import io

import numpy as np
import pandas as pd
import pytest

from mircargo.config import CountTable, ResultColumns
from mircargo.inputs.recipient.counts import read_gene_counts
from mircargo.inputs.recipient.genes import read_gene_table
from mircargo.inputs.recipient.results import read_gene_results
from mircargo.problems import ProblemsFound

GENES = [f"ENSMUSG{i:011d}.2" for i in range(30)]
COUNTS = np.random.default_rng(5).negative_binomial(3, 0.01, (30, 3)) * [1, 2, 3]


def counts_as(kind: str) -> str:
    table = pd.DataFrame(COUNTS, columns=["a", "b", "c"], dtype=float if kind == "salmon" else int)
    if kind == "featureCounts":
        table.columns = [f"/x/{name}.bam" for name in table]
        for name in ("Length", "Strand", "End", "Start", "Chr"):
            table.insert(0, name, 1000 if name == "Length" else "+" if name == "Strand" else "1;1")
        text = table.assign(Geneid=GENES)[["Geneid", *table.columns]].to_csv(sep="\t", index=False)
        return f"# Program:featureCounts v2.0.6\n{text}"
    table.insert(0, "gene_id", GENES)
    if kind == "htseq":
        table.loc[30] = ["__no_feature", 10_000, 20_000, 30_000]
        table.loc[31] = ["__ambiguous", 100, 200, 300]
    if kind == "salmon":
        table.insert(1, "gene_name", [f"Gene{i}" for i in range(30)])
        table.loc[::3, ["a", "b", "c"]] += 0.25
        table.loc[1, "a"] += 0.5
    return table.to_csv(sep="\t", index=False)


@pytest.mark.parametrize("kind", ["plain", "featureCounts", "htseq", "salmon"])
def test_counts_as_programs_write_them(tmp_path, kind):
    path = tmp_path / "counts.tsv"
    path.write_text(counts_as(kind))
    read = read_gene_counts(str(path), CountTable(table=str(path)))
    assert read.table.ids == GENES
    assert list(read.table.counts) == ["a", "b", "c"]
    # Salmon's estimates: a quarter of a read is rounded away, and half of one to the even number.
    expected = COUNTS.copy()
    expected[1, 0] += expected[1, 0] % 2 if kind == "salmon" else 0
    assert (read.table.counts.to_numpy() == expected).all()
    if kind == "htseq":
        assert sum("reads of no feature" in note for note in read.table.notes) == 2
    if kind == "salmon":
        assert read.ids["gene_name"].tolist() == [f"Gene{i}" for i in range(30)]


def test_tpm_in_salmons_layout_is_refused(tmp_path):
    path = tmp_path / "tpm.tsv"
    table = pd.DataFrame(COUNTS / COUNTS.sum(axis=0) * 1e6, columns=["a", "b", "c"])
    table.insert(0, "gene_name", GENES)
    table.insert(0, "gene_id", GENES)
    table.to_csv(path, sep="\t", index=False)
    with pytest.raises(ProblemsFound) as error:
        read_gene_counts(str(path), CountTable(table=str(path)))
    assert [each.code for each in error.value.problems] == ["not_raw_counts"]


DESEQ2 = """"","baseMean","log2FoldChange","lfcSE","stat","pvalue","padj"
"Aaa1",100.5,-0.5,0.1,-5,1e-6,1e-5
"Bbb2",0,NA,NA,NA,NA,NA
"Ccc3",20,0.25,0.2,1.2,0.2,NA
"""
EDGER = "logFC\tlogCPM\tF\tPValue\tFDR\nAaa1\t-0.5\t3\t25\t1e-6\t1e-5\nCcc3\t0.25\t1\t1\t0.2\t0.4\n"
LIMMA = (
    "ID\tlogFC\tAveExpr\tt\tP.Value\tadj.P.Val\tB\nAaa1\t-0.5\t3\t-5\t1e-6\t1e-5\t4\nCcc3\t0.25\t1\t1\t0.2\t0.4\t-3\n"
)
BARE = "Aaa1\t-0.5\nBbb2\tNA\nCcc3\t0.25\n"


@pytest.mark.parametrize(
    ("text", "base_mean", "standard_error"),
    [(DESEQ2, 100.5, 0.1), (EDGER, 8, None), (LIMMA, 8, None), (BARE, None, None)],
    ids=["DESeq2", "edgeR", "limma", "no header"],
)
def test_results_as_programs_write_them(tmp_path, text, base_mean, standard_error):
    path = tmp_path / "results.txt"
    path.write_text(text)
    table, _, _ = read_gene_results(str(path), ResultColumns())
    table = table.set_index("gene")
    assert table["log2FoldChange"].dropna().to_dict() == {"Aaa1": -0.5, "Ccc3": 0.25}
    for name, value in {"baseMean": base_mean, "lfcSE": standard_error}.items():
        assert (name in table) == (value is not None)
        if value is not None:
            assert table.loc["Aaa1", name] == value
    if base_mean is not None:
        assert table.loc["Aaa1", ["pvalue", "padj"]].tolist() == [1e-6, 1e-5]


def test_columns_of_results_can_be_named(tmp_path):
    path = tmp_path / "results.tsv"
    path.write_text("Bbb2_is\tname\tchange\nA\tAaa1\t-0.5\nB\tBbb2\t0.1\n")
    table, others, _ = read_gene_results(str(path), ResultColumns(gene="name", log2_fold_change="change"))
    assert table.to_dict("list") == {"gene": ["Aaa1", "Bbb2"], "log2FoldChange": [-0.5, 0.1]}
    assert list(others) == ["Bbb2_is"]


@pytest.mark.parametrize("first", ["id\tdirection", "chromosome\tstrand"])
def test_genes_are_where_the_names_are(tmp_path, first):
    # A column of two words is none of genes, though it is the first with letters.
    path = tmp_path / "results.tsv"
    rows = "".join(f"{i}\t{'up' if i % 2 else 'down'}\tGene{i}\t{(i - 15) / 10}\n" for i in range(30))
    path.write_text(f"{first}\tMySymbol\tlogFC\n{rows}")
    table, _, _ = read_gene_results(str(path), ResultColumns())
    assert table["gene"].tolist() == [f"Gene{i}" for i in range(30)]


def test_probes_of_a_gene_are_no_contrasts(tmp_path):
    # A third of the genes of an array have several probes.
    path = tmp_path / "results.tsv"
    path.write_text(changes([*LOG2, *[x + 0.3 for x in LOG2[:20]]], genes=[*range(60), *range(20)]))
    table, _, _ = read_gene_results(str(path), ResultColumns())
    assert len(table) == 80


def changes(values, head="gene\tlogFC\tP.Value", genes=range(60)) -> str:
    pairs = enumerate(zip(genes, values, strict=False))
    lines = [f"Gene{i}\t{value}\t{0.02 * place % 1:.2f}" for place, (i, value) in pairs]
    return "\n".join([head, *lines, ""])


LOG2 = [0.1 * (i - 20) for i in range(60)]
SIGNED = [2**x if x >= 0 else -(2**-x) for x in LOG2]
SIDE_BY_SIDE = changes([f"{x}\t{-x}" for x in LOG2], "gene\tlogFC\tlogFC\tP.Value")
CALLED = changes(LOG2).splitlines()[0] + "".join(f"\nGene{i}\t{x}\t0.0{i % 5}" for i, x in enumerate(LOG2))
WHOLE = "gene,baseMean,log2FoldChange,lfcSE,pvalue\nA,30,-1,0.2,0.5\nB,20,1,0.4,1e-9\n"


def book(path, **sheets) -> None:
    with pd.ExcelWriter(path) as writer:
        for name, text in sheets.items():
            pd.read_csv(io.StringIO(text)).to_excel(writer, sheet_name=name, index=False)


def test_the_sheet_of_results_is_found_and_of_two_none_is_taken(tmp_path):
    path = tmp_path / "results.xlsx"
    book(path, readme="note\nx\n", late=WHOLE)
    table, _, _ = read_gene_results(str(path), ResultColumns())
    assert table["log2FoldChange"].tolist() == [-1, 1]
    book(path, early=WHOLE.replace("-1", "-2"), late=WHOLE)
    with pytest.raises(ProblemsFound) as error:
        read_gene_results(str(path), ResultColumns())
    (problem,) = error.value.problems
    assert (problem.code, problem.found) == ("several_sheets", "'early', 'late'")


RATIOS = "gene\tlog2FC\n" + "".join(f"Gene{i}\t{0.5 + i / 10}\n" for i in range(30))


@pytest.mark.parametrize(
    ("text", "code", "place", "found"),
    [
        ("gene\tfold_change\nA\t2\nB\t3\n", "no_fold_changes", "", "fold_change"),
        ("gene\tlogFC\nA\t-1\nB\tup\n", "not_a_number", "row 3, column 'logFC'", "'up'"),
        ("gene\tlogFC\nA\t-1\nB\t512\n", "not_log2", "row 3, column 'logFC'", "512"),
        (RATIOS, "not_log2", "column 'log2FC'", "0.5 to 3.4"),
        ("logFC\tpvalue\n1\t0.1\n2\t0.2\n", "no_genes", "", "logFC"),
        # -2 is half and 2 the double: read as log2 a shift would be many times what it is.
        (changes(SIGNED), "not_log2", "column 'logFC'", "-4 to"),
        (changes([x - 5 for x in LOG2]), "not_log2", "column 'logFC'", "-7 to"),
        # One contrast below the other: the first would be taken, whichever it is.
        (changes(LOG2 + LOG2[::-1], genes=[*range(60), *range(60)]), "several_contrasts", "", "60 of 60"),
        (SIDE_BY_SIDE, "several_fold_changes", "", "'logFC' (column 2), 'logFC' (column 3)"),
        (WHOLE.replace("0.4,1e-9", "-0.4,1e-9"), "impossible_value", "row 3, column 'lfcSE'", "-0.4"),
        (WHOLE.replace("20,1", "-20,1"), "impossible_value", "row 3, column 'baseMean'", "-20"),
        (WHOLE.replace("1e-9", "19"), "impossible_value", "row 3, column 'pvalue'", "19"),
        (WHOLE.replace("20,1", "0,1").replace("30,-1", "0,-1"), "no_expressed_gene", "", ""),
        (CALLED, "called_genes_only", "", "60 genes, the highest p-value is 0.04"),
    ],
    ids=[
        "not log2",
        "text",
        "too large",
        "ratios",
        "no genes",
        "signed ratios",
        "fallen only",
        "stacked",
        "side by side",
        "error below 0",
        "mean below 0",
        "p above 1",
        "nothing expressed",
        "called only",
    ],
)
def test_results_that_cannot_be_used(tmp_path, text, code, place, found):
    path = tmp_path / "results.tsv"
    path.write_text(text)
    with pytest.raises(ProblemsFound) as error:
        read_gene_results(str(path), ResultColumns())
    (problem,) = error.value.problems
    assert problem.code == code
    assert place in problem.where
    assert str(path) in problem.where
    assert found in problem.found


def test_facts_of_genes(tmp_path):
    path = tmp_path / "genes.csv"
    path.write_text("Gene name,Gene % GC content,LEN_3UTR\nAaa1,45.5,1000\nBbb2,NA,\n")
    table, ids, notes = read_gene_table(str(path))
    assert ids == ["Gene name"]
    assert table["gc"][0] == pytest.approx(0.455)
    assert table.iloc[1][["gc", "utr3_length"]].isna().all()
    assert any("percent" in note for note in notes)
    path.write_text("gene,length\nAaa1,5\n")
    with pytest.raises(ProblemsFound, match="no column of lengths of 3'UTRs"):
        read_gene_table(str(path))
