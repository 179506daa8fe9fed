"""A scanner for tests: clamd of this machine with one signature, or our own that speaks as it does."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from tests.support.files import EICAR

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
CONFIG = """
LocalSocket {place}/clamd.sock
DatabaseDirectory {place}/signatures
TemporaryDirectory {place}
Foreground yes
StreamMaxLength 25M
"""


@contextmanager
def real_clamd() -> Iterator[str]:
    """Where clamd listens. It knows one signature: the test file of the makers of scanners."""
    assert CLAMD is not None
    with tempfile.TemporaryDirectory(prefix="clamd", dir="/tmp") as folder:
        place = Path(folder)
        place.chmod(0o755)
        (place / "signatures").mkdir()
        (place / "signatures" / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
        (place / "clamd.conf").write_text(CONFIG.format(place=place))
        running = subprocess.Popen(
            [CLAMD, f"--config-file={place}/clamd.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            until = time.monotonic() + 60
            while not (place / "clamd.sock").exists():
                assert running.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            yield str(place / "clamd.sock")
        finally:
            running.terminate()
            running.wait(20)


class Scanner(threading.Thread):
    """The far end of INSTREAM (clamd(8)), on a port of this machine: it knows one virus.

    `says` is what it answers instead; None: nothing at all.
    """

    def __init__(self, says: str | None = "") -> None:
        super().__init__(daemon=True)
        self.says, self.got = says, b""
        self.door = socket.create_server(("127.0.0.1", 0))
        self.where = f"127.0.0.1:{self.door.getsockname()[1]}"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self.door.accept()
                with line:
                    self.answer(line)

    def answer(self, line: socket.socket) -> None:
        with line.makefile("rb") as sent, suppress(OSError):
            command = self.command(sent.read)
            if command == b"zPING":
                line.sendall(b"PONG\0")
            elif self.says is None:
                time.sleep(1)
            elif command == b"zINSTREAM":
                self.got = b""
                while size := int.from_bytes(sent.read(4), "big"):
                    self.got += sent.read(size)
                found = "stream: Eicar-Test-Signature FOUND" if EICAR in self.got else "stream: OK"
                line.sendall((self.says or found).encode() + b"\0")

    @staticmethod
    def command(read: object) -> bytes:
        said = b""
        assert callable(read)
        while not said.endswith(b"\0"):
            piece = read(1)
            if not piece:
                break
            said += piece
        return said.rstrip(b"\0")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.door.close()
