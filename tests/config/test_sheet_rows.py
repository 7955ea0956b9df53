"""The quick reader of sample sheets gives the levels that the reader of the workflow gives."""

import bz2
import gzip

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import problems_of
from mircargo.config.sheet_rows import read_rows
from mircargo.inputs.sheet import read_sheet

CELLS = ["wt", "ko", "NA", "", "7", "7.0", "007", "1e5", "-0", "+1", "naïve", "nai\u0308ve", " sham ", "day 7", "yes",
         "Größe", "a b, c", "12.50", "0.0", "TRUE"]  # fmt: skip
SUFFIX = {"plain": lambda data: data, "gz": gzip.compress, "bz2": bz2.compress}


@given(
    st.lists(st.tuples(*[st.sampled_from(CELLS)] * 3), min_size=2, max_size=8),
    st.sampled_from("\t,;"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(sorted(SUFFIX)),
    st.booleans(),
)
def test_levels_are_those_of_the_workflows_reader(tmp_path_factory, rows, delimiter, end, encoding, packed, comment):
    path = tmp_path_factory.mktemp("sheet") / "s.tsv"
    table = [["sample", "Group", "day 1", "c"], *([f"x{i}", *row] for i, row in enumerate(rows))]
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in table]
    lines = [*(["# made by hand", ""] if comment else []), *(delimiter.join(row) for row in quoted), ""]
    path.write_bytes(SUFFIX[packed](end.join(lines).encode(encoding)))
    expected = read_sheet(path)
    header, found = read_rows(str(path))
    assert header == ["sample", "Group", "day 1", "c"]
    for name in header[1:]:
        assert [row[name] for row in found] == expected[name].tolist()


def test_a_workbook_is_read_alike(tmp_path):
    book = openpyxl.Workbook()
    for row in (["sample", "day", "group"], ["a", 7, "sham"], ["b", 7.0, None], ["c", 14, "yes"]):
        book.active.append(row)
    book.save(tmp_path / "s.xlsx")
    expected = read_sheet(tmp_path / "s.xlsx")
    _, found = read_rows(str(tmp_path / "s.xlsx"))
    assert [row["day"] for row in found] == expected["day"].tolist() == ["7", "7", "14"]
    assert [row["group"] for row in found] == expected["group"].tolist() == ["sham", None, "yes"]


@pytest.mark.parametrize(("content", "code"), [(b"", "no_table"), (b"\xff\x00\x01", "unreadable_file")])
def test_what_is_no_sheet_is_refused(tmp_path, content, code):
    (tmp_path / "s.tsv").write_bytes(content)
    assert [problem.code for problem in problems_of(read_rows, str(tmp_path / "s.tsv"))] == [code]
