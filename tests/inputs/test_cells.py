"""Cells and columns as people have them: every input of the cases that concern them, as its README says."""

import csv
import datetime
import random
import re
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from factories import assembled, source
from mircargo.checks.study import read_source
from mircargo.config import CountTable
from mircargo.features.parts import Source
from mircargo.inputs.normalised import normalised_together, suspicion_of
from mircargo.inputs.options import ReadOptions
from mircargo.inputs.registry import read_table
from mircargo.inputs.spreadsheet import read_sheets
from mircargo.problems import Problem, ProblemsFound

SIX = ["ctrl_1", "ctrl_2", "ctrl_3", "case_1", "case_2", "case_3"]


def cells_of(path):
    """What stands in a file, by the csv module alone."""
    text = path.read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ","))


def columns_of(path, names, id_column=0):
    head, *rows = cells_of(path)
    return {name: {row[id_column]: int(float(row[head.index(name)])) for row in rows} for name in names}


def as_read(table):
    return {str(name): dict(zip(table.ids, table.counts[name].tolist(), strict=True)) for name in table.counts.columns}


def made(tmp_path, text, name="t.tsv", **how):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return read_table(path, options=ReadOptions(**how))


def table_of(ids, values, names, sep="\t", first="ID"):
    rows = [[first, *names], *([text, *map(str, row)] for text, row in zip(ids, values, strict=True))]
    return "".join(sep.join(row) + "\n" for row in rows)


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return book


def libraries(seed, rows=120, samples=6, depth=2e5):
    """Counts as libraries have them: skewed features, depths that differ, noise between animals."""
    rng = np.random.default_rng(seed)
    share = rng.lognormal(0, 2, rows)
    depths = depth * rng.uniform(0.5, 1.5, samples)
    mean = np.outer(share / share.sum(), depths)
    return rng.poisson(mean * rng.gamma(10, 0.1, mean.shape))


def names_of(rows):
    return [f"hsa-miR-{100 + i}-{3 if i % 2 else 5}p" for i in range(rows)]


# --- one fraction decides nothing alone


def test_one_fraction_does_not_switch_the_mode_of_mirdeep2(shared):
    folder = shared / "cases" / "mirdeep2_fractions"
    good = read_table(folder / "mirdeep2_good.csv")
    assert (good.same_feature, good.fractional) == ("maximum", False)
    assert good.counts["s1"].tolist() == [1000, 1000, 1000, 500, 50]
    with pytest.raises(ProblemsFound, match=r"row 6, column 's1': these are not raw counts.*\n.*50\.5"):
        read_table(folder / "mirdeep2_one_half.csv")
    with pytest.raises(ProblemsFound, match="probably logarithms"):
        read_table(folder / "mirdeep2_log2.csv")
    with pytest.raises(ProblemsFound, match=r"thousands or decimals\n.*'1\.000' may be 1000"):
        read_table(folder / "mirdeep2_thousands_dot.csv")


@pytest.mark.parametrize("cells", [1, 2, 20, 200])
@pytest.mark.parametrize("mode", ["1700000000", "1700000001"])
def test_fractions_put_into_a_real_table_of_mirdeep2_change_no_mode(shared, tmp_path, mode, cells):
    # In the default table they are slips however many; the -W table has fractions of its own, and its mode stays.
    path = shared / "data" / "formats" / "mirdeep2" / f"miRNAs_expressed_all_samples_{mode}.csv"
    rng = random.Random(f"{mode} {cells}")
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    for line in rng.sample(lines[1:], cells):
        at = rng.randrange(4, 10)
        line[at] = f"{float(line[at]) + 0.5:.2f}"
    (tmp_path / "m.csv").write_text("\n".join(map("\t".join, lines)) + "\n")
    if mode == "1700000001":
        assert read_table(tmp_path / "m.csv").same_feature == "sum"
    else:
        with pytest.raises(ProblemsFound, match="not raw counts"):
            read_table(tmp_path / "m.csv")


