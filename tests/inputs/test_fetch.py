import hashlib

import pytest

from mircargo.inputs.fetch import fetch
from mircargo.inputs.fetched_files import cached_path, find_cached, kept_whole
from mircargo.inputs.web import served_at
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


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MIRCARGO_MIRROR", raising=False)
    return tmp_path / "cache"


def test_table_that_was_kept_is_taken_without_the_network_if_it_is_the_one(cache, tmp_path):
    with kept_whole(UNREACHABLE) as path:
        path.write_bytes(CONTENT)
    assert find_cached(UNREACHABLE) == (cached_path(UNREACHABLE), SHA256)
    assert "fetched before" in fetch(UNREACHABLE, SHA256, tmp_path / "counts.tsv")
    assert (tmp_path / "counts.tsv").read_bytes() == CONTENT
    with pytest.raises(ProblemsFound, match="could not be fetched"):
        fetch(UNREACHABLE, SHA256[::-1], tmp_path / "other.tsv")
    cached_path(UNREACHABLE).write_bytes(CONTENT[1:])
    with pytest.raises(ProblemsFound, match="could not be fetched"):
        fetch(UNREACHABLE, SHA256, tmp_path / "other.tsv")
    assert not (tmp_path / "other.tsv").exists()


def test_file_that_fails_on_the_way_takes_the_place_of_no_other(cache):
    with kept_whole(UNREACHABLE) as path:
        path.write_bytes(CONTENT)

    def fails():
        with kept_whole(UNREACHABLE) as path:
            path.write_bytes(CONTENT[:5])
            raise ProblemsFound([])

    with pytest.raises(ProblemsFound):
        fails()
    assert cached_path(UNREACHABLE).read_bytes() == CONTENT
    assert find_cached(UNREACHABLE) is None  # without its checksum nobody vouches for it
    assert [each.name for each in cached_path(UNREACHABLE).parent.iterdir()] == ["counts.tsv"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/../../x",
        "https://example.org/a/%2e%2e/x",
        "https://example.org/a?b=/../x",
        "https://example.org",
    ],
)
def test_kept_files_stay_in_the_cache_and_apart(url, cache):
    path = cached_path(url)
    assert path.resolve().is_relative_to(cache.resolve() / "mircargo" / "fetched")
    others = (f"{url}y", "https://example.org/z", "https://example.org/z/files")
    assert len({path, *map(cached_path, others)}) == 4


def test_copy_of_an_archive_is_asked_in_its_place(monkeypatch):
    url = "https://ftp.ncbi.nlm.nih.gov/geo/series/x"
    assert served_at(url) == url
    monkeypatch.setenv("MIRCARGO_GEO", "https://example.org/copy/")
    assert served_at(url) == "https://example.org/copy/series/x"
    assert served_at("https://ftp.ncbi.nlm.nih.gov/geology/x") == "https://ftp.ncbi.nlm.nih.gov/geology/x"


def test_what_is_wrong_with_the_mirror_is_said_where_nothing_could_be_fetched(tmp_path, monkeypatch):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "counts.tsv").touch()
    monkeypatch.setenv("MIRCARGO_MIRROR", f"{tmp_path / 'gone'}:{tmp_path / 'mirror'}")
    with pytest.raises(ProblemsFound) as found:
        fetch("https://nowhere.invalid/counts.tsv", "0" * 64, tmp_path / "counts.tsv")
    first, *others = found.value.problems
    assert first.code == "not_fetched"
    assert [(each.what, each.where) for each in others] == [
        ("this folder of MIRCARGO_MIRROR does not exist", str(tmp_path / "gone")),
        ("this file of the mirror is empty", str(tmp_path / "mirror" / "counts.tsv")),
    ]
