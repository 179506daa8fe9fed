"""What workers do for families: nobody stays by habit, and nobody loses somebody unforeseen."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.families import actions
from hendig.people import queries as people


@app.periodic(cron="25 6 * * *")
@app.task(name="families.tell_whose_year_ends")
def tell_whose_year_ends(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """A month before a yes ends the family can say it anew."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.tell_whose_year_ends(municipality_id=municipality_id, at=now)
