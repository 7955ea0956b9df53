"""What the locked packages are licensed under, and whether a vulnerability of one is known.

    python envs/audit.py FOLDER ...          writes docs/licences.md from the metadata that lies in the folders
    python envs/audit.py --vulnerabilities   asks OSV about every package of every lock

A folder is the site-packages of an environment, or holds wheels. A lock is for every platform, so no one machine
installs all of it; what is named as "not installed here" is read from wheels that ``pip download --no-deps
--only-binary :all: --python-version 3.13 --dest FOLDER NAME==VERSION`` fetches.
"""

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Final, NamedTuple

ENVS: Final = Path(__file__).resolve().parent
PAGE: Final = ENVS.parent / "docs" / "licences.md"
OSV: Final = "https://api.osv.dev/v1/querybatch"
ABSENT: Final = "not installed here"

# mircargo is MIT and installs these beside itself; it holds no copy of their code.
KINDS: Final = {
    "permissive": {
        "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
        "CNRI-Python", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Public-Domain", "W3C-20150513", "Zlib",
    },
    "weak copyleft": {"LGPL-3.0-or-later", "MPL-2.0"},
    "copyleft": {"AGPL-3.0", "GPL", "GPL-2.0", "GPL-3.0"},
}  # fmt: skip
RANK: Final = [*KINDS, "unknown"]
# How packages write what SPDX names otherwise. "BSD" alone does not say how many clauses there are.
SPELLINGS: Final = {
    "2-clause bsd": "BSD-2-Clause",
    "apache 2.0": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD",
    "bsd-3": "BSD-3-Clause",
    "gnu general public license (gpl)": "GPL",
    "gnu general public license v3 (gplv3)": "GPL-3.0",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "public domain": "Public-Domain",
    "python software foundation license": "PSF-2.0",
    "the mit license (mit)": "MIT",
}
# A package whose licence is not plainly permissive or weak copyleft stands here with why it may be used, or is refused.
EXPLAINED: Final = {
    "docutils": "GPL is the licence of one file of its sources, an Emacs mode, which is not installed; the rest is in "
    "the public domain or BSD.",
    "multiqc": "In an environment of its own, only to try that it reads mircargo's files; no user installs it with "
    "mircargo, and no code of one is in the other.",
}
HEAD: Final = """\
# Licences of the dependencies
mircargo is under the MIT licence. It installs the packages below beside itself and holds no copy of their code. The
report it writes does hold scripts of two: DataTables (MIT, carried by itables) and Vega (BSD-3-Clause, carried by
vl-convert-python).

Licences that ask to pass on changes of the package itself (MPL, LGPL: *weak copyleft*) bind who changes that package,
not who depends on it. What stands below as *explained* has its sentence at the end.

`run` is what mircargo needs, `dev` what its tests and documentation need, `readers` what its files are read with in
tests, `cluster` what sends steps to SLURM or Kubernetes, `mutation` what tries the tests. `python envs/audit.py` writes
this page from the metadata of the installed packages; a test holds it against the locks.

| Package | Version | Licence | Kind | Locks |
|---|---|---|---|---|
"""


class Entry(NamedTuple):
    """A package and version of a lock; the name as package indexes write it."""

    name: str
    version: str


def locked(folder: Path = ENVS) -> dict[Entry, list[str]]:
    """Name the locks of each entry: `run` for requirements.lock, else what stands between the hyphen and the dot."""
    found: dict[Entry, list[str]] = {}
    for path in sorted(folder.glob("requirements*.lock")):
        lock = path.stem.removeprefix("requirements").lstrip("-") or "run"
        for name, version in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", path.read_text(), re.MULTILINE):
            locks = found.setdefault(Entry(plain(name), version), [])
            locks += [] if lock in locks else [lock]
    return {entry: sorted(locks, key=lambda lock: (lock != "run", lock)) for entry, locks in found.items()}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(folders: Iterable[Path]) -> dict[Entry, str]:
    """Read the licence of every package that lies in the folders, installed or as a wheel."""
    paths = [str(path) for folder in folders for path in (folder, *sorted(folder.glob("*.whl")))]
    return {Entry(plain(each.metadata["Name"]), each.version): licence_of(each) for each in distributions(path=paths)}


def licence_of(package: Distribution) -> str:
    """Return the licence as SPDX names it: what says it most exactly comes first, the text of the licence last.

    Returns
    -------
    str
        An SPDX expression, or what the package says itself where nothing of it is known; else ``unknown``.
    """
    said = {name: package.metadata.get_all(name) or [] for name in ("License-Expression", "License", "Classifier")}
    if said["License-Expression"]:
        return str(said["License-Expression"][0])
    stated = "".join(said["License"]).strip()
    classified = [
        spelled(each.rsplit("::", 1)[-1])
        for each in said["Classifier"]
        if each.startswith("License ::") and not each.endswith("OSI Approved")
    ]
    # One licence in few words is more exact than a classifier, which knows but one BSD.
    known = [kind_of(spelled(text)) != "unknown" for text in (stated, first_line(stated))]
    if len(classified) > 1:
        # Two permissive ones are a choice. Where a copyleft one is among them, that may be the licence of a part.
        free = all(kind_of(each) == "permissive" for each in classified)
        return (" OR " if free else " AND ").join(classified)
    if known[0]:
        return spelled(stated)
    if classified and (classified != ["BSD"] or not known[1]):
        return classified[0]
    if known[1]:
        return spelled(first_line(stated))
    return spelled(first_line(_licence_file(package))) or first_line(stated) or "unknown"


