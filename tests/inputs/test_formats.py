"""What each format means, on small tables made by hand; and archives, spreadsheets and other dresses."""

import datetime
import io
import tarfile
import zipfile

import openpyxl
import pytest
from builders import BUILDERS, COUNTS, IDS

from mircargo.inputs import content
from mircargo.inputs.registry import FORMATS, read_table
from mircargo.problems import ProblemsFound


def made(tmp_path, text, name="s1.txt", format_name="auto"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path, format_name)


def test_every_format_of_the_registry_is_a_choice_of_the_configuration():
    from typing import get_args

    from mircargo.config import FormatName

    assert set(get_args(FormatName)) == {"auto", *FORMATS}


def test_a_second_format_that_would_fit_is_said(tmp_path):
    table = made(tmp_path, "\ta\tb\nhsa-miR-1|hsa-miR-2\t1\t2\nhsa-miR-9\t1\t2\ntotaldepth\t2\t4\n")
    assert table.format == "chimira"
    assert "would also fit excerpt (no name of the first column" in table.notes[0]


def test_chimira_ids_become_mature_names_and_totals_are_held_against_the_sums(tmp_path):
    ids = [
        "mmu-mir-9-2-5p",
        "mmu-mir-9-1-5p",
        "mmu-mir-16-1-3p",
        "mmu-let-7a-2-3p",
        "mmu-let-7a-1-5p",
        "mmu-mir-21a-5p",
    ]
    text = "\ta\n" + "".join(f"{name}\t{n}\n" for n, name in enumerate(ids, 1))
    table = made(tmp_path, text + "totaldepth\t21\n")
    assert table.ids == [
        "mmu-miR-9-5p",
        "mmu-miR-9-5p",
        "mmu-miR-16-1-3p",
        "mmu-let-7a-2-3p",
        "mmu-let-7a-5p",
        "mmu-miR-21a-5p",
    ]
    assert table.same_feature == "sum"
    assert "left out: row 8, 'totaldepth', the sum of the others" in table.notes
    with pytest.raises(ProblemsFound, match="row 8: a row is named as a total and is not the sum"):
        made(tmp_path, text + "totaldepth\t22\n")


def test_names_that_r_mangled_are_restored(tmp_path):
    table = made(
        tmp_path, '"" "a" "b"\n"mmu.miR.21a.5p" 1 2\n"mmu.let.7a.1.3p_MIMAT0004620_Mus_musculus_let.7a.1.3p" 3 4\n'
    )
    assert table.ids == [
        "mmu-miR-21a-5p",
        "mmu-let-7a-1-3p_MIMAT0004620_Mus-musculus_let-7a-1-3p".replace("Mus-", "Mus_"),
    ]
    assert "2 names have the dots of R" in table.notes[-1]
    turned = made(tmp_path, ",mmu.miR.21a.5p_MIMAT0000530_x,mmu.miR.1_MIMAT0000123_x\nq.mature,5,6\n", "m.csv")
    assert turned.format == "nfcore_smrnaseq"
    assert turned.ids[0] == "mmu-miR-21a-5p_MIMAT0000530_x"


def test_excerpt_merged_has_fractions_and_joined_ids(tmp_path):
    text = "\ts1\ts2\nhsa-miR-21-5p\t10.5\t4\nhsa-miR-1|hsa-miR-2\t3\t1.25\nhsa-let-7a-5p\t7\t8\nhsa-miR-9-5p\t7\t0\n"
    table = made(tmp_path, text)
    assert (table.format, table.fractional) == ("excerpt", True)
    assert table.counts["s1"].tolist() == [10.5, 3, 7, 7]
    assert table.ids[1] == "hsa-miR-1|hsa-miR-2"


def test_normalised_values_do_not_pass_as_fractions(tmp_path):
    text = "\ts1\ts2\nhsa-miR-21-5p\t10.5\t4.31\nhsa-miR-1|hsa-miR-2\t3.2\t1.25\nhsa-let-7a-5p\t7.1\t8.4\n"
    with pytest.raises(ProblemsFound, match="not raw counts"):
        made(tmp_path, text)
    cpm = "".join(f",{name}_MIMAT000000{i}" for i, name in enumerate(IDS))
    with pytest.raises(ProblemsFound, match="they are counts per million"):
        made(tmp_path, f"{cpm}\ns1,900000.5,99999.5,0,0,0\ns2,100.25,999899.75,0,0,0\n", "mature_normalized_CPM.csv")


