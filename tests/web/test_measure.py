"""A request that is too large, or in pieces that make no sense, gets a sentence before any of it is kept."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import pytest
from django.conf import settings as ours
from django.test import Client
from pytest_django.fixtures import Settings

from tests.support.live import Live
from tests.support.scanner import Scanner
from tests.support.world import World

EDGE = b"edge"
HEAD = "POST /aanmelden/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=edge\r\n"


def sent(live: Live, head: str, body: bytes, times: int = 1) -> tuple[bytes, int]:
    """The answer, and how much of the body could be sent before it came."""
    where = urlsplit(live.url)
    assert where.hostname
    came = 0
    with socket.create_connection((where.hostname, where.port or 80), timeout=30) as line:
        line.sendall(f"{HEAD}{head}\r\n".encode())
        try:
            for _ in range(times):
                line.sendall(body)
                came += len(body)
        except OSError:
            pass
        line.settimeout(30)
        answer = b""
        try:
            while more := line.recv(1 << 16):
                answer += more
        except OSError:
            pass
    return answer, came


def test_two_hundred_megabytes_are_refused_before_they_come(live: Live) -> None:
    answer, _came = sent(live, "Content-Length: 200000000\r\n", b"", 0)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"Een foto of een pdf mag 15 MB zijn" in answer


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Accept-Language: en\r\n", b"This is too large"),
        ("Accept-Language: en\r\nCookie: hendig_language=nl\r\n", b"Dit is te groot"),
        ("Cookie: hendig_language=nl-je\r\n", b"wat je typte"),
        ("Accept-Language: \xff;q=x\r\nCookie: =;;\r\n", b"Dit is te groot"),
    ],
)
def test_it_is_said_in_the_language_of_who_reads_it(live: Live, says: str, words: bytes) -> None:
    answer, _came = sent(live, f"Content-Length: 200000000\r\n{says}", b"", 0)
    assert answer.startswith(b"HTTP/1.1 413")
    assert words in answer


def test_who_says_no_length_is_measured_on_the_way(live: Live) -> None:
    piece = bytes(1 << 20)
    chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    _answer, came = sent(live, "Transfer-Encoding: chunked\r\n", chunk, 200)
    assert came < 200 << 20
    # And the process is there for who comes next.
    answer, _came = sent(live, "Content-Length: 0\r\nConnection: close\r\n", b"", 0)
    assert answer.startswith(b"HTTP/1.1 ")


def test_as_much_as_may_come_is_never_laid_on_a_disk() -> None:
    assert ours.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    assert ours.FILE_UPLOAD_MAX_MEMORY_SIZE >= ours.MOST_BYTES


def part(name: str, value: bytes, more: str = "") -> bytes:
    return f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not in parts at all",
        part("x", b"1"),
        b"".join(part(f"f{n}", b"1") for n in range(600)) + b"--edge--\r\n",
        b"".join(part(f"f{n}", b"x", '; filename="a"') for n in range(5)) + b"--edge--\r\n",
        part("first_name", bytes(3_000_000)) + b"--edge--\r\n",
        b'--edge\r\nContent-Disposition: form-data; name="x"; filename="' + b"\xff" * 500 + b'"\r\n\r\n\r\n',
        b"--edge\r\n" * 3000,
    ],
    ids=["nothing", "no parts", "no end", "many fields", "many files", "long field", "odd name", "edges"],
)
def test_parts_that_make_no_sense_are_answered_in_words(world: World, body: bytes) -> None:
    client = Client(raise_request_exception=False)
    answer = client.post("/aanmelden/", body, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code in {200, 400, 422}
    assert b"<h1" in answer.content


@pytest.mark.django_db
def test_whether_files_are_scanned_is_told_and_decides_nothing(world: World, settings: Settings) -> None:
    def said() -> tuple[int, str]:
        answer = world.client().get("/readyz")
        return answer.status_code, json.loads(answer.content)["checks"]["scanning"]

    status, scanning = said()
    assert scanning == "off"
    settings.CLAMD = "/nowhere/clamd.sock"
    assert said() == (status, "failed")
    with Scanner() as running:
        settings.CLAMD = running.where
        assert said() == (status, "ok")
