"""What pages show of a family: its persons, its circle, who is involved, and who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import ComposedWithin
from hendig.families import rules
from hendig.families.models import (
    OWN_PARTS,
    Compartment,
    CompartmentKind,
    Family,
    FamilyMember,
    Involvement,
    LegalAuthority,
    MemberKind,
    Part,
    Source,
    asks_who_knows,
    instead,
    opened,
)
from hendig.families.queries.around import Around as Around
from hendig.families.queries.around import Circle as Circle
from hendig.families.queries.around import circle as circle
from hendig.families.queries.gp_door import gp_door
from hendig.families.queries.grounds import ground_words
from hendig.families.queries.opening import PARTS as PARTS
from hendig.families.queries.opening import asks_where as asks_where
from hendig.families.queries.opening import opening as opening
from hendig.families.queries.opening import opening_all as opening_all
from hendig.families.queries.opening import opening_persons as opening_persons
from hendig.kernel import consent
from hendig.kernel.actor import Actor, Role
from hendig.kernel.ages import age_on
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Account, Membership

# Until the first talk it may not be known which child a question is about.
NOT_KNOWN = _("Het kind van de nieuwe vraag")


@dataclass(frozen=True, slots=True)
class FamilyName:
    """What a family is called, as the head of its page."""

    family_id: UUID
    name: str
    first_names: tuple[str, ...]
    own: bool = True


@dataclass(frozen=True, slots=True)
class Decides:
    """An adult decides for a child: from which source, and how long that counts without a check."""

    authority_id: UUID
    child: str
    source: Words
    checked: bool
    lapses_on: date | None
    lapsed: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the family as the family sees it."""

    member_id: UUID
    account_id: UUID | None
    first_name: str
    name: str
    kind: str
    kind_words: Words
    age: int | None
    me: bool
    decides: tuple[Decides, ...]
    why_no_own_way_in: Refusal | None
    # Of a youth who signs in: who gave the address. Of one who does not yet: whether one of the family did.
    address_by: str
    address_waits: bool
    # Whether it was the coach or the family who gave the way in, so that it can be taken back.
    invited: bool
    # The record of a child of which the reader finds something on the page of the GP.
    gp_record: UUID | None
    # The record of a child whose citizen service number the reader may write down.
    number_record: UUID | None
    # Whether what is of this parent alone is open to the reader.
    part_open: bool
    # Whether the reader is to be asked who may know the own secret address.
    asked_who_knows: bool

    @property
    def is_child(self) -> bool:
        return self.kind == MemberKind.CHILD

    @property
    def decides_alone(self) -> bool:
        """Whether this is a youth of 16 or 17, about whom two professionals may hold otherwise."""
        return self.is_child and self.age is not None and 16 <= self.age < 18

    @property
    def waits_outside(self) -> bool:
        """Whether this is an adult who raises and has no own way in yet: the coach gives it."""
        return not self.is_child and self.kind != MemberKind.CONFIDANT and not self.signs_in

    @property
    def signs_in(self) -> bool:
        return self.account_id is not None


@dataclass(frozen=True, slots=True)
class Involved:
    """Who is involved from outside the family: as what, until when, on what ground, in one sentence.

    `about` is the child whose record it is, where the reader sees the records of more than one.
    """

    account_id: UUID
    first_name: str
    name: str
    phone: str
    function: Words
    organisation: str
    part: str
    from_at: datetime
    until_at: datetime | None
    sentence: Words
    about: str


def family_name(look: Viewing) -> FamilyName:
    """What the family is called, who belongs to it, and whether it is the reader's own. 2 queries."""
    name = Family.objects.values_list("name", flat=True).get(pk=look.family_id)
    members = FamilyMember.objects.within(look).values_list("first_name", flat=True)
    own = look.part in OWN_PARTS
    return FamilyName(look.family_id, name, tuple(members), own)


@dataclass(frozen=True, slots=True)
class Household:
    """What a family is called, and its persons: adults first."""

    name: str
    persons: tuple[Person, ...]


