import hashlib

import pytest

from mircargo.inputs.fetch import fetch
from mircargo.problems import ProblemsFound

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
    assert list(tmp_path.iterdir()) == []
