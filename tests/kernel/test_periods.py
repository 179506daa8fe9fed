"""Periods are whole days with both ends in them; a day is a day in the Netherlands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.ids import new_id
from hendig.kernel.periods import Period, local_day, month_of

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
periods = st.builds(
    lambda first, length: Period(first, None if length is None else first + timedelta(days=length)),
    days,
    st.none() | st.integers(0, 400),
)


@given(periods, periods)
def test_overlap_is_mutual_and_means_a_shared_day(one: Period, other: Period) -> None:
    shared = max(one.first, other.first)
    assert one.overlaps(other) == other.overlaps(one) == (one.covers(shared) and other.covers(shared))


@given(days)
def test_a_month_covers_its_days_and_not_the_next_first(day: date) -> None:
    month = month_of(day)
    assert month.covers(day)
    assert month.last is not None
    assert not month.covers(month.last + timedelta(days=1))
    assert (month.last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_midnight_is_midnight_in_amsterdam(moment: datetime, day: date) -> None:
    assert local_day(moment) == day


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no moment"):
        local_day(datetime(2026, 1, 1))  # noqa: DTZ001


def test_identifiers_are_unique_version_7_and_grow_with_time() -> None:
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {(key.version, key.variant) for key in made} == {(7, "specified in RFC 4122")}
    assert [key.int >> 80 for key in made] == sorted(key.int >> 80 for key in made)
