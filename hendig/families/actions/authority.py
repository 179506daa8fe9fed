"""Who decides for a child: told, looked up, ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hendig.audit.actions import Change, change
from hendig.families import rules
from hendig.families.actions.records import see_record
from hendig.families.actions.sides import require_one_side
from hendig.families.models import (
    Death,
    FamilyMember,
    LegalAuthority,
    Record,
    Source,
)
from hendig.families.rules.deaths import why_not_alive
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import Refusal, require
from hendig.people.rules import Permission, require_permission


def declare_authority(
    act: Change, *, child: FamilyMember, holder: FamilyMember, from_on: date | None = None
) -> LegalAuthority:
    """A step: somebody told that this adult decides for this child; it lapses unless it is checked in time.

    What already stands is left as it is. Refused when it lapsed or was ended before: then it is looked up.
    """
    today = local_day(act.at)
    since = from_on or today
    require(rules.why_no_authority(child, holder, today))
    _alive(act, holder)
    require(rules.why_not_since(child, since, today))
    known = _known(child, holder, today)
    if known is not None:
        require(rules.why_not_declared_again(known, today))
        return known
    before = child.authority_over.filter(holder=holder).order_by("-until_on", "-id").first()
    require(rules.why_not_told_back(before.ended_by if before else ""))
    require(_why_contradicts(child, holder, Source.DECLARED, max(since, today)))
    require_one_side(child, holder)
    is_near(act, child, holder)
    return LegalAuthority.objects.create(
        family_id=child.family_id,
        child=child,
        holder=holder,
        source=Source.DECLARED,
        from_on=since,
        lapses_on=today + rules.DECLARED_LASTS,
    )


def set_authority(
    *,
    actor: Actor,
    child_id: UUID,
    holder_id: UUID,
    at: datetime,
    source: Source = Source.DECLARED,
    from_on: date | None = None,
) -> LegalAuthority:
    """It is known, from this source, that the adult decides for the child; only a declared one lapses.

    From the day `from_on`, or as it stands and else from today. What the source says takes the place of an
    end that was still to come.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_set", at=at) as act:
        rows = FamilyMember.objects.visible_to(actor, at=at)
        child, holder = act.lock(rows, child_id), act.lock(rows, holder_id)
        not_in_own_family(act, child.family_id)
        if source == Source.DECLARED:
            authority = declare_authority(act, child=child, holder=holder, from_on=from_on)
        else:
            authority = _looked_up(act, child, holder, source=source, from_on=from_on)
        _tell(act, authority, child, source=source)
    return authority


def _looked_up(
    act: Change, child: FamilyMember, holder: FamilyMember, *, source: Source, from_on: date | None
) -> LegalAuthority:
    today = local_day(act.at)
    since = from_on or today
    require(rules.why_no_authority(child, holder, today, source))
    _alive(act, holder)
    require(rules.why_not_since(child, since, today, source))
    require(_why_contradicts(child, holder, source, max(since, today)))
    require_one_side(child, holder)
    _after_the_court(child, holder, source, from_on, today)
    authority = _known(child, holder, today) or LegalAuthority(
        family_id=child.family_id, child=child, holder=holder, from_on=since
    )
    authority.from_on = from_on or authority.from_on
    authority.until_on, authority.ended_by = None, ""
    _checked(authority, source, act.at)
    is_near(act, child, holder)
    return authority


def _after_the_court(
    child: FamilyMember, holder: FamilyMember, source: Source, from_on: date | None, today: date
) -> None:
    """A step: refused for a register that may say no more than what stood there before a court ended it."""
    rows = child.authority_over.filter(holder=holder).order_by("-id")
    ended = rows.filter(ended_by=Source.COURT).first()
    if ended is not None and ended.until_on is not None:
        # What came back since then stands, and is looked up again as it is.
        later = rows.filter(pk__gt=ended.pk, ended_by="").values_list("from_on", flat=True).first()
        since = from_on or later
        require(rules.why_not_after_court(source, since=since, ended_on=ended.until_on, on=today))


def is_near(act: Change, child: FamilyMember, holder: FamilyMember) -> None:
    """A step: who decides for a child is involved with its record from now on."""
    for record in Record.objects.filter(child=child):
        see_record(act, record, holder, own_child=True)


def check_authority(*, actor: Actor, authority_id: UUID, source: Source, at: datetime) -> LegalAuthority:
    """Somebody looked it up in this source: the authority no longer lapses by itself."""
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_checked", at=at) as act:
        rows = LegalAuthority.objects.visible_to(actor, at=at).not_over(local_day(at))
        authority = act.lock(rows.select_related("child"), authority_id)
        not_in_own_family(act, authority.family_id)
        require(rules.why_not_checked_so(source))
        _checked(authority, source, at)
        _tell(act, authority, authority.child, source=source)
    return authority


def end_authority(
    *,
    actor: Actor,
    authority_id: UUID,
    at: datetime,
    source: Source = Source.COURT,
    stops_on: date | None = None,
) -> LegalAuthority:
    """By this source the adult no longer decides for the child from this day, and else from today.

    Then the record is closed for them as far as it was open by that. Refused for what was looked up when it
    is only told, and for a day before it began.
    """
    require_permission(actor, Permission.COACH_FAMILIES)
    with change(actor, "family.authority_ended", at=at) as act:
        today = local_day(at)
        rows = LegalAuthority.objects.visible_to(actor, at=at).not_over(today).select_related("child")
        authority = act.lock(rows, authority_id)
        not_in_own_family(act, authority.family_id)
        stops = stops_on or today
        require(rules.why_not_since(authority.child, stops, today, source))
        require(rules.why_not_ended_so(authority, source, stops))
        authority.until_on, authority.ended_by = stops - timedelta(days=1), source
        authority.save()
        _tell(act, authority, authority.child, source=source)
    return authority


def _tell(act: Change, authority: LegalAuthority, child: FamilyMember, **facts: Any) -> None:
    """A step: of a child that belongs to one side of the family only that side hears who decides."""
    act.quiet = act.quiet or child.compartment_id is not None
    act.record(authority, within=child.compartment_id, child=child.pk, **facts)


def not_in_own_family(act: Change, family_id: UUID) -> None:
    """A step: refused for a coach who is of this family, whoever takes the question up with them."""
    members = FamilyMember.objects.filter(family_id=family_id, account_id=act.actor.account)
    require(rules.why_not_in_own_family(of_family=members.exists()))


def _alive(act: Change, holder: FamilyMember) -> None:
    """A step: refused for somebody who died, so that help never waits for a yes that cannot come."""
    died = Death.objects.standing(act.at).filter(member=holder)
    require(why_not_alive(died=died.exists()))


def _known(child: FamilyMember, holder: FamilyMember, today: date) -> LegalAuthority | None:
    """What stands, or will, of this adult over this child; locked."""
    rows = child.authority_over.select_for_update().filter(holder=holder).not_over(today)
    return rows.order_by("-from_on", "-id").first()


def _why_contradicts(child: FamilyMember, holder: FamilyMember, source: Source, on: date) -> Refusal | None:
    standing = LegalAuthority.objects.standing(on).filter(child=child).select_related("holder")
    return rules.why_authority_contradicts(holder, source, standing)


def _checked(authority: LegalAuthority, source: Source, at: datetime) -> None:
    authority.source, authority.checked_on, authority.lapses_on = source, local_day(at), None
    authority.save()
