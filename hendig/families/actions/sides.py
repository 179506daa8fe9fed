"""Steps for the side of one parent: who belongs to it alone, and who of those who help reads there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from hendig.audit.actions import Change, speaking
from hendig.families.actions.records import name_for, own_compartment, signed_in
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    Death,
    FamilyMember,
    Involvement,
    LegalAuthority,
    Part,
    Purpose,
    Record,
    opened,
)
from hendig.families.rules import sharing
from hendig.families.rules import sides as rules
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require


def side_of(act: Change, family_id: UUID, parent_id: UUID) -> Compartment:
    """A step: the part of this parent, in which lies who belongs to that side alone; who acts reads it.

    It is that of a record in which the parent has one already or decides, and else of the oldest. Refused for
    who can have no side, and for a coach whom this parent does not let read there.
    """
    parents = FamilyMember.objects.visible_to(act.actor, at=act.at).filter(family_id=family_id)
    parent = parents.filter(pk=parent_id).first()
    if parent is None:
        raise NotVisible
    require(rules.why_no_side(parent))
    here = Record.objects.filter(
        family_id=family_id, gone_at=None, pk__in=opened("record_id", act.actor, act.at)
    )
    # One that exists comes before one that could.
    near = (
        Q(compartments__person=parent, compartments__kind=CompartmentKind.PARENT),
        Q(child__authority_over__holder=parent),
        Q(),
    )
    found = (here.filter(one).order_by("begun_at", "pk").first() for one in near)
    record = next((one for one in found if one), None)
    if record is None:
        raise NotVisible
    place = own_compartment(act, record, parent)
    reads_side(act, place)
    return place


def reads_side(act: Change, place: Compartment) -> None:
    """A step: the coach who acts reads what is of this parent, who hears of it.

    Refused where somebody was named for it before and the parent can name the coach.
    """
    me, parent = signed_in(act.actor), place.person
    if parent is None:
        raise NotVisible
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        named = list(_named(place))
    if any(one.account_id == me and _stands(one, act) for one in named):
        return
    require(rules.why_no_coach_on_side(parent, named_before=bool(named)))
    way = (
        Involvement.objects.standing(act.at)
        .filter(record=place.record_id, account_id=me, part=Part.COACH, member=None)
        .order_by("id")
        .first()
    )
    if way is None:
        raise NotVisible
    act.record(let_read(act, place, way), within=place.pk, also="parent.coach_reads", account=me)


def first_reads(act: Change, place: Compartment) -> None:
    """A step: a parent says something apart for the first time: who coaches the child reads it.

    Nobody comes to read whom the parent named no more.
    """
    if _named(place).exists():
        return
    coaches = Involvement.objects.standing(act.at).filter(
        record=place.record_id, part=Part.COACH, member=None
    )
    for way in coaches.order_by("id"):
        row = let_read(act, place, way)
        act.topics.add(f"account:{way.account_id}")
        act.record(row, within=place.pk, also="parent.named", account=way.account_id)


def ask_to_name(act: Change, record: Record, *, leaving_id: UUID, coming_id: UUID) -> None:
    """A step: whoever told the coach who leaves something apart is asked whether the next one reads it.

    A name is given by who is named for it, and goes to nobody else by itself. For a parent who cannot sign in
    nobody could say so: there the next one reads along, as a coach whom that parent tells something apart.
    """
    rows = Involvement.objects.standing(act.at).filter(record=record, part=Part.COACH).order_by("id")
    coming = rows.filter(account_id=coming_id, member=None).first()
    # Who reads it already, and what closed with a death.
    closed = {*rows.filter(account_id=coming_id).values_list("member_id", flat=True)} - {None}
    dead = Death.objects.standing(act.at).filter(family=record.family_id)
    closed |= set(dead.values_list("member_id", flat=True))
    for one in rows.filter(account_id=leaving_id).select_related("member"):
        place = None if one.member_id in closed else _told_apart(one, record)
        if coming is None or place is None:
            continue
        if place.person is not None and place.person.account_id is None:
            row = let_read(act, place, coming)
            act.record(row, within=place.pk, also="parent.coach_reads", account=coming_id)
        else:
            act.record(place, within=place.pk, also="apart.coach_changed", account=coming_id)


def _told_apart(one: Involvement, record: Record) -> Compartment | None:
    """What is of a parent or a youth alone that is read by this; a child without a way in names nobody."""
    own = Compartment.objects.filter(record=record).select_related("person")
    if one.member_id is not None:
        return own.filter(person=one.member_id).first()
    youth = record.child is not None and record.child.account_id is not None
    named = youth and CompartmentKind.CHILD in one.kinds
    return own.filter(kind=CompartmentKind.CHILD).first() if named else None


def let_read(act: Change, place: Compartment, way: Involvement) -> Involvement:
    """A step: who is involved in this way reads this own part too, as long as that lasts."""
    if place.person is None:
        way.kinds = sorted({*way.kinds, CompartmentKind.CHILD})
        way.save()
        return way
    return name_for(act, place, way, until=way.until_at)


def put_on_side(act: Change, person: FamilyMember, parent_id: UUID) -> None:
    """A step: the person is known to the side of this parent alone from now on."""
    side = side_of(act, person.family_id, parent_id)
    assert side.person is not None
    bonds = LegalAuthority.objects.not_over(local_day(act.at))
    as_child = bonds.filter(child=person).exclude(holder=side.person).exclude(holder__compartment=side)
    as_holder = bonds.filter(holder=person).exclude(child__compartment=side)
    shared = as_child.exists() or as_holder.exists()
    require(rules.why_not_on_side(person, side.person, decided_with=shared))
    person.compartment = side
    person.save()


def require_one_side(child: FamilyMember, holder: FamilyMember) -> None:
    """A step: refused where one of these two is known to one side alone, and the other is not of it."""
    side = child.compartment_id
    owns = side is not None and Compartment.objects.filter(pk=side, person=holder).exists()
    require(rules.why_not_decide_from_side(apart=holder.compartment_id != side and not owns))


def _named(place: Compartment) -> QuerySet[Involvement]:
    rows = Involvement.objects.filter(record=place.record_id, member=place.person_id)
    return rows.filter(part__in=sharing.CAN_BE_NAMED).exclude(purpose=Purpose.VISIT)


def _stands(one: Involvement, act: Change) -> bool:
    return one.from_at <= act.at and (one.until_at is None or one.until_at > act.at)
