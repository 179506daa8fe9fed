"""Steps on records: they begin, and somebody is involved with them in a part, on a ground, until a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hendig.audit.actions import Change
from hendig.families import rules
from hendig.families.models import (
    Block,
    Compartment,
    CompartmentKind,
    FamilyMember,
    FamilyMemberQuerySet,
    Ground,
    Involvement,
    LegalAuthority,
    MemberKind,
    Part,
    Purpose,
    Record,
    opened,
)
from hendig.families.rules.sharing import COACH_LOOKS_ALONG, YES_LASTS
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.keys.actions import new_keys

LAST = datetime.max.replace(tzinfo=UTC)


COACH_KINDS = (CompartmentKind.SHARED, CompartmentKind.ADDRESS)
# Who is named for safety is so for a year at most, without a new yes.
NAMED_LASTS = timedelta(days=365)


def involve(
    act: Change,
    *,
    record: Record,
    account_id: UUID,
    part: Part,
    ground: Ground,
    kinds: Iterable[CompartmentKind] = (CompartmentKind.SHARED,),
    purpose: Purpose = Purpose.HELP,
    member: FamilyMember | None = None,
    until: datetime | None = None,
) -> Involvement:
    """A step: the account is involved with the record in this part, at least until the moment `until`.

    An involvement in the same part that still stands is extended and never cut short; None has no end.
    Refused for a compartment that this part is never for.
    """
    wanted = sorted(set(kinds))
    require(rules.why_not_for(part, wanted))
    standing = (
        Involvement.objects.standing(act.at)
        .select_for_update(of=("self",))
        .filter(
            record=record, account_id=account_id, part=part, ground=ground, purpose=purpose, member=member
        )
        .order_by("id")
        .first()
    )
    if standing is None:
        return Involvement.objects.create(
            family_id=record.family_id,
            record=record,
            account_id=account_id,
            member=member,
            part=part,
            purpose=purpose,
            ground=ground,
            kinds=wanted,
            from_at=act.at,
            until_at=until,
        )
    wider = sorted({*standing.kinds, *wanted})
    longer = standing.until_at is not None and (until is None or until > standing.until_at)
    if longer or wider != standing.kinds:
        standing.kinds, standing.until_at = wider, until if longer else standing.until_at
        standing.save()
    return standing


def name_for(
    act: Change,
    place: Compartment,
    way: Involvement,
    *,
    until: datetime | None,
    purpose: Purpose = Purpose.HELP,
) -> Involvement:
    """A step: who is involved in this way is named for what is of one person alone, by a row of its own."""
    return involve(
        act,
        record=place.record,
        account_id=way.account_id,
        part=Part(way.part),
        ground=Ground(way.ground),
        kinds=(CompartmentKind(place.kind),),
        purpose=purpose,
        member=place.person,
        until=until,
    )


def end_involvement(
    act: Change, *, record_id: UUID, account_id: UUID, part: Part, until: datetime | None = None
) -> None:
    """A step: the account is not involved in this part from now, or from `until`; other parts stay."""
    rows = Involvement.objects.standing(act.at).select_for_update(of=("self",))
    for row in rows.filter(record_id=record_id, account_id=account_id, part=part):
        row.until_at = min(until or act.at, row.until_at or LAST)
        row.save()


def name_for_safety(
    act: Change, record: Record, account_id: UUID, part: Part, *, until: datetime | None = None
) -> Involvement:
    """A step: the account is named for the safety part of the record, until that moment or for a year.

    With it comes who told of a worry from outside: it is weighed by the same people.
    """
    longest = act.at + NAMED_LASTS
    return involve(
        act,
        record=record,
        account_id=account_id,
        part=part,
        ground=Ground.DUTY,
        purpose=Purpose.SAFETY,
        kinds=(CompartmentKind.SAFETY, CompartmentKind.INFORMANT),
        until=min(until, longest) if until else longest,
    )


def hand_on_safety(act: Change, record: Record, *, leaving_id: UUID, coming_id: UUID) -> None:
    """A step: who goes on as the coach is named for safety too, where the one before was; the rest is alike.

    Its line lies in the safety part: the family reads the same of a change of coach with and without a worry.
    """
    named = Involvement.objects.standing(act.at).filter(record=record, purpose=Purpose.SAFETY)
    named = named.exclude(part=Part.EMERGENCY)
    known = set(named.values_list("account_id", flat=True))
    if leaving_id not in known or coming_id in known:
        return
    row = name_for_safety(act, record, coming_id, Part.COACH)
    place = Compartment.objects.get(record=record, kind=CompartmentKind.SAFETY)
    before = act.purpose, act.ground
    act.purpose, act.ground = Purpose.SAFETY, Ground.DUTY
    act.record(row, within=place.pk, also="safety.passed_on", account=coming_id)
    act.purpose, act.ground = before


# The parts of a record that are there from its first day, so that nobody can tell which are used.
ALWAYS = (
    CompartmentKind.SHARED,
    CompartmentKind.CHILD,
    CompartmentKind.SAFETY,
    CompartmentKind.ADDRESS,
    CompartmentKind.INFORMANT,
    CompartmentKind.FINANCE,
)


def begin_record(act: Change, family_id: UUID, *, child: FamilyMember | None = None) -> Record:
    """A step: a record begins, of this child or of one that is not known yet."""
    record = Record.objects.create(family_id=family_id, child=child, begun_at=act.at)
    made = [Compartment(family_id=family_id, record=record, kind=kind) for kind in ALWAYS]
    Compartment.objects.bulk_create(made)
    new_keys(act, {compartment.pk: family_id for compartment in made})
    for account_id in said_to_be_own(family_id):
        close_own(act, record, account_id)
    if child is not None:
        for member in who_raise(family_id):
            see_record(act, record, member)
    return record


def who_raise(family_id: UUID) -> FamilyMemberQuerySet:
    """Who signs in and is near every child of the family; not a parent who never decided for any.

    Such a parent is near the own children alone, which the coach named with the way in.
    """
    decided = LegalAuthority.objects.filter(family_id=family_id, holder=OuterRef("pk"))
    inside = ~Q(kind=MemberKind.PARENT) | Exists(decided)
    return FamilyMember.objects.filter(inside, family_id=family_id, account__isnull=False)


def said_to_be_own(family_id: UUID) -> list[UUID]:
    """Who works here and said that this family is the own one, or known from home."""
    said = Block.objects.said_own().filter(family_id=family_id).order_by("account_id")
    return list(said.values_list("account_id", flat=True).distinct())


def close_own(act: Change, record: Record, account_id: UUID) -> Block:
    """A step: the record is closed for who said so, whatever else says yes, until two take that back."""
    return Block.objects.create(
        family_id=record.family_id, record=record, account_id=account_id, own_family=True, from_at=act.at
    )


def turns_out_to_be(act: Change, record: Record, child: FamilyMember) -> None:
    """A step: it is known now which child the record is of; those who raise are involved with it."""
    record.child = child
    record.save()
    for member in who_raise(record.family_id):
        see_record(act, record, member)


def close_record(act: Change, record: Record) -> None:
    """A step: nobody is involved any more with a record in which nothing lies."""
    for row in Involvement.objects.standing(act.at).select_for_update(of=("self",)).filter(record=record):
        row.until_at = act.at
        row.save()


def go_along(act: Change, record: Record, coach_id: UUID) -> Involvement:
    """A step: this coach goes along with the child of the record, for at most a year."""
    return involve(
        act,
        record=record,
        account_id=coach_id,
        part=Part.COACH,
        ground=Ground.YOUTH_ACT,
        kinds=COACH_KINDS,
        until=act.at + COACH_LOOKS_ALONG,
    )


def see_record(act: Change, record: Record, member: FamilyMember, *, own_child: bool = False) -> None:
    """A step: a person of the family who signs in is involved with the record; the gate says what that opens.

    A child is involved with the own record only, and who raises has an own compartment in it: a parent in
    that of an `own_child`, or of one for whom that parent decided once. A half sibling's has none, so that
    its record does not exist for that parent, as long as nothing else opens it.
    """
    child = member.kind == MemberKind.CHILD
    if member.account_id is None or (child and record.child_id != member.pk):
        return
    kinds = {CompartmentKind.SHARED}
    if Compartment.objects.filter(record=record, kind=CompartmentKind.ADDRESS, person=member).exists():
        kinds.add(CompartmentKind.ADDRESS)
    if child:
        kinds.add(CompartmentKind.CHILD)
    elif own_child or _is_near(record, member):
        own_compartment(act, record, member)
        kinds.add(CompartmentKind.PARENT)
    involve(
        act,
        record=record,
        account_id=member.account_id,
        member=member,
        part=Part.CONFIDANT if member.kind == MemberKind.CONFIDANT else Part.FAMILY,
        ground=GROUND_OF[MemberKind(member.kind)],
        kinds={CompartmentKind.SHARED} if member.kind == MemberKind.CONFIDANT else kinds,
        # Somebody from outside whom the family trusts is there by its yes, and that lasts a year.
        until=act.at + YES_LASTS if member.kind == MemberKind.CONFIDANT else None,
    )


def _is_near(record: Record, member: FamilyMember) -> bool:
    """Who fosters or is guardian; a parent who decided for the child, or asked while it was not known."""
    if member.kind != MemberKind.PARENT or record.child_id is None:
        return True
    return LegalAuthority.objects.filter(child=record.child_id, holder=member).exists()


GROUND_OF = {
    MemberKind.CHILD: Ground.OWN,
    MemberKind.PARENT: Ground.AUTHORITY,
    MemberKind.GUARDIAN: Ground.AUTHORITY,
    MemberKind.FOSTER_PARENT: Ground.CONSENT,
    MemberKind.CONFIDANT: Ground.CONSENT,
}


def own_compartment(act: Change, record: Record, member: FamilyMember) -> Compartment:
    """A step: the compartment of this record for what is about this parent."""
    return _own(act, record, kind=CompartmentKind.PARENT, person_id=member.pk)


def own_home(act: Change, record: Record, member: FamilyMember) -> Compartment:
    """A step: the compartment of this record for where this person lives, which the person reads."""
    place = _own(act, record, kind=CompartmentKind.ADDRESS, person_id=member.pk)
    own = Involvement.objects.standing(act.at).filter(record=record, member=member, part=Part.FAMILY)
    for row in own.exclude(kinds__contains=[CompartmentKind.ADDRESS]).select_for_update(of=("self",)):
        row.kinds = sorted({*row.kinds, CompartmentKind.ADDRESS})
        row.save()
    return place


def own_practice(act: Change, record: Record, account_id: UUID) -> Compartment:
    """A step: the compartment of this record for what this GP writes; another GP has another one."""
    return _own(act, record, kind=CompartmentKind.GP, author_id=account_id)


def own_notes(act: Change, record: Record, account_id: UUID) -> Compartment:
    """A step: the compartment of this record for what somebody remembers for the own work."""
    return _own(act, record, kind=CompartmentKind.OWN_NOTE, author_id=account_id)


def _own(act: Change, record: Record, **whose: Any) -> Compartment:
    """The one compartment of this kind and person, with a key of its own; made the first time."""
    known = Compartment.objects.filter(record=record, **whose).first()
    if known is not None:
        return known
    made = Compartment.objects.create(family_id=record.family_id, record=record, **whose)
    new_keys(act, {made.pk: record.family_id})
    return made


def shared(record: Record) -> Compartment:
    """The compartment of the record for what everyone who helps and decides knows. 1 query."""
    return Compartment.objects.get(record=record, kind=CompartmentKind.SHARED)


def shared_of(*, actor: Actor, family_id: UUID, record_id: UUID | None, at: datetime) -> Compartment | None:
    """What is shared of the record that the actor chose, or of the only one that is open; None where none is.

    Refused when none was chosen of more than one; `NotVisible` for a record that is not open. 1 query.
    """
    seen = Compartment.objects.filter(
        family_id=family_id, kind=CompartmentKind.SHARED, pk__in=opened("compartment_id", actor, at)
    )
    if record_id is None:
        found = list(seen[:2])
        require(rules.why_no_place(len(found)))
        return found[0] if found else None
    chosen = seen.filter(record_id=record_id).first()
    if chosen is None:
        raise NotVisible
    return chosen


def record_of(act: Change, child: FamilyMember) -> Record:
    """A step: the record of this child, begun when it has none yet."""
    known = Record.objects.filter(child=child).first()
    return known or begin_record(act, child.family_id, child=child)


def known(member: FamilyMember | None) -> FamilyMember:
    if member is None:
        raise NotVisible
    return member


def signed_in(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id
