"""Several at the same moment, each on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from django.db import connections

from hendig.kernel.refusal import NotVisible, Refused

# Whoever has not come to the start by then never does: the others need not wait for it.
PATIENCE = 20


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each is told, in their order: `done`, the code of the refusal, or `not visible`."""
    start = Barrier(len(acts))

    def told(act: Callable[[], object]) -> str:
        try:
            start.wait(PATIENCE)
            act()
        except Refused as no:
            return no.refusal.code
        except NotVisible:
            return "not visible"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(told, acts))


@contextmanager
def outside_any_loop() -> Iterator[None]:
    """A browser that ran before in this process left its loop standing; what builds a town is outside."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)
