"""The worker process: takes jobs until it is told to stop, and then finishes those it has begun."""

import django
from django.core.management import call_command

CONCURRENCY = 4
FINISHING_TAKES = 10


def main() -> None:
    """Works until SIGTERM; a job that does not end in time is taken up again by the next worker."""
    django.setup()
    call_command(
        "procrastinate",
        "worker",
        concurrency=CONCURRENCY,
        shutdown_graceful_timeout=FINISHING_TAKES,
    )


if __name__ == "__main__":
    main()
