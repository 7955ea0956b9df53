"""With which tables `mircargo init` begins: sheets of a workbook, cells that are to be settled."""

import openpyxl
import pytest
import yaml
from click.testing import CliRunner

from mircargo.cli.main import mircargo

MIRNAS = ["hsa-miR-21-5p", "hsa-let-7a-5p", "hsa-miR-16-5p", "hsa-miR-122-5p", "hsa-miR-155-5p", "hsa-miR-223-3p"]
SAMPLES = ["ctrl_1", "ctrl_2", "ctrl_3", "case_1", "case_2", "case_3"]


def counts_of(step):
    return [[100 * (row + 1) + step * (column + 1) ** 2 for column in range(6)] for row in range(len(MIRNAS))]


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, (samples, counts) in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        sheet.append(["miRNA", *samples])
        for name, own in zip(MIRNAS, counts, strict=True):
            sheet.append([name, *own])
    book.save(path)


def init(monkeypatch, tmp_path, *arguments):
    monkeypatch.chdir(tmp_path)
    return CliRunner().invoke(mircargo, ["init", *arguments, "--species", "hsa", "--out", "c.yaml"])


@pytest.mark.parametrize(
    ("titles", "fractions"),
    [(("DRG", "EV"), ["drg", "ev"]), (("Exosome counts", "Cell counts"), ["ev", "cell"])],
)
def test_sheets_of_fractions_are_tables_of_the_same_animals(monkeypatch, tmp_path, titles, fractions):
    sheets = {title.replace(" ", "_"): (SAMPLES, counts_of(step)) for step, title in enumerate(titles, 3)}
    workbook(tmp_path / "both.xlsx", **sheets)
    result = init(monkeypatch, tmp_path, "both.xlsx")
    assert result.exit_code == 0, result.output
    study = yaml.safe_load((tmp_path / "c.yaml").read_text())["studies"]["c"]
    assert [(each["table"], each["sheet"]) for each in study["counts"]] == [("both.xlsx", title) for title in titles]
    lines = (tmp_path / "c.samples.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert [row[rows[0].index("fraction")] for row in rows[1:]] == [each for each in fractions for _ in SAMPLES]
    check = CliRunner().invoke(mircargo, ["check", "c.yaml"])
    assert check.exit_code == 0, check.output
    assert "12 of 12 rows are miRNAs of hsa" in check.output


def test_sheets_of_other_samples_stand_side_by_side(monkeypatch, tmp_path):
    workbook(tmp_path / "b.xlsx", first=(SAMPLES[:3], [own[:3] for own in counts_of(2)]),
             second=(SAMPLES[3:], [own[3:] for own in counts_of(2)]))  # fmt: skip
    assert init(monkeypatch, tmp_path, "b.xlsx").exit_code == 0
    assert CliRunner().invoke(mircargo, ["check", "c.yaml"]).exit_code == 0


def test_sheets_that_may_be_the_same_libraries_are_asked_about(monkeypatch, tmp_path):
    workbook(tmp_path / "b.xlsx", Unfiltered=(SAMPLES, counts_of(3)), Filtered=(SAMPLES, counts_of(2)))
    result = init(monkeypatch, tmp_path, "b.xlsx")
    assert result.exit_code == 1
    assert "--sheet 'Unfiltered'" in str(result.exception)
    assert not (tmp_path / "c.yaml").exists()
    assert init(monkeypatch, tmp_path, "b.xlsx", "--sheet", "Filtered").exit_code == 0
    study = yaml.safe_load((tmp_path / "c.yaml").read_text())["studies"]["c"]
    assert [each["sheet"] for each in study["counts"]] == ["Filtered"]


def test_a_problem_says_which_sheet_it_is_in(monkeypatch, tmp_path):
    broken = counts_of(2)
    broken[2][1] = -5
    workbook(tmp_path / "b.xlsx", EV=(SAMPLES, broken), README=(SAMPLES, counts_of(2)))
    result = init(monkeypatch, tmp_path, "b.xlsx", "--sheet", "EV")
    assert "b.xlsx: EV, row 4, column 'ctrl_2'" in str(result.exception)


def test_missing_cells_are_settled_in_a_configuration_that_is_there(monkeypatch, tmp_path):
    rows = [["miRNA", *SAMPLES], *([name, *own] for name, own in zip(MIRNAS, counts_of(2), strict=True))]
    rows[3][2] = "-"
    (tmp_path / "t.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    result = init(monkeypatch, tmp_path, "t.csv")
    assert result.exit_code == 0, result.output
    assert "to be settled: a missing count" in result.output
    check = CliRunner().invoke(mircargo, ["check", "c.yaml"])
    assert check.exit_code == 1
    assert "missing_is_zero: true" in str(check.exception)
    config = tmp_path / "c.yaml"
    config.write_text(config.read_text().replace("format: auto", "format: auto\n        missing_is_zero: true"))
    assert CliRunner().invoke(mircargo, ["check", "c.yaml"]).exit_code == 0


@pytest.mark.parametrize("unit", ["-UMIs", "_count", " reads", ".raw"])
def test_a_unit_behind_every_name_hides_no_group(monkeypatch, tmp_path, unit):
    rows = [["id", *(name + unit for name in SAMPLES)]]
    rows += [[name, *own] for name, own in zip(MIRNAS, counts_of(2), strict=True)]
    (tmp_path / "t.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    assert "groups ctrl (3), case (3)" in init(monkeypatch, tmp_path, "t.csv").output
