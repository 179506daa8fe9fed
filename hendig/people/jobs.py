"""What workers do for people: tell them, send mail, and clean up what has lapsed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hendig.audit.models import Receipt
from hendig.people import actions

AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="people.tell", retry=AGAIN)
def tell(entry_ids: list[str]) -> None:
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.tell(entry_ids=[UUID(entry_id) for entry_id in entry_ids], at=now)


@app.task(name="people.send_letter", retry=AGAIN)
def send_letter(letter_id: str) -> None:
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    actions.send_letter(letter_id=UUID(letter_id), at=now)


@app.periodic(cron="17 * * * *")
@app.task(name="people.clean_up")
def clean_up(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """Receipts and codes are kept for a day, sessions until they expire."""
    now = timezone.now()  # noqa: TID251 - a worker reads the clock
    Receipt.objects.filter(at__lt=now - timedelta(days=1)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    actions.forget_codes(at=now)


@app.periodic(cron="* * * * *")
@app.task(name="people.retry_stalled")
async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001 - it is given by this name
    """A job whose worker died is done by another."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        await app.job_manager.retry_job(job)
