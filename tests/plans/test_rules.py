from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.helprequests.models import Stage
from hendig.kernel.periods import AMSTERDAM, Period, local_day
from hendig.plans import rules
from hendig.plans.models import AppointmentStage
from hendig.plans.queries import lines_of

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MATCH = Period(date(2026, 11, 1), date(2026, 11, 30))
PLANNED, KEPT, MISSED, CANCELLED = AppointmentStage

moments = st.builds(
    lambda day, clock: datetime.combine(day, clock, AMSTERDAM),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.times(),
)


def slot(day: int, hour: int, minutes: int = 60) -> rules.Slot:
    return rules.Slot(datetime(2026, 11, day, hour, tzinfo=AMSTERDAM), minutes)


@pytest.mark.parametrize(
    ("wanted", "taken", "code"),
    [
        ([slot(3, 15)], [], None),
        ([slot(3, 15)], [slot(3, 16)], None),
        ([slot(3, 15)], [slot(3, 14)], None),
        ([slot(3, 15)], [slot(3, 14, 61)], "appointment.overlap"),
        ([slot(3, 15, 120)], [slot(3, 16)], "appointment.overlap"),
        ([slot(3, 15), slot(10, 15)], [slot(10, 15)], "appointment.overlap"),
        ([slot(30, 23)], [], None),
        ([rules.Slot(datetime(2026, 12, 1, 0, 0, tzinfo=AMSTERDAM), 60)], [], "appointment.no_match"),
        ([rules.Slot(datetime(2026, 10, 31, 23, 59, tzinfo=AMSTERDAM), 60)], [], "appointment.no_match"),
    ],
)
def test_when_an_appointment_fits(
    wanted: list[rules.Slot], taken: list[rules.Slot], code: str | None
) -> None:
    no = rules.why_no_appointment(MATCH, wanted, taken=taken, at=AT)
    assert (no.code if no else None) == code


def test_how_far_back_and_ahead_is_planned() -> None:
    open_end = Period(date(2020, 1, 1))

    def code(starts_at: datetime) -> str | None:
        no = rules.why_no_appointment(open_end, [rules.Slot(starts_at, 60)], taken=[], at=AT)
        return no.code if no else None

    assert code(AT - timedelta(days=31)) is None
    assert code(AT - timedelta(days=31, seconds=1)) == "appointment.too_long_ago"
    assert code(AT + timedelta(days=366)) is None
    assert code(AT + timedelta(days=366, seconds=1)) == "appointment.too_far"


@given(moments, st.integers(0, rules.MOST_WEEKS))
def test_a_series_keeps_weekday_and_clock(first: datetime, weeks: int) -> None:
    times = rules.series(first, weeks)
    assert len(times) == max(weeks, 1)
    assert {(time.weekday(), time.hour, time.minute) for time in times} == {
        (first.weekday(), first.hour, first.minute)
    }
    assert [local_day(time) for time in times] == [
        local_day(first) + timedelta(weeks=n) for n in range(len(times))
    ]


@given(moments)
def test_the_proposed_moment_is_a_working_day_at_three_in_the_coming_days(at: datetime) -> None:
    proposed = rules.next_weekday_at_three(at)
    assert (proposed.hour, proposed.minute) == (15, 0)
    assert proposed.weekday() < 5
    assert 1 <= (local_day(proposed) - local_day(at)).days <= 3


@given(moments, st.integers(5, 720), moments, st.integers(5, 720))
def test_two_slots_overlap_the_same_seen_from_either(
    first: datetime, long: int, second: datetime, short: int
) -> None:
    one, other = rules.Slot(first, long), rules.Slot(second, short)
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(one)


@pytest.mark.parametrize(
    ("stage", "own", "minutes", "code"),
    [
        (PLANNED, True, 0, None),
        (PLANNED, True, -1, "appointment.not_begun"),
        (PLANNED, False, 0, "appointment.not_own"),
        (KEPT, True, 60, "appointment.settled"),
        (MISSED, True, 60, "appointment.settled"),
        (CANCELLED, True, 60, "appointment.settled"),
    ],
)
def test_when_geweest_can_be_tapped(stage: str, own: bool, minutes: int, code: str | None) -> None:
    for to in (KEPT, MISSED):
        no = rules.why_not_settled(stage, to, own=own, starts_at=AT, at=AT + timedelta(minutes=minutes))
        assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("stage", "own", "invoiced", "code"),
    [
        (KEPT, True, False, None),
        (MISSED, True, False, None),
        (KEPT, True, True, "appointment.invoiced"),
        (KEPT, False, False, "appointment.not_own"),
        (PLANNED, True, False, "appointment.settled"),
        (CANCELLED, True, False, "appointment.settled"),
    ],
)
def test_when_it_can_be_taken_back(stage: str, own: bool, invoiced: bool, code: str | None) -> None:
    no = rules.why_not_undone(stage, own=own, invoiced=invoiced)
    assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("stage", "ends", "returns"),
    [
        (Stage.NEW, "ending.too_early", "ending.open"),
        (Stage.TALK, None, "ending.open"),
        (Stage.HELP, None, "ending.open"),
        (Stage.DONE, "ending.done", None),
    ],
)
def test_when_a_question_ends_and_returns(stage: str, ends: str | None, returns: str | None) -> None:
    end, back = rules.why_not_ended(stage), rules.why_not_reopened(stage)
    assert (end.code if end else None, back.code if back else None) == (ends, returns)


@given(st.lists(st.tuples(st.sampled_from(["Sanne", "Noor"]), moments, st.integers(1, 10)), max_size=12))
def test_every_score_is_drawn_inside_the_picture_and_higher_is_nearer(
    scores: list[tuple[str, datetime, int]],
) -> None:
    points = [point for line in lines_of(scores) for point in line.points]
    assert len(points) == len(scores)
    assert all(20 <= point.x <= 300 and 12 <= point.y <= 102 for point in points)
    by_value = sorted(points, key=lambda point: point.value)
    assert [point.y for point in by_value] == sorted((point.y for point in points), reverse=True)