def household(look: Viewing) -> Household:
    """The family with its persons, adults first, with for whom they decide today. 1 query."""
    today = local_day(look.at)
    members = _members(look)
    numbers = look.part == Part.COACH and CompartmentKind.ADDRESS in look.open
    names = {str(row[0]): row[2] for row in members}
    found = [
        Person(
            member_id=pk,
            account_id=account_id,
            first_name=first_name,
            name=f"{first_name} {last_name}".strip(),
            kind=kind,
            kind_words=MemberKind(kind).label,
            age=age_on(born_on, today) if born_on else None,
            me=account_id is not None and account_id == look.actor.account_id,
            decides=tuple(_decides(one, names, today) for one in authority if one["child_id"] in names),
            why_no_own_way_in=rules.why_no_own_way_in(kind, account_id, born_on, today),
            address_by=(account_id and by) or "",
            address_waits=account_id is None and by is not None,
            invited=account_id is not None and invited_at is not None,
            gp_record=of_gp,
            number_record=record if numbers else None,
            part_open=part_open,
            asked_who_knows=asked,
        )
        for (
            pk,
            account_id,
            first_name,
            last_name,
            kind,
            born_on,
            authority,
            by,
            of_gp,
            record,
            invited_at,
            part_open,
            asked,
            _,
        ) in members
    ]
    ordered = sorted(found, key=lambda one: (one.is_child, -(one.age or 0) if one.is_child else 0))
    return Household(members[0][-1] if members else "", tuple(ordered))


@ComposedWithin
def _members(look: Viewing) -> QuerySet[FamilyMember, tuple[Any, ...]]:
    mine = opened("compartment_id", look.actor, look.at)
    parts = Compartment.objects.filter(kind=CompartmentKind.PARENT, person=OuterRef("pk"), pk__in=mine)
    rows = FamilyMember.objects.within(look).annotate(
        authority=_authority(local_day(look.at)),
        of_gp=gp_door(look),
        part_open=Exists(parts),
        asked=asks_who_knows(F("pk")),
    )
    fields = ("id", "account_id", "first_name", "last_name", "kind", "born_on", "authority")
    more = ("address_by__first_name", "of_gp", "record", "invited_at", "part_open", "asked", "family__name")
    return rows.values_list(*fields, *more)


def persons(look: Viewing) -> tuple[Person, ...]:
    """Who belongs to the family, adults first, with for whom they decide today. 1 query."""
    return household(look).persons


def person(look: Viewing, member_id: UUID) -> Person:
    """One person of the family; `NotVisible` for somebody of another family. 1 query."""
    found = next((one for one in persons(look) if one.member_id == member_id), None)
    if found is None:
        raise NotVisible
    return found


def family_of(actor: Actor, member_id: UUID, *, at: datetime) -> UUID:
    """The family of a person; `NotVisible` for whoever is not involved. 1 query."""
    rows = FamilyMember.objects.visible_to(actor, at=at).filter(pk=member_id)
    family_id = rows.values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotVisible
    return family_id


def _authority(today: date) -> ArraySubquery:
    """The authority that each member of a family holds on that day, or was told to and nobody checked."""
    told = LegalAuthority.objects.told(today).filter(holder=OuterRef("pk")).order_by("id")
    fields = ("id", "child_id", "source", "checked_on", "lapses_on")
    return ArraySubquery(told.values(fact=JSONObject(**{field: field for field in fields})))


def _decides(one: dict[str, Any], names: dict[str, str], today: date) -> Decides:
    """One fact as PostgreSQL tells it in JSON."""
    lapses_on = date.fromisoformat(one["lapses_on"]) if one["lapses_on"] else None
    return Decides(
        authority_id=UUID(one["id"]),
        child=names[one["child_id"]],
        source=Source(one["source"]).label,
        checked=one["checked_on"] is not None,
        lapses_on=lapses_on,
        lapsed=one["checked_on"] is None and lapses_on is not None and lapses_on <= today,
    )


def records_to_choose(look: Viewing) -> list[tuple[UUID, Words]]:
    """The records of which this look opened what is shared, by the first name of the child. 1 query."""
    shared = Compartment.objects.filter(pk__in=look.compartments, kind=CompartmentKind.SHARED)
    rows = shared.order_by("record__child__born_on", "record_id")
    return [
        (pk, name or NOT_KNOWN) for pk, name in rows.values_list("record_id", "record__child__first_name")
    ]


