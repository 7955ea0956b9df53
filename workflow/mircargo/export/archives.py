"""Zip archives without time stamps, so that the same content gives the same bytes."""

import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

# The earliest time stamp that a zip archive can hold.
ZIP_EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)


def without_times(archive: bytes, change: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """Return a zip archive with the same entries in the same order, all dated 1980-01-01.

    Parameters
    ----------
    archive
        The bytes of a zip archive.
    change
        Functions to apply to the content of entries, by the name of the entry.
    """
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(archive)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, ZIP_EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, change.get(name, bytes)(given.read(name)))
    return out.getvalue()
