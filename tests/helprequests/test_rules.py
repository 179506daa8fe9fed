"""When a question may be asked, taken up and moved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hendig.helprequests import rules
from hendig.helprequests.models import MOVES, Stage


@pytest.mark.parametrize(
    ("open_questions", "code"), [(0, None), (4, None), (5, "asked.too_often"), (9, "asked.too_often")]
)
def test_an_address_gets_five_codes_an_hour(open_questions: int, code: str | None) -> None:
    no = rules.why_not_ask_again(open_questions)
    assert (no.code if no else None) == code


@pytest.mark.parametrize(
    ("taken", "own", "code"),
    [
        (False, False, None),
        (True, False, "request.taken"),
        (False, True, "request.own_family"),
        (True, True, "request.taken"),
    ],
)
def test_a_question_is_taken_up_once_and_never_by_the_own_family(
    taken: bool, own: bool, code: str | None
) -> None:
    no = rules.why_not_take_up(taken=taken, own_family=own)
    assert (no.code if no else None) == code


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("to", list(Stage))
def test_only_the_steps_of_the_table_can_be_made(stage: Stage, to: Stage) -> None:
    assert (rules.why_not_move(stage, to) is None) == (to in MOVES[stage])


def test_every_question_can_end_and_come_back() -> None:
    assert all(Stage.DONE in MOVES[stage] for stage in Stage if stage not in {Stage.NEW, Stage.DONE})
    assert MOVES[Stage.DONE] == {Stage.TALK}
    assert MOVES[Stage.NEW] == {Stage.TALK}


@pytest.mark.parametrize(
    ("asked", "call_by"),
    [
        (date(2026, 11, 2), date(2026, 11, 4)),
        (date(2026, 11, 5), date(2026, 11, 9)),
        (date(2026, 11, 6), date(2026, 11, 10)),
        (date(2026, 11, 7), date(2026, 11, 10)),
        (date(2026, 11, 8), date(2026, 11, 10)),
    ],
)
def test_a_weekend_does_not_count_for_the_day_of_the_call(asked: date, call_by: date) -> None:
    assert rules.call_by(asked) == call_by


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_the_day_of_the_call_is_a_working_day_within_four_days(asked: date) -> None:
    day = rules.call_by(asked)
    assert day.weekday() < 5
    assert timedelta(days=2) <= day - asked <= timedelta(days=4)


@pytest.mark.parametrize(
    ("holders", "known", "code"), [(0, False, None), (1, True, None), (1, False, "request.no_child")]
)
def test_who_decides_needs_a_child(holders: int, known: bool, code: str | None) -> None:
    no = rules.why_nobody_decides(holders=holders, child_known=known)
    assert (no.code if no else None) == code
