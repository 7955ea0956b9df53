"""Tables in archives and in spreadsheets."""

import datetime
import io
import tarfile
import zipfile

import openpyxl
import pytest
from builders import BUILDERS, COUNTS

from mircargo.inputs import content
from mircargo.inputs.registry import FORMATS, read_table
from mircargo.problems import ProblemsFound


def test_every_format_of_the_registry_is_a_choice_of_the_configuration():
    from typing import get_args

    from mircargo.config import FormatName

    assert set(get_args(FormatName)) == {"auto", *FORMATS}


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
