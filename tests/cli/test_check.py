"""What `mircargo check` says of a table that cannot be fetched."""

from pathlib import Path

from mircargo.cli.check import _fetch_and_examine
from mircargo.config import parse


def test_a_table_that_cannot_be_fetched_is_one_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIRCARGO_MIRROR", "")
    Path("s.tsv").write_text("sample\tgroup\na\tx\nb\tx\nc\ty\nd\ty\n")
    counts = [{"url": "https://nowhere.invalid/counts.tsv", "sha256": "0" * 64}, {"table": "gone.tsv"}]
    contrast = {"variable": "group", "level": "y", "reference": "x"}
    study = {"title": "t", "species": "hsa", "counts": counts, "samples": "s.tsv", "contrasts": {"y": contrast}}
    problems, _ = _fetch_and_examine(parse({"target": "miR-21-5p", "studies": {"one": study}}), "one")
    errors = [(each.code, each.where) for each in problems if each.severity == "error"]
    # The table with a path of its own is still looked for there.
    assert errors == [("not_fetched", "https://nowhere.invalid/counts.tsv"), ("no_such_file", "gone.tsv")]
