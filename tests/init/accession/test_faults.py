"""What goes wrong on the way: one clear message, and nothing is kept; what the cache and a mirror give."""

import gzip
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import geo_series as made
from geo_stand_in import PAGE, study_of_array_express
from mircargo.cli.main import mircargo
from mircargo.inputs import web
from mircargo.inputs.fetched_files import cached_path, find_cached
from mircargo.problems import ProblemsFound

FAMILY, LIST, TABLE = "GSE200001_family.soft.gz", "filelist.txt", "GSE200001_counts.txt.gz"
SIZE = len(made.matrix_in_suppl().files[TABLE])
FOLDER = "https://ftp.ncbi.nlm.nih.gov/geo/series/GSE200nnn/GSE200001"


def init(*arguments):
    return CliRunner().invoke(mircargo, ["init", *arguments])


def refused(*arguments):
    result = init(*arguments)
    assert isinstance(result.exception, ProblemsFound), result.output
    assert not Path("config").exists()
    assert len(result.exception.problems) == 1
    return result.exception.problems[0]


@pytest.mark.parametrize(
    ("name", "fault", "code", "words"),
    [
        (FAMILY, "half", "not_fetched", "the connection ended early"),
        (FAMILY, "half, and no length", "file_not_whole", "end-of-stream"),
        (FAMILY, "page", "web_page", "Sign in to the network"),
        (FAMILY, "slow", "server_too_slow", "silent for 0.3 seconds"),
        (FAMILY, "elsewhere", "redirected_off_https", "http://example.org/file"),
        (TABLE, "half", "not_fetched", "the connection ended early"),
        (TABLE, "half, and no length", "other_size", f"{SIZE // 2:,} bytes of {SIZE:,}"),
        (TABLE, "changed", "other_size", f"{SIZE + 1:,} bytes of {SIZE:,}"),
        (TABLE, "page", "web_page", "Sign in to the network"),
        (TABLE, "absent", "address_not_found", "404"),
        (TABLE, "slow", "server_too_slow", "silent for 0.3 seconds"),
        (TABLE, "elsewhere", "redirected_off_https", "http://example.org/file"),
    ],
)
def test_each_fault_has_its_words_and_leaves_nothing_of_the_file(name, fault, code, words, archive, monkeypatch):
    monkeypatch.setattr(web, "TIMEOUT_SECONDS", 0.3)
    archive.faults[name] = fault
    problem = refused("GSE200001")
    assert problem.code == code
    assert name in problem.where
    assert words in f"{problem.what} {problem.found}"
    assert problem.hint
    url = f"{FOLDER}/soft/{FAMILY}" if name == FAMILY else f"{FOLDER}/suppl/{TABLE}"
    assert find_cached(url) is None
    assert not cached_path(url).exists()
    archive.faults.clear()
    assert init("GSE200001").exit_code == 0


@pytest.mark.parametrize("fault", ["absent", "slow", "page", "half"])
def test_series_without_its_list_of_files_is_begun(fault, archive, monkeypatch):
    monkeypatch.setattr(web, "TIMEOUT_SECONDS", 0.3)
    archive.faults[LIST] = fault
    result = init("GSE200001")
    assert result.exit_code == 0, result.exception
    assert ("filelist.txt: this" in result.output) == (fault != "absent")


def test_half_of_an_archive_is_seen_without_any_size(archive):
    archive.faults |= {LIST: "absent", "GSE200002_RAW.tar": "half, and no length"}
    problem = refused("GSE200002")
    assert (problem.code, Path(problem.where).name) == ("file_not_whole", "GSE200002_RAW.tar")


def test_second_of_two_fractions_that_cannot_be_had_stops_the_first(archive):
    """Cells alone would be another study than the series."""
    archive.faults["GSE200004_EVs_counts.csv.gz"] = "absent"
    problem = refused("GSE200004")
    assert Path(problem.where).name == "GSE200004_EVs_counts.csv.gz"
    assert "--file" in problem.hint
    result = init("GSE200004", "--file", "GSE200004_cells_counts.csv.gz")
    assert result.exit_code == 0


def test_large_file_is_named_with_its_size_and_not_asked_for(archive):
    large = made.matrix_in_suppl()
    large.files[TABLE] = os.urandom(1_200_000)
    archive.add(large)
    problem = refused("GSE200001", "--max-size", "1")
    assert (problem.code, problem.found) == ("file_too_large", "1.2 MB")
    assert problem.hint.startswith("`--max-size 2` fetches it")
    assert not any(path.endswith(TABLE) for path in archive.asked)  # the list of files says its size
    archive.faults[LIST] = "absent"
    assert refused("GSE200001", "--max-size", "1", "--again").found == "1.2 MB"  # here the answer does
    archive.faults[TABLE] = "half, and no length"
    large.files[TABLE] = os.urandom(3_000_000)
    archive.add(large)
    assert refused("GSE200001", "--max-size", "1", "--again").code == "file_too_large"  # here it is cut


def test_family_file_that_a_platform_makes_large_gives_way_to_the_matrix(archive):
    series = made.matrix_in_suppl()
    family = f"{series.folder}/soft/{FAMILY}"
    archive.pages[family] = gzip.compress(os.urandom(1_500_000))
    result = init("GSE200001", "--max-size", "1")
    assert result.exit_code == 0, result.exception
    assert "GSE200001_series_matrix.txt.gz" in result.output


