"""Small tables by hand, one for each thing that a format means or that is refused: what is read, and what is said."""

import gzip

import pytest

from factories import as_text, problems_of, rows_as_text
from mircargo.inputs.registry import read_table

CHIMIRA = "\ta\nmmu-mir-9-2-5p\t1\nmmu-mir-9-1-5p\t2\nmmu-mir-16-1-3p\t3\nmmu-let-7a-2-3p\t4\nmmu-let-7a-1-5p\t5\n"
GDC = "miRNA_ID\tisoform_coords\tread_count\treads_per_million_miRNA_mapped\tcross-mapped\tmiRNA_region\n" + "".join(
    f"hsa-let-7a-1\thg38:chr9:{at}:+\t{n}\t1.5\tN\t{where}\n"
    for at, n, where in (("1-22", 5, "mature,MIMAT0000062"), ("1-23", 6, "mature,MIMAT0000062"), ("3-9", 2, "stemloop"))
)
GFF = "## COLDATA: b,a\n" + "".join(
    f"hsa-mir-9-{i}\tx\tisomiR\t5\t23\t0\t+\t.\tRead ACGT; UID u; Name hsa-miR-9-5p; Variant NA; "
    f"Expression 5,{n}; Filter {word}\n"
    for i, n, word in ((1, 6, "Pass"), (2, 6, "Pass"), (3, 9, "Reject"))
)
SRNABENCH = "name\tunique reads\tread count{}\tread count (M{})\tRPM (lib)\n"
LET7 = "hsa-let-7a-5p\t2\t40\t20\t1.5\n"
CPM = "".join(f",{name}_MIMAT000000{i}" for i, name in enumerate(("hsa-miR-1", "hsa-miR-2", "hsa-miR-9")))
PLAIN = "feature\ta\tb\nmmu-miR-21a-5p\t3\t4\nmmu-let-7a-5p\t10\t0\n"

READ = {
    "a second format would fit": "\ta\tb\nhsa-miR-1|hsa-miR-2\t1\t2\nhsa-miR-9\t1\t2\ntotaldepth\t2\t4\n",
    "chimira with its total": CHIMIRA + "totaldepth\t15\n",
    "names of R": '"" "a" "b"\n"mmu.miR.21a.5p" 1 2\n"mmu.let.7a.1.3p_MIMAT0004620_Mus_musculus_let.7a.1.3p" 3 4\n',
    "names of R in columns": ",mmu.miR.21a.5p_MIMAT0000530_x,mmu.miR.1_MIMAT0000123_x\nq.mature,5,6\n",
    "excerpt merged": "\ts1\ts2\nhsa-miR-21-5p\t10.5\t4\nhsa-miR-1|hsa-miR-2\t3\t1.25\nhsa-let-7a-5p\t7\t8\n"
                      "hsa-miR-9-5p\t7\t0\n",
    "smallrnaseq": "name,db,s1,s2,s1 norm,s2 norm,total_reads\nhsa-miR-1,m,,5,,2.5,5\nhsa-miR-2,m,3,4,1,1,7\n",
    "GDC isoforms": GDC,
    "one isomiR of two hairpins": GFF,
    "sRNAbench": SRNABENCH.format("", "ult. map. adj.") + LET7 * 2,
    "sRNAbench, single assignment": SRNABENCH.format(" (SA)", "A") + LET7,
    "fragments of tRNA": "entry name,a\nLys_Comb_1,3\n",
    "totals and unassigned reads": "id\ta\tb\tTotal\nhsa-miR-1\t1\t2\t3\nhsa-miR-2\t4\t5\t9\n"
                                   "__no_feature\t7\t7\t14\nTotal\t12\t14\t26\n",
    "decimal commas": "id;a;b\nhsa-miR-1;3,0;4,00\nhsa-miR-2;5,0;6\n",
    "annotation": "id\tseq\tacc\ta\nhsa-miR-1\tACGT\tMIMAT0000416\t3\nhsa-miR-2\tACG\tMIMAT0000417\t4\n",
    "groups in a turned table": "sample,group,hsa-miR-1-3p,hsa-miR-2\n1,ctl,5,6\n2,trt,7,8\n",
    "no header, one sample": "hsa-miR-1\t3\nhsa-miR-2\t4\n",
    "a sample called count": "miRNA\tcount\nhsa-miR-2\t4\n",
    "a row commented out": "ID\ta\tb\nhsa-miR-1\t3\t4\n#hsa-miR-2\t5\t6\nhsa-miR-3\t7\t8\n",
    "names in other scripts": "ID\t\u043a\u043e\u0442_1\tMüller_1\nhsa-miR-9-5p\t4\t5\nβ-actin\t3\t6\n",
}  # fmt: skip
REFUSED = {
    "no total": CHIMIRA + "totaldepth\t16\n",
    "normalised, with joined names": "\ts1\ts2\nhsa-miR-21-5p\t10.5\t4.31\nhsa-miR-1|hsa-miR-2\t3.2\t1.25\n"
                                     "hsa-let-7a-5p\t7.1\t8.4\n",
    "CPM of nf-core": f"{CPM}\ns1,900000.5,99999.5,0\ns2,100.25,999899.75,0\n",
    "an ambiguous number": "id;a;b\nhsa-miR-1;3,000;4\nhsa-miR-2;5,0;6\n",
    "a column of words and numbers": "id\tseq\ta\nhsa-miR-1\tACGT\t3\nhsa-miR-2\t7\t4\n",
    "no header": "hsa-miR-1\t3\t4\nhsa-miR-2\t4\t5\n",
    "a name that is a date": "id\ta\nhsa-miR-1\t3\n5-Mar\t4\n",
    "header and rows of different lengths": "feature\ta\nhsa-miR-1\t3\t4\nhsa-miR-2\t5\t6\n",
    "a cell is missing": "id\ta\tb\nhsa-miR-1\t3\t4\nhsa-miR-2\t5\n",
    "a quotation mark that is not closed": 'id\ta\nhsa-miR-1\t"3\nhsa-miR-2\t5\n',
    "a column without a name": "id\ta\t\nhsa-miR-1\t3\t4\nhsa-miR-2\t5\t6\n",
    "a count larger than any library": "id\ta\nhsa-miR-1\t99999999999999\n",
    "a count larger than any integer": f"ID\ta\tb\nhsa-miR-1\t3\t4\nhsa-miR-2\t5\t{2**64 + 1}\n",
    "a truth value": "id\ta\tb\nhsa-miR-1\tTRUE\t1\nhsa-miR-2\t5\t2\n",
    "too few counts of mirtop": "## COLDATA: a,b\nm\tx\tisomiR\t5\t23\t0\t+\t.\tRead A; Name n; Expression 5;\n",
    "a short cell of mirtop": 'UID\tmiRNA\tVariant\t"a\tb"\nu\tm\tNA\t"1"\n',
    "results of a test": "miRNA\tbaseMean\tlog2FoldChange\tpadj\nhsa-miR-1\t10.5\t1\t0.1\nhsa-miR-2\t11.5\t2\t0.2\n",
    "integers of a test": "miRNA\tlog2FoldChange\tpadj\nhsa-miR-1\t1\t0\n",
    "nothing": "",
    "a header alone": "feature\ta\tb\n",
    "a single column": "feature\nx\n",
    "a fraction": PLAIN.replace("3\t4", "3\t4.5"),
    "a negative count": PLAIN.replace("3\t4", "-3\t4"),
    "a word": PLAIN.replace("3\t4", "3\tmany"),
    "a word in a turned table": "sample,hsa-miR-1-5p,hsa-miR-2-5p\ns1,5,6\ns2,7,many\n",
    "an empty cell": PLAIN.replace("10\t0", "10\t"),
    "a short row": PLAIN.replace("10\t0", "10"),
    "a long row": PLAIN.replace("10\t0", "10\t0\t5"),
    "columns of one name": PLAIN.replace("a\tb", "a\ta"),
    "a row without a name": PLAIN.replace("mmu-let-7a-5p", ""),
    "a header again": "ID\ta\tb\nhsa-miR-1\t3\t4\nID\ta\tb\nhsa-miR-3\t7\t8\n",
    "one million in each sample": "f\ta\tb\nx\t999000\t999900\ny\t1000\t100\n",
    "logarithms": "f\ta\tb\nx\t8.25\t9.5\ny\t1.125\t0\n",
    "CPM": "f\ta\tb\nx\t900000.5\t100.25\ny\t99999.5\t999899.75\n",
    "an infinite count": "f\ta\tb\nx\tinf\t1\n",
    "a name of absurd length": f"ID\ta\nhsa-m{'x' * 100_000}\t4\nhsa-miR-9\t1\n",
    "a sample of absurd length": f"ID\t{'x' * 5000}\nhsa-miR-9\t1\n",
    "no UTF-8": b"f\ta\n\xff\xfe\t1\n",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
}  # fmt: skip


