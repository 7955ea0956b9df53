"""What a command asks of the warm process, which may be anything until it has been looked at."""

import contextlib
import json
import os
import socket
from dataclasses import dataclass, field
from typing import Any, Final

LONGEST: Final = 1 << 26
"""Bytes of a request; a command line has at most 2 MB."""


@dataclass(eq=False)
class Request:
    """A command that is connected.

    Attributes
    ----------
    connection
        Of the command; it has hung up where this is closed.
    streams
        Its standard input, output and error, until a fork has them.
    received
        What it has sent so far.
    content
        The same, once it is complete.
    process
        The fork that runs it.
    """

    connection: socket.socket
    streams: list[int] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    content: dict[str, Any] | None = None
    process: int | None = None

    def answer(self, text: bytes) -> None:
        with contextlib.suppress(OSError):  # it has hung up
            self.connection.send(text)

    def let_go(self) -> None:
        self.connection.close()
        for stream in self.streams:
            os.close(stream)
        self.streams = []


def understood(received: bytes | bytearray) -> dict[str, Any] | None:
    """Return a request as it was sent, and None as long as it is not complete.

    Raises
    ------
    ValueError
        Where it is none; with what is wrong.
    """
    length = int.from_bytes(received[:8], "big")
    if length > LONGEST:
        raise ValueError(f"it would have {length} bytes")
    if len(received) < 8 + length:
        return None
    try:
        content = json.loads(received[8 : 8 + length].decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    shapes = {"arguments": list, "folder": str, "environment": dict, "installation": str}
    for key, shape in shapes.items():
        value = content.get(key) if isinstance(content, dict) else None
        held = [*value, *value.values()] if isinstance(value, dict) else value
        if not value or not isinstance(value, shape) or not all(isinstance(each, str) for each in held):
            raise ValueError(f"'{key}' is not as it should be")
    return dict(content)
