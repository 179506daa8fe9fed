"""Which pots there can be, what may be set aside, and what a year comes to if help goes on as it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import sqrt
from statistics import NormalDist, fmean, stdev
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hendig.billing.models import OLDEST, Pot
from hendig.billing.rules.agreements import words_of
from hendig.kernel.money import half_up
from hendig.kernel.periods import Period
from hendig.kernel.refusal import Refusal, Words

# Amounts of a pot are told in hundreds of euros: what one family adds is not read off two looks.
STEP = 10_000
MOST_CENTS = 100_000_000_000
# What went before is looked at in whole weeks: fewer than these tell nothing, and older ones too little.
LEAST_WEEKS, MOST_WEEKS = 8, 26
# Of five years of which this is said, four end within the bounds.
CHANCE = 0.8
WEEK = timedelta(days=7)


class Part(StrEnum):
    """How far the money of a pot is on its way."""

    PAID = "paid"
    INVOICED = "invoiced"
    KEPT = "kept"
    BOUND = "bound"


PARTS: Mapping[Part, Words] = {
    Part.PAID: _("betaald"),
    Part.INVOICED: _("gefactureerd"),
    Part.KEPT: _("geweest, nog niet gefactureerd"),
    Part.BOUND: _("gepland"),
}


@dataclass(slots=True)
class Sums:
    """What falls under one pot, before anything is hidden."""

    cents: dict[Part, int] = field(default_factory=lambda: dict.fromkeys(Part, 0))
    families: dict[Part, set[UUID]] = field(default_factory=lambda: {part: set() for part in Part})
    by_day: list[tuple[date, int]] = field(default_factory=list)
    unpriced: int = 0

    def add(self, part: Part, cents: int, families: Iterable[UUID]) -> None:
        if cents:
            self.cents[part] += cents
            self.families[part].update(families)

    @property
    def everyone(self) -> int:
        return len(set().union(*self.families.values()))

    @property
    def total(self) -> int:
        return sum(self.cents.values())

    @property
    def spent(self) -> int:
        return self.total - self.cents[Part.BOUND]


@dataclass(frozen=True, slots=True)
class Population:
    """Of whom the help falls under a pot: children of these ages, in one part of the town or in all of it."""

    neighbourhood: str = ""
    youngest: int = 0
    oldest: int = OLDEST

    def overlaps(self, other: Population) -> bool:
        """Whether a child can be of both."""
        here, there = (one.neighbourhood.strip().lower() for one in (self, other))
        near = not here or not there or here == there
        return near and self.youngest <= other.oldest and other.youngest <= self.oldest


def population_of(pot: Pot) -> Population:
    return Population(pot.neighbourhood, pot.youngest, pot.oldest)


def why_no_pot(
    name: str, population: Population, year: int, today: date, others: Iterable[tuple[str, Population]]
) -> Refusal | None:
    """Why this pot cannot be made; `others` are the pots of the year by name.

    A family's help falls under one pot at the most, so that nothing is counted twice and no two pots tell by
    their difference what a few families cost.
    """
    if not today.year - 1 <= year <= today.year + 1:
        return Refusal("pot.other_year", _("Kies dit jaar, het vorige of het volgende."))
    if population.youngest > population.oldest:
        return Refusal("pot.ages", _("De eerste leeftijd is hoger dan de laatste."))
    for other, theirs in others:
        if other.strip().lower() == name.strip().lower():
            return Refusal("pot.name", _("Er is al een pot met deze naam in dit jaar."))
        if population.overlaps(theirs):
            return Refusal(
                "pot.overlaps",
                format_lazy(
                    _("Deze pot overlapt met “{other}”. Een gezin valt in hoogstens één pot."), other=other
                ),
            )
    return None


def why_no_amount(cents: int, from_on: date, year: Period, latest: date | None) -> Refusal | None:
    """Why this amount cannot hold from that day on; what was set stays, so it begins no earlier."""
    if not 0 <= cents <= MOST_CENTS:
        return Refusal("pot.amount", _("Vul een bedrag in van 0 tot en met 1 miljard euro."))
    if not year.covers(from_on):
        return Refusal("pot.outside_year", _("Kies een dag in het jaar van deze pot."))
    if latest is not None and from_on < latest:
        return Refusal(
            "pot.before_latest",
            format_lazy(
                _("Er geldt al een bedrag vanaf {day}. Kies die dag of een latere."), day=words_of(latest)
            ),
        )
    return None


def in_hundreds(cents: int) -> int:
    """The amount as it is told."""
    return half_up(Decimal(cents) / STEP) * STEP


def week_of(day: date) -> date:
    """The Monday of the week in which the day lies."""
    return day - timedelta(days=day.weekday())


def looked_back(today: date) -> Period:
    """The whole weeks before this one from which is looked ahead."""
    monday = week_of(today)
    return Period(monday - MOST_WEEKS * WEEK, monday - timedelta(days=1))


def by_week(costs: Iterable[tuple[date, int]], today: date) -> tuple[int, ...]:
    """What each whole week cost, from the first one with help; weeks without any among them."""
    seen = looked_back(today)
    weeks: dict[date, int] = {}
    for day, cents in costs:
        if cents and seen.covers(day):
            weeks[week_of(day)] = weeks.get(week_of(day), 0) + cents
    if not weeks or seen.last is None:
        return ()
    first = min(weeks)
    count = (seen.last - first).days // 7 + 1
    return tuple(weeks.get(first + place * WEEK, 0) for place in range(count))


@dataclass(frozen=True, slots=True)
class Expected:
    """What a year comes to, in four of five cases from `low` to `high`, and on how many weeks that rests."""

    low: int
    middle: int
    high: int
    weeks: int


def expected(weeks: Sequence[int], *, spent: int, bound: int, days_left: int) -> Expected | None:
    """What the year comes to if each week to come is like those before; None when those are too few.

    The mean of the weeks times the weeks that are left, and no less than what is planned already. Around it
    the bounds of a sum of independent weeks whose mean is itself only known from these: a prediction
    interval, Student's t by its first correction on the normal one. It knows no holidays and no growth.
    """
    if len(weeks) < LEAST_WEEKS:
        return None
    number, left = len(weeks), days_left / 7
    normal = NormalDist().inv_cdf((1 + CHANCE) / 2)
    wide = normal + (normal**3 + normal) / (4 * (number - 1))
    margin = wide * stdev(weeks) * sqrt(left + left * left / number)
    middle = spent + max(bound, fmean(weeks) * left)
    return Expected(
        low=max(spent, round(middle - margin)),
        middle=round(middle),
        high=round(middle + margin),
        weeks=number,
    )
