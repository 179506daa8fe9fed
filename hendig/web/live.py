"""Live pages: one LISTEN per process, one event per change, no content in it; the page fetches its piece."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator

import psycopg
from django.db import connection
from django.http import HttpResponseBase, StreamingHttpResponse

from hendig.audit.actions import CHANNEL
from hendig.audit.forms import Request
from hendig.kernel.refusal import NotVisible
from hendig.web.queries import may_hear

KEEP_ALIVE = 20.0
log = logging.getLogger("hendig.live")


class Switchboard:
    """Passes what PostgreSQL notifies to the streams that are open in this process."""

    def __init__(self) -> None:
        self._streams: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def watch(self, topics: list[str], parameters: dict[str, object]) -> Iterator[asyncio.Event]:
        """An event that is set whenever one of the topics changed."""
        if self._listener is None or self._listener.done():
            self._listener = asyncio.get_running_loop().create_task(self._listen(parameters))
        event = asyncio.Event()
        for topic in topics:
            self._streams[topic].add(event)
        try:
            yield event
        finally:
            for topic in topics:
                self._streams[topic].discard(event)
                if not self._streams[topic]:
                    del self._streams[topic]

    async def _listen(self, parameters: dict[str, object]) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(autocommit=True, **parameters) as listener:  # type: ignore[arg-type]
                    await listener.execute(f"LISTEN {CHANNEL}")
                    self._ring_all()
                    async for notice in listener.notifies():
                        self._ring(notice.payload.split(" "))
            except psycopg.OperationalError as error:
                log.warning("listening again after %s", type(error).__name__)
                await asyncio.sleep(1)

    def _ring(self, topics: list[str]) -> None:
        for topic in topics:
            for event in self._streams.get(topic, ()):
                event.set()

    def _ring_all(self) -> None:
        """After a gap nobody knows what was missed, so everyone looks again."""
        self._ring(list(self._streams))


switchboard = Switchboard()


def live(request: Request) -> HttpResponseBase:
    """A stream of server-sent events: `changed` whenever one of the topics changed, for who may hear it."""
    topics = request.GET.getlist("topic")[:8]
    if not topics or not all(may_hear(request.actor, topic, at=request.at) for topic in topics):
        raise NotVisible
    wrapper = connection.get_connection_params()
    parameters = {
        name: wrapper[name] for name in ("dbname", "user", "password", "host", "port") if wrapper.get(name)
    }
    response = StreamingHttpResponse(_events(topics, parameters), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _events(topics: list[str], parameters: dict[str, object]) -> AsyncIterator[bytes]:
    with switchboard.watch(topics, parameters) as event:
        yield b"retry: 1000\n\n"
        while True:
            try:
                await asyncio.wait_for(event.wait(), KEEP_ALIVE)
                event.clear()
                yield b"event: changed\ndata: \n\n"
            except TimeoutError:
                yield b": still here\n\n"
