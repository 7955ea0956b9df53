"""Reading: real tables against counts made with awk, and what is refused."""

import gzip

import openpyxl
import pytest

from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet
from mircargo.problems import ProblemsFound

# By awk over the files themselves: input rows, samples, reads, reads of miR-21 (its 5p or its hairpin).
REAL = [
    ("microglia_ev/microRNAseq_Cells_RAW_Counts.csv", "plain", 1187, 12, 3_576_195, "mmu-mir-21a", 10_786),
    ("microglia_ev/microRNAseq_EVs_RAW_counts.csv", "plain", 1187, 12, 224_835, "mmu-mir-21a", 145),
    ("microglia_ev/microRNAseq_Cells_RAW_counts.xlsx", "plain", 1187, 12, 3_576_195, "mmu-mir-21a", 10_786),
    ("joint_injury/mature_counts.csv", "nfcore_smrnaseq", 1412, 18, 36_816_741, "MIMAT0000530_", 394_371),
    ("myotube_ev/bwa_counts.txt", "featurecounts", 2110, 4, 26_468_070, "MIMAT0000530", 2_969_759),
]


@pytest.mark.parametrize(("path", "format_name", "rows", "samples", "reads", "id_", "target_reads"), REAL)
def test_real_tables_are_recognised_and_read_whole(shared, path, format_name, rows, samples, reads, id_, target_reads):
    table = read_table(shared / "data" / path)
    assert table.format == format_name
    assert table.counts.shape == (rows, samples)
    assert table.counts.to_numpy().sum() == reads
    own = [id_ == name or (id_.endswith("_") and id_ in name) for name in table.ids]
    assert table.counts[own].to_numpy().sum() == target_reads


def test_featurecounts_adds_up_to_the_reads_it_assigned(shared):
    # From bwa_counts.txt.summary.
    counts = read_table(shared / "data" / "myotube_ev" / "bwa_counts.txt").counts
    assert counts.sum().tolist() == [6_901_394, 7_350_345, 4_577_668, 7_638_663]
    assert counts.columns[0] == "damaged_muscle_exosome_1_sorted"


PLAIN = "feature\ta\tb\nmmu-miR-21a-5p\t3\t4\nmmu-let-7a-5p\t10\t0\n"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\t", ","),
        PLAIN.replace("\t", ";"),
        PLAIN.replace("feature\t", ""),
        PLAIN.replace("feature", ""),
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.rstrip("\n"),
        PLAIN + "\n\n",
        "# made by hand\n" + PLAIN,
        PLAIN.replace("3", "3.0").replace("10", "1e1"),
        'feature,"a","b"\n"mmu-miR-21a-5p",3,4\n"mmu-let-7a-5p","10",0\n',
    ],
)
def test_one_table_in_many_dresses(tmp_path, text):
    path = tmp_path / "counts.txt"
    path.write_bytes(text.encode())
    table = read_table(path)
    assert table.ids == ["mmu-miR-21a-5p", "mmu-let-7a-5p"]
    assert table.counts.to_dict("list") == {"a": [3, 10], "b": [4, 0]}
    packed = tmp_path / "counts.txt.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert read_table(packed).counts.equals(table.counts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "this file does not exist"),
        ("", "holds no table"),
        ("feature\ta\tb\n", "a header and no rows"),
        ("feature\nx\n", "a single column"),
        (PLAIN.replace("3\t4", "3\t4.5"), "not raw counts.*\n.*found: 4.5"),
        (PLAIN.replace("3\t4", "-3\t4"), "row 2, column 'a': a count cannot be negative"),
        (PLAIN.replace("3\t4", "3\tmany"), "row 2, column 'b': not a number\n.*'many'"),
        (PLAIN.replace("10\t0", "10\t"), "row 3, column 'b': an empty cell where a count should be"),
        (PLAIN.replace("10\t0", "10"), "row 3, column 'b'"),
        (PLAIN.replace("10\t0", "10\t0\t5"), "rows of this table have different lengths"),
        (PLAIN.replace("a\tb", "a\ta"), "sample columns of the same name\n.*a"),
        (PLAIN.replace("mmu-let-7a-5p", ""), "row 3: a row without a name"),
        ("f\ta\tb\nx\t999000\t999900\ny\t1000\t100\n", "every sample adds up to one million"),
        ("f\ta\tb\nx\t8.25\t9.5\ny\t1.125\t0\n", "the largest is 9.5, so they are probably logarithms"),
        ("f\ta\tb\nx\t900000.5\t100.25\ny\t99999.5\t999899.75\n", "they are counts per million"),
        ("f\ta\tb\nx\tinf\t1\n", "a missing or infinite count"),
        (b"f\ta\n\xff\xfe\t1\n", "not text in UTF-8"),
        (b"\x1f\x8b\x00broken", "cannot be read"),
        (b"PK\x03\x04broken", "not a spreadsheet that can be read"),
    ],
)
def test_what_is_not_a_count_table_is_refused(tmp_path, text, message):
    path = tmp_path / "counts.tsv"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ProblemsFound, match=message):
        read_table(path)


def test_wrong_format_is_refused(tmp_path):
    path = tmp_path / "counts.tsv"
    path.write_text(PLAIN)
    with pytest.raises(ProblemsFound, match="not a table of the format 'featurecounts'"):
        read_table(path, "featurecounts")


def test_sheet_from_a_spreadsheet_keeps_numbers_as_written(tmp_path):
    book = openpyxl.Workbook()
    for row in (["sample", "day", "batch"], ["s1", 7, None], ["s2", 1, "NA"]):
        book.active.append(row)
    book.save(tmp_path / "samples.xlsx")
    sheet = read_sheet(tmp_path / "samples.xlsx")
    assert sheet["day"].tolist() == ["7", "1"]
    assert sheet["batch"].isna().all()
    assert sheet["column"].tolist() == ["s1", "s2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Sample\tgroup\ns1\ta\n", "no column 'sample'.*\n.*\n.*did you mean 'Sample'"),
        ("sample\tgroup\ns1\ta\ns1\tb\n", "rows 2, 3: a sample is listed more than once"),
        ("sample\tcolumn\ns1\tx\ns2\tx\n", "two samples name the same table column"),
        ("sample\tgroup\tgroup\ns1\ta\tb\n", "columns of the same name"),
        ("sample\tgroup\n\ta\ns2\tb\n", "row 2: a sample without a name"),
    ],
)
def test_what_is_not_a_sample_sheet_is_refused(tmp_path, text, message):
    path = tmp_path / "samples.tsv"
    path.write_text(text)
    with pytest.raises(ProblemsFound, match=message):
        read_sheet(path)
