"""What is installed is what the locks name: each version by its hash, under a licence that may pass."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "envs").glob("requirements*.lock"))


def entries(lock):
    """Cut a lock into its entries: a line that begins at the margin, with the indented lines that follow it."""
    return [entry.replace("\\\n", " ") for entry in re.split(r"\n(?=\S)", lock.read_text().strip())]


def head(entry):
    return tuple(re.sub(r"\[.*?\]", "", entry).split()[0].split("=="))


def page():
    """Return the licence of each package and version on the page, and what stands below the table."""
    table, _, below = (ROOT / "docs" / "licences.md").read_text().partition("## Left out of the table")
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:2] == "| "]
    assert lines[0] == ["Name", "Version", "License"]
    return {(re.sub(r"[-_.]+", "-", name).lower(), version): licence for name, version, licence in lines[1:]}, below


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_entry_has_an_exact_version_and_a_hash_and_no_address(lock):
    assert "://" not in lock.read_text()
    for entry in entries(lock):
        assert re.match(r"[a-z0-9-]+(\[[a-z, ]+\])?==\d[\w.!+]*( ; [^@]+?)?\s+--hash=sha256:[0-9a-f]{64}", entry), entry
        assert not re.search(r"--(?!hash=sha256:)", entry)


def test_page_of_licences_has_what_users_install():
    listed, below = page()
    locked = entries(ROOT / "envs" / "requirements-dev.lock")
    assert set(listed) <= {head(entry) for entry in locked}
    everywhere = {head(entry) for entry in entries(ROOT / "envs" / "requirements.lock") if " ; " not in entry}
    missing = sorted(name for name, _ in everywhere - set(listed))
    assert [name for name in missing if not re.search(rf"\b{name}\b", below)] == []
    assert len(listed) > 120


def test_every_licence_lets_an_mit_program_depend_on_it():
    """The audit workflow holds each lock against the same list, and no licence of it is GPL or AGPL."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pip-licenses"]
    allowed = settings["allow-only"].split(";")
    assert not [each for each in allowed if re.search(r"(?<!L)GPL|General Public", each) and "Lesser" not in each]
    listed, below = page()
    assert {part for licence in listed.values() for part in licence.split("; ")} <= set(allowed)
    own = {"mircargo"}
    assert [name for name in set(settings["ignore-packages"]) - own if not re.search(rf"\b{name}\b", below)] == []


def test_actions_and_base_image_are_pinned_by_digest():
    """A tag can be moved to other code; the commit of an action, and the digest of an image, cannot."""
    used = [
        used
        for path in [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), ROOT / "action.yml"]
        for used in re.findall(r"^ +(?:- )?uses: *(.*)$", path.read_text(), re.MULTILINE)
    ]
    assert len(used) >= 10
    assert [each for each in used if not re.fullmatch(r"(\./.*|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)", each)] == []
    images = re.findall(r"^FROM (\S+)", (ROOT / "envs" / "Containerfile").read_text(), re.MULTILINE)
    assert [each for each in images if not re.search(r"@sha256:[0-9a-f]{64}$", each)] == []
    assert images
