"""What workers do for safety: alarms, and each night the count of lines and destructions that did not end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.audit import actions as audit
from hendig.people import queries as people
from hendig.safety import actions


@app.task(name="safety.alarm")
def alarm(municipality_id: str, account_id: str) -> None:
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.sound_alarm(municipality_id=UUID(municipality_id), account_id=UUID(account_id), at=now)


@app.task(name="safety.own_family")
def own_family(entry_id: str) -> None:
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.watch_own_family(entry_id=UUID(entry_id), at=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="safety.keep_read")
def keep_read(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Whoever is lost as a reader of a worry, in whatever way: somebody goes on with it."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.keep_read(municipality_id=municipality_id, at=now)


@app.periodic(cron="17 6 * * *")
@app.task(name="safety.remind_to_judge")
def remind_to_judge(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Emergencies that nobody judged within two working days."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.remind_to_judge(municipality_id=municipality_id, at=now)


@app.periodic(cron="12 3 * * *")
@app.task(name="safety.likeness")
def likeness(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Who came to a family of late, or to whom one came, and looks like one of it."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.watch_likeness(municipality_id=municipality_id, since=now - timedelta(days=2), at=now)


@app.periodic(cron="42 3 * * *")
@app.task(name="safety.count_lines")
def count_lines(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Written = shown + held, for every family about which something was written since yesterday."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.count_lines(municipality_id=municipality_id, since=now - timedelta(days=2), at=now)


@app.periodic(cron="52 2 * * *")
@app.task(name="safety.prove_log", lock="safety.prove_log")
def prove_log(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """The log is held against its seals and anchors, after the last seal of the night."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    found = audit.prove_log(at=now)
    for municipality_id in people.municipalities():
        actions.tell_proof(municipality_id=municipality_id, found=found, at=now)


@app.periodic(cron="32 3 * * *")
@app.task(name="safety.tell_past_terms")
def tell_past_terms(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Records of which the term passed since last night."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.tell_past_terms(municipality_id=municipality_id, at=now)


@app.periodic(cron="27 3 * * *")
@app.task(name="safety.finish_erasures")
def finish_erasures(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """What two agreed to destroy is destroyed to the end."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        actions.finish_erasures(municipality_id=municipality_id, at=now)
