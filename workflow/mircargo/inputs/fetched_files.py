"""Files fetched from an archive, kept in the user's cache under their address, each with its checksum."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

from mircargo.io import write_text, written_whole


def cached_path(url: str) -> Path:
    """Return where the file of an address is kept: a folder for each folder there, named after all of its path."""
    import platformdirs

    parts = urlsplit(url)
    names = [each for each in parts.path.split("/") if each not in ("", ".", "..")]
    if parts.query:
        names[-1:] = [f"{names[-1] if names else ''}?{parts.query}"]
    folder = ",".join([str(parts.hostname), *names[:-1]])
    kept = Path(platformdirs.user_cache_dir("mircargo")) / "fetched" / quote(folder, safe=", ")
    return kept / quote(names[-1] if names else "index", safe=" ")


def checked_path(sha256: str, name: str) -> Path:
    """Return where `mircargo check` keeps a file: below its checksum, with the name that it has in a study.

    The name of a table of one library is the name of its sample.
    """
    return _checked(sha256) / name


def find_checked(sha256: str) -> Path | None:
    """Return a file of this checksum, taken again, that `mircargo check` has kept, under any name."""
    with suppress(OSError):
        return next((path for path in sorted(_checked(sha256).iterdir()) if sha256_of(path) == sha256), None)
    return None


def _checked(sha256: str) -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("mircargo")) / "checked" / sha256


def find_cached(url: str, sha256: str | None = None) -> tuple[Path, str] | None:
    """Return the kept file of an address and its checksum, which is taken again.

    None where nothing is kept, where it is not what was fetched any more, or is not what `sha256` asks for.
    """
    path = cached_path(url)
    with suppress(OSError, UnicodeDecodeError):
        noted = _note_of(path).read_text(encoding="utf-8").strip()
        if sha256 in (None, noted) and sha256_of(path) == noted:
            return path, noted
    return None


@contextmanager
def kept_whole(url: str) -> Iterator[Path]:
    """Give a temporary path for the file of an address, which is kept if the ``with`` block succeeds."""
    path = cached_path(url)
    with suppress(OSError):
        _note_of(path).unlink()
    with written_whole(path) as temporary:
        yield temporary
        digest = sha256_of(temporary)
    write_text(f"{digest}\n", _note_of(path))


def write_parts(parts: Iterable[bytes], path: Path) -> None:
    """Write a file part by part."""
    with path.open("wb") as handle:
        handle.writelines(parts)


def sha256_of(path: str | Path) -> str:
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")
