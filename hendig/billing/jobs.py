"""What workers do for money: accounts change after their hold, months are advanced, invoices come in."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from hendig.billing import actions, queries
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible
from hendig.people import queries as people

log = logging.getLogger(__name__)


@app.periodic(cron="*/15 * * * *")
@app.task(name="billing.move_accounts")
def move_accounts(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, change_id in queries.accounts_due(at=now):
        # Somebody stopped it a moment ago.
        with suppress(NotVisible):
            actions.move_account(municipality_id=municipality_id, change_id=change_id, at=now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="billing.take_in", lock="billing.take_in", queueing_lock="billing.take_in")
def take_in(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """One worker at a time: two would both find the same file."""
    if not settings.INVOICES:
        return
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    booked, refused = actions.take_in(Path(settings.INVOICES), queries.municipality_for, at=now)
    if booked or refused:
        log.info("e-invoices in the folder: %s booked, %s refused", booked, refused)
    if told := actions.tell_senders(Path(settings.INVOICES), at=now):
        log.info("e-invoices in the folder: %s answers handed out", told)


@app.periodic(cron="25 4 * * *")
@app.task(name="billing.make_advances")
def make_advances(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, agreement_id, month in list(queries.advances_due(at=now)):
        # Another worker made it a moment ago.
        with suppress(NotVisible):
            actions.make_advance(
                municipality_id=municipality_id, agreement_id=agreement_id, month=month, at=now
            )


@app.periodic(cron="50 5 * * *")
@app.task(name="billing.tell_running_out")
def tell_running_out(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Each day, so that no month goes by untold where a worker stood still on its first."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in people.municipalities():
        for one in queries.running_out(Actor.system(municipality_id), at=now):
            with suppress(NotVisible):
                actions.tell_running_out(
                    municipality_id=municipality_id, partner_id=one.partner_id, month=one.month, at=now
                )


@app.periodic(cron="40 4 * * *")
@app.task(name="billing.settle_advances")
def settle_advances(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id, agreement_id in list(queries.settlements_due(at=now)):
        with suppress(NotVisible):
            actions.settle_advances(municipality_id=municipality_id, agreement_id=agreement_id, at=now)
