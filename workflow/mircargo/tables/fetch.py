"""Getting a table by its address: once, from a mirror if one has it, and only if its checksum is right."""

import hashlib
import os
import shutil
from pathlib import Path

from mircargo.problems import Problem, ProblemsFound


def sha256_of(path: str | Path) -> str:
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def find_in_mirror(sha256: str, mirror: str | None = None) -> Path | None:
    """Find a file by its checksum in the folders of `MIRCARGO_MIRROR` (colon separated, searched below)."""
    for folder in filter(None, (mirror if mirror is not None else os.environ.get("MIRCARGO_MIRROR", "")).split(":")):
        for path in sorted(Path(folder).rglob("*")):
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
        Where it cannot be had, or is not the file that the checksum names; then nothing is left behind.
    """
    if not url.startswith("https://"):
        raise ProblemsFound(Problem("a table is fetched over https only", "url", url, "give an address with https://"))
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    mirrored = find_in_mirror(sha256)
    if mirrored:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        shutil.copyfile(mirrored, temporary)
        temporary.replace(path)
        return f"{path}: from the mirror, {mirrored}"
    import pooch
    import requests

    try:
        downloader = pooch.HTTPDownloader(timeout=60)
        pooch.retrieve(url, known_hash=f"sha256:{sha256}", fname=path.name, path=path.parent, downloader=downloader)
    except requests.exceptions.RequestException as error:
        hint = "check address and network, or put the file into a folder of MIRCARGO_MIRROR"
        raise ProblemsFound(Problem("this table could not be fetched", url, str(error), hint)) from None
    except ValueError as error:
        found = str(error).split("(")[-1].split(")")[0] if "(" in str(error) else str(error)
        raise ProblemsFound(
            Problem(
                "the file at this address has another checksum than configured",
                url,
                found,
                f"expected sha256 {sha256}",
            )
        ) from None
    return f"{path}: from {url}"
