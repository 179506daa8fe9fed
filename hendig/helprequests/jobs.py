"""What workers do for questions: forget the unconfirmed, let a new coach begin, tell of who waits long."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.helprequests import actions, queries
from hendig.helprequests.actions import handover
from hendig.helprequests.queries import handover as handover_queries
from hendig.helprequests.queries import way
from hendig.kernel.refusal import NotVisible, Refused


@app.periodic(cron="41 * * * *")
@app.task(name="helprequests.forget_unconfirmed")
def forget_unconfirmed(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in queries.municipalities_to_clean(at=now):
        actions.forget_unconfirmed(municipality_id=municipality_id, at=now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="helprequests.take_over")
def take_over(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, handover_id in handover_queries.due(at=now):
        handover.take_over(municipality_id=municipality_id, handover_id=handover_id, at=now)


@app.periodic(cron="15 7 * * *")
@app.task(name="helprequests.tell_late")
def tell_late(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Every morning; a question that went on meanwhile is left."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for one in way.late(at=now):
        with suppress(NotVisible, Refused):
            actions.tell_late(
                municipality_id=one.municipality_id, request_id=one.request_id, code=one.code, at=now
            )
