"""Peelrand while it is being built: who is there, what time it is, and when things are."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hendig.demo.timeline import Story, Timeline
from hendig.kernel.actor import Actor
from hendig.kernel.ages import birthday
from hendig.kernel.periods import AMSTERDAM, local_day
from hendig.people import queries

HISTORY = timedelta(days=182)


@dataclass(slots=True)
class Town:
    """Everybody is found by a short name of our own, never by a name on a page."""

    municipality_id: UUID
    seed: int
    today: date
    timeline: Timeline
    accounts: dict[str, UUID] = field(default_factory=dict)
    professionals: dict[str, UUID] = field(default_factory=dict)
    works_for: dict[str, str] = field(default_factory=dict)
    partners: dict[str, UUID] = field(default_factory=dict)
    expertises: dict[str, UUID] = field(default_factory=dict)
    codes: dict[str, UUID] = field(default_factory=dict)
    recurring: dict[str, UUID] = field(default_factory=dict)
    months_worked: dict[str, set[date]] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.timeline.at

    @property
    def system(self) -> Actor:
        return Actor.system(self.municipality_id)

    @property
    def visitor(self) -> Actor:
        return Actor.visitor(self.municipality_id)

    def actor(self, who: str) -> Actor:
        """Who this person is, as a request of theirs would know it."""
        if who not in self.actors:
            found = queries.me(self.accounts[who], on=local_day(self.at))
            if found is None:
                raise LookupError(who)
            self.actors[who] = found.actor
        return self.actors[who]

    def begin(self, story: Story) -> None:
        self.timeline.begin(story)

    def on(self, days: int, clock: str, *, weekend: bool = False) -> datetime:
        """So many days from today (negative: before it) at that time; work of a weekend is done on Friday."""
        day = self.today + timedelta(days=days)
        if not weekend:
            day -= timedelta(days=max(day.weekday() - 4, 0))
        return at_clock(day, clock)

    def every(self, weekday: int, days: int, clock: str) -> datetime:
        """The first such weekday (Monday is 0) from that many days from today on, at that time."""
        day = self.today + timedelta(days=days)
        return at_clock(day + timedelta(days=(weekday - day.weekday()) % 7), clock)

    def born(self, age: int, days_ago: int = 100) -> date:
        """The birth date of somebody who became `age` that many days ago (still to come: negative)."""
        day = self.today - timedelta(days=days_ago)
        return birthday(day, -age) if (day.month, day.day) != (2, 29) else date(day.year - age, 3, 1)

    def chance(self, story: str) -> random.Random:
        """The chance of one story: the same for the same seed, whatever the other stories do."""
        return random.Random(f"{self.seed}:{story}")  # noqa: S311 - it decides a story, it guards nothing


def at_clock(day: date, clock: str) -> datetime:
    """That day at that time on the wall in the Netherlands."""
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time(hour, minute), AMSTERDAM)
