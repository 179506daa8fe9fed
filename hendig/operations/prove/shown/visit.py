"""Going through the site as a visitor does, over the line, and reading whatever comes back."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from pypdf import PdfReader

LINKS = re.compile(r'\b(?:href|action|src|hx-get|hx-post|data-live|formaction)="([^"]+)"')
LIVE = re.compile(r'\bdata-live="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# What differs each time for everybody: tokens of forms, keys of forms.
EACH_TIME = re.compile(rb'(csrfmiddlewaretoken" value=|name="_key" value=|nonce=)"[^"]*"')
# Signing out would end the visit.
NEVER = frozenset({"/afmelden/", "/aanmelden/terug/"})


@dataclass(frozen=True, slots=True)
class Answer:
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def stays(self) -> bool:
        """Whether a file (anything that is no page) may be kept by a browser or on the way.

        A colour is the same for everybody: its stylesheet may.
        """
        kept = self.headers.get("cache-control", "") != "no-store"
        return kept and bool(self.body) and self.kind not in {"text/html", "text/css"}

    @property
    def text(self) -> str:
        """Everything that can be read in it: head, body, and what lies inside a file."""
        head = unquote("\n".join(f"{name}: {value}" for name, value in self.headers.items()))
        return f"{head}\n{self.inside}"

    @property
    def inside(self) -> str:
        if self.kind == "application/pdf":
            return of_pdf(self.body)
        words = self.body.decode("utf-8", "replace")
        if self.kind == "text/calendar":
            return re.sub(r"\r?\n[ \t]", "", words)
        return unescape(words) if self.kind == "text/html" else words

    @property
    def plain(self) -> bytes:
        """The bytes, without what differs each time for everybody."""
        return EACH_TIME.sub(rb"\1", self.body)


def of_pdf(paper: bytes) -> str:
    """The text of a PDF, what it says of itself, and what hangs under it."""
    reader = PdfReader(BytesIO(paper))
    said = [page.extract_text() for page in reader.pages]
    said += [f"{key}: {value}" for key, value in (reader.metadata or {}).items()]
    if reader.xmp_metadata is not None:
        said.append(reader.xmp_metadata.stream.get_data().decode("utf-8", "replace"))
    said += [f"{name} {content!r}" for name, content in reader.attachments.items()]
    return "\n".join(said)


@dataclass
class Browser:
    """One visitor: its cookies, and one connection that stays open."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    line: http.client.HTTPConnection | None = None

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """A form is sent; its token is that of our own cookie."""
        token = self.cookies.setdefault("csrftoken", "a" * 32)
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body=body, headers=kind)

    def ask(self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str]) -> Answer:
        sent = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            return self._asked(method, path, body, sent)
        except (ConnectionError, http.client.HTTPException):
            # The server closed a line on which nothing came for a while.
            self.close()
            self.line = None
            return self._asked(method, path, body, sent)

    def _asked(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self.line is None:
            self.line = http.client.HTTPConnection("localhost", self.port, timeout=60)
        self.line.request(method, path, body=body, headers=headers)
        got = self.line.getresponse()
        return Answer(path, got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())

    @contextmanager
    def listen(self, path: str, patience: float = 10) -> Iterator[http.client.HTTPResponse]:
        """Inside the block a stream is open, on a line of its own."""
        line = http.client.HTTPConnection("localhost", self.port, timeout=patience)
        cookie = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        try:
            line.request("GET", path, headers={"Cookie": cookie})
            with line.getresponse() as answer:
                yield answer
        finally:
            line.close()

    def close(self) -> None:
        if self.line is not None:
            self.line.close()


def links_in(answer: Answer) -> Iterator[str]:
    """Where a page leads to within the site."""
    if answer.status in {301, 302, 303}:
        found = [answer.headers.get("location", "")]
    elif answer.kind == "text/html":
        found = [unescape(one) for one in LINKS.findall(answer.body.decode("utf-8", "replace"))]
    else:
        return
    for one in found:
        whole = urlsplit(urljoin(f"http://localhost{answer.path}", one))
        if whole.hostname == "localhost" and not whole.path.startswith(("/static/", "/live/")):
            # In one order, so that the same page is not fetched under two names.
            query = urlencode(sorted(parse_qsl(whole.query)))
            yield f"{whole.path}?{query}" if query else whole.path


def pieces_of(answer: Answer) -> bool:
    """Whether a part of the page is fetched again when something changes."""
    return answer.status == 200 and bool(LIVE.search(answer.body.decode("utf-8", "replace")))
