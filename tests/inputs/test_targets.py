"""Tables of targets in the layout of each program: all rows are made up."""

import gzip
import zipfile

import openpyxl
import pandas as pd
import pytest

from mircargo.config import TargetColumns, TargetTable
from mircargo.inputs.targets.reading import FORMATS, read_targets
from mircargo.problems import ProblemsFound

SCORES = """Gene ID\tGene Symbol\tTranscript ID\tGene Tax ID\tmiRNA\tSite Type\tUTR_start\tUTR end\tcontext++ score\t\
context++ score percentile\tweighted context++ score\tweighted context++ score percentile\tPredicted relative KD
ENSMUSG00000000101.3\tAaa1\tENSMUST00000000201.1\t10090\tmmu-miR-21a-5p\t3\t20\t27\t-0.41\t97\t-0.40\t97\tNULL
ENSMUSG00000000101.3\tAaa1\tENSMUST00000000201.1\t10090\tmmu-miR-590-5p\t3\t20\t27\t-0.35\t95\t-0.35\t95\tNULL
ENSMUSG00000000102.4\tBbb2\tENSMUST00000000202.1\t10090\tmmu-miR-21a-5p\t1\t88\t94\tNULL\tNULL\tNULL\tNULL\tNULL
ENSMUSG00000000102.4\tBbb2\tENSMUST00000000202.1\t9606\thsa-miR-21-5p\t2\t88\t94\t-0.10\t60\t-0.10\t60\tNULL
"""
INFO = """miR Family\tGene ID\tGene Symbol\tTranscript ID\tSpecies ID\tUTR start\tUTR end\tMSA start\tMSA end\t\
Seed match\tPCT
miR-21-5p/590-5p\tENSMUSG00000000101.3\tAaa1\tENSMUST00000000201.1\t10090\t20\t27\t30\t37\t8mer\t0.8
miR-21-5p/590-5p\tENSMUSG00000000102.4\tBbb2\tENSMUST00000000202.1\t10090\t88\t94\t99\t105\t7mer-1a\tNULL
let-7-5p/98-5p\tENSMUSG00000000102.4\tBbb2\tENSMUST00000000202.1\t9606\t8\t14\t9\t15\t7mer-m8\t0.1
"""
COUNTS = """Transcript ID\tGene Symbol\tmiRNA family\tSpecies ID\tTotal num conserved sites\t\
Number of conserved 8mer sites\tNumber of conserved 7mer-m8 sites\tNumber of conserved 7mer-1a sites\t\
Total num nonconserved sites\tNumber of nonconserved 8mer sites\tNumber of nonconserved 7mer-m8 sites\t\
Number of nonconserved 7mer-1a sites\tNumber of 6mer sites\tRepresentative miRNA\tTotal context++ score\t\
Cumulative weighted context++ score\tAggregate PCT\tPredicted occupancy - low miRNA
ENSMUST00000000201.1\tAaa1\tAGCUUAU\t10090\t1\t1\t0\t0\t2\t0\t2\t0\t1\tmmu-miR-21a-5p\t-0.8\t-0.7\t0.8\tNULL
ENSMUST00000000202.1\tBbb2\tGAGGUAG\t9606\t1\t0\t1\t0\t0\t0\t0\t0\t0\thsa-let-7a-5p\t-0.2\t-0.2\t0.5\tNULL
"""
MIRTARBASE = """miRTarBase ID,miRNA,Species (miRNA),Target Gene,Target Gene (Entrez ID),Species (Target Gene),\
Experiments,Support Type,References (PMID)
MIRT900001,mmu-miR-21a-5p,Mus musculus,Aaa1,10101,Mus musculus,"Luciferase reporter assay//qRT-PCR",Functional MTI,1
MIRT900001,mmu-miR-21a-5p,Mus musculus,Aaa1,10101,Mus musculus,Western blot,Functional MTI (Weak),2
MIRT900002,hsa-miR-21-5p,Homo sapiens,BBB2,10202,Homo sapiens,Western blot,Functional MTI,3
"""
TARBASE8 = """geneId\tgeneName\tmirna\tspecies\tcell_line\ttissue\tcategory\tmethod\tpositive_negative\t\
direct_indirect\tup_down\tcondition
ENSMUSG00000000101\tAaa1\tmmu-miR-21a-5p\tMus musculus\tA\tB\tC\tHITS-CLIP\tPOSITIVE\tDIRECT\tDOWN\tNA
ENSMUSG00000000102\tBbb2\tmmu-miR-21a-5p\tMus musculus\tA\tB\tC\tqPCR\tNEGATIVE\tINDIRECT\tUNKNOWN\tNA
"""
TARBASE9 = """species\tmirna_name\tmirna_id\tgene_name\tgene_id\tgene_location\ttranscript_name\ttranscript_id\t\
chromosome\tstart\tend\tstrand\texperimental_method\tregulation\ttissue\tcell_line\tarticle_pubmed_id\tconfidence\t\
interaction_group\tcell_type\tmicrot_score\tcomment
Mus musculus\tmmu-miR-21a-5p\tMIMAT0000530\tAaa1\tENSMUSG00000000101\t3UTR\tA\tENSMUST00000000201\t1\t10\t30\t+\t\
HITS-CLIP\tNegative\tB\tC\t1\t1\tprimary\tD\t0.9\tNA
"""
FEATURES = """FC\tGENE_ID\tMIR_ID\tTYPE\tLEN_3UTR\tM8SEED\tMIR
0.1\tFBgn0000101\tmiR1\t8m\t640\tACATTCC\tTGGAATGTAAAGAAGTATGGAG
0.1\tFBgn0000101\tmiR1\to6\t640\tACATTCC\tTGGAATGTAAAGAAGTATGGAG
0.1\tFBgn0000102\tmiR1\t6A1\t52\tACATTCC\tTGGAATGTAAAGAAGTATGGAG
"""
PLAIN = "family;target;seed match;score\nmiR-21-5p;Aaa1;7mer-A1;-0.2\nmiR-21-5p;Bbb2;8mer;-0.4\n"
HEADERLESS = "mmu-miR-21a-5p\tAaa1\nmmu-let-7a-5p\tBbb2\n"
HEADERED = "mirna\tgene\tkind\nmmu-miR-21a-5p\tAaa1\t8mer\nmmu-let-7a-5p\tBbb2\t7mer-1a\n"
NON_FUNCTIONAL = MIRTARBASE.replace("Functional MTI (Weak)", "Non-Functional MTI (Weak)")
SEEDS = "gene_symbol\tseed\nAaa1\tAGCUUAU\nBbb2\tGAGGUAG\n"
TABLES = {
    "targetscan_scores": SCORES, "targetscan_info": INFO, "targetscan_counts": COUNTS, "mirtarbase": MIRTARBASE,
    "tarbase": TARBASE8, "site_features": FEATURES, "plain": PLAIN,
}  # fmt: skip


