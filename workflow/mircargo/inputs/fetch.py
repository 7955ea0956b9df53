"""Downloading a table once, from a mirror if one has it, and only if its checksum is right."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from mircargo.inputs.fetched_files import find_cached, find_checked, sha256_of
from mircargo.inputs.web import BLOCK_BYTES, answer_from
from mircargo.io import written_whole
from mircargo.problems import Problem, ProblemsFound, refusal

# The largest public tables of counts have some 100 MB; an endless answer is cut here.
MAX_BYTES: Final = 4_000_000_000

__all__ = ["MAX_BYTES", "fetch", "find_in_mirror", "mirrored_files", "sha256_of"]


def mirrored_files(mirror: str | None = None) -> Iterator[Path]:
    """List what the folders of `MIRCARGO_MIRROR` hold, folder by folder, in the order of the paths."""
    for folder in filter(None, (mirror if mirror is not None else os.environ.get("MIRCARGO_MIRROR", "")).split(":")):
        yield from sorted(Path(below) / name for below, _, names in os.walk(folder) for name in names)


def find_in_mirror(sha256: str, mirror: str | None = None) -> Path | None:
    """Find a file by its checksum in the folders of `MIRCARGO_MIRROR` (colon separated, searched below).

    Only regular files are opened, and what may not be read is passed over: a mirror is often a folder of many people.
    """
    for path in mirrored_files(mirror):
        with contextlib.suppress(OSError):
            if path.is_file() and sha256_of(path) == sha256:
                return path
    return None


def fetch(url: str, sha256: str, path: str | Path) -> str:
    """Put the file of an address into place: from a mirror, from what `init` or `check` has kept, or over https.

    Returns
    -------
    str
        Where it came from, in words.

    Raises
    ------
    ProblemsFound
        Where it cannot be downloaded, is not the file that the checksum names, has more than `MAX_BYTES` bytes, or the
        address leads to one that is not https; then nothing is left behind.
    """
    if not url.startswith("https://"):
        raise refusal("not_https", "a table is fetched over https only", "url", url, "give an address with https://")
    path = Path(path)
    mirrored = find_in_mirror(sha256)
    if mirrored:
        with mirrored.open("rb") as handle:
            _save(iter(lambda: handle.read(BLOCK_BYTES), b""), sha256, path, str(mirrored))
        return f"{path}: from the mirror, {mirrored}"
    cached = find_cached(url, sha256)
    kept = cached[0] if cached else find_checked(sha256)
    if kept:
        with kept.open("rb") as handle:
            _save(iter(lambda: handle.read(BLOCK_BYTES), b""), sha256, path, str(kept))
        return f"{path}: fetched before, {kept}"
    try:
        with answer_from(url, "table") as answer:
            _save(answer.iter_content(BLOCK_BYTES), sha256, path, url)
    except ProblemsFound as error:
        raise ProblemsFound([*error.problems, *_problems_of_mirror(url)]) from None
    return f"{path}: from {url}"


def _problems_of_mirror(url: str) -> list[Problem]:
    """Say which folders of `MIRCARGO_MIRROR` are missing, and which file of the address's name is empty there."""
    folders = [each for each in os.environ.get("MIRCARGO_MIRROR", "").split(":") if each]
    problems = [
        Problem("no_such_folder", "this folder of MIRCARGO_MIRROR does not exist", each, "", "correct MIRCARGO_MIRROR")
        for each in folders if not Path(each).is_dir()
    ]  # fmt: skip
    name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    empty = [path for path in mirrored_files() if path.name == name and path.is_file() and not path.stat().st_size]
    what, hint = "this file of the mirror is empty", "copy it again"
    return problems + [Problem("empty_file", what, str(path), "0 bytes", hint) for path in empty]


def _save(parts: Iterable[bytes], sha256: str, path: Path, source: str) -> None:
    """Write what comes from a source, and give it its name if its checksum, taken on the way, is right."""
    digest, size = hashlib.sha256(), 0
    with written_whole(path) as temporary:
        with temporary.open("wb") as handle:
            for part in parts:
                size += len(part)
                if size > MAX_BYTES:
                    what, found = "a table to fetch is too large", f"more than {MAX_BYTES:,} bytes"
                    raise refusal("download_too_large", what, source, found, "download it yourself, and name the file")
                digest.update(part)
                handle.write(part)
        if digest.hexdigest() != sha256:
            what = "the file at this address does not have the configured checksum"
            raise refusal("other_checksum", what, source, digest.hexdigest(), f"expected sha256 {sha256}")
