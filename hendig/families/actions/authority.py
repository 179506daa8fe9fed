"""Who decides for a child: told, looked up, ended."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families import rules
from hendig.families.actions.records import see_record
from hendig.families.models import (
    FamilyMember,
    LegalAuthority,
    Record,
    Source,
)
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal, require
from hendig.people.rules import Permission, require_permission


def declare_authority(act: Change, *, child: FamilyMember, holder: FamilyMember) -> LegalAuthority:
    """A step: somebody told that this adult decides for this child; it lapses unless it is checked in time.

    What already stands is left as it is. Refused when it lapsed before: then it must be looked up.
    """
    today = local_day(act.at)
    require(rules.why_no_authority(child, holder, today))
    known = child.authority_over.select_for_update().filter(holder=holder, until_on=None).first()
    if known is not None:
        require(rules.why_not_declared_again(known, today))
        return known
    require(_why_contradicts(child, holder, Source.DECLARED, today))
    is_near(act, child, holder)
    return LegalAuthority.objects.create(
        family_id=child.family_id,
        child=child,
        holder=holder,
        source=Source.DECLARED,
        from_on=today,
        lapses_on=today + rules.DECLARED_LASTS,
    )


def set_authority(
    *, actor: Actor, child_id: UUID, holder_id: UUID, at: datetime, source: Source = Source.DECLARED
) -> LegalAuthority:
    """It is known, from this source, that the adult decides for the child; only a declared one lapses."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_set", at=at) as act:
        rows = FamilyMember.objects.visible_to(actor, at=at)
        child, holder = act.lock(rows, child_id), act.lock(rows, holder_id)
        if source == Source.DECLARED:
            authority = declare_authority(act, child=child, holder=holder)
        else:
            require(rules.why_no_authority(child, holder, local_day(at), source))
            require(_why_contradicts(child, holder, source, local_day(at)))
            known = child.authority_over.select_for_update().filter(holder=holder, until_on=None).first()
            authority = known or LegalAuthority(
                family_id=child.family_id, child=child, holder=holder, from_on=local_day(at)
            )
            _checked(authority, source, at)
            is_near(act, child, holder)
        act.record(authority, source=source, child=child.pk)
    return authority


def is_near(act: Change, child: FamilyMember, holder: FamilyMember) -> None:
    """A step: who decides for a child is involved with its record from now on."""
    for record in Record.objects.filter(child=child):
        see_record(act, record, holder, own_child=True)


def check_authority(*, actor: Actor, authority_id: UUID, source: Source, at: datetime) -> LegalAuthority:
    """Somebody looked it up in this source: the authority no longer lapses by itself."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_checked", at=at) as act:
        rows = LegalAuthority.objects.visible_to(actor, at=at).filter(until_on=None)
        authority = act.lock(rows, authority_id)
        require(rules.why_not_checked_so(source))
        _checked(authority, source, at)
        act.record(authority, source=source, child=authority.child_id)
    return authority


def end_authority(*, actor: Actor, authority_id: UUID, at: datetime) -> LegalAuthority:
    """From today the adult no longer decides for the child, and does not see the record by that any more."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_ended", at=at) as act:
        rows = LegalAuthority.objects.visible_to(actor, at=at).filter(until_on=None)
        authority = act.lock(rows, authority_id)
        today = local_day(at)
        authority.until_on = date.fromordinal(today.toordinal() - 1)
        authority.save()
        act.record(authority, child=authority.child_id)
    return authority


def _why_contradicts(
    child: FamilyMember, holder: FamilyMember, source: Source, today: date
) -> Refusal | None:
    standing = LegalAuthority.objects.standing(today).filter(child=child).select_related("holder")
    return rules.why_authority_contradicts(holder, source, standing)


def _checked(authority: LegalAuthority, source: Source, at: datetime) -> None:
    authority.source, authority.checked_on, authority.lapses_on = source, local_day(at), None
    authority.save()