def test_matrices_of_several_platforms_are_found_in_their_folder(archive):
    series = made.matrix_in_suppl()
    folder = f"{series.folder}/matrix/"
    content = archive.pages[f"{folder}GSE200001_series_matrix.txt.gz"]
    names = [f"GSE200001-GPL{n}_series_matrix.txt.gz" for n in (1, 2)]
    archive.faults |= {FAMILY: "absent", "GSE200001_series_matrix.txt.gz": "absent"}
    archive.pages |= {f"{folder}{name}": content for name in names}
    archive.pages[folder] = "".join(f'<a href="{name}">{name}</a>' for name in names).encode()
    result = init("GSE200001")
    assert result.exit_code == 0, result.exception
    assert [path for path in archive.asked if "-GPL" in path] == [f"{folder}{name}" for name in names]


def test_what_was_fetched_is_kept_checked_and_fetched_again_where_it_changed(archive, tmp_path):
    assert init("GSE200001").exit_code == 0
    first = archive.asked[:]
    result = init("GSE200001", "--out", "second")
    assert (archive.asked, result.exit_code) == (first, 0)
    assert f"{TABLE}: fetched before (1 kB)" in result.output
    kept = cached_path(f"{FOLDER}/suppl/{TABLE}")
    assert kept.is_relative_to(tmp_path / "cache")
    assert kept.name == TABLE
    kept.write_bytes(kept.read_bytes()[:-1])
    assert init("GSE200001", "--out", "third").exit_code == 0
    assert archive.asked == [*first, f"/geo/series/GSE200nnn/GSE200001/suppl/{TABLE}"]
    assert init("GSE200001", "--out", "fourth", "--again").exit_code == 0
    assert len(archive.asked) == len(first) + 1 + 3


def test_mirror_has_files_by_name_packed_or_not_and_the_network_is_not_asked(archive, tmp_path, monkeypatch):
    series = made.matrix_in_suppl()
    mirror = tmp_path / "mirror"
    (mirror / "GSE200001").mkdir(parents=True)
    (mirror / "GSE200001_family.soft").write_text(series.family())
    (mirror / "GSE200001" / LIST).write_text(series.file_list())
    (mirror / "A").mkdir()
    (mirror / "A" / LIST).write_text("of another series")
    (mirror / TABLE).write_bytes(series.files[TABLE])
    monkeypatch.setenv("MIRCARGO_MIRROR", f"{tmp_path / 'nowhere'}:{mirror}")
    result = init("GSE200001")
    assert result.exit_code == 0, result.exception
    assert archive.asked == []
    assert f"{TABLE}: from the mirror, {mirror / TABLE}" in result.output
    assert f"{LIST}: from the mirror, {mirror / 'GSE200001' / LIST}" in result.output
    for content, code in ((PAGE, "web_page"), (series.files[TABLE][:-1], "other_size")):
        (mirror / TABLE).write_bytes(content)
        problem = init("GSE200001", "--out", "second").exception.problems[0]
        assert (problem.code, problem.where) == (code, str(mirror / TABLE))
    (mirror / TABLE).rename(mirror / TABLE.removesuffix(".gz"))
    assert init("GSE200001", "--out", "third").exit_code == 0
    assert [path.rsplit("/", 1)[-1] for path in archive.asked] == [TABLE]  # unpacked, it has another checksum


def test_answers_that_are_not_what_they_should_be(archive):
    archive.pages[f"/geo/series/GSE200nnn/GSE200001/soft/{FAMILY}"] = gzip.compress(b"nothing of the kind\n")
    assert refused("GSE200001").code == "no_family_file"
    lines = made.matrix_in_suppl().family().split("^SAMPLE = GSM20000104")[0]
    archive.pages[f"/geo/series/GSE200nnn/GSE200001/soft/{FAMILY}"] = gzip.compress(lines.encode())
    problem = refused("GSE200001", "--again")
    assert (problem.code, problem.found) == (
        "file_not_whole", "3 records of 6 samples; the first without one is GSM20000104"
    )  # fmt: skip
    pages = study_of_array_express("E-MTAB-9005", "no table\n", {})
    archive.pages |= pages
    assert refused("E-MTAB-9005").code == "no_sdrf"
    archive.pages["/biostudies/api/v1/studies/E-MTAB-9005"] = b"[1, 2]"
    assert refused("E-MTAB-9005", "--again").code == "no_json"


@pytest.mark.parametrize(
    "address", ["http://example.org/geo", "ftp://127.0.0.1/geo", "http://127.0.0.1.example.org/geo"]
)
def test_copy_of_an_archive_is_asked_over_https_unless_it_is_on_this_machine(address, archive, monkeypatch):
    monkeypatch.setenv("MIRCARGO_GEO", address)
    problem = refused("GSE200001")
    assert problem.code == "not_https"
    assert archive.asked == []


def test_the_records_of_another_series_are_refused(archive):
    text = made.matrix_in_suppl().family().replace("GSE200001", "GSE200099")
    archive.pages[f"/geo/series/GSE200nnn/GSE200001/soft/{FAMILY}"] = gzip.compress(text.encode())
    problem = refused("GSE200001")
    assert (problem.code, problem.found) == ("another_series", "GSE200099")
