"""The worker process: takes jobs until it is told to stop, and then finishes those it has begun."""

from collections.abc import Callable

import django
from django.core.management import call_command

from hendig.operations.processes import wait_for_go

CONCURRENCY = 4
FINISHING_TAKES = 10


def main(before: Callable[[], None] | None = None) -> None:
    """Works until SIGTERM, from when `before` returns; a job cut short is taken up by the next worker."""
    django.setup()
    if before:
        before()
    call_command(
        "procrastinate",
        "worker",
        concurrency=CONCURRENCY,
        shutdown_graceful_timeout=FINISHING_TAKES,
    )


if __name__ == "__main__":
    main(wait_for_go)
