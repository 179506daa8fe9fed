"""What workers do for the Open Tent: who helps since before it was a part of its own has that part."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.opentent import actions
from hendig.people import queries as people


@app.periodic(cron="50 5 * * *")
@app.task(name="opentent.come_as_agreed")
def come_as_agreed(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Who helps a family by two yeses of before is involved as a volunteer, as who comes now is."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.come_as_agreed(municipality_id=municipality_id, at=now)
