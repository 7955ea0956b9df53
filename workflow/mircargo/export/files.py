"""Files that are no text: written whole or not at all, and the same bytes on every day."""

import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

# The first moment that an entry of a zip archive can have.
LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC)


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to, which takes the place of `path` where the ``with`` ends well."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def without_times(archive: bytes, change: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """Return a zip archive with the same entries in the same order, each of them of 1980.

    Parameters
    ----------
    archive
        The bytes of a zip archive.
    change
        What is to be done with the content of an entry, by its name.
    """
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(archive)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, LONG_AGO.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, change.get(name, bytes)(given.read(name)))
    return out.getvalue()
