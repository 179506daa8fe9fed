"""A client that costs next to nothing: one socket, bytes made beforehand, answers read to their end."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

from hendig.operations.failure import Failure

# A request with this header is counted: how often and how long it asks the database.
COUNT = "X-Bench-Count"

CSRF = "a" * 32


class Unmeasured(Failure):
    """An answer that does not say how long it is, as when nothing of ours could make it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"An answer ({status}) that does not say how long it is cannot be measured.")
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    size: int
    seconds: float


def message(
    path: str, *, session: str = "", fields: Mapping[str, str] | None = None, **headers: str
) -> bytes:
    """A request as it goes over the line; a POST when there are fields."""
    body = b"" if fields is None else urlencode({"csrfmiddlewaretoken": CSRF, **fields}).encode()
    cookies = [f"csrftoken={CSRF}"] + ([f"hendig={session}"] if session else [])
    lines = [
        f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1",
        "Host: localhost",
        f"Cookie: {'; '.join(cookies)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    if fields is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    """One connection that stays open; the server may close it while we do something else."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.line: socket.socket | None = None

    def ask(self, words: bytes) -> Answer:
        """The whole answer, and how long it took from the first byte out to the last byte in."""
        if self.line is None:
            self.line = connected(self.port)
        try:
            return self._ask(self.line, words)
        except ConnectionError:
            self.line.close()
            self.line = connected(self.port)
            return self._ask(self.line, words)

    def _ask(self, line: socket.socket, words: bytes) -> Answer:
        began = perf_counter()
        line.sendall(words)
        head, body = read_head(line)
        status, headers = parsed(head)
        if "content-length" not in headers:
            raise Unmeasured(status)
        size = int(headers["content-length"])
        left = size - len(body)
        while left > 0:
            left -= len(received(line))
        return Answer(status, headers, size, perf_counter() - began)

    def close(self) -> None:
        """Whatever was on its way is lost; what is asked next goes by a line of its own."""
        if self.line is not None:
            self.line.close()
            self.line = None


def connected(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def read_head(line: socket.socket) -> tuple[bytes, bytes]:
    got = b""
    while b"\r\n\r\n" not in got:
        got += received(line)
    head, _, body = got.partition(b"\r\n\r\n")
    return head, body


def received(line: socket.socket) -> bytes:
    got = line.recv(262_144)
    if not got:
        raise ConnectionResetError("the server closed the connection")
    return got


def parsed(head: bytes) -> tuple[int, dict[str, str]]:
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in rest)
    return int(first.split(" ", 2)[1]), {name.lower(): value for name, value in pairs}
