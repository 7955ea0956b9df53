"""What a file holds: one text table, one spreadsheet, or an archive of one table per sample."""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from mircargo.inputs.spreadsheet import read_sheets
from mircargo.problems import raise_if_no_file, refusal

MAX_UNPACKED_BYTES = 500_000_000
"""What a packed file and all its members may hold, unpacked: several times the largest public tables of counts."""
_PIECE_BYTES = 1 << 20

_ENDINGS = re.compile(
    r"\.(gz|bz2|txt|tsv|csv|tab|gff3?|mirna|mirnas|isoforms|quantification|grouped|counts|xlsx|zip|tar|tgz)$", re.I
)
_UNREADABLE_FILES = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old workbook of Excel (.xls)",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"RDX": "an R data file",
    b"\x89HDF": "an HDF5 file",
    b"{\\rtf": "a document of a word processor",
}
_UNPACKING_FAILED = (
    tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zlib.error,
    lzma.LZMAError, ValueError,
)  # fmt: skip
_READABLE = "get permission to read it, or use another file"
_DAMAGED = "get or pack it anew: it is damaged, or not whole"
_SAVE_AS = "save the table as .xlsx, or as tab-separated text in UTF-8"


@dataclass(frozen=True)
class Document:
    """A table as text.

    Attributes
    ----------
    path
        Where it stands, for messages; a member of an archive as ``archive: member``.
    name
        The file's own name.
    text
        Its content; a sheet of a spreadsheet is written as tab-separated text.
    notes
        What was left out on the way, in words.
    sheet
        Of a workbook, which sheet; else None.
    """

    path: str
    name: str
    text: str
    notes: list[str] = field(default_factory=list)
    sheet: str | None = None

    @property
    def from_workbook(self) -> bool:
        return self.sheet is not None


def sample_of(name: str) -> str:
    """Name a sample after its file, without the endings (`s1.txt.gz` is `s1`)."""
    name = PurePosixPath(name.replace("\\", "/")).name
    while (shorter := _ENDINGS.sub("", name)) != name and shorter:
        name = shorter
    return name


def open_documents(path: str | Path) -> tuple[list[Document], bool]:
    """Open a file: a text (perhaps gzipped), an .xlsx, or an archive (.zip, .tar, .tar.gz) of such files.

    Returns
    -------
    tuple
        The tables, those of a workbook sheet by sheet, and whether they come from an archive.

    Raises
    ------
    ProblemsFound
        Where the file is missing, broken, no file, too large, not text, or an archive with members outside of itself.
    """
    raise_if_no_file(path)
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        hint = "check the path; it is relative to the working directory"
        raise refusal("no_such_file", "this file does not exist", str(path), "", hint) from None
    except OSError as error:
        raise refusal("unreadable_file", "this file cannot be read", str(path), str(error), _READABLE) from None
    budget = _Budget(str(path))
    content = _unpack(content, str(path), budget)
    if content[:4] == b"PK\x05\x06" or (content and not content.strip(b"\0")):
        raise refusal("empty_archive", "this archive holds no file", str(path), "", _DAMAGED)
    if content[:4] == b"PK\x03\x04":
        _refuse_other_books(content, str(path))
    if _is_tar(content) or (content[:4] == b"PK\x03\x04" and not _is_sheet(content)):
        members = list(_members(content, str(path), budget))
        if not members:
            raise refusal("empty_archive", "this archive holds no file", str(path), "", _DAMAGED)
        return [
            document
            for name, data in members
            for document in _documents(_unpack(data, f"{path}: {name}", budget), f"{path}: {name}", name, budget)
        ], True
    return _documents(content, str(path), Path(path).name, budget), False


