"""Places in tents that come back: which are free, and how long a family waits for one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hendig.audit.actions import Viewing
from hendig.families.models import Part
from hendig.kernel.actor import Actor
from hendig.kernel.meetings import Meeting
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible, Refusal, Words
from hendig.people.models import Municipality
from hendig.people.rules import Permission, require_permission
from hendig.tents.models import RecurringTent, Tent, TentStage, Weekday
from hendig.tents.queries.engaged import Engaged, engaged
from hendig.tents.rules.slots import AHEAD_FOR, Rhythm, overlaps, why_not_move

# Taken moments over all families: the walls show nobody whose they are.
TAKEN = "SELECT recurring_id, starts_at FROM hendig_taken_slots(%s, %s, %s)"
SHOWN = 4

EVERY: dict[int, Words] = {1: _("elke"), 2: _("om de week op"), 4: _("elke vier weken op")}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that is free: when and how long, where or with video, and in how many days."""

    recurring_id: UUID
    starts_at: datetime
    name: str
    place: str
    by_video: bool
    days: int
    minutes: int
    # The coach or the family has something else then: it can be taken all the same.
    engaged: bool = False

    @property
    def where(self) -> Words:
        return where(self.place, by_video=self.by_video)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def wait(self) -> Words:
        return _wait(self.days)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A tent that is there today: from when until when, and where."""

    name: str
    starts_at: datetime
    ends_at: datetime
    where: Words


@dataclass(frozen=True, slots=True)
class Day:
    """One day on which a tent is there: how many places it has, and how many are free."""

    on: date
    families: int
    free: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """A tent that comes back, with its coming days and the first place that is free."""

    id: UUID
    name: str
    weekday: Words
    every: Words
    starts_at: time
    minutes: int
    families: int
    place: str
    video_link: str
    from_on: date
    until_on: date | None
    days: tuple[Day, ...]
    first_free: datetime | None
    wait: Words | None

    @property
    def where(self) -> Words:
        return where(self.place, by_video=bool(self.video_link))


@dataclass(frozen=True, slots=True)
class MovePage:
    """A tent that is to be at another moment: when it is now, where, and which places are free."""

    tent_id: UUID
    starts_at: datetime
    place: str
    video_link: str
    by_recurring: bool
    slots: tuple[Slot, ...]
    not_move: Refusal | None

    def as_typed(self) -> dict[str, object]:
        """The present moment as the form begins with it; what is for all is no place of one's own."""
        own = {"place": self.place, "video_link": self.video_link}
        return {"starts_at": self.starts_at, **({} if self.by_recurring else own)}


def move_page(look: Viewing, tent_id: UUID) -> MovePage:
    """The tent and the free places; `NotVisible` for who does not sit at it. 5 queries."""
    seen = Tent.objects.visible_to(look.actor, at=look.at).within(look).filter(pk=tent_id)
    tent = seen.select_related("family").first()
    if tent is None:
        raise NotVisible
    theirs = engaged(look, tent.family, until=look.at, besides=tent.pk)
    return MovePage(
        tent_id=tent.pk,
        starts_at=tent.starts_at,
        place=tent.place,
        video_link=tent.video_link,
        by_recurring=tent.recurring_id is not None,
        slots=with_engaged(free_slots(look.actor, at=look.at), theirs),
        not_move=why_not_move(tent, is_coach=look.part == Part.COACH, same=False, somewhere=True, past=False),
    )


def free_slots(actor: Actor, *, at: datetime) -> tuple[Slot, ...]:
    """Every free place in the coming weeks, the soonest first. 2 queries."""
    rows = _standing(actor, at)
    gone = taken([row.pk for row in rows], at, at + AHEAD_FOR)
    today = local_day(at)
    found = [
        Slot(
            recurring_id=row.pk,
            starts_at=slot,
            name=row.name,
            place=row.place,
            by_video=bool(row.video_link),
            days=(local_day(slot) - today).days,
            minutes=row.minutes,
        )
        for row in rows
        for day in Rhythm.of(row).days(today, today + AHEAD_FOR)
        for slot in Rhythm.of(row).slots_on(day)
        if slot > at and slot not in gone[row.pk]
    ]
    return tuple(sorted(found, key=lambda slot: (slot.starts_at, slot.name)))


def with_engaged(slots: Iterable[Slot], theirs: Collection[Engaged]) -> tuple[Slot, ...]:
    """The same places, each with whether the coach or the family has something else then. No query."""
    return tuple(replace(slot, engaged=overlaps((slot.starts_at, slot.ends_at), theirs)) for slot in slots)