def read(tmp_path, text, species="mmu", **settings):
    path = tmp_path / "targets.txt"
    path.write_text(text)
    return read_targets(str(path), TargetTable(table=str(path), **settings), species)


def cells(raw, *columns):
    return list(
        raw.rows[list(columns)].astype(object).fillna("not told").astype(str).itertuples(index=False, name=None)
    )


def test_each_format_is_recognised_by_its_columns(tmp_path):
    assert {*TABLES} == {*FORMATS}
    for name, text in TABLES.items():
        assert read(tmp_path, text).format == name


def test_targetscans_scores(tmp_path):
    raw = read(tmp_path, SCORES)
    assert cells(raw, "mirna", "Gene ID", "site_type") == [
        ("mmu-miR-21a-5p", "ENSMUSG00000000101.3", "8mer"),
        ("mmu-miR-590-5p", "ENSMUSG00000000101.3", "8mer"),
        ("mmu-miR-21a-5p", "ENSMUSG00000000102.4", "7mer-A1"),
    ]
    assert raw.rows["score"].tolist()[:2] == pytest.approx([-0.41, -0.35])
    assert pd.isna(raw.rows["score"][2]), "NULL is no score"
    assert (raw.n_rows, raw.left_out) == (4, {"genes of human": 1})


def test_targetscans_families(tmp_path):
    raw = read(tmp_path, INFO)
    assert cells(raw, "mirna", "Gene Symbol", "site_type") == [
        ("miR-21-5p/590-5p", "Aaa1", "8mer"), ("miR-21-5p/590-5p", "Bbb2", "7mer-A1"),
    ]  # fmt: skip


def test_targetscans_counts_of_sites_become_sites(tmp_path):
    raw = read(tmp_path, COUNTS)
    assert sorted(cells(raw, "site_type", "conserved")) == [
        ("6mer", "not told"), ("7mer-m8", "False"), ("7mer-m8", "False"), ("8mer", "True"),
    ]  # fmt: skip
    assert raw.rows["score"].tolist() == pytest.approx([-0.2] * 4), "a total of -0.8 over four sites"
    assert set(raw.rows["mirna"]) == {"AGCUUAU"}