def test_an_empty_cell_of_smallrnaseq_is_a_zero(tmp_path):
    table = made(tmp_path, "name,db,s1,s2,s1 norm,s2 norm,total_reads\nhsa-miR-1,m,,5,,2.5,5\nhsa-miR-2,m,3,4,1,1,7\n")
    assert table.counts.to_numpy().tolist() == [[0, 5], [3, 4]]
    assert "1 empty cells are zeros" in table.notes
    assert "left out: db, s1 norm, s2 norm, total_reads" in table.notes


def test_gdc_isoforms_are_summed_by_accession_and_the_rest_is_said(tmp_path):
    head = "miRNA_ID\tisoform_coords\tread_count\treads_per_million_miRNA_mapped\tcross-mapped\tmiRNA_region\n"
    rows = [("1-22", 5, "mature,MIMAT0000062"), ("1-23", 6, "mature,MIMAT0000062"), ("3-9", 2, "stemloop")]
    text = head + "".join(f"hsa-let-7a-1\thg38:chr9:{at}:+\t{n}\t1.5\tN\t{where}\n" for at, n, where in rows)
    table = made(tmp_path, text, "TCGA-1.isoforms.quantification.txt")
    assert table.ids == ["MIMAT0000062", "MIMAT0000062"]
    assert table.counts.to_dict("list") == {"TCGA-1": [5, 6]}
    assert "left out: 1 rows, 2 reads outside of the mature miRNAs" in table.notes


def test_the_same_isomir_of_two_hairpins_counts_once(tmp_path):
    line = "hsa-mir-9-{}\tx\tisomiR\t5\t23\t0\t+\t.\tRead ACGT; UID u; Name hsa-miR-9-5p; Variant NA; "
    line += "Expression 5,{}; Filter {}\n"
    text = "## COLDATA: b,a\n" + line.format(1, 6, "Pass") + line.format(2, 6, "Pass") + line.format(3, 9, "Reject")
    table = made(tmp_path, text, "x.gff")
    assert table.counts.to_dict("list") == {"b": [5], "a": [6]}
    assert table.rows == [2]
    assert any("1 rows with 11 reads that are the same read" in note and "rows 3" in note for note in table.notes)
    assert any("1 lines with 14 reads that did not pass the filter" in note for note in table.notes)


def test_srnabench_takes_the_maximum_or_the_single_assignment(tmp_path):
    head = "name\tunique reads\tread count{}\tread count (M{})\tRPM (lib)\n"
    row = "hsa-let-7a-5p\t2\t40\t20\t1.5\n"
    table = made(tmp_path, head.format("", "ult. map. adj.") + row * 2, "mature_sense.grouped")
    assert (table.same_feature, table.counts["mature_sense"].tolist()) == ("maximum", [40, 40])
    table = made(tmp_path, head.format(" (SA)", "A") + row, "mature_sense_SA.grouped")
    assert (table.same_feature, table.absent_is_zero) == ("sum", True)


def test_fragments_of_trna_have_their_biotype(tmp_path):
    assert made(tmp_path, "entry name,a\nLys_Comb_1,3\n").biotypes == ["tRNA"]
    assert made(tmp_path, "DB\tName\tID\tCount\nx\tpiR-1\tp\t3\n", "s_piRNA.txt").biotypes == ["piRNA"]


def test_totals_and_unassigned_reads_of_a_plain_table_are_left_out(tmp_path):
    text = "id\ta\tb\tTotal\nhsa-miR-1\t1\t2\t3\nhsa-miR-2\t4\t5\t9\n__no_feature\t7\t7\t14\nTotal\t12\t14\t26\n"
    table = made(tmp_path, text)
    assert table.counts.to_dict("list") == {"a": [1, 4], "b": [2, 5]}
    assert [note for note in table.notes if "left out" in note] == [
        "left out: column 'Total', the sum of the others",
        "left out: row 5, 'Total', the sum of the others",
        "left out: row 4, '__no_feature', 14 reads of no feature",
    ]


