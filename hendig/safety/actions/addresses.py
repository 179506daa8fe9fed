"""Where somebody lives is for named people only, and who may not know is kept out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions import homes
from hendig.families.actions.records import own_home
from hendig.families.models import (
    Block,
    Compartment,
    CompartmentKind,
    FamilyMember,
    Part,
    Purpose,
    Record,
    opened,
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
    Refused where it is secret already and the actor was not named.
    """
    require_permission(actor, Permission.HIDE_ADDRESS)
    with change(actor, "address.secret", at=at) as act:
        act.purpose = Purpose.SAFETY
        record, place = _lock(act, actor, record_id, at)
        members = FamilyMember.objects.visible_to(actor, at=at).filter(family_id=record.family_id)
        member = homes.lock_person(act, member_id).person
        require(rules.why_not_secret(own=member.account_id == blocked and blocked is not None))
        secrets = _hide(act, member, {*named, actor.account})
        if blocked is not None:
            _keep_out(act, record, place, _of_family(members, blocked), everything=everything)
    return secrets[0]


def hide_own(*, actor: Actor, member_id: UUID, at: datetime) -> SecretAddress:
    """Where the actor lives is secret from now on: nobody knows it but whom the actor names after this."""
    require_permission(actor, Permission.KEEP_HOME)
    with change(actor, "address.secret", at=at) as act:
        secrets = _hide(act, _myself(act, member_id), ())
    return secrets[0]


def bring_own(*, actor: Actor, member_id: UUID, at: datetime) -> FamilyMember:
    """Where the actor lives by another record stands here as well; where that is secret, it is so here first.

    Refused where nothing is known elsewhere, and where it stands here already.
    """
    require_permission(actor, Permission.KEEP_HOME)
    with change(actor, "home.brought", at=at) as act:
        person = _myself(act, member_id)
        mine = FamilyMember.objects.there().filter(account=actor.account)
        with speaking(Actor.system(actor.municipality_id), at):
            secret = SecretAddress.objects.standing(at).filter(member__in=mine.values("pk")).exists()
        if secret:
            _hide(act, person, ())
        homes.stands_here_too(act, person)
    return person


def show_own(*, actor: Actor, member_id: UUID, at: datetime) -> FamilyMember:
    """Where the actor lives is not secret any more."""
    require_permission(actor, Permission.KEEP_HOME)
    with change(actor, "address.open", at=at) as act:
        person = _myself(act, member_id)
        _show(act, person, own=True)
    return person


def end_secret(*, actor: Actor, secret_id: UUID, at: datetime) -> SecretAddress:
    """The address is not secret any more; who was kept out stays so until that ends too."""
    require_permission(actor, Permission.HIDE_ADDRESS)
    with change(actor, "address.open", at=at) as act:
        act.quiet, act.purpose = True, Purpose.SAFETY
        secret = act.lock(SecretAddress.objects.standing(at).visible_to(actor, at=at), secret_id)
        require(rules.why_not_ended(named=secret.compartment.person_id, signs_in=secret.member.account_id))
        _show(act, secret.member, own=False)
    return secret


def _hide(act: Change, member: FamilyMember, named: Collection[UUID]) -> list[SecretAddress]:
    """Who is named knows it before it is secret, so that what is written then lies open to who acts.

    What was made secret before the person had a part for it is so in that part from now on.
    """
    places = homes.places_of(act, member)
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        rows = SecretAddress.objects.standing(act.at).filter(member=member).select_related("record")
        before = list(rows.filter(compartment__person=None).order_by("record_id"))
        there = {place.record_id for place in places}
        places += [own_home(act, one.record, member) for one in before if one.record_id not in there]
        for one in before:
            one.until_at = act.at
            one.save()
    homes.only_for(act, member, named)
    homes.name_there(act, places, named)
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        known = {one.record_id: one for one in rows.exclude(compartment__person=None)}
        secrets = [known.get(place.record_id) or _secret(act, member, place) for place in places]
    for one in secrets:
        act.record(one)
    return secrets


def _secret(act: Change, member: FamilyMember, place: Compartment) -> SecretAddress:
    return SecretAddress.objects.create(
        compartment=place,
        family_id=place.family_id,
        record_id=place.record_id,
        member=member,
        account_id=act.actor.account,
        from_at=act.at,
    )


def _show(act: Change, member: FamilyMember, *, own: bool) -> None:
    """A step: nothing that who acts may end keeps it secret; for the person also what lies where they read
    nothing, from before it had a part of its own.
    """
    rows = SecretAddress.objects.standing(act.at).filter(member=member).order_by("record_id")
    with speaking(Actor.system(act.actor.municipality_id) if own else act.actor, act.at):
        seen = rows if own else rows.visible_to(act.actor, at=act.at)
        found = list(seen.select_for_update(of=("self",)))
        for one in found:
            one.until_at = act.at
            one.save()
    if not found:
        raise NotVisible
    for one in found:
        act.record(one)


def _myself(act: Change, member_id: UUID) -> FamilyMember:
    locked = homes.lock_person(act, member_id)
    if not locked.own:
        raise NotVisible
    return locked.person


def _lock(act: Change, actor: Actor, record_id: UUID, at: datetime) -> tuple[Record, Compartment]:
    """The record, and its compartment of addresses, for a coach who has that open."""
    record = act.lock(Record.objects.visible_to, record_id)
    coached = opened("compartment_id", actor, at, parts=[Part.COACH])
    rows = Compartment.objects.filter(record=record, kind=CompartmentKind.ADDRESS, person=None)
    place = rows.filter(pk__in=coached).first()
    if place is None:
        raise NotVisible
    return record, place


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
