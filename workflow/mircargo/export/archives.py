"""Zip archives without time stamps, so that the same content gives the same bytes."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

# The earliest time stamp that a zip archive can hold.
ZIP_EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)


def without_times(archive: bytes) -> bytes:
    """Return a zip archive, given by its bytes, with the same entries in the same order, all dated 1980-01-01."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(archive)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made,
    ):
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, ZIP_EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return out.getvalue()
