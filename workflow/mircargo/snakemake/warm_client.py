"""How a command asks the warm process of its run to do it. Nothing is imported here that takes time to import."""

import os
import sys
from typing import Final

ADDRESS: Final = "MIRCARGO_WARM"


def use_one_thread() -> None:
    """Have linear algebra use one thread: sums in another order would end in other last digits on another machine."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"


def run_warm(address: str, arguments: list[str]) -> int | None:
    """Have the warm process at an address run a command as if it ran here.

    Parameters
    ----------
    address
        A socket's path.
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
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(address)
            socket.send_fds(connection, [len(message).to_bytes(8, "big")], [0, 1, 2])
            connection.sendall(message)
            with connection.makefile("rb") as answers:
                answer = answers.read()
        except OSError:
            return None
    if answer == b"refused":
        return None
    if not answer:
        print("mircargo: the process that ran this step ended before the step did", file=sys.stderr)
        return 1
    return int(answer)


def installation() -> str:
    """Name the interpreter and the package, which must be the same on both sides."""
    return f"{sys.prefix} {__file__}"
