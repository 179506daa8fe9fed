"""A worry about safety is always read by somebody: who goes along with the child, or who leads seeks one."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hendig.audit.actions import change, reading
from hendig.audit.models import Entry
from hendig.families import actions as families
from hendig.families.models import Block, CompartmentKind, Involvement, Part
from hendig.families.queries import is_open_to
from hendig.kernel.actor import Actor
from hendig.safety.actions.concerns import quietly
from hendig.safety.models import Concern
from hendig.safety.queries.held import unread

# Nobody reads it and somebody must: until it is so, who leads the work hears it again each week.
AGAIN_AFTER = timedelta(days=7)


def keep_read(*, municipality_id: UUID, at: datetime) -> int:
    """How many worries nobody read any more; each goes to the coach of the child, if not who leads is told.

    Who was named may have left, stopped helping or be kept out: whichever way it went, it shows here.
    """
    system, found = Actor.system(municipality_id), 0
    with reading(system, at):
        alone = unread(municipality_id, at=at)
    for concern_id in alone:
        with reading(system, at):
            concern = Concern.objects.select_related("record").get(pk=concern_id)
            coach_id = _who_goes_along(concern, at)
            told = _told_lately(concern, at)
        if coach_id is not None:
            with change(system, "safety.passed_on", at=at) as act:
                act.lock(Concern.objects.all(), concern_id)
                families.name_for_safety(act, concern.record, coach_id, Part.COACH)
                quietly(act)
                act.record(concern, account=coach_id)
        elif not told:
            with change(system, "safety.nobody", at=at) as act:
                quietly(act)
                act.record(concern)
        found += 1
    return found


def _who_goes_along(concern: Concern, at: datetime) -> UUID | None:
    """The coach to whom the record is open, and who is not kept from its safety part; the last who came."""
    rows = Involvement.objects.standing(at).filter(record=concern.record_id, part=Part.COACH)
    shut = Block.objects.standing(at).filter(
        record=concern.record_id, kinds__contains=[CompartmentKind.SAFETY]
    )
    place = families.shared(concern.record)
    coaches = rows.exclude(account__in=shut.values("account")).order_by("-from_at", "id")
    for account_id in coaches.values_list("account_id", flat=True):
        if is_open_to([account_id], place.pk, at=at):
            return account_id
    return None


def _told_lately(concern: Concern, at: datetime) -> bool:
    lines = Entry.objects.filter(municipality_id=concern.municipality_id, code="safety.nobody")
    return lines.filter(record_id=concern.record_id, at__gt=at - AGAIN_AFTER).exists()