@pytest.mark.parametrize("kind", ["log2", "deseq", "cpm"])
@pytest.mark.parametrize("builder", ["mirdeep2", "featurecounts", "excerpt", "mirge", "bcbio"])
def test_normalised_values_are_refused_in_every_format_that_may_hold_fractions(tmp_path, builder, kind):
    counts = libraries(1)
    values = {
        "log2": np.log2(counts + 1),
        "deseq": counts / np.exp(np.linspace(-0.4, 0.4, 6)),
        "cpm": counts / counts.sum(axis=0) * 1e6,
    }[kind]
    ids, cells = names_of(120), [[f"{value:.2f}" for value in row] for row in values]
    if builder == "mirdeep2":
        head = ["#miRNA", "read_count", "precursor", "total", *SIX]
        rows = [[text, "1", f"{text}-pre", "1", *row] for text, row in zip(ids, cells, strict=True)]
    elif builder == "featurecounts":
        head = ["Geneid", "Chr", "Start", "End", "Strand", "Length", *SIX]
        rows = [[text, "chr1", "1", "22", "+", "22", *row] for text, row in zip(ids, cells, strict=True)]
    else:
        head = [{"excerpt": "", "mirge": "miRNA", "bcbio": "mirna"}[builder], *SIX]
        joined = [ids[0] + {"excerpt": "|hsa-miR-1", "mirge": "/1"}.get(builder, ""), *ids[1:]]
        rows = [[text, *row] for text, row in zip(joined, cells, strict=True)]
    sep = "," if builder == "mirge" else "\t"
    with pytest.raises(ProblemsFound, match="not raw counts"):
        made(tmp_path, "".join(sep.join(row) + "\n" for row in [head, *rows]))


# --- separators of thousands


def test_points_of_thousands_in_a_table_of_featurecounts(shared):
    # Smaller counts than others: every point parts thousands. Other tables are those of the next test.
    path = shared / "cases" / "thousands" / "fc_thou_dot.tsv"
    head, *rows = cells_of(path)
    columns = {each.removesuffix(".bam"): at for at, each in enumerate(head) if at > 5}
    table = read_table(path)
    assert as_read(table) == {name: {r[0]: int(r[at].replace(".", "")) for r in rows} for name, at in columns.items()}
    assert any("thousands are separated by" in note for note in table.notes)


@pytest.mark.parametrize("mark", [" ", "\u00a0", "\u202f", "\u2009", "'", "\u2019", ",", "."])
@pytest.mark.parametrize("sep", ["\t", ";", ","])
@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_every_style_are_read_or_refused_but_never_taken_for_decimals(tmp_path, mark, sep, seed):
    counts = libraries(seed, rows=60)
    cells = [[f"{value:,}".replace(",", mark) for value in row] for row in counts]
    quoted = [[f'"{cell}"' for cell in row] for row in cells] if mark == sep else cells
    table = made(tmp_path, table_of(names_of(60), quoted, SIX, sep))
    assert table.counts.to_numpy().tolist() == counts.tolist()
    # One such cell among plain ones may be a slip: it is refused by name.
    row, column = map(int, np.argwhere(counts > 999)[seed])
    plain = [[str(value) for value in row] for row in counts]
    plain[row][column] = f'"{cells[row][column]}"'
    with pytest.raises(ProblemsFound, match=f"row {row + 2}, column '{SIX[column]}'"):
        made(tmp_path, table_of(names_of(60), plain, SIX, sep))


# --- absent rows


def cases_of(shared, *names):
    return [read_source("s", CountTable(table=str(shared / "cases" / "absent_rows" / name))) for name in names]


@pytest.mark.parametrize(
    ("names", "species", "size", "features"),
    [
        (("a_ID.tsv", "b_ID.tsv"), "mmu", 4, 33),
        (("a_miRNA.xlsx", "b_miRNA.xlsx"), "mmu", 4, 33),
        (("abs_miRNA_a.tsv", "abs_miRNA_b.tsv"), "hsa", 3, 2),
    ],
)
def test_absent_rows_are_asked_about_and_filled_cells_are_counted(shared, names, species, size, features):
    columns = {f"{group}_{i}": f"{group}_{i}" for group in ("ctrl", "case") for i in range(1, size + 1)}
    a, b = cases_of(shared, *names)
    with pytest.raises(ProblemsFound, match=f"{features} features of the other tables have no row here"):
        assembled(a, b, columns=columns, species=species)
    filled = (replace(each, absent_is_zero=True) for each in (a, b))
    result = assembled(*filled, columns=columns, species=species)
    [note] = [note for note in result.notes if "filled with zero" in note]
    filled = int(result.counts.eq(0).to_numpy().sum())  # no count of these tables is zero but those filled
    assert f"{filled} cells" in note
    assert [problem.severity for problem in result.warnings] == ["warning"] * len(result.warnings)
    assert any("reads in every library of the other tables" in problem.what for problem in result.warnings)


