"""What workers do for the log: they seal it."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.audit import actions


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal", lock="audit.seal")
def seal(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.seal_log(at=now)


@app.periodic(cron="23 2 * * *")
@app.task(name="audit.seal_everything", lock="audit.seal")
def seal_everything(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Also what was committed so late that the rounds of the day passed it."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.seal_log(at=now, everything=True)
