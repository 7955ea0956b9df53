"""How a command asks the warm process of its run to do it. Nothing is imported here that takes time to import."""

import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket

ADDRESS: Final = "MIRCARGO_WARM"
REFUSED: Final = b"refused"
STARTED: Final = b"."
"""What comes before an exit code: until then nothing was done."""
PATIENCE: Final = 30
"""Seconds that a warm process may be stopped, or take to accept a command."""


def use_one_thread() -> None:
    """Have linear algebra use one thread: sums in another order would end in other last digits on another machine."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"


def run_warm(address: str, arguments: list[str]) -> int | None:
    """Have the warm process at an address run a command as if it ran here.

    Parameters
    ----------
    address
        The name of a socket, and the number of the process: `NAME:NUMBER`.
    arguments
        As `sys.argv`.

    Returns
    -------
    int or None
        The exit code; none where no warm process of this very installation answers, so that nothing was done.
    """
    import json
    import socket

    request = {
        "arguments": arguments,
        "folder": os.getcwd(),  # noqa: PTH109  (pathlib takes longer to import than all the rest here)
        "environment": dict(os.environ),
        "installation": installation(),
    }
    message = json.dumps(request).encode("utf-8", "surrogateescape")
    name, _, process = address.rpartition(":")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE)
        try:
            connection.connect(f"\0{name}")
            if not is_own(connection):
                return None
            socket.send_fds(connection, [len(message).to_bytes(8, "big")], [0, 1, 2])
            connection.sendall(message)
        except OSError:
            return None
        answer = _answer(connection, process)
    if answer in (REFUSED, b""):
        return None
    if answer == STARTED:
        print("mircargo: the process that ran this step ended before the step did", file=sys.stderr)
        return 1
    return int(answer.removeprefix(STARTED))


def _answer(connection: "socket.socket", process: str) -> bytes:
    """Wait for the answer to the end; or for so long that a warm process has been stopped that nobody will continue."""
    answer, stopped = b"", 0
    connection.settimeout(1)
    while stopped < PATIENCE:
        try:
            part = connection.recv(64)
        except TimeoutError:
            # Counted, not timed: this process may have been stopped as well, or the machine asleep.
            stopped = stopped + 1 if _is_stopped(process) else 0
            continue
        except OSError:
            return answer
        if not part:
            return answer
        answer += part
    to_do = f"`kill -CONT {process}` continues it; run again, or without it (MIRCARGO_WARM= snakemake ...)"
    print(f"mircargo: process {process}, which runs the steps, has been stopped (SIGSTOP). {to_do}", file=sys.stderr)
    return STARTED + b"1"


def _is_stopped(process: str) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
            return file.read().rpartition(")")[2].split()[0] in "Tt"
    except OSError:
        return False


def is_own(connection: "socket.socket") -> bool:
    """Say whether the process at the other end is this user's."""
    import socket

    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)  # pid, uid, gid
    return int.from_bytes(credentials[4:8], sys.byteorder) == os.geteuid()


def installation() -> str:
    """Name the interpreter and the package, which must be the same on both sides."""
    return f"{sys.prefix} {__file__}"
