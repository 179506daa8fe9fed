"""Something asynchronous, apart from the loop that Playwright runs in the thread of the tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections


def run_apart(work: Coroutine[Any, Any, object]) -> None:
    """It ran to its end in a thread and a loop of its own, and left no connection behind."""

    async def whole() -> None:
        await work
        await sync_to_async(connections.close_all)()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, whole()).result()
