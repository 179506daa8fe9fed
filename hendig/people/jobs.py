"""What workers do for people: tell them, send mail, and clean up what has lapsed."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hendig.audit.actions import settle_walls
from hendig.audit.models import Receipt, Tally
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import Refused
from hendig.people import actions, queries
from hendig.people.actions.bounces import read_box

log = logging.getLogger(__name__)

# After 2, 4, 8 seconds and so on, for a day and a half: a database or a mail server that was away for a
# moment keeps nobody waiting, and one that is away for a night loses nothing.
AGAIN = RetryStrategy(max_attempts=16, exponential_wait=2)


@app.task(name="people.tell", retry=AGAIN)
def tell(entry_ids: list[str]) -> None:
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.tell(entry_ids=[UUID(entry_id) for entry_id in entry_ids], at=now)


@app.task(name="people.send_letter", retry=AGAIN)
def send_letter(letter_id: str) -> None:
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.send_letter(letter_id=UUID(letter_id), at=now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="people.read_bounces", lock="people.read_bounces", queueing_lock="people.read_bounces")
def read_bounces(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """What came back in the box of the mail server; one worker at a time, as two would find the same mail."""
    if not settings.BOUNCES:
        return
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    back, others = read_box(Path(settings.BOUNCES), at=now)
    if back or others:
        log.info("mails that came back: %s, others in the box: %s", back, others)


@app.periodic(cron="17 * * * *")
@app.task(name="people.clean_up")
def clean_up(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Receipts, tallies and codes are kept for a day, sessions until they expire, what moved for an hour."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for kind in (Receipt, Tally):
        kind.objects.filter(at__lt=now - timedelta(days=1)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    actions.forget_codes(at=now)
    settle_walls()


@app.periodic(cron="7 2 * * *")
@app.task(name="people.clear_lapsed", retry=AGAIN)
def clear_lapsed(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Mails, notices and codes go when their term is over."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in queries.municipalities():
        actions.clear_lapsed(municipality_id=municipality_id, at=now)


@app.periodic(cron="27 2 * * *")
@app.task(name="people.clear_jobs", retry=AGAIN)
async def clear_jobs(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """A job that was done goes after a week; one that failed stays a month, for whoever looks into it."""
    manager = app.job_manager
    await manager.delete_old_jobs(nb_hours=7 * 24)
    await manager.delete_old_jobs(
        nb_hours=30 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="12 4 * * *")
@app.task(name="people.anchor_log")
def anchor_log(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Each day the newest seal of the log goes to those who keep it."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    for municipality_id in queries.municipalities():
        # A day without a line has no new seal.
        with suppress(Refused):
            actions.anchor_log(actor=Actor.system(municipality_id), at=now)


@app.periodic(cron="* * * * *")
@app.task(name="people.retry_stalled")
async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """A job whose worker died is done by another."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(job)