def recurring_tents(actor: Actor, *, at: datetime) -> tuple[Recurring, ...]:
    """The tents that come back, with their coming days. 2 queries."""
    require_permission(actor, Permission.KEEP_RECURRING_TENTS)
    rows = _standing(actor, at)
    gone = taken([row.pk for row in rows], at, at + AHEAD_FOR)
    return tuple(_recurring(row, gone[row.pk], at) for row in rows)


def recurring_tent(actor: Actor, recurring_id: UUID, *, at: datetime) -> Recurring:
    """One of them; `NotVisible` for one of another municipality or that is over. 2 queries."""
    found = next((row for row in recurring_tents(actor, at=at) if row.id == recurring_id), None)
    if found is None:
        raise NotVisible
    return found


def fixed_on(actor: Actor, on: date, *, at: datetime) -> tuple[Fixed, ...]:
    """The tents that are there for all on this day, such as a surgery at the GP; the first first. 1 query."""
    found = (
        Fixed(
            name=row.name,
            starts_at=slots[0],
            ends_at=slots[-1] + timedelta(minutes=row.minutes),
            where=where(row.place, by_video=bool(row.video_link)),
        )
        for row in _standing(actor, at)
        for day in Rhythm.of(row).days(on, on)
        for slots in [Rhythm.of(row).slots_on(day)]
    )
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.name)))


def taken(
    recurring_ids: Collection[UUID], first: datetime, last: datetime
) -> dict[UUID, frozenset[datetime]]:
    """The moments that are given away, for each of these tents. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [list(recurring_ids), first, last])
        rows = cursor.fetchall()
    return {key: frozenset(moment for one, moment in rows if one == key) for key in recurring_ids}


def latest_taken(recurring_id: UUID, *, at: datetime) -> datetime | None:
    """The last moment to come that is given away. 1 query."""
    return max(taken([recurring_id], at, at + AHEAD_FOR)[recurring_id], default=None)


def meetings_to_remind(*, at: datetime, until: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Meetings planned until then of which nobody was reminded: municipality and tent. 1 query."""
    rows = Tent.objects.filter(
        stage=TentStage.PLANNED, reminded_at=None, starts_at__gt=at, starts_at__lte=until
    )
    return tuple(rows.order_by("id").values_list("municipality_id", "id"))


def meeting_of(tent: Tent, *, in_mail: bool = False) -> Meeting:
    """The tent as a calendar knows it.

    A mail says where only of the building of a tent for all, because any other may be somebody's home; and by
    which link one comes along from afar once it is planned, when all who hear of it are welcome. Until then
    it is tentative.
    """
    planned = tent.stage in {TentStage.PLANNED, TentStage.MEETING}
    building = tent.place if tent.recurring_id or not in_mail else ""
    link = tent.video_link if planned or not in_mail else ""
    door = Municipality.objects.door(tent.municipality_id)
    return Meeting(
        id=tent.pk,
        starts_at=tent.starts_at,
        ends_at=tent.ends_at,
        summary=_("Gesprek"),
        url=f"{door}{reverse('tent', args=[tent.pk])}",
        place=" – ".join(filter(None, (building, link))),
        edition=tent.edition,
        tentative=tent.stage == TentStage.CALLING,
        cancelled=tent.stage == TentStage.CANCELLED,
    )


def where(place: str, *, by_video: bool) -> Words:
    """Where a tent that comes back is, in words; never the link itself."""
    if not by_video:
        return place
    return format_lazy("{}, {}", place, _("of met beeld")) if place else _("met beeld")


def _standing(actor: Actor, at: datetime) -> list[RecurringTent]:
    rows = RecurringTent.objects.filter(municipality_id=actor.municipality_id)
    return [row for row in rows if row.until_on is None or row.until_on >= local_day(at)]


def _recurring(row: RecurringTent, gone: frozenset[datetime], at: datetime) -> Recurring:
    rhythm, today = Rhythm.of(row), local_day(at)
    days = list(rhythm.days(today, today + AHEAD_FOR))
    free = {day: [slot for slot in rhythm.slots_on(day) if slot > at and slot not in gone] for day in days}
    first = next((slots[0] for slots in free.values() if slots), None)
    return Recurring(
        id=row.pk,
        name=row.name,
        weekday=Weekday(row.weekday).label,
        every=EVERY[row.every_weeks],
        starts_at=row.starts_at,
        minutes=row.minutes,
        families=row.families,
        place=row.place,
        video_link=row.video_link,
        from_on=row.from_on,
        until_on=row.until_on,
        days=tuple(Day(day, row.families, len(free[day])) for day in days[:SHOWN]),
        first_free=first,
        # A moment of today says so itself.
        wait=_wait((local_day(first) - today).days) if first and local_day(first) != today else None,
    )


def _wait(days: int) -> Words:
    if days == 0:
        return _("vandaag")
    words = ngettext_lazy("over %(days)d dag", "over %(days)d dagen", "days")
    return format_lazy("{}", words % {"days": days})
