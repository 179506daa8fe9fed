"""Asks clamd, the scanner of ClamAV, about a file (clamd(8), INSTREAM)."""

from __future__ import annotations

import socket
from contextlib import closing

SECONDS = 15
SHORT = 2
PIECE = 1 << 16


class Unreachable(Exception):
    """There is a scanner, and it does not answer: nobody knows what is in the file."""


def virus_in(content: bytes, where: str) -> str:
    """The name of the virus, or nothing. `where` is the path of a socket, or host:port."""
    with closing(_connect(where, SECONDS)) as line:
        try:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), PIECE):
                piece = content[at : at + PIECE]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
            answer = _answer(line)
        except OSError as wrong:
            raise Unreachable from wrong
    found = answer.removeprefix("stream: ")
    if found == "OK":
        return ""
    if found.endswith(" FOUND"):
        return found.removesuffix(" FOUND")
    raise Unreachable(answer)


def answers(where: str) -> bool:
    """Whether there is a scanner at that place."""
    try:
        with closing(_connect(where, SHORT)) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except (OSError, Unreachable):
        return False


def _connect(where: str, seconds: float) -> socket.socket:
    host, _colon, port = where.rpartition(":")
    by_path = where.startswith("/")
    line = socket.socket(socket.AF_UNIX) if by_path else None
    try:
        if line is None:
            return socket.create_connection((host, int(port)), timeout=seconds)
        line.settimeout(seconds)
        line.connect(where)
    except (OSError, ValueError) as wrong:
        if line is not None:
            line.close()
        raise Unreachable from wrong
    return line


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096 and (more := line.recv(4096)):
        said += more
    return said.rstrip(b"\0").decode(errors="replace")