class _Budget:
    """Counts unpacked bytes, so that a small file cannot fill the memory."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.left = MAX_UNPACKED_BYTES

    def read(self, handle: IO[bytes] | gzip.GzipFile | bz2.BZ2File) -> bytes:
        """Read all there is, piece by piece, and stop where it is too much."""
        return b"".join(map(self.take, iter(lambda: handle.read(_PIECE_BYTES), b"")))

    def take(self, data: bytes) -> bytes:
        self.spend(len(data))
        return data

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            what = f"unpacked, this file is larger than {MAX_UNPACKED_BYTES:,} bytes"
            hint = "if all of it is a table of counts, unpack it and name what is in it under `counts`"
            raise refusal("unpacked_too_large", what, self.path, "", hint)


def _unpack(content: bytes, path: str, budget: _Budget) -> bytes:
    if content[:2] != b"\x1f\x8b" and content[:3] != b"BZh":
        return content
    packed = io.BytesIO(content)
    try:
        with bz2.open(packed) if content[:2] == b"BZ" else gzip.open(packed) as handle:
            return budget.read(handle)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal("unreadable_file", "this file cannot be read", path, str(error), _DAMAGED) from None


def _is_tar(content: bytes) -> bool:
    return content[257:262] == b"ustar"


def _is_sheet(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "[Content_Types].xml" in book.namelist()
    except zipfile.BadZipFile:
        return True  # then the reader of spreadsheets says what is wrong with it


def _members(content: bytes, path: str, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    try:
        if _is_tar(content):
            with tarfile.open(fileobj=io.BytesIO(content)) as tar:
                for entry in tar:
                    if entry.isdir():
                        continue
                    _refuse_outside(entry.name, path)
                    handle = tar.extractfile(entry) if entry.isreg() else None
                    if handle is None:
                        what, hint = "a link or device in an archive is not read", "put the file itself into it"
                        raise refusal("link_in_archive", what, path, entry.name, hint)
                    if not _is_clutter(entry.name):
                        yield entry.name, budget.read(handle)
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for info in archive.infolist():
                    _refuse_outside(info.filename, path)
                    if not info.is_dir() and not _is_clutter(info.filename):
                        with archive.open(info) as member:
                            yield info.filename, budget.read(member)
    except _UNPACKING_FAILED as error:
        raise refusal("unreadable_archive", "this archive cannot be read", path, str(error), _DAMAGED) from None


def _refuse_outside(name: str, path: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or re.match(r"[A-Za-z]:", name):
        what = "this archive names a file outside of itself"
        raise refusal("path_outside_archive", what, path, name, "do not use it")


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith(".")


def _documents(content: bytes, path: str, name: str, budget: _Budget) -> list[Document]:
    """Return what a file holds as text: one document, or one for each sheet of a workbook."""
    if content[:4] == b"PK\x03\x04":
        sheets = read_sheets(content, path, budget.spend)
        documents = []
        for at, (title, text) in enumerate(sheets):
            others = ", ".join(other for each, (other, _) in enumerate(sheets) if each != at)
            which = f"the sheet '{title}'" if at else f"the first sheet, '{title}',"
            notes = [f"{which} is read; left out: {others}"] if others else []
            documents.append(Document(path, name, text, notes, title))
        return documents
    if _is_tar(content):
        raise refusal("nested_archive", "an archive within an archive is not read", path, "", "unpack it first")
    for signature, kind in _UNREADABLE_FILES.items():
        if content.startswith(signature):
            raise refusal("unsupported_file", f"this is {kind}, which is not read", path, "", _SAVE_AS)
    return [Document(path, name, _decode(content, path))]


def _refuse_other_books(content: bytes, path: str) -> None:
    with suppress(zipfile.BadZipFile, KeyError), zipfile.ZipFile(io.BytesIO(content)) as book:
        if b"opendocument" in book.read("mimetype"):
            what = "this is an OpenDocument file (.ods), which is not read"
            raise refusal("unsupported_file", what, path, "", _SAVE_AS)


def _decode(content: bytes, path: str) -> str:
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") and len(content) % 2 == 0:  # Excel's "Unicode text"
            return content.decode("utf-16")
        text = content.decode("utf-8-sig")
        wrong = content.find(0)
    except UnicodeDecodeError as error:
        wrong = error.start
    if wrong >= 0:
        found, hint = f"byte {wrong} is 0x{content[wrong]:02x}", "save it as tab-separated text in UTF-8"
        raise refusal("not_utf8", "this file is not text in UTF-8", path, found, hint)
    return text