def members(look: Viewing) -> tuple[tuple[str, str], ...]:
    """The persons of the family of whom a goal or a text can be: id and first name. 1 query.

    Of a parent with nothing else open that parent: who came since is not told by a list.
    """
    rows = FamilyMember.objects.within(look).exclude(kind=MemberKind.CONFIDANT)
    if CompartmentKind.SHARED not in look.open:
        rows = rows.filter(account_id=look.actor.account)
    return tuple((str(pk), name) for pk, name in rows.values_list("pk", "first_name"))


def involved(look: Viewing) -> tuple[Involved, ...]:
    """Who is involved from outside the family at this moment. 1 query."""
    rows = _around(look)
    own = look.part in OWN_PARTS
    children = {row[-1] for row in rows}
    return tuple(_involved(*row, own=own, several=len(children) > 1) for row in rows)


@ComposedWithin
def _around(look: Viewing) -> QuerySet[Involvement, tuple[Any, ...]]:
    work = _work(OuterRef("account_id"), look.at)
    return (
        Involvement.objects.standing(look.at)
        .filter(record__one_of=look.records, kinds__overlap=[CompartmentKind.SHARED])
        .told()
        .exclude(part=Part.FAMILY)
        .annotate(
            works_as=Subquery(work.values("title")[:1]), works_for=Subquery(work.values("partner__name")[:1])
        )
        .order_by("from_at", "id")
        .values_list(
            "account_id",
            "account__first_name",
            "account__last_name",
            "account__phone",
            "works_as",
            "works_for",
            "part",
            "ground",
            "from_at",
            "until_at",
            "behind__first_name",
            "record__child__first_name",
        )
    )


def _involved(
    account_id: UUID,
    first_name: str,
    last_name: str,
    phone: str,
    title: str | None,
    partner: str | None,
    part: str,
    ground: str,
    from_at: datetime,
    until_at: datetime | None,
    behind: str | None,
    child: str | None,
    *,
    own: bool,
    several: bool,
) -> Involved:
    """One row in words: 'Ellen kijkt mee als gezinscoach. Dat mag, want …'."""
    function = title or PART_WORDS[Part(part)]
    sentence = (
        by_another(part, first_name, behind)
        if behind
        else format_lazy(
            "{who} {why}",
            who=format_lazy(
                _("{name} kijkt mee als {function}."), name=first_name, function=PART_WORDS[Part(part)]
            ),
            why=ground_words(part, ground, own=own),
        )
    )
    return Involved(
        account_id=account_id,
        first_name=first_name,
        name=f"{first_name} {last_name}".strip(),
        phone=phone,
        function=function,
        organisation=partner or "",
        part=part,
        from_at=from_at,
        until_at=until_at,
        sentence=sentence,
        about=(child or "") if several else "",
    )


def by_another(part: str, name: str, other: str) -> Words:
    """Why somebody is here who is not here by themself: 'Bas kijkt mee zolang Ellen er niet is.'"""
    words = (
        _("{name} is in opleiding en kijkt mee onder begeleiding van {other}, als u dat goed vindt.")
        if part == Part.TRAINEE
        else _("{name} kijkt mee zolang {other} er niet is.")
    )
    return format_lazy(words, name=name, other=other)


PART_WORDS: dict[Part, Words] = {
    Part.FAMILY: _("gezinslid"),
    Part.CONFIDANT: _("vertrouwde volwassene"),
    Part.COACH: _("gezinscoach"),
    Part.GUEST: _("gast van de tent"),
    Part.PROFESSIONAL: _("hulpverlener"),
    Part.REFERRER: _("verwijzer"),
    Part.DECIDER: _("wie over de aanvraag beslist"),
    Part.SHARED_WITH: _("met wie u iets deelt"),
    Part.GUIDE: _("trajectbegeleider"),
    Part.SUPERVISOR: _("gezinsvoogd"),
    Part.PROBATION: _("jeugdreclasseerder"),
    Part.GP: _("huisarts"),
    Part.VOLUNTEER: _("vrijwilliger"),
    Part.EMERGENCY: _("hulpverlener in een noodgeval"),
    Part.COLLEAGUE: _("collega die meedenkt over veiligheid"),
    Part.DEPUTY: _("vervanger"),
    Part.TRAINEE: _("hulpverlener in opleiding"),
}


