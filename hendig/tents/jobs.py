"""What workers do for tents: who was asked and did not answer hears of it once more."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.kernel.refusal import Refused
from hendig.tents import actions, queries


@app.periodic(cron="10 7 * * *")
@app.task(name="tents.remind_asked")
def remind_asked(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning; a seat that was answered meanwhile asks for nothing any more."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, seat_id in queries.seats_to_remind(at=now):
        with suppress(Refused):
            actions.remind_asked(municipality_id=municipality_id, seat_id=seat_id, at=now)
