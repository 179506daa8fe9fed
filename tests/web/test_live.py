"""What one person changes, another who looks at it sees within a second; strangers hear nothing."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import pytest
from django.db import connections

from hendig.people import actions
from hendig.web.asgi import THREADS
from hendig.web.live import Doorkeeper, Memory, milliseconds
from hendig.web.queries import TOPICS, Hearer, may_hear, who_still_hear
from tests.support.home import ROOT
from tests.support.live import Live
from tests.support.world import World, build_world, signed_in


@contextmanager
def asked(live: Live, path: str, cookie: str) -> Iterator[socket.socket]:
    """A raw connection on which this was asked for."""
    host, port = live.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        head = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", f"Cookie: hendig={cookie}"]
        line.sendall("\r\n".join([*head, "", ""]).encode())
        yield line


@contextmanager
def listening(live: Live, path: str, cookie: str) -> Iterator[socket.socket]:
    """A raw connection to the stream, read until its first bytes have come."""
    with asked(live, path, cookie) as line:
        until(line, b"retry:")
        yield line


def until(line: socket.socket, wanted: bytes) -> float:
    """Seconds until these bytes came."""
    begun = time.monotonic()
    seen = b""
    while wanted not in seen:
        part = line.recv(4096)
        assert part, seen
        seen += part
    return time.monotonic() - begun


def test_every_page_that_listens_asks_for_what_somebody_may_hear() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "hendig").rglob("*.html"))
    kinds = set(re.findall(r"topic=([a-z]+)", pages))
    assert "share" in kinds
    assert kinds - TOPICS.keys() - {"account", "partner", "board", "invoices"} == set()


def test_every_piece_that_listens_has_a_name_for_who_only_hears() -> None:
    """What changes in it is told by that name; or it tells it itself, as the talk in a tent does."""
    silent = {
        (page.name, *re.findall(r'id="([^"]+)', tag))
        for page in (ROOT / "hendig").rglob("*.html")
        for tag in re.findall(r"<[a-z]+ (?:[^<>{]|{%[^%]*%}|{{[^}]*}})*data-live=", page.read_text())
        if "data-news=" not in tag and 'role="status"' not in tag
    }
    told_itself = {("tent.html", part) for part in ("clock", "talk", "understood", "write", "around")}
    assert silent == {*told_itself, ("analysis.html", "stap")}


def test_a_change_is_heard_within_a_second(live: Live) -> None:
    world = build_world()
    ellen = world.actor("ellen")
    cookie = world.client("ellen").cookies["hendig"].value
    with listening(live, f"/live/?topic=account:{ellen.account_id}&topic=board", cookie) as line:
        time.sleep(1)  # the listener may have just begun; who was there before it is told to look again
        took, plain = [], []
        for language in ("en", "nl", "en", "nl", "en"):
            actions.choose_language(actor=ellen, language=language, at=world.at)
            took.append(until(line, b"event: changed"))
            plain.append(live.plain_page())
    # Whatever else this machine does now and then, it is not what a stream waits for.
    assert median(took) < 1 + median(plain), (took, plain)


def test_what_changed_between_a_page_and_its_stream_is_told_at_once(live: Live) -> None:
    world = build_world()
    ellen = world.actor("ellen")
    cookie = world.client("ellen").cookies["hendig"].value
    path = f"/live/?topic=account:{ellen.account_id}"
    with listening(live, path, cookie) as line:
        time.sleep(1)  # as above
        came = milliseconds()
        actions.choose_language(actor=ellen, language="en", at=world.at)
        until(line, b"event: changed")  # it is heard in this process
        with asked(live, f"{path}&since={came}", cookie) as behind:
            took = until(behind, b"event: changed")
        assert took < 1 + live.plain_page()
        with asked(live, f"{path}&since={milliseconds()}", cookie) as ahead:
            ahead.settimeout(0.5)
            with pytest.raises(TimeoutError):
                until(ahead, b"event: changed")


def test_whose_page_does_not_know_when_it_came_is_told_to_look(live: Live) -> None:
    world = build_world()
    path = f"/live/?topic=account:{world.account('ellen').pk}"
    cookie = world.client("ellen").cookies["hendig"].value
    for since in ("", "x", "-1", "9" * 5000, "%D9%A3"):
        with asked(live, f"{path}&since={since}", cookie) as line:
            until(line, b"event: changed")


NOW = 1_000_000


@pytest.mark.parametrize(
    ("since", "missed"),
    [
        (NOW - 59_000, True),  # before it changed
        (NOW - 50_000, True),  # at that very moment
        (NOW - 49_999, False),  # the page shows it
        (NOW - 60_001, True),  # longer ago than is remembered
    ],
)
def test_it_is_known_for_a_minute_what_changed(since: int, missed: bool) -> None:
    memory = Memory()
    memory.begin(0)
    memory.keep("board", NOW - 50_000)
    memory.keep("family:1", NOW)
    assert memory.missed("board", since, NOW) is missed


def test_after_a_gap_anything_may_have_changed() -> None:
    memory = Memory()
    memory.keep("board", NOW - 9)
    memory.begin(NOW - 5)
    assert memory.missed("board", NOW - 6, NOW)
    assert not memory.missed("board", NOW - 5, NOW)


def test_what_is_remembered_does_not_grow() -> None:
    memory = Memory()
    for minute in range(3):
        for number in range(100):
            memory.keep(f"family:{minute}-{number}", minute * 60_000 + number * 600)
    assert len(memory) <= 101


def test_open_streams_take_nothing_from_the_pages(live: Live) -> None:
    """Many more streams than the pool has connections: a page still comes at once."""
    world = build_world()
    ellen = world.actor("ellen")
    cookie = world.client("ellen").cookies["hendig"].value
    without = sum(live.plain_page() for _page in range(5))
    with ExitStack() as streams:
        for _stream in range(40):
            streams.enter_context(listening(live, f"/live/?topic=account:{ellen.account_id}", cookie))
        beside = sum(live.plain_page() for _page in range(5))
    # A page that waited for a connection would wait for seconds.
    assert beside < 2 + 2 * without


def test_a_stream_holds_no_thread_and_a_thread_is_used_again(live: Live) -> None:
    world = build_world()
    path = f"/live/?topic=account:{world.account('ellen').pk}"
    cookie = world.client("ellen").cookies["hendig"].value

    def threads() -> int:
        said = Path(f"/proc/{live.web.pid}/status").read_text()
        return int(said.partition("Threads:")[2].split()[0])

    for _page in range(2 * THREADS):
        live.plain_page()
    before = threads()
    with ExitStack() as streams:
        for _stream in range(5 * THREADS):
            streams.enter_context(listening(live, path, cookie))
        assert threads() <= before + THREADS


def test_a_stream_ends_where_nobody_can_be_asked_who_may_still_hear(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ellen = world.actor("ellen")
    hearer = Hearer(signed_in(world.account("ellen").pk), ellen, (f"account:{ellen.account_id}",))
    assert who_still_hear([hearer], at=world.at) == (True,)
    # What asks for the streams connects in a thread of its own.
    monkeypatch.setitem(connections.settings["default"], "HOST", "/nowhere")
    with ThreadPoolExecutor(1) as apart:  # a browser of another test may have a loop in this one
        assert not apart.submit(asyncio.run, Doorkeeper().lets(hearer)).result()
    assert "OperationalError" in caplog.text


@pytest.mark.parametrize(
    "topic", ["account", "family", "tent", "matchtalk", "partner", "nonsense", "invoices"]
)
def test_who_may_not_see_it_cannot_hear_it(world: World, topic: str) -> None:
    """Somebody else's, not existing, and not a topic at all answer alike."""
    other = world.account("anouk").pk
    answer = world.client("ellen").get(f"/live/?topic={topic}:{other}")
    nowhere = world.client("ellen").get("/live/?topic=family:no-identifier")
    assert (answer.status_code, answer.content) == (404, nowhere.content)


def test_one_hears_what_is_ones_own(world: World) -> None:
    ellen, henk, jolanda = (world.actor(name) for name in ("ellen", "henk", "jolanda"))
    assert may_hear(ellen, f"account:{ellen.account_id}", at=world.at)
    assert may_hear(jolanda, f"partner:{world.partners['vlinder'].pk}", at=world.at)
    assert not may_hear(jolanda, f"partner:{world.partners['anker'].pk}", at=world.at)
    assert may_hear(henk, "invoices", at=world.at)
