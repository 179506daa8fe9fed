"""Terms as the law counts them: in days, up to a working day, standing still while others are waited on.

Source: Algemene termijnenwet art. 1 and 3; Algemene wet bestuursrecht (Awb) art. 4:13–4:15.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DECISION_WEEKS = 8  # Awb art. 4:13 lid 2


@dataclass(frozen=True, slots=True)
class Pause:
    """An applicant was asked to complete the application (Awb art. 4:5 and 4:15 lid 1 a).

    `ended_on` is the day on which it was completed; None while nothing came. The pause never outlasts the day
    that was given for it.
    """

    asked_on: date
    answer_by: date
    ended_on: date | None = None

    def days(self, on: date) -> int:
        """How many days the clock stood still, seen from the day `on`.

        From the day after it was asked until the day on which it was completed or the term lapsed. "Until" is
        read as without that day itself: the reading that is shortest for who waits.
        """
        end = min(self.ended_on or on, self.answer_by)
        return max(0, (end - self.asked_on).days - 1)


def easter(year: int) -> date:
    """Easter Sunday (Gauss, in the form of Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> frozenset[date]:
    """The generally recognised holidays, Good Friday among them (Algemene termijnenwet art. 3)."""
    sunday = easter(year)
    king = date(year, 4, 27)
    return frozenset(
        {
            date(year, 1, 1),
            sunday - timedelta(days=2),
            sunday + timedelta(days=1),
            king if king.weekday() != 6 else king - timedelta(days=1),
            date(year, 5, 5),
            sunday + timedelta(days=39),
            sunday + timedelta(days=50),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after it (Algemene termijnenwet art. 1 lid 1)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def due_on(received_on: date, *, extra_weeks: int = 0, pauses: Iterable[Pause] = (), on: date) -> date:
    """The last day for a decision: eight weeks after the application came, an extension and the pauses more.

    Awb art. 4:13 lid 2 (eight weeks), 4:14 lid 3 (another reasonable term, told within the first), 4:15
    (pauses). `on` is the day from which a pause that still lasts is seen.
    """
    stood_still = sum(pause.days(on) for pause in pauses)
    return working_day_from(received_on + timedelta(weeks=DECISION_WEEKS + extra_weeks, days=stood_still))


def after_weeks(day: date, weeks: int) -> date:
    """The last day of a term of whole weeks that a law gives, counted from the day after `day`."""
    return working_day_from(day + timedelta(weeks=weeks))


def after_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that month is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))
