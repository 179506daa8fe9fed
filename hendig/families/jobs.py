"""What workers do for families: nobody stays by habit or is lost unforeseen, and no own note lasts."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.families import actions
from hendig.families.actions.ages import tell_birthdays
from hendig.families.actions.supervision import end_without_ruling
from hendig.families.actions.work_notes import destroy_work_notes
from hendig.people import queries as people


@app.periodic(cron="25 6 * * *")
@app.task(name="families.tell_whose_year_ends")
def tell_whose_year_ends(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """A month before a yes ends the family can say it anew."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.tell_whose_year_ends(municipality_id=municipality_id, at=now)


@app.periodic(cron="35 3 * * *")
@app.task(name="families.destroy_work_notes")
def destroy_old_work_notes(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """A note for the own work does not last, and goes with the work."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        destroy_work_notes(municipality_id=municipality_id, at=now)


@app.periodic(cron="5 7 * * *")
@app.task(name="families.tell_birthdays")
def tell_who_turns(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """A month before 12, 16 and 18 and on the day: the rights themselves change at midnight without this."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        tell_birthdays(municipality_id=municipality_id, at=now)


@app.periodic(cron="45 5 * * *")
@app.task(name="families.end_without_ruling")
def end_supervision_without_ruling(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Who supervises by a measure that nobody wrote down does not go on doing so."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        end_without_ruling(municipality_id=municipality_id, at=now)
