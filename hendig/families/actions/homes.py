"""Where somebody lives is written down, corrected and ended, and who may know it is named."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db.models import F, Q, QuerySet

from hendig.audit.actions import Change, change, speaking
from hendig.families.actions.records import NAMED_LASTS, name_for, own_home
from hendig.families.models import (
    Compartment,
    CompartmentKind,
    FamilyMember,
    Home,
    HomeSource,
    Involvement,
    LegalAuthority,
    MemberKind,
    Part,
    Purpose,
    Record,
    hides,
    opened,
)
from hendig.families.rules import homes as rules
from hendig.kernel.actor import Actor
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, require
from hendig.people.rules import Permission, require_permission


@dataclass(frozen=True, slots=True)
class Locked:
    """A person whose address is written about: whether it is who acts, and whether it is secret now."""

    person: FamilyMember
    own: bool
    secret: bool


def note_home(
    *,
    actor: Actor,
    person_id: UUID,
    address: rules.Address,
    from_on: date,
    at: datetime,
    source: HomeSource = HomeSource.OWN,
    instead_of: UUID | None = None,
) -> Home:
    """This person lives here, from this day on; in each record in which they belong, for who may know.

    With `instead_of` it says better what that row said, which stays and counts no more. Refused for a
    postcode or number that is none, for a day that is far ahead, and at a secret address for who was not
    named.
    """
    require_permission(actor, Permission.KEEP_HOME)
    with change(actor, "home.corrected" if instead_of else "home.noted", at=at) as act:
        here = lock_person(act, person_id)
        person = here.person
        require(rules.why_not_at_home(person.kind))
        require(rules.why_no_postcode(address.postcode, country=address.country))
        require(rules.why_no_number(address.number, country=address.country))
        require(rules.why_not_from(from_on, local_day(at)))
        if instead_of is not None:
            for row in _standing(act, _one(act, instead_of, person)):
                row.corrected = True
                row.save()
        code = rules.read_postcode(address.postcode) if not address.country else address.postcode
        words, told, places = {**asdict(address), "postcode": code or ""}, uuid4(), places_of(act, person)
        if here.secret and not here.own:
            # Who was named for it is so in a record that began since as well.
            name_there(act, places, [actor.account])
        rows = [
            Home.objects.create(
                compartment=place,
                family_id=place.family_id,
                record_id=place.record_id,
                member=person,
                told_id=told,
                source=HomeSource.OWN if here.own else source,
                from_on=from_on,
                noted_by_id=actor.account,
                noted_at=at,
                **words,
            )
            for place in places
        ]
        _tell(act, rows)
    return rows[0]


def stands_here_too(act: Change, person: FamilyMember) -> list[Home]:
    """A step: where who acts lives by another record is where they live by this person's records as well.

    In another record of one family it is the same home; in another family nobody can tell that it is one.
    Refused where nothing is known elsewhere, and where it stands here.
    """
    told = Home.objects.visible_to(act.actor, at=act.at).standing(local_day(act.at))
    known = list(told.filter(member__account=act.actor.account, ended_at=None).order_by("from_on", "id"))
    stands = {row.record_id for row in known if row.member_id == person.pk}
    places = [place for place in places_of(act, person) if place.record_id not in stands]
    homes = {row.told_id: row for row in known}.values()
    require(rules.why_nothing_known(known=bool(homes), lacking=bool(places)))
    rows = [
        Home.objects.create(
            compartment=place,
            family_id=place.family_id,
            record_id=place.record_id,
            member=person,
            told_id=home.told_id if home.member_id == person.pk else told_id,
            source=HomeSource.OWN,
            from_on=home.from_on,
            until_on=home.until_on,
            noted_by_id=act.actor.account,
            noted_at=act.at,
            **{name: str(getattr(home, name)) for name in rules.Address.__slots__},
        )
        for home in homes
        for told_id in [uuid4()]
        for place in places
    ]
    _tell(act, rows)
    return rows


def end_home(*, actor: Actor, home_id: UUID, until_on: date, at: datetime) -> Home:
    """This person lives there until and with this day; that they did stays. Refused before the first day."""
    require_permission(actor, Permission.KEEP_HOME)
    with change(actor, "home.ended", at=at) as act:
        home = _one(act, home_id)
        lock_person(act, home.member_id)
        require(rules.why_not_until(home.from_on, until_on))
        rows = _standing(act, home)
        for row in rows:
            row.until_on, row.ended_by_id, row.ended_at = until_on, actor.account_id, at
            row.save()
        _tell(act, rows)
    return rows[0]


def let_know(*, actor: Actor, person_id: UUID, account_id: UUID, at: datetime) -> FamilyMember:
    """Somebody who helps may know where this person lives, for as long as they help, at most a year.

    The person says so, or the coach who knows it. Refused for who does not help now.
    """
    require_permission(actor, Permission.KEEP_HOME)
    with change(actor, "home.told", at=at) as act:
        person = lock_person(act, person_id).person
        name_there(act, places_of(act, person), [account_id], refuse=True)
    return person


def let_know_no_more(*, actor: Actor, person_id: UUID, account_id: UUID, at: datetime) -> FamilyMember:
    """From now on this one does not read where the person lives, unless all who coach there may."""
    require_permission(actor, Permission.KEEP_HOME)
    with change(actor, "home.told_no_more", at=at) as act:
        person = lock_person(act, person_id).person
        rows = list(_named(act, person).filter(account_id=account_id))
        if not rows:
            raise NotVisible
        _end(act, rows)
    return person


def name_there(
    act: Change, places: Iterable[Compartment], accounts: Collection[UUID], *, refuse: bool = False
) -> None:
    """A step: these accounts may know where this person lives, in whatever way they help there."""
    found: list[Involvement] = []
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        for place in places:
            rows = Involvement.objects.standing(act.at).filter(record=place.record_id, member=None)
            ways = list(rows.filter(account_id__in=accounts, part__in=rules.MAY_COME).order_by("id"))
            for way in ways:
                row = _named_by(act, place, way)
                act.topics.add(f"account:{way.account_id}")
                act.record(row, within=place.pk, also="home.told", account=way.account_id)
            found += ways
    if refuse:
        require(rules.why_not_told(found))


def _named_by(act: Change, place: Compartment, way: Involvement) -> Involvement:
    """By an involvement of their own, for that person alone: as long as they help, and at most a year."""
    longest = act.at + NAMED_LASTS
    until = min(way.until_at or longest, longest)
    return name_for(act, place, way, until=until, purpose=Purpose.VISIT)


def hand_on_homes(act: Change, record: Record, *, leaving_id: UUID, coming_id: UUID) -> None:
    """A step: who goes on as coach may know where those live who cannot sign in to say so themselves."""
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        known = Involvement.objects.standing(act.at).filter(
            record=record, account_id=leaving_id, purpose=Purpose.VISIT, member__account=None
        )
        places = Compartment.objects.filter(
            record=record, kind=CompartmentKind.ADDRESS, person__in=known.values("member")
        )
        name_there(act, list(places.order_by("id")), [coming_id])


def only_for(act: Change, person: FamilyMember, accounts: Collection[UUID]) -> None:
    """A step: of who was named to know where this person lives, only these stay so."""
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        _end(act, list(_named(act, person).exclude(account_id__in=accounts)))


def places_of(act: Change, person: FamilyMember) -> list[Compartment]:
    """A step: where it lies where this person lives, of each record in which who acts may write that down.

    A child's in the own record, an adult's in those of the children near to them. Who signs in reads it.
    """
    own = person.account_id == act.actor.account
    if own:
        mine = Involvement.objects.standing(act.at).filter(member=person, part=Part.FAMILY)
        near = mine.filter(kinds__overlap=rules.OWN_PLACES)
        records = list(near.order_by("record_id").values_list("record_id", flat=True).distinct())
    else:
        coached = _coached(act, person.family_id).order_by("record_id")
        records = list(coached.values_list("record_id", flat=True))
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        here = Record.objects.filter(pk__in=records, gone_at=None).order_by("begun_at", "pk")
        places = [own_home(act, record, person) for record in (here if own else _near(here, person))]
    if not places:
        raise NotVisible
    return places


def _near(here: QuerySet[Record], person: FamilyMember) -> QuerySet[Record]:
    """Of these records the one of a child itself, or of whom this adult decides for; else all."""
    if person.kind == MemberKind.CHILD:
        return here.filter(child=person)
    if person.compartment is not None:
        return here.filter(pk=person.compartment.record_id)
    decides = LegalAuthority.objects.filter(holder=person).values("child")
    part = Q(compartments__kind=CompartmentKind.PARENT, compartments__person=person)
    near = here.filter(Q(child__in=decides) | part).distinct()
    return near if near.exists() else here


def _coached(act: Change, family_id: UUID) -> QuerySet[Compartment]:
    """Where addresses lie of the records of this family whose coach acts, or who stands in for one."""
    coached = opened("compartment_id", act.actor, act.at, parts=[Part.COACH])
    return Compartment.objects.filter(
        family=family_id, kind=CompartmentKind.ADDRESS, person=None, pk__in=coached
    )


def lock_person(act: Change, person_id: UUID) -> Locked:
    """A step: the person, locked; whether it is who acts, and whether the address is secret.

    `NotVisible` for who is neither this person nor a coach there. Refused to a coach who was not named.
    """
    act.quiet = True
    members = FamilyMember.objects.visible_to(act.actor, at=act.at)
    mine = FamilyMember.objects.there().filter(account_id=act.actor.account)
    person = members.filter(pk=person_id).first() or mine.filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    act.lock(FamilyMember.objects.there(), person.pk)
    own = person.account_id is not None and person.account_id == act.actor.account_id
    if not own and not _coached(act, person.family_id).exists():
        raise NotVisible
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        whose = FamilyMember.objects.filter(pk=person.pk)
        secret = whose.values_list(hides(F("pk"), act.at), flat=True).get()
    reads = Compartment.objects.filter(
        kind=CompartmentKind.ADDRESS, person=person, pk__in=opened("compartment_id", act.actor, act.at)
    )
    require(rules.why_not_theirs(own=own, secret=secret, reads=reads.exists()))
    return Locked(person, own=own, secret=secret)


def _one(act: Change, home_id: UUID, person: FamilyMember | None = None) -> Home:
    """The row, where it stands and who acts reads it and may change it: the person, or a coach."""
    rows = Home.objects.visible_to(act.actor, at=act.at).filter(corrected=False, ended_at=None)
    coached = Q(compartment__in=opened("compartment_id", act.actor, act.at, parts=[Part.COACH]))
    home = rows.filter(Q(member__account=act.actor.account) | coached, pk=home_id).first()
    if home is None or (person is not None and home.member_id != person.pk):
        raise NotVisible
    return home


def _standing(act: Change, home: Home) -> list[Home]:
    """The same in each record, locked, in the order of the records."""
    rows = Home.objects.visible_to(act.actor, at=act.at).filter(told_id=home.told_id)
    return list(rows.select_for_update(of=("self",)).order_by("record_id"))


def _named(act: Change, person: FamilyMember) -> QuerySet[Involvement]:
    rows = Involvement.objects.standing(act.at).select_for_update(of=("self",))
    return rows.filter(member=person, purpose=Purpose.VISIT).order_by("id")


def _end(act: Change, rows: Iterable[Involvement]) -> None:
    for row in rows:
        row.until_at = act.at
        row.save()
        place = Compartment.objects.get(
            record=row.record_id, kind=CompartmentKind.ADDRESS, person=row.member_id
        )
        act.topics.add(f"account:{row.account_id}")
        act.record(row, within=place.pk, also="home.told_no_more", account=row.account_id)


def _tell(act: Change, rows: Iterable[Home]) -> None:
    """A line in the part of that person in each record: for whose it is, and for who may know."""
    for row in rows:
        act.topics.add(f"apart:{row.compartment_id}")
        act.record(row)
