"""A real OpenID provider, as a process of its own on this machine."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from hendig.operations import processes

HIGH, SUBSTANTIAL, LOW = (f"http://eidas.europa.eu/LoA/{level}" for level in ("high", "substantial", "low"))
PEOPLE = (
    {"sub": "s-ellen", "email": "ellen@peelrand.example", "email_verified": True, "acr": HIGH},
    {"sub": "s-other-ellen", "email": "ellen@peelrand.example", "email_verified": True, "acr": HIGH},
    {"sub": "s-low-ellen", "email": "ellen@peelrand.example", "email_verified": True, "acr": SUBSTANTIAL},
    {"sub": "s-unchecked", "email": "ellen@peelrand.example", "email_verified": False, "acr": HIGH},
    {"sub": "s-piet", "email": "piet@peelrand.example", "email_verified": True, "acr": SUBSTANTIAL},
    {"sub": "s-low-piet", "email": "piet@peelrand.example", "email_verified": True, "acr": LOW},
    {"sub": "s-nameless", "acr": SUBSTANTIAL},
    {"sub": "s-stranger", "email": "stranger@elders.example", "email_verified": True, "acr": HIGH},
)


@dataclass(frozen=True)
class Provider:
    """Who it is, and who signs in there."""

    port: int

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def signs_in(self, address: str, subject: str) -> str:
        """Where the provider sends the browser of this subject, which came to `address`."""
        return self._sends(address, {"sub": subject})

    def denies(self, address: str) -> str:
        return self._sends(address, {"action": "deny"})

    def _sends(self, address: str, form: dict[str, str]) -> str:
        parts = urlsplit(address)
        assert parts.port == self.port
        with closing(http.client.HTTPConnection("localhost", self.port, timeout=10)) as line:
            path = f"{parts.path}?{parts.query}"
            line.request("POST", path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
            answer = line.getresponse()
            assert answer.status == http.HTTPStatus.FOUND, answer.read()
            return re.sub(r"^https?://[^/]+", "", str(answer.headers["Location"]))


@contextmanager
def provider(log: Path) -> Iterator[Provider]:
    """Inside the block the provider runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *people]
    with log.open("ab") as said:
        process = processes.start(command, death=signal.SIGTERM, env={**os.environ}, output=said)
    try:
        until = time.monotonic() + 120
        while not answers(port):
            assert time.monotonic() < until, log.read_text()
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield Provider(port)
    finally:
        process.terminate()
        process.wait(15)


def answers(port: int) -> bool:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
            line.request("GET", "/.well-known/openid-configuration")
            return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