@dataclass(frozen=True, slots=True)
class _Worker:
    first_name: str
    function: Words | None
    organisation: str
    role: str


def _people(account_ids: Iterable[UUID | None], at: datetime) -> dict[UUID, _Worker]:
    """Names, functions and organisations of these accounts. 1 query."""
    work = _work(OuterRef("pk"), at)
    rows = (
        Account.objects.filter(pk__in={pk for pk in account_ids if pk})
        .annotate(
            works_as=Subquery(work.values("title")[:1]),
            works_in=Subquery(work.values("role")[:1]),
            works_for=Subquery(work.values("partner__name")[:1]),
        )
        .values_list("pk", "first_name", "works_as", "works_in", "works_for")
    )
    roles: dict[str, Words] = dict(Membership.ROLES)
    return {
        pk: _Worker(first_name, title or roles.get(role), partner or "", role or "")
        for pk, first_name, title, role, partner in rows
    }


def _work(account: OuterRef, at: datetime) -> QuerySet[Membership]:
    """As what and for whom somebody works at this moment; nothing for who only is of a family."""
    rows = Membership.objects.standing(local_day(at)).filter(account=account)
    return rows.exclude(role=Role.FAMILY).order_by("id")


# Whom the gate keeps out is not told either, although the involvement stands; nor is a parent who has nothing
# left but what is about that parent.
TOLD = """
    SELECT i.account_id FROM families_involvement i CROSS JOIN LATERAL hendig_open(i.account_id, %s) o
    WHERE i.family_id = %s AND o.part = %s AND o.record_id = i.record_id AND i.part IN (o.part, 'deputy')
        AND (o.kind = 'shared' OR i.part NOT IN ('family', 'confidant'))
    GROUP BY i.account_id ORDER BY min(i.id::text)
"""


def account_ids(family_id: UUID | None, part: Part, *, at: datetime) -> tuple[UUID, ...]:
    """The accounts involved with the family in this part at this moment; of no family nobody. 1 query."""
    if family_id is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [at, family_id, part])
        return tuple(account_id for (account_id,) in cursor.fetchall())


OPEN_TO = """
    SELECT EXISTS (SELECT FROM unnest(%s::uuid[]) one CROSS JOIN LATERAL hendig_open(one, %s) o
        WHERE o.compartment_id = %s)
"""


def is_open_to(account_ids: Iterable[UUID], compartment_id: UUID, *, at: datetime) -> bool:
    """Whether the gate opens this compartment to one of these accounts at this moment. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_TO, [list(account_ids), at, compartment_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def deciders(child_id: UUID, *, at: datetime) -> consent.Deciders:
    """Who must say yes for this child at this moment, as ids of members of the family. 2 queries.

    Without authority that stands, a child under 16 has no parents here and nothing can be agreed.
    """
    rows = FamilyMember.objects.filter(pk=child_id).annotate(instead=instead(F("pk"), at))
    child = rows.only("born_on").first()
    if child is None:
        raise NotVisible
    on = local_day(at)
    holders = (
        LegalAuthority.objects.standing(on).filter(child_id=child_id).values_list("holder_id", flat=True)
    )
    said = child.instead  # type: ignore[attr-defined]  # annotated
    return rules.deciders(child, holders, on, consent.Instead(said) if said else None)


def decider_ids(child_id: UUID, *, at: datetime) -> frozenset[UUID]:
    """The members of the family (the youth included) who have a say at this moment. 2 queries."""
    return deciders(child_id, at=at).may_answer(child_id)


def hides_an_address(family_id: UUID) -> bool:
    """Whether somebody of the family lives where nobody may know; only told to who works here. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hendig_hides(%s)", [family_id])
        row = cursor.fetchone()
    return bool(row and row[0])
