"""Tents in lists: of a family, of a professional, of who sits at them; and who can be asked for a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, DateField, DateTimeField, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from hendig.audit.actions import Viewing
from hendig.audit.models.composed import Composed, ComposedWithin
from hendig.directory.queries import photo_of
from hendig.families.models import Involvement, Part
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Actor
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.kernel.refusal import NotVisible, Refusal
from hendig.people.models import registers_of
from hendig.people.rules.registered import registers_in_words
from hendig.tents import rules
from hendig.tents.models import AHEAD, HELD, Piece, Seat, SeatQuerySet, SeatStage, Tent, TentStage

BEFORE = (TentStage.CALLING, TentStage.PLANNED)
STAYS_ON_THE_LIST = timedelta(days=14)
ASKS_UNTIL = timedelta(days=1)
FIRST = (SeatStage.FREE, SeatStage.WELCOME, SeatStage.ASKED, SeatStage.BUSY, SeatStage.REFUSED)


@dataclass(frozen=True, slots=True)
class Guest:
    """A professional on a seat, as the family sees them; the refusals grey out the buttons."""

    seat_id: UUID
    account_id: UUID
    first_name: str
    last_name: str
    photo: str
    title: str
    can_do: str
    register: str
    unless: str
    expertise: str
    stage: str
    stage_words: str
    not_welcome: Refusal | None
    not_refuse: Refusal | None
    # Held for another tent around the same time; only the coach is told, and it stays possible.
    clashes: bool = False

    @property
    def is_free(self) -> bool:
        return self.stage == SeatStage.FREE

    @property
    def is_welcome(self) -> bool:
        return self.stage == SeatStage.WELCOME

    @property
    def is_refused(self) -> bool:
        return self.stage == SeatStage.REFUSED


@dataclass(frozen=True, slots=True)
class FamilyTent:
    """A tent on the family's page."""

    id: UUID
    request_id: UUID
    starts_at: datetime
    place: str
    video_link: str
    stage: str
    stage_words: str
    guests: tuple[Guest, ...]
    page_stage: str
    own: bool
    chooses: bool

    @property
    def welcome(self) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests if guest.is_welcome)

    @property
    def free(self) -> tuple[Guest, ...]:
        return tuple(guest for guest in self.guests if guest.is_free)

    @property
    def is_ahead(self) -> bool:
        return self.stage in AHEAD

    @property
    def is_meeting(self) -> bool:
        return self.stage == TentStage.MEETING

    @property
    def is_over(self) -> bool:
        return not self.is_ahead and not self.waits_for_agreement

    @property
    def waits_for_agreement(self) -> bool:
        return self.page_stage == "draft"

    @property
    def waits_for_me(self) -> bool:
        """Whether it is up to the reader, of the family: who may come, the talk itself, the page."""
        return self.own and (bool(self.chooses and self.free) or self.is_meeting or self.waits_for_agreement)


@dataclass(frozen=True, slots=True)
class AskedSeat:
    """A question that asks for an expertise, without a name of the family: what, when, how, roughly where."""

    id: UUID
    tent_id: UUID
    expertise: str
    starts_at: datetime
    by_video: bool
    neighbourhood: str
    stage: str
    not_can: Refusal | None
    not_cannot: Refusal | None
    # The person asked has another tent around the same time.
    clashes: bool

    @property
    def is_asked(self) -> bool:
        return self.stage == SeatStage.ASKED

    @property
    def is_free(self) -> bool:
        return self.stage == SeatStage.FREE

    @property
    def is_welcome(self) -> bool:
        return self.stage == SeatStage.WELCOME


@dataclass(frozen=True, slots=True)
class MyTent:
    """A tent at which the actor sits."""

    id: UUID
    family: str
    starts_at: datetime
    place: str
    by_video: bool
    stage: str
    stage_words: str
    page_stage: str


@dataclass(frozen=True, slots=True)
class ToPrepare:
    """A tent ahead: how many did not answer yet, and of how many the family still says who may come."""

    id: UUID
    family: str
    starts_at: datetime
    stage_words: str
    asked: int
    free: int
    today: bool


def tents_of(look: Viewing) -> tuple[FamilyTent, ...]:
    """The tents of the family that this actor sees, newest first. 2 queries."""
    tents = _newest(look)
    own = look.part in {Part.FAMILY, Part.CONFIDANT, Part.COACH}
    guests = guests_of(look, tents, all_of_them=own)
    return tuple(
        FamilyTent(
            id=tent.pk,
            request_id=tent.request_id,
            starts_at=tent.starts_at,
            place=tent.place,
            video_link=tent.video_link,
            stage=tent.stage,
            stage_words=tent.get_stage_display(),
            guests=tuple(guests[tent.pk]),
            page_stage=tent.page.stage if hasattr(tent, "page") else "",
            own=look.part == Part.FAMILY,
            chooses=look.part == Part.FAMILY and tent.stage in AHEAD,
        )
        for tent in tents
    )


