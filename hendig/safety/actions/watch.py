"""What Hendig notices by itself: somebody who is refused often, and lines that a family would miss."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hendig.audit.actions import OFTEN, OFTEN_WITHIN, change, reading
from hendig.audit.models import Entry, Kind
from hendig.kernel.actor import Actor
from hendig.people.models import Account, Municipality
from hendig.safety.queries.held import counted

QUIET_AFTER_ALARM = timedelta(hours=1)


def sound_alarm(*, municipality_id: UUID, account_id: UUID, at: datetime) -> bool:
    """The privacy officers hear that this account was refused often; once an hour, however often it tries."""
    mine = Entry.objects.filter(municipality_id=municipality_id, at__lte=at)
    refused = mine.filter(account_id=account_id, kind=Kind.REFUSAL, at__gt=at - OFTEN_WITHIN * 2)
    if refused.count() < OFTEN:
        return False
    with change(Actor.system(municipality_id), "refusals.alarm", at=at) as act:
        account = act.lock(Account.objects.filter(municipality_id=municipality_id), account_id)
        told = mine.filter(code="refusals.alarm", object_id=account_id, at__gt=at - QUIET_AFTER_ALARM)
        if told.exists():
            act.record(account, also="refusals.more", times=refused.count())
            return False
        act.record(account, times=refused.count())
    return True


def count_lines(*, municipality_id: UUID, since: datetime, at: datetime) -> int:
    """How many readers would miss a line; the privacy officers hear of it when there is one."""
    with reading(Actor.system(municipality_id), at):
        wrong = [one for one in counted(municipality_id, at=at, since=since) if not one.right]
    if wrong:
        with change(Actor.system(municipality_id), "log.mismatch", at=at) as act:
            act.record(Municipality.objects.get(pk=municipality_id), readers=len(wrong))
    return len(wrong)
