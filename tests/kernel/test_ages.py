"""Birthdays act on their day, not a day sooner or later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.ages import Band, age_on, band_on, birthday

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 12, 31))
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("years", "before", "after"),
    [
        (12, Band.UNDER_12, Band.FROM_12),
        (16, Band.FROM_12, Band.FROM_16),
        (18, Band.FROM_16, Band.ADULT),
    ],
)
@pytest.mark.parametrize(
    "born_on", [date(2014, 11, 22), date(2012, 2, 29), date(2013, 1, 1), date(2013, 12, 31)]
)
def test_say_over_help_changes_on_the_birthday_itself(
    born_on: date, years: int, before: Band, after: Band
) -> None:
    day = birthday(born_on, years)
    assert (age_on(born_on, day - ONE), age_on(born_on, day)) == (years - 1, years)
    assert (band_on(born_on, day - ONE), band_on(born_on, day)) == (before, after)


@pytest.mark.parametrize(
    ("age", "day"),
    [(1, date(2013, 3, 1)), (4, date(2016, 2, 29)), (12, date(2024, 2, 29)), (18, date(2030, 3, 1))],
)
def test_whoever_was_born_on_29_february_has_it_on_1_march_in_other_years(age: int, day: date) -> None:
    assert birthday(date(2012, 2, 29), age) == day
    assert age_on(date(2012, 2, 29), day) == age
    assert age_on(date(2012, 2, 29), day - ONE) == age - 1


def test_1900_was_no_leap_year_and_2000_was() -> None:
    assert birthday(date(1896, 2, 29), 4) == date(1900, 3, 1)
    assert birthday(date(1996, 2, 29), 4) == date(2000, 2, 29)


@given(born_on=DAYS, lived=st.integers(min_value=0, max_value=36_500))
def test_an_age_is_the_last_birthday_that_was_had(born_on: date, lived: int) -> None:
    on = born_on + timedelta(days=lived)
    age = age_on(born_on, on)
    assert birthday(born_on, age) <= on < birthday(born_on, age + 1)


@given(born_on=DAYS, lived=st.integers(min_value=0, max_value=36_500))
def test_nobody_grows_younger_and_nobody_skips_a_year(born_on: date, lived: int) -> None:
    on = born_on + timedelta(days=lived)
    assert age_on(born_on, on + ONE) - age_on(born_on, on) in {0, 1}


@given(born_on=DAYS, early=st.integers(min_value=1, max_value=5_000))
def test_before_the_birth_there_is_no_age(born_on: date, early: int) -> None:
    with pytest.raises(ValueError, match="not yet born"):
        age_on(born_on, born_on - timedelta(days=early))
