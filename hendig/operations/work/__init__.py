"""The worker process: takes jobs until it is told to stop, and then finishes those it has begun."""

import asyncio
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django import connector_params

from hendig.operations.loading import load

CONCURRENCY = 4
FINISHING_TAKES = 10
# The database may have gone with the one who started us: then there is nobody to say goodbye to.
DATABASE_TAKES = 5


def main(before: Callable[[], None] | None = None) -> None:
    """Works until SIGTERM, from when `before` returns; a job cut short is taken up by the next worker."""
    load()
    if before:
        before()
    asyncio.run(work(concurrency=CONCURRENCY, shutdown_graceful_timeout=FINISHING_TAKES))


async def work(**how: Any) -> None:
    """Takes jobs by a connection of our own.

    What an action enqueues stays with Django's connection: it is a part of the change, as on the web. The
    worker command of procrastinate takes that away, and enqueued what was rolled back afterwards.
    """
    ours = App(connector=PsycopgConnector(kwargs=connector_params(), timeout=DATABASE_TAKES))
    ours.tasks, ours.periodic_registry = jobs.tasks, jobs.periodic_registry
    async with ours.open_async():
        await ours.run_worker_async(task_middleware=[with_a_fresh_connection], **how)


def with_a_fresh_connection(run: Callable[[], Any], _context: object, _worker: object) -> Any:
    """As a request has it: one that died with its server must not fail every job after it."""
    try:
        return run()
    finally:
        close_old_connections()
