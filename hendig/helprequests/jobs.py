"""What workers do for questions: the unconfirmed are forgotten, and a new coach begins on the day."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.helprequests import actions, queries
from hendig.helprequests.actions import handover
from hendig.helprequests.queries import handover as handover_queries


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
