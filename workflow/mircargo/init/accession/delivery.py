"""Fetching the files of a series: from a mirror by name, from the cache, or from the archive, whole or not at all."""

import gzip
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from mircargo.inputs.fetch import mirrored_files
from mircargo.inputs.fetched_files import find_cached, kept_whole, sha256_of, write_parts
from mircargo.inputs.web import BLOCK_BYTES, answer_from
from mircargo.problems import ProblemsFound, refusal

NOT_THERE: Final = "address_not_found"
_RECORDS: Final = re.compile(r"_(family\.soft|series_matrix\.txt)\.gz$")
_PAGE: Final = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Delivered:
    """A file of a series that is here: where, and its checksum."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Delivery:
    """How the files of one series are fetched.

    Attributes
    ----------
    accession
        Of the series.
    max_bytes
        What one file may have.
    again
        Whether to fetch again what was kept.
    report
        Called with a line for each file that is fetched.
    """

    accession: str
    max_bytes: int
    again: bool = False
    report: Callable[[str], None] = lambda _: None

    def get(self, url: str, size: int | None = None) -> Delivered:
        """Return a file.

        Parameters
        ----------
        url
            Its address.
        size
            How many bytes the archive's list says that it has.

        Raises
        ------
        ProblemsFound
            Where it cannot be had whole, is a web page, has another size, or is larger than is allowed.
        """
        mirrored = self._in_mirror(_name_of(url))
        if mirrored:
            _refuse_page(mirrored, str(mirrored))
            _refuse_other_size(mirrored, size, str(mirrored))
            _refuse_damaged(mirrored, str(mirrored))
            self.report(f"{_name_of(url)}: from the mirror, {mirrored}")
            return Delivered(mirrored, sha256_of(mirrored))
        cached = None if self.again else find_cached(url)
        if cached:
            self.report(f"{_name_of(url)}: fetched before ({sized(cached[0].stat().st_size)})")
            return Delivered(*cached)
        return self._fetch(url, size)

    def get_if_there(self, url: str, size: int | None = None) -> Delivered | None:
        """Return a file, or None where the archive has none at this address."""
        try:
            return self.get(url, size)
        except ProblemsFound as found:
            if found.problems[0].code == NOT_THERE:
                return None
            raise

    def _in_mirror(self, name: str) -> Path | None:
        """Find a file by its name; without an accession in its name, in a folder that is named after the series.

        Records are found unpacked as well; of a table the checksum is written down, which is that of the packed file.
        """
        wanted = (name, name.removesuffix(".gz") if _RECORDS.search(name) else name)
        for path in mirrored_files():
            with suppress(OSError):
                known = self.accession in path.name or re.match(r"GSM\d+", path.name) or self.accession in path.parts
                if path.name in wanted and known and path.is_file():
                    return path
        return None

    def _fetch(self, url: str, size: int | None) -> Delivered:
        name = _name_of(url)
        if size is not None:
            self._refuse_large(url, size)
        with answer_from(url) as answer:
            length = answer.headers.get("Content-Length", "")
            declared = int(length) if length.isdigit() else size
            if declared is not None:
                self._refuse_large(url, declared)
            self.report(f"fetching {name} ({sized(declared)})")
            with kept_whole(url) as path:
                write_parts(self._counted(answer.iter_content(BLOCK_BYTES), url), path)
                _refuse_page(path, url)
                _refuse_other_size(path, size, url)
                _refuse_damaged(path, url)
        kept = find_cached(url)
        if kept is None:
            what, hint = "this file was changed while it was kept", "is another process fetching it? try again"
            raise refusal("changed_in_cache", what, url, "", hint)
        return Delivered(*kept)

    def _refuse_large(self, url: str, size: int) -> None:
        if size > self.max_bytes:
            what = f"this file is larger than {sized(self.max_bytes)}, and was not fetched"
            hint = f"`--max-size {-(-size // 1_000_000)}` fetches it"
            raise refusal("file_too_large", what, url, sized(size), hint)

    def _counted(self, parts: Iterable[bytes], url: str) -> Iterator[bytes]:
        """Hand on what comes, and stop where it is more than is allowed: not every server says how much will come."""
        size = 0
        for part in parts:
            size += len(part)
            if size > self.max_bytes:
                what = f"this file is larger than {sized(self.max_bytes)}: nothing of it was kept"
                raise refusal("file_too_large", what, url, "", "`--max-size` allows more megabytes")
            yield part


_AGAIN: Final = "try again later; or put the file into a folder of MIRCARGO_MIRROR"


def sized(n_bytes: int | None) -> str:
    """Write a size for people."""
    if n_bytes is None:
        return "of unknown size"
    if n_bytes < 1_000_000:
        return f"{max(1, round(n_bytes / 1000)):,} kB"
    return f"{n_bytes / 1_000_000:,.1f} MB"


def read_text(path: Path, name: str) -> str:
    """Read a text, packed or not, in UTF-8 or else in Latin 1, which older records are written in.

    Raises
    ------
    ProblemsFound
        Where it is packed and not whole.
    """
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise refusal("file_not_whole", "this file is not whole", name, str(error), _AGAIN) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _name_of(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1])


def _refuse_other_size(path: Path, size: int | None, where: str) -> None:
    """Refuse a file of another size than the archive's list of files has, where that has one."""
    arrived = path.stat().st_size
    if size is not None and arrived != size:
        what = "this file has another size than the archive's list of files says: it is not whole, or changed"
        raise refusal("other_size", what, where, f"{arrived:,} bytes of {size:,}", _AGAIN)


def _refuse_page(path: Path, where: str) -> None:
    """Refuse a web page in the place of a file."""
    with path.open("rb") as handle:
        start = handle.read(4096)
    if _PAGE.match(start):
        title = _TITLE.search(start)
        found = title[1].decode("utf-8", "replace").strip() if title else ""
        hint = f"does a proxy or a log-in page stand in between? {_AGAIN}"
        raise refusal("web_page", "this is a web page in the place of a file", where, found, hint)


def _refuse_damaged(path: Path, where: str) -> None:
    """Refuse an empty file, and half of a packed file or an archive."""
    with path.open("rb") as handle:
        start = handle.read(512)
    if not start:
        raise refusal("file_not_whole", "this file is empty", where, "", _AGAIN)
    try:
        if start[:2] == b"\x1f\x8b":
            with gzip.open(path) as packed:
                while packed.read(BLOCK_BYTES):
                    pass
        elif start[257:262] == b"ustar":
            _refuse_open_end(path)
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise refusal("file_not_whole", "this file is not whole", where, str(error), _AGAIN) from None


def _refuse_open_end(path: Path) -> None:
    """Raise where an archive lacks the empty block at its end: cut between two members it reads as a shorter one."""
    with tarfile.open(path) as archive:
        last = max((each.offset_data + each.size for each in archive), default=0)
    with path.open("rb") as handle:
        handle.seek(-(-last // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE)
        if handle.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise EOFError(f"the archive has no end behind its last member, at byte {last:,}")