def _licence_file(package: Distribution) -> str:
    for file in package.files or []:
        if re.match(r"licen[cs]e", file.name, re.IGNORECASE) and ".dist-info" in str(file):
            return str(package.read_text(str(file).split(".dist-info/", 1)[1]) or "")
    return ""


def first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0].strip()


def spelled(text: str) -> str:
    return SPELLINGS.get(text.strip().lower(), text.strip())


def kind_of(licence: str) -> str:
    """Tell permissive, weak copyleft, copyleft and unknown apart: of an OR the freest counts, of an AND the least free.

    Examples
    --------
    >>> kind_of("MIT OR GPL-3.0"), kind_of("MPL-2.0 AND MIT"), kind_of("Proprietary")
    ('permissive', 'weak copyleft', 'unknown')
    """

    def rank(one: str) -> int:
        return next((RANK.index(kind) for kind, names in KINDS.items() if one in names), len(KINDS))

    return RANK[min(max(rank(part) for part in choice.split(" AND ")) for choice in licence.split(" OR "))]


def rows(locks: dict[Entry, list[str]], licences: dict[Entry, str]) -> Iterator[tuple[str, str, str, str, str]]:
    for entry in sorted(locks):
        licence = licences.get(entry, ABSENT)
        others = sorted(f"{text} in {each.version}" for each, text in licences.items() if each.name == entry.name)
        kind = kind_of(licence)
        if licence == ABSENT:
            kind = f"{ABSENT}; {others[0]}" if others else ABSENT
        elif entry.name in EXPLAINED:
            kind = f"{kind}, explained"
        yield entry.name, entry.version, licence, kind, ", ".join(locks[entry])


def write_licences(folders: list[Path], path: Path) -> int:
    """Write the page; return how many packages are refused, and name them."""
    listed = list(rows(locked(), installed(folders)))
    table = "".join(f"| {' | '.join(row)} |\n" for row in listed)
    notes = "".join(f"- **{name}**: {why}\n" for name, why in sorted(EXPLAINED.items()))
    path.write_text(f"{HEAD}{table}\n## Explained\n{notes}", encoding="utf-8")
    refused = [row for row in listed if row[3] in RANK[2:]]
    for name, version, licence, kind, _ in refused:
        print(f"{name} {version}: {licence} ({kind}); take another package, or say in EXPLAINED why it may be used")
    absent = [f"{name}=={version}" for name, version, licence, *_ in listed if licence == ABSENT]
    if absent:
        print(f"{ABSENT}: {' '.join(absent)}")
    print(f"{path.name}: {len(listed)} packages, {len(refused)} refused, {len(absent)} {ABSENT}")
    return len(refused)


def ask(entries: list[Entry], address: str) -> list[dict[str, Any]]:
    """Return OSV's answer of each entry, in the order of the entries."""
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in entries]
    request = urllib.request.Request(
        address, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        results: list[dict[str, Any]] = json.load(answer)["results"]
    if len(results) != len(entries):
        raise ValueError(f"{len(results)} answers to {len(entries)} questions")
    return results


def report_vulnerabilities(address: str) -> int:
    """Print what OSV knows of the locked packages; return how many of them it knows something of."""
    locks = locked()
    entries = sorted(locks)
    try:
        answers = ask(entries, address)
    except (urllib.error.URLError, TimeoutError) as error:
        print(f"not asked, OSV cannot be reached from here: {getattr(error, 'reason', error)}")
        return 1
    except (ValueError, KeyError) as error:
        print(f"not asked, this is no answer of OSV: {error}")
        return 1
    found = 0
    for entry, answer in zip(entries, answers, strict=True):
        names = [each["id"] for each in answer.get("vulns", [])]
        if names:
            found += 1
            more = " and more" if answer.get("next_page_token") else ""
            print(f"{entry.name} {entry.version} ({', '.join(locks[entry])}): {', '.join(names)}{more}")
    print(f"{len(entries)} packages asked about, {found} with a known vulnerability")
    return found


def main() -> None:
    """Exit with code 1 where a licence is refused, a vulnerability is known, or OSV did not answer."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("folders", nargs="*", type=Path, help="site-packages, or a folder of wheels")
    parser.add_argument("--out", type=Path, default=PAGE, help="page of licences to write")
    parser.add_argument("--vulnerabilities", action="store_true", help="ask OSV instead")
    parser.add_argument("--address", default=OSV, help="where OSV answers")
    given = parser.parse_args()
    if not given.vulnerabilities and not given.folders:
        parser.error("name the folders to read, or --vulnerabilities")
    wrong = report_vulnerabilities(given.address) if given.vulnerabilities else write_licences(given.folders, given.out)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
