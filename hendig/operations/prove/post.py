"""A mail server that can keep mail waiting, and remembers what it was offered and took, and when."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

LETTER = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offered:
    """A mail that was brought here: to whom, which letter it is, and whether it was taken."""

    at: float
    to: str
    letter: UUID
    taken: bool


class Post(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.waiting: set[str] = set()
        self.offered: list[Offered] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def bring(self, to: str, mail: bytes) -> bool:
        """Whether it is taken now; it is brought again later when it is not."""
        taken, found = to not in self.waiting, LETTER.search(mail)
        if found:
            self.offered.append(Offered(time.time(), to, UUID(found[1].decode()), taken))
        return taken

    def keep_waiting(self, to: str) -> None:
        """Mail to this address is not taken, until `let_go`."""
        self.waiting.add(to)

    def let_go(self, to: str) -> None:
        self.waiting.discard(to)

    def letters(self, to: str, *, taken: bool, after: float = 0, before: float = float("inf")) -> set[UUID]:
        """What was brought to this address between two moments, and taken or not."""
        return {
            one.letter
            for one in list(self.offered)
            if (one.to, one.taken) == (to, taken) and after < one.at < before
        }


class Line(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender needs."""

    server: Post

    def handle(self) -> None:
        to = ""
        self.wfile.write(b"220 ready\r\n")
        while words := self.rfile.readline():
            verb = words[:4].upper()
            if verb == b"RCPT":
                to = words.decode().partition("<")[2].partition(">")[0]
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                taken = self.server.bring(to, self.mail())
                self.wfile.write(b"250 taken\r\n" if taken else b"451 not now\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 yes\r\n")

    def mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return b"".join(lines)


@contextmanager
def post() -> Iterator[Post]:
    """Inside the block a port on this machine takes mail, or keeps it waiting."""
    with Post() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