def shown(text: str | bytes) -> str:
    """Write a table as the golden file shows it, above what became of it."""
    if isinstance(text, bytes):
        return repr(text[:30])
    return "\n".join(line[:150] for line in text.replace("\t", " | ").splitlines())


def made(folder, text: str | bytes):
    path = folder / "s1.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("case", READ)
def test_what_is_read(tmp_path, case, snapshot):
    table = read_table(made(tmp_path, READ[case]))
    traits = [name for name in ("fractional", "absent_is_zero") if getattr(table, name)]
    rows = table.counts.assign(row=table.rows, id=table.ids, **({"kind": table.biotypes} if table.biotypes else {}))
    parts = [shown(READ[case]), ", ".join([table.format, table.same_feature, *traits]), rows_as_text(rows)]
    parts += [rows_as_text(table.isomirs)] if table.isomirs is not None else []
    assert "\n\n".join([*parts, "\n".join(table.notes)]) == snapshot


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(tmp_path, case, snapshot):
    said = as_text(problems_of(read_table, made(tmp_path, REFUSED[case]))).replace(f"{tmp_path}/", "")
    assert f"{shown(REFUSED[case])}\n\n{said}" == snapshot


def refused(path, how: str = "auto"):
    [problem] = problems_of(read_table, path, how)
    return problem.code


def test_files_that_cannot_be_read_as_they_are_asked_for(tmp_path):
    assert refused(made(tmp_path, b"\x1f\x8b\x00broken")) == "unreadable_file"
    assert refused(made(tmp_path, b"PK\x03\x04broken")) == "unreadable_spreadsheet"
    assert refused(made(tmp_path, PLAIN), "featurecounts") == "other_format"
    assert refused(tmp_path / "none.tsv") == "no_such_file"


@pytest.mark.parametrize("name", ["GSM1.counts.txt", "GSM1.isoforms.quantification.txt", "GSM1.grouped", "GSM1.txt"])
def test_one_sample_without_a_name_is_named_after_its_file(tmp_path, name):
    made(tmp_path, READ["no header, one sample"]).rename(tmp_path / name)
    assert read_table(tmp_path / name).counts.to_dict("list") == {"GSM1": [3, 4]}


def test_rows_are_of_the_kind_that_the_file_s_name_says(tmp_path):
    made(tmp_path, "DB\tName\tID\tCount\nx\tpiR-1\tp\t3\n").rename(tmp_path / "s_piRNA.txt")
    assert read_table(tmp_path / "s_piRNA.txt").biotypes == ["piRNA"]


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
