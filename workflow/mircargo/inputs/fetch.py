"""Downloading a table once, from a mirror if one has it, and only if its checksum is right."""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mircargo.io import written_whole
from mircargo.problems import refusal

if TYPE_CHECKING:
    import requests

# The largest public tables of counts have some 100 MB; an endless answer is cut here.
MAX_BYTES: Final = 4_000_000_000
BLOCK_BYTES: Final = 1 << 20
TIMEOUT_SECONDS: Final = 60.0  # seconds for an answer, and between two parts of it


def sha256_of(path: str | Path) -> str:
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def find_in_mirror(sha256: str, mirror: str | None = None) -> Path | None:
    """Find a file by its checksum in the folders of `MIRCARGO_MIRROR` (colon separated, searched below).

    Only regular files are opened, and what may not be read is passed over: a mirror is often a folder of many people.
    """
    for folder in filter(None, (mirror if mirror is not None else os.environ.get("MIRCARGO_MIRROR", "")).split(":")):
        for path in sorted(Path(below) / name for below, _, names in os.walk(folder) for name in names):
            with contextlib.suppress(OSError):
                if path.is_file() and sha256_of(path) == sha256:
                    return path
    return None


def fetch(url: str, sha256: str, path: str | Path) -> str:
    """Put the file of an address into place, from a mirror or else over https.

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
    import requests

    try:
        with _https_only() as session, session.get(url, stream=True, timeout=TIMEOUT_SECONDS) as answer:
            answer.raise_for_status()
            _save(answer.iter_content(BLOCK_BYTES), sha256, path, url)
    except requests.exceptions.InvalidSchema as error:
        what, hint = "this address leads to one that is not https", "give the address that it should lead to"
        raise refusal("redirected_off_https", what, url, str(error), hint) from None
    except requests.exceptions.RequestException as error:
        hint = "check address and network, or put the file into a folder of MIRCARGO_MIRROR"
        raise refusal("not_fetched", "this table could not be fetched", url, str(error), hint) from None
    return f"{path}: from {url}"


def _https_only() -> "requests.Session":
    """Return a session that knows how to speak https and nothing else, wherever an answer sends it."""
    import requests

    session = requests.Session()
    session.adapters.clear()
    session.mount("https://", requests.adapters.HTTPAdapter())
    # The checksum is of the file as it is stored, not of one unpacked on the way.
    session.headers["Accept-Encoding"] = "identity"
    return session


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
