import hashlib
from pathlib import Path

import pytest

from mircargo.problems import ProblemsFound
from mircargo.tables.fetch import fetch

CONTENT = b"feature\ta\nx\t1\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
UNREACHABLE = "https://127.0.0.1:9/counts.tsv"


def test_file_is_taken_from_the_mirror_that_has_its_checksum(tmp_path, monkeypatch):
    below = tmp_path / "two" / "deep"
    below.mkdir(parents=True)
    (below / "another_name.tsv").write_bytes(CONTENT)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "counts.tsv").write_bytes(b"not it")
    monkeypatch.setenv("MIRCARGO_MIRROR", f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    assert "mirror" in fetch(UNREACHABLE, SHA256, tmp_path / "data" / "counts.tsv")
    assert (tmp_path / "data" / "counts.tsv").read_bytes() == CONTENT


def test_nothing_is_left_where_the_address_does_not_answer(tmp_path, monkeypatch):
    monkeypatch.delenv("MIRCARGO_MIRROR", raising=False)
    with pytest.raises(ProblemsFound, match=r"could not be fetched(.|\n)*MIRCARGO_MIRROR"):
        fetch(UNREACHABLE, SHA256, tmp_path / "data" / "counts.tsv")
    assert list((tmp_path / "data").iterdir()) == []


def test_file_with_another_checksum_is_refused_and_removed(tmp_path, monkeypatch):
    import pooch

    class Downloader:
        def __init__(self, **_):
            pass

        def __call__(self, url, output_file, _):
            Path(output_file).write_bytes(b"something else")

    monkeypatch.delenv("MIRCARGO_MIRROR", raising=False)
    monkeypatch.setattr(pooch, "HTTPDownloader", Downloader)
    with pytest.raises(ProblemsFound, match=f"another checksum than configured(.|\n)*{SHA256}"):
        fetch(UNREACHABLE, SHA256, tmp_path / "data" / "counts.tsv")
    assert list((tmp_path / "data").iterdir()) == []