@pytest.mark.parametrize(
    ("text", "left_out"),
    [(MIRTARBASE, {"genes of human": 1}), (TARBASE8, {"no interaction by the experiment": 1}), (TARBASE9, {})],
    ids=["mirtarbase", "tarbase8", "tarbase9"],
)
def test_experiments(tmp_path, text, left_out):
    raw = read(tmp_path, text)
    assert {each[0] for each in cells(raw, "mirna")} == {"mmu-miR-21a-5p"}
    assert "Aaa1" in {text for name in raw.layout.ids for text in raw.rows[name]}
    assert len(raw.rows) == sum(line.count("Aaa1") for line in text.splitlines())
    assert raw.left_out == left_out
    assert raw.layout.rows == "evidence"


def test_what_experiments_deny_is_no_target(tmp_path):
    # One of two reports says that the pair does not interact, in miRTarBase and in a table made of it.
    denied = {"no interaction by the experiment": 1}
    raw = read(tmp_path, NON_FUNCTIONAL)
    assert (len(raw.rows), raw.left_out) == (1, {"genes of human": 1} | denied)
    made = "mature_mirna_id\ttarget_symbol\tsupport_type\tx\nmmu-miR-21a-5p\tAaa1\tFunctional MTI\t1\n"
    raw = read(tmp_path, made + "mmu-miR-1a-3p\tBbb2\tNon-Functional MTI\t1\n")
    assert (cells(raw, "mirna"), raw.left_out) == ([("mmu-miR-21a-5p",)], denied)


@pytest.mark.parametrize(
    "text",
    [
        HEADERED,  # a column that no name tells
        HEADERED.split("\n", 1)[1],
        SEEDS.replace("seed", "seed\tz").replace("CUUAU", "CUUAU\t8mer").replace("GGUAG", "GGUAG\t7mer-A1"),
        SEEDS.replace("seed", "seed\tz")
        .replace("CUUAU", "CUUAU\t8mer")
        .replace("GGUAG", "GGUAG\t7m8")
        .split("\n", 1)[1],
        "site\tseed\tgene\n1\t8mer\tAGCUUAU\tAaa1\n2\t7mer-m8\tGAGGUAG\tBbb2\n",  # R's names of rows
    ],
    ids=["not named", "no header", "seeds", "seeds, no header", "names of rows"],
)
def test_types_of_site_are_known_by_their_cells(tmp_path, text):
    # Without them 6mers would count as targets, and dilute them.
    raw = read(tmp_path, text)
    assert raw.rows["site_type"].iloc[0] == "8mer"
    assert raw.rows["site_type"].astype(str).str.startswith(("8", "7")).all()
    assert len(raw.rows) == 2
    assert raw.unknown_types == {}


def test_targetscans_columns_in_another_spelling(tmp_path):
    # Columns cut out, heads in another case, types in words.
    text = SCORES.replace("Site Type", "Site type").replace("UTR_start", "UTR start").replace("\t3\t20", "\t8mer\t20")
    raw = read(tmp_path, text)
    assert raw.format == "targetscan_scores"
    assert raw.rows["site_type"].tolist() == ["8mer", "8mer", "7mer-A1"]
    few = "Gene Symbol\tmiRNA\tSite Type\tcontext++ score\nAaa1\tmiR-21-5p\t3\t-0.4\nBbb2\tmiR-21-5p\t-3\t-0.1\n"
    raw = read(tmp_path, few)
    assert (raw.format, raw.rows["site_type"].tolist()) == ("targetscan_scores", ["8mer", "other"])
    assert raw.unknown_types == {"-3": 1}


def test_a_row_without_a_mirna_leaves_no_name_of_one(tmp_path):
    raw = read(tmp_path, HEADERED + "\tCcc3\t8mer\n")
    assert raw.left_out == {"no miRNA or no gene": 1}
    assert "" not in raw.rows["mirna"].cat.categories


def test_a_spreadsheets_unicode_text_is_named(tmp_path):
    path = tmp_path / "targets.txt"
    path.write_text(HEADERED, encoding="utf-16")
    with pytest.raises(ProblemsFound, match="not text in UTF-8") as error:
        read_targets(str(path), TargetTable(table=str(path)), "mmu")
    assert "UTF-16" in error.value.problems[0].found


def test_features_of_sites(tmp_path):
    raw = read(tmp_path, FEATURES, "other")
    assert raw.rows["site_type"].tolist() == ["8mer", "offset-6mer", "other"]
    assert raw.rows["utr3_length"].tolist() == [640, 640, 52]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN, [("miR-21-5p", "Aaa1"), ("miR-21-5p", "Bbb2")]),
        (HEADERLESS, [("mmu-miR-21a-5p", "Aaa1"), ("mmu-let-7a-5p", "Bbb2")]),
        (SEEDS, [("AGCUUAU", "Aaa1"), ("GAGGUAG", "Bbb2")]),
    ],
    ids=["semicolons", "no header", "seeds"],
)
def test_any_table_of_mirnas_and_genes(tmp_path, text, expected):
    raw = read(tmp_path, text)
    assert cells(raw, "mirna", raw.layout.ids[0]) == expected


