"""What workers do for tents: reminding who was asked and who comes, and forgetting what was told."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.kernel.refusal import Refused
from hendig.people.jobs import AGAIN
from hendig.people.queries import municipalities
from hendig.tents import actions, queries


@app.task(name="tents.tell_apart", retry=AGAIN)
def tell_apart(municipality_id: str, family_id: str) -> None:
    """As soon as somebody came into a family: a talk that goes on shows them at once."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.tell_tables_apart(municipality_id=UUID(municipality_id), family_id=UUID(family_id), at=now)


@app.task(name="tents.tell_calendars", retry=AGAIN)
def tell_calendars(municipality_id: str, family_id: str) -> None:
    """As soon as somebody begins or stops to go along with a family: their calendar knows of its tents."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.tell_calendars(municipality_id=UUID(municipality_id), family_id=UUID(family_id), at=now)


@app.periodic(cron="50 6 * * *")
@app.task(name="tents.tell_all_calendars")
def tell_all_calendars(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning: who stands in begins and stops at midnight, and some stop without anybody doing it."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, family_id in queries.families_that_meet(at=now):
        actions.tell_calendars(municipality_id=municipality_id, family_id=family_id, at=now)


@app.periodic(cron="10 7 * * *")
@app.task(name="tents.remind_asked")
def remind_asked(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning; a seat that was answered meanwhile asks for nothing any more."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, seat_id in queries.seats_to_remind(at=now):
        with suppress(Refused):
            actions.remind_asked(municipality_id=municipality_id, seat_id=seat_id, at=now)


@app.periodic(cron="20 7 * * *")
@app.task(name="tents.remind_meeting")
def remind_meeting(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning, of the meetings of the next day; one that was moved or cancelled meanwhile is left."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, tent_id in queries.meetings_to_remind(at=now, until=now + timedelta(days=2)):
        with suppress(Refused):
            actions.remind_meeting(municipality_id=municipality_id, tent_id=tent_id, at=now)


@app.periodic(cron="40 3 * * *")
@app.task(name="tents.forget_told")
def forget_told(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Each night: what was told without a name goes after its term, with the answers."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in municipalities():
        actions.forget_told(municipality_id=municipality_id, at=now)
