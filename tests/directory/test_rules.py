"""Parts of the week in words, an order that ranks nobody, and what a card cannot say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from hendig.directory import rules
from hendig.files.rules import FACE
from hendig.people.rules.registered import registers_in_words

NOON_IN_JULY = datetime(2026, 7, 7, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "part"),
    [
        (NOON_IN_JULY - timedelta(minutes=1), "2m"),
        (NOON_IN_JULY, "2a"),
        (NOON_IN_JULY + timedelta(hours=6), "2e"),
        (datetime(2026, 11, 26, 23, 30, tzinfo=UTC), "5m"),
    ],
)
def test_a_moment_lies_in_a_part_of_the_week_by_the_clock_on_the_wall(moment: datetime, part: str) -> None:
    assert rules.part_of_week(moment) == part


def test_the_week_is_told_in_its_order_and_a_whole_day_as_one() -> None:
    assert rules.when(["4e", "2a", "2m", "1m", "2e"]) == (
        "maandagochtend",
        "dinsdag overdag",
        "dinsdagavond",
        "donderdagavond",
    )


def test_each_letter_comes_first_as_often_as_every_other() -> None:
    letters = Counter(rules.first_letter(date(2026, 1, 1) + timedelta(days=day)) for day in range(26 * 3))
    assert (len(letters), set(letters.values())) == (26, {3})


def test_a_place_is_kept_once() -> None:
    assert rules.tidy(["  Nieuw  Dorp", "nieuw dorp", "", "Akker"]) == ["Akker", "nieuw dorp"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"can_do": "Ik luister."}, None),
        ({"can_do": "  "}, "card.no_words"),
        ({"can_do": "Ik luister.", "areas": [str(n) for n in range(13)]}, "card.many_areas"),
        ({"can_do": "Ik luister.", "families": 61}, "card.many_families"),
    ],
)
def test_what_a_card_cannot_say(said: dict[str, object], code: str | None) -> None:
    given: dict[str, object] = {"areas": [], "families": 6} | said
    refusal = rules.why_no_card(**given)  # type: ignore[arg-type]
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("registers", "words"), [(["skj"], "SKJ"), (["big", "big", "skj"], "BIG en SKJ"), ([], "")]
)
def test_registers_are_named_once(registers: list[str], words: str) -> None:
    assert registers_in_words(registers) == words


def test_a_face_is_a_photo_and_no_letter() -> None:
    assert "application/pdf" not in FACE.accept
