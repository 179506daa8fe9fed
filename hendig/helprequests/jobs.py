"""What workers do for questions: those that were never confirmed are forgotten."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.helprequests import actions, queries


@app.periodic(cron="41 * * * *")
@app.task(name="helprequests.forget_unconfirmed")
def forget_unconfirmed(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in queries.municipalities_to_clean(at=now):
        actions.forget_unconfirmed(municipality_id=municipality_id, at=now)
