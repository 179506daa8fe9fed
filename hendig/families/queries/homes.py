"""Where the persons of a family live, as far as the reader may know, and who else may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q

from hendig.audit.actions import Viewing
from hendig.families.models import (
    OWN_PARTS,
    Compartment,
    CompartmentKind,
    FamilyMember,
    Home,
    HomeSource,
    Involvement,
    MemberKind,
    Part,
    Purpose,
    asks_who_knows,
    hides,
    opened,
)
from hendig.families.queries import PART_WORDS, opening
from hendig.families.rules.homes import MAY_COME, OWN_PLACES, Address
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Words

# Who comes to the page also where there is no address that they may know.
_ASKS = frozenset({Part.FAMILY, Part.COACH, Part.EMERGENCY})


@dataclass(frozen=True, slots=True)
class At:
    """One home: the lines of an envelope, how to get in, who is there when, and since when and until when."""

    home_id: UUID
    lines: tuple[str, ...]
    way_in: str
    days: str
    source: Words
    by: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Knows:
    """Somebody who helps, and whether they may know where this person lives; `always` as its coach."""

    account_id: UUID
    first_name: str
    function: Words
    named: bool
    always: bool
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Where:
    """Where one person lives, and before; `keeps` for who may write that down, and says who knows it."""

    member_id: UUID
    name: str
    mine: bool
    keeps: bool
    secret: bool
    # Whether it was made secret before anybody could be named, so that the reader is asked who may know it.
    asked: bool
    # Since when another record of the reader says where they live, where this one does not.
    elsewhere: date | None
    homes: tuple[At, ...]
    past: tuple[At, ...]
    readers: tuple[Knows, ...]


@dataclass(frozen=True, slots=True)
class HomesPage:
    family_id: UUID
    own: bool
    outside: bool
    emergency: bool
    people: tuple[Where, ...]


@contextmanager
def opening_homes(actor: Actor, family_id: UUID, *, at: datetime) -> Iterator[Viewing]:
    """A look at where the persons of a family live, no more of them than are open; where none is, at who they
    are, for who may ask. `NotVisible` for anybody else. 3 queries.
    """
    rows = Compartment.objects.filter(
        family=family_id,
        kind=CompartmentKind.ADDRESS,
        person__isnull=False,
        pk__in=opened("compartment_id", actor, at),
    )
    if rows.exists():
        with opening(actor, "home.seen", family_id, at=at, kinds=(), homes=True) as look:
            # Who helps as a neighbour comes by the question that they answered.
            if look.part == Part.VOLUNTEER:
                raise NotVisible
            yield look
        return
    kinds = (CompartmentKind.SHARED, CompartmentKind.PARENT)
    with opening(actor, "family.persons_seen", family_id, at=at, kinds=kinds) as look:
        if look.part not in _ASKS:
            raise NotVisible
        yield look


def homes_page(look: Viewing) -> HomesPage:
    """Who lives where, since when, and who knows it. 4 queries, and 2 for who reads of themself."""
    mine = look.actor.account_id
    people = [one for one in _people(look) if one.kind != MemberKind.CONFIDANT]
    homes: dict[UUID, dict[UUID, Home]] = defaultdict(dict)
    for one in Home.objects.within(look).select_related("noted_by").order_by("from_on", "id"):
        homes[one.member_id].setdefault(one.told_id, one)
    places = dict(_places(look))
    hidden = {one.pk for one in people if one.secret or one.asked}  # type: ignore[attr-defined]  # annotated
    helpers = list(_helpers(look))
    elsewhere = _elsewhere(look, {one.pk for one in people if one.account_id == mine})
    found = [
        Where(
            member_id=one.pk,
            name=one.first_name,
            mine=one.account_id == mine,
            keeps=_keeps(look, one, places=places, hidden=hidden),
            secret=one.pk in hidden,
            asked=one.asked,  # type: ignore[attr-defined]  # annotated
            elsewhere=elsewhere.get(one.pk),
            homes=tuple(_at(home) for home in homes[one.pk].values() if _stands(home, local_day(look.at))),
            past=tuple(_at(home) for home in homes[one.pk].values() if not _stands(home, local_day(look.at))),
            readers=_readers(helpers, one.pk, secret=one.pk in hidden)
            if one.pk in places and _keeps(look, one, places=places, hidden=hidden) and not one.asked  # type: ignore[attr-defined]  # annotated
            else (),
        )
        for one in people
    ]
    own = look.part in OWN_PARTS
    return HomesPage(
        family_id=look.family_id,
        own=own,
        outside=CompartmentKind.SHARED not in look.open,
        emergency=look.part == Part.EMERGENCY,
        people=tuple(one for one in found if one.mine or (not own and (one.keeps or one.homes or one.past))),
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """The person of whom it is written down where they live."""

    member_id: UUID
    family_id: UUID
    name: str
    mine: bool


@dataclass(frozen=True, slots=True)
class OneHome:
    """A home that is corrected or ended, as it was typed."""

    person: Whose
    address: Address
    from_on: date


def whose(actor: Actor, member_id: UUID, *, at: datetime) -> Whose:
    """The person, for themself and for a coach there; `NotVisible` for anybody else. 1 query."""
    coached = opened("family_id", actor, at, parts=[Part.COACH])
    known = FamilyMember.objects.visible_to(actor, at=at).filter(family__in=coached)
    mine = FamilyMember.objects.there().filter(account_id=actor.account)
    rows = FamilyMember.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=known.values("pk")))
    one = rows.filter(pk=member_id).first()
    if one is None:
        raise NotVisible
    return _whose(actor, one)


def home_of(actor: Actor, home_id: UUID, *, at: datetime) -> OneHome:
    """One home that stands, for who lives there and for a coach who knows it; the look is in the log.

    `NotVisible` for anybody else. 5 queries.
    """
    rows = Home.objects.visible_to(actor, at=at).filter(pk=home_id, corrected=False, ended_at=None)
    place = rows.values_list("family_id", "compartment_id").first()
    if place is None:
        raise NotVisible
    with opening(actor, "home.seen", place[0], at=at, kinds=(), homes=True, only=place[1]) as look:
        home = Home.objects.within(look).select_related("member").get(pk=home_id)
        person = _whose(actor, home.member)
        if not (person.mine or look.part == Part.COACH):
            raise NotVisible
        return OneHome(person, address_of(home), home.from_on)


def _whose(actor: Actor, one: FamilyMember) -> Whose:
    mine = one.account_id is not None and one.account_id == actor.account_id
    return Whose(one.pk, one.family_id, one.first_name, mine)


def address_of(home: Home) -> Address:
    """The row as it was typed."""
    return Address(
        street=home.street,
        place=home.place,
        number=home.number,
        addition=home.addition,
        postcode=home.postcode,
        country=home.country,
        way_in=home.way_in,
        days=home.days,
    )


def _people(look: Viewing) -> Iterable[FamilyMember]:
    """Whom the look shows, the reader, and of whom it is open where they live.

    Who belongs to the side of one parent lies in what is of that parent, which such a look does not open.
    Of a parent with nothing else open that parent.
    """
    told = Compartment.objects.filter(pk__in=look.compartments, kind=CompartmentKind.ADDRESS).values("person")
    known = Q(pk__in=FamilyMember.objects.within(look).values("pk")) | Q(account_id=look.actor.account)
    rows = FamilyMember.objects.there().filter(known | Q(pk__in=told), family_id=look.family_id)
    rows = rows.order_by("kind", "id")
    rows = rows.annotate(secret=hides(F("pk"), look.at), asked=asks_who_knows(F("pk")))
    if CompartmentKind.SHARED not in look.open:
        return rows.filter(account_id=look.actor.account)
    return rows


def _elsewhere(look: Viewing, mine: set[UUID]) -> dict[UUID, date]:
    """Of the reader, in whose record here no address stands: since when another of their records has one.

    At most 2 queries.
    """
    if not mine:
        return {}
    told = Home.objects.visible_to(look.actor, at=look.at).standing(local_day(look.at))
    known = list(told.filter(member__account=look.actor.account, ended_at=None).order_by("noted_at"))
    if not known:
        return {}
    near = Involvement.objects.standing(look.at).filter(
        member__in=mine, part=Part.FAMILY, kinds__overlap=OWN_PLACES
    )
    lacking = {(row.member_id, row.record_id) for row in near} - {
        (row.member_id, row.record_id) for row in known
    }
    return {member_id: local_day(known[-1].noted_at) for member_id, _record in lacking if member_id}


def _places(look: Viewing) -> Iterable[tuple[UUID, UUID]]:
    """Of which persons the part in which it lies is open in this look, and which that is."""
    rows = Compartment.objects.filter(pk__in=look.compartments, kind=CompartmentKind.ADDRESS)
    return rows.values_list("person_id", "pk")


def _keeps(look: Viewing, one: FamilyMember, *, places: dict[UUID, UUID], hidden: set[UUID]) -> bool:
    """Whether the reader writes down where this person lives: that person, or a coach, of what is open."""
    if one.account_id is not None and one.account_id == look.actor.account_id:
        return True
    return look.part == Part.COACH and (one.pk in places or one.pk not in hidden)


def _stands(home: Home, day: date) -> bool:
    return not home.corrected and (home.until_on is None or home.until_on >= day)


def _at(home: Home) -> At:
    return At(
        home_id=home.pk,
        lines=address_of(home).lines(),
        way_in=home.way_in,
        days=home.days,
        source=HomeSource(home.source).label,
        by=home.noted_by.first_name,
        from_on=home.from_on,
        until_on=home.until_on,
    )


def _helpers(look: Viewing) -> Iterable[Involvement]:
    rows = Involvement.objects.standing(look.at).filter(
        record__in=look.records, part__in=MAY_COME, behind=None
    )
    return rows.select_related("account").order_by("from_at", "id")


def _readers(helpers: Iterable[Involvement], person_id: UUID, *, secret: bool) -> tuple[Knows, ...]:
    """Who helps, in the order in which they came, with whether they know where this person lives."""
    named = {
        row.account_id: row for row in helpers if row.purpose == Purpose.VISIT and row.member_id == person_id
    }
    found: dict[UUID, Knows] = {}
    for row in helpers:
        if row.member_id is not None:
            continue
        always = not secret and CompartmentKind.ADDRESS in row.kinds
        known = named.get(row.account_id)
        before = found.get(row.account_id)
        found[row.account_id] = Knows(
            account_id=row.account_id,
            first_name=row.account.first_name,
            function=PART_WORDS[Part(row.part)],
            named=known is not None,
            always=always or (before is not None and before.always),
            until_at=known.until_at if known else None,
        )
    return tuple(found.values())
