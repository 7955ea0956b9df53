import pytest

from geo_series import ALL
from geo_stand_in import serving


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Serve all series that were made up, in a folder of its own and with an empty cache."""
    monkeypatch.chdir(tmp_path)
    for name in ("MIRCARGO_MIRROR", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serving() as server:
        monkeypatch.setenv("MIRCARGO_GEO", f"{server.address}/geo")
        monkeypatch.setenv("MIRCARGO_BIOSTUDIES", f"{server.address}/biostudies")
        server.add(*(made() for made in ALL))
        yield server
