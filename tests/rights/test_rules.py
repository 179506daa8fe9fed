from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.kernel.consent import deciders
from hendig.rights import rules
from hendig.rights.models import (
    DESTRUCTION_MOVES,
    OPEN_STAGES,
    OWN_MOVES,
    PAPER_MOVES,
    DestructionStage,
    OwnStage,
    PaperStage,
    Reminded,
)

CHILD, MOTHER, STRANGER = (UUID(int=n) for n in (1, 2, 3))
DUE = date(2026, 12, 28)
ON = date(2026, 11, 2)


def born(years: int, days: int = 0) -> date:
    return date(ON.year - years, ON.month, ON.day) + timedelta(days=days)


@pytest.mark.parametrize(
    ("born_on", "member", "code"),
    [
        (born(8), MOTHER, None),
        (born(8), CHILD, "paper.decides_not"),
        (born(12, 1), CHILD, "paper.decides_not"),  # twelve tomorrow
        (born(12), CHILD, None),
        (born(12), MOTHER, None),
        (born(16, 1), MOTHER, None),
        (born(16), MOTHER, "paper.youth_alone"),
        (born(16), CHILD, None),
        (born(18), MOTHER, "paper.youth_alone"),
        (born(18), CHILD, None),
        (date(2010, 2, 28), STRANGER, "paper.youth_alone"),
        (born(8), STRANGER, "paper.decides_not"),
        (born(8), None, "paper.decides_not"),
    ],
)
def test_who_may_ask_a_decision(born_on: date, member: UUID | None, code: str | None) -> None:
    no = rules.why_no_application(deciders(born_on, ON, [MOTHER]), CHILD, member, open_already=False)
    assert (no.code if no else None) == code


@given(st.dates(date(2004, 1, 1), ON), st.sampled_from([CHILD, MOTHER, STRANGER]))
def test_destruction_is_asked_by_one_side_only(born_on: date, member: UUID) -> None:
    """By parents below twelve or by the youth from twelve, never by both, never by a stranger."""
    who = deciders(born_on, ON, [MOTHER])
    may = rules.why_no_destruction(who, CHILD, member, standing=False) is None
    assert may == (member == (CHILD if who.youth else MOTHER))


@pytest.mark.parametrize(
    ("days", "level"),
    [
        (-22, Reminded.NOT),
        (-21, Reminded.SOON),
        (-1, Reminded.SOON),
        (0, Reminded.TODAY),
        (1, Reminded.OVERDUE),
    ],
)
def test_how_strongly_is_reminded(days: int, level: Reminded) -> None:
    assert rules.reminder(DUE, DUE + timedelta(days=days)) == level


@given(st.integers(-100, 100))
def test_a_reminder_never_gets_weaker(days: int) -> None:
    day = DUE + timedelta(days=days)
    assert rules.reminder(DUE, day) <= rules.reminder(DUE, day + timedelta(days=1))


def test_closed_is_closed() -> None:
    for stage in PaperStage:
        assert bool(PAPER_MOVES[stage]) == (stage in OPEN_STAGES)
    assert not OWN_MOVES[OwnStage.CORRECTED]
    assert not DESTRUCTION_MOVES[DestructionStage.REFUSED]


def test_every_table_names_only_its_own_stages() -> None:
    assert set(PAPER_MOVES) == set(PaperStage)
    assert set(OWN_MOVES) == set(OwnStage)
    assert set(DESTRUCTION_MOVES) == set(DestructionStage)


@pytest.mark.parametrize(
    ("told_on", "first"),
    [(date(2026, 12, 29), date(2027, 1, 13)), (date(2026, 12, 11), date(2026, 12, 29))],
)
def test_the_first_day_that_costs_money(told_on: date, first: date) -> None:
    """Two weeks after Friday 11 December is the first day of Christmas; the term ends on Monday 28."""
    assert rules.penalty_from(told_on) == first


@pytest.mark.parametrize(
    ("weeks", "extended", "on", "code"),
    [
        (4, False, DUE, None),
        (8, False, ON, None),
        (0, False, ON, "extension.weeks"),
        (9, False, ON, "extension.weeks"),
        (4, True, ON, "extension.twice"),
        (4, False, DUE + timedelta(days=1), "extension.late"),
    ],
)
def test_more_time(weeks: int, extended: bool, on: date, code: str | None) -> None:
    no = rules.why_no_extension(weeks, extended=extended, due_on=DUE, on=on)
    assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("born_on", "by_default", "sees"),
    [
        (born(12, 1), False, True),  # twelve tomorrow
        (born(12), False, False),
        (born(12), True, True),
        (born(16, 1), True, True),
        (born(16), True, False),
    ],
)
def test_what_a_parent_who_never_signed_in_may_see_goes_by_the_age_of_the_child(
    born_on: date, by_default: bool, sees: bool
) -> None:
    assert rules.parents_see_unasked(born_on, ON, by_default=by_default) is sees