def test_a_format_that_leaves_out_zeros_is_doubted_where_every_other_library_has_reads():
    def one(name, counts):
        samples = [f"{name}0", f"{name}1"]
        return source(list(counts), list(counts.values()), samples=samples, path=f"{name}.txt", absent_is_zero=True)

    result = assembled(one("a", {"x": (900, 800), "y": (5, 9)}), one("b", {"x": (700, 600)}), species="hsa")
    assert result.counts.loc["y"].tolist() == [5, 9, 0, 0]
    assert any("b.txt: 2 cells are filled with zero: 1 features" in note for note in result.notes)
    with pytest.raises(ProblemsFound, match=r"reads in every library of the other tables\n.*y \(at least 90 reads\)"):
        assembled(one("a", {"x": (900, 800), "y": (500, 90)}), one("b", {"x": (700, 600)}), species="hsa")


# --- normalised integers


@pytest.mark.parametrize("name", ["quantile_int.tsv", "s_cp100k_int.tsv", "s_meanlib_int.tsv"])
def test_rounded_normalised_tables_are_refused_and_a_key_takes_them(shared, name):
    path = shared / "cases" / "normalised" / name
    with pytest.raises(ProblemsFound, match=r"not raw counts: every sample(.|\n)*raw: true"):
        read_table(path)
    table = read_source("s", CountTable(table=str(path), raw=True)).table
    assert table.counts.shape == (200, 8)
    assert any("taken as raw counts, as `raw` says" in note for note in table.notes)


def normalised(counts, kind):
    if kind == "equal sums":
        return np.rint(counts / counts.sum(axis=0) * counts.sum(axis=0).mean())
    if kind == "quantile":
        ranks = counts.argsort(axis=0).argsort(axis=0)
        return np.rint(np.sort(counts, axis=0).mean(axis=1))[ranks] * np.array([1] * counts.shape[1])
    if kind == "logarithms":
        return np.rint(np.log2(counts + 1))
    logs = np.log(counts[(counts > 0).all(axis=1)])
    factors = np.exp(np.median(logs - logs.mean(axis=1, keepdims=True), axis=0))
    return np.rint(counts / factors)


@pytest.mark.parametrize("kind", ["equal sums", "quantile", "logarithms", "size factors"])
@pytest.mark.parametrize("rows", [100, 400, 1500])
def test_a_generator_of_normalised_integers(kind, rows):
    found = []
    for seed in range(20):
        values = normalised(libraries(seed, rows, samples=8, depth=2e6), kind).astype(int)
        found.append(suspicion_of(source(names_of(rows), values, "refuse", samples="abcdefgh").table) != "")
    assert sum(found) >= 19


@pytest.mark.parametrize("depth", [2e3, 2e4, 2e6])
@pytest.mark.parametrize("rows", [30, 100, 1500])
def test_honest_libraries_are_not_taken_for_normalised_ones(rows, depth):
    found = []
    for seed in range(60):
        values = libraries(1000 + seed, rows, samples=3 + seed % 6, depth=depth)
        found.append(suspicion_of(source(names_of(rows), values, "refuse", samples="abcdefgh"[: 3 + seed % 6]).table))
    assert [reason for reason in found if reason] == []


# --- columns beside the counts, names and sums in other places


