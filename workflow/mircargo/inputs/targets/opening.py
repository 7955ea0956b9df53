"""Opening a large table as a stream: plain, gzip, bzip2, or the one file of a zip archive, as TargetScan has them."""

import bz2
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from mircargo.inputs.content import open_documents
from mircargo.problems import listing, raise_if_no_file, refusal

HEAD_BYTES: Final = 200_000
_UNPACKING_FAILED: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)


@contextmanager
def open_stream(path: str) -> Iterator[IO[bytes]]:
    """Give the bytes of a text table, unpacked as they are read.

    Raises
    ------
    ProblemsFound
        Where there is no such file, it cannot be unpacked to its end, or an archive has no table or several.
    """
    raise_if_no_file(path)
    try:
        with Path(path).open("rb") as handle:
            start = handle.read(4)
            handle.seek(0)
            if start[:2] == b"\x1f\x8b":
                yield gzip.GzipFile(fileobj=handle)  # type: ignore[misc]
            elif start[:3] == b"BZh":
                yield bz2.BZ2File(handle)
            elif start == b"PK\x03\x04":
                with _member(handle, path) as member:
                    yield member
            else:
                yield handle
    except FileNotFoundError:
        hint = "check the path; it is relative to the working directory"
        raise refusal("no_such_file", "this file does not exist", path, "", hint) from None
    except _UNPACKING_FAILED as error:
        hint = "the file is damaged or cut off: fetch it again"
        raise refusal("unreadable_file", "this file cannot be read to its end", path, str(error), hint) from None


@contextmanager
def _member(handle: IO[bytes], path: str) -> Iterator[IO[bytes]]:
    """Give the only table of a zip archive, or of a workbook its first sheet."""
    with zipfile.ZipFile(handle) as packed:
        names = packed.namelist()
        if "xl/workbook.xml" in names:
            yield io.BytesIO(open_documents(path)[0][0].text.encode())
            return
        tables = [
            each.filename
            for each in packed.infolist()
            if not each.is_dir() and not each.filename.startswith("__MACOSX") and each.file_size
        ]
        if len(tables) != 1:
            hint = "unpack it, and name the table"
            what = "an archive of one table is read, and this has another number of files"
            raise refusal("not_one_table", what, path, listing(tables) or "none", hint)
        with packed.open(tables[0]) as member:
            yield member
