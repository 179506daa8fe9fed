"""Live pages: one LISTEN per process, one event per change, no content in it; the page fetches its piece."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import psycopg
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from hendig.audit.actions import CHANNEL
from hendig.audit.forms import Request
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.people.actions import gone
from hendig.web.queries import Hearer, may_hear, of_somebody, who_still_hear

KEEP_ALIVE = 20.0
# So many milliseconds it is known what changed.
REMEMBERS = 60_000
log = logging.getLogger("hendig.live")


def milliseconds() -> int:
    """Since 1970, by the machine's own clock: what a page and the stream it opens later agree on."""
    return time.time_ns() // 1_000_000


class Ear(asyncio.Event):
    """What one stream hears. `ends` is how it hears that its session ended; `pieces` what of a page moved."""

    def __init__(self, ends: str) -> None:
        super().__init__()
        self.ends = ends
        self.unsure = False
        self.pieces: set[str] = set()

    def hear(self, topic: str, piece: str = "") -> None:
        self.unsure = self.unsure or topic == self.ends
        self.pieces.add(piece)
        self.set()

    def heard(self) -> str:
        """The pieces that moved since it was asked last; empty where it may be anything of the page."""
        pieces, self.pieces = self.pieces, set()
        return "" if "" in pieces else " ".join(sorted(pieces))


class Memory:
    """What changed in the last minute: a page is read before its stream opens, and things move in between."""

    def __init__(self) -> None:
        self._changed: dict[str, int] = {}
        self._from = 0

    def __len__(self) -> int:
        return len(self._changed)

    def begin(self, now: int) -> None:
        """Of what changed before this moment (milliseconds) nothing is known."""
        self._changed, self._from = {}, now

    def keep(self, topic: str, now: int) -> None:
        """It changed at this moment, the latest so far; what is longer ago than a minute is forgotten."""
        self._changed.pop(topic, None)
        self._changed[topic] = now
        while self._changed[oldest := next(iter(self._changed))] < now - REMEMBERS:
            del self._changed[oldest]

    def missed(self, topic: str, since: int, now: int) -> bool:
        """Whether it changed at that moment or after it, or may have."""
        return since < max(self._from, now - REMEMBERS) or self._changed.get(topic, -1) >= since


class Switchboard:
    """Passes what PostgreSQL notifies to the streams that are open in this process."""

    def __init__(self) -> None:
        self._streams: dict[str, set[Ear]] = defaultdict(set)
        self._memory = Memory()
        self._listener: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def watch(self, topics: list[str], ends: str, since: int, parameters: dict[str, object]) -> Iterator[Ear]:
        """An event that is set whenever one of the topics changed, or the session that `ends` names ended.

        It is set at once where one changed `since` then (milliseconds), or may have.
        """
        if self._listener is None or self._listener.done():
            self._listener = asyncio.get_running_loop().create_task(self._listen(parameters))
        ear = Ear(ends)
        for topic in (*topics, ends):
            self._streams[topic].add(ear)
            if self._memory.missed(topic, since, milliseconds()):
                ear.hear(topic)
        try:
            yield ear
        finally:
            for topic in (*topics, ends):
                self._streams[topic].discard(ear)
                if not self._streams[topic]:
                    del self._streams[topic]

    async def _listen(self, parameters: dict[str, object]) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(autocommit=True, **parameters) as listener:  # type: ignore[arg-type]
                    await listener.execute(f"LISTEN {CHANNEL}")
                    self._memory.begin(milliseconds())
                    self._ring_all()
                    async for notice in listener.notifies():
                        self._ring(notice.payload.split(" "))
            except psycopg.OperationalError as error:
                log.warning("listening again after %s", type(error).__name__)
                await asyncio.sleep(1)

    def _ring(self, words: list[str]) -> None:
        piece = next((word[1:] for word in words if word.startswith("#")), "")
        for topic in words:
            self._memory.keep(topic, milliseconds())
            for ear in self._streams.get(topic, ()):
                ear.hear(topic, piece)

    def _ring_all(self) -> None:
        """After a gap nobody knows what was missed, so everyone looks again."""
        self._ring(list(self._streams))


switchboard = Switchboard()


def live(request: Request) -> HttpResponseBase:
    """A stream of server-sent events: `changed` whenever one of the topics changed, for who may hear it.

    Also at once, where one changed since the page was asked for (`since`, milliseconds, as it was told), or
    where that is not known.
    Its data is the name of the piece of a page that alone shows it, or nothing; never what changed.
    """
    topics = request.GET.getlist("topic")[:8]
    if not topics or not all(may_hear(request.actor, topic, at=request.at) for topic in topics):
        raise NotVisible
    wrapper = connection.get_connection_params()
    parameters = {
        name: wrapper[name] for name in ("dbname", "user", "password", "host", "port") if wrapper.get(name)
    }
    session = request.session.session_key if request.actor.signed_in else None
    events = _events(topics, session, request.actor, _since(request), parameters)
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return response


def _since(request: Request) -> int:
    """Not every browser hands on what it was told: whose page does not know when it came, looks again."""
    said = request.GET.get("since", str(request.came))
    return int(said) if re.fullmatch(r"[0-9]{1,15}", said) else 0


class Doorkeeper:
    """Asks in one go whether all who heard at the same moment may still hear."""

    def __init__(self) -> None:
        self._asked: list[tuple[Hearer, asyncio.Future[bool]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def lets(self, hearer: Hearer) -> bool:
        """Whether somebody is still signed in there, and may hear of these topics at this moment."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked.append((hearer, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def _ask(self) -> None:
        # Whoever asks while an answer is on its way is asked about next, and not by what was found before.
        while self._asked:
            asked, self._asked = self._asked, []
            waiting = [answer for _hearer, answer in asked]
            try:
                found = await self._found([hearer for hearer, _answer in asked])
            except OperationalError as error:
                # The streams end; their pages come back by themselves, and then they are asked about.
                log.warning("Nobody can be asked who may still hear: %s", type(error).__name__)
                found = (False,) * len(asked)
            except Exception as error:  # noqa: BLE001 - goes to each of the streams that asked
                for answer in waiting:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for answer, yes in zip(waiting, found, strict=True):
                if not answer.done():
                    answer.set_result(yes)
        self._asking = None

    async def _found(self, hearers: list[Hearer]) -> tuple[bool, ...]:
        now = timezone.now()  # noqa: TID251 - the edge: a stream lives on after its request
        # In no thread of a request: the one that asked first may be over before the others are answered.
        return await sync_to_async(who_still_hear, thread_sensitive=False)(hearers, at=now)


doorkeeper = Doorkeeper()


async def _events(
    topics: list[str], session: str | None, actor: Actor, since: int, parameters: dict[str, object]
) -> AsyncIterator[bytes]:
    guarded = any(map(of_somebody, topics))
    with switchboard.watch(topics, gone(session or ""), since, parameters) as ear:
        yield b"retry: 1000\n\n"
        while True:
            try:
                await asyncio.wait_for(ear.wait(), KEEP_ALIVE)
                ear.clear()
                # Who was shut out while the stream was open hears nothing of what comes after.
                if (
                    (ear.unsure or guarded)
                    and session
                    and not await doorkeeper.lets(Hearer(session, actor, tuple(topics)))
                ):
                    break
                ear.unsure = False
                yield f"event: changed\ndata: {ear.heard()}\n\n".encode()
            except TimeoutError:
                yield b": still here\n\n"
