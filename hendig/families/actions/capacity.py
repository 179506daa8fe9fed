"""Two professionals hold, each apart, that a youth of 16 or 17 cannot decide; the youth objects."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families.actions.records import shared, signed_in
from hendig.families.models import (
    FamilyMember,
    Incapacity,
    Involvement,
    Record,
)
from hendig.families.queries.deputies import registrations
from hendig.families.rules import capacity
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


def judge_first(
    *,
    actor: Actor,
    member_id: UUID,
    matter: str,
    why: str,
    until_on: date,
    at: datetime,
    harm: str = "",
) -> Incapacity:
    """One professional found so, and a second is asked; nothing changes yet, and the youth is told.

    Refused outside the age of 16 and 17, for whoever is not involved and registered, for longer than three
    months, and after an objection without serious harm to prevent.
    """
    require_permission(actor, Permission.JUDGE_CAPACITY)
    with change(actor, "capacity.judged", at=at) as act:
        record, child = _of(act, member_id)
        _require_judge(act, record)
        earlier = list(Incapacity.objects.filter(record=record).order_by("id"))
        require(capacity.why_not_held(child, earlier, until_on=until_on, harm=harm, at=at, on=local_day(at)))
        objected = capacity.was_objected(earlier)
        row = Incapacity.objects.create(
            family_id=record.family_id,
            record=record,
            compartment=shared(record),
            matter=matter,
            until_on=until_on,
            harm=harm if objected else "",
            despite_no=objected,
            first_id=signed_in(actor),
            first_why=why,
            first_at=at,
        )
        act.record(row, child=child.pk, until=until_on)
    return row


def judge_second(*, actor: Actor, incapacity_id: UUID, why: str, agrees: bool, at: datetime) -> Incapacity:
    """A second professional looked apart from the first. With a yes those with authority decide until the end
    of the last day; with a no it is over. The youth and those who decide are told.

    Refused for the first, for whoever is not involved and registered, and when nobody waits for it any more.
    """
    require_permission(actor, Permission.JUDGE_CAPACITY)
    with change(actor, "capacity.agreed" if agrees else "capacity.differs", at=at) as act:
        row, record, child = _locked(act, incapacity_id)
        _require_judge(act, record)
        require(capacity.why_no_second(row, actor.account_id, at))
        row.second_id, row.second_why, row.second_agrees, row.second_at = signed_in(actor), why, agrees, at
        row.from_at = at if agrees else None
        row.until_at = _end_of(row.until_on) if agrees else at
        row.save()
        act.record(row, child=child.pk, until=row.until_on, first=row.first_id, second=row.second_id)
    return row


def object_to(*, actor: Actor, incapacity_id: UUID, words: str, at: datetime) -> Incapacity:
    """The youth objects: it ends at once, unless it was set to prevent serious harm. Both are told.

    Refused for whoever is not the youth, and when it is over.
    """
    require_permission(actor, Permission.OBJECT_TO_JUDGEMENT)
    with change(actor, "capacity.objected", at=at) as act:
        row, _record, child = _locked(act, incapacity_id)
        require(capacity.why_no_objection(row, child, actor.account_id, at))
        row.objection, row.objected_at = words, at
        if not row.despite_no:
            row.until_at = at
        row.save()
        act.record(row, child=child.pk, ended=not row.despite_no, first=row.first_id, second=row.second_id)
    return row


def end_judgement(*, actor: Actor, incapacity_id: UUID, at: datetime) -> Incapacity:
    """One of the two finds that the youth can decide again: from now on the youth does."""
    require_permission(actor, Permission.JUDGE_CAPACITY)
    with change(actor, "capacity.ended", at=at) as act:
        row, _record, child = _locked(act, incapacity_id)
        require(capacity.why_not_ended(row, actor.account_id, at))
        row.until_at = at
        row.save()
        act.record(row, child=child.pk)
    return row


def _of(act: Change, member_id: UUID) -> tuple[Record, FamilyMember]:
    """The record of this youth, locked, for whom what is shared of it is open."""
    rows = Record.objects.visible_to(act.actor, at=act.at).filter(child_id=member_id)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise NotVisible
    record = act.lock(rows, found)
    child = FamilyMember.objects.get(pk=member_id)
    require(capacity.why_nobody_judges(child, local_day(act.at)))
    return record, child


def _locked(act: Change, incapacity_id: UUID) -> tuple[Incapacity, Record, FamilyMember]:
    rows = Incapacity.objects.visible_to(act.actor, at=act.at)
    member_id = rows.filter(pk=incapacity_id).values_list("record__child_id", flat=True).first()
    if member_id is None:
        raise NotVisible
    record, child = _of(act, member_id)
    return act.lock(rows, incapacity_id), record, child


def _require_judge(act: Change, record: Record) -> None:
    """Refused for whoever is not involved with this record in the own work, and registered for it."""
    mine = Involvement.objects.standing(act.at).filter(record=record, account_id=act.actor.account)
    known, _same = registrations(act.actor, signed_in(act.actor))
    require(capacity.why_no_judge(mine.order_by("id"), known, local_day(act.at)))


def _end_of(day: date) -> datetime:
    """The midnight after that day in the Netherlands."""
    return datetime.combine(day + timedelta(days=1), time(0), AMSTERDAM)
