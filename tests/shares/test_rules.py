"""Why not? – for sharing: who must say yes by age, and each reason for a no."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hendig.families.models import FamilyMember
from hendig.shares import rules

ON = date(2026, 11, 2)
CHILD, SANNE, MARK = uuid4(), uuid4(), uuid4()


def child(born_on: date | None) -> FamilyMember:
    return FamilyMember(pk=CHILD, born_on=born_on)


@pytest.mark.parametrize(
    ("born_on", "must"),
    [
        (date(2014, 11, 3), {SANNE, MARK}),
        (date(2014, 11, 2), {CHILD, SANNE, MARK}),
        (date(2010, 11, 3), {CHILD, SANNE, MARK}),
        (date(2010, 11, 2), {CHILD}),
        (date(2008, 11, 2), {CHILD}),
    ],
)
def test_who_must_say_yes_follows_from_age(born_on: date, must: set[object]) -> None:
    assert rules.who_must_say(child(born_on), [SANNE, MARK], (), ON) == must


def test_whose_goal_it_is_says_so_too() -> None:
    assert rules.who_must_say(child(date(2010, 11, 2)), [SANNE, MARK], [SANNE], ON) == {CHILD, SANNE}


@pytest.mark.parametrize(
    ("born_on", "leads", "decides", "code"),
    [
        (date(2016, 5, 4), True, False, ""),
        (date(2016, 5, 4), False, True, ""),
        (date(2016, 5, 4), False, False, "share.not_yours"),
        (None, True, True, "share.no_child"),
    ],
)
def test_who_proposes(born_on: date | None, leads: bool, decides: bool, code: str) -> None:
    no = rules.why_no_share(child(born_on), leads=leads, decides=decides)
    assert (no.code if no else "") == code


@pytest.mark.parametrize(
    ("days", "code"), [(0, "share.too_short"), (1, ""), (365, ""), (366, "share.too_long")]
)
def test_a_year_at_most(days: int, code: str) -> None:
    no = rules.why_not_until(ON + timedelta(days=days), ON)
    assert (no.code if no else "") == code


@pytest.mark.parametrize(
    ("chosen", "there", "text", "code"),
    [
        (1, 1, "Hij slaapt slecht.", ""),
        (0, 0, "", "share.no_pieces"),
        (2, 1, "", "share.piece_gone"),
        (1, 1, "Wij wonen op 5999 AB.", "share.address"),
        (1, 1, "Kerkstraat 12", "share.address"),
    ],
)
def test_which_pieces(chosen: int, there: int, text: str, code: str) -> None:
    no = rules.why_not_these(chosen=chosen, there=there, texts=[text])
    assert (no.code if no else "") == code
