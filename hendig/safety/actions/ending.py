"""A record stands still after a death, and is destroyed for good: never by one person alone."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import OperationalError

from hendig.audit.actions import Change, change, reading, speaking
from hendig.families.actions.citizen_numbers import forget_numbers
from hendig.families.models import Compartment, LogQuestion, Record
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, Refused, require
from hendig.kernel.walls import SEAL
from hendig.keys.actions import destroy_key, renew_keys, seal_again
from hendig.keys.models import sealed_fields
from hendig.people.rules import Permission, require_permission
from hendig.rights.models import Destruction, DestructionStage, InformationRequest
from hendig.rights.queries.pieces import chosen_rows
from hendig.safety import rules
from hendig.safety.actions.emptying import empty
from hendig.safety.models import Erasure, ErasureWhy
from hendig.safety.queries.retention import granted_for, last_changes
from hendig.shares.models import Share


def freeze_record(*, actor: Actor, record_id: UUID, at: datetime) -> Record:
    """The family's own view of this record stops: after a death nobody looks along by themselves."""
    require_permission(actor, Permission.FREEZE_RECORD)
    with change(actor, "record.frozen", at=at) as act:
        record = act.lock(Record.objects.visible_to, record_id)
        require(rules.why_not_frozen(frozen=record.frozen_at is not None, wanted=True))
        record.frozen_at = at
        record.save()
        act.record(record)
    return record


def unfreeze_record(*, actor: Actor, record_id: UUID, at: datetime) -> Record:
    """The family sees the record again: the privacy officer decides, not the coach alone."""
    require_permission(actor, Permission.END_RECORDS)
    with change(actor, "record.unfrozen", at=at) as act:
        # The officer opens no record: Hendig finds it by what was frozen, and shows nothing of it.
        with speaking(Actor.system(actor.municipality_id), at):
            rows = Record.objects.filter(municipality_id=actor.municipality_id, frozen_at__isnull=False)
            record = act.lock(rows, record_id)
            record.frozen_at = None
            record.save()
        act.record(record)
    return record


def ask_erasure(*, actor: Actor, record_id: UUID, why: ErasureWhy, at: datetime) -> Erasure:
    """The privacy officer asks to destroy a record. Refused within its term, unless that was granted."""
    require_permission(actor, Permission.END_RECORDS)
    with change(actor, "erasure.asked", at=at) as act:
        with speaking(Actor.system(actor.municipality_id), at):
            record = act.lock(Record.objects.filter(municipality_id=actor.municipality_id), record_id)
            changed = last_changes(actor, {record_id: record.family_id}, at=at).get(
                record_id, record.begun_at
            )
            granted = granted_for(record_id) if why == ErasureWhy.ASKED else None
        require(rules.why_kept(changed, at, asked=granted is not None))
        rows = Erasure.objects.filter(record_id=record_id)
        same = rows.filter(destruction_id=granted.pk) if granted else rows.filter(pieces=[])
        require(rules.why_asked_twice(known=same.exists()))
        row = Erasure.objects.create(
            record_id=record_id,
            family_id=record.family_id,
            why=why,
            destruction_id=granted.pk if granted else None,
            pieces=granted.pieces if granted else [],
            asked_by_id=actor.account,
            asked_at=at,
        )
        act.record(row, why=why)
    return row


def agree_erasure(*, actor: Actor, erasure_id: UUID, at: datetime) -> Erasure:
    """A second person agrees: the record is destroyed, or its pieces, and this row stays as the proof."""
    require_permission(actor, Permission.AGREE_ERASURE)
    with change(actor, "erasure.agreed", at=at) as act:
        rows = Erasure.objects.filter(municipality_id=actor.municipality_id)
        row = act.lock(rows, erasure_id)
        require(
            rules.why_not_destroyed(
                asked_by=row.asked_by_id,
                actor=actor,
                done=row.done_at is not None,
                taken_back=_is_taken_back(act, row),
            )
        )
        row.agreed_by_id, row.agreed_at = actor.account_id, at
        row.save()
        act.record(row)
    step = carry_out_part if row.pieces else carry_out
    return step(erasure_id=erasure_id, municipality_id=row.municipality_id, at=at)


