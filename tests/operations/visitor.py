"""Somebody with a stubborn browser: what was not answered is sent again, with the same key, until it is."""

import http.client
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import uuid4

CSRF = "a" * 32
PATIENCE = 40


@dataclass
class Visitor:
    """One browser. `sent` counts how often a post left it, answered or not."""

    port: int
    cookies: dict[str, str] = field(default_factory=lambda: {"csrftoken": CSRF})
    sent: int = 0
    patience: float = PATIENCE

    def post(self, path: str, **typed: str) -> str:
        """Where the answer leads. Whatever dies meanwhile, this ends with the one answer to this form."""
        body = urlencode({**typed, "_key": str(uuid4()), "csrfmiddlewaretoken": CSRF})
        until = time.monotonic() + self.patience
        while True:
            try:
                return self._once(path, body)
            except (OSError, http.client.HTTPException) as problem:
                if time.monotonic() > until:
                    raise AssertionError(f"{path} is not answered") from problem
                time.sleep(0.05)

    def page(self, path: str) -> str:
        """A page as this browser gets it."""
        line = http.client.HTTPConnection("localhost", self.port, timeout=10)
        try:
            line.request("GET", path, headers={"Cookie": self._cookies()})
            answer = line.getresponse()
            assert answer.status == 200, (path, answer.status)
            return answer.read().decode()
        finally:
            line.close()

    def _cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _once(self, path: str, body: str) -> str:
        self.sent += 1
        line = http.client.HTTPConnection("localhost", self.port, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self._cookies()}
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
