"""Where somebody lives is for named people only, and who may not know is kept out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Change, change
from hendig.families.models import (
    Block,
    Compartment,
    CompartmentKind,
    FamilyMember,
    Involvement,
    Part,
    Purpose,
    Record,
)
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission
from hendig.safety import rules
from hendig.safety.models import SecretAddress


def set_secret(
    *,
    actor: Actor,
    record_id: UUID,
    member_id: UUID,
    named: Collection[UUID],
    at: datetime,
    blocked: UUID | None = None,
    everything: bool = False,
) -> SecretAddress:
    """Where this person lives is open to the actor and to those named, and to nobody else from now on.

    `blocked` is somebody of the family who is kept out of it, or of the whole record, whatever else says yes.
    """
    require_permission(actor, Permission.HIDE_ADDRESS)
    with change(actor, "address.secret", at=at) as act:
        record, place = _lock(act, actor, record_id, at)
        members = FamilyMember.objects.visible_to(actor, at=at).filter(family_id=record.family_id)
        member = act.lock(members, member_id)
        known = SecretAddress.objects.standing(at).filter(record=record, member=member).first()
        require(rules.why_not_secret(own=member.account_id == blocked and blocked is not None))
        secret = known or SecretAddress.objects.create(
            compartment=place,
            family_id=record.family_id,
            record=record,
            member=member,
            account_id=actor.account,
            from_at=at,
        )
        act.quiet, act.purpose = True, Purpose.SAFETY
        act.record(secret)
        _only_for(act, record, {*named, actor.account})
        if blocked is not None:
            _keep_out(act, record, place, _of_family(members, blocked), everything=everything)
    return secret


def end_secret(*, actor: Actor, secret_id: UUID, at: datetime) -> SecretAddress:
    """The address is not secret any more; who was kept out stays so until that ends too."""
    require_permission(actor, Permission.HIDE_ADDRESS)
    with change(actor, "address.open", at=at) as act:
        secret = act.lock(SecretAddress.objects.standing(at).visible_to(actor, at=at), secret_id)
        secret.until_at = at
        secret.save()
        act.quiet, act.purpose = True, Purpose.SAFETY
        act.record(secret)
    return secret


def _lock(act: Change, actor: Actor, record_id: UUID, at: datetime) -> tuple[Record, Compartment]:
    """The record, and its compartment of addresses, for whoever has that open."""
    record = act.lock(Record.objects.visible_to(actor, at=at), record_id)
    place = Compartment.objects.filter(record=record, kind=CompartmentKind.ADDRESS).first()
    mine = Involvement.objects.standing(at).filter(record=record, account=actor.account)
    if place is None or not mine.filter(kinds__contains=[CompartmentKind.ADDRESS]).exists():
        raise NotVisible
    return record, place


def _only_for(act: Change, record: Record, named: Collection[UUID]) -> None:
    """Whoever is not named sees the rest of what they saw, and no address."""
    rows = Involvement.objects.standing(act.at).select_for_update(of=("self",)).filter(record=record)
    for row in rows.filter(kinds__contains=[CompartmentKind.ADDRESS]).exclude(part=Part.EMERGENCY):
        if row.account_id not in named:
            row.kinds = [kind for kind in row.kinds if kind != CompartmentKind.ADDRESS]
            row.save()


def _of_family(members: Collection[FamilyMember], account_id: UUID) -> UUID:
    if all(member.account_id != account_id for member in members):
        raise NotVisible
    return account_id


def _keep_out(act: Change, record: Record, place: Compartment, account_id: UUID, *, everything: bool) -> None:
    """This person sees none of these parts any more. What kept them out before stays, whoever wanted it."""
    kinds = [] if everything else [CompartmentKind.ADDRESS]
    standing = Block.objects.standing(act.at).filter(record=record, account=account_id)
    if standing.filter(Q(kinds=[]) | Q(kinds=kinds)).exists():
        return
    block = Block.objects.create(
        family_id=record.family_id, record=record, account_id=account_id, kinds=kinds, from_at=act.at
    )
    act.record(block, also="address.blocked", within=place.pk, account=account_id)