@ComposedWithin
def _newest(look: Viewing) -> QuerySet[Tent]:
    rows = Tent.objects.visible_to(look.actor, at=look.at).within(look)
    return rows.select_related("page").order_by("-id")[:20]


def guests_of(look: Viewing, tents: list[Tent], *, all_of_them: bool) -> dict[UUID, list[Guest]]:
    """Who was asked for each tent; a guest sees only who is welcome. 1 query, without tents none."""
    by_tent: dict[UUID, list[Seat]] = {tent.pk: [] for tent in tents}
    if not by_tent:
        return {}
    stage = None if all_of_them else SeatStage.WELCOME
    seats = _held_at if look.part == Part.COACH else _seats_at
    for seat in seats(look.actor, look.at, tents=list(by_tent), stage=stage):
        by_tent[seat.tent_id].append(seat)
    return {tent.pk: _guests(tent, by_tent[tent.pk], look.part) for tent in tents}


def guests_at(look: Viewing, tent: Tent, *, all_of_them: bool) -> list[Guest]:
    """The same of one tent: it is asked for again at each change at the table. 1 query.

    For what else somebody is held is only counted for the coach, until the talk begins.
    """
    stage = None if all_of_them else SeatStage.WELCOME
    seats = _held_at if look.part == Part.COACH and tent.stage in BEFORE else _seats_at
    return _guests(tent, seats(look.actor, look.at, tents=[tent.pk], stage=stage), look.part)


@Composed
def _seats_at(_actor: Actor, _at: datetime, tents: Sequence[UUID], stage: SeatStage | None) -> QuerySet[Seat]:
    return _seats(stage).filter(tent__one_of=tents)


@Composed
def _held_at(_actor: Actor, _at: datetime, tents: Sequence[UUID], stage: SeatStage | None) -> QuerySet[Seat]:
    return _seats(stage).with_clashes().filter(tent__one_of=tents)


def _seats(stage: SeatStage | None) -> SeatQuerySet:
    here = Func(
        Value(str(AMSTERDAM)), OuterRef("tent__starts_at"), function="timezone", output_field=DateTimeField()
    )
    seats = Seat.objects.order_by("id")
    seats = seats.annotate(registers=registers_of("professional_id", Cast(here, DateField())))
    if stage is not None:
        seats = seats.filter(stage=stage)
    return seats.select_related("professional__account", "professional__card", "expertise")


def _guests(tent: Tent, seats: Iterable[Seat], part: str) -> list[Guest]:
    # Whoever waits for the family's word stands first, who does not come last.
    return sorted((_guest(tent, one, part) for one in seats), key=lambda one: FIRST.index(one.stage))


def _guest(tent: Tent, seat: Seat, part: str) -> Guest:
    person = seat.professional
    return Guest(
        seat_id=seat.pk,
        account_id=person.account_id,
        first_name=person.account.first_name,
        last_name=person.account.last_name,
        photo=photo_of(person),
        title=person.title,
        can_do=person.can_do,
        register=registers_in_words(seat.registers),  # type: ignore[attr-defined]  # annotated
        unless=person.unless,
        expertise=seat.expertise.name,
        stage=seat.stage,
        stage_words=str(seat.get_stage_display()),
        not_welcome=rules.why_not_welcome(tent, seat, part=part, again=True),
        not_refuse=rules.why_not_refuse(seat, part=part),
        clashes=_clashes(seat),
    )


def _clashes(seat: Seat) -> bool:
    """Where it was not counted nobody is told."""
    return seat.stage in HELD and vars(seat).get("around", 0) > 1


def seats_for(actor: Actor, *, at: datetime) -> tuple[AskedSeat, ...]:
    """The tents that ask for this professional, soonest first, without a word of the family. 1 query.

    One whose day has passed without beginning asks for nobody any more.
    """
    if actor.professional_id is None:
        return ()
    return tuple(
        AskedSeat(
            id=seat.pk,
            tent_id=seat.tent_id,
            expertise=seat.expertise.name,
            starts_at=seat.tent.starts_at,
            by_video=not seat.tent.place,
            neighbourhood=seat.family.neighbourhood,
            stage=seat.stage,
            not_can=rules.why_not_answer(seat.tent, seat, to=SeatStage.FREE, own=True),
            not_cannot=rules.why_not_answer(seat.tent, seat, to=SeatStage.BUSY, own=True),
            clashes=_clashes(seat),
        )
        for seat in _asked_of(actor, at, professional_id=actor.professional_id)
    )


