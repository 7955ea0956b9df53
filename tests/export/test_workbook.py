"""The workbook, read by openpyxl and by pandas as another program would."""

import zipfile

import openpyxl
import pandas as pd
import pytest

from export.conftest import CONFIG, FEATURES, LONG
from mircargo.config import Config
from mircargo.export.sheets import add_table, title_of
from mircargo.export.workbook import write_workbook
from mircargo.results.reader import StudyResults


@pytest.fixture
def path(results, tmp_path):
    write_workbook(results, tmp_path / "results.xlsx")
    return tmp_path / "results.xlsx"


def test_a_workbook_needs_no_temporary_file_which_a_killed_step_would_leave_behind(results, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    write_workbook(results, tmp_path / "results.xlsx")
    assert openpyxl.load_workbook(tmp_path / "results.xlsx").sheetnames[:2] == ["Read me", "Target"]


def test_text_stays_text(path):
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}, "no formula, no error, no date"
    written = {cell.value: cell for cell in cells}
    assert {"=cmd()", "MARCH1", "1-Mar", "@x, y", "=poscounts", "=1+1, a title"} <= set(written)
    assert all(cell.number_format == "@" for cell in cells if cell.data_type == "s")
    assert written["=cmd()"].quotePrefix, "a spreadsheet that edits the cell keeps the text"
    content = zipfile.ZipFile(path).read("xl/worksheets/sheet3.xml").decode()
    assert "<f>" not in content


def test_sheets_have_names_that_a_spreadsheet_takes(path):
    names = openpyxl.load_workbook(path).sheetnames
    shortened = [f"{LONG}_1"[:31], f"{LONG}_2"[:29] + "~2"]
    others = ["Co-cargo", "Samples", "Ledger totals"]
    assert names == ["Read me", "Target", "Up and down", "history_", *shortened, *others]
    assert title_of("a/b[c]:*?\\", []) == "a_b_c_____"
    assert title_of("READ ME", ["Read me"]) == "READ ME~2"
    assert title_of("", []) == "sheet"
    taken: list[str] = []
    for _ in range(12):
        taken.append(title_of("x" * 40, taken))
    assert len({title.lower() for title in taken}) == 12
    assert max(map(len, taken)) == 31


@pytest.mark.parametrize(("n_rows", "last"), [(4, "f3"), (5, "2 more rows have no room here: see the .tsv files")])
def test_a_sheet_that_is_full_says_how_many_rows_have_no_room(n_rows, last):
    book = openpyxl.Workbook()
    table = pd.DataFrame({"feature": [f"f{number}" for number in range(n_rows)]})
    name = add_table(book, "full", table, {}, most_rows=5)
    cells = [row[0].value for row in book[name].iter_rows()]
    # The header, and as many as fit.
    assert cells == ["feature", *[f"f{number}" for number in range(3)], last]


def test_contrast_is_sorted_and_coloured(path):
    # padj of the study: 0.5, 0.001, missing, 0.04, 0.06, missing; fold changes 0.25, 3, missing, -2, 1, 0.1
    sheet = openpyxl.load_workbook(path)["history_"]
    table = pd.read_excel(path, sheet_name="history_", keep_default_na=False, na_values=[""])
    assert list(table["feature"]) == [FEATURES[i] for i in (1, 3, 4, 0, 2, 5)]
    assert list(table["call"].fillna("")) == ["up", "down", "", "", "", ""]
    assert list(table["fold_change"].dropna()) == pytest.approx([8, 0.25, 2, 2**0.25, 2**0.1])
    assert list(table["robust"][:2]) == [False, True]
    colours = [sheet.cell(row, 1).fill.start_color.rgb for row in range(2, 8)]
    assert colours[0] != colours[1]
    assert colours[2:] == ["00000000"] * 4
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:R7"
    assert sheet["G2"].value == 0.001
    assert sheet["G2"].number_format == "0.0E+00"


def test_first_sheet_explains_every_column_there_is(path):
    book = openpyxl.load_workbook(path)
    rows = list(book["Read me"].iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if row[0] == "Sheet")
    explained: dict[str, dict[str, str]] = {}
    for title, column, meaning, _ in rows[start + 1 : -1]:
        if title:
            explained[title] = {}
        else:
            explained[list(explained)[-1]][column] = meaning
    contrasts = book.sheetnames[3:6]
    assert set(explained) == set(book.sheetnames) - {"Read me"}
    for title in set(explained) - set(contrasts[1:]):
        assert list(explained[title]) == [cell.value for cell in book[title][1]], title
        assert all(explained[title].values()), title
    assert rows[4][2] == "=nothing <b>is</b> shown"


def test_ledger_is_summed_up(path):
    table = pd.read_excel(path, sheet_name="Ledger totals")
    assert table.to_numpy().tolist() == [["a.csv", "kept", 2, 12], ["b.tsv", "dropped", 1, 11]]


def test_sheets_have_the_titles_of_contrasts(folder, tmp_path):
    contrasts = CONFIG["studies"]["tiny"]["contrasts"]
    titled = contrasts | {"history": contrasts["history"] | {"title": "Injury in Exosomes (Day 7)"}}
    config = CONFIG | {"studies": {"tiny": CONFIG["studies"]["tiny"] | {"contrasts": titled}}}
    write_workbook(
        StudyResults("tiny", folder, Config.model_validate(config), folder.parent / "samples.tsv"),
        tmp_path / "titled.xlsx",
    )
    book = openpyxl.load_workbook(tmp_path / "titled.xlsx")
    assert book.sheetnames[3] == "Injury in Exosomes (Day 7)"
    read_me = [row for row in book["Read me"].iter_rows(values_only=True) if row[0] == "Injury in Exosomes (Day 7)"]
    assert read_me[0][2].startswith("Injury in Exosomes (Day 7): a case against the control (group)")
    assert [cell.value for cell in book["Target"]["A"]][1] == "history", "the column holds the name, as in the table"
