"""Which pots there can be, and what a year comes to: the bounds hold as often as they say."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.billing import rules
from hendig.billing.rules import Population
from hendig.kernel.periods import Period

MONDAY = date(2026, 9, 7)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))

places = st.sampled_from(["", "Oost", "oost ", "West"])
ages = st.integers(0, 22)


@st.composite
def populations(draw: st.DrawFn) -> Population:
    youngest = draw(ages)
    return Population(draw(places), youngest, draw(st.integers(youngest, 22)))


@given(populations(), populations())
def test_two_populations_overlap_when_a_child_can_be_of_both(one: Population, other: Population) -> None:
    def holds(population: Population, place: str, age: int) -> bool:
        here = population.neighbourhood.strip().lower()
        return here in {"", place} and population.youngest <= age <= population.oldest

    both = any(
        holds(one, place, age) and holds(other, place, age)
        for place in ("oost", "west", "elders")
        for age in range(23)
    )
    assert one.overlaps(other) == other.overlaps(one) == both


@pytest.mark.parametrize(
    ("name", "population", "year", "code"),
    [
        ("Jong", Population(youngest=0, oldest=11), 2026, None),
        ("Jong", Population(youngest=5, oldest=4), 2026, "pot.ages"),
        ("Jong", Population(), 2024, "pot.other_year"),
        (" pubers ", Population(youngest=0, oldest=11), 2026, "pot.name"),
        ("Jong", Population(youngest=0, oldest=12), 2026, "pot.overlaps"),
        ("Jong", Population("Oost", 12, 14), 2026, "pot.overlaps"),
    ],
)
def test_why_a_pot_cannot_be_made(name: str, population: Population, year: int, code: str | None) -> None:
    others = [("Pubers", Population(youngest=12, oldest=17))]
    refusal = rules.why_no_pot(name, population, year, date(2026, 11, 2), others)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("cents", "on", "latest", "code"),
    [
        (0, date(2026, 1, 1), None, None),
        (500, date(2026, 6, 1), date(2026, 6, 1), None),
        (500, date(2026, 5, 31), date(2026, 6, 1), "pot.before_latest"),
        (500, date(2027, 1, 1), None, "pot.outside_year"),
        (-1, date(2026, 6, 1), None, "pot.amount"),
        (10**13, date(2026, 6, 1), None, "pot.amount"),
    ],
)
def test_why_an_amount_cannot_hold(cents: int, on: date, latest: date | None, code: str | None) -> None:
    refusal = rules.why_no_amount(cents, on, YEAR, latest)
    assert (refusal.code if refusal else None) == code


def test_weeks_begin_with_the_first_help_and_those_without_any_count() -> None:
    today = MONDAY + timedelta(days=3)
    costs = [
        (MONDAY - timedelta(days=21), 100),
        (MONDAY - timedelta(days=15), 50),
        (MONDAY - timedelta(days=1), 7),
        (MONDAY, 1000),  # this week is not over
        (MONDAY - timedelta(weeks=27), 1000),  # too long ago
    ]
    assert rules.by_week(costs, today) == (150, 0, 7)
    assert rules.by_week([], today) == ()


def test_too_few_weeks_tell_nothing() -> None:
    assert rules.expected([100] * 7, spent=700, bound=0, days_left=70) is None
    assert rules.expected([100] * 8, spent=800, bound=0, days_left=70) == rules.Expected(1800, 1800, 1800, 8)


@given(
    st.lists(st.integers(0, 10**7), min_size=8, max_size=26),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.integers(0, 365),
)
def test_no_less_is_expected_than_is_spent_and_planned(
    weeks: list[int], spent: int, bound: int, left: int
) -> None:
    found = rules.expected(weeks, spent=spent, bound=bound, days_left=left)
    assert found is not None
    assert spent <= found.low <= found.middle <= found.high
    assert found.middle >= spent + bound
    assert found.weeks == len(weeks)


def test_of_many_years_four_in_five_end_within_the_bounds() -> None:
    """Weeks of help as they are: some dear, some cheap, some without any."""
    dice = Random(34)

    def week() -> int:
        return round(dice.gammavariate(3, 40_000))

    within = 0
    for _ in range(2000):
        seen, to_come = [week() for _ in range(12)], [week() for _ in range(20)]
        found = rules.expected(seen, spent=sum(seen), bound=0, days_left=140)
        assert found is not None
        within += found.low <= sum(seen) + sum(to_come) <= found.high
    assert 0.76 <= within / 2000 <= 0.84


def test_amounts_are_told_in_hundreds_of_euros() -> None:
    assert [rules.in_hundreds(cents) for cents in (0, 4_999, 5_000, 123_456)] == [0, 0, 10_000, 120_000]
