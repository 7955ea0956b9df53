"""A table comes over https from first to last, whole, and not without end; else nothing of it is kept."""

import contextlib
import hashlib
import http.server
import os
import shutil
import ssl
import subprocess

import pytest

from local_server import running
from mircargo.config import parse, table_path
from mircargo.inputs import fetch as fetching
from mircargo.inputs.fetch import fetch, find_in_mirror
from mircargo.problems import ProblemsFound

CONTENT = b"feature\ta\nmiR-21a-5p\t1\n" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Site(http.server.BaseHTTPRequestHandler):
    """Serves a table whole, half, changed and without end, and sends on to other addresses."""

    def do_GET(self):
        self.server.asked.append(self.path)
        elsewhere = {
            "/to-http": f"http://127.0.0.1:{self.server.plain_port}/counts.tsv",
            "/to-file": "file:///etc/hostname",
            "/by-two-to-http": "/to-http",
            "/to-https": "/counts.tsv",
            "/round": "/round",
        }
        if self.path in elsewhere:
            self.send_response(302)
            self.send_header("Location", elsewhere[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        endless = self.path == "/endless"
        self.send_response(200 if self.path != "/missing" else 404)
        if not endless:
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if endless:
            with contextlib.suppress(OSError):  # until the other side has enough
                for _ in range(10_000):
                    self.wfile.write(CONTENT)
                    self.server.sent += len(CONTENT)
            return
        content = {"/half": CONTENT[: len(CONTENT) // 2], "/changed": CONTENT.replace(b"1", b"2", 1)}
        self.wfile.write(content.get(self.path, CONTENT))

    def log_message(self, *_):
        pass


def serving(certificate=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked, server.sent, server.plain_port = [], 0, 0
    server.handle_error = lambda *_: None  # where the other side hangs up, as it should
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    return running(server)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes the certificate of the test's server, is not there")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def site(certificate, monkeypatch):
    """Serve over https with a certificate that is trusted, and beside it over http."""
    for name in ("MIRCARGO_MIRROR", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.with_suffix(".crt")))
    with serving(certificate) as secure, serving() as plain:
        secure.plain_port, secure.plain = plain.server_port, plain
        yield secure


def from_site(site, page, out):
    return fetch(f"https://127.0.0.1:{site.server_port}{page}", SHA256, out)


@pytest.mark.parametrize("page", ["/counts.tsv", "/to-https"])
def test_table_comes_over_https_also_from_where_it_has_moved(page, site, tmp_path):
    out = tmp_path / "data" / "counts.tsv"
    assert page in from_site(site, page, out)
    assert out.read_bytes() == CONTENT
    assert os.listdir(out.parent) == ["counts.tsv"]  # noqa: PTH208 - hidden ones too


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("/to-http", "leads to one that is not https"),
        ("/by-two-to-http", "leads to one that is not https"),
        ("/to-file", "leads to one that is not https"),
        ("/round", "could not be fetched(.|\n)*redirects"),
        ("/missing", "could not be fetched(.|\n)*404"),
        ("/half", "could not be fetched(.|\n)*11500 bytes read, 11500 more expected"),
        ("/changed", f"does not have the configured checksum(.|\n)*{SHA256}"),
        ("/endless", "too large(.|\n)*more than 1,000,000 bytes"),
    ],
)
def test_nothing_is_kept_of_what_comes_otherwise(page, message, site, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "MAX_BYTES", 1_000_000)
    out = tmp_path / "data" / "counts.tsv"
    out.parent.mkdir()
    out.write_bytes(b"as it was")
    with pytest.raises(ProblemsFound, match=message):
        from_site(site, page, out)
    assert out.read_bytes() == b"as it was"
    assert os.listdir(out.parent) == ["counts.tsv"]  # noqa: PTH208
    assert site.plain.asked == []  # over http it was there, and right
    assert site.sent < 50_000_000


def test_site_that_nobody_vouches_for_is_refused(site, tmp_path, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(ProblemsFound, match=r"could not be fetched(.|\n)*certificate"):
        from_site(site, "/counts.tsv", tmp_path / "counts.tsv")
    assert site.asked == []
    assert list(tmp_path.iterdir()) == []


def test_mirror_is_searched_past_what_is_no_readable_file(tmp_path):
    mirror = tmp_path / "mirror"
    (mirror / "z").mkdir(parents=True)
    (mirror / "a_nowhere").symlink_to(mirror / "no such file")
    (mirror / "b_round").symlink_to(mirror / "b_round")
    (mirror / "c_folder").symlink_to(mirror)
    (mirror / "d_zeros").symlink_to("/dev/zero")
    os.mkfifo(mirror / "e_nobody_writes")
    (mirror / "f_unreadable").write_bytes(CONTENT)
    (mirror / "f_unreadable").chmod(0)
    # Root may read everything; what refuses root too is a file of the kernel that is for writing.
    (mirror / "g_refused").symlink_to("/proc/self/mem")
    (mirror / "z" / "counts.tsv").write_bytes(CONTENT + b"more")
    found = find_in_mirror(hashlib.sha256(CONTENT + b"more").hexdigest(), f"{tmp_path / 'no mirror'}:{mirror}")
    assert found == mirror / "z" / "counts.tsv"


def test_copy_from_the_mirror_is_what_was_hashed(tmp_path, monkeypatch):
    """Another process writes the file anew between the search and the copy."""
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "counts.tsv").write_bytes(CONTENT)

    def found_then_changed(sha256):
        path = find_in_mirror(sha256, str(tmp_path / "mirror"))
        path.write_bytes(CONTENT[:-1])
        return path

    monkeypatch.setattr(fetching, "find_in_mirror", found_then_changed)
    with pytest.raises(ProblemsFound, match="does not have the configured checksum"):
        fetch("https://127.0.0.1:9/counts.tsv", SHA256, tmp_path / "data" / "counts.tsv")
    assert list((tmp_path / "data").iterdir()) == []


def configured(url):
    study = {"title": "One", "species": "mmu", "samples": "samples.tsv", "counts": [{"url": url, "sha256": SHA256}]}
    study["contrasts"] = {"injury": {"variable": "condition", "level": "injury", "reference": "control"}}
    return parse({"target": "miR-21-5p", "studies": {"one": study}})


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://me:secret-word@example.org/counts.tsv", "password"),
        ("https://secret-word@example.org/counts.tsv", "password"),
        ("https:///counts.tsv", "names no machine"),
        ("http://example.org/counts.tsv", "https"),
        ("file:///etc/passwd", "https"),
    ],
)
def test_configuration_refuses_an_address_and_keeps_its_password_to_itself(url, message):
    with pytest.raises(ProblemsFound, match=message) as refused:
        configured(url)
    assert "counts.0.url" in str(refused.value)
    assert "secret-word" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://example.org/a/counts.tsv.gz", "data/one/counts.tsv.gz"),
        ("https://example.org/get?acc=1&file=counts.tsv", "data/one/get?acc=1&file=counts.tsv"),
        ("https://example.org/..", "data/one/table"),
        ("https://example.org/a/../..", "data/one/table"),
        ("https://example.org/a?b=/..", "data/one/table"),
    ],
)
def test_fetched_table_lies_in_the_folder_of_its_study(url, path):
    assert table_path("one", configured(url).studies["one"].counts[0]) == path
