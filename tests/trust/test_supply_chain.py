"""What is installed is what the locks name: each version by its hash, under a known licence, asked about at OSV."""

import http.server
import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "envs").glob("requirements*.lock"))
AUDIT = [sys.executable, ROOT / "envs" / "audit.py"]
# By the licences' own texts: none asks that a program which only installs the package be under the same licence.
HARMLESS = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC",
    "LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "W3C-20150513", "Zlib",
}  # fmt: skip


def entries(lock):
    """Cut a lock into its entries: a line that begins at the margin, with the indented lines that follow it."""
    return [entry.replace("\\\n", " ") for entry in re.split(r"\n(?=\S)", lock.read_text().strip())]


def head(entry):
    return tuple(re.sub(r"\[.*?\]", "", entry).split()[0].split("=="))


def page():
    lines = (ROOT / "docs" / "licences.md").read_text().splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return table[0], table[1:]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_entry_has_an_exact_version_and_a_hash_and_no_address(lock):
    assert "://" not in lock.read_text()
    for entry in entries(lock):
        assert re.match(r"[a-z0-9-]+(\[[a-z, ]+\])?==\d[\w.!+]*( ; [^@]+?)?\s+--hash=sha256:[0-9a-f]{64}", entry), entry
        assert not re.search(r"--(?!hash=sha256:)", entry)


def test_page_of_licences_has_what_the_locks_have_and_none_other():
    expected = {}
    for lock in LOCKS:
        for entry in entries(lock):
            expected.setdefault(head(entry), set()).add(lock.stem.removeprefix("requirements").strip("-") or "run")
    columns, rows = page()
    assert columns == ["Package", "Version", "Licence", "Kind", "Locks"]
    assert {(name, version): set(locks.split(", ")) for name, version, _, _, locks in rows} == expected
    assert rows == sorted(rows)
    assert len(rows) == len(expected) > 200


def test_every_licence_lets_an_mit_program_depend_on_it():
    text = (ROOT / "docs" / "licences.md").read_text()
    for name, _, licence, kind, locks in page()[1]:
        if licence == "not installed here":
            continue
        if kind.endswith("explained"):
            assert f"- **{name}**: " in text
            assert name == "docutils" or "run" not in locks.split(", "), f"{name} would be installed by users"
            continue
        parts = [part.removesuffix(" WITH LLVM-exception") for part in re.split(" AND | OR ", licence)]
        assert set(parts) <= HARMLESS, name


def audit(*arguments):
    return subprocess.run([*AUDIT, *map(str, arguments)], capture_output=True, text=True)


@pytest.fixture
def packages(tmp_path):
    """Install, by their metadata alone, what the lock names, each under a licence written in another way."""

    def write(name, version, metadata, licence_file=None):
        folder = tmp_path / "site" / f"{name}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{metadata}")
        record = [f"{name}-{version}.dist-info/METADATA,,"]
        if licence_file:
            (folder / "LICENSE").write_text(licence_file)
            record.append(f"{name}-{version}.dist-info/LICENSE,,")
        (folder / "RECORD").write_text("\n".join(record))

    return write


def test_licence_is_read_however_a_package_says_it_and_gpl_or_nothing_is_refused(tmp_path, packages):
    versions = dict(head(entry) for entry in entries(ROOT / "envs" / "requirements.lock"))
    said = {
        "click": ("License-Expression: MPL-2.0\n", None, "| MPL-2.0 | weak copyleft |"),
        "jinja2": ("Classifier: License :: OSI Approved :: MIT License\n", None, "| MIT | permissive |"),
        "pulp": ("License: Apache License, Version 2.0\n", None, "| Apache-2.0 | permissive |"),
        "smmap": ("", "MIT License\n\nCopyright", "| MIT | permissive |"),
        "yte": ("License-Expression: MIT OR GPL-3.0\n", None, "| MIT OR GPL-3.0 | permissive |"),
        "requests": (
            "Classifier: License :: OSI Approved :: BSD License\n"
            "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)\n",
            None,
            "| BSD AND GPL-3.0 | copyleft |",
        ),
        "gitdb": ("License: Ask the author\n", None, "| Ask the author | unknown |"),
        "idna": ("", None, "| unknown | unknown |"),
    }
    for name, (metadata, file, _) in said.items():
        packages(name, versions[name], metadata, file)
    for out in ("one.md", "two.md"):
        done = audit(tmp_path / "site", "--out", tmp_path / out)
    assert (tmp_path / "one.md").read_bytes() == (tmp_path / "two.md").read_bytes()
    for name, (_, _, row) in said.items():
        assert f"| {name} | {versions[name]} {row} " in (tmp_path / "one.md").read_text()
    assert f"| jsonschema | {versions['jsonschema']} | not installed here |" in (tmp_path / "one.md").read_text()
    assert done.returncode == 1
    refused = [line.split()[0] for line in done.stdout.splitlines() if "EXPLAINED" in line]
    assert refused == ["gitdb", "idna", "requests"]


class Osv(http.server.BaseHTTPRequestHandler):
    """Answers as OSV's batch interface is documented to: one result a query, in order, empty where nothing is known."""

    def do_POST(self):
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        assert all(query["package"]["ecosystem"] == "PyPI" and query["version"] for query in queries)
        results = [
            {"vulns": [{"id": "GHSA-planted"}, {"id": "PYSEC-planted"}]} if query["package"]["name"] == "jinja2" else {}
            for query in queries
        ]
        content = json.dumps({"results": results}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def test_known_vulnerability_of_a_locked_version_is_told():
    with http.server.HTTPServer(("127.0.0.1", 0), Osv) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = audit("--vulnerabilities", "--address", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    version = dict(head(entry) for entry in entries(ROOT / "envs" / "requirements.lock"))["jinja2"]
    assert f"jinja2 {version} (run, cluster, dev, readers): GHSA-planted, PYSEC-planted\n" in done.stdout
    assert done.stdout.splitlines()[-1] == f"{len(page()[1])} packages asked about, 1 with a known vulnerability"
    assert done.returncode == 1


def test_without_a_network_one_line_says_so():
    done = audit("--vulnerabilities", "--address", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert re.fullmatch(r"not asked, OSV cannot be reached from here: .*refused.*\n", done.stdout)
    assert done.stderr == ""
