"""Sample sheets: what is read as written, and what is refused."""

import openpyxl
import pytest

from factories import as_text, problems_of
from mircargo.inputs.sheet import read_sheet


def test_sheet_from_a_spreadsheet_keeps_numbers_as_written(tmp_path):
    book = openpyxl.Workbook()
    for row in (["sample", "day", "batch"], ["s1", 7, None], ["s2", 1, "NA"]):
        book.active.append(row)
    book.save(tmp_path / "samples.xlsx")
    sheet = read_sheet(tmp_path / "samples.xlsx")
    assert sheet["day"].tolist() == ["7", "1"]
    assert sheet["batch"].isna().all()
    assert sheet["column"].tolist() == ["s1", "s2"]


SHEETS = [
    "Sample group/s1 a",
    "sample group/s1 a/s1 b",
    "sample column/s1 x/s2 x",
    "sample group group/s1 a b",
    "sample group/ a/s2 b",
    # Rows of one sample are one library, and say the same of it.
    "sample column group/s1 a x/s1 b y",
    "sample column group batch/s1 a x 1/s1 b x NA",
    "sample column group/s1 a x/s1 a x",
    "sample column table/s1 a t1/s2 a t1",
]


@pytest.mark.parametrize("text", SHEETS)
def test_what_is_not_a_sample_sheet_is_refused(tmp_path, text, snapshot):
    path = tmp_path / "samples.tsv"
    path.write_text(text.replace(" ", "\t").replace("/", "\n") + "\n")
    assert as_text(problems_of(read_sheet, path)).replace(f"{tmp_path}/", "") == snapshot
