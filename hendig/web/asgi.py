"""The application, behind a measure: a request that is too large is refused before any of it is kept."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation

from hendig.connections.adapters.answers import PROBLEM, VERSION, is_api, problem

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hendig.settings")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


# More than may be at the database at once: also a page that waits for something else does not hold up others.
THREADS = 8


class InOneThread(ASGIHandler):
    """A request goes into a thread once, and comes out with its answer.

    Everything here waits for the database in plain Python. Django would have asked each view from its own
    loop again, so that a request went to and fro between thread and loop three times: a fifth of a page.
    It would also have begun two threads for each request, and kept one for as long as a stream is open.
    """

    def __init__(self) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(THREADS, "page")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with ThreadSensitiveContext(executor=self.threads):
            await self.handle(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 - whatever Django asks for
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self._answer)(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        """Leaves no connection behind: the thread is another's next, and a stream stays open for hours."""
        try:
            return self.get_response(request)
        finally:
            connections.close_all()


class TooLarge(Exception):
    """More came than may come."""


class Measured:
    """Django would first lay down a whole request, however large, and only then ask what it is."""

    def __init__(self, app: Callable[[Any, Any, Any], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > settings.MOST_BYTES:
                raise TooLarge
            return message

        if said(scope) > settings.MOST_BYTES:
            await refuse(scope, send)
            return
        try:
            await self.app(scope, counted, send)
        except TooLarge:
            await refuse(scope, send)


def said(scope: Message) -> int:
    """How much the request says that it brings; nothing when it says nothing that is a number."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() else 0


async def refuse(scope: Message, send: Send) -> None:
    # In the language of the browser or its cookie: who this is has not been asked, and nothing was read.
    api = is_api(str(scope["path"]))
    with translation.override(translation.get_language_from_request(ASGIRequest(scope, BytesIO()))):
        body = problem(413).content if api else render_to_string("413.html").encode()
    headers = [
        (b"content-type", PROBLEM.encode() if api else b"text/html; charset=utf-8"),
        *([(b"api-version", VERSION.encode())] if api else []),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; style-src 'self'; font-src 'self'"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


django.setup(set_prefix=False)
application = Measured(InOneThread())
