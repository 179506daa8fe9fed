"""Tents that come back: the municipality says when, and until when."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from hendig.audit.actions import change
from hendig.kernel.actor import Actor
from hendig.kernel.periods import Period, local_day
from hendig.kernel.refusal import require
from hendig.people.rules import Permission, require_permission
from hendig.tents.models import MINUTES, RecurringTent
from hendig.tents.queries.slots import latest_taken
from hendig.tents.rules.slots import Rhythm, why_no_rhythm, why_not_stop, why_nowhere


def make_recurring(
    *,
    actor: Actor,
    name: str,
    weekday: int,
    starts_at: time,
    from_on: date,
    at: datetime,
    place: str = "",
    video_link: str = "",
    every_weeks: int = 1,
    minutes: int = MINUTES,
    families: int = 3,
    until_on: date | None = None,
) -> RecurringTent:
    """There is a tent on this weekday with so many places.

    Refused at night, for a size that is none, and without a place or a link.
    """
    require_permission(actor, Permission.KEEP_RECURRING_TENTS)
    rhythm = Rhythm(weekday, every_weeks, starts_at, minutes, families, Period(from_on, until_on))
    with change(actor, "recurring_tent.made", at=at) as act:
        require(why_no_rhythm(rhythm) or why_nowhere(somewhere=bool(place or video_link)))
        row = RecurringTent.objects.create(
            name=name,
            weekday=weekday,
            every_weeks=every_weeks,
            starts_at=starts_at,
            minutes=minutes,
            families=families,
            place=place,
            video_link=video_link,
            from_on=from_on,
            until_on=until_on,
        )
        act.record(row, weekday=weekday, every_weeks=every_weeks, families=families, from_on=from_on)
    return row


def stop_recurring(*, actor: Actor, recurring_id: UUID, until_on: date, at: datetime) -> RecurringTent:
    """It is there for the last time on that day. Refused while a family has a place after it."""
    require_permission(actor, Permission.KEEP_RECURRING_TENTS)
    with change(actor, "recurring_tent.stopped", at=at) as act:
        row = act.lock(RecurringTent.objects.filter(municipality_id=actor.municipality_id), recurring_id)
        last = latest_taken(row.pk, at=at)
        require(why_not_stop(Rhythm.of(row), until_on, local_day(last) if last else None))
        row.until_on = until_on
        row.save()
        act.record(row, until_on=until_on)
    return row
