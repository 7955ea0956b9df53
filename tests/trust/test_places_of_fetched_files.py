"""What a configuration has fetched lands below `data/`; to look at somebody else's configuration writes nothing."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mircargo.cli.check import check
from mircargo.config import allow_folder, fetched_files, misplaced_files, parse

TABLE = "feature\ta_1\ta_2\tb_1\tb_2\n" + "".join(
    f"{name}\t{n}1{n}\t{n}2{n}\t{n}3{n}\t{n}1{n}\n" for n, name in enumerate(["hsa-miR-21-5p", "hsa-miR-16-5p"], 3)
)
SHA256 = hashlib.sha256(TABLE.encode()).hexdigest()
SOURCE = {"url": "https://nowhere.invalid/counts.tsv", "sha256": SHA256}


def configured(**keys):
    contrast = {"variable": "group", "level": "b", "reference": "a"}
    study = {
        "title": "t",
        "species": "hsa",
        "counts": [{"table": "own.tsv"}],
        "samples": "s.tsv",
        "contrasts": {"b": contrast},
    }
    return {"target": "miR-21-5p", "studies": {"one": study | keys}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of work beside one that a configuration is not to write to, with the table in a mirror."""
    for name in ("work", "elsewhere", "mirror"):
        (tmp_path / name).mkdir()
    (tmp_path / "mirror" / "any_name.tsv").write_text(TABLE)
    monkeypatch.chdir(tmp_path / "work")
    Path("s.tsv").write_text("sample\tgroup\na_1\ta\na_2\ta\nb_1\tb\nb_2\tb\n")
    monkeypatch.setenv("MIRCARGO_MIRROR", str(tmp_path / "mirror"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MIRCARGO_DATA", raising=False)
    return tmp_path


def files_in(folder):
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() or path.is_symlink()}
    return {path for path in found if not path.startswith("cache/matplotlib/")}


def checked(settings):
    return CliRunner().invoke(check, [json.dumps(settings)])


PLACES = ["/elsewhere/x.pth", "../elsewhere/x.pth", "data/../../elsewhere/x.pth", "x.pth", "data", "mydata/x.tsv"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("part", ["counts", "mirbase", "recipient", "recipient results", "targets"])
def test_place_outside_data_is_refused_with_its_key_and_nothing_is_written(part, place, folder):
    place = place.replace("/elsewhere", str(folder / "elsewhere")) if place.startswith("/") else place
    table = SOURCE | {"table": place}
    cells = {"counts": "cells.tsv", "samples": "c.tsv", "contrast": {"variable": "g", "level": "b", "reference": "a"}}
    keys, key = {
        "counts": ({"counts": [table]}, "counts.0.table"),
        "mirbase": ({"species": "ssc", "mirbase": SOURCE | {"file": place}}, "mirbase.file"),
        "recipient": ({"recipient": cells | {"counts": table}, "targets": "t.tsv"}, "recipient.counts.table"),
        "recipient results": ({"recipient": {"results": table}, "targets": "t.tsv"}, "recipient.results.table"),
        "targets": ({"recipient": {"results": "r.tsv"}, "targets": table}, "targets.table"),
    }[part]
    if "recipient" in keys:
        keys["contrasts"] = {"b": {"variable": "group", "level": "b", "reference": "a", "exosome": True}}
    before = files_in(folder)
    answer = checked(configured(**keys))
    assert answer.exit_code == 1
    assert f"studies.one.{key}: a file with a `url` is put below data/ only" in str(answer.exception)
    assert place in str(answer.exception)
    assert str(answer.exception).count("is put below data/") == 1
    assert files_in(folder) == before


@pytest.mark.parametrize("link", ["data", "data/deep"])
def test_link_to_another_folder_is_refused(link, folder):
    Path(link).parent.mkdir(exist_ok=True)
    Path(link).symlink_to(folder / "elsewhere")
    answer = checked(configured(counts=[SOURCE | {"table": "data/deep/counts.tsv"}]))
    assert f"where {link} is a symbolic link to {folder / 'elsewhere'}" in str(answer.exception)
    assert files_in(folder / "elsewhere") == set()


def test_check_reads_what_it_fetched_and_writes_only_to_the_cache(folder):
    before = files_in(folder)
    answer = checked(configured(counts=[SOURCE | {"table": "data/one/counts.tsv"}]))
    assert "4 samples" in answer.output or "4 samples" in str(answer.exception)
    assert str(folder / "cache") not in answer.output + str(answer.exception)
    assert files_in(folder) - before == {f"cache/mircargo/checked/{SHA256}/counts.tsv"}
    (folder / "mirror" / "any_name.tsv").unlink()  # a second time it comes from the cache
    again = checked(configured(counts=[SOURCE | {"table": "data/one/counts.tsv"}]))
    assert (again.output, str(again.exception)) == (answer.output, str(answer.exception))


@pytest.mark.parametrize(
    ("named", "table", "refused"),
    [
        ("elsewhere", "{root}/elsewhere/deep/x.tsv", False),
        ("elsewhere", "../elsewhere/x.tsv", True),  # `..` is not followed
        ("elsewhere", "{root}/elsewhere/link/x.tsv", True),
        ("work/mine", "mine/x.tsv", False),
        ("work/linked", "linked/x.tsv", False),  # the user named the link
        ("work/linked", "data/one/x.tsv", False),
        ("work/mine", "yours/x.tsv", True),
    ],
)
def test_folder_that_the_user_names_is_allowed(named, table, refused, folder, monkeypatch):
    (folder / "elsewhere" / "link").symlink_to(folder / "mirror")
    (folder / "work" / "linked").symlink_to(folder / "elsewhere")
    monkeypatch.setenv("MIRCARGO_DATA", "")  # taken back after the test
    allow_folder(str(folder / named))
    config = parse(configured(counts=[SOURCE | {"table": table.format(root=folder)}]))
    assert bool(misplaced_files(fetched_files(config))) == refused