def test_columns_can_be_named(tmp_path):
    text = "a\tb\tc\nAaa1\tmiR-21-5p\tBbb2\n"
    raw = read(tmp_path, text, columns=TargetColumns(mirna="b", gene="c"))
    assert cells(raw, "mirna", "c") == [("miR-21-5p", "Bbb2")]


@pytest.mark.parametrize("how", ["gzip", "zip", "xlsx"])
def test_packed_tables_are_read_as_they_are(tmp_path, how):
    path = tmp_path / "packed"
    if how == "gzip":
        path.write_bytes(gzip.compress(SCORES.encode()))
    elif how == "zip":
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("Scores.txt", SCORES)
    else:
        book = openpyxl.Workbook()
        book.active.append(["About this table"])
        book.active = book.create_sheet("sites")
        for line in SCORES.splitlines():
            book.active.append(line.split("\t"))
        book.save(path)
    plain = read(tmp_path, SCORES)
    raw = read_targets(str(path), TargetTable(table=str(path)), "mmu")
    assert cells(raw, "mirna", "Gene ID", "site_type", "score") == cells(
        plain, "mirna", "Gene ID", "site_type", "score"
    )


def test_scores_can_be_limited(tmp_path):
    raw = read(tmp_path, SCORES, max_score=-0.4)
    assert cells(raw, "mirna", "Gene Symbol") == [("mmu-miR-21a-5p", "Aaa1")]
    assert sum(raw.left_out.values()) == 3


@pytest.mark.parametrize(
    ("text", "species", "settings", "code", "found"),
    [
        (SCORES, "rno", {}, "targets_of_other_species", "3 rows of mouse, 1 row of human"),
        (MIRTARBASE, "dre", {}, "targets_of_other_species", "2 rows of mouse, 1 row of human"),
        ("a\tb\n1\t2\n3\t4\n", "mmu", {}, "no_columns_of_targets", "columns a, b"),
        (PLAIN, "mmu", {"columns": TargetColumns(gene="targett")}, "no_such_column", "'targett'"),
        (MIRTARBASE, "mmu", {"max_score": -0.1}, "no_scores", ""),
        (SCORES, "mmu", {"max_score": -2}, "no_targets_left", "1: genes of human"),
        (SCORES.splitlines()[0] + "\n", "mmu", {}, "no_table", "1 lines of text"),
        # A decimal comma is no missing score, and a limit that keeps the weak sites is none.
        (PLAIN.replace("-0.4", "-0,4"), "mmu", {}, "not_a_number", "'-0,4'"),
        (SCORES, "mmu", {"min_score": -0.4}, "weak_sites_only", "-0.41 to -0.35"),
        (COUNTS.replace("\t1\t1\t0\t0\t2", "\t1\t-1\t0\t0\t2"), "mmu", {}, "not_a_number_of_sites", "'-1'"),
        (COUNTS.replace("\t1\t1\t0\t0\t2", "\t1\t0.5\t0\t0\t2"), "mmu", {}, "not_a_number_of_sites", "'0.5'"),
        (HEADERED.replace("Aaa1\t8mer", "Aaa1\t8mer\tx"), "mmu", {}, "row_lengths_differ", "4 cells, and 3"),
        ("gene\tmmu-miR-21a-5p\tmmu-miR-1a-3p\nAaa1\t1\t0\n", "mmu", {}, "no_columns_of_targets", "mmu-miR-21a-5p"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_message(tmp_path, text, species, settings, code, found):
    with pytest.raises(ProblemsFound) as error:
        read(tmp_path, text, species, **settings)
    (problem,) = error.value.problems
    assert problem.code == code
    assert found in problem.found
    assert str(tmp_path / "targets.txt") in problem.where


def test_a_download_that_broke_off_is_refused(tmp_path):
    path = tmp_path / "cut.txt.gz"
    path.write_bytes(gzip.compress((SCORES * 50).encode(), mtime=0)[:-30])
    with pytest.raises(ProblemsFound, match="cannot be read to its end"):
        read_targets(str(path), TargetTable(table=str(path)), "mmu")


def test_rows_are_read_alike_in_pieces(tmp_path, monkeypatch):
    whole = read(tmp_path, SCORES)
    monkeypatch.setattr("mircargo.inputs.targets.reading.CHUNK", 1)
    pieces = read(tmp_path, SCORES)
    pd.testing.assert_frame_equal(
        whole.rows.astype(object), pieces.rows.astype(object), check_dtype=False, check_categorical=False
    )
    assert whole.left_out == pieces.left_out