def _is_taken_back(act: Change, row: Erasure) -> bool:
    """Whether who asked it changed their mind; from here on they can no more."""
    if row.destruction_id is None:
        return False
    with speaking(Actor.system(row.municipality_id), act.at):
        asked = act.lock(Destruction.objects.all(), row.destruction_id)
    return asked.stage == DestructionStage.TAKEN_BACK


def carry_out(*, erasure_id: UUID, municipality_id: UUID, at: datetime) -> Erasure:
    """Nobody is found by the record any more, and each compartment that has a key yet loses it.

    Stopped half-way it goes on from there; one of before its people were emptied is emptied now.
    """
    system = Actor.system(municipality_id)
    empty(erasure_id=erasure_id, municipality_id=municipality_id, at=at)
    with reading(system, at):
        rows = Erasure.objects.filter(municipality_id=municipality_id, agreed_at__isnull=False)
        record_id = rows.filter(pk=erasure_id).values_list("record_id", flat=True).first()
        places = list(
            Compartment.objects.filter(record=record_id).order_by("id").values_list("pk", flat=True)
        )
        # What was asked about this record and answered, and what was shared for, has keys of its own.
        for asked in (LogQuestion.objects.all(), InformationRequest.objects.all(), Share.objects.all()):
            places += asked.filter(record=record_id).values_list("compartment_id", flat=True)
    for compartment_id in places:
        # Its key is gone already when this was stopped half-way.
        with suppress(NotVisible):
            destroy_key(actor=system, compartment_id=compartment_id, at=at)
    return _done(system, erasure_id, compartments=len(places), at=at)


def finish_erasures(*, municipality_id: UUID, at: datetime) -> int:
    """Each destruction of a whole record to which two agreed is carried out to its end; how many were not.

    One may have been stopped half-way, or be of before people were emptied with their record.
    """
    with reading(Actor.system(municipality_id), at):
        agreed = Erasure.objects.filter(municipality_id=municipality_id, agreed_at__isnull=False, pieces=[])
        gone = Record.objects.filter(gone_at__isnull=False).values("pk")
        left = agreed.exclude(done_at__isnull=False, record_id__in=gone)
        found = list(left.order_by("id").values_list("pk", flat=True))
    for erasure_id in found:
        carry_out(erasure_id=erasure_id, municipality_id=municipality_id, at=at)
    return len(found)


def carry_out_part(*, erasure_id: UUID, municipality_id: UUID, at: datetime) -> Erasure:
    """The chosen rows lose their texts, and what stays in their compartments gets a new key.

    The older key goes: a copy of the database from before is of no use with the keys of after. Refused while
    somebody is writing there; nothing has happened then.
    """
    system = Actor.system(municipality_id)
    with change(system, "erasure.emptied", at=at) as act, speaking(system, at, purpose=SEAL):
        proof = act.lock(Erasure.objects.filter(municipality_id=municipality_id), erasure_id)
        rows = chosen_rows(proof.pieces)
        for row in rows:
            names = [field.name for field in sealed_fields(type(row))]
            for field in sealed_fields(type(row)):
                setattr(row, field.name, field.written())
            row.save(update_fields=names)
        # By row and no longer by compartment: what is written there later is nobody's to destroy. Where
        # nothing was written it stays as it was: a proof without pieces is that of a whole record.
        proof.pieces = sorted({f"{row._meta.db_table}:{row.pk}" for row in rows}) or proof.pieces
        proof.save()
        act.record(proof, rows=len(rows))
    places = sorted({row.compartment_id for row in rows})
    if places:
        renew_keys(actor=system, compartment_ids=places, at=at)
        try:
            seal_again(actor=system, compartment_ids=places, at=at)
        except OperationalError:
            raise Refused(rules.BUSY) from None
    return _done(system, erasure_id, compartments=len(places), at=at)


def _done(system: Actor, erasure_id: UUID, *, compartments: int, at: datetime) -> Erasure:
    with change(system, "erasure.done", at=at) as act:
        row = act.lock(Erasure.objects.filter(municipality_id=system.municipality_id), erasure_id)
        row.compartments, row.done_at = compartments, row.done_at or at
        row.save()
        # A hash by which a number is found says that it was here, also when nobody can read the number.
        if not row.pieces:
            forget_numbers(act, record_id=row.record_id)
        if row.destruction_id is not None:
            Destruction.objects.filter(pk=row.destruction_id).update(done_at=at)
        act.record(row, compartments=compartments)
    return row
