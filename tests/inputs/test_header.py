"""What stands in and around the header, as people write it. Expected counts are those that the tables are made of."""

import random

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mircargo.inputs.options import ReadOptions
from mircargo.inputs.registry import read_table
from mircargo.problems import ProblemsFound

MIRNAS = ["hsa-miR-21-5p", "hsa-let-7a-5p", "hsa-miR-16-5p", "hsa-miR-122-5p", "hsa-miR-155-5p", "hsa-miR-223-3p"]


def made(n_samples, seed):
    rng = random.Random(seed)
    return [[rng.randrange(1, 5000) for _ in range(n_samples)] for _ in MIRNAS]


def written(tmp_path, rows, delimiter=",", name="t.csv"):
    path = tmp_path / name
    path.write_text("".join(delimiter.join(map(str, row)) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("first", ["miR", "mir", "MIR", "miRNA", "miRs name", ""])
def test_a_column_called_mir_is_no_mirna(tmp_path, first):
    counts = made(3, 1)
    rows = [[first, "a", "b", "c"], *([name[4:], *own] for name, own in zip(MIRNAS, counts, strict=True))]
    table = read_table(written(tmp_path, rows))
    assert list(table.counts) == ["a", "b", "c"]
    assert table.ids == [name[4:] for name in MIRNAS]
    assert table.counts.to_numpy().tolist() == counts


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(["Control", "Injury", "DRG naive", "ko", "24 h"]), min_size=2, max_size=4, unique=True),
    st.integers(2, 5),
    st.sampled_from(["", "R", "rep "]),
    st.sampled_from(["miRNA", "Name", "id", "gene_id"]),
    st.booleans(),
    st.integers(0, 10**6),
)
def test_groups_above_numbered_samples_are_put_before_them(tmp_path_factory, groups, each, word, first, book, seed):
    folder = tmp_path_factory.mktemp("groups")
    counts = made(len(groups) * each, seed)
    above = ["", *(text for group in groups for text in [group, *[""] * (each - 1)])]
    header = [first, *(f"{word}{number}" for _ in groups for number in range(1, each + 1))]
    rows = [above, header, *([name, *own] for name, own in zip(MIRNAS, counts, strict=True))]
    if book:
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append([None if cell == "" else cell for cell in row])
        path = folder / "t.xlsx"
        workbook.save(path)
    else:
        path = written(folder, rows)
    table = read_table(path)
    assert list(table.counts) == [f"{group}_{word}{n}" for group in groups for n in range(1, each + 1)]
    assert table.counts.to_numpy().tolist() == counts
    assert sum("are put before the names of the samples" in note for note in table.notes) == 1


def test_names_that_tell_samples_apart_stay_below_groups(tmp_path):
    counts = made(4, 3)
    rows = [["", "Control", "", "Injury", ""], ["miRNA", "m1", "m2", "m3", "m4"]]
    table = read_table(written(tmp_path, [*rows, *([n, *own] for n, own in zip(MIRNAS, counts, strict=True))]))
    assert list(table.counts) == ["m1", "m2", "m3", "m4"]


def test_names_that_groups_do_not_tell_apart_are_refused(tmp_path):
    rows = [["", "Control", "", "Injury", ""], ["miRNA", "x", "x", "y", "y"]]
    rows += [[name, *own] for name, own in zip(MIRNAS, made(4, 3), strict=True)]
    with pytest.raises(ProblemsFound) as found:
        read_table(written(tmp_path, rows))
    assert "sample columns of the same name" in str(found.value)


def test_a_long_table_that_leaves_out_zeros_is_asked_about_without_a_row_that_is_not_there(tmp_path):
    rows = [["miRNA", "sample", "count", "cpm"]]
    rows += [[name, sample, 7, 1.5] for sample in ("a", "b", "c") for name in MIRNAS]
    rows.remove(["hsa-miR-16-5p", "b", 7, 1.5])
    path = written(tmp_path, rows)
    with pytest.raises(ProblemsFound) as found:
        read_table(path)
    (problem,) = found.value.problems
    assert problem.where == str(path)
    assert problem.found == "no row for 'hsa-miR-16-5p' of 'b' (1 of 18)"
    table = read_table(path, options=ReadOptions(missing_is_zero=True))
    assert table.counts.loc[table.ids.index("hsa-miR-16-5p")].tolist() == [7, 0, 7]


def test_a_row_of_words_is_not_called_a_column(tmp_path):
    rows = [["miRNA", "s1", "s2", "s3"], ["group", "ctrl", "ctrl", "case"]]
    rows += [[name, *own] for name, own in zip(MIRNAS, made(3, 5), strict=True)]
    with pytest.raises(ProblemsFound) as found:
        read_table(written(tmp_path, rows))
    (problem,) = found.value.problems
    assert "row 2" in problem.where
    assert "remove the row" in problem.hint


@pytest.mark.parametrize("unit", [" %", " (%)", "_percent"])
def test_shares_beside_counts_are_left_out(tmp_path, unit):
    counts = made(2, 6)
    header = ["miRNA", *(text for name in ("ctrl_1", "case_1") for text in (name, name + unit))]
    rows = [[n, own[0], own[0] / 7, own[1], own[1] / 9] for n, own in zip(MIRNAS, counts, strict=True)]
    table = read_table(written(tmp_path, [header, *rows]))
    assert list(table.counts) == ["ctrl_1", "case_1"]
    assert table.counts.to_numpy().tolist() == counts


def test_rows_in_notes_have_no_tabs(tmp_path):
    rows = [["", 7, 7], ["Geneid", "ctrl", "case"]]
    rows += [[n, *own] for n, own in zip(MIRNAS, made(2, 8), strict=True)]
    notes = read_table(written(tmp_path, rows, "\t")).notes
    assert "left out: row 1 above the header, '7, 7'" in notes


@pytest.mark.parametrize("name", ["Total", "sum", "Gesamt", "Grand Total"])
def test_a_sum_that_was_never_calculated_is_no_sample(tmp_path, name):
    counts, workbook = made(3, 9), openpyxl.Workbook()
    workbook.active.append(["miRNA", "a", "b", "c", name])
    for row, (mirna, own) in enumerate(zip(MIRNAS, counts, strict=True), 2):
        workbook.active.append([mirna, *own, f"=SUM(B{row}:D{row})"])
    workbook.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    assert list(table.counts) == ["a", "b", "c"]
    assert table.counts.to_numpy().tolist() == counts
    assert f"left out: column '{name}', in which no cell has a number" in table.notes


@pytest.mark.parametrize("place", [1, 2, 5])
def test_a_header_that_stands_again_costs_no_row(tmp_path, place):
    """As where two files of miRDeep2 were put below each other."""
    columns = ["read_count", "precursor", "total", "A01", "A02", "A01(norm)", "A02(norm)"]
    rows = [
        f"hsa-miR-{n}-5p\t{3 * n}.00\thsa-mir-{n}\t{3 * n}.00\t{n}.00\t{2 * n}.00\t1.00\t2.00" for n in range(9, 39)
    ]
    header = "\t".join(["#miRNA", *columns])
    lines = [header, *rows[:place], header, *rows[place:]]
    (tmp_path / "miRNAs_expressed_all_samples_1.csv").write_text("\n".join(lines) + "\n")
    table = read_table(tmp_path / "miRNAs_expressed_all_samples_1.csv")
    assert table.counts["A02"].tolist() == [2 * n for n in range(9, 39)]
    assert any("left out" in note and str(place + 2) in note for note in table.notes)
