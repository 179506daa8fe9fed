"""What the demo would have told and mailed: held back, and told in process for the last days only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app as jobs
from procrastinate.testing import InMemoryConnector

from hendig.people import actions as people


@dataclass(frozen=True, slots=True)
class Outbox:
    """The jobs that actions deferred, in memory instead of on the worker's table."""

    held: InMemoryConnector

    def deliver(self, *, tell: bool, at: datetime) -> None:
        """What was held is told now, or nobody hears of it; letters stay where the demo shows them."""
        waiting = list(self.held.jobs.values())
        self.held.reset()
        for job in waiting:
            if tell and job["task_name"] == "people.tell":
                people.tell(entry_ids=[UUID(key) for key in job["args"]["entry_ids"]], at=at)


@contextmanager
def held_back() -> Iterator[Outbox]:
    """Inside the block no job reaches the worker: half a year of notices would drown it.

    Procrastinate's own seam: the app gets another connector for a while. Nobody is mailed either.
    """
    held = InMemoryConnector()
    with jobs.replace_connector(held):
        yield Outbox(held)
