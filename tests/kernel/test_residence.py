"""The decision table: each row, and what holds for every combination of facts (few enough to try all)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from hendig.kernel.residence import (
    KNOWN,
    RULES,
    Answer,
    Fact,
    Facts,
    Place,
    Stay,
    answer,
    asked_only,
    continued_until,
    elsewhere,
    next_question,
    possible,
    with_fact,
)

OURS, OTHER, ABROAD, UNKNOWN = Place.OURS, Place.OTHER, Place.ABROAD, Place.UNKNOWN


@pytest.mark.parametrize(
    ("facts", "place", "number"),
    [
        (Facts(Stay.HOME, address=OURS), OURS, "W1"),
        (Facts(Stay.HOME, address=OTHER), OTHER, "W1"),
        (Facts(Stay.PROVIDER, before=OTHER), OTHER, "W2"),
        (Facts(Stay.FOSTER, before=OURS), OURS, "W3"),
        (Facts(Stay.SHELTER, before=OTHER), OTHER, "W4"),
        (Facts(Stay.WLZ, before=OURS), OURS, "W5"),
        (Facts(Stay.CUSTODY, before=OTHER), OTHER, "W6"),
        (Facts(Stay.HOME, address=UNKNOWN, mother=OTHER), OTHER, "W7"),
        (Facts(Stay.FOSTER, before=UNKNOWN, mother=OURS), OURS, "W7"),
        (Facts(Stay.HOME, address=UNKNOWN, mother=UNKNOWN, found=OURS), OURS, "W8"),
        (Facts(Stay.WLZ, before=UNKNOWN, mother=ABROAD, found=OTHER), OTHER, "W8"),
        (Facts(Stay.HOME, address=ABROAD, found=OURS), OURS, "W9"),
        (Facts(Stay.PROVIDER, before=ABROAD, found=OTHER), OTHER, "W9"),
    ],
)
def test_the_table(facts: Facts, place: Place, number: str) -> None:
    found = answer(facts)
    assert found is not None
    assert (found.place, found.rule.number) == (place, number)
    assert next_question(facts) is None


def ways(facts: Facts = Facts()) -> Iterator[tuple[Facts, int]]:  # noqa: B008 - frozen
    """Every way in which the questions can be answered, with how many were asked."""
    fact = next_question(facts)
    if fact is None:
        yield facts, 0
        return
    for value in possible(fact):
        for end, asked in ways(with_fact(facts, fact, value)):
            yield end, asked + 1


def test_every_way_ends_after_at_most_four_questions_with_exactly_one_rule() -> None:
    ends = list(ways())
    assert max(asked for _facts, asked in ends) == 4
    for facts, _asked in ends:
        assert [rule.number for rule in RULES if rule.holds(facts)] == [found(facts).rule.number]
        assert found(facts).place in KNOWN


def found(facts: Facts) -> Answer:
    given = answer(facts)
    assert given is not None
    return given


def test_every_rule_is_reached_and_says_its_source_and_reason() -> None:
    assert {found(facts).rule.number for facts, _asked in ways()} == {rule.number for rule in RULES}
    for rule in RULES:
        assert rule.source.startswith("Jeugdwet art. 1.1")
        assert rule.reason.endswith(".")


def everything() -> Iterator[Facts]:
    places = (None, *Place)
    for stay, address, before, mother, place in product(
        (None, *Stay), places, places, places, (None, *KNOWN)
    ):
        yield Facts(stay, address, before, mother, place)


def test_what_was_not_asked_changes_nothing() -> None:
    for facts in everything():
        kept = asked_only(facts)
        if next_question(kept) is None:
            assert answer(kept) == answer(facts)
        else:
            assert answer(kept) is None
        assert asked_only(kept) == kept


def test_an_answer_is_given_exactly_when_nothing_is_left_to_ask() -> None:
    for facts in everything():
        assert (answer(facts) is not None) == (next_question(facts) is None)


def test_a_child_is_somewhere_in_the_country() -> None:
    with pytest.raises(ValueError, match="no answer"):
        with_fact(Facts(), Fact.FOUND, "abroad")
    with pytest.raises(ValueError, match="moon"):
        with_fact(Facts(), Fact.ADDRESS, "moon")


@pytest.mark.parametrize(
    ("moved_on", "ends_on", "until"),
    [
        (date(2026, 11, 2), None, date(2027, 11, 1)),
        (date(2026, 11, 2), date(2027, 2, 1), date(2027, 2, 1)),
        (date(2026, 11, 2), date(2028, 2, 1), date(2027, 11, 1)),
        (date(2028, 2, 29), None, date(2029, 2, 28)),
    ],
)
def test_the_same_professional_goes_on_for_a_year_at_most(
    moved_on: date, ends_on: date | None, until: date
) -> None:
    assert continued_until(moved_on, ends_on) == until


@pytest.mark.parametrize(
    ("day", "known", "continued", "is_elsewhere"),
    [
        (5, [], None, False),
        (4, [(5, False)], None, False),
        (5, [(5, False)], None, True),
        (9, [(1, False), (5, True)], None, False),
        (9, [(5, False), (1, True)], None, True),
        (9, [(5, False)], (5, 9), False),
        (10, [(5, False)], (5, 9), True),
        (5, [(5, False)], (6, 9), True),
    ],
)
def test_another_municipality_is_responsible_from_the_last_answer_on_but_for_help_that_goes_on(
    day: int, known: list[tuple[int, bool]], continued: tuple[int, int] | None, is_elsewhere: bool
) -> None:
    days = (date(2026, 11, continued[0]), date(2026, 11, continued[1])) if continued else None
    answers = [(date(2026, 11, on), ours) for on, ours in known]
    assert elsewhere(date(2026, 11, day), answers, days) == is_elsewhere
