"""Ages as the law counts them, in whole calendar days of Europe/Amsterdam.

A birthday acts at 00:00 of its day; whoever was born on 29 February has it on 1 March in other years.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Band(StrEnum):
    """The four stages of say over help (Jeugdwet art. 7.3.4 and 7.3.5)."""

    UNDER_12 = "under_12"
    FROM_12 = "from_12"
    FROM_16 = "from_16"
    ADULT = "adult"


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody born on `born_on` becomes `age`."""
    year = born_on.year + age
    if (born_on.month, born_on.day) == (2, 29) and not _leap(year):
        return date(year, 3, 1)
    return born_on.replace(year=year)


def age_on(born_on: date, on: date) -> int:
    """Whole years lived on the day `on`. ValueError when `on` lies before the birth."""
    if on < born_on:
        raise ValueError("not yet born on that day")
    years = on.year - born_on.year
    return years if birthday(born_on, years) <= on else years - 1


def band_on(born_on: date, on: date) -> Band:
    """The stage of say over help on the day `on`."""
    age = age_on(born_on, on)
    if age < 12:
        return Band.UNDER_12
    if age < 16:
        return Band.FROM_12
    return Band.FROM_16 if age < 18 else Band.ADULT


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
