"""Archives that are the same bytes on every day."""

import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

# The first moment that an entry of a zip archive can have.
LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC)


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
