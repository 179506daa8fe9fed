"""Who works here and can be asked: found by what they can do, when, in which language and where."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hendig.directory import rules
from hendig.directory.models import Card, Language, Portrait
from hendig.kernel.actor import Actor, Role
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Words
from hendig.people.models import (
    Elsewhere,
    Expertise,
    Membership,
    Notice,
    Professional,
    ProfessionalExpertise,
    registers_of,
)
from hendig.people.queries import other_municipalities
from hendig.people.rules.registered import registers_in_words

PAGE = 24


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody looks for; nothing of a family is in it."""

    expertise: str = ""
    language: str = ""
    area: str = ""
    free: str = ""
    room: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the directory, a coach and a family see them."""

    professional_id: UUID
    account_id: UUID
    first_name: str
    photo: str
    title: str
    partner: str
    can_do: str
    register: str
    unless: str
    expertises: tuple[str, ...]
    expertise_ids: frozenset[UUID]
    languages: tuple[str, ...]
    areas: tuple[str, ...]
    free: tuple[str, ...]
    left: int
    kept_at: datetime | None
    # The municipality from which somebody is asked here as well; empty for who works here.
    from_town: str = ""

    @property
    def when(self) -> tuple[str, ...]:
        return rules.when(self.free)

    @property
    def room(self) -> str:
        """How much room there is, in words."""
        if not self.left:
            return _("nu geen plek voor een nieuw gezin")
        return ngettext("plek voor %(n)d nieuw gezin", "plek voor %(n)d nieuwe gezinnen", self.left) % {
            "n": self.left
        }


@dataclass(frozen=True, slots=True)
class Directory:
    """A page of people, what can be wished for, and who was last where there are more."""

    people: tuple[Person, ...]
    expertises: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    begins_with: str
    after: UUID | None


@dataclass(frozen=True, slots=True)
class OwnCard:
    """The own card as it stands now, and what others call the places where they come."""

    person: Person
    languages: tuple[str, ...]
    families_max: int
    known_areas: tuple[str, ...]

    def as_typed(self) -> dict[str, object]:
        """As the form that keeps it starts with."""
        return {
            "can_do": self.person.can_do,
            "languages": self.languages,
            "areas": "\n".join(self.person.areas),
            "free": self.person.free,
            "families_max": self.families_max,
        }


def who_can(actor: Actor, *, at: datetime) -> QuerySet[Professional]:
    """Who works here now, with the number of families they help, in the order of the day.

    By first name, beginning at another letter each day (`rules.first_letter`): an order that says nothing of
    anybody, keeps still while one looks, and lets nobody always stand in front.
    """
    on = local_day(at)
    working = Membership.objects.standing(on).filter(account=OuterRef("account"), role=Role.PROFESSIONAL)
    families = Func(
        F("pk"),
        Value(on),
        Cast(Value(None), UUIDField()),
        function="hendig_families_of",
        output_field=IntegerField(),
    )
    can = ProfessionalExpertise.objects.filter(professional=OuterRef("pk")).order_by("expertise__name")
    name = Lower("account__first_name")
    from_town = Elsewhere.objects.lasting(on).filter(account=OuterRef("account")).with_town()
    rows = Professional.objects.visible_to(actor, at=at).filter(Exists(working), account__is_active=True)
    return (
        rows.annotate(
            families=families,
            registers=registers_of("pk", on),
            can=ArraySubquery(can.values("expertise__name")),
            can_ids=ArraySubquery(can.values("expertise_id")),
            from_town=Subquery(from_town.values("town")[:1]),  # type: ignore[misc]  # annotated
            called=name,
            turn=Case(When(called__gte=rules.first_letter(on), then=0), default=1),
        )
        .select_related("account", "partner", "card")
        .order_by("turn", "called", "pk")
    )


def person_of(row: Professional) -> Person:
    """A row of `who_can` as people see it: no query."""
    card: Card | None = getattr(row, "card", None)
    return Person(
        professional_id=row.pk,
        account_id=row.account_id,
        first_name=row.account.first_name,
        photo=photo_of(row),
        title=row.title,
        partner=row.partner.name,
        can_do=row.can_do,
        register=registers_in_words(row.registers),  # type: ignore[attr-defined]  # annotated
        unless=row.unless,
        expertises=tuple(row.can),  # type: ignore[attr-defined]  # annotated, like the next
        expertise_ids=frozenset(row.can_ids),  # type: ignore[attr-defined]
        languages=_languages(card.languages if card else ()),
        areas=tuple(card.areas) if card else (),
        free=tuple(card.free) if card else (),
        left=max(0, row.families_max - row.families),  # type: ignore[attr-defined]  # annotated above
        kept_at=card.kept_at if card else None,
        from_town=row.from_town or "",  # type: ignore[attr-defined]  # annotated
    )


def photo_of(row: Professional) -> str:
    """Where the photo of a professional is that was loaded with `card`; empty for who has none. No query."""
    card: Card | None = getattr(row, "card", None)
    return reverse("portrait", args=[row.pk, card.photo]) if card and card.photo else ""


def directory(actor: Actor, *, at: datetime, wishes: Wishes, after: UUID | None = None) -> Directory:
    """A page of people whom the wishes fit, after somebody when there were more. 3 queries, 4 on
    a later page.

    Whoever stopped working here since is nobody to begin after: the list then begins anew.
    """
    rows = wished(who_can(actor, at=at), wishes)
    known = Expertise.objects.filter(municipality_id=actor.municipality_id).values_list("slug", "name")
    if after is not None:
        rows = _after(rows, actor, after, at=at)
    found = tuple(person_of(row) for row in rows[: PAGE + 1])
    return Directory(
        people=found[:PAGE],
        expertises=tuple(known),
        areas=known_areas(actor, at=at),
        begins_with=rules.first_letter(local_day(at)).upper(),
        after=found[PAGE - 1].professional_id if len(found) > PAGE else None,
    )


def _after(
    rows: QuerySet[Professional], actor: Actor, after: UUID, *, at: datetime
) -> QuerySet[Professional]:
    """Those after this one in the order of the day; all of them where this one is not known. 1 query."""
    last = who_can(actor, at=at).filter(pk=after).values_list("turn", "called").first()  # type: ignore[misc]  # annotated
    if last is None:
        return rows
    turn, called = last
    same = Q(turn=turn, called=called, pk__gt=after)
    return rows.filter(Q(turn__gt=turn) | Q(turn=turn, called__gt=called) | same)


def wished(rows: QuerySet[Professional], wishes: Wishes) -> QuerySet[Professional]:
    """Those whom the wishes fit. Who names no place comes everywhere; who names no time is asked for it."""
    if wishes.expertise:
        can = ProfessionalExpertise.objects.filter(
            professional=OuterRef("pk"), expertise__slug=wishes.expertise
        )
        rows = rows.filter(Exists(can))
    if wishes.language:
        rows = rows.filter(card__languages__contains=[wishes.language])
    if wishes.area:
        everywhere = Q(card=None) | Q(card__areas=[])
        rows = rows.filter(everywhere | Q(card__areas__contains=[wishes.area]))
    if wishes.free:
        rows = rows.filter(card__free__contains=[wishes.free])
    if wishes.room:
        rows = rows.filter(families__lt=F("families_max"))  # type: ignore[misc]  # annotated
    return rows


def known_areas(actor: Actor, *, at: datetime) -> tuple[str, ...]:
    """The places that people wrote on their cards. 1 query."""
    place = Func(F("areas"), function="unnest")
    rows = Card.objects.visible_to(actor, at=at).annotate(place=place).values_list("place", flat=True)
    return tuple(rows.distinct().order_by("place"))


def own_card(actor: Actor, *, at: datetime) -> OwnCard:
    """The own card, as it is or still empty. `NotVisible` for who gives no help. 2 queries."""
    row = who_can(actor, at=at).filter(account=actor.account).first()
    if row is None:
        raise NotVisible
    card: Card | None = getattr(row, "card", None)
    return OwnCard(
        person=person_of(row),
        languages=tuple(card.languages) if card else (),
        families_max=row.families_max,
        known_areas=known_areas(actor, at=at),
    )


def portrait(actor: Actor, professional_id: UUID, *, photo: int, at: datetime) -> bytes:
    """The photo with this number. `NotVisible` where there is none, or another meanwhile. 1 query."""
    cards = Card.objects.visible_to(actor, at=at).filter(professional=professional_id, photo=photo)
    found = Portrait.objects.filter(card__in=cards).values_list("content", flat=True).first()
    if found is None:
        raise NotVisible
    return bytes(found)


@dataclass(frozen=True, slots=True)
class Town:
    """Another municipality, and how far the actor is there: not, waiting since, or asked there since."""

    municipality_id: UUID
    name: str
    elsewhere_id: UUID | None
    since: datetime | None
    # Who the actor is there, and how many notices wait there.
    account_id: UUID | None
    unread: int

    @property
    def taken(self) -> bool:
        return self.account_id is not None


NOT_THERE = (None, None, None, 0)


@dataclass(frozen=True, slots=True)
class ElsewherePage:
    """`guest` is who is here from another municipality: of the others only that one stands there."""

    towns: tuple[Town, ...]
    guest: bool


def elsewhere(actor: Actor, *, at: datetime) -> ElsewherePage:
    """The other municipalities of this installation, and where the actor is asked as well. 3 queries."""
    rows = Elsewhere.objects.visible_to(actor, at=at).of(actor).lasting(local_day(at), asked=True)
    ends = {one.far_from(actor.account): one for one in rows}
    waiting = Notice.objects.filter(account__in=[who for _town, who in ends if who], read_at=None)
    unread = dict(waiting.values_list("account").annotate(Count("pk")))
    mine = {
        town: (one.pk, one.answered_at or one.offered_at, who, unread.get(who, 0))
        for (town, who), one in ends.items()
    }
    guest = any(one.account_id == actor.account_id for one in ends.values())
    towns = (
        Town(pk, name, *mine.get(pk, NOT_THERE))
        for pk, name in other_municipalities(actor.municipality_id)
        if pk in mine or not guest
    )
    return ElsewherePage(tuple(towns), guest)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the actor works as well, and as whom; `is_there` who is at the far end now."""

    elsewhere_id: UUID
    municipality_id: UUID
    town: str
    account_id: UUID
    is_there: bool


