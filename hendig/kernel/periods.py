"""Periods of whole days, both ends included; an open end has no last day."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: Period) -> bool:
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )


# The days that somebody can mean: another is a slip of the hand, and reckoning from it ends in no day at all.
CALENDAR = Period(date(1900, 1, 1), date(2199, 12, 31))


def month_of(day: date) -> Period:
    """The calendar month in which `day` lies."""
    last = calendar.monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=last))


def begins(day: date) -> datetime:
    """The moment at which a day begins in the Netherlands."""
    return datetime.combine(day, time.min, tzinfo=AMSTERDAM)


def is_over(day: date) -> datetime:
    """The moment at which a day is over in the Netherlands."""
    return begins(day + timedelta(days=1))


def local_day(at: datetime) -> date:
    """The calendar day in the Netherlands at the moment `at` (which must be aware)."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return at.astimezone(AMSTERDAM).date()


def day_began(at: datetime) -> datetime:
    """The moment at which the day of `at` began in the Netherlands."""
    return at.astimezone(AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def working_days_after(day: date, count: int) -> date:
    """The day that is so many working days later: Saturday and Sunday do not count."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
