"""One request for one file: over https from first to last, and what can go wrong in words."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mircargo.problems import refusal

if TYPE_CHECKING:
    import requests

BLOCK_BYTES: Final = 1 << 20
TIMEOUT_SECONDS: Final = 60.0  # seconds for an answer, and between two parts of it

HOSTS: Final = {
    "MIRCARGO_GEO": "https://ftp.ncbi.nlm.nih.gov/geo",
    "MIRCARGO_BIOSTUDIES": "https://www.ebi.ac.uk/biostudies",
}
"""The archives, each by the variable that names a copy of it: an institute's own, or that of a proxy."""

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_NOT_THERE: Final = (404, 410)


def served_at(url: str) -> str:
    """Return where a file of an archive is fetched from: the archive itself, or the copy that a variable names."""
    for variable, base in HOSTS.items():
        copy = os.environ.get(variable, "").rstrip("/")
        if copy and url.startswith(f"{base}/"):
            return copy + url.removeprefix(base)
    return url


@contextmanager
def answer_from(url: str, thing: str = "file") -> Iterator["requests.Response"]:
    """Ask for a file; its content is read within the ``with`` block.

    Plain http is spoken with this very machine only: there a copy of an archive may be served.

    Parameters
    ----------
    url
        Its address; `served_at` says where it is asked for.
    thing
        What it is, for messages: a file, a table.

    Raises
    ------
    ProblemsFound
        `not_https` and `redirected_off_https` where the address is not one of https or leads to one that is not,
        `address_not_found` where the server has no such file, `server_too_slow`, and `not_fetched` for all else.
    """
    import requests

    at = served_at(url)
    hint = "check address and network, or put the file into a folder of MIRCARGO_MIRROR"
    what = f"this {thing} could not be fetched"
    if not at.startswith("https://") and not _is_loopback(at):
        raise refusal("not_https", f"a {thing} is fetched over https only", "url", at, "give an address with https://")
    try:
        with _session_for(at) as session, session.get(at, stream=True, timeout=TIMEOUT_SECONDS) as answer:
            if answer.status_code in _NOT_THERE:
                found = f"{answer.status_code} {answer.reason}"
                raise refusal("address_not_found", f"{what}: the server has none at this address", at, found, hint)
            answer.raise_for_status()
            yield answer
    except requests.exceptions.InvalidSchema as error:
        moved, to_do = "this address leads to one that is not https", "give the address that it should lead to"
        raise refusal("redirected_off_https", moved, at, _quoted_in(error), to_do) from None
    except requests.exceptions.RequestException as error:
        if isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error).lower():
            slow = f"{what}: the server was silent for {TIMEOUT_SECONDS:g} seconds"
            raise refusal("server_too_slow", slow, at, "", f"try again later; or {hint}") from None
        raise refusal("not_fetched", what, at, _reason(error), hint) from None


def _reason(error: Exception) -> str:
    """Return what a server or the network refused, without the objects that it went through."""
    if cut := re.search(r"IncompleteRead\(([^)]*)\)", str(error)):
        return f"the connection ended early: {cut[1]}"
    cause = re.search(r"\(Caused by \w+\((.*)\)\)$", str(error), re.DOTALL)
    within = re.search(r"Failed to resolve '[^']*'|\[Errno -?\d+\] [\w ]+", cause[1]) if cause else None
    return within[0] if within else cause[1] if cause else str(error)


def _quoted_in(error: Exception) -> str:
    found = re.search(r"'([^']*)'", str(error))
    return found[1] if found else str(error)


def _is_loopback(url: str) -> bool:
    return url.startswith("http://") and urlsplit(url).hostname in _LOOPBACK


def _session_for(url: str) -> "requests.Session":
    """Return a session that speaks https and nothing else, wherever an answer sends it."""
    import requests

    session = requests.Session()
    session.adapters.clear()
    session.mount("https://", requests.adapters.HTTPAdapter())
    if _is_loopback(url):
        session.mount(f"http://{urlsplit(url).netloc}/", requests.adapters.HTTPAdapter())
        session.trust_env = False  # a proxy does not reach this machine
    # The checksum is of the file as it is stored, not of one unpacked on the way.
    session.headers["Accept-Encoding"] = "identity"
    return session
