from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.terms import (
    Pause,
    after_months,
    after_weeks,
    due_on,
    easter,
    holidays,
    is_working_day,
    working_day_from,
)

DAYS = st.dates(date(2020, 1, 1), date(2080, 12, 31))
MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day


def test_the_holidays_of_2026() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_the_kings_day_is_a_day_earlier_when_it_would_be_a_sunday() -> None:
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (MONDAY, date(2026, 12, 28)),
        (date(2026, 10, 30), date(2026, 12, 28)),  # ends on the first day of Christmas, then a weekend
        (date(2026, 11, 7), date(2027, 1, 4)),  # ends on a Saturday after New Year's Day
    ],
)
def test_eight_weeks_end_on_a_working_day(received: date, last: date) -> None:
    assert due_on(received, on=received) == last


@pytest.mark.parametrize(
    ("ended_on", "seen_on", "days"),
    [
        (None, MONDAY, 0),
        (None, MONDAY + timedelta(days=1), 0),
        (None, MONDAY + timedelta(days=5), 4),
        (MONDAY + timedelta(days=7), MONDAY + timedelta(days=30), 6),
        (None, MONDAY + timedelta(days=60), 13),  # the term that was given lapsed unused
        (MONDAY + timedelta(days=40), MONDAY + timedelta(days=60), 13),  # an answer that came too late
        (MONDAY, MONDAY, 0),
    ],
)
def test_the_clock_stands_still_from_the_day_after_until_the_day_of_the_answer(
    ended_on: date | None, seen_on: date, days: int
) -> None:
    assert Pause(MONDAY, MONDAY + timedelta(days=14), ended_on).days(seen_on) == days


@given(DAYS, st.integers(0, 12))
def test_a_term_ends_on_a_working_day_and_at_most_a_few_days_late(day: date, weeks: int) -> None:
    end = due_on(day, extra_weeks=weeks, on=day)
    assert is_working_day(end)
    assert 0 <= (end - day).days - 7 * (8 + weeks) <= 5
    assert end >= due_on(day, on=day)


@given(DAYS, st.integers(0, 60), st.integers(1, 60), st.integers(0, 90))
def test_a_pause_never_shortens_a_term_and_never_counts_more_than_was_given(
    day: date, later: int, given_days: int, answered: int
) -> None:
    asked = day + timedelta(days=later)
    pause = Pause(asked, asked + timedelta(days=given_days), asked + timedelta(days=answered))
    assert 0 <= pause.days(date(2100, 1, 1)) < given_days
    assert due_on(day, pauses=[pause], on=date(2100, 1, 1)) >= due_on(day, on=day)


@given(DAYS)
def test_a_working_day_is_its_own_and_others_move_on(day: date) -> None:
    assert working_day_from(day) >= day
    assert working_day_from(working_day_from(day)) == working_day_from(day)


def test_two_weeks_and_three_months() -> None:
    assert after_weeks(MONDAY, 2) == date(2026, 11, 16)
    assert after_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert after_months(date(2026, 9, 30), 3) == date(2026, 12, 30)
    assert after_months(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert after_months(date(2026, 10, 31), 2) == date(2026, 12, 31)


@given(DAYS, st.integers(1, 24))
def test_months_later_is_the_same_day_or_the_end_of_the_month(day: date, months: int) -> None:
    end = after_months(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end + timedelta(days=1)).day == 1
