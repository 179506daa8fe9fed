"""Tents that come back: which places they have, and which of them are free."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from hendig.kernel.periods import AMSTERDAM, Period, local_day
from hendig.kernel.refusal import Refusal
from hendig.tents.models import RecurringTent, Tent, TentStage

# So far ahead a place can be taken.
AHEAD_FOR = timedelta(weeks=8)
EARLIEST, LATEST = time(7), time(22)
SHORTEST, LONGEST, MOST_FAMILIES = 30, 240, 8
LONGEST_TALK = timedelta(minutes=LONGEST)
EVERY_WEEKS = (1, 2, 4)


# From when until when.
Span = tuple[datetime, datetime]


class Spanning(Protocol):
    """Something that goes on from one moment to another."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


def overlaps(span: Span, others: Iterable[Spanning]) -> bool:
    """Whether one of these goes on at any moment of that time; right after it one is free."""
    first, last = span
    return any(one.starts_at < last and one.ends_at > first for one in others)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days a tent comes back, and its places on such a day."""

    weekday: int
    every_weeks: int
    starts_at: time
    minutes: int
    families: int
    period: Period

    @classmethod
    def of(cls, row: RecurringTent) -> Rhythm:
        return cls(
            row.weekday,
            row.every_weeks,
            row.starts_at,
            row.minutes,
            row.families,
            Period(row.from_on, row.until_on),
        )

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last` on which it is there, counted from the first week of its period."""
        day = self.period.first + timedelta(days=(self.weekday - self.period.first.weekday()) % 7)
        step = timedelta(weeks=self.every_weeks)
        if day < first:
            day += -((day - first) // step) * step
        while day <= last and self.period.covers(day):
            yield day
            day += step

    def slots_on(self, day: date) -> tuple[datetime, ...]:
        """The moments at which a family can begin, one after the other, on the clock on the wall."""
        begins = datetime.combine(day, self.starts_at, AMSTERDAM)
        return tuple(begins + timedelta(minutes=self.minutes * place) for place in range(self.families))

    @property
    def ends_at(self) -> datetime:
        """When the last family goes home, on any one day."""
        return self.slots_on(self.period.first)[-1] + timedelta(minutes=self.minutes)


def why_no_rhythm(rhythm: Rhythm) -> Refusal | None:
    """Why a tent cannot come back like this."""
    if rhythm.every_weeks not in EVERY_WEEKS:
        return Refusal(
            "recurring.every", _("Kies of de tent er elke week, om de week of elke vier weken is.")
        )
    if not SHORTEST <= rhythm.minutes <= LONGEST or not 1 <= rhythm.families <= MOST_FAMILIES:
        return Refusal(
            "recurring.size",
            _("Een gesprek duurt 30 tot 240 minuten. Er is plaats voor 1 tot 8 gezinnen."),
        )
    ends = rhythm.ends_at
    if rhythm.starts_at < EARLIEST or ends.date() != rhythm.period.first or ends.time() > LATEST:
        return Refusal(
            "recurring.hours", _("Alle gesprekken liggen tussen 7 uur ’s ochtends en 10 uur ’s avonds.")
        )
    if rhythm.period.last is not None and rhythm.period.last < rhythm.period.first:
        return Refusal("recurring.ends_before_start", _("De laatste dag ligt voor de eerste dag."))
    return None


def why_nowhere(*, somewhere: bool) -> Refusal | None:
    """Why a tent cannot be there: neither a place nor a link is known."""
    if somewhere:
        return None
    return Refusal("tent.nowhere", _("Vul een plaats in, of een link om elkaar met beeld te zien."))


def why_not_stop(rhythm: Rhythm, last: date, latest_taken: date | None) -> Refusal | None:
    """Why it cannot come back for the last time on that day: who has a place keeps it."""
    if rhythm.period.last is not None and last >= rhythm.period.last:
        return Refusal("recurring.has_ended", _("Deze tent stopt al eerder."))
    if latest_taken is not None and last < latest_taken:
        return Refusal(
            "recurring.taken", _("Na die dag heeft nog een gezin een plek. Verzet dat gesprek eerst.")
        )
    if last < rhythm.period.first:
        return Refusal("recurring.ends_before_start", _("De laatste dag ligt voor de eerste dag."))
    return None


def why_not_slot(
    rhythm: Rhythm, starts_at: datetime, *, taken: Collection[datetime], at: datetime
) -> Refusal | None:
    """Why a family cannot come at this moment of a tent that comes back."""
    day = local_day(starts_at)
    if starts_at not in (slot for found in rhythm.days(day, day) for slot in rhythm.slots_on(found)):
        return Refusal("tent.no_such_slot", _("Deze plek is er niet meer. Kies een andere."))
    if starts_at <= at:
        return Refusal("tent.in_the_past", _("Dit moment is al geweest. Kies een moment dat nog komt."))
    if starts_at > at + AHEAD_FOR:
        return Refusal("tent.too_far_ahead", _("Kies een plek in de komende acht weken."))
    if starts_at in taken:
        return Refusal("tent.slot_taken", _("Deze plek is net weg. Kies een andere."))
    return None


def why_not_move(tent: Tent, *, is_coach: bool, same: bool, somewhere: bool, past: bool) -> Refusal | None:
    """Why the meeting cannot be at another moment or another place."""
    if not is_coach:
        return Refusal("tent.coach_moves", _("Alleen de gezinscoach van dit gezin verzet een tent."))
    if tent.stage not in {TentStage.CALLING, TentStage.PLANNED}:
        return Refusal(
            "tent.too_late_to_move", _("Deze tent is al begonnen of voorbij. Verzetten kan niet meer.")
        )
    if past:
        return Refusal("tent.in_the_past", _("Dit moment is al geweest. Kies een moment dat nog komt."))
    if (no := why_nowhere(somewhere=somewhere)) is not None:
        return no
    if same:
        return Refusal("tent.not_moved", _("De tent is al op dit moment en op deze plaats."))
    return None
