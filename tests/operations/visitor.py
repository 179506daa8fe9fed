"""Somebody with a stubborn browser: what was not answered is sent again, with the same key, until it is."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import uuid4

CSRF = "a" * 32
PATIENCE = 40
BOUNDARY = "hendig-b7f2c1d94e"


@dataclass
class Visitor:
    """One browser. `sent` counts how often a post left it, answered or not."""

    port: int
    cookies: dict[str, str] = field(default_factory=lambda: {"csrftoken": CSRF})
    sent: int = 0
    patience: float = PATIENCE
    # How long one try waits for an answer.
    waits: float = 10

    def post(self, path: str, **typed: str) -> str:
        """Where the answer leads. Whatever dies meanwhile, this ends with the one answer to this form."""
        body = urlencode({**typed, "_key": str(uuid4()), "csrfmiddlewaretoken": CSRF}).encode()
        kind = "application/x-www-form-urlencoded"
        return self._patiently(path, lambda: self._once(path, body, kind))

    def bring(self, path: str, file: bytes) -> str:
        """The same for a form in which a file is chosen."""
        fields = {"_key": str(uuid4()), "csrfmiddlewaretoken": CSRF}
        begins = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=".encode()
        parts = [begins + f'"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
        parts.append(begins + b'"file"; filename="bestand.xml"\r\n\r\n' + file + b"\r\n")
        body = b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self._patiently(path, lambda: self._once(path, body, kind))

    def page_in_the_end(self, path: str) -> str:
        """A page, asked for until it is answered."""
        return self._patiently(path, lambda: self.page(path))

    def _patiently(self, path: str, act: Callable[[], str]) -> str:
        until = time.monotonic() + self.patience
        while True:
            try:
                return act()
            except (OSError, http.client.HTTPException) as problem:
                if time.monotonic() > until:
                    raise AssertionError(f"{path} is not answered") from problem
                time.sleep(0.05)

    def page(self, path: str) -> str:
        """A page as this browser gets it."""
        line = http.client.HTTPConnection("localhost", self.port, timeout=self.waits)
        try:
            line.request("GET", path, headers={"Cookie": self._cookies()})
            answer = line.getresponse()
            if answer.status >= 500:
                raise http.client.HTTPException(f"{answer.status}")
            assert answer.status == 200, (path, answer.status)
            return answer.read().decode()
        finally:
            line.close()

    def _cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _once(self, path: str, body: bytes, kind: str) -> str:
        self.sent += 1
        line = http.client.HTTPConnection("localhost", self.port, timeout=self.waits)
        headers = {"Content-Type": kind, "Cookie": self._cookies()}
        try:
            line.request("POST", path, body, headers)
            answer = line.getresponse()
            said = answer.read()
        finally:
            line.close()
        if answer.status >= 500:
            raise http.client.HTTPException(f"{answer.status}")
        assert answer.status in {302, 303}, (path, answer.status, said[-1500:])
        for header in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return str(answer.headers["Location"])