def test_decimal_commas_and_thousands(tmp_path):
    table = made(tmp_path, "id;a;b\nhsa-miR-1;3,0;4,00\nhsa-miR-2;5,0;6\n")
    assert table.counts.to_dict("list") == {"a": [3, 5], "b": [4, 6]}
    assert "numbers are written with a decimal comma" in table.notes
    with pytest.raises(ProblemsFound, match="row 2, column 'a': an ambiguous number"):
        made(tmp_path, "id;a;b\nhsa-miR-1;3,000;4\nhsa-miR-2;5,0;6\n")


def test_annotation_is_left_out_only_where_every_cell_is_text(tmp_path):
    table = made(tmp_path, "id\tseq\tacc\ta\nhsa-miR-1\tACGT\tMIMAT0000416\t3\nhsa-miR-2\tACG\tMIMAT0000417\t4\n")
    assert table.ids == ["hsa-miR-1_MIMAT0000416", "hsa-miR-2_MIMAT0000417"]
    assert "left out: columns about the features, 'seq'" in table.notes
    with pytest.raises(ProblemsFound, match="row 2, column 'seq': not a number"):
        made(tmp_path, "id\tseq\ta\nhsa-miR-1\tACGT\t3\nhsa-miR-2\t7\t4\n")


def test_text_about_samples_is_left_out_of_a_turned_table(tmp_path):
    table = made(tmp_path, "sample,group,hsa-miR-1-3p,hsa-miR-2\n1,ctl,5,6\n2,trt,7,8\n")
    assert (table.format, table.rows) == ("plain", [3, 4])
    assert table.counts.to_dict("list") == {"1": [5, 6], "2": [7, 8]}
    assert "left out: columns about the samples, 'group'" in table.notes


def test_one_sample_without_a_name_is_named_after_its_file(tmp_path):
    assert made(tmp_path, "hsa-miR-1\t3\nhsa-miR-2\t4\n", "GSM1.counts.txt").counts.to_dict("list") == {"GSM1": [3, 4]}
    assert made(tmp_path, "miRNA\tcount\nhsa-miR-2\t4\n", "GSM2.txt").counts.columns.tolist() == ["GSM2"]
    with pytest.raises(ProblemsFound, match="no header"):
        made(tmp_path, "hsa-miR-1\t3\t4\nhsa-miR-2\t4\t5\n")


