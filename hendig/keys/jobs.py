"""What workers do about keys and backups: each night, which files are there past their last day."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.keys.actions import backups
from hendig.people import queries as people


@app.periodic(cron="47 3 * * *")
@app.task(name="keys.warn_of_backups")
def warn_of_backups(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Backup files of which nobody said that they are gone, though their last day is over."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        backups.warn_of_backups(municipality_id=municipality_id, at=now)
