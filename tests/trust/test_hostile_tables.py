"""What a table may not hold is refused with its place; what looks like a number where a name stands stays a name."""

import openpyxl
import pytest

from mircargo.inputs.registry import read_table
from mircargo.inputs.sheet import read_sheet
from mircargo.io import read_result
from mircargo.problems import ProblemsFound

TABLE = "feature\ts1\ts2\nmmu-miR-21a-5p\t5\t6\nmmu-let-7a-5p\t7\t8\n"


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x0c", "\x7f", "\u202e", "\u2066", "\ufffe"])
@pytest.mark.parametrize("read", [read_table, read_sheet])
def test_character_that_is_not_seen_is_refused_with_its_row(tmp_path, read, character):
    path = tmp_path / "x.tsv"
    path.write_text(TABLE.replace("let", f"l{character}et"), encoding="utf-8")
    with pytest.raises(ProblemsFound, match=rf"x\.tsv, row 3: an invisible character\n.*U\+{ord(character):04X}"):
        read(path)


def test_character_that_turns_the_text_is_refused_in_a_spreadsheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (["sample", "group"], ["s1", "case\u202elortnoc"]):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(ProblemsFound, match=r"x\.xlsx, row 2: an invisible character\n.*U\+202E"):
        read_sheet(tmp_path / "x.xlsx")


def test_line_break_within_a_cell_is_refused_with_its_row(tmp_path):
    (tmp_path / "x.csv").write_text('sample,group\ns1,"a\n$(touch pwned)"\ns2,b\n')
    with pytest.raises(ProblemsFound, match=r"x\.csv, row 2: a quotation mark is not closed"):
        read_sheet(tmp_path / "x.csv")


def test_feature_of_the_name_of_what_is_missing_is_refused(tmp_path):
    (tmp_path / "x.tsv").write_text(TABLE.replace("mmu-let-7a-5p", "NA"))
    with pytest.raises(ProblemsFound, match=r"x\.tsv, row 3: a row without a name"):
        read_table(tmp_path / "x.tsv")


def test_sheet_has_names_as_they_are_written(tmp_path):
    rows = ["well,sample,batch,day,dose,plate", "A1,007,01,7.0,0.10,+1", "A2,008,1e5,14,2.5,-2"]
    (tmp_path / "x.csv").write_text("\n".join(rows))
    sheet = read_sheet(tmp_path / "x.csv")
    assert list(sheet.index) == ["007", "008"]
    assert list(sheet["batch"]) == ["01", "1e5"]
    assert list(sheet["plate"]) == ["+1", "-2"]
    # Numbers are as YAML's `7.0` and `0.10` come to be, so that a contrast can name them.
    assert list(sheet["day"]) == ["7", "14"]
    assert list(sheet["dose"]) == ["0.1", "2.5"]


def test_results_have_names_as_they_were_given(tmp_path):
    path = tmp_path / "target.tsv"
    path.write_text("contrast\tfeature\tsubject\tpadj\n007\t1e5\t01\t0.5\n1e5\tx\tNA\tNA\n")
    table = read_result(path)
    assert list(table["contrast"]) == ["007", "1e5"]
    assert table["subject"].tolist()[0] == "01"
    assert table["subject"].isna().tolist() == table["padj"].isna().tolist() == [False, True]