# The columns of counts, the column of names, and what the notes say is left out or where it stands.
CASES = {
    "counts_beside_rpm/count_rpm.tsv": ([f"{each}_count" for each in SIX], 0, ["left out", "ctrl_1_RPM"]),
    "counts_beside_rpm/deseq.tsv": (SIX, 0, ["left out", "log2FoldChange"]),
    "counts_beside_rpm/qiaseq.tsv": ([f"{each}-UMIs" for each in SIX], 0, ["left out", "ctrl_1-READs"]),
    "name_column/bed.tsv": (SIX, 3, ["names stand in column 4"]),
    **{f"name_column/{name}": (SIX, 1, ["names stand in column 2"])
       for name in ("second.tsv", "index.csv", "idx_first.csv", "hairpin_first.csv", "seq_first.csv")},
    "totals/libsize.tsv": (SIX, 0, ["left out", "'Library size'"]),
    "totals/summary.tsv": (SIX, 0, [f"left out: column '{name}'" for name in ("mean_ctrl", "mean_case", "sum", "max")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_cases_are_read_as_the_csv_module_has_them(shared, case):
    columns, names, said = CASES[case]
    path = shared / "cases" / case
    table = read_table(path)
    wanted = columns_of(path, columns, names)
    assert as_read(table) == {
        name: {k: n for k, n in own.items() if k != "Library size"} for name, own in wanted.items()
    }
    assert all(any(text in note for note in table.notes) for text in said)


PAIRS = [("{}_count", "{}_RPM"), ("{}.raw", "{}.cpm"), ("raw {}", "norm {}"), ("{}", "{}_TPM")]
PAIRS += [("{} (reads)", "{} (RPM)"), ("{}_UMI", "{}_reads")]


@pytest.mark.parametrize(("count", "other"), PAIRS)
def test_pairs_of_columns_by_other_names(tmp_path, count, other):
    counts = libraries(3, rows=40)
    names = [form.format(sample) for sample in SIX for form in (count, other)]
    values = [[cell for value in row for cell in (value, value * 7)] for row in counts]
    table = made(tmp_path, table_of(names_of(40), values, names))
    assert list(table.counts) == [count.format(sample) for sample in SIX]
    assert table.counts.to_numpy().tolist() == counts.tolist()


@pytest.mark.parametrize(("name", "sign"), [("dash.tsv", "-"), ("nan.tsv", "NaN")])
def test_missing_cells_are_one_message_and_a_key_takes_them_as_zeros(shared, name, sign):
    path = shared / "cases" / "missing_cells" / name
    rows = cells_of(path)
    missing = {each: sum(row[at] == sign for row in rows[1:]) for at, each in enumerate(rows[0]) if at}
    with pytest.raises(ProblemsFound) as caught:
        read_table(path)
    [problem] = caught.value.problems
    assert f"{sum(missing.values())} such cells" in problem.found
    assert all(f"'{each}' {number}" in problem.found for each, number in missing.items())
    assert "missing_is_zero: true" in problem.hint
    table = read_source("s", CountTable(table=str(path), missing_is_zero=True)).table
    wanted = [[0 if cell == sign else int(float(cell)) for cell in row[1:]] for row in rows[1:]]
    assert table.counts.to_numpy().tolist() == wanted
    assert any(f"{sum(missing.values())} cells without a number are zeros" in note for note in table.notes)


@pytest.mark.parametrize("sign", ["", "-", "NA", "NaN", ".", "n/a", "ND", "null", "#N/A"])
def test_every_sign_of_a_missing_cell(tmp_path, sign):
    text = f"ID\ta\tb\nhsa-miR-1\t3\t{sign}\nhsa-miR-2\t4\t5\n"
    with pytest.raises(ProblemsFound, match="row 2, column 'b'"):
        made(tmp_path, text)
    assert made(tmp_path, text, missing_is_zero=True).counts.to_numpy().tolist() == [[3, 0], [4, 5]]


def test_a_sample_left_out_on_purpose_is_not_judged(tmp_path):
    text = "ID\ta\tbad\tb\nhsa-miR-1\t3\t1.5\t6\nhsa-miR-2\t4\tNA\t5\n"
    table = made(tmp_path, text, leave_out=frozenset(["bad"]))
    assert table.counts[["a", "b"]].to_numpy().tolist() == [[3, 6], [4, 5]]
    result = assembled(Source(table), columns={"a": "a", "b": "b"}, excluded=["bad"], species="hsa")
    assert list(result.counts) == ["a", "b"]


# --- where names, samples and sheets are


@pytest.mark.parametrize("name", ["long.tsv", "long.csv"])
def test_long_tables_are_turned(shared, name):
    path = shared / "cases" / "long" / name
    head, *rows = cells_of(path)
    at = [next(i for i, each in enumerate(head) if each.lower() == word) for word in ("mirna", "sample", "count")]
    wanted = {}
    for row in rows:
        wanted.setdefault(row[at[1]], {})[row[at[0]]] = int(row[at[2]])
    assert as_read(read_table(path)) == wanted


def test_a_pair_that_a_long_table_lacks_is_no_zero(shared, tmp_path):
    lines = (shared / "cases" / "long" / "long.csv").read_text().splitlines()
    with pytest.raises(ProblemsFound, match="an empty cell where a count should be"):
        made(tmp_path, "\n".join(lines[:-1]) + "\n")
    table = made(tmp_path, "\n".join(lines[:-1]) + "\n", missing_is_zero=True)
    assert int((table.counts == 0).to_numpy().sum()) == 1 + sum(line.endswith(",0") for line in lines)


def test_star_s_table_is_named(shared):
    with pytest.raises(ProblemsFound, match=r"STAR's ReadsPerGene.*no header, .*first four rows are no"):
        read_table(shared / "cases" / "headerless" / "case_1.ReadsPerGene.out.tab")


@pytest.mark.parametrize(("name", "row", "column"), [("head2b", 2, 1), ("offset", 3, 2), ("readme_first", 1, 1)])
def test_workbooks_with_something_above_or_before_the_counts(shared, name, row, column):
    path = shared / "cases" / "xlsx" / f"{name}.xlsx"
    cells = list(openpyxl.load_workbook(path).worksheets[-1].iter_rows(values_only=True))
    head, rows = cells[row - 1], [each for each in cells[row:] if each[column - 1]]
    wanted = {head[at]: {each[column - 1]: each[at] for each in rows} for at in range(column, len(head)) if head[at]}
    assert as_read(read_table(path)) == wanted


def test_two_sheets_of_counts_are_asked_about(shared):
    path = shared / "cases" / "xlsx" / "two_counts.xlsx"
    with pytest.raises(ProblemsFound, match=r"2 sheets of this workbook hold counts\n.*'DRG'.*'EV'(.|\n)*`sheet`"):
        read_table(path)
    for title in ("DRG", "EV"):
        rows = list(openpyxl.load_workbook(path)[title].iter_rows(values_only=True))
        wanted = {name: {row[0]: row[at] for row in rows[1:]} for at, name in enumerate(rows[0]) if at}
        assert as_read(read_source("s", CountTable(table=str(path), sheet=title)).table) == wanted
    with pytest.raises(ProblemsFound, match=r"no sheet 'drg'(.|\n)*did you mean 'DRG'"):
        read_table(path, options=ReadOptions(sheet="drg"))


@pytest.mark.parametrize("cell", ["XFD3", "A1048576", "XFD1048576"])
def test_a_formatted_empty_cell_far_away_costs_nothing(tmp_path, cell):
    book = workbook(tmp_path / "t.xlsx", [["ID", "a", "b"], *([f"hsa-miR-{i}", i, 2 * i] for i in range(1, 500))])
    book.active[cell].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "t.xlsx")
    assert read_table(tmp_path / "t.xlsx").counts.sum().tolist() == [499 * 250, 499 * 500]
    # What is kept of the sheet: its table, and no row or column between it and the cell beyond 100,000 empty rows.
    spent: list[int] = []
    [(_, text)] = read_sheets((tmp_path / "t.xlsx").read_bytes(), "t.xlsx", spent.append)
    assert len(text.splitlines()) == 500
    assert len(spent) <= 101_000
    assert sum(spent[1:]) <= 110_000  # the first is the size of the file, unpacked


def test_a_workbook_that_says_it_is_smaller_is_read_whole(tmp_path):
    workbook(tmp_path / "whole.xlsx", [["ID", "a", "b"], *([f"hsa-miR-{i}", i, 2 * i] for i in range(1, 100))])
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as old, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B20"', data))
    assert read_table(tmp_path / "t.xlsx").counts.shape == (99, 2)


# --- sums, signs, copies


def test_ages_beside_the_counts_are_no_feature(shared):
    path = shared / "cases" / "totals" / "transposed_age.csv"
    head, *rows = cells_of(path)
    wanted = {row[0]: {head[at]: int(row[at]) for at in range(3, len(head))} for row in rows}
    table = read_table(path)
    assert as_read(table) == wanted
    assert "left out: columns about the samples, 'group', 'age'" in table.notes


@pytest.mark.parametrize("name", ["Total", "zzz", "All", "Summe", "rowSums", "Library size", "Total miRNA", "whole"])
@pytest.mark.parametrize("kind", ["sum", "mean", "max"])
@pytest.mark.parametrize("where", ["row", "column"])
def test_sums_means_and_maxima_by_any_name(tmp_path, name, kind, where):
    if where == "row" and kind != "sum" and name in ("Total", "All", "Summe", "rowSums", "Library size", "Total miRNA"):
        return  # named as a total and no sum: refused
    counts = libraries(5, rows=60)
    counts[0, :3] = counts[1, 3:] = counts.max() + np.array([5, 70, 900])  # else the maximum is a copy of one row
    make = {"sum": np.sum, "mean": np.mean, "max": np.max}[kind]
    ids, names = names_of(60), list(SIX)
    if where == "row":
        values = np.vstack([counts, np.rint(make(counts, axis=0))]).astype(int)
        ids.append(name)
    else:
        values = np.hstack([counts, np.rint(make(counts, axis=1))[:, None]]).astype(int)
        names.append(name)
    table = made(tmp_path, table_of(ids, values, names))
    assert table.counts.to_numpy().tolist() == counts.tolist()
    assert any("left out" in note and name in note for note in table.notes)


def test_no_row_or_column_of_honest_libraries_is_taken_for_a_sum(tmp_path):
    for seed in range(40):
        counts = libraries(seed, rows=20 + 10 * (seed % 9), samples=3 + seed % 5, depth=10.0 ** (2 + seed % 5))
        ids = [f"hsa_piR_{i:06d}" if i % 4 == 0 else text for i, text in enumerate(names_of(len(counts)))]
        table = made(tmp_path, table_of(ids, counts, SIX[:3] + [f"x{i}" for i in range(counts.shape[1] - 3)]))
        assert table.counts.to_numpy().tolist() == counts.tolist()
        assert not any("left out" in note for note in table.notes)


@pytest.mark.parametrize("sign", [*"\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c", "\U000e0041"])
def test_signs_that_nobody_sees_make_no_second_feature(tmp_path, sign):
    table = made(tmp_path, f"ID\ta\nhsa-mi{sign}R-21-5p\t3\nhsa-miR-9-5p\t4\n")
    assert table.ids == ["hsa-miR-21-5p", "hsa-miR-9-5p"]
    assert any(f"first in row 2: U+{ord(sign):04X}" in note for note in table.notes)
    assert sign not in str(Problem("code", "what", "where", f"'a{sign}b'"))


@pytest.mark.parametrize(
    "name", ["hs\u0430-miR-21-5p", "hsa\u2010miR\u201321\u22125p", "hsa-miR-\uff12\uff11-5p", "h\u0455a-miR-21-5\u0440"]
)
def test_signs_that_look_like_others_are_made_plain(tmp_path, name):
    table = made(tmp_path, f"ID\ta\n{name}\t3\nhsa-miR-9-5p\t4\n")
    assert table.ids == ["hsa-miR-21-5p", "hsa-miR-9-5p"]
    assert any("look like others" in note for note in table.notes)


@pytest.mark.parametrize(
    "name", ["hsa-miR-21\u00b2-5p", "hs\u03b1-miR-21-5p", "hsa-miR\u00b721", "hsa-miR-21-5p\u0301"]
)
def test_other_signs_in_the_name_of_a_mirna_are_refused_with_the_row(tmp_path, name):
    with pytest.raises(ProblemsFound, match=r"row 3: names of miRNAs with characters that no miRNA name has|row 3"):
        made(tmp_path, f"ID\ta\nhsa-miR-9-5p\t4\n{name}\t3\n")


@pytest.mark.parametrize("code", [0x80, 0x85, 0x92, 0x9F, 0x07, 0x1B, 0x202E])
def test_control_characters_are_refused(tmp_path, code):
    with pytest.raises(ProblemsFound, match=f"row 2: an invisible character\n.*U\\+{code:04X}"):
        made(tmp_path, f"ID\ta\nhsa-{chr(code)}miR-9-5p\t4\n")


@pytest.mark.parametrize(
    "path", ["myotube_ev/bwa_counts.txt", "formats/mirdeep2/miRNAs_expressed_all_samples_1700000001.csv"]
)
def test_a_body_that_was_pasted_twice_is_not_summed(shared, tmp_path, path):
    lines = (shared / "data" / path).read_text().splitlines()
    start = 2 if lines[0].startswith("# ") else 1
    (tmp_path / "t.txt").write_text("\n".join([*lines, *lines[start:]]) + "\n")
    with pytest.raises(ProblemsFound, match="rows are copies of others, cell for cell"):
        read_table(tmp_path / "t.txt")


def test_a_body_that_was_pasted_twice_is_not_summed_where_the_user_asks_for_sums(tmp_path):
    (tmp_path / "t.tsv").write_text("ID\ta\nhsa-miR-9-5p\t4\nhsa-miR-9-5p\t4\n")
    with pytest.raises(ProblemsFound, match="1 rows are copies"):
        read_source("s", CountTable(table=str(tmp_path / "t.tsv"), duplicates="sum"))


def test_a_date_where_a_count_should_be(tmp_path):
    workbook(tmp_path / "t.xlsx", [["ID", "a"], ["hsa-miR-1", 3], ["hsa-miR-2", datetime.datetime(2021, 3, 5)]])
    with pytest.raises(ProblemsFound, match="row 3, column 'a': not a number: a date where a count should be"):
        read_table(tmp_path / "t.xlsx")


def test_normalised_tables_of_one_sample_each_are_seen_side_by_side():
    counts = libraries(2, rows=150)
    for values, refused in ((counts, False), (np.rint(counts / counts.sum(axis=0) * 1e5).astype(int), True)):
        found = normalised_together(
            [
                source(names_of(150), column, "refuse", samples=[name], path=f"{name}.txt").table
                for name, column in zip(SIX, values.T, strict=True)
            ]
        )
        assert [problem.where for problem in found] == (["ctrl_1.txt and 5 more"] if refused else [])


@pytest.mark.parametrize("space", ["\u2003", "\u3000", "\u00a0"])
def test_wide_spaces_split_two_names_and_no_name(tmp_path, space):
    """A piece that ends in a dash is half a name; two whole names beside each other are two."""
    ids = [f"hsa-{space}miR-374a-5p", f"MIR374A;hsa-{space}miR-374a-5p", f"hsa-miR{space}-21-5p"]
    ids += [f"hsa-miR-9-5p{space}hsa-mir-9-1"]
    table = made(tmp_path, "ID\ta\n" + "".join(f'"{name}"\t{n}\n' for n, name in enumerate(ids, 3)))
    assert table.ids == [
        "hsa-miR-374a-5p", "MIR374A;hsa-miR-374a-5p", "hsa-miR-21-5p", "hsa-miR-9-5p hsa-mir-9-1"
    ]  # fmt: skip


@pytest.mark.parametrize(("total", "words"), [(100, "percentages"), (1, "shares of a library"), (1e6, "million")])
def test_what_adds_up_to_a_round_total_is_no_logarithm(tmp_path, total, words):
    parts = np.array([[0.08, 0.12], [0.02, 0.03], *[[0.09, 0.085]] * 10])
    ids = [f"hsa-miR-{n}-5p" for n in range(20, 32)]
    with pytest.raises(ProblemsFound, match=f"every sample adds up to .*{words}"):
        made(tmp_path, table_of(ids, parts * total, ["a", "b"]))


def test_a_cell_is_shown_with_all_its_digits(tmp_path):
    with pytest.raises(ProblemsFound, match=r"found: 116950\.5"):
        made(tmp_path, "ID\ta\tb\nhsa-miR-21-5p\t116950.5\t7\nhsa-miR-22-5p\t6\t8\n")


def test_cells_with_percent_signs_are_refused_as_percentages(tmp_path):
    with pytest.raises(ProblemsFound, match=r"its cells are percentages\n.*'12\.3%' in column 'a'\n.*raw counts"):
        made(tmp_path, "ID\ta\tb\nhsa-miR-21-5p\t12.3%\t7.1%\nhsa-miR-22-5p\t87.7%\t92.9%\n")