@Composed
def _asked_of(actor: Actor, at: datetime, professional_id: UUID) -> QuerySet[Seat]:
    rows = Seat.objects.filter(
        municipality_id=actor.municipality_id,
        professional_id=professional_id,
        stage__in=HELD,
        tent__stage__in=AHEAD,
        tent__starts_at__gt=at - ASKS_UNTIL,
    )
    joined = rows.select_related("tent", "expertise", "family").with_clashes()
    return joined.order_by("tent__starts_at", "id")[:50]


def seats_to_remind(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Who was asked for a tent to come and did not answer: municipality and seat. 1 query."""
    rows = Seat.objects.filter(
        stage=SeatStage.ASKED,
        reminded_at=None,
        asked_at__lte=at - rules.REMIND_AFTER,
        tent__stage__in=[TentStage.CALLING, TentStage.PLANNED],
        tent__starts_at__gt=at,
    )
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


def my_tents(actor: Actor, *, at: datetime) -> tuple[MyTent, ...]:
    """The tents at which the actor sits: those ahead, and those of the last two weeks. 1 query."""
    return tuple(
        MyTent(
            id=tent.pk,
            family=tent.family.name,
            starts_at=tent.starts_at,
            place=tent.place,
            by_video=not tent.place,
            stage=tent.stage,
            stage_words=tent.get_stage_display(),
            page_stage=tent.page.stage if hasattr(tent, "page") else "",
        )
        for tent in _sits_at(actor, at)
    )


@Composed
def _sits_at(actor: Actor, at: datetime) -> QuerySet[Tent]:
    # Whoever sits at a tent is involved with its family: from there PostgreSQL comes by index, at any size.
    involved = Involvement.objects.standing(at).filter(account_id=actor.account).values("family")
    rows = (
        Tent.objects.visible_to(actor, at=at).filter(family__in=involved).exclude(stage=TentStage.CANCELLED)
    )
    recent = rows.filter(Q(stage__in=AHEAD) | Q(closed_at__gt=at - STAYS_ON_THE_LIST))
    return recent.select_related("family", "page").order_by("starts_at", "id")[:50]


def to_prepare(actor: Actor, *, at: datetime) -> tuple[ToPrepare, ...]:
    """The tents ahead of the families that the actor coaches, soonest first, and what waits. 1 query."""
    coached = Involvement.objects.standing(at).filter(account_id=actor.account, part=Part.COACH)
    ahead = Tent.objects.visible_to(actor, at=at).filter(
        family__in=coached.values("family"), stage__in=AHEAD, starts_at__gt=at - ASKS_UNTIL
    )
    rows = ahead.annotate(
        asked=Count("seats", filter=Q(seats__stage=SeatStage.ASKED)),
        free=Count("seats", filter=Q(seats__stage=SeatStage.FREE)),
    )
    return tuple(
        ToPrepare(
            id=tent.pk,
            family=tent.family.name,
            starts_at=tent.starts_at,
            stage_words=tent.get_stage_display(),
            asked=tent.asked,  # type: ignore[attr-defined]  # annotated
            free=tent.free,  # type: ignore[attr-defined]  # annotated
            today=local_day(tent.starts_at) == local_day(at),
        )
        for tent in rows.select_related("family").order_by("starts_at", "id")[:20]
    )


def family_of_request(actor: Actor, request_id: UUID, *, at: datetime) -> UUID:
    """Whose question it is. `NotVisible` for who is not involved. 1 query."""
    return _one(
        HelpRequest.objects.visible_to(actor, at=at)
        .filter(pk=request_id)
        .values_list("family_id", flat=True)
        .first()
    )


def family_of_tent(actor: Actor, tent_id: UUID, *, at: datetime) -> UUID:
    """Whose tent it is. `NotVisible` for who does not sit at it. 1 query."""
    return _one(next(iter(_family_of_tent(actor, at, tent_id=tent_id)), None))


@Composed
def _family_of_tent(actor: Actor, at: datetime, tent_id: UUID) -> QuerySet[Tent, UUID]:
    return Tent.objects.visible_to(actor, at=at).filter(pk=tent_id).values_list("family_id", flat=True)


def family_of_piece(actor: Actor, piece_id: UUID, *, at: datetime) -> UUID:
    """Whose tent it was said at. `NotVisible` for who does not read it. 1 query."""
    seen = Piece.objects.visible_to(actor, at=at).filter(pk=piece_id, removed_at=None)
    return _one(seen.values_list("family_id", flat=True).first())


def _one(family_id: UUID | None) -> UUID:
    if family_id is None:
        raise NotVisible
    return family_id
