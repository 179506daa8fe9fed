"""The citizen service number (bsn) of a child is written down, replaced and removed, by who coaches there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from hendig.audit.actions import Change, change, counted, reading, speaking
from hendig.families.actions import shared
from hendig.families.models import (
    CitizenNumber,
    Compartment,
    CompartmentKind,
    NumberWhy,
    Part,
    Record,
    hashed_number,
    opened,
)
from hendig.families.rules import citizen_numbers as rules
from hendig.kernel.actor import Actor
from hendig.kernel.bsn import read_bsn
from hendig.kernel.refusal import NotVisible, Refused, require
from hendig.people.models import Account
from hendig.people.rules import Permission, require_permission


def note_number(*, actor: Actor, record_id: UUID, number: str, why: NumberWhy, at: datetime) -> CitizenNumber:
    """The number stands in the record, in the place of one that stood there before.

    Refused for what is no number, the same number, and one that stands in another record of the
    municipality: who watches hears of that, and who typed it nothing of the other record.
    """
    require_permission(actor, Permission.KEEP_CITIZEN_NUMBER)
    require(rules.why_no_bsn(number))
    digits = read_bsn(number) or ""
    # Before the change: what is refused counts as well.
    free = counted("bsn.noted", str(actor.account), times=rules.TRIES, within=rules.WITHIN, at=at)
    try:
        return _note(actor=actor, record_id=record_id, digits=digits, why=why, free=free, at=at)
    except Refused as no:
        if no.refusal == rules.ELSEWHERE:
            _tell_who_watches(actor=actor, record_id=record_id, digits=digits, at=at)
        raise


def remove_number(*, actor: Actor, record_id: UUID, at: datetime) -> CitizenNumber:
    """The number and its hash are gone; that there was one stays in the log."""
    require_permission(actor, Permission.KEEP_CITIZEN_NUMBER)
    with change(actor, "citizen_number.removed", at=at) as act:
        record, place, _child = _lock(act, record_id)
        row = (
            CitizenNumber.objects.standing().filter(compartment=place).select_for_update(of=("self",)).first()
        )
        if row is None:
            raise NotVisible
        _take_out(act, row)
        act.record(row, within=shared(record).pk)
    return row


def forget_numbers(act: Change, *, record_id: UUID) -> int:
    """A step: with a record that is destroyed its number goes, and the hash by which it was found."""
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        rows = list(CitizenNumber.objects.standing().filter(record_id=record_id))
        for row in rows:
            _take_out(act, row)
    return len(rows)


def _note(
    *, actor: Actor, record_id: UUID, digits: str, why: NumberWhy, free: bool, at: datetime
) -> CitizenNumber:
    with change(actor, "citizen_number.noted", at=at) as act:
        record, place, child_id = _lock(act, record_id)
        mine = CitizenNumber.objects.standing().filter(compartment=place).select_for_update(of=("self",))
        before = mine.first()
        require(
            rules.why_not_noted(
                free=free,
                same=before is not None and before.number == digits,
                elsewhere=_elsewhere(actor, record_id, digits, at) is not None,
            )
        )
        if before is not None:
            _take_out(act, before)
        row = _written(act, place, child_id, digits, why)
        code = "citizen_number.replaced" if before else ""
        # No part in which an address lies is the family's own: it reads this where all is shared.
        act.record(row, also=code, within=shared(record).pk)
    return row


def _written(act: Change, place: Compartment, child_id: UUID, digits: str, why: NumberWhy) -> CitizenNumber:
    """The row. Written in another record at the same moment, it is refused as if it stood there before."""
    try:
        with transaction.atomic():
            return CitizenNumber.objects.create(
                compartment=place,
                family_id=place.family_id,
                record_id=place.record_id,
                member_id=child_id,
                number=digits,
                found_by=hashed_number(act.actor.municipality_id, digits),
                why=why,
                noted_by_id=act.actor.account,
                noted_at=act.at,
            )
    except IntegrityError as twice:
        if "number_once" not in str(twice):
            raise
        raise Refused(rules.ELSEWHERE) from None


def _take_out(act: Change, row: CitizenNumber) -> None:
    row.number, row.found_by = "", None
    row.removed_by_id, row.removed_at = act.actor.account_id, act.at
    row.save()


def _lock(act: Change, record_id: UUID) -> tuple[Record, Compartment, UUID]:
    """The record of a child whose coach acts, and the part in which its address lies, where that is open."""
    record = act.lock(Record.objects.visible_to, record_id)
    coached = opened("compartment_id", act.actor, act.at, parts=[Part.COACH])
    rows = Compartment.objects.filter(
        record=record, kind=CompartmentKind.ADDRESS, person=None, pk__in=coached
    )
    place = rows.first()
    if place is None or record.child_id is None:
        raise NotVisible
    return record, place, record.child_id


def _elsewhere(actor: Actor, record_id: UUID, digits: str, at: datetime) -> UUID | None:
    """The other record of the municipality in which this number stands, whoever may see that."""
    with reading(Actor.system(actor.municipality_id), at):
        rows = CitizenNumber.objects.called(actor.municipality_id, digits).exclude(record_id=record_id)
        return rows.values_list("record_id", flat=True).first()


def _tell_who_watches(*, actor: Actor, record_id: UUID, digits: str, at: datetime) -> None:
    """A line about who typed it, in no family: nobody reads there that another record has this number."""
    other = _elsewhere(actor, record_id, digits, at)
    with change(Actor.system(actor.municipality_id), "citizen_number.double", at=at) as act:
        account = act.lock(Account.objects.filter(municipality_id=actor.municipality_id), actor.account)
        act.record(account, record_tried=record_id, record_known=other)
