"""What workers do here: once a day the municipality is reminded of the days that the law gives."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.kernel.actor import Actor
from hendig.rights import actions, queries


@app.periodic(cron="*/15 * * * *")
@app.task(name="rights.free")
def free(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """What somebody decided on who may not any more waits for a colleague."""
    _free(timezone.now())  # noqa: TID251 - a worker reads the clock


def _free(now: datetime) -> None:
    for municipality_id, application_id in queries.applications_left_alone(at=now):
        actions.free(municipality_id=municipality_id, application_id=application_id, at=now)


@app.periodic(cron="23 5 * * *")
@app.task(name="rights.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Each in a change of its own: one that fails leaves the others told, and is tried again tomorrow."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    # Else who left would be the one to be reminded.
    _free(now)
    for municipality_id, application_id in queries.applications_to_remind(at=now):
        actions.remind(actor=Actor.system(municipality_id), application_id=application_id, at=now)
    for municipality_id, residence_id in queries.residences_to_remind(at=now):
        actions.remind_of_residence(actor=Actor.system(municipality_id), residence_id=residence_id, at=now)
    for one in queries.requests_to_remind(at=now):
        actions.remind_of_request(one=one, at=now)
