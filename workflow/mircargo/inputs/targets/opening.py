"""Opening a large table as a stream: plain, gzip, bzip2, or the one file of a zip archive, as TargetScan has them."""

import bz2
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from mircargo.delimited import lines_of
from mircargo.inputs.content import Document, open_documents
from mircargo.inputs.one_sheet import only_sheet
from mircargo.problems import listing, raise_if_no_file, refusal

HEAD_BYTES: Final = 200_000
_LINES: Final = 10
_MIRNA_OR_SEED: Final = re.compile(r"(?:[a-z]{3,4}-)?(?:mir|let)-?\d[\w.*/-]*|[ACGUT]{7}", re.IGNORECASE)
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


def _has_mirnas(sheet: Document) -> bool:
    """Whether one of the first lines of a sheet has a miRNA or a seed in a cell of its own."""
    cells = [cell.strip() for line in lines_of(sheet.text)[:_LINES] for cell in line.split("\t")]
    return any(_MIRNA_OR_SEED.fullmatch(cell) for cell in cells)


@contextmanager
def _member(handle: IO[bytes], path: str) -> Iterator[IO[bytes]]:
    """Give the only table of a zip archive, or of a workbook its only sheet with miRNAs."""
    with zipfile.ZipFile(handle) as packed:
        names = packed.namelist()
        if "xl/workbook.xml" in names:
            yield io.BytesIO(only_sheet(open_documents(path)[0], _has_mirnas).text.encode())
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