def sheet(tmp_path, rows, more=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title in more:
        book.create_sheet(title)
    book.save(tmp_path / "t.xlsx")
    return tmp_path / "t.xlsx"


def test_a_spreadsheet_with_a_title_and_more_sheets(tmp_path):
    rows = [["Supplementary Table 4"], [], ["miRNA", "a", "b"], ["hsa-miR-1", 3, 4.0], ["hsa-miR-2", 5, 6]]
    table = read_table(sheet(tmp_path, rows, ["README"]))
    assert table.counts.to_dict("list") == {"a": [3, 5], "b": [4, 6]}
    assert table.rows == [4, 5]
    assert "a title above the table is left out: Supplementary Table 4" in table.notes
    assert "the first sheet, 'Sheet', is read; left out: README" in table.notes


def test_dates_made_of_names_are_refused_with_the_cell(tmp_path):
    rows = [["id", "a"], ["hsa-miR-1", 3], [datetime.datetime(2021, 3, 5), 4]]
    with pytest.raises(ProblemsFound, match=r"row 3 \(cell A3\): a name that is a date\n.*2021-03-05"):
        read_table(sheet(tmp_path, rows))
    with pytest.raises(ProblemsFound, match="a name that is a date"):
        made(tmp_path, "id\ta\nhsa-miR-1\t3\n5-Mar\t4\n")


def packed(tmp_path, members, kind="tar.gz"):
    path = tmp_path / f"GSE1_RAW.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in members.items():
                archive.writestr(name, text)
    else:
        with tarfile.open(path, "w:gz" if kind == "tar.gz" else "w") as tar:
            for name, text in members.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(text.encode())
                tar.addfile(entry, io.BytesIO(text.encode()))
    return path


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_an_archive_of_one_file_a_sample_is_one_table(tmp_path, kind):
    one = {
        "GSM1_a.txt": "id\tcount\nhsa-miR-1\t3\nhsa-miR-2\t4\n",
        "x/GSM2_b.txt": "id\tcount\nhsa-miR-2\t5\nhsa-miR-1\t6\n",
    }
    table = read_table(packed(tmp_path, one, kind))
    assert table.ids == ["hsa-miR-1", "hsa-miR-2"]
    assert table.counts.to_dict("list") == {"GSM1_a": [3, 4], "GSM2_b": [6, 5]}


def test_absent_features_of_an_archive_are_zeros_only_where_the_format_says_so(tmp_path):
    plain = {"a.txt": "id\tcount\nhsa-miR-1\t3\n", "b.txt": "id\tcount\nhsa-miR-2\t5\n"}
    with pytest.raises(ProblemsFound, match=r"1 features of the other files have no row here\n.*hsa-miR-2"):
        read_table(packed(tmp_path, plain))
    head = "ReferenceID\tuniqueReadCount\ttotalReadCount\tmultimapAdjustedReadCount\n"
    name = "readCounts_miRNAmature_sense.txt"
    both = {f"s1/{name}": f"{head}hsa-miR-1:x\t1\t1\t1.5\n", f"s2/{name}": f"{head}hsa-miR-2:x\t1\t1\t2.0\n"}
    table = read_table(packed(tmp_path, both))
    assert table.counts.to_dict("list") == {"s1": [1.5, 0], "s2": [0, 2.0]}


def test_isomirs_of_an_archive_stand_side_by_side(tmp_path):
    cells = [[str(value) for value in row[:1]] for row in COUNTS]
    text = "\n".join(BUILDERS["seqbuster"].lines(cells)) + "\n"
    table = read_table(packed(tmp_path, {"a.mirna": text, "b.mirna": text.replace("ACGT0", "ACGA0")}))
    assert table.counts["a"].tolist() == table.counts["b"].tolist() == [row[0] for row in COUNTS]
    assert len(table.isomirs) == 6
    assert table.isomirs[["a", "b"]].sum().tolist() == table.counts.sum().tolist()


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"../a.txt": "x"}, "names a file outside of itself"),
        ({"/etc/a.txt": "x"}, "names a file outside of itself"),
        ({}, "holds no file"),
        (
            {"a.txt": "id\tcount\nhsa-miR-1\t3\n", "x/a.txt": "id\tcount\nhsa-miR-1\t3\n", "y/b.txt": "notes"},
            "no table|rows",
        ),
        ({"a.txt": "id\tcount\nhsa-miR-1\t3\n", "b.txt": "mirna\tcount\nhsa-miR-1\t3\n"}, "of several formats"),
    ],
)
@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_bad_archives_are_refused(tmp_path, members, message, kind):
    with pytest.raises(ProblemsFound, match=message):
        read_table(packed(tmp_path, members, kind))


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_archives_that_would_fill_the_memory_are_refused(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(content, "MAX_UNPACKED_BYTES", 10_000)
    with pytest.raises(ProblemsFound, match="larger than 10,000 bytes"):
        read_table(packed(tmp_path, {"a.txt": "0" * 20_000}, kind))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("feature\ta\nhsa-miR-1\t3\t4\nhsa-miR-2\t5\t6\n", "header and rows have different lengths"),
        ("id\ta\tb\nhsa-miR-1\t3\t4\nhsa-miR-2\t5\n", "row 3, column 'b': .*cells are missing"),
        ('id\ta\nhsa-miR-1\t"3\nhsa-miR-2\t5\n', "row 2: a quotation mark is not closed"),
        ("id\ta\t\nhsa-miR-1\t3\t4\nhsa-miR-2\t5\t6\n", "a sample column without a name"),
        ("id\ta\nhsa-miR-1\t99999999999999\n", "a count larger than any library"),
        ("id\ta\tb\nhsa-miR-1\tTRUE\t1\nhsa-miR-2\t5\t2\n", "row 2, column 'a': not a number"),
        ("## COLDATA: a,b\nm\tx\tisomiR\t5\t23\t0\t+\t.\tRead A; Name n; Expression 5;\n", "1 counts for 2 samples"),
        ('UID\tmiRNA\tVariant\t"a\tb"\nu\tm\tNA\t"1"\n', "the quoted cell of the samples is short"),
        ("miRNA\tlog2FoldChange\tpadj\nhsa-miR-1\t1\t0\n", "'log2FoldChange' is not a sample"),
    ],
)
def test_what_is_refused(tmp_path, text, message):
    with pytest.raises(ProblemsFound, match=message):
        made(tmp_path, text)