def crossing(actor: Actor, elsewhere_id: UUID, *, at: datetime) -> Crossing:
    """The way to the other municipality, or back. `NotVisible` where no help is given any more. 1 query."""
    rows = Elsewhere.objects.visible_to(actor, at=at).of(actor).lasting(local_day(at))
    one = rows.select_related("there").with_town().filter(pk=elsewhere_id).first()
    if one is None:
        raise NotVisible
    municipality_id, account_id = one.far_from(actor.account)
    assert account_id is not None
    back = account_id == one.home_id
    return Crossing(
        elsewhere_id=one.pk,
        municipality_id=municipality_id,
        town=one.town if back else one.there.name,  # type: ignore[attr-defined]  # annotated
        account_id=account_id,
        is_there=back,
    )


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """Somebody of another municipality: what they can do, of that what is known here, and since when."""

    elsewhere_id: UUID
    name: str
    title: str
    can_do: str
    partner: str
    town: str
    register: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    since: datetime
    taken: bool


def from_elsewhere(actor: Actor, *, at: datetime) -> tuple[OfferedLine, ...]:
    """Who offers to be asked here, and who is. 4 queries."""
    rows = Elsewhere.objects.visible_to(actor, at=at).lasting(local_day(at), asked=True)
    offered = {one.home_id: one for one in rows.with_town().filter(there=actor.municipality_id)}
    people = (
        Professional.objects.filter(account__in=offered)
        .annotate(registers=registers_of("pk", local_day(at)))
        .select_related("account", "partner")
        .prefetch_related("expertises")
        .order_by("account__first_name", "pk")
    )
    here = set(Expertise.objects.filter(municipality_id=actor.municipality_id).values_list("slug", flat=True))
    found = []
    for who in people:
        one, can = offered[who.account_id], who.expertises.all()
        found.append(
            OfferedLine(
                elsewhere_id=one.pk,
                name=who.account.name,
                title=who.title,
                can_do=who.can_do,
                partner=who.partner.name,
                town=one.town,  # type: ignore[attr-defined]  # annotated
                register=registers_in_words(who.registers),  # type: ignore[attr-defined]  # annotated
                known=tuple(skill.name for skill in can if skill.slug in here),
                unknown=tuple(skill.name for skill in can if skill.slug not in here),
                since=one.answered_at or one.offered_at,
                taken=one.account_id is not None,
            )
        )
    return tuple(found)


def _languages(codes: Iterable[str]) -> tuple[str, ...]:
    known: Collection[str] = set(Language.values)
    names: list[Words] = [Language(code).label for code in codes if code in known]
    return tuple(str(name) for name in names)
